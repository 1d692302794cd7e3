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
/// It cannot be read, or what is wrong with it, with its line and column.
pub fn read_criteria(path: &Path) -> Result<Adoption, Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|source| Failure::Unreadable { path: shown.clone(), source })?;
    let file: CriteriaFile = toml::from_str(&text).map_err(|wrong| {
        let (line, column) = wrong.span().map(|span| place(&text, span.start)).unzip();
        // The parser's message may have lines of its own.
        let why = wrong.message().split('\n').map(str::trim).collect::<Vec<_>>().join("; ");
        Failure::CriteriaFile { file: shown.clone(), line, column, why }
    })?;
    let adoption = Adoption::from(file);
    adoption.terms.fit().map_err(|why| Failure::CriteriaFile {
        file: shown,
        line: None,
        column: None,
        why: why.to_string(),
    })?;
    Ok(adoption)
}

/// The line and the character in it at which a byte of a text stands, both counted from 1.
fn place(text: &str, byte: usize) -> (u64, u64) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() as u64 + 1;
    (line, column)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_criteria_file_is_told_on_one_line_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p90.toml");
        let told = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read_criteria(&path)
                .unwrap_err()
                .to_string()
                .replace(path.to_str().unwrap(), "p90.toml")
        };
        let broken = told("year = \"2018-19\"\nadopted_on = [\n");
        assert!(broken.starts_with("p90.toml line 2, column "), "{broken}");
        assert_eq!(broken.lines().count(), 1);
        let misspelt = told("yaer = \"2018-19\"\n");
        assert!(
            misspelt.starts_with("p90.toml line 1, column 1: unknown field `yaer`"),
            "{misspelt}"
        );

        std::fs::remove_file(&path).unwrap();
        let absent = read_criteria(&path).unwrap_err();
        assert!(absent.is_refusal() && absent.to_string().starts_with("cannot read `"), "{absent}");
    }
}
