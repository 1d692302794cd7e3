//! Who bills, and on what terms, decision by decision (R10, D13).

use billing::VatRate;
use billing::issuer::{Event as Issuer, Supplier};
use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Issuers {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub name: String,
    pub address: String,
    pub vat_number: String,
    pub company_number: Option<String>,
    pub email: Option<String>,
    pub account_name: String,
    pub sort_code: String,
    pub account_number: String,
    pub payment_days: u32,
    pub vat_basis_points: VatRate,
    pub first_year: LeadingEdgeYear,
    #[serde(with = "columns::day")]
    pub adopted_on: NaiveDate,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "issuers",
        key: &["position"],
        ddl: "\
CREATE TABLE issuers (
  position         INTEGER PRIMARY KEY, -- of the event in the journal; the last one counts for what is billed next
  name             TEXT NOT NULL,       -- of the supplier, as invoices name it
  address          TEXT NOT NULL,       -- its lines, a line each
  vat_number       TEXT NOT NULL,
  company_number   TEXT,
  email            TEXT,
  account_name     TEXT NOT NULL,       -- of the bank account that is paid into
  sort_code        TEXT NOT NULL,
  account_number   TEXT NOT NULL,
  payment_days     INTEGER NOT NULL,    -- an invoice is due so many days after it was raised
  vat_basis_points INTEGER NOT NULL,    -- on the fee: 2000 is 20%
  first_year       TEXT NOT NULL,       -- memberships of this Leading Edge year and of later ones are billed here
  adopted_on       TEXT NOT NULL,
  recorded_at      INTEGER NOT NULL     -- microseconds since 1970-01-01 UTC
)",
        indexes: &[],
    };
}

impl Row {
    /// The supplier, as an invoice that is raised now names it.
    #[must_use]
    pub fn supplier(&self) -> Supplier {
        Supplier {
            name: self.name.clone(),
            address: self.address.lines().map(str::to_owned).collect(),
            vat_number: self.vat_number.clone(),
            company_number: self.company_number.clone(),
            email: self.email.clone(),
            account_name: self.account_name.clone(),
            sort_code: self.sort_code.clone(),
            account_number: self.account_number.clone(),
        }
    }
}

impl Issuers {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Issuer(Issuer::IssuerAdopted(terms)) = &recorded.event else { return };
        let supplier = &terms.supplier;
        self.new.push(Row {
            position: recorded.position,
            name: supplier.name.clone(),
            address: supplier.address.join("\n"),
            vat_number: supplier.vat_number.clone(),
            company_number: supplier.company_number.clone(),
            email: supplier.email.clone(),
            account_name: supplier.account_name.clone(),
            sort_code: supplier.sort_code.clone(),
            account_number: supplier.account_number.clone(),
            payment_days: terms.payment_days,
            vat_basis_points: terms.vat_basis_points,
            first_year: terms.first_year,
            adopted_on: terms.on,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
