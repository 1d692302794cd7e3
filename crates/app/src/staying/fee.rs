//! What each Leading Edge year costs (R10).

use kernel::{CommandId, LeadingEdgeYear};
use membership::Fee;
use membership::fee::{Command, Price};
use projections::fees::Row;
use serde::Serialize;

use crate::{Desk, Failure, Office, no_progress};

/// A year's fee as it was decided last, in whole pence without VAT.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct FeeSet {
    pub year: LeadingEdgeYear,
    pub fee_pence: u64,
    pub minute: String,
    pub set_on: chrono::NaiveDate,
    /// Whether a later decision for the same year has taken its place.
    pub replaced: bool,
}

impl Desk {
    /// Every decision on fees, by year, and for one year in the order in which they were taken down.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn fees(&self) -> Result<Vec<FeeSet>, Failure> {
        let rows = self.read.fees()?;
        let last = |row: &Row| rows.iter().rev().find(|other| other.year == row.year);
        let mut fees: Vec<FeeSet> = rows
            .iter()
            .map(|row| FeeSet {
                year: row.year,
                fee_pence: row.fee_pence,
                minute: row.minute.clone(),
                set_on: row.set_on,
                replaced: last(row).is_some_and(|last| last.position != row.position),
            })
            .collect();
        fees.sort_by_key(|fee| fee.year);
        Ok(fees)
    }

    /// The fee of a year in pence: its own, or that of the last year before it that has one.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn fee_of(&self, year: LeadingEdgeYear) -> Result<Option<FeeSet>, Failure> {
        let fees = self.fees()?;
        Ok(fees.into_iter().rev().find(|fee| fee.year <= year && !fee.replaced))
    }
}

impl Office {
    /// Sets what a year costs, and answers how many events that was; 0: it costs so much already.
    ///
    /// # Errors
    /// A fee of nothing, or without its minute.
    pub async fn set_fee(&mut self, price: Price) -> Result<usize, Failure> {
        let year = price.year.to_string();
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Fee>(&year, Command::Set(price), asked).await?;
        self.settle(&no_progress).await?;
        Ok(done.events.len())
    }
}
