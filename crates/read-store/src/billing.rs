//! The sheets of what is owed and what was paid.

use billing::InvoiceNumber;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::{
    customers, invoices, issuers, ledger_entries, purchase_orders, vat_lines, vat_returns,
};

use crate::{Failure, ReadStore};

impl ReadStore {
    /// Who bills, decision by decision, oldest first; the last one counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn issuers(&self) -> Result<Vec<issuers::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// The VAT returns that were filed, oldest first, also those that were opened again.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn vat_returns(&self) -> Result<Vec<vat_returns::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// How a school is billed; `None`: as the register names it, and nothing else was ever said.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn customer(&self, urn: Urn) -> Result<Option<customers::Row>, Failure> {
        Ok(self.all("WHERE urn = ?1", [urn.number()])?.pop())
    }

    /// The purchase orders that a school gave before it was billed, by year.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn purchase_orders_of(&self, urn: Urn) -> Result<Vec<purchase_orders::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY year", [urn.number()])
    }

    /// # Errors
    /// The file cannot be read.
    pub fn invoice(&self, number: InvoiceNumber) -> Result<Option<invoices::Row>, Failure> {
        Ok(self.all("WHERE number = ?1", [number.to_string()])?.pop())
    }

    /// Every invoice, in the order in which they were raised.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn invoices(&self) -> Result<Vec<invoices::Row>, Failure> {
        self.all("ORDER BY raised_at", [])
    }

    /// Those of a year's ledger, by number.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn invoices_in(&self, year: LeadingEdgeYear) -> Result<Vec<invoices::Row>, Failure> {
        self.all("WHERE year = ?1 ORDER BY raised_at", [year.to_string()])
    }

    /// What happened on an invoice, by the day on which it did.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entries_on(&self, number: InvoiceNumber) -> Result<Vec<ledger_entries::Row>, Failure> {
        self.all("WHERE invoice = ?1 ORDER BY happened_on, position", [number.to_string()])
    }

    /// Everything up to a day that made a school owe more or less, by the day on which it did.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entries_of(
        &self,
        urn: Urn,
        until: NaiveDate,
    ) -> Result<Vec<ledger_entries::Row>, Failure> {
        let end = "WHERE urn = ?1 AND happened_on <= ?2 ORDER BY happened_on, position";
        self.all(end, (urn.number(), until.to_string()))
    }

    /// The same of every school.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entries_until(&self, until: NaiveDate) -> Result<Vec<ledger_entries::Row>, Failure> {
        self.all("WHERE happened_on <= ?1 ORDER BY position", [until.to_string()])
    }

    /// What was charged and credited from a day to a day, both inclusive, by the day and the number.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn vat_lines(
        &self,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<Vec<vat_lines::Row>, Failure> {
        let end = "WHERE tax_point BETWEEN ?1 AND ?2 ORDER BY tax_point, position, line";
        self.all(end, [from.to_string(), until.to_string()])
    }
}
