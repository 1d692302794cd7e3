//! SSAT cover of many schools at once (R7, D10), and what it is worth.

use projections::cover::{Lists, Told};

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
        Ok(Lists::of(&self.reading()?))
    }
}
