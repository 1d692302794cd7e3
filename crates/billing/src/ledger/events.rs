//! What has happened in a year's ledger.  Every shape here is also a line in `events/ledger.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, LeadingEdgeYear, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::InvoiceNumber;
use crate::ledger::{CreditNote, Invoice, Step};

/// `urn` is the school that was billed.
#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// A school was billed; the invoice has all that is printed on it (R10).
    InvoiceRaised(Box<Invoice>),
    /// A school wants its own reference on an invoice; the last one counts (R10).
    PurchaseOrderRecorded { number: InvoiceNumber, urn: Urn, reference: String, on: NaiveDate },
    /// A school gave its own reference before it was billed: it waits for its next invoice in the ledger (R10).
    PurchaseOrderGiven { year: LeadingEdgeYear, urn: Urn, reference: String, on: NaiveDate },
    /// The reference that waits for a school's next invoice is not to stand on it (R10).
    PurchaseOrderWithdrawn { year: LeadingEdgeYear, urn: Urn, on: NaiveDate },
    /// Money came in for an invoice (R10). `payment` counts those on the invoice, from 1; `open_pence` is what is open
    /// after it.
    PaymentReceived {
        number: InvoiceNumber,
        urn: Urn,
        payment: u32,
        amount_pence: u64,
        reference: String,
        received_on: NaiveDate,
        open_pence: i64,
    },
    /// A payment came to nothing, or was another's (R10).
    PaymentReversed {
        number: InvoiceNumber,
        urn: Urn,
        payment: u32,
        amount_pence: u64,
        reason: String,
        on: NaiveDate,
        open_pence: i64,
    },
    /// All or part of an invoice was credited, VAT line by line (D13). Less than nothing open is what the network owes
    /// the school.
    CreditNoteIssued(CreditNote),
    /// The network paid back what was credited after it had been paid (D13).
    RefundPaid {
        number: InvoiceNumber,
        urn: Urn,
        amount_pence: u64,
        reference: String,
        on: NaiveDate,
        open_pence: i64,
    },
    /// Nothing is open any more, by payments or credit notes (R10).
    InvoiceSettled { number: InvoiceNumber, urn: Urn, on: NaiveDate },
    /// On `on` it was past the day it was due, with so much open (R10).
    InvoiceOverdue {
        number: InvoiceNumber,
        urn: Urn,
        due_on: NaiveDate,
        open_pence: i64,
        on: NaiveDate,
    },
    /// A school was reminded of an overdue invoice (R10).
    InvoiceReminded {
        number: InvoiceNumber,
        urn: Urn,
        step: Step,
        due_on: NaiveDate,
        open_pence: i64,
        on: NaiveDate,
    },
}

impl Event {
    /// The invoice it is about; `None`: about none that was raised.
    #[must_use]
    pub fn number(&self) -> Option<InvoiceNumber> {
        match self {
            Self::InvoiceRaised(invoice) => Some(invoice.number),
            Self::CreditNoteIssued(note) => Some(note.invoice),
            Self::PurchaseOrderRecorded { number, .. }
            | Self::PaymentReceived { number, .. }
            | Self::PaymentReversed { number, .. }
            | Self::RefundPaid { number, .. }
            | Self::InvoiceSettled { number, .. }
            | Self::InvoiceOverdue { number, .. }
            | Self::InvoiceReminded { number, .. } => Some(*number),
            Self::PurchaseOrderGiven { .. } | Self::PurchaseOrderWithdrawn { .. } => None,
        }
    }

    /// The school that was billed.
    #[must_use]
    pub fn urn(&self) -> Urn {
        match self {
            Self::InvoiceRaised(invoice) => invoice.urn,
            Self::CreditNoteIssued(note) => note.urn,
            Self::PurchaseOrderRecorded { urn, .. }
            | Self::PurchaseOrderGiven { urn, .. }
            | Self::PurchaseOrderWithdrawn { urn, .. }
            | Self::PaymentReceived { urn, .. }
            | Self::PaymentReversed { urn, .. }
            | Self::RefundPaid { urn, .. }
            | Self::InvoiceSettled { urn, .. }
            | Self::InvoiceOverdue { urn, .. }
            | Self::InvoiceReminded { urn, .. } => *urn,
        }
    }
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        <&str>::from(self).to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    fn effective_on(&self) -> Option<NaiveDate> {
        match self {
            Self::InvoiceRaised(invoice) => Some(invoice.raised_on),
            Self::CreditNoteIssued(note) => Some(note.on),
            Self::PaymentReceived { received_on: on, .. }
            | Self::PurchaseOrderRecorded { on, .. }
            | Self::PurchaseOrderGiven { on, .. }
            | Self::PurchaseOrderWithdrawn { on, .. }
            | Self::PaymentReversed { on, .. }
            | Self::RefundPaid { on, .. }
            | Self::InvoiceSettled { on, .. }
            | Self::InvoiceOverdue { on, .. }
            | Self::InvoiceReminded { on, .. } => Some(*on),
        }
    }
}
