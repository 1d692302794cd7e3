//! What is looked up about members: SSAT cover of many at once (R7, D10), and the years of one.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::{begun, cover, imports, terms};

use crate::{Failure, ReadStore};

/// Every statement on SSAT cover (D10), and whether any list of it was read to its end.
#[derive(Clone, Debug, Default)]
pub struct CoverTold {
    /// By URN, then in the order in which they were recorded.
    rows: Vec<cover::Row>,
    known: bool,
}

impl CoverTold {
    /// Whether anything is known of schools of which no list says anything.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// The statement that covers a school on a day, if any does (R7, D10).
    #[must_use]
    pub fn covering(&self, urn: Urn, day: NaiveDate) -> Option<&cover::Row> {
        cover::covering(self.of(urn), day)
    }

    /// What was said of one school, oldest first.
    #[must_use]
    pub fn of(&self, urn: Urn) -> &[cover::Row] {
        let from = self.rows.partition_point(|row| row.urn < urn);
        let until = self.rows.partition_point(|row| row.urn <= urn);
        self.rows.get(from..until).unwrap_or_default()
    }
}

impl ReadStore {
    /// What is known of SSAT cover.  Where a list was begun and not read to its end, what it does not say is not known.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_told(&self) -> Result<CoverTold, Failure> {
        let rows: Vec<cover::Row> = self.all("ORDER BY urn, position", [])?;
        let read: Vec<imports::Row> = self.all("WHERE dataset = 'cover'", [])?;
        let begun: Vec<begun::Row> = self.all("WHERE dataset = 'cover'", [])?;
        let whole = |sha256: &str| read.iter().any(|list| list.sha256 == sha256);
        let known =
            !(read.is_empty() && rows.is_empty()) && begun.iter().all(|begun| whole(&begun.sha256));
        Ok(CoverTold { rows, known })
    }

    /// The years of one school's membership, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn terms_of(&self, urn: Urn) -> Result<Vec<terms::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY first_day", [urn.number()])
    }

    /// The terms of a year, by URN.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn terms_in(&self, year: LeadingEdgeYear) -> Result<Vec<terms::Row>, Failure> {
        self.all("WHERE year = ?1 ORDER BY urn, first_day", [year.to_string()])
    }
}
