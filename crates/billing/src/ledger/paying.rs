//! Money that came, that came to nothing, and that went back.

use chrono::NaiveDate;

use crate::ledger::account::{Account, signed};
use crate::ledger::{Event, Ledger};
use crate::{HIGHEST, InvoiceNumber, Refusal, text};

impl Ledger {
    /// More than is open is refused: whose money it is must be decided by people.
    pub(super) fn record_payment(
        &self,
        number: InvoiceNumber,
        amount_pence: u64,
        reference: String,
        received_on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, received_on)?;
        amount_fits(amount_pence)?;
        text::fits("the reference of the payment", &reference, text::REFERENCE)?;
        let same = account.payments.iter().find(|it| {
            (it.amount_pence, &it.reference, it.received_on)
                == (amount_pence, &reference, received_on)
        });
        match same.map(|it| it.reversed_on) {
            Some(None) => return Ok(vec![]),
            Some(Some(on)) => return Err(Refusal::WasReversed { number, on }),
            None => {}
        }
        let open_pence = account.open_pence;
        if signed(amount_pence) > open_pence {
            return Err(Refusal::MoreThanOpen { number, amount_pence, open_pence });
        }
        let open_pence = open_pence - signed(amount_pence);
        let mut events = vec![Event::PaymentReceived {
            number,
            urn: account.urn,
            payment: account.last_payment().saturating_add(1),
            amount_pence,
            reference,
            received_on,
            open_pence,
        }];
        events.extend(account.settles(number, open_pence, received_on));
        Ok(events)
    }

    pub(super) fn reverse_payment(
        &self,
        number: InvoiceNumber,
        payment: u32,
        reason: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        text::fits("the reason", &reason, text::REASON)?;
        let at = usize::try_from(payment).unwrap_or(usize::MAX).checked_sub(1);
        let Some(paid) = at.and_then(|at| account.payments.get(at)) else {
            let payments = account.last_payment();
            return Err(Refusal::NoSuchPayment { number, payment, payments });
        };
        if paid.reversed_on.is_some() {
            return Ok(vec![]);
        }
        if on < paid.received_on {
            return Err(Refusal::BeforePayment { payment, received_on: paid.received_on, on });
        }
        let amount_pence = paid.amount_pence;
        let open_pence = account.open_pence + signed(amount_pence);
        let urn = account.urn;
        Ok(vec![Event::PaymentReversed {
            number,
            urn,
            payment,
            amount_pence,
            reason,
            on,
            open_pence,
        }])
    }

    pub(super) fn record_refund(
        &self,
        number: InvoiceNumber,
        amount_pence: u64,
        reference: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        amount_fits(amount_pence)?;
        text::fits("the reference of the refund", &reference, text::REFERENCE)?;
        let is_same = account
            .refunds
            .iter()
            .any(|it| (it.amount_pence, &it.reference, it.on) == (amount_pence, &reference, on));
        if is_same {
            return Ok(vec![]);
        }
        let credit_pence = -account.open_pence;
        if credit_pence <= 0 {
            return Err(Refusal::NothingToRefund { number });
        }
        if signed(amount_pence) > credit_pence {
            return Err(Refusal::MoreThanCredit { number, amount_pence, credit_pence });
        }
        let open_pence = account.open_pence + signed(amount_pence);
        let urn = account.urn;
        Ok(vec![Event::RefundPaid { number, urn, amount_pence, reference, on, open_pence }])
    }
}

impl Account {
    fn last_payment(&self) -> u32 {
        u32::try_from(self.payments.len()).unwrap_or(u32::MAX)
    }

    /// That it is settled, where nothing is open any more and it was not settled before.
    pub(super) fn settles(
        &self,
        number: InvoiceNumber,
        open_pence: i64,
        on: NaiveDate,
    ) -> Option<Event> {
        let urn = self.urn;
        (open_pence <= 0 && !self.settled).then_some(Event::InvoiceSettled { number, urn, on })
    }
}

/// No single payment is more than the most an invoice comes to.
fn amount_fits(pence: u64) -> Result<(), Refusal> {
    let highest = 100 * HIGHEST;
    match pence {
        0 => Err(Refusal::NoAmount),
        pence if pence > highest => Err(Refusal::TooMuch { pence, highest }),
        _ => Ok(()),
    }
}
