//! Routine: what the office does day by day by itself, and what it could not do.
//!
//! The `Calendar` holds the days that have begun.  Time is an event: whatever must happen because a day has come (a lapse,
//! a reminder, a first day) follows from [`calendar::Event::DayBegan`], and nothing sleeps.  `Parked` holds, for one school,
//! what a policy was to do and could not.
//!
//! Invariants:
//! - each day begins once, in order, and none is left out: a day that was missed is caught up before the next (D16);
//! - what could not be done is never lost and never holds up other schools: it stands there with its reason, whatever came
//!   later for the same school waits behind it, and it goes away only by being done or by being dismissed with a reason.

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod calendar;
pub mod parked;
pub mod refusal;

pub use calendar::Calendar;
pub use parked::Parked;
pub use refusal::Refusal;
