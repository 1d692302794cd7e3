//! The book of one Leading Edge year: its invoices, what was paid on them and what was credited (R10).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published};
use serde::{Deserialize, Serialize};

use crate::{CreditNoteNumber, InvoiceNumber, Refusal};

mod account;
mod chasing;
pub mod commands;
mod crediting;
pub mod events;
mod paying;
mod raising;
#[cfg(test)]
mod tests;

use account::Account;
pub use chasing::Step;
pub use commands::Command;
pub use crediting::{CreditNote, Credited, Extent, Part};
pub use events::Event;
pub use raising::{Billed, Invoice, Purpose, Wanted};

/// The invoices of a year, by their place.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Ledger {
    /// `None`: nothing was billed yet.
    year: Option<LeadingEdgeYear>,
    invoices: BTreeMap<u32, Account>,
    credit_notes: u32,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Ledger::TYPE,
    "The book of a Leading Edge year: its invoices, the payments on them, its credit notes.",
    "the Leading Edge year, such as `2019-20`",
    include_str!("../events/ledger.jsonl"),
);

impl Ledger {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Raise(wanted) => self.raise(*wanted),
            Command::RecordPurchaseOrder { number, reference, on } => {
                self.record_purchase_order(number, reference, on)
            }
            Command::RecordPayment { number, amount_pence, reference, received_on } => {
                self.record_payment(number, amount_pence, reference, received_on)
            }
            Command::ReversePayment { number, payment, reason, on } => {
                self.reverse_payment(number, payment, reason, on)
            }
            Command::Credit { number, extent, reason, on } => {
                self.credit(number, extent, reason, on)
            }
            Command::RecordRefund { number, amount_pence, reference, on } => {
                self.record_refund(number, amount_pence, reference, on)
            }
            Command::MarkOverdue { number, on } => self.mark_overdue(number, on),
            Command::Remind { number, step, on } => self.remind(number, step, on),
        }
    }

    fn account(&self, number: InvoiceNumber) -> Result<&Account, Refusal> {
        let of_this_year = self.year == Some(number.year());
        let account = of_this_year.then(|| self.invoices.get(&number.place())).flatten();
        account.ok_or(Refusal::NoSuchInvoice { number })
    }

    /// The invoice, if something can have happened to it on a day.
    fn account_on(&self, number: InvoiceNumber, on: NaiveDate) -> Result<&Account, Refusal> {
        let account = self.account(number)?;
        if on < account.raised_on {
            return Err(Refusal::BeforeInvoice { number, raised_on: account.raised_on, on });
        }
        within(number.year(), on, ENTRIES)?;
        Ok(account)
    }

    fn next_invoice(&self, year: LeadingEdgeYear) -> InvoiceNumber {
        let last = self.invoices.last_key_value().map_or(0, |(place, _)| *place);
        InvoiceNumber::new(year, last.saturating_add(1))
    }

    fn next_credit_note(&self, year: LeadingEdgeYear) -> CreditNoteNumber {
        CreditNoteNumber::new(year, self.credit_notes.saturating_add(1))
    }
}

/// Days after the year's last on which an invoice may still be raised in its ledger: three years.
const INVOICES: u64 = 3 * 366;
/// And on which anything may still happen to one: twenty.
const ENTRIES: u64 = 20 * 366;

/// Whether a day is between a year before the year and so many days after it.
fn within(year: LeadingEdgeYear, day: NaiveDate, after: u64) -> Result<(), Refusal> {
    let first = year.previous().first_day();
    let last = year.last_day().checked_add_days(Days::new(after)).unwrap_or(NaiveDate::MAX);
    if (first..=last).contains(&day) {
        return Ok(());
    }
    Err(Refusal::DayOutOfReach { day, first, last })
}

impl Aggregate for Ledger {
    const TYPE: &'static str = "billing.ledger";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        let place = event.number().place();
        if let Event::CreditNoteIssued(note) = &event {
            self.credit_notes = note.number.place();
        }
        match event {
            Event::InvoiceRaised(invoice) => {
                self.year = Some(invoice.number.year());
                self.invoices.insert(place, Account::of(invoice));
            }
            Event::PurchaseOrderRecorded { .. }
            | Event::PaymentReceived { .. }
            | Event::PaymentReversed { .. }
            | Event::RefundPaid { .. }
            | Event::CreditNoteIssued(_)
            | Event::InvoiceSettled { .. }
            | Event::InvoiceOverdue { .. }
            | Event::InvoiceReminded { .. } => {
                if let Some(account) = self.invoices.get_mut(&place) {
                    account.apply(event);
                }
            }
        }
    }
}
