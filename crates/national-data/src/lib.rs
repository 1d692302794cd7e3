//! National data: reads the files that the Department for Education, Ofsted and the register of schools publish, and
//! the office's own lists of cover and of memberships.
//!
//! It knows layouts and has no opinion about what follows from them.  A reader takes a `File` and answers a `Reading`
//! (typed rows, counts, notes) or `Faults`: everything that is wrong with the file, each with its line, column and value.
//!
//! Invariants:
//! - columns are known by name, never by position; a file that lacks one that is needed is refused with its name;
//! - a cell is a value, or the published code that stands in its place; nothing becomes a silent null or 0;
//! - one fault refuses the whole file, so that a file is used as a whole or not at all;
//! - no bytes make a reader panic.

mod cells;
mod contacts;
mod cover;
mod file;
mod grid;
mod header;
mod kinds;
mod ks4;
mod links;
mod members;
mod ofsted;
mod reading;
mod register;
pub mod sample;
mod sheet;
mod table;
mod text;

use header::Layout;

pub use contacts::{ContactRow, contacts};
pub use cover::{CoverRow, cover};
pub use file::File;
pub use ks4::{Ks4Row, ks4};
pub use links::{LinkRow, links};
pub use members::{MemberRow, Spell, members};
pub use ofsted::{OfstedRow, ofsted};
pub use reading::{Counts, Fault, Faults, Note, Reading};
pub use register::{RegisterRow, locations, names, register};

/// Every kind of file, so that one given in place of another is recognised.  Those that need more columns come first.
const LAYOUTS: [&Layout; 9] = [
    &register::REGISTER,
    &links::LINKS,
    &members::MEMBERS,
    &contacts::CONTACTS,
    &cover::COVER,
    &register::LOCATIONS,
    &ofsted::OFSTED,
    &ks4::KS4,
    &register::NAMES,
];
