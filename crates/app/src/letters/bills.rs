//! What letters about money say (R10).

use askama::Template;
use billing::InvoiceNumber;
use billing::ledger::{Event as Ledger, Invoice, Step};
use kernel::{LeadingEdgeYear, pounds};

use super::paper::{Paper, one_line};
use super::words::long;

/// What a letter about an invoice needs to know beside the event that calls for it.
#[derive(Clone, Debug)]
pub(super) struct Bill {
    pub(super) school: String,
    /// The day the invoice was raised.
    pub(super) raised: String,
    /// The school's own, as far as it gave one.
    pub(super) reference: Option<String>,
    /// What was credited and paid since it was raised, and what is open; `None`: nothing has changed.
    pub(super) since: Option<Since>,
    /// A reminder of it went to the school before this one.
    pub(super) reminded_before: bool,
}

/// What has become of an invoice since it was raised.
#[derive(Clone, Debug)]
pub(super) struct Since {
    pub(super) credited: String,
    pub(super) paid: String,
    pub(super) open: String,
}

#[derive(Template)]
#[template(path = "letters/invoice.txt")]
struct Raised<'a> {
    school: &'a str,
    year: LeadingEdgeYear,
    number: InvoiceNumber,
    raised: &'a str,
    charges: Vec<Charge>,
    gross: String,
    due: String,
    since: Option<&'a Since>,
    reference: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "letters/overdue_invoice.txt")]
struct Overdue<'a> {
    school: &'a str,
    number: InvoiceNumber,
    last: bool,
    raised: &'a str,
    open: String,
    on: String,
    due: String,
    reference: Option<&'a str>,
}

struct Charge {
    what: String,
    net: String,
    rate: String,
    vat: String,
}

/// What a letter says of what happened in a ledger.  `None`: no letter speaks of such an event.
pub(super) fn written(event: &Ledger, bill: &Bill) -> Result<Option<Paper>, askama::Error> {
    let Bill { school, raised, reference, since, reminded_before } = bill;
    let reference = reference.as_deref();
    let text = match event {
        Ledger::InvoiceRaised(invoice) => Raised {
            school,
            year: invoice.number.year(),
            number: invoice.number,
            raised,
            charges: charges(invoice),
            gross: pounds(invoice.gross_pence),
            due: long(invoice.due_on),
            since: since.as_ref(),
            reference,
        }
        .render()?,
        Ledger::InvoiceReminded { number, step, due_on, open_pence, on, .. } => Overdue {
            school,
            number: *number,
            // Nobody hears for the first time that it is the last.
            last: *step == Step::Last && *reminded_before,
            raised,
            open: pounds(u64::try_from(*open_pence).unwrap_or_default()),
            on: long(*on),
            due: long(*due_on),
            reference,
        }
        .render()?,
        Ledger::PurchaseOrderRecorded { .. }
        | Ledger::PurchaseOrderGiven { .. }
        | Ledger::PurchaseOrderWithdrawn { .. }
        | Ledger::PaymentReceived { .. }
        | Ledger::PaymentReversed { .. }
        | Ledger::CreditNoteIssued(_)
        | Ledger::RefundPaid { .. }
        | Ledger::InvoiceSettled { .. }
        | Ledger::InvoiceOverdue { .. } => return Ok(None),
    };
    Ok(Some(Paper::read(&text)))
}

fn charges(invoice: &Invoice) -> Vec<Charge> {
    let charge = |it: &billing::Charge| Charge {
        what: one_line(&it.what),
        net: pounds(it.net_pence),
        rate: it.vat_basis_points.to_string(),
        vat: pounds(it.vat_pence),
    };
    invoice.charges.iter().map(charge).collect()
}
