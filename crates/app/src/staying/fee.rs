//! What each Leading Edge year costs (R10).

use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::Fee;
use membership::fee::{Command, Price};
use policies::Cannot;
use projections::fees::{Row, of_year};
use projections::parked::State;
use serde::Serialize;

use crate::{Desk, Failure, Office, no_progress};

/// Years for which a fee may hold that nobody set since.
const YEARS_AHEAD: usize = 20;

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

impl FeeSet {
    fn of(row: Row, replaced: bool) -> Self {
        let Row { year, fee_pence, minute, set_on, .. } = row;
        Self { year, fee_pence, minute, set_on, replaced }
    }
}

impl Desk {
    /// Every decision on fees, by year, and for one year in the order in which they were taken down.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn fees(&self) -> Result<Vec<FeeSet>, Failure> {
        let rows = self.read.fees()?;
        let replaced = |row: &Row| {
            of_year(&rows, row.year).is_some_and(|stands| stands.position != row.position)
        };
        let mut fees: Vec<FeeSet> =
            rows.iter().map(|row| FeeSet::of(row.clone(), replaced(row))).collect();
        fees.sort_by_key(|fee| fee.year);
        Ok(fees)
    }

    /// What a year costs: its own fee, or that of the last year before it that has one (R10).
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn fee_of(&self, year: LeadingEdgeYear) -> Result<Option<FeeSet>, Failure> {
        let stands = of_year(&self.read.fees()?, year).cloned();
        Ok(stands.map(|row| FeeSet::of(row, false)))
    }

    /// The schools for which something is parked for want of a fee that a year's would be, ascending.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn parked_for_want_of(&self, year: LeadingEdgeYear) -> Result<Vec<Urn>, Failure> {
        // A fee holds for later years too.
        let years = std::iter::successors(Some(year), |year| Some(year.next())).take(YEARS_AHEAD);
        let obstacles: Vec<String> = years.map(|year| Cannot::NoFee(year).to_string()).collect();
        let mut rows = self.read.parked()?;
        rows.retain(|row| row.state == State::Waiting && obstacles.contains(&row.why));
        Ok(rows.into_iter().map(|row| row.urn).collect())
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
