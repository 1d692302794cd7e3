//! Letters: what the network writes to schools, and what became of each.
//!
//! A `Letter` is one piece of news to one school, addressed to one role.  That it is due follows from what happened
//! elsewhere and needs no event here; its stream begins when the office first does something about it: it sends it, or
//! withholds it for a reason.
//!
//! Invariants:
//! - **a letter goes once, or not at all, and never twice**: it is handed over only after `SendingBegan` is on record, and
//!   whatever began and was not seen to end is in doubt, and stays so until somebody says what became of it;
//! - the same news is the same letter: its id follows from the kind, the school, the year and the occasion ([`About::id`]);
//! - what was sent is never withheld, and what is withheld is not sent before somebody lifts that;
//! - nothing here is personal data: a person is an id, and the copy of what was written is known by its hash.

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

mod kind;
pub mod letter;
pub mod refusal;

pub use kind::{About, Kind, Recipient};
pub use letter::Letter;
pub use refusal::Refusal;
