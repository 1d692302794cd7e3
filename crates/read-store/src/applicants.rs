//! What an application is looked at by: rows of one school, fact by fact, and what the years cost.

use kernel::Urn;
use projections::{cover, documents, fees, inspections, predecessors, results};

use crate::{Failure, ReadStore};

impl ReadStore {
    /// Every statement of a school's SSAT cover, in the order they were made.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_statements(&self, urn: Urn) -> Result<Vec<cover::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY position", [urn.number()])
    }

    /// Whether nobody could be covered by what was read so far: no list of SSAT cover at all, or one of them not to its end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_is_unknown(&self) -> Result<bool, Failure> {
        let half_read_or_none = "SELECT
             (NOT EXISTS (SELECT 1 FROM imports WHERE dataset = 'cover') AND NOT EXISTS (SELECT 1 FROM cover))
             OR EXISTS (SELECT 1 FROM imports_begun AS begun WHERE dataset = 'cover'
                AND NOT EXISTS (SELECT 1 FROM imports WHERE dataset = 'cover' AND sha256 = begun.sha256))";
        self.connection
            .query_row(half_read_or_none, [], |row| row.get(0))
            .map_err(Failure::sqlite("look for lists of cover", &self.file))
    }

    /// Every statement of every inspection of a school, by the day it was made.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn inspection_statements(&self, urn: Urn) -> Result<Vec<inspections::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY inspected_on, position", [urn.number()])
    }

    /// Every statement on what a school came from, in the order they were made.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn predecessor_statements(&self, urn: Urn) -> Result<Vec<predecessors::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY position", [urn.number()])
    }

    /// Every version of a school's results, in the order they were read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn result_versions(&self, urn: Urn) -> Result<Vec<results::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY position", [urn.number()])
    }

    /// The documents that a school gave as evidence, in the order they came.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn documents_of(&self, urn: Urn) -> Result<Vec<documents::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY position, rowid", [urn.number()])
    }

    /// Every document that was ever received as evidence, in the order they came.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn documents(&self) -> Result<Vec<documents::Row>, Failure> {
        self.all("ORDER BY position, rowid", [])
    }

    /// What the years cost, decision by decision, oldest first; the last one for a year counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn fee_decisions(&self) -> Result<Vec<fees::Row>, Failure> {
        self.all("ORDER BY position", [])
    }
}
