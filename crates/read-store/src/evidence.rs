use chrono::{DateTime, NaiveDate, Utc};
use projections::Evidence;

use crate::rows::each;
use crate::{Failure, ReadStore};

/// Schools that a review can look at: those with results, and those that a register has as secondary.  What else there
/// is (primary schools, most of the nation) is left where it is.
const REVIEWED: &str = "SELECT urn FROM results UNION SELECT urn FROM details \
     WHERE phase IN ('secondary', 'middle_deemed_secondary', 'all_through')";

impl ReadStore {
    /// The national record of secondary schools and their predecessors as at a day, as it is known now or as it was known on an instant.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn evidence(
        &self,
        as_at: NaiveDate,
        known_on: Option<DateTime<Utc>>,
    ) -> Result<Evidence, Failure> {
        // One transaction, so that all tables are of one position.
        let transaction = self
            .connection
            .unchecked_transaction()
            .map_err(Failure::sqlite("read the national record", &self.file))?;
        let mut evidence = Evidence::new(as_at, known_on);
        // Rows that the evidence would leave out are left where they are: days of four-digit years compare as text.
        let day = as_at.min(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(as_at)).to_string();
        let known = known_on.map_or(i64::MAX, |instant| instant.timestamp_micros());
        let public = "WHERE public_from <= ?1 AND recorded_at <= ?2 ORDER BY rowid";
        let recorded = "WHERE recorded_at <= ?1 ORDER BY rowid";
        let path = &self.file;
        each(&transaction, path, recorded, [known], |row| evidence.detail(row))?;
        each(&transaction, path, public, (&day, known), |row| evidence.result(row))?;
        let inspected = format!(
            "WHERE inspected_on <= ?1 AND recorded_at <= ?2 AND urn IN ({REVIEWED} \
             UNION SELECT predecessor FROM predecessors WHERE urn IN ({REVIEWED})) ORDER BY rowid"
        );
        each(&transaction, path, &inspected, (&day, known), |row| evidence.inspection(row))?;
        let succeeded = format!("WHERE recorded_at <= ?1 AND urn IN ({REVIEWED}) ORDER BY rowid");
        each(&transaction, path, &succeeded, [known], |row| evidence.predecessor(&row))?;
        each(&transaction, path, recorded, [known], |row| evidence.cover(row))?;
        each(&transaction, path, recorded, [known], |row| evidence.begun(row))?;
        each(&transaction, path, recorded, [known], |row| evidence.import(row))?;
        Ok(evidence)
    }

    /// The first day after `as_at` as at which [`ReadStore::evidence`] says something else, by what is on record now; the
    /// last day there is where none does.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn evidence_changes_after(&self, as_at: NaiveDate) -> Result<NaiveDate, Failure> {
        let next = "SELECT min(day) FROM (
             SELECT min(public_from) AS day FROM details WHERE public_from > ?1
             UNION ALL SELECT min(public_from) FROM results WHERE public_from > ?1
             UNION ALL SELECT min(inspected_on) FROM inspections WHERE inspected_on > ?1)";
        let next: Option<String> = self
            .connection
            .prepare_cached(next)
            .and_then(|mut select| select.query_row([as_at.to_string()], |row| row.get(0)))
            .map_err(Failure::sqlite("read the national record", &self.file))?;
        Ok(next.and_then(|day| day.parse().ok()).unwrap_or(NaiveDate::MAX))
    }
}
