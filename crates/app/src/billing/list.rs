//! The invoices, and which are to be seen to.

use billing::InvoiceNumber;
use billing::ledger::Step;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::invoices::Row;
use serde::Serialize;

use super::State;
use crate::{Desk, Failure};

/// Which invoices are wanted; what is `None` leaves all.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvoiceFilter {
    pub year: Option<LeadingEdgeYear>,
    /// Also those of the schools whose membership it took over (D12).
    pub urn: Option<Urn>,
    pub state: Option<State>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Invoices {
    /// In the order in which they were raised.
    pub invoices: Vec<InvoiceLine>,
    /// The sums of these.
    pub gross_pence: u64,
    /// What is to be paid still, and what is to be paid back.
    pub open_pence: i64,
    pub in_credit_pence: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct InvoiceLine {
    pub number: InvoiceNumber,
    /// The school that was billed, under the URN and the name it had then.
    pub urn: Urn,
    pub name: String,
    pub year: LeadingEdgeYear,
    pub purpose: String,
    pub raised_on: NaiveDate,
    pub due_on: NaiveDate,
    pub gross_pence: u64,
    pub open_pence: i64,
    pub state: State,
    pub settled_on: Option<NaiveDate>,
    pub reminded: Option<Step>,
    pub purchase_order: Option<String>,
}

impl InvoiceLine {
    fn of(row: Row, today: NaiveDate) -> Self {
        Self {
            state: State::of(&row, today),
            number: row.number,
            urn: row.urn,
            name: row.billed_name,
            year: row.year,
            purpose: row.purpose,
            raised_on: row.raised_on,
            due_on: row.due_on,
            gross_pence: row.gross_pence,
            open_pence: row.open_pence,
            settled_on: row.settled_on,
            reminded: row.reminded,
            purchase_order: row.purchase_order,
        }
    }
}

impl Desk {
    /// # Errors
    /// The read models cannot be read.
    pub fn invoices(&self, filter: InvoiceFilter) -> Result<Invoices, Failure> {
        let rows = match (filter.urn, filter.year) {
            (Some(urn), _) => self.read.invoices_of(&self.with_predecessors(urn)?)?,
            (None, Some(year)) => self.read.invoices_in(year)?,
            (None, None) => self.read.invoices()?,
        };
        let today = self.today();
        let invoices: Vec<InvoiceLine> = rows
            .into_iter()
            .filter(|row| filter.year.is_none_or(|year| row.year == year))
            .map(|row| InvoiceLine::of(row, today))
            .filter(|line| filter.state.is_none_or(|state| line.state == state))
            .collect();
        Ok(Invoices {
            gross_pence: invoices.iter().map(|line| line.gross_pence).sum(),
            open_pence: invoices.iter().map(|line| line.open_pence.max(0)).sum(),
            in_credit_pence: invoices.iter().map(|line| -line.open_pence.min(0)).sum(),
            invoices,
        })
    }

    /// The school, and those whose membership went on at it, one after the other (D12).
    pub(super) fn with_predecessors(&self, urn: Urn) -> Result<Vec<Urn>, Failure> {
        let mut urns = vec![urn];
        let mut next = Some(urn);
        while let Some(urn) = next {
            let before = self.read.membership(urn)?.and_then(|row| row.predecessor);
            next = before.filter(|urn| !urns.contains(urn));
            urns.extend(next);
        }
        Ok(urns)
    }
}
