//! A school's statement: what it owed, entry by entry, and what it owes.

use billing::InvoiceNumber;
use billing::ledger::Billed;
use chrono::NaiveDate;
use kernel::Urn;
use projections::contacts;
use projections::ledger_entries::Kind;
use serde::Serialize;

use super::{Attention, InvoiceFilter, InvoiceLine};
use crate::{Desk, Failure};

#[derive(Clone, Debug, Serialize)]
pub struct Statement {
    pub urn: Urn,
    pub name: String,
    pub address: Vec<String>,
    /// Its finance contact of the last day, or else its main contact.
    pub for_attention_of: Option<Attention>,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Owed at the beginning of the first day.
    pub opening_pence: i64,
    pub lines: Vec<StatementLine>,
    /// Owed at the end of the last day; less than nothing: to be paid back.
    pub closing_pence: i64,
    /// The schools whose membership it took over, where they were billed (D12).
    pub before: Vec<Before>,
    /// Who issues it; `null`: nobody bills.
    pub supplier: Option<billing::issuer::Supplier>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct StatementLine {
    pub on: NaiveDate,
    pub kind: Kind,
    pub document: Option<String>,
    pub invoice: InvoiceNumber,
    pub words: Option<String>,
    /// By how much more is owed; less than nothing: less.
    pub amount_pence: i64,
    /// Owed after it.
    pub balance_pence: i64,
}

/// A school that went before, with what it owed at the end of the last day.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Before {
    pub urn: Urn,
    pub open_pence: i64,
}

/// What a school owes now, as its page tells it.
#[derive(Clone, Debug, Serialize)]
pub struct Owed {
    /// Of its own invoices, and those of the schools whose membership it took over.
    pub open_pence: i64,
    pub in_credit_pence: i64,
    /// Those that are not settled.
    pub invoices: Vec<InvoiceLine>,
}

impl Desk {
    /// # Errors
    /// Refused for a school that was never billed, nor was one before it; and where the last day comes before the first.
    pub fn statement(
        &self,
        urn: Urn,
        from: Option<NaiveDate>,
        until: NaiveDate,
    ) -> Result<Statement, Failure> {
        let urns = self.with_predecessors(urn)?;
        let invoices = self.read.invoices_of(&urns)?;
        let Some(last) = invoices.last() else {
            return Err(Failure::Refused(format!("{urn} was never billed")));
        };
        let own = invoices.iter().rfind(|row| row.urn == urn).unwrap_or(last);
        let entries = self.read.entries_of(urn, until)?;
        let from = from.unwrap_or_else(|| entries.first().map_or(until, |it| it.happened_on));
        if from > until {
            return Err(Failure::Refused(format!("{from} comes after {until}")));
        }
        let opening_pence =
            entries.iter().filter(|it| it.happened_on < from).map(|it| it.amount_pence).sum();
        let mut balance_pence = opening_pence;
        let lines = entries
            .into_iter()
            .filter(|it| it.happened_on >= from)
            .map(|it| {
                balance_pence += it.amount_pence;
                StatementLine {
                    on: it.happened_on,
                    kind: it.kind,
                    document: it.document,
                    invoice: it.invoice,
                    words: it.words,
                    amount_pence: it.amount_pence,
                    balance_pence,
                }
            })
            .collect();
        let mut before = vec![];
        for urn in urns.into_iter().skip(1) {
            let entries = self.read.entries_of(urn, until)?;
            if !entries.is_empty() {
                let open_pence = entries.iter().map(|it| it.amount_pence).sum();
                before.push(Before { urn, open_pence });
            }
        }
        // Where it is billed now, and not where it was then.
        let set = self.read.customer(urn)?.and_then(|row| row.billed());
        let billed = set.unwrap_or_else(|| Billed {
            name: own.billed_name.clone(),
            address: own.billed_address.lines().map(str::to_owned).collect(),
        });
        let attention = contacts::attention(&self.read.contacts_of(urn)?, until);
        Ok(Statement {
            urn,
            name: billed.name,
            address: billed.address,
            for_attention_of: self.attention(attention)?,
            from,
            until,
            opening_pence,
            lines,
            closing_pence: balance_pence,
            before,
            supplier: self.issuer()?.map(|row| row.supplier()),
        })
    }

    /// # Errors
    /// The read models cannot be read.
    pub fn owed(&self, urn: Urn) -> Result<Owed, Failure> {
        let mut all =
            self.invoices(InvoiceFilter { urn: Some(urn), ..InvoiceFilter::default() })?;
        all.invoices.retain(|invoice| invoice.open_pence != 0);
        Ok(Owed {
            open_pence: all.open_pence,
            in_credit_pence: all.in_credit_pence,
            invoices: all.invoices,
        })
    }
}
