//! What a review finds of a school, clause by clause.

use chrono::NaiveDate;
use kernel::{Cell, Grade, Progress8, Source, Urn};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The three answers for one school, and why.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
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
    /// The overall grade the answers rest on.
    pub grade: Option<Grade>,
    /// The predecessor that grade was given to (D6).
    pub carried_from: Option<Urn>,
    /// Progress 8 in the release reviewed.  `None`: no row, or no such column.
    pub progress8: Option<Cell<Progress8>>,
    pub clauses: Vec<Clause>,
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
    /// It no longer meets the criteria for the coming year (R12, R14).
    NotEligible,
    /// National data do not decide it (not yet inspected, no results, no overall grade): the steering group is asked
    /// (R6, D6, D8).
    Referral,
}

/// One condition, what was needed, what is so, and where that stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Clause {
    /// The rule it serves: `R2`, `R3`, `R7`, `R13`, `R14`, `D7`.
    pub rule: String,
    pub needed: String,
    pub actual: String,
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
