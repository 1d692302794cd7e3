//! The year of the office: when things are done.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use kernel::LeadingEdgeYear;

/// The first day of the story, and its last.
pub(crate) fn first_day() -> NaiveDate {
    day(2018, 2, 1)
}

pub(crate) fn last_day() -> NaiveDate {
    day(2020, 4, 30)
}

/// A day that exists: for days written in this program.
pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

pub(crate) fn later(on: NaiveDate, days: u32) -> NaiveDate {
    on.checked_add_days(Days::new(u64::from(days))).unwrap_or(on)
}

/// The post is opened on Mondays and Thursdays.
pub(crate) fn is_post_day(on: NaiveDate) -> bool {
    matches!(on.weekday(), Weekday::Mon | Weekday::Thu)
}

/// The first day of post that is so many days after, or later.
pub(crate) fn post_after(on: NaiveDate, days: u32) -> NaiveDate {
    let mut post = later(on, days);
    while !is_post_day(post) {
        post = later(post, 1);
    }
    post
}

/// The day of post on which something comes that may come on any day of a stretch; `at` is below 1,000.
pub(crate) fn post_within(from: NaiveDate, until: NaiveDate, at: u32) -> NaiveDate {
    let days = (until - from).num_days().max(0) as u64;
    let into = days * u64::from(at) / 1_000;
    post_after(later(from, into as u32), 0)
}

/// The days of the season in which memberships are renewed for a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Season {
    pub(crate) year: LeadingEdgeYear,
}

impl Season {
    /// Three seasons fall into the story: the years that begin in April 2018, 2019 and 2020.
    pub(crate) fn all() -> [Self; 3] {
        let first = LeadingEdgeYear::containing(day(2018, 4, 1));
        [first, first.next(), first.next().next()].map(|year| Self { year })
    }

    fn date(self, month: u32, of_month: u32) -> NaiveDate {
        day(self.year.first_day_year(), month, of_month)
    }

    pub(crate) fn reviewed_on(self) -> NaiveDate {
        self.date(2, 13)
    }

    pub(crate) fn judged_on(self) -> NaiveDate {
        self.date(2, 14)
    }

    pub(crate) fn offered_on(self) -> NaiveDate {
        self.date(2, 19)
    }

    /// For the sake of those that were graded since.
    pub(crate) fn reviewed_again_on(self) -> NaiveDate {
        self.date(3, 13)
    }

    /// Whoever was left over the first time.
    pub(crate) fn offered_again_on(self) -> NaiveDate {
        self.date(3, 14)
    }

    pub(crate) fn renewal_answer_by(self) -> NaiveDate {
        self.date(3, 20)
    }

    pub(crate) fn invited_on(self) -> NaiveDate {
        self.date(3, 5)
    }

    pub(crate) fn invitation_answer_by(self) -> NaiveDate {
        self.date(6, 15)
    }

    /// The last days of post before 31 March.
    pub(crate) fn last_post(self) -> NaiveDate {
        post_after(self.date(3, 24), 0)
    }
}

/// When the steering group meets.
pub(crate) fn is_meeting(on: NaiveDate) -> bool {
    [(1, 23), (3, 15), (6, 20), (10, 17), (12, 12)].contains(&(on.month(), on.day()))
}

/// The first meeting after a day.
pub(crate) fn meeting_after(on: NaiveDate) -> NaiveDate {
    let mut meeting = later(on, 1);
    while !is_meeting(meeting) {
        meeting = later(meeting, 1);
    }
    meeting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_comes_on_the_day_or_after_it() {
        let thursday = day(2018, 2, 1);
        assert_eq!(post_after(thursday, 0), thursday);
        assert_eq!(post_after(thursday, 1), day(2018, 2, 5));
        assert_eq!(post_within(thursday, day(2018, 3, 1), 999), day(2018, 3, 1));
    }

    #[test]
    fn the_steering_group_meets_again() {
        assert_eq!(meeting_after(day(2018, 3, 15)), day(2018, 6, 20));
        assert_eq!(meeting_after(day(2018, 12, 30)), day(2019, 1, 23));
    }
}
