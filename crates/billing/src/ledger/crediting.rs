//! What was billed is credited, whole or in part, VAT line by line (D13).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::Urn;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ledger::account::{Account, signed};
use crate::ledger::{Event, Ledger, not_in_a_return};
use crate::{CreditNoteNumber, InvoiceNumber, Refusal, VatRate, text};

/// How much of an invoice is credited.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Everything that was not credited before.
    Whole,
    Parts(Vec<Part>),
}

/// Of one line so much, in whole pence without VAT.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Part {
    /// The place of the line on the invoice, from 1.
    pub line: u32,
    pub net_pence: u64,
}

/// A credit note as it was issued, and as it is printed for ever.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct CreditNote {
    pub number: CreditNoteNumber,
    pub invoice: InvoiceNumber,
    pub urn: Urn,
    pub lines: Vec<Credited>,
    /// The sums of the lines, in whole pence.
    pub net_pence: u64,
    pub vat_pence: u64,
    pub gross_pence: u64,
    pub reason: String,
    /// The day it is issued.
    pub on: NaiveDate,
    /// What is open on the invoice after it; less than nothing: what is to be paid back.
    pub open_pence: i64,
}

/// What is credited of one line.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Credited {
    /// The place of the line on the invoice, from 1.
    pub line: u32,
    pub what: String,
    pub net_pence: u64,
    pub vat_basis_points: VatRate,
    pub vat_pence: u64,
}

impl Ledger {
    pub(super) fn credit(
        &self,
        number: InvoiceNumber,
        extent: Extent,
        reason: String,
        vat_filed_until: Option<NaiveDate>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        text::fits("the reason", &reason, text::REASON)?;
        let parts = match extent {
            Extent::Whole => account.left(),
            Extent::Parts(parts) => parts,
        };
        let named = |note: &CreditNote| {
            let of = note.lines.iter().map(|it| Part { line: it.line, net_pence: it.net_pence });
            of.collect::<Vec<_>>()
        };
        let is_same =
            |note: &CreditNote| note.on == on && note.reason == reason && named(note) == parts;
        if parts.is_empty() || account.credit_notes.iter().any(is_same) {
            return Ok(vec![]);
        }
        let lines = account.credited(number, &parts)?;
        not_in_a_return(on, vat_filed_until)?;
        let net_pence = lines.iter().map(|line| line.net_pence).sum();
        let vat_pence: u64 = lines.iter().map(|line| line.vat_pence).sum();
        let gross_pence = net_pence + vat_pence;
        let open_pence = account.open_pence - signed(gross_pence);
        let mut events = vec![Event::CreditNoteIssued(CreditNote {
            number: self.next_credit_note(number.year()),
            invoice: number,
            urn: account.urn,
            lines,
            net_pence,
            vat_pence,
            gross_pence,
            reason,
            on,
            open_pence,
        })];
        events.extend(account.settles(number, open_pence, on));
        Ok(events)
    }
}

impl Account {
    /// What no credit note has taken yet, line by line; nothing: it is credited in whole.
    pub(super) fn left(&self) -> Vec<Part> {
        let parts = self.charges.iter().enumerate().map(|(place, charge)| Part {
            line: u32::try_from(place + 1).unwrap_or(u32::MAX),
            net_pence: charge.net_pence - self.taken(place).net_pence,
        });
        parts.filter(|part| part.net_pence > 0).collect()
    }

    fn credited(&self, number: InvoiceNumber, parts: &[Part]) -> Result<Vec<Credited>, Refusal> {
        let mut seen = BTreeSet::new();
        parts
            .iter()
            .map(|part| {
                let Part { line, net_pence } = *part;
                if !seen.insert(line) {
                    return Err(Refusal::LineTwice { number, line });
                }
                let place = usize::try_from(line).unwrap_or(usize::MAX).checked_sub(1);
                let at = place.and_then(|place| Some((place, self.charges.get(place)?)));
                let Some((place, charge)) = at else {
                    let lines = self.charges.len();
                    return Err(Refusal::NoSuchLine { number, line, lines });
                };
                if net_pence == 0 {
                    return Err(Refusal::NoAmount);
                }
                let taken = self.taken(place);
                let left_pence = charge.net_pence - taken.net_pence;
                if net_pence > left_pence {
                    return Err(Refusal::MoreThanLine { number, line, net_pence, left_pence });
                }
                let vat_left = charge.vat_pence - taken.vat_pence;
                // The last of a line takes what is left of its VAT, so that no penny is lost or made by rounding.
                let vat_pence = if net_pence == left_pence {
                    vat_left
                } else {
                    charge.vat_basis_points.on(net_pence).min(vat_left)
                };
                let (what, vat_basis_points) = (charge.what.clone(), charge.vat_basis_points);
                Ok(Credited { line, what, net_pence, vat_basis_points, vat_pence })
            })
            .collect()
    }
}
