//! What a VAT return asks for: net and VAT, by quarter and rate, by tax point (D13).

use std::collections::BTreeMap;

use billing::VatRate;
use billing::issuer::{Command, Issuer, OFFICE};
use chrono::{DateTime, Datelike, Months, NaiveDate};
use kernel::CommandId;
use projections::vat_lines::Row as Line;
use projections::vat_returns::{Row as VatReturn, filed_until};
use serde::Serialize;

use crate::clock::day_of;
use crate::{Desk, Failure, Office, no_progress};

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct VatTotals {
    /// Both inclusive.
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Calendar quarters, as far as they are within those days; also those without any tax point.
    pub quarters: Vec<Quarter>,
    /// Of all of them, by rate.
    pub rates: Vec<RateTotal>,
    pub net_pence: i64,
    pub vat_pence: i64,
    /// The last day of the VAT returns that were filed: no document is dated on or before it any more.
    pub filed_until: Option<NaiveDate>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Quarter {
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// All of its days are in returns that were filed.
    pub is_filed: bool,
    /// Documents of these days that were entered when the last of them was over: totals that were taken before lack them.
    pub late: Vec<LateDocument>,
    pub rates: Vec<RateTotal>,
    pub net_pence: i64,
    pub vat_pence: i64,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct LateDocument {
    /// The number of an invoice or credit note.
    pub document: String,
    pub tax_point: NaiveDate,
    pub entered_on: NaiveDate,
    /// A return to the end of its tax point or later had been filed when it was entered, and lacks it.
    pub after_return: bool,
}

/// Invoices less credit notes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct RateTotal {
    pub vat_basis_points: VatRate,
    pub net_pence: i64,
    pub vat_pence: i64,
}

impl Desk {
    /// # Errors
    /// Refused where the last day comes before the first, or more than a hundred years after it.
    pub fn vat(&self, from: NaiveDate, until: NaiveDate) -> Result<VatTotals, Failure> {
        if from > until || until.year() - from.year() > 100 {
            return Err(Failure::Refused(format!("{from} to {until} are no days to add up")));
        }
        let lines = self.read.vat_lines(from, until)?;
        let returns = self.read.vat_returns()?;
        let filed_until = filed_until(&returns);
        let total = |from: NaiveDate, until: NaiveDate| {
            let mut rates: BTreeMap<VatRate, RateTotal> = BTreeMap::new();
            for line in lines.iter().filter(|line| (from..=until).contains(&line.tax_point)) {
                let rate = line.vat_basis_points;
                let empty = RateTotal { vat_basis_points: rate, net_pence: 0, vat_pence: 0 };
                let total = rates.entry(rate).or_insert(empty);
                total.net_pence += line.net_pence;
                total.vat_pence += line.vat_pence;
            }
            let rates: Vec<RateTotal> = rates.into_values().collect();
            let net_pence = rates.iter().map(|rate| rate.net_pence).sum();
            let vat_pence = rates.iter().map(|rate| rate.vat_pence).sum();
            let mut late: Vec<LateDocument> = lines
                .iter()
                .filter(|line| (from..=until).contains(&line.tax_point))
                .filter_map(|line| late(line, &returns))
                .collect();
            late.dedup();
            let is_filed = filed_until.is_some_and(|filed| until <= filed);
            Quarter { from, until, is_filed, late, rates, net_pence, vat_pence }
        };
        let mut quarters = vec![];
        let mut begins = from;
        while begins <= until {
            let next = next_quarter(begins).unwrap_or(NaiveDate::MAX);
            let ends = next.pred_opt().unwrap_or(until).min(until);
            quarters.push(total(begins, ends));
            begins = next;
        }
        let Quarter { rates, net_pence, vat_pence, .. } = total(from, until);
        Ok(VatTotals { from, until, quarters, rates, net_pence, vat_pence, filed_until })
    }

    /// The last day of the VAT returns that were filed.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn vat_filed_until(&self) -> Result<Option<NaiveDate>, Failure> {
        Ok(filed_until(&self.read.vat_returns()?))
    }
}

impl Office {
    /// Takes down that a VAT return to the end of a day was filed, and answers how many events that was: nothing is dated
    /// into it from then on.
    ///
    /// # Errors
    /// The day must be over, and later than that of the return before.
    pub async fn file_vat_return(
        &mut self,
        until: NaiveDate,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        self.of_issuer(Command::FileVatReturn { until, on }).await
    }

    /// Takes down that the last VAT return is open again, and answers up to which day returns are filed after it.
    ///
    /// # Errors
    /// None is on record as filed; there is no reason.
    pub async fn reopen_vat_return(
        &mut self,
        reason: String,
        on: NaiveDate,
    ) -> Result<Option<NaiveDate>, Failure> {
        self.of_issuer(Command::ReopenVatReturn { reason, on }).await?;
        self.desk.vat_filed_until()
    }

    pub(super) async fn of_issuer(&mut self, command: Command) -> Result<usize, Failure> {
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Issuer>(OFFICE, command, asked).await?;
        self.settle(&no_progress).await?;
        Ok(done.events.len())
    }
}

/// A document that was entered when the calendar quarter of its tax point was over, whatever days are asked for, or that a
/// return lacks because it was filed before: also where the filing itself was entered only afterwards.
fn late(line: &Line, returns: &[VatReturn]) -> Option<LateDocument> {
    let entered_on = day_of(DateTime::from_timestamp_micros(line.recorded_at)?);
    let lacks_it = |it: &VatReturn| {
        it.reopened_on.is_none() && line.tax_point <= it.last_day && it.filed_on < entered_on
    };
    let after_return = returns.iter().any(lacks_it);
    let is_over = next_quarter(line.tax_point).is_some_and(|next| next <= entered_on);
    (is_over || after_return).then(|| LateDocument {
        document: line.document.clone(),
        tax_point: line.tax_point,
        entered_on,
        after_return,
    })
}

/// The first day of the calendar quarter after a day.
fn next_quarter(day: NaiveDate) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?;
    first.checked_add_months(Months::new(3))
}
