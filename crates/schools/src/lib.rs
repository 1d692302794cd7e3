//! Schools: the national record, which others publish and this office only keeps.
//!
//! A `School` is one URN of the national register: what the register says of it, the results DfE publishes for it, the
//! inspections Ofsted makes of it, the schools it succeeded, and its SSAT cover.  `NationalData` is one published
//! dataset: which file was read, what it held, and the threshold computed from it.
//!
//! Invariants:
//! - a fact that was published is never overwritten: a later one stands beside it, with the day it became public;
//! - a fact known already is not recorded again, so reading a file twice in a row changes nothing;
//! - a provisional figure never replaces a revised or final one (D4);
//! - what a file says of a school's details counts from that file's own day, in whatever order files are read: an older
//!   file never overrules a newer one, and is not silenced by it for the days before;
//! - a closure that was foreseen is called off by a later file that says open and gives no day;
//! - a column that a file does not have says nothing, and never empties a cell;
//! - what two statements about one inspection come to does not depend on which was read first: the poorer grade and the
//!   earlier publication count;
//! - a grade goes up or down only between two overall grades: from the one told last to that of the newest graded
//!   inspection, which after any command is the one told last;
//! - an ungraded inspection never changes a grade (D7), and kinds of outcome are never mapped onto each other (D8);
//! - a wrong fact is corrected by an event with a reason, never removed (D17), and reading the wrong file again does not
//!   undo the correction.
//!
//! What a record cannot know, because nothing happened: that a file repeated what was known.  So the day of a detail is
//! that of the file that brought its value, not of the last that repeated it, so that one read afterwards, of a day
//! between the two, stands until the next that differs; and that a final release confirmed the
//! provisional figures is told by the import of its file (`Import::confirmed`), not by the school.  Of two files of one
//! release that contradict each other the one read last counts.

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
