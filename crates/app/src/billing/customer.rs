//! How a school is billed: under what name and address, for whose attention, on which purchase order.

use std::fmt;

use billing::customer::{Command, Customer};
use billing::ledger::{Billed, Command as Ledger};
use chrono::NaiveDate;
use kernel::{CommandId, LeadingEdgeYear, PersonId, Urn};
use projections::contacts;
use projections::memberships::Row as Membership;
use serde::Serialize;

use crate::{Desk, Failure, Office, no_progress};

/// How the next invoice of a school would name it.
#[derive(Clone, Debug, Serialize)]
pub struct CustomerPage {
    pub urn: Urn,
    pub billed: Billed,
    /// The billing address was set on this day; `null`: it is the register's.
    pub set_on: Option<NaiveDate>,
    /// Its finance contact, or else its main contact.
    pub for_attention_of: Option<Attention>,
    /// What it gave for invoices that are not raised yet.
    pub waiting_orders: Vec<WaitingOrder>,
}

/// A purchase order that goes on the school's next invoice in the ledger of a year.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct WaitingOrder {
    pub year: LeadingEdgeYear,
    pub reference: String,
    pub given_on: NaiveDate,
}

/// The name of a person, opened to be read and printed, and never kept.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Attention(String);

/// Nothing: what is logged by mistake must not say who somebody is.
impl fmt::Debug for Attention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attention(..)")
    }
}

/// The name.
impl fmt::Display for Attention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Desk {
    /// How the next invoice of a school would name it.
    ///
    /// # Errors
    /// Refused for a school that the network never dealt with.
    pub fn customer(&self, urn: Urn) -> Result<CustomerPage, Failure> {
        let member = self.dealt_with(urn)?;
        let set = self.read.customer(urn)?.filter(|row| row.billed().is_some());
        let attention = contacts::attention(&self.read.contacts_of(urn)?, self.today());
        let orders = self.read.purchase_orders_of(urn)?;
        Ok(CustomerPage {
            urn,
            billed: self.billed(urn, member)?,
            set_on: set.map(|row| row.set_on),
            for_attention_of: self.attention(attention)?,
            waiting_orders: orders
                .into_iter()
                .filter(|row| row.waits())
                .map(|row| WaitingOrder {
                    year: row.year,
                    reference: row.reference,
                    given_on: row.given_on,
                })
                .collect(),
        })
    }

    pub(super) fn dealt_with(&self, urn: Urn) -> Result<Membership, Failure> {
        self.read.membership(urn)?.ok_or_else(|| {
            Failure::Refused(format!("{urn} is no school that the network has dealt with"))
        })
    }

    /// Whom an invoice names: what was set, or else what the register says.
    pub(super) fn billed(&self, urn: Urn, member: Membership) -> Result<Billed, Failure> {
        let set = self.read.customer(urn)?.and_then(|row| row.billed());
        set.map_or_else(|| self.registered(urn, member), Ok)
    }

    /// The school's own name and address, as the register has them.
    pub(super) fn registered(&self, urn: Urn, member: Membership) -> Result<Billed, Failure> {
        let school = self.read.school(urn)?;
        let name = school.as_ref().and_then(|row| row.name.clone()).or(member.name);
        Ok(Billed {
            name: name.unwrap_or_else(|| format!("The school with URN {urn}")),
            address: school.map_or_else(Vec::new, |row| row.address()),
        })
    }

    /// The name of whoever an invoice is for the attention of.  `None`: nobody is, they were forgotten, or their key is not
    /// there; the invoice is printed all the same.
    pub(super) fn attention(&self, person: Option<PersonId>) -> Result<Option<Attention>, Failure> {
        let Some(person) = person else { return Ok(None) };
        let rows = self.read.roles_of(person)?;
        let contact = rows.first().map(|row| self.opened_if_it_can_be(row)).transpose()?;
        Ok(contact.and_then(|it| it.details).map(|it| Attention(it.name)))
    }
}

impl Office {
    /// Takes down under what name and at what address a school is billed from now on, and answers how many events that was;
    /// `None`: as the register has it.
    ///
    /// # Errors
    /// Refused for a school that the network never dealt with, and for what cannot be printed.
    pub async fn set_billing_address(
        &mut self,
        urn: Urn,
        billed: Option<Billed>,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        self.desk.dealt_with(urn)?;
        let command = match billed {
            Some(billed) => Command::SetAddress { billed, on },
            None => Command::ClearAddress { on },
        };
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Customer>(&urn.to_string(), command, asked).await?;
        self.settle(&no_progress).await?;
        Ok(done.events.len())
    }

    /// Takes down the purchase order for a school's next invoice in the ledger of a year, and answers how many events that
    /// was; `None`: the one that waits is withdrawn.
    ///
    /// # Errors
    /// Refused for a school that the network never dealt with, and for what cannot be printed.
    pub async fn order_ahead(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        reference: Option<String>,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        self.desk.dealt_with(urn)?;
        let command = match reference {
            Some(reference) => Ledger::GivePurchaseOrder { year, urn, reference, on },
            None => Ledger::WithdrawPurchaseOrder { year, urn, on },
        };
        self.write(year, command).await
    }
}
