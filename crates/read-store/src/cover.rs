//! SSAT cover of many schools at once (R7, D10), and what it is worth.

use projections::cover::{Lists, Reading, Told};

use crate::rows::each;
use crate::{Failure, ReadStore};

impl ReadStore {
    /// What is known of every school's SSAT cover.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_told(&self) -> Result<Told, Failure> {
        Ok(Told::of(self.all("ORDER BY urn, position", [])?, self.cover_lists()?))
    }

    /// How far lists of SSAT cover were read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn cover_lists(&self) -> Result<Lists, Failure> {
        let mut reading = Reading::default();
        let of_cover = "WHERE dataset = 'cover'";
        let still = "WHERE dataset = 'cover' AND given_up_at IS NULL";
        each(&self.connection, &self.file, still, [], |row| reading.begun(&row))?;
        each(&self.connection, &self.file, of_cover, [], |row| reading.read(&row))?;
        Ok(reading.lists())
    }
}
