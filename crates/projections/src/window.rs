use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{LeadingEdgeYear, Urn};
use membership::review::Event as Review;
use schools::school::{Event as School, Inspection};

use crate::{Event, Recorded};

/// Which events a file of read models shows: all, those known on an instant, those public by a day, or both.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Window {
    /// Events recorded at or before this instant.
    pub known_on: Option<DateTime<Utc>>,
    /// Facts public, and decisions effective, on or before this day.
    pub as_at: Option<NaiveDate>,
}

/// A [`Window`] that goes along the journal.
#[derive(Debug, Default)]
pub struct View {
    window: Window,
    /// Reviews whose last run looked at a day after the window's: its findings are not shown either.
    later_runs: BTreeSet<LeadingEdgeYear>,
    /// Inspections shown without a publication day: whatever dates them is shown too.
    undated: HashSet<(Urn, NaiveDate)>,
    /// The publication day that the last dated statement on an inspection gave: it dates those without.
    dated: HashMap<(Urn, NaiveDate), NaiveDate>,
}

impl View {
    #[must_use]
    pub fn of(window: Window) -> Self {
        Self { window, ..Self::default() }
    }

    /// Whether the event is shown.  Asked of every event, in order.
    pub fn shows(&mut self, recorded: &Recorded) -> bool {
        if self.window.known_on.is_some_and(|known_on| recorded.recorded_at > known_on) {
            return false;
        }
        let Some(as_at) = self.window.as_at else { return true };
        match &recorded.event {
            // A correction says what was true all along, and cover is known ahead of its first day.
            Event::School(_, School::FactCorrected { .. } | School::SsatCoverRecorded { .. }) => {
                true
            }
            Event::School(urn, School::OfstedInspected(inspection)) => {
                self.shows_inspection(*urn, inspection, as_at)
            }
            Event::Review(
                year,
                Review::AnnualReviewOpened(basis) | Review::AnnualReviewRepeated(basis),
            ) => {
                let later = basis.as_at > as_at;
                if later {
                    self.later_runs.insert(*year);
                } else {
                    self.later_runs.remove(year);
                }
                !later
            }
            Event::Review(year, Review::SchoolReviewed(_) | Review::SchoolLeftReview { .. }) => {
                !self.later_runs.contains(year)
            }
            // A link without a day counts always (D12).
            event => event.public_from().is_none_or(|day| day <= as_at),
        }
    }

    /// As evidence has it: a statement without a publication day has that of the last one on the same inspection that
    /// gives one.  So whatever dates a statement that was shown is shown beside it, though it was public later.
    fn shows_inspection(&mut self, urn: Urn, inspection: &Inspection, as_at: NaiveDate) -> bool {
        let of = (urn, inspection.inspected_on);
        match inspection.published_on {
            Some(published_on) => {
                self.dated.insert(of, published_on);
                published_on <= as_at || self.undated.contains(&of)
            }
            None => {
                let public_from = *self.dated.get(&of).unwrap_or(&inspection.inspected_on);
                let is_public = public_from <= as_at;
                if is_public {
                    self.undated.insert(of);
                }
                is_public
            }
        }
    }
}
