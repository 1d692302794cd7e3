use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::LeadingEdgeYear;
use membership::review::Event as Review;
use schools::school::Event as School;

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
}

impl View {
    #[must_use]
    pub fn of(window: Window) -> Self {
        Self { window, later_runs: BTreeSet::new() }
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
}
