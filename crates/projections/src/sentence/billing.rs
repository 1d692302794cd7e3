//! What happened in the ledgers.

use billing::customer::Event as Customer;
use billing::issuer::Event as Issuer;
use billing::ledger::{Event as Ledger, Purpose};
use kernel::{Day, pounds};

pub(super) fn ledger(event: &Ledger) -> String {
    match event {
        Ledger::InvoiceRaised(invoice) => {
            let what = match &invoice.purpose {
                Purpose::Fee => format!("the fee of {}", invoice.number.year()),
                Purpose::Other(key) => key.clone(),
            };
            format!(
                "Invoice {} for {what} was raised on {}: {} and {} VAT, due on {}",
                invoice.number,
                Day(invoice.raised_on),
                pounds(invoice.net_pence),
                pounds(invoice.vat_pence),
                Day(invoice.due_on)
            )
        }
        Ledger::PurchaseOrderRecorded { number, reference, .. } => {
            format!("Its purchase order for {number} is {reference}")
        }
        Ledger::PurchaseOrderGiven { year, reference, on, .. } => {
            format!("It gave {reference} on {} as the purchase order for {year}", Day(*on))
        }
        Ledger::PurchaseOrderWithdrawn { year, on, .. } => {
            format!("Its purchase order for {year} was withdrawn on {}", Day(*on))
        }
        Ledger::PaymentReceived { number, amount_pence, reference, received_on, .. } => format!(
            "It paid {} of {number} on {} ({reference})",
            pounds(*amount_pence),
            Day(*received_on)
        ),
        Ledger::PaymentReversed { number, payment, amount_pence, reason, on, .. } => format!(
            "Payment {payment} on {number}, {}, came to nothing on {}: {reason}",
            pounds(*amount_pence),
            Day(*on)
        ),
        Ledger::CreditNoteIssued(note) => format!(
            "Credit note {} on {} was issued on {}: {} with VAT; {}",
            note.number,
            note.invoice,
            Day(note.on),
            pounds(note.gross_pence),
            note.reason
        ),
        Ledger::RefundPaid { number, amount_pence, reference, on, .. } => format!(
            "It was paid back {} of {number} on {} ({reference})",
            pounds(*amount_pence),
            Day(*on)
        ),
        Ledger::InvoiceSettled { number, on, .. } => {
            format!("{number} is settled since {}", Day(*on))
        }
        Ledger::InvoiceOverdue { number, due_on, open_pence, .. } => format!(
            "{number} is overdue: {} was to be paid by {}",
            pounds(open_pence.unsigned_abs()),
            Day(*due_on)
        ),
        Ledger::InvoiceReminded { number, step, open_pence, on, .. } => format!(
            "The {step} reminder of {number} fell due on {}: {} is open",
            Day(*on),
            pounds(open_pence.unsigned_abs())
        ),
    }
}

pub(super) fn customer(event: &Customer) -> String {
    match event {
        Customer::BillingAddressSet { billed, on } => {
            let address = billed.address.join(", ");
            format!("It is billed as {}, {address}, from {} on", billed.name, Day(*on))
        }
        Customer::BillingAddressCleared { on } => {
            format!("It is billed as the register names it again, from {} on", Day(*on))
        }
    }
}

pub(super) fn issuer(event: &Issuer) -> String {
    match event {
        Issuer::IssuerAdopted(terms) => format!(
            "{} bills from {} on, {} days, VAT {}, for {} and later years",
            terms.supplier.name,
            Day(terms.on),
            terms.payment_days,
            terms.vat_basis_points,
            terms.first_year
        ),
        Issuer::VatReturnFiled { until, on } => {
            format!("The VAT return to the end of {} was filed on {}", Day(*until), Day(*on))
        }
        Issuer::VatReturnReopened { until, reason, on } => format!(
            "The VAT return to the end of {} was opened again on {}: {reason}",
            Day(*until),
            Day(*on)
        ),
    }
}
