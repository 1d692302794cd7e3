//! One invoice, with all that happened on it.

use billing::InvoiceNumber;
use billing::ledger::{CreditNote, Event as Ledger, Invoice, Step};
use chrono::NaiveDate;
use kernel::Urn;
use projections::Event;
use projections::invoices::Row;
use projections::ledger_entries::{Kind, Row as Entry};
use serde::Serialize;
use strum::Display;

use super::Attention;
use crate::{Desk, Failure};

/// An invoice as it was raised, and how it stands.
#[derive(Clone, Debug, Serialize)]
pub struct InvoicePage {
    /// As it was raised: what is printed.
    #[serde(flatten)]
    pub invoice: Invoice,
    /// The name of the person for whose attention it is; `null`: nobody, or they were forgotten.
    pub for_attention_of: Option<Attention>,
    /// The last reference that the school gave, also after it was raised.
    pub reference: Option<String>,
    pub state: State,
    /// To be paid still; less than nothing: to be paid back.
    pub open_pence: i64,
    /// Payments, less what was reversed and what was paid back.
    pub paid_pence: i64,
    pub credited_pence: i64,
    pub settled_on: Option<NaiveDate>,
    pub overdue_on: Option<NaiveDate>,
    pub reminded: Option<Step>,
    pub reminded_on: Option<NaiveDate>,
    /// Whatever made the school owe more or less, by day.
    pub entries: Vec<EntryLine>,
    pub credit_notes: Vec<CreditNote>,
    /// Where the school's membership went on under another URN (D12); the invoice stays with the one that was billed.
    pub goes_on_at: Option<Urn>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct EntryLine {
    pub on: NaiveDate,
    pub kind: Kind,
    /// The number of an invoice or credit note; of a payment or reversal, which one, from 1.
    pub document: Option<String>,
    pub invoice: InvoiceNumber,
    /// By how much more the school owes; less than nothing: less.
    pub amount_pence: i64,
    pub words: Option<String>,
}

/// How an invoice stands on a day.
#[derive(Clone, Copy, Debug, Display, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Not paid, and not due yet.
    Open,
    /// Not paid by the day it was due (R10).
    Overdue,
    Settled,
    /// The network is to pay back what was paid.
    InCredit,
}

impl State {
    #[must_use]
    pub fn of(row: &Row, today: NaiveDate) -> Self {
        match row.open_pence {
            0 => Self::Settled,
            ..0 => Self::InCredit,
            _ if row.due_on < today => Self::Overdue,
            _ => Self::Open,
        }
    }

    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Settled => "settled",
            Self::InCredit => "in credit",
        }
    }
}

impl From<Entry> for EntryLine {
    fn from(entry: Entry) -> Self {
        Self {
            on: entry.happened_on,
            kind: entry.kind,
            document: entry.document,
            invoice: entry.invoice,
            amount_pence: entry.amount_pence,
            words: entry.words,
        }
    }
}

impl Desk {
    /// # Errors
    /// There is no such invoice.
    pub fn invoice(&self, number: InvoiceNumber) -> Result<InvoicePage, Failure> {
        let row = self.read.invoice(number)?;
        let row = row.ok_or_else(|| Failure::Refused(format!("there is no invoice {number}")))?;
        self.invoice_page(row)
    }

    pub(super) fn invoice_page(&self, row: Row) -> Result<InvoicePage, Failure> {
        let number = row.number;
        let Some(Ledger::InvoiceRaised(invoice)) = self.ledger_event(row.raised_at)? else {
            return Err(Failure::Refused(format!("{number} is not in the journal")));
        };
        let entries = self.read.entries_on(number)?;
        let mut credit_notes = vec![];
        for entry in entries.iter().filter(|entry| entry.kind == Kind::CreditNote) {
            if let Some(Ledger::CreditNoteIssued(note)) = self.ledger_event(entry.position)? {
                credit_notes.push(note);
            }
        }
        let goes_on_at = self.read.membership(row.urn)?.and_then(|row| row.successor);
        Ok(InvoicePage {
            for_attention_of: self.attention(invoice.attention)?,
            invoice: *invoice,
            state: State::of(&row, self.today()),
            open_pence: row.open_pence,
            paid_pence: row.paid_pence,
            credited_pence: row.credited_pence,
            settled_on: row.settled_on,
            overdue_on: row.overdue_on,
            reminded: row.reminded,
            reminded_on: row.reminded_on,
            reference: row.purchase_order,
            entries: entries.into_iter().map(EntryLine::from).collect(),
            credit_notes,
            goes_on_at,
        })
    }

    fn ledger_event(&self, position: u64) -> Result<Option<Ledger>, Failure> {
        let Some(entry) = self.journal.event(position)? else { return Ok(None) };
        match Event::decode(&entry.stream, &entry.payload) {
            Ok(Some(Event::Ledger(_, event))) => Ok(Some(event)),
            Ok(_) => Ok(None),
            Err(source) => Err(Failure::NotUnderstood { position, source }),
        }
    }
}
