//! The entries of the ledgers: whatever made a school owe more or less, one row each, never changed (R10).

use billing::InvoiceNumber;
use billing::ledger::Event as Ledger;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::invoices::signed;
use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct LedgerEntries {
    new: Vec<Row>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, Deserialize, Display, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Invoice,
    Payment,
    /// A payment that came to nothing.
    Reversal,
    CreditNote,
    /// Money that was paid back.
    Refund,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub invoice: InvoiceNumber,
    pub kind: Kind,
    pub document: Option<String>,
    #[serde(with = "columns::day")]
    pub happened_on: NaiveDate,
    pub amount_pence: i64,
    pub words: Option<String>,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "ledger_entries",
        key: &["position"],
        ddl: "\
CREATE TABLE ledger_entries (
  position     INTEGER PRIMARY KEY, -- of the event in the journal
  urn          INTEGER NOT NULL,    -- the school that was billed
  year         TEXT NOT NULL,       -- the Leading Edge year of the ledger, as 2019-20
  invoice      TEXT NOT NULL,       -- the invoice it is an entry on, as LE-2018-0001
  kind         TEXT NOT NULL,       -- invoice, payment, reversal, credit_note or refund
  document     TEXT,                -- the number of the invoice or credit note; of a payment or reversal, which one, from 1
  happened_on  TEXT NOT NULL,
  amount_pence INTEGER NOT NULL,    -- by how much more the school owes; less than nothing: less
  words        TEXT,                -- the reference of a payment or refund, the reason of a credit note or reversal
  recorded_at  INTEGER NOT NULL     -- microseconds since 1970-01-01 UTC
)",
        indexes: &[
            "CREATE INDEX ledger_entries_of ON ledger_entries (urn, happened_on)",
            "CREATE INDEX ledger_entries_on ON ledger_entries (invoice)",
        ],
    };
}

/// An entry without its place.
struct Entry {
    kind: Kind,
    document: Option<String>,
    happened_on: NaiveDate,
    amount_pence: i64,
    words: Option<String>,
}

impl LedgerEntries {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Ledger(year, event) = &recorded.event else { return };
        let Some((number, entry)) = event.number().zip(entry(event)) else { return };
        self.new.push(Row {
            position: recorded.position,
            urn: event.urn(),
            year: *year,
            invoice: number,
            kind: entry.kind,
            document: entry.document,
            happened_on: entry.happened_on,
            amount_pence: entry.amount_pence,
            words: entry.words,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}

/// `None`: nobody owes more or less by it.
fn entry(event: &Ledger) -> Option<Entry> {
    Some(match event {
        Ledger::InvoiceRaised(invoice) => Entry {
            kind: Kind::Invoice,
            document: Some(invoice.number.to_string()),
            happened_on: invoice.raised_on,
            amount_pence: signed(invoice.gross_pence),
            words: None,
        },
        Ledger::PaymentReceived { payment, amount_pence, reference, received_on, .. } => Entry {
            kind: Kind::Payment,
            document: Some(payment.to_string()),
            happened_on: *received_on,
            amount_pence: -signed(*amount_pence),
            words: Some(reference.clone()),
        },
        Ledger::PaymentReversed { payment, amount_pence, reason, on, .. } => Entry {
            kind: Kind::Reversal,
            document: Some(payment.to_string()),
            happened_on: *on,
            amount_pence: signed(*amount_pence),
            words: Some(reason.clone()),
        },
        Ledger::CreditNoteIssued(note) => Entry {
            kind: Kind::CreditNote,
            document: Some(note.number.to_string()),
            happened_on: note.on,
            amount_pence: -signed(note.gross_pence),
            words: Some(note.reason.clone()),
        },
        Ledger::RefundPaid { amount_pence, reference, on, .. } => Entry {
            kind: Kind::Refund,
            document: None,
            happened_on: *on,
            amount_pence: signed(*amount_pence),
            words: Some(reference.clone()),
        },
        Ledger::PurchaseOrderRecorded { .. }
        | Ledger::PurchaseOrderGiven { .. }
        | Ledger::PurchaseOrderWithdrawn { .. }
        | Ledger::InvoiceSettled { .. }
        | Ledger::InvoiceOverdue { .. }
        | Ledger::InvoiceReminded { .. } => return None,
    })
}
