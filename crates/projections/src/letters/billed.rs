//! Which letters an event of a ledger calls for (R10).

use billing::ledger::Event as Ledger;
use letters::Kind;

use super::due::News;

const SETTLED: &str = "the invoice is settled";

/// An invoice is written to the school when it is raised, unless it is settled first, and again at every reminder.
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
                // With the day: what is open again is reminded of from the first step on.
                occasion: format!("{number} {step} {on}"),
                on: *on,
                answer_by: None,
            },
        ],
        Ledger::InvoiceSettled { number, .. } => {
            vec![News::OfInvoice(&[Kind::Invoice, Kind::OverdueInvoice], *number, SETTLED)]
        }
        Ledger::PaymentReversed { number, open_pence, .. }
        | Ledger::RefundPaid { number, open_pence, .. }
            if *open_pence > 0 =>
        {
            vec![News::OpenAgain(*number)]
        }
        Ledger::PurchaseOrderRecorded { .. }
        | Ledger::PurchaseOrderGiven { .. }
        | Ledger::PurchaseOrderWithdrawn { .. }
        | Ledger::PaymentReceived { .. }
        | Ledger::PaymentReversed { .. }
        | Ledger::CreditNoteIssued(_)
        | Ledger::RefundPaid { .. }
        | Ledger::InvoiceOverdue { .. } => vec![],
    }
}
