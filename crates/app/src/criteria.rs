//! The steering group's criteria: read from a file, adopted, in force until the next are (R1).

use std::path::Path;

use chrono::NaiveDate;
use kernel::{CommandId, LeadingEdgeYear};
use membership::criteria::{Adoption, Command, CriteriaFile};

use crate::office::known_on;
use crate::{Desk, Failure, Office};

/// Reads a criteria file (TOML).
///
/// # Errors
/// What is wrong with it, with its line and column.
pub fn read_criteria(path: &Path) -> Result<Adoption, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| Failure::File { path: path.display().to_string(), source })?;
    let refused = |why: String| Failure::CriteriaFile { file: path.display().to_string(), why };
    let file: CriteriaFile = toml::from_str(&text).map_err(|why| refused(why.to_string()))?;
    let adoption = Adoption::from(file);
    adoption.terms.fit().map_err(|why| refused(why.to_string()))?;
    Ok(adoption)
}

/// An adoption on record, and the reason where it changed an earlier one.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Adopted {
    #[serde(flatten)]
    pub adoption: Adoption,
    pub amendment: Option<String>,
}

impl Desk {
    /// Every adoption on record by the end of a day, in the order they were recorded.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn adoptions(&self, as_known_on: Option<NaiveDate>) -> Result<Vec<Adopted>, Failure> {
        let known = known_on(as_known_on).map_or(i64::MAX, |instant| instant.timestamp_micros());
        let rows = self.read.criteria()?.into_iter().filter(|row| row.recorded_at <= known);
        rows.map(|row| {
            let adoption = row
                .adoption()
                .map_err(|source| Failure::Undecodable { position: row.position, source })?;
            Ok(Adopted { adoption, amendment: row.amendment })
        })
        .collect()
    }

    /// The criteria in force for a year: those adopted for it, or else for the newest year before it, by the day.
    ///
    /// # Errors
    /// None had been adopted by then.
    pub fn criteria_in_force(
        &self,
        year: LeadingEdgeYear,
        as_at: NaiveDate,
        as_known_on: Option<NaiveDate>,
    ) -> Result<Adoption, Failure> {
        let adopted = self.adoptions(as_known_on)?.into_iter().map(|adopted| adopted.adoption);
        adopted
            .filter(|adoption| adoption.year <= year && adoption.adopted_on <= as_at)
            // Of equals the last: an amendment counts over what it amends.
            .max_by_key(|adoption| (adoption.year, adoption.adopted_on))
            .ok_or(Failure::NoCriteria { year, as_at, as_known_on })
    }
}

impl Office {
    /// Records that the steering group adopted criteria.  Answers how many events that was: 0 where they are adopted
    /// already.
    ///
    /// # Errors
    /// Other criteria are adopted for the year already: amend them.
    pub async fn adopt(&mut self, adoption: Adoption) -> Result<usize, Failure> {
        self.decide_criteria(adoption.year, Command::Adopt(adoption)).await
    }

    /// Records that the steering group changed criteria, and why.
    ///
    /// # Errors
    /// Nothing was adopted for the year, or no reason is given.
    pub async fn amend(&mut self, adoption: Adoption, reason: String) -> Result<usize, Failure> {
        self.decide_criteria(adoption.year, Command::Amend { adoption, reason }).await
    }

    async fn decide_criteria(
        &mut self,
        year: LeadingEdgeYear,
        command: Command,
    ) -> Result<usize, Failure> {
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<membership::Criteria>(&year.to_string(), command, asked).await?;
        self.catch_up(&crate::no_progress)?;
        Ok(done.events.len())
    }
}
