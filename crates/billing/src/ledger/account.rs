//! One invoice, and all that has happened to it.

use chrono::NaiveDate;
use kernel::Urn;
use serde::{Deserialize, Serialize};

use crate::Charge;
use crate::ledger::{Billed, CreditNote, Event, Invoice, Purpose, Step};

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Account {
    pub(super) urn: Urn,
    pub(super) purpose: Purpose,
    pub(super) billed: Billed,
    pub(super) raised_on: NaiveDate,
    pub(super) due_on: NaiveDate,
    pub(super) charges: Vec<Charge>,
    pub(super) purchase_order: Option<String>,
    pub(super) payments: Vec<Payment>,
    pub(super) refunds: Vec<Refund>,
    pub(super) credit_notes: Vec<CreditNote>,
    /// What is to be paid still; less than nothing: what is to be paid back.
    pub(super) open_pence: i64,
    pub(super) settled: bool,
    pub(super) overdue: bool,
    /// The last step, and its day.
    pub(super) reminded: Option<(Step, NaiveDate)>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Payment {
    pub(super) amount_pence: u64,
    pub(super) reference: String,
    pub(super) received_on: NaiveDate,
    pub(super) reversed_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Refund {
    pub(super) amount_pence: u64,
    pub(super) reference: String,
    pub(super) on: NaiveDate,
}

/// What was credited of a line.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Taken {
    pub(super) net_pence: u64,
    pub(super) vat_pence: u64,
}

impl Account {
    pub(super) fn of(invoice: Box<Invoice>) -> Self {
        Self {
            urn: invoice.urn,
            purpose: invoice.purpose,
            billed: invoice.billed,
            raised_on: invoice.raised_on,
            due_on: invoice.due_on,
            charges: invoice.charges,
            purchase_order: invoice.purchase_order,
            payments: vec![],
            refunds: vec![],
            credit_notes: vec![],
            open_pence: signed(invoice.gross_pence),
            settled: false,
            overdue: false,
            reminded: None,
        }
    }

    pub(super) fn apply(&mut self, event: Event) {
        match event {
            // It was made of that; and orders that wait are on no invoice yet.
            Event::InvoiceRaised(_)
            | Event::PurchaseOrderGiven { .. }
            | Event::PurchaseOrderWithdrawn { .. } => {}
            Event::PurchaseOrderRecorded { reference, .. } => self.purchase_order = Some(reference),
            Event::PaymentReceived { amount_pence, reference, received_on, open_pence, .. } => {
                let reversed_on = None;
                self.payments.push(Payment { amount_pence, reference, received_on, reversed_on });
                self.open_pence = open_pence;
            }
            Event::PaymentReversed { payment, on, open_pence, .. } => {
                let at = usize::try_from(payment).unwrap_or(0).checked_sub(1);
                if let Some(payment) = at.and_then(|at| self.payments.get_mut(at)) {
                    payment.reversed_on = Some(on);
                }
                self.opens(open_pence);
            }
            Event::RefundPaid { amount_pence, reference, on, open_pence, .. } => {
                self.refunds.push(Refund { amount_pence, reference, on });
                self.opens(open_pence);
            }
            Event::CreditNoteIssued(note) => {
                self.open_pence = note.open_pence;
                self.credit_notes.push(note);
            }
            Event::InvoiceSettled { .. } => self.settled = true,
            Event::InvoiceOverdue { .. } => self.overdue = true,
            Event::InvoiceReminded { step, on, .. } => self.reminded = Some((step, on)),
        }
    }

    /// What was settled may be open again, and is overdue and reminded of anew.
    fn opens(&mut self, open_pence: i64) {
        self.open_pence = open_pence;
        if open_pence > 0 && self.settled {
            self.settled = false;
            self.overdue = false;
            self.reminded = None;
        }
    }

    /// What credit notes have taken of a line, by its place from 0.
    pub(super) fn taken(&self, place: usize) -> Taken {
        let line = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let parts = self.credit_notes.iter().flat_map(|note| &note.lines);
        parts.filter(|part| part.line == line).fold(Taken::default(), |taken, part| Taken {
            net_pence: taken.net_pence + part.net_pence,
            vat_pence: taken.vat_pence + part.vat_pence,
        })
    }
}

/// Amounts are far below what either kind of number holds.
pub(super) fn signed(pence: u64) -> i64 {
    i64::try_from(pence).unwrap_or(i64::MAX)
}
