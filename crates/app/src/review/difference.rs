//! What differs between two runs of a review, school by school.

use std::collections::BTreeMap;

use kernel::{Grade, Urn};
use membership::Outcome;
use membership::review::Counts;
use serde::Serialize;

use super::Document;

/// Two runs, held against each other.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub this: Side,
    pub that: Side,
    /// Schools of which one of the three answers differs, or that only one of the runs reviewed.
    pub answers_differ: usize,
    /// Schools answered alike, of which only the grade or Progress 8 moved.
    pub figures_moved: usize,
    /// Ascending by URN; only schools whose answers, grade or Progress 8 differ.
    pub schools: Vec<Change>,
}

/// One run, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// What was asked, in words: `2019-20 as at 2019-02-28 on 2017/18 final, criteria of 2018-19`.
    pub run: String,
    /// In Progress 8 points.
    pub threshold: Option<f64>,
    pub counts: Counts,
}

/// A school that the two runs answer differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub urn: Urn,
    pub name: String,
    pub differs: Differs,
    /// `None`: that run did not review the school.
    pub this: Option<Answers>,
    pub that: Option<Answers>,
}

/// What of a school differs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    /// May it join, is it invited, may it stay: one of them at least; or one of the runs did not review it.
    Answers,
    /// None of the answers, but its grade or its Progress 8.
    Figures,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answers {
    pub eligible: bool,
    pub invited: bool,
    pub outcome: Outcome,
    pub grade: Option<Grade>,
    pub progress8: Option<f64>,
}

impl Difference {
    /// Holds `this` against `that`.
    #[must_use]
    pub fn between(this: &Document, that: &Document) -> Self {
        let (these, those) = (answers(this), answers(that));
        let mut urns: Vec<Urn> = these.keys().chain(those.keys()).copied().collect();
        urns.sort_unstable();
        urns.dedup();
        let change = |urn: Urn| {
            let (here, there) = (these.get(&urn), those.get(&urn));
            let (name, _) = here.or(there)?;
            let side = |side: Option<&(&str, Answers)>| side.map(|(_, answers)| answers.clone());
            let (this, that) = (side(here), side(there));
            let alike = this.as_ref().map(Answers::three) == that.as_ref().map(Answers::three);
            let differs = if alike { Differs::Figures } else { Differs::Answers };
            let name = (*name).to_owned();
            (this != that).then_some(Change { urn, name, differs, this, that })
        };
        let schools: Vec<Change> = urns.into_iter().filter_map(change).collect();
        let of = |kind| schools.iter().filter(|change| change.differs == kind).count();
        Self {
            this: Side::of(this),
            that: Side::of(that),
            answers_differ: of(Differs::Answers),
            figures_moved: of(Differs::Figures),
            schools,
        }
    }
}

impl Answers {
    /// May it join, is it invited, may it stay.
    fn three(&self) -> (bool, bool, Outcome) {
        (self.eligible, self.invited, self.outcome)
    }
}

impl Side {
    fn of(document: &Document) -> Self {
        let known =
            document.as_known_on.map_or_else(String::new, |day| format!(" as known on {day}"));
        let release = document.threshold.as_ref().map_or_else(
            || "no results".to_owned(),
            |threshold| format!("{} (percentile {})", threshold.release, threshold.percentile),
        );
        let criteria = &document.criteria;
        let criteria = match &criteria.what_if {
            Some(file) => format!("what if: {file}"),
            None => format!("criteria of {} ({})", criteria.year, criteria.minute),
        };
        Self {
            run: format!(
                "{} as at {}{known} on {release}, {criteria}",
                document.year, document.as_at
            ),
            threshold: document.threshold.as_ref().map(|threshold| threshold.value),
            counts: document.counts,
        }
    }
}

fn answers(document: &Document) -> BTreeMap<Urn, (&str, Answers)> {
    let answers = document.schools.iter().map(|school| {
        let answers = Answers {
            eligible: school.eligible,
            invited: school.invited,
            outcome: school.outcome,
            grade: school.grade,
            progress8: school.progress8,
        };
        (school.urn, (school.name.as_str(), answers))
    });
    answers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{InForce, SchoolDocument};

    fn run(schools: &[(&str, Outcome)]) -> Document {
        let school = |(urn, outcome): &(&str, Outcome)| SchoolDocument {
            urn: urn.parse().unwrap(),
            name: "Hill Top".into(),
            in_population: true,
            eligible: true,
            invited: false,
            outcome: *outcome,
            grade: None,
            carried_from: None,
            progress8: Some(0.26),
            clauses: vec![],
        };
        Document {
            year: "2019-20".parse().unwrap(),
            as_at: "2019-02-28".parse().unwrap(),
            as_known_on: None,
            criteria: InForce {
                year: "2018-19".parse().unwrap(),
                adopted_on: "2017-11-01".parse().unwrap(),
                minute: "minute 4".into(),
                what_if: None,
            },
            results: None,
            decides: true,
            recorded: None,
            threshold: None,
            counts: Counts::default(),
            schools: schools.iter().map(school).collect(),
        }
    }

    #[test]
    fn only_schools_that_are_answered_differently_are_told() {
        let this = run(&[
            ("100003", Outcome::Renew),
            ("100004", Outcome::Judgement),
            ("100006", Outcome::Renew),
        ]);
        let that = run(&[
            ("100003", Outcome::Renew),
            ("100005", Outcome::Renew),
            ("100006", Outcome::Referral),
        ]);
        let told: Vec<(String, bool, bool)> = Difference::between(&this, &that)
            .schools
            .iter()
            .map(|change| (change.urn.to_string(), change.this.is_some(), change.that.is_some()))
            .collect();
        assert_eq!(
            told,
            [
                ("100004".into(), true, false),
                ("100005".into(), false, true),
                ("100006".into(), true, true)
            ]
        );
    }
    #[test]
    fn a_figure_that_moved_is_told_apart_from_an_answer_that_differs() {
        let this = run(&[("100003", Outcome::Renew), ("100004", Outcome::Renew)]);
        let mut that = run(&[("100003", Outcome::Judgement), ("100004", Outcome::Renew)]);
        that.schools[1].progress8 = Some(0.31);
        let difference = Difference::between(&this, &that);
        let told: Vec<Differs> = difference.schools.iter().map(|change| change.differs).collect();
        assert_eq!(told, [Differs::Answers, Differs::Figures]);
        assert_eq!((difference.answers_differ, difference.figures_moved), (1, 1));
    }

    #[test]
    fn a_what_if_is_named_by_its_file_and_not_as_what_was_adopted() {
        let this = run(&[]);
        let mut that = run(&[]);
        that.criteria.what_if = Some("p90.toml".into());
        let difference = Difference::between(&this, &that);
        assert!(difference.this.run.ends_with("criteria of 2018-19 (minute 4)"));
        assert!(difference.that.run.ends_with("what if: p90.toml"));
    }
}
