use std::sync::{Arc, Mutex, PoisonError};

use app::clock::Clock;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// A clock in the hand: it stands at noon of the day it was set to.
#[derive(Clone, Debug)]
pub struct Hand(Arc<Mutex<NaiveDate>>);

impl Hand {
    #[must_use]
    pub fn at(day: NaiveDate) -> Self {
        Self(Arc::new(Mutex::new(day)))
    }

    pub fn set(&self, day: NaiveDate) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = day;
    }

    /// The clock that an office is opened with.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let hand = self.clone();
        Arc::new(move || hand.noon())
    }

    fn noon(&self) -> DateTime<Utc> {
        let day = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        day.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(12)
    }
}
