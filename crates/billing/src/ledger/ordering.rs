//! The school's own references: purchase orders, given before an invoice is raised or after it.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};

use crate::ledger::{Event, INVOICES, Ledger, within};
use crate::{InvoiceNumber, Refusal, text};

impl Ledger {
    pub(super) fn record_purchase_order(
        &self,
        number: InvoiceNumber,
        reference: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        text::fits("the purchase order", &reference, text::REFERENCE)?;
        if account.purchase_order.as_ref() == Some(&reference) {
            return Ok(vec![]);
        }
        Ok(vec![Event::PurchaseOrderRecorded { number, urn: account.urn, reference, on }])
    }

    /// It goes on the next invoice of the school in this ledger that brings none of its own; the last one given counts.
    pub(super) fn give_purchase_order(
        &self,
        year: LeadingEdgeYear,
        urn: Urn,
        reference: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        self.is_of(year)?;
        within(year, on, INVOICES)?;
        text::fits("the purchase order", &reference, text::REFERENCE)?;
        if self.waiting_orders.get(&urn) == Some(&reference) {
            return Ok(vec![]);
        }
        Ok(vec![Event::PurchaseOrderGiven { year, urn, reference, on }])
    }

    pub(super) fn withdraw_purchase_order(
        &self,
        year: LeadingEdgeYear,
        urn: Urn,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        self.is_of(year)?;
        within(year, on, INVOICES)?;
        let waiting = self.waiting_orders.get(&urn);
        Ok(waiting.map(|_| Event::PurchaseOrderWithdrawn { year, urn, on }).into_iter().collect())
    }
}
