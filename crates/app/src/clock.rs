//! The only clock.  Everything else is told what time it is.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// Tells the time; tests hold one of their own in the hand.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The clock on the wall.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place the clock is read")]
pub fn wall() -> Clock {
    Arc::new(Utc::now)
}

/// The day it is at the office, in Europe/London (D16).
#[must_use]
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&London).date_naive()
}

/// The first instant that is no longer on `day` in Europe/London: what was recorded before it was known on that day.
#[must_use]
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.succ_opt().unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN);
    // London's clocks never skip or repeat midnight: they change at 01:00 UTC.
    London
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |instant| instant.with_timezone(&Utc))
}

/// The last instant that is on `day` in Europe/London, to the microsecond that events are recorded by.
#[must_use]
pub fn last_instant_of(day: NaiveDate) -> DateTime<Utc> {
    end_of(day) - chrono::TimeDelta::microseconds(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// D16: in summer London is an hour ahead of UTC, so its day begins an hour earlier.
    #[test]
    fn the_office_keeps_london_days() {
        assert_eq!(day_of(instant("2019-03-31T22:59:59Z")), "2019-03-31".parse().unwrap());
        assert_eq!(day_of(instant("2019-03-31T23:00:00Z")), "2019-04-01".parse().unwrap());
        assert_eq!(day_of(instant("2019-01-31T23:59:59Z")), "2019-01-31".parse().unwrap());
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        for day in ["2019-03-30", "2019-03-31", "2019-10-26", "2019-10-27", "2019-12-31"] {
            let day: NaiveDate = day.parse().unwrap();
            let end = end_of(day);
            assert_eq!(day_of(end), day.succ_opt().unwrap());
            assert_eq!(day_of(end - chrono::TimeDelta::microseconds(1)), day);
        }
    }
}
