//! What may be asked of a year's ledger.  Every command brings its day and what its decision rests on.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::InvoiceNumber;
use crate::ledger::{Extent, Step, Wanted};

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Bill a school; for one thing once (R10).
    Raise(Box<Wanted>),
    /// The school wants another reference on its invoice; the last one counts.
    RecordPurchaseOrder { number: InvoiceNumber, reference: String, on: NaiveDate },

    /// The school gave a purchase order before it was billed: it goes on its next invoice in this ledger.
    GivePurchaseOrder { year: LeadingEdgeYear, urn: Urn, reference: String, on: NaiveDate },
    /// The purchase order that waits is not to go on any invoice.
    WithdrawPurchaseOrder { year: LeadingEdgeYear, urn: Urn, on: NaiveDate },

    /// Money came in, all that is open or a part.  The same day, amount and reference are the same payment.
    RecordPayment {
        number: InvoiceNumber,
        amount_pence: u64,
        reference: String,
        received_on: NaiveDate,
    },
    /// A payment came to nothing: a cheque that bounced, or one that was another's.  They are counted from 1.
    ReversePayment { number: InvoiceNumber, payment: u32, reason: String, on: NaiveDate },
    /// Credit all or part of what was billed, VAT line by line (D13).
    Credit {
        number: InvoiceNumber,
        extent: Extent,
        reason: String,
        /// The last day of the VAT returns that were filed.
        #[serde(default)]
        vat_filed_until: Option<NaiveDate>,
        on: NaiveDate,
    },
    /// What was credited after it was paid was paid back.
    RecordRefund { number: InvoiceNumber, amount_pence: u64, reference: String, on: NaiveDate },

    /// The day it was due is past; asked by the calendar (R10).
    MarkOverdue { number: InvoiceNumber, on: NaiveDate },
    /// Remind the school of an overdue invoice; once a step.
    Remind { number: InvoiceNumber, step: Step, on: NaiveDate },
}
