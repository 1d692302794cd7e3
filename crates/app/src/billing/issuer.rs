//! The file in which the office says who bills, and on what terms.

use std::path::Path;

use billing::VatRate;
use billing::issuer::{Command, Supplier, Terms};
use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use projections::issuers::Row;
use serde::{Deserialize, Serialize};

use crate::criteria::place;
use crate::{Desk, Failure, Office};

/// As `deploy/office.toml` has it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerFile {
    pub payment_days: u32,
    pub vat_basis_points: VatRate,
    pub first_year: LeadingEdgeYear,
    pub supplier: Supplier,
}

/// # Errors
/// The file cannot be read, or is not what it should be: where, and in one line why.
pub fn read_issuer(path: &Path) -> Result<IssuerFile, Failure> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|source| Failure::Unreadable { path: file.clone(), source })?;
    toml::from_str(&text).map_err(|wrong| {
        let (line, column) = wrong.span().map(|span| place(&text, span.start)).unzip();
        let why = wrong.message().split('\n').map(str::trim).collect::<Vec<_>>().join("; ");
        Failure::CriteriaFile { file, line, column, why }
    })
}

impl Desk {
    /// Who bills, as it was adopted last.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn issuer(&self) -> Result<Option<Row>, Failure> {
        Ok(self.read.issuers()?.pop())
    }
}

impl Office {
    /// Takes down who bills from a day on, and answers how many events that was; 0: it was so already.
    ///
    /// # Errors
    /// What could not be printed or paid is refused.
    pub async fn adopt_issuer(
        &mut self,
        file: IssuerFile,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        let IssuerFile { payment_days, vat_basis_points, first_year, supplier } = file;
        let terms = Terms { supplier, payment_days, vat_basis_points, first_year, on };
        self.of_issuer(Command::Adopt(terms)).await
    }
}
