//! An invoice is raised (R10, D11, D13).

use std::fmt;

use chrono::{Days, NaiveDate};
use kernel::{LeadingEdgeYear, PersonId, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::issuer::{Supplier, address_fits};
use crate::ledger::account::Account;
use crate::ledger::{Event, INVOICES, Ledger, not_in_a_return, within};
use crate::{Charge, InvoiceNumber, Line, Refusal, text};

/// What is billed for: a school pays for one thing once.  What was credited in whole may be billed anew, where somebody asks
/// for it.
#[derive(
    Clone, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The fee of the ledger's year (R10).
    Fee,
    /// Anything else, under a key of its own that tells it from everything else a school is billed for in the year; in
    /// small letters, without blanks around it, and never `fee`.
    Other(String),
}

/// Whom an invoice goes to, in the words that are printed.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Billed {
    pub name: String,
    /// Line by line, as far as it is known.
    pub address: Vec<String>,
}

/// An invoice that is wanted.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Wanted {
    /// Of the ledger.
    pub year: LeadingEdgeYear,
    pub urn: Urn,
    pub purpose: Purpose,
    pub billed: Billed,
    pub supplier: Supplier,
    pub lines: Vec<Line>,
    /// `None`: the one that was given before, where one waits.
    pub purchase_order: Option<String>,
    /// The finance contact, or who stands for them.
    #[serde(default)]
    pub attention: Option<PersonId>,
    /// It is due so many days after it is raised (R10).
    pub payment_days: u32,
    /// The last day of the VAT returns that were filed.
    #[serde(default)]
    pub vat_filed_until: Option<NaiveDate>,
    /// The day it is raised, which is its tax point.
    pub on: NaiveDate,
}

/// An invoice as it was raised, and as it is printed for ever.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Invoice {
    pub number: InvoiceNumber,
    pub urn: Urn,
    pub purpose: Purpose,
    pub billed: Billed,
    pub supplier: Supplier,
    pub charges: Vec<Charge>,
    /// The sums of the lines, in whole pence.
    pub net_pence: u64,
    pub vat_pence: u64,
    pub gross_pence: u64,
    pub purchase_order: Option<String>,
    /// For whose attention it is: an id, which says nothing of them, and under which their name is sealed elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<PersonId>,
    /// The tax point.
    pub raised_on: NaiveDate,
    pub due_on: NaiveDate,
}

/// The most lines an invoice has.
const LINES: usize = 40;

impl Ledger {
    pub(super) fn raise(&self, mut wanted: Wanted) -> Result<Vec<Event>, Refusal> {
        wanted.purpose = wanted.purpose.tidied()?;
        let Wanted { year, urn, purpose, .. } = &wanted;
        self.is_of(*year)?;
        let mut invoice = self.invoice(wanted.clone())?;
        let stands =
            |it: &Account| it.urn == *urn && it.purpose == *purpose && !it.left().is_empty();
        let Some((place, before)) = self.invoices.iter().find(|(_, it)| stands(it)) else {
            not_in_a_return(wanted.on, wanted.vat_filed_until)?;
            // What was credited in whole and is billed anew keeps the order that it stood on.
            let before = || {
                let same = |it: &&Account| it.urn == *urn && it.purpose == *purpose;
                self.invoices.values().rev().find(same)?.purchase_order.clone()
            };
            invoice.purchase_order = invoice
                .purchase_order
                .or_else(|| self.waiting_orders.get(urn).cloned())
                .or_else(before);
            return Ok(vec![Event::InvoiceRaised(Box::new(invoice))]);
        };
        let (urn, number) = (*urn, InvoiceNumber::new(*year, *place));
        let asks_another_order =
            invoice.purchase_order.is_some() && invoice.purchase_order != before.purchase_order;
        if before.charges != invoice.charges {
            Err(Refusal::BilledAlready { urn, number })
        } else if before.billed != invoice.billed {
            Err(Refusal::BilledToAnother { urn, number })
        } else if asks_another_order {
            Err(Refusal::BilledOnAnotherOrder { urn, number })
        } else {
            Ok(vec![])
        }
    }

    fn invoice(&self, wanted: Wanted) -> Result<Invoice, Refusal> {
        let Wanted { year, purpose, billed, supplier, lines, purchase_order, .. } = wanted;
        within(year, wanted.on, INVOICES)?;
        if let Some(reference) = &purchase_order {
            text::fits("the purchase order", reference, text::REFERENCE)?;
        }
        billed.fits(0)?;
        supplier.fits()?;
        let count = lines.len();
        if !(1..=LINES).contains(&count) {
            let (what, fewest, most) = ("an invoice's lines", 1, LINES);
            return Err(Refusal::WrongCount { what, count, fewest, most });
        }
        let charges: Vec<Charge> = lines.into_iter().map(Line::charge).collect::<Result<_, _>>()?;
        if !(1..=366).contains(&wanted.payment_days) {
            return Err(Refusal::NotATerm(wanted.payment_days));
        }
        let term = Days::new(u64::from(wanted.payment_days));
        let net_pence = charges.iter().map(|charge| charge.net_pence).sum();
        let vat_pence = charges.iter().map(|charge| charge.vat_pence).sum();
        Ok(Invoice {
            number: self.next_invoice(year),
            urn: wanted.urn,
            purpose,
            billed,
            supplier,
            charges,
            net_pence,
            vat_pence,
            gross_pence: net_pence + vat_pence,
            purchase_order,
            attention: wanted.attention,
            raised_on: wanted.on,
            due_on: wanted.on.checked_add_days(term).unwrap_or(wanted.on),
        })
    }
}

impl Billed {
    /// At least so many lines of an address.
    pub(crate) fn fits(&self, fewest: usize) -> Result<(), Refusal> {
        text::fits("the name that is billed", &self.name, text::LINE)?;
        address_fits("the billing address", &self.address, fewest)
    }
}

impl Purpose {
    /// However the key is typed, it is one thing.  Under `fee` it would be read as the year's own fee, which would then
    /// never be billed.
    ///
    /// # Errors
    /// `fee` is no key; nor is what cannot be printed, or is too long.
    pub fn tidied(self) -> Result<Self, Refusal> {
        let Self::Other(key) = self else { return Ok(self) };
        text::fits("the key of what is billed for", &key, text::REFERENCE)?;
        let key = key.trim().to_lowercase();
        if key == Self::Fee.to_string() {
            return Err(Refusal::KeyOfTheFee);
        }
        Ok(Self::Other(key))
    }
}

/// `fee`, or the key.
impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fee => f.write_str("fee"),
            Self::Other(key) => f.write_str(key),
        }
    }
}
