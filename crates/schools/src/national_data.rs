//! One published dataset: which files of it were read, and what follows from it.

use chrono::NaiveDate;
use kernel::{Release, Urn};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// The kinds of file the nation (and the office itself, for its own cover list) publishes.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Dataset {
    /// Key stage 4 performance tables.
    Ks4,
    /// Ofsted inspections.
    Ofsted,
    /// The register of schools.
    Register,
    /// Predecessors and successors.
    Links,
    /// Names alone.
    Names,
    /// Coordinates alone.
    Locations,
    /// Membership of the SSAT Secondary Network.
    Cover,
}

/// One file, read to its end.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Import {
    pub dataset: Dataset,
    /// Only performance tables come in releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The file's name, without its folder.
    pub file: String,
    /// SHA-256 of the whole file, 64 hex digits.
    pub sha256: String,
    /// Which layout the columns were recognised as.
    pub layout: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_from: Option<NaiveDate>,
    pub rows: Rows,
    /// Schools whose figures in this release are those already known from an earlier one, with their line: nothing is
    /// recorded for them again, and from here on this release vouches for the figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<(Urn, u64)>,
}

/// What became of the rows of a file.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Rows {
    /// Rows below the header.
    pub read: u64,
    /// Rows that recorded something new.
    pub recorded: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that are not about one school (totals), or not about succession.
    pub passed_over: u64,
    /// Rows that repeat another row of the file to the letter.
    pub repeated: u64,
    /// Rows that contradict another row of the file (of two ratings the poorer counts).
    pub contradicting: u64,
}
