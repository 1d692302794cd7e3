//! Schools: the national record, which others publish and this office only keeps.
//!
//! A `School` is one URN of the national register: what the register says of it, the results DfE publishes for it, the
//! inspections Ofsted makes of it, the schools it succeeded, and its SSAT cover.  `NationalData` is one published
//! dataset: which file was read, what it held, and the threshold computed from it.
//!
//! Invariants:
//! - a fact that was published is never overwritten: a later one stands beside it, with the day it became public;
//! - a fact known already is not recorded again, so reading a file twice changes nothing;
//! - a provisional figure never replaces a revised or final one (D4);
//! - an older file never overrules a newer one about a school's details;
//! - an ungraded inspection never changes a grade (D7), and kinds of outcome are never mapped onto each other (D8);
//! - a wrong fact is corrected by an event with a reason, never removed (D17).

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod details;
pub mod figures;
pub mod national_data;
pub mod refusal;
pub mod school;
pub mod threshold;

pub use details::{Details, LaEstab, Phase, Register};
pub use figures::{Figures, Results};
pub use national_data::NationalData;
pub use refusal::Refusal;
pub use school::School;
pub use threshold::Population;
