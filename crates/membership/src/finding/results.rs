//! What the results say (D2 to D4).

use kernel::{Cell, Progress8};

use crate::criteria::{Condition, WithoutProgress8};
use crate::facts::{ResultsFact, YearFact};
use crate::finding::Answer;
use crate::finding::condition::{Look, Told};
use crate::finding::words::{day, or_dash};

impl<'a> Look<'a> {
    /// The release reviewed, with what it says of this school.
    fn reviewed(&self) -> Option<&'a YearFact> {
        let release = self.basis.release?;
        self.facts.years.iter().find(|year| year.release == release)
    }

    /// The figures that the answers rest on.
    pub(super) fn figures(&self) -> Option<&'a ResultsFact> {
        let scored = |figures: &&ResultsFact| figures.progress8.and_then(Cell::published).is_some();
        let reviewed = self.reviewed().and_then(|year| year.figures.as_ref());
        match self.terms().without.progress8 {
            WithoutProgress8::Refer => reviewed,
            WithoutProgress8::LastPublished => {
                let mut newest = self.facts.years.iter().filter_map(|year| year.figures.as_ref());
                reviewed.filter(scored).or_else(|| newest.find(scored)).or(reviewed)
            }
        }
    }

    /// Asks a condition about the results of the release reviewed; where it has none for this school, of the newest
    /// published, if the criteria let those stand.
    pub(super) fn results_reviewed(&self, condition: &Condition) -> (Answer, Told) {
        let reviewed = match (self.reviewed(), self.basis.release) {
            (Some(year), _) => self.results_of(condition, year),
            (None, Some(release)) => {
                (Answer::NoData, Told::words(format!("no row for this school in {release}")))
            }
            (None, None) => (
                Answer::NoData,
                Told::words(format!("no results were published by {}", day(self.basis.as_at))),
            ),
        };
        if reviewed.0 != Answer::NoData {
            return reviewed;
        }
        match self.terms().without.progress8 {
            WithoutProgress8::Refer => reviewed,
            WithoutProgress8::LastPublished => self.last_published(condition, reviewed),
        }
    }

    fn last_published(&self, condition: &Condition, reviewed: (Answer, Told)) -> (Answer, Told) {
        let newest = self
            .facts
            .years
            .iter()
            .map(|year| self.results_of(condition, year))
            .find(|(answer, _)| *answer != Answer::NoData);
        let Some((answer, mut told)) = newest else { return reviewed };
        told.words += &format!("; the last published results stand, for: {}", reviewed.1.words);
        (answer, told)
    }

    /// Asks a condition about the results of one year.
    pub(super) fn results_of(&self, condition: &Condition, year: &YearFact) -> (Answer, Told) {
        let Some(figures) = &year.figures else {
            return (
                Answer::NoData,
                Told::words(format!("no row for this school in {}", year.release)),
            );
        };
        match condition {
            Condition::Percentile(percentile) => self.on_or_above(*percentile, year, figures),
            Condition::SignificantResults => significant(year, figures),
            Condition::OverallGrade(_)
            | Condition::AreaGrades { .. }
            | Condition::ReportCard { .. } => {
                (Answer::NoData, Told::words("not a condition about results"))
            }
        }
    }

    /// On or above the threshold (`>=`, D3), which stands for one release and no other.
    fn on_or_above(
        &self,
        percentile: u8,
        year: &YearFact,
        figures: &ResultsFact,
    ) -> (Answer, Told) {
        let value = printed(figures.progress8);
        let mut told = figures.told(score(figures.progress8), value, year);
        let not_known = match self.threshold() {
            None => "no threshold was computed".to_owned(),
            Some(threshold) if threshold.percentile != percentile => {
                format!("the threshold computed is another percentile, {}", threshold.percentile)
            }
            Some(threshold) if threshold.release != year.release => {
                format!("the threshold computed is that of {}", threshold.release)
            }
            Some(threshold) => match figures.progress8.and_then(Cell::published) {
                Some(score) => return (Answer::whether(threshold.is_reached_by(score)), told),
                None => return (Answer::NoData, told),
            },
        };
        told.words += &format!("; {not_known}");
        (Answer::NoData, told)
    }
}

impl ResultsFact {
    fn told(&self, words: String, value: String, year: &YearFact) -> Told {
        Told {
            words: format!("{words}, in {}", year.release),
            value: Some(value),
            source: Some(self.source.clone()),
            date: Some(self.public_from),
        }
    }
}

/// The published lower limit is strictly above 0 (D2); it is never computed here.
fn significant(year: &YearFact, figures: &ResultsFact) -> (Answer, Told) {
    let result = match figures.lower.and_then(Cell::published) {
        Some(lower) => Answer::whether(lower > Progress8::ZERO),
        None => Answer::NoData,
    };
    let lower = match figures.lower {
        Some(lower) => format!("lower limit {lower}"),
        None => "the file has no lower limit".to_owned(),
    };
    let words = format!("{}, {lower}", score(figures.progress8));
    let value = format!("{}/{}", printed(figures.progress8), printed(figures.lower));
    (result, figures.told(words, value, year))
}

fn score(progress8: Option<Cell<Progress8>>) -> String {
    match progress8 {
        Some(cell) => format!("Progress 8 {cell}"),
        None => "the file has no Progress 8".to_owned(),
    }
}

/// As the file prints it; a dash where it has no such column.
fn printed(cell: Option<Cell<Progress8>>) -> String {
    or_dash(cell.map(|cell| match cell {
        Cell::Published(score) => score.to_string(),
        Cell::Withheld(code) => code.to_string(),
    }))
}
