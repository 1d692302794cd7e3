//! A rehearsal: two years of a programme office on a sample nation, told day by day.
//!
//! A [`Story`] is a list of days, each with what the office wishes for that day: a file that came out is loaded, a review
//! is run, renewals are offered, the post is opened, the steering group meets.  Everything is asked of the [`app::Office`]
//! as a person would ask it; what follows by itself (first days, marks, lapses, reminders) is left to the policies.  The
//! demonstration plays a story, and so do the tests that live through two years.
//!
//! Invariants:
//! - **the same nation tells the same story**: every choice follows from the nation's seed, the school and the matter, never
//!   from a clock or from chance at run time;
//! - **a day may be played again**: what it wishes that was done already is found done, so that a story that was stopped
//!   anywhere goes on from the day it was at and ends as if it never had been stopped;
//! - **a school does at most one thing a day**: nothing that happens on a day depends on how far the day has come.

mod act;
mod calendar;
mod deeds;
mod hand;
mod meeting;
mod members;
mod money;
mod people;
mod post;
mod story;
mod temper;
mod wish;

pub use act::Act;
pub use hand::Hand;
pub use story::{Day, Played, Story};
pub use wish::Wish;
