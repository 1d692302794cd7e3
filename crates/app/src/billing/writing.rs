//! What the office writes into a year's ledger.

use billing::ledger::{Billed, Command, Extent, Purpose, Wanted};
use billing::{CreditNoteNumber, InvoiceNumber, Ledger, Line};
use chrono::NaiveDate;
use kernel::{CommandId, LeadingEdgeYear, Urn};
use projections::contacts;
use serde::Serialize;

use super::InvoicePage;
use crate::{Failure, Office, no_progress};

/// What came of it, and how the invoice stands now.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// 0: it was so already, and nothing was written.
    pub events: usize,
    /// The credit note that was issued; `null`: none was.
    pub credit_note: Option<CreditNoteNumber>,
    #[serde(flatten)]
    pub invoice: InvoicePage,
}

/// An invoice that the office raises by hand.
#[derive(Clone, Debug)]
pub struct Bill {
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub purpose: Purpose,
    pub lines: Vec<Line>,
    /// `None`: the one that waits, where the school gave one.
    pub purchase_order: Option<String>,
    /// Line by line; where there are none, where the school is billed.
    pub address: Vec<String>,
}

impl Office {
    /// Raises an invoice, dated and with its tax point on a day.
    ///
    /// # Errors
    /// Refused while nobody bills, for a school that the network never dealt with, for what was billed already, unless that
    /// was credited in whole, for a day of a VAT return that was filed, and for amounts and words that cannot be printed.
    pub async fn raise_invoice(&mut self, bill: Bill, on: NaiveDate) -> Result<Written, Failure> {
        let Bill { urn, year, purpose, lines, purchase_order, address } = bill;
        let purpose = purpose.tidied().map_err(|refusal| Failure::Refused(refusal.to_string()))?;
        let desk = self.desk();
        let issuer = desk.issuer()?.ok_or_else(|| {
            Failure::Refused("nobody bills yet: `ledge invoice adopt FILE` says who".to_owned())
        })?;
        let member = desk.dealt_with(urn)?;
        // Under the name that it is billed by, which may be its trust's: another address makes no other customer.
        let billed = desk.billed(urn, member)?;
        let billed = if address.is_empty() { billed } else { Billed { address, ..billed } };
        let wanted = Wanted {
            year,
            urn,
            purpose: purpose.clone(),
            billed,
            supplier: issuer.supplier(),
            lines,
            purchase_order,
            attention: contacts::attention(&desk.read.contacts_of(urn)?, on),
            payment_days: issuer.payment_days,
            vat_filed_until: desk.vat_filed_until()?,
            on,
        };
        let events = self.write(year, Command::Raise(Box::new(wanted))).await?;
        let purpose = purpose.to_string();
        let desk = self.desk();
        let raised = desk.read.invoices_of(&[urn])?;
        // The newest: what was credited in whole and is billed anew is the same thing.
        let row = raised.into_iter().rfind(|row| row.year == year && row.purpose == purpose);
        let row = row.ok_or_else(|| Failure::Refused(format!("{urn} was not billed")))?;
        Ok(Written { events, credit_note: None, invoice: desk.invoice_page(row)? })
    }

    /// Takes down money that came on a day; the same day, amount and reference are the same payment.
    ///
    /// # Errors
    /// More than is open is refused.
    pub async fn record_payment(
        &mut self,
        number: InvoiceNumber,
        amount_pence: u64,
        reference: String,
        received_on: NaiveDate,
    ) -> Result<Written, Failure> {
        let command = Command::RecordPayment { number, amount_pence, reference, received_on };
        self.on_invoice(number, command).await
    }

    /// Takes down that a payment, counted from 1, came to nothing.
    ///
    /// # Errors
    /// There must be such a payment, and a reason.
    pub async fn reverse_payment(
        &mut self,
        number: InvoiceNumber,
        payment: u32,
        reason: String,
        on: NaiveDate,
    ) -> Result<Written, Failure> {
        self.on_invoice(number, Command::ReversePayment { number, payment, reason, on }).await
    }

    /// Issues a credit note on all or part of an invoice.
    ///
    /// # Errors
    /// More than is left of a line is refused, one without a reason, and one in a VAT return that was filed.
    pub async fn credit(
        &mut self,
        number: InvoiceNumber,
        extent: Extent,
        reason: String,
        on: NaiveDate,
    ) -> Result<Written, Failure> {
        let vat_filed_until = self.desk.vat_filed_until()?;
        let command = Command::Credit { number, extent, reason, vat_filed_until, on };
        let written = self.on_invoice(number, command).await?;
        // On the page they are in the order of their days, and this one may be of an earlier day than others.
        let newest = written.invoice.credit_notes.iter().map(|note| note.number).max();
        Ok(Written { credit_note: newest.filter(|_| written.events > 0), ..written })
    }

    /// Takes down that money was paid back, of what was credited after it was paid.
    ///
    /// # Errors
    /// More than the invoice is in credit by is refused.
    pub async fn record_refund(
        &mut self,
        number: InvoiceNumber,
        amount_pence: u64,
        reference: String,
        on: NaiveDate,
    ) -> Result<Written, Failure> {
        self.on_invoice(number, Command::RecordRefund { number, amount_pence, reference, on }).await
    }

    /// Takes down the school's own reference for an invoice; the last one is printed.
    ///
    /// # Errors
    /// One that is blank or too long.
    pub async fn record_purchase_order(
        &mut self,
        number: InvoiceNumber,
        reference: String,
        on: NaiveDate,
    ) -> Result<Written, Failure> {
        self.on_invoice(number, Command::RecordPurchaseOrder { number, reference, on }).await
    }

    async fn on_invoice(
        &mut self,
        number: InvoiceNumber,
        command: Command,
    ) -> Result<Written, Failure> {
        let events = self.write(number.year(), command).await?;
        Ok(Written { events, credit_note: None, invoice: self.desk().invoice(number)? })
    }

    pub(super) async fn write(
        &mut self,
        year: LeadingEdgeYear,
        command: Command,
    ) -> Result<usize, Failure> {
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Ledger>(&year.to_string(), command, asked).await?;
        self.settle(&no_progress).await?;
        Ok(done.events.len())
    }
}
