//! What a review finds of a school, clause by clause.

use chrono::NaiveDate;
use kernel::{Cell, Grade, Progress8, Source, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::SchoolFacts;
use crate::review::Basis;

mod clauses;
mod condition;
mod inspection;
mod results;
mod staying;
#[cfg(test)]
mod tests;
mod words;

use clauses::Asked;
use condition::Look;

/// The three answers for one school, and why.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Finding {
    pub urn: Urn,
    pub name: String,
    pub in_population: bool,
    /// May it join (R2)?
    pub eligible: bool,
    /// Is it invited (R3)?
    pub invited: bool,
    /// May it stay (R12 to R14), were it a member?
    pub outcome: Outcome,
    /// Whose graded inspection is in force, be it with an overall grade, by area or by report card (D6).
    pub inspected: Inspected,
    /// The overall grade the answers rest on.  `None`: none was given, or the newer inspection without one speaks for
    /// the school (D8).
    pub grade: Option<Grade>,
    /// The predecessor whose inspection the answers rest on (D6).
    pub carried_from: Option<Urn>,
    /// Progress 8 in the release reviewed, or in the newest year that has one for this school, where the criteria let
    /// that stand.  `None`: no row, or no such column.
    pub progress8: Option<Cell<Progress8>>,
    /// The lower 95% confidence limit beside it (D2).
    pub lower: Option<Cell<Progress8>>,
    pub clauses: Vec<Clause>,
}

/// Whose graded inspection is in force (D6).
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Inspected {
    /// Its own.
    Here,
    /// That of its one predecessor, carried over.
    AtPredecessor,
    NotYet,
}

/// The answer to: may it stay?
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// It meets the criteria.
    Renew,
    /// It failed in one of the years looked at: kept, and noted (R13, D5).
    RenewNotedDip,
    /// It failed in two or more: the steering group judges (D5).
    Judgement,
    /// It no longer meets the criteria for the coming year (R12, R14); before 31 March nothing changes (R15).
    NotEligible,
    /// National data do not decide it (not yet inspected, no results, no overall grade): the steering group is asked
    /// (R6, D6, D8).
    Referral,
}

impl Outcome {
    /// As people are told: `renew, with a dip noted`.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Renew => "renew",
            Self::RenewNotedDip => "renew, with a dip noted",
            Self::Judgement => "judgement",
            Self::NotEligible => "not eligible",
            Self::Referral => "referral",
        }
    }
}

/// One condition, what was needed, what is so, and where that stands.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Clause {
    /// The rule it serves: `R2`, `R3`, `R7`, `R13`, `R14`, `D7`.
    pub rule: String,
    /// The way of the criteria that needs it, by its name; of several the first.  `None`: no way does (R7, R13, R14, D7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    pub needed: String,
    pub actual: String,
    /// The same as it was published, whatever the words: `2`, `0.31/0.05`.  `None`: nothing was, or this was recorded
    /// before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub source: Option<Source>,
    /// The day from which the fact was public.
    pub date: Option<NaiveDate>,
    pub result: Answer,
}

#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
pub enum Answer {
    #[serde(rename = "passed")]
    #[strum(serialize = "passed")]
    Passed,
    #[serde(rename = "failed")]
    #[strum(serialize = "failed")]
    Failed,
    #[serde(rename = "no data")]
    #[strum(serialize = "no data")]
    NoData,
}

/// Holds the criteria against what is known of one school: may it join, is it invited, may it stay, and why (R16).
///
/// Nothing here refuses: what cannot be known is a clause without data, and leads to referral (D6, D8).
#[must_use]
pub fn find(basis: &Basis, facts: &SchoolFacts) -> Finding {
    let look = Look { basis, facts };
    let terms = look.terms();
    let eligible = Asked::of(&look, "R2", &terms.eligible);
    let invited = Asked::of(&look, "R3", &terms.invited);
    let (outcome, staying) = staying::may_it_stay(&look, &eligible);
    let figures = look.figures();
    let graded = look.overall().unless_outweighed(&look, &[&eligible, &invited]);
    Finding {
        urn: facts.urn,
        name: facts.name.clone(),
        in_population: facts.in_population,
        eligible: eligible.any() == Answer::Passed,
        invited: invited.any() == Answer::Passed,
        outcome,
        inspected: look.inspected(),
        grade: graded.grade(),
        carried_from: graded.stands_on().and_then(|inspection| inspection.carried_from),
        progress8: figures.and_then(|figures| figures.progress8),
        lower: figures.and_then(|figures| figures.lower),
        clauses: [eligible.into_clauses(), invited.into_clauses(), staying]
            .into_iter()
            .flatten()
            .chain(look.ungraded())
            .chain([look.cover()])
            .collect(),
    }
}
