//! Contacts: the people the office deals with at a school.
//!
//! A [`Person`] holds roles at schools (head, main, finance), one after the other or several at a time: a head moves, and is the
//! same person.  What is known of a person ([`Details`]) is in an event only as it was sealed under the person's own key.
//!
//! Invariants:
//! - **no event says who a person is**: a name, an address, a number are in a [`kernel::Sealed`] or nowhere;
//! - **a person who was forgotten stays forgotten**: nothing is added to what was known of them, only their roles still end;
//! - **what is known is fit to be used**: an address that mail could not go to, or text that no letter could carry, is never
//!   sealed.

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod details;
pub mod person;
pub mod refusal;
pub mod role;

pub use details::{Details, Misfit};
pub use person::Person;
pub use refusal::Refusal;
pub use role::Role;
