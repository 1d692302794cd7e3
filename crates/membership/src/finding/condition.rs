//! One condition held against one school.

use chrono::NaiveDate;
use kernel::{Source, Threshold};

use crate::criteria::{Condition, Terms, Ways};
use crate::facts::{Cover, SchoolFacts};
use crate::finding::words::{day, needed, or_dash};
use crate::finding::{Answer, Clause};
use crate::review::Basis;

/// One school as a review looks at it.
pub(super) struct Look<'a> {
    pub(super) basis: &'a Basis,
    pub(super) facts: &'a SchoolFacts,
}

/// A clause before it is known which rule it serves.
pub(super) struct Answered {
    pub(super) needed: String,
    pub(super) actual: String,
    pub(super) value: Option<String>,
    pub(super) source: Option<Source>,
    pub(super) date: Option<NaiveDate>,
    pub(super) result: Answer,
}

impl<'a> Look<'a> {
    pub(super) fn terms(&self) -> &'a Terms {
        &self.basis.criteria.terms
    }

    pub(super) fn threshold(&self) -> Option<&'a Threshold> {
        self.basis.threshold.as_ref()
    }

    /// Asks about the grade in force, or the results reviewed.  `ways` are the ways the condition is part of: they say
    /// which kinds of inspection the criteria speak of at all.
    pub(super) fn ask(&self, condition: &Condition, ways: &Ways) -> Answered {
        let (result, told) = match condition {
            Condition::OverallGrade(grades) => self.overall_is_one_of(grades),
            Condition::AreaGrades { at_least, areas } => self.areas_reach(*at_least, areas, ways),
            Condition::ReportCard { at_least, areas } => self.card_reaches(*at_least, areas, ways),
            Condition::SignificantResults | Condition::Percentile(_) => {
                self.results_reviewed(condition)
            }
        };
        told.under(needed(condition, self.threshold()), result)
    }

    /// Membership of the SSAT network on the first day of the year (R7, D10).  It is asked of a school that applies or
    /// renews, and changes none of the three answers here.
    pub(super) fn cover(&self) -> Clause {
        let needed =
            format!("SSAT Secondary Network cover on {}", day(self.basis.year.first_day()));
        let (result, told) = match &self.facts.cover {
            Cover::Unknown => (
                Answer::NoData,
                Told::words("not known: no list of SSAT Secondary Network members has been read"),
            ),
            Cover::None => (
                Answer::Failed,
                Told::words(
                    "no list of SSAT Secondary Network members that was read covers that day",
                ),
            ),
            Cover::Covered { from, until, via_trust, source } => {
                let last = until.map_or("no end given".to_owned(), |it| format!("to {}", day(it)));
                let via = via_trust.as_ref().map_or(String::new(), |it| format!(", through {it}"));
                let told = Told {
                    words: format!("a member from {}, {last}{via}", day(*from)),
                    value: Some(
                        [from.to_string(), or_dash(*until), or_dash(via_trust.as_ref())].join("/"),
                    ),
                    source: Some(source.clone()),
                    date: Some(*from),
                };
                (Answer::Passed, told)
            }
        };
        told.under(needed, result).told("R7")
    }
}

/// What is so, and where that stands.
pub(super) struct Told {
    pub(super) words: String,
    /// As it was published.
    pub(super) value: Option<String>,
    pub(super) source: Option<Source>,
    pub(super) date: Option<NaiveDate>,
}

impl Told {
    /// Words that no publication stands behind.
    pub(super) fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), value: None, source: None, date: None }
    }

    pub(super) fn under(self, needed: String, result: Answer) -> Answered {
        let Self { words, value, source, date } = self;
        Answered { needed, actual: words, value, source, date, result }
    }
}

impl Answered {
    pub(super) fn told(self, rule: &str) -> Clause {
        let Self { needed, actual, value, source, date, result } = self;
        Clause { rule: rule.to_owned(), way: None, needed, actual, value, source, date, result }
    }
}
