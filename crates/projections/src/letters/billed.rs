//! Which letters an event of a ledger calls for (R10).

use billing::ledger::Event as Ledger;
use letters::Kind;

use super::due::News;

/// An invoice is written to the school when it is raised, and again at every reminder.
pub(super) fn news(event: &Ledger) -> Vec<News> {
    match event {
        Ledger::InvoiceRaised(invoice) => vec![News::Due {
            kind: Kind::Invoice,
            year: invoice.number.year(),
            occasion: invoice.number.to_string(),
            on: invoice.raised_on,
            answer_by: None,
        }],
        Ledger::InvoiceReminded { number, step, on, .. } => vec![
            News::OfInvoice(&[Kind::OverdueInvoice], *number, "it was reminded of again since"),
            News::Due {
                kind: Kind::OverdueInvoice,
                year: number.year(),
                occasion: format!("{number} {step}"),
                on: *on,
                answer_by: None,
            },
        ],
        Ledger::InvoiceSettled { number, .. } => {
            vec![News::OfInvoice(&[Kind::OverdueInvoice], *number, "the invoice is settled")]
        }
        Ledger::PurchaseOrderRecorded { .. }
        | Ledger::PaymentReceived { .. }
        | Ledger::PaymentReversed { .. }
        | Ledger::CreditNoteIssued(_)
        | Ledger::RefundPaid { .. }
        | Ledger::InvoiceOverdue { .. } => vec![],
    }
}
