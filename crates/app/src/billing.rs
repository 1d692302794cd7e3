//! Billing: invoices, payments, credit notes, and what is owed (R10, D13).

mod aged;
mod customer;
mod invoice;
mod issuer;
mod list;
pub mod print;
mod statement;
#[cfg(test)]
mod tests;
mod vat;
mod writing;

pub use aged::{Age, Aged, AgedSchool};
pub use customer::{Attention, CustomerPage, WaitingOrder};
pub use invoice::{EntryLine, InvoicePage, State};
pub use issuer::{IssuerFile, read_issuer};
pub use list::{InvoiceFilter, InvoiceLine, Invoices};
pub use statement::{Before, Owed, Statement, StatementLine};
pub use vat::{LateDocument, Quarter, RateTotal, VatTotals};
pub use writing::{Bill, Written};
