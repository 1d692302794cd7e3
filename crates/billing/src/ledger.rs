//! The book of one Leading Edge year: its invoices, what was paid on them and what was credited (R10); nothing
//! is dated into a VAT return that was filed (D13).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published, Urn};
use serde::{Deserialize, Serialize};

use crate::{CreditNoteNumber, InvoiceNumber, Refusal};

mod account;
mod chasing;
pub mod commands;
mod crediting;
pub mod events;
mod ordering;
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
    /// The purchase orders that schools gave and that stand on no invoice yet.
    #[serde(default)]
    waiting_orders: BTreeMap<Urn, String>,
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
            Command::GivePurchaseOrder { year, urn, reference, on } => {
                self.give_purchase_order(year, urn, reference, on)
            }
            Command::WithdrawPurchaseOrder { year, urn, on } => {
                self.withdraw_purchase_order(year, urn, on)
            }
            Command::RecordPayment { number, amount_pence, reference, received_on } => {
                self.record_payment(number, amount_pence, reference, received_on)
            }
            Command::ReversePayment { number, payment, reason, on } => {
                self.reverse_payment(number, payment, reason, on)
            }
            Command::Credit { number, extent, reason, vat_filed_until, on } => {
                self.credit(number, extent, reason, vat_filed_until, on)
            }
            Command::RecordRefund { number, amount_pence, reference, on } => {
                self.record_refund(number, amount_pence, reference, on)
            }
            Command::MarkOverdue { number, on } => self.mark_overdue(number, on),
            Command::Remind { number, step, on } => self.remind(number, step, on),
        }
    }

    fn is_of(&self, that: LeadingEdgeYear) -> Result<(), Refusal> {
        match self.year {
            Some(this) if this != that => Err(Refusal::LedgerOfAnotherYear { this, that }),
            Some(_) | None => Ok(()),
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

/// What a VAT return said is not changed by what is entered later: that is dated later, and stands in the next one
/// (VAT Notice 700/45).
fn not_in_a_return(on: NaiveDate, filed_until: Option<NaiveDate>) -> Result<(), Refusal> {
    match filed_until {
        Some(until) if on <= until => {
            Err(Refusal::VatFiled { on, until, first: until.succ_opt().unwrap_or(until) })
        }
        Some(_) | None => Ok(()),
    }
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
        if let Event::CreditNoteIssued(note) = &event {
            self.credit_notes = note.number.place();
        }
        match event {
            Event::InvoiceRaised(invoice) => {
                self.year = Some(invoice.number.year());
                if self.waiting_orders.get(&invoice.urn) == invoice.purchase_order.as_ref() {
                    self.waiting_orders.remove(&invoice.urn);
                }
                self.invoices.insert(invoice.number.place(), Account::of(invoice));
            }
            Event::PurchaseOrderGiven { year, urn, reference, .. } => {
                self.year = Some(year);
                self.waiting_orders.insert(urn, reference);
            }
            Event::PurchaseOrderWithdrawn { urn, .. } => {
                self.waiting_orders.remove(&urn);
            }
            Event::PurchaseOrderRecorded { number, .. }
            | Event::PaymentReceived { number, .. }
            | Event::PaymentReversed { number, .. }
            | Event::RefundPaid { number, .. }
            | Event::CreditNoteIssued(CreditNote { invoice: number, .. })
            | Event::InvoiceSettled { number, .. }
            | Event::InvoiceOverdue { number, .. }
            | Event::InvoiceReminded { number, .. } => {
                if let Some(account) = self.invoices.get_mut(&number.place()) {
                    account.apply(event);
                }
            }
        }
    }
}
