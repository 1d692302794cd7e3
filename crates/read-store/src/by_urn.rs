//! The rows of some schools at once, those of one, fact by fact, and what stands beside them.

use chrono::{DateTime, Utc};
use kernel::{LeadingEdgeYear, Urn};
use projections::{
    TableRow, begun, contacts, cover, customers, days, details, documents, fees, imports,
    inspections, invoices, letters, memberships, parked, predecessors, results, schools, terms,
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

    /// How they are billed, where that was said, by URN.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn customers_of(&self, urns: &[Urn]) -> Result<Vec<customers::Row>, Failure> {
        self.where_one_of(urns, "urn", "urn")
    }

    /// The roles that people have or had there, in the order in which they were taken.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn contacts_of_each(&self, urns: &[Urn]) -> Result<Vec<contacts::Row>, Failure> {
        self.where_one_of(urns, "urn", "position")
    }

    /// Every statement on what they are, in the order they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn details_of(&self, urns: &[Urn]) -> Result<Vec<details::Row>, Failure> {
        self.where_one_of(urns, "urn", "position")
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

    /// The years of their memberships, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn terms_of_each(&self, urns: &[Urn]) -> Result<Vec<terms::Row>, Failure> {
        self.where_one_of(urns, "urn", "first_day")
    }

    /// The invoices that were sent to them, in the order in which they were raised.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn invoices_of(&self, urns: &[Urn]) -> Result<Vec<invoices::Row>, Failure> {
        self.where_one_of(urns, "urn", "raised_at")
    }

    /// The letters of schools, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn letters_of(&self, urns: &[Urn]) -> Result<Vec<letters::Row>, Failure> {
        self.where_one_of(urns, "urn", "due_on, calls_for, letter")
    }

    /// What the years cost, decision by decision, oldest first; [`fees::of_year`] says which counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn fees(&self) -> Result<Vec<fees::Row>, Failure> {
        self.all("ORDER BY position", [])
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

    /// When a file of links was last read to its end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn links_read_at(&self) -> Result<Option<DateTime<Utc>>, Failure> {
        let last = "WHERE dataset = 'links' ORDER BY position DESC LIMIT 1";
        let last: Option<imports::Row> = self.all(last, [])?.pop();
        Ok(last.and_then(|row| DateTime::from_timestamp_micros(row.recorded_at)))
    }

    /// How far every file was read that was ever begun.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn reading(&self) -> Result<begun::Reading, Failure> {
        let mut reading = begun::Reading::default();
        each(&self.connection, &self.file, "ORDER BY position", [], |row| reading.begun(row))?;
        each(&self.connection, &self.file, "ORDER BY position", [], |row| reading.read(&row))?;
        Ok(reading)
    }

    /// The first file that is half read, of those that a membership may follow from.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn half_read(&self) -> Result<Option<begun::Row>, Failure> {
        Ok(self.reading()?.holds_up().cloned())
    }

    /// Every file that is half read, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn all_half_read(&self) -> Result<Vec<begun::Row>, Failure> {
        Ok(self.reading()?.half_read().cloned().collect())
    }

    /// The school of every fact on record that stands in a file, fact by fact; the file is named by its whole SHA-256.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn facts_from(&self, sha256: &str) -> Result<Vec<Urn>, Failure> {
        let digits = sha256.get(..12).unwrap_or(sha256);
        let sql = "SELECT CAST(urn AS TEXT) FROM (SELECT urn FROM details WHERE sha256 = ?1
                   UNION ALL SELECT urn FROM results WHERE sha256 = ?1
                   UNION ALL SELECT urn FROM inspections WHERE sha256 = ?1
                   UNION ALL SELECT urn FROM predecessors WHERE sha256 = ?1
                   UNION ALL SELECT urn FROM cover WHERE sha256 = ?1)";
        let urns = || -> rusqlite::Result<Vec<String>> {
            self.connection.prepare(sql)?.query_map([digits], |row| row.get(0))?.collect()
        };
        let urns = urns().map_err(Failure::sqlite("read what a file said", &self.file))?;
        Ok(urns.iter().filter_map(|urn| urn.parse().ok()).collect())
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
