//! The office as an invoice names it, the terms on which it bills, and up to which day its VAT returns were filed.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Refusal, VatRate, text};

pub mod commands;
pub mod events;
#[cfg(test)]
pub(crate) mod tests;

pub use commands::Command;
pub use events::Event;

/// The id of the one issuer.
pub const OFFICE: &str = "office";

/// Who supplies what is billed: all that a VAT invoice must say of it, and how to pay.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    pub name: String,
    /// Line by line, the postcode last.
    pub address: Vec<String>,
    /// `GB` and nine or twelve digits.
    pub vat_number: String,
    pub company_number: Option<String>,
    /// Where questions about an invoice go.
    pub email: Option<String>,
    pub account_name: String,
    /// `12-34-56`.
    pub sort_code: String,
    /// Eight digits.
    pub account_number: String,
}

/// Who bills from a day on, and on what terms.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Terms {
    pub supplier: Supplier,
    /// An invoice is due so many days after it was raised (R10).
    pub payment_days: u32,
    /// On the fee, and on whatever is billed without a rate of its own (D13).
    pub vat_basis_points: VatRate,
    /// Years of membership from this one on are billed here; those before it were billed elsewhere.
    pub first_year: LeadingEdgeYear,
    pub on: NaiveDate,
}

/// The issuer, as it was adopted last, and its VAT returns.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Issuer {
    terms: Option<Terms>,
    /// The last days of the VAT returns that were filed, one after the other.
    #[serde(default)]
    vat_returns: Vec<NaiveDate>,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Issuer::TYPE,
    "The office as an invoice names it, and on what terms it bills.",
    "always `office`",
    include_str!("../events/issuer.jsonl"),
);

impl Issuer {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Adopt(terms) => self.adopt(terms),
            Command::FileVatReturn { until, on } => self.file_vat_return(until, on),
            Command::ReopenVatReturn { reason, on } => self.reopen_vat_return(reason, on),
        }
    }

    /// Adopted again, it counts for what is billed from then on: an invoice keeps the supplier it was raised by.
    fn adopt(&self, terms: Terms) -> Result<Vec<Event>, Refusal> {
        terms.supplier.fits()?;
        terms.vat_basis_points.fits()?;
        if !(1..=366).contains(&terms.payment_days) {
            return Err(Refusal::NotATerm(terms.payment_days));
        }
        let same = |before: &Terms| Terms { on: terms.on, ..before.clone() } == terms;
        if self.terms.as_ref().is_some_and(same) {
            return Ok(vec![]);
        }
        Ok(vec![Event::IssuerAdopted(terms)])
    }

    /// From then on nothing is dated into it.  A day that was mistyped closes no more than what is over, and is reopened.
    fn file_vat_return(&self, until: NaiveDate, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        if until >= on {
            return Err(Refusal::VatNotOver { until, on });
        }
        match self.vat_returns.last() {
            Some(last) if *last == until => Ok(vec![]),
            Some(last) if *last > until => {
                Err(Refusal::VatFiledBeyond { until: *last, asked: until })
            }
            Some(_) | None => Ok(vec![Event::VatReturnFiled { until, on }]),
        }
    }

    /// The last one: it is to be filed anew, or never was.
    fn reopen_vat_return(&self, reason: String, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        text::fits("the reason", &reason, text::REASON)?;
        let until = *self.vat_returns.last().ok_or(Refusal::NoVatReturn)?;
        Ok(vec![Event::VatReturnReopened { until, reason, on }])
    }
}

impl Supplier {
    pub(crate) fn fits(&self) -> Result<(), Refusal> {
        text::fits("the supplier's name", &self.name, text::LINE)?;
        address_fits("the supplier's address", &self.address, 1)?;
        for (what, said) in
            [("the company number", &self.company_number), ("the e-mail address", &self.email)]
        {
            if let Some(said) = said {
                text::fits(what, said, text::LINE)?;
            }
        }
        text::fits("the name of the account", &self.account_name, text::LINE)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = self.vat_number.strip_prefix("GB").unwrap_or_default();
        if !digits(number) || !matches!(number.len(), 9 | 12) {
            return Err(Refusal::NotAVatNumber(self.vat_number.clone()));
        }
        let pairs: Vec<&str> = self.sort_code.split('-').collect();
        if pairs.len() != 3 || !pairs.iter().all(|pair| pair.len() == 2 && digits(pair)) {
            return Err(Refusal::NotASortCode(self.sort_code.clone()));
        }
        if self.account_number.len() != 8 || !digits(&self.account_number) {
            return Err(Refusal::NotAnAccountNumber(self.account_number.clone()));
        }
        Ok(())
    }
}

/// At most eight lines, and at least so many.
pub(crate) fn address_fits(
    what: &'static str,
    lines: &[String],
    fewest: usize,
) -> Result<(), Refusal> {
    let (count, most) = (lines.len(), 8);
    if !(fewest..=most).contains(&count) {
        return Err(Refusal::WrongCount { what, count, fewest, most });
    }
    lines.iter().try_for_each(|line| text::fits(what, line, text::LINE))
}

impl Aggregate for Issuer {
    const TYPE: &'static str = "billing.issuer";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::IssuerAdopted(terms) => self.terms = Some(terms),
            Event::VatReturnFiled { until, .. } => self.vat_returns.push(until),
            Event::VatReturnReopened { until, .. } => self.vat_returns.retain(|it| *it != until),
        }
    }
}
