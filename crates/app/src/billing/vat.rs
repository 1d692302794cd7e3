//! What a VAT return asks for: net and VAT, by quarter and rate, by tax point (D13).

use std::collections::BTreeMap;

use billing::VatRate;
use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use crate::{Desk, Failure};

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
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Quarter {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub rates: Vec<RateTotal>,
    pub net_pence: i64,
    pub vat_pence: i64,
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
            Quarter { from, until, rates, net_pence, vat_pence }
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
        Ok(VatTotals { from, until, quarters, rates, net_pence, vat_pence })
    }
}

/// The first day of the calendar quarter after a day.
fn next_quarter(day: NaiveDate) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?;
    first.checked_add_months(Months::new(3))
}
