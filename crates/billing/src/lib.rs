//! Billing: what schools owe the network for a year, and what they have paid.
//!
//! A `Ledger` is the book of one Leading Edge year: its invoices, the payments on them, the credit notes.  An `Issuer` is
//! the office as an invoice names it, and on what terms it bills; it also says up to which day VAT returns were filed.  A
//! `Customer` is how one school is billed, where that is not as the register names it.
//!
//! Invariants:
//! - **numbers have no gap**: the ledger gives them, one after the other, to invoices and apart from those to credit notes;
//! - **an entry is never edited**: what was wrong is credited, and a payment that came to nothing is reversed, each by an
//!   entry of its own with its reason;
//! - **the same thing is billed to a school once**;
//! - **pennies are whole**: VAT is worked out for each line, rounded half up (D13), and credit notes on all of a line come to
//!   the VAT of that line exactly;
//! - **nothing is dated into a VAT return that was filed**: what is found out later is dated later;
//! - an invoice keeps what is printed on it, so that it is printed the same for ever; of people, their ids alone.

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod customer;
pub mod issuer;
pub mod ledger;
mod number;
mod refusal;
mod text;
mod vat;

pub use customer::Customer;
pub use issuer::Issuer;
pub use ledger::Ledger;
pub use number::{CreditNoteNumber, InvoiceNumber, NotANumber};
pub use refusal::Refusal;
pub use vat::{Charge, HIGHEST, Line, VatRate};
