//! Membership: who may join, who is invited, who may stay.
//!
//! `Criteria` are what the steering group adopted for a Leading Edge year, as data (R1).  A `Review` holds one year's
//! criteria against the national data and says of every school whether it is eligible, whether it is invited and
//! whether it may stay, each with its clauses (R16).  A `Fee` is what a year costs (R10).  A `Membership` is one school's way through the network: invited,
//! applying, a member year by year, gone, and perhaps back.
//!
//! Three questions, three answers (D1): *eligible* (R2) and *invited* (R3) are different predicates that differ by
//! hundreds of schools, and *may stay* (R12 to R14) looks at performance over time.
//!
//! Invariants:
//! - nothing here knows a criterion: criteria are data, and another year's need no release (R1);
//! - what cannot be known is never a silent no: it leads to referral (D6, D8);
//! - one year's dip never ends eligibility on its own (R13); a grade of 3 or 4 does, for the coming year (R14);
//! - a finding keeps what it rested on, so it can be explained for ever (R16);
//! - reviewing again on the same facts changes nothing; a closed review stays as it is;
//! - a membership once agreed is never shortened but by the school's own end (R15).

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod criteria;
pub mod facts;
pub mod fee;
pub mod finding;
pub mod membership;
pub mod refusal;
pub mod review;
#[cfg(test)]
mod samples;

pub use criteria::{Criteria, CriteriaFile, Terms};
pub use facts::SchoolFacts;
pub use fee::Fee;
pub use finding::{Answer, Clause, Finding, Inspected, Outcome, find};
pub use membership::Membership;
pub use refusal::Refusal;
pub use review::{Review, counts};
