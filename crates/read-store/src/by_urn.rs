//! The rows of some schools at once, and what stands beside them: what whoever reacts to events looks up.

use chrono::{DateTime, Utc};
use kernel::Urn;
use projections::{
    TableRow, begun, cover, days, fees, imports, inspections, memberships, parked, predecessors,
    schools,
};
use rusqlite::OptionalExtension;

use crate::rows::each;
use crate::{Failure, ReadStore};

impl ReadStore {
    /// Every school that a membership has anything to tell of, ascending.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn schools_of_the_network(&self) -> Result<Vec<Urn>, Failure> {
        let urns = || -> rusqlite::Result<Vec<String>> {
            self.connection
                .prepare_cached("SELECT CAST(urn AS TEXT) FROM memberships ORDER BY urn")?
                .query_map([], |row| row.get(0))?
                .collect()
        };
        let urns = urns().map_err(Failure::sqlite("read the memberships", &self.file))?;
        Ok(urns.iter().filter_map(|urn| urn.parse().ok()).collect())
    }

    /// By URN.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn memberships_of(&self, urns: &[Urn]) -> Result<Vec<memberships::Row>, Failure> {
        self.where_one_of(urns, "urn", "urn")
    }

    /// By URN.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn schools_of(&self, urns: &[Urn]) -> Result<Vec<schools::Row>, Failure> {
        self.where_one_of(urns, "urn", "urn")
    }

    /// Every statement on their inspections, in the order they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn inspections_of(&self, urns: &[Urn]) -> Result<Vec<inspections::Row>, Failure> {
        self.where_one_of(urns, "urn", "position")
    }

    /// Every statement on their SSAT cover, in the order they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_of(&self, urns: &[Urn]) -> Result<Vec<cover::Row>, Failure> {
        self.where_one_of(urns, "urn", "position")
    }

    /// Every statement on what they came from, in the order they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn predecessors_of(&self, urns: &[Urn]) -> Result<Vec<predecessors::Row>, Failure> {
        self.where_one_of(urns, "urn", "position")
    }

    /// Every statement on what came after them, in the order they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn successors_of(&self, urns: &[Urn]) -> Result<Vec<predecessors::Row>, Failure> {
        self.where_one_of(urns, "predecessor", "position")
    }

    /// What each year costs, in the order it was decided; the last for a year counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn fees(&self) -> Result<Vec<fees::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// Whether any list of SSAT cover was read to its end (D10).
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_is_known(&self) -> Result<bool, Failure> {
        let read: Vec<imports::Row> = self.all("WHERE dataset = 'cover' LIMIT 1", [])?;
        Ok(!read.is_empty())
    }

    /// When a file of links was last read to its end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn links_read_at(&self) -> Result<Option<DateTime<Utc>>, Failure> {
        let last = "WHERE dataset = 'links' ORDER BY position DESC LIMIT 1";
        let last: Option<imports::Row> = self.all(last, [])?.pop();
        Ok(last.and_then(|row| DateTime::from_timestamp_micros(row.recorded_at)))
    }

    /// The first file that was begun and not read to its end, of those that a membership may follow from.  Another of the same
    /// kind that was read to its end since says what it would have said.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn half_read(&self) -> Result<Option<begun::Row>, Failure> {
        let end = "WHERE dataset IN ('ofsted', 'register', 'links', 'cover') AND NOT EXISTS (SELECT 1 FROM imports
                     WHERE imports.dataset = imports_begun.dataset AND imports.position > imports_begun.position)
                   ORDER BY position LIMIT 1";
        Ok(self.all(end, [])?.pop())
    }

    /// What could ever not be done, and what became of it; by school, and then in the order of what was reacted to.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn parked(&self) -> Result<Vec<parked::Row>, Failure> {
        self.all("ORDER BY urn, reacted_to", [])
    }

    /// The last day that had begun when the event at `position` was recorded, that event included.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn day_begun(&self, position: u64) -> Result<Option<days::Row>, Failure> {
        let end = "WHERE position <= ?1 ORDER BY position DESC LIMIT 1";
        Ok(self.all(end, [position.cast_signed()])?.pop())
    }

    /// The name of a school; `None`: no file said so yet.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn name_of(&self, urn: Urn) -> Result<Option<String>, Failure> {
        self.connection
            .prepare_cached("SELECT name FROM schools WHERE urn = ?1")
            .and_then(|mut select| select.query_row([urn.number()], |row| row.get(0)).optional())
            .map(Option::flatten)
            .map_err(Failure::sqlite("read a school's name", &self.file))
    }

    /// The rows whose `column` is one of `urns`.
    fn where_one_of<R: TableRow>(
        &self,
        urns: &[Urn],
        column: &'static str,
        order: &'static str,
    ) -> Result<Vec<R>, Failure> {
        let end = format!("WHERE {column} IN (SELECT value FROM json_each(?1)) ORDER BY {order}");
        let numbers = urns.iter().map(|urn| urn.number().to_string()).collect::<Vec<_>>().join(",");
        let mut rows = Vec::with_capacity(urns.len());
        each(&self.connection, &self.file, &end, [format!("[{numbers}]")], |row| rows.push(row))?;
        Ok(rows)
    }
}
