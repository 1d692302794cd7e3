//! One URN of the national register.

use chrono::NaiveDate;
use kernel::{Outcome, Source, Urn};
use serde::{Deserialize, Serialize};

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::{Event, Fact};

/// One inspection of a school by Ofsted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Inspection {
    pub inspected_on: NaiveDate,
    /// The day the report was published.  Absent where the file does not say: then the inspection day stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
    pub outcome: Outcome,
    /// A better overall grade printed for the same school and day.  The poorer counts; the conflict is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_printed: Option<kernel::Grade>,
    pub source: Source,
}

impl Inspection {
    /// The day from which it counts (D6): its publication, or the inspection day where none is given.
    #[must_use]
    pub fn public_from(&self) -> NaiveDate {
        self.published_on.unwrap_or(self.inspected_on)
    }
}

/// A school that this one succeeded, as the register links them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Predecessor {
    pub urn: Urn,
    pub succession: Succession,
    /// The day from which the link counts; absent means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub established_on: Option<NaiveDate>,
    pub source: Source,
}

/// How one school came from another: the register's link kinds that begin with `Predecessor` or `Successor`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Succession {
    Converted,
    Merged,
    Amalgamated,
    Split,
}
