//! Invoices, credit notes and statements as they are printed, from what was recorded when they were raised.

use billing::VatRate;
use billing::issuer::Supplier;
use billing::ledger::{Billed, CreditNote};
use chrono::NaiveDate;
use kernel::{Urn, pounds};

use super::{InvoicePage, Statement};
use crate::Failure;

mod page;
mod paper;
mod statement;

/// What is printed, on A4.
#[derive(Clone, Debug)]
pub struct Document {
    /// The number of the invoice or credit note: the name of a file, too.
    pub number: String,
    pub(super) title: &'static str,
    pub(super) supplier: Supplier,
    pub(super) billed: Billed,
    pub(super) attention: Option<String>,
    pub(super) urn: Urn,
    /// The day it was issued, which is its tax point.
    pub(super) on: NaiveDate,
    /// Of an invoice.
    pub(super) due_on: Option<NaiveDate>,
    pub(super) purchase_order: Option<String>,
    /// Of a credit note: the invoice and its day, and why.
    pub(super) credits: Option<Credits>,
    pub(super) lines: Vec<PrintedLine>,
    /// Net and VAT by rate.
    pub(super) rates: Vec<(VatRate, u64, u64)>,
    pub(super) net_pence: u64,
    pub(super) vat_pence: u64,
    pub(super) gross_pence: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Credits {
    pub(super) invoice: String,
    pub(super) of: NaiveDate,
    pub(super) reason: String,
}

#[derive(Clone, Debug)]
pub(super) struct PrintedLine {
    pub(super) what: String,
    pub(super) net_pence: u64,
    pub(super) rate: VatRate,
    pub(super) vat_pence: u64,
}

/// An invoice as it was raised, with the reference that the school gave last.
#[must_use]
pub fn invoice(page: &InvoicePage) -> Document {
    let invoice = &page.invoice;
    let lines: Vec<PrintedLine> = invoice
        .charges
        .iter()
        .map(|charge| PrintedLine {
            what: charge.what.clone(),
            net_pence: charge.net_pence,
            rate: charge.vat_basis_points,
            vat_pence: charge.vat_pence,
        })
        .collect();
    Document {
        number: invoice.number.to_string(),
        title: "VAT invoice",
        supplier: invoice.supplier.clone(),
        billed: invoice.billed.clone(),
        attention: attention(page),
        urn: invoice.urn,
        on: invoice.raised_on,
        due_on: Some(invoice.due_on),
        purchase_order: page.reference.clone(),
        credits: None,
        rates: by_rate(&lines),
        lines,
        net_pence: invoice.net_pence,
        vat_pence: invoice.vat_pence,
        gross_pence: invoice.gross_pence,
    }
}

/// Every credit note on an invoice.
#[must_use]
pub fn credit_notes(page: &InvoicePage) -> Vec<Document> {
    page.credit_notes.iter().map(|note| credit_note(page, note)).collect()
}

/// A document as a page (HTML) that prints well.
///
/// # Errors
/// The page cannot be made.
pub fn html(document: &Document) -> Result<String, Failure> {
    page::document(document)
}

/// A document as a PDF, tagged for those who cannot see it.
///
/// # Errors
/// The PDF cannot be made.
pub fn pdf(document: &Document) -> Result<Vec<u8>, Failure> {
    paper::document(document)
}

/// Documents as one PDF, one after the other, with each in its outline; `done` is told how many are printed.
///
/// # Errors
/// The PDF cannot be made.
pub fn bound_pdf(
    documents: &[Document],
    title: &str,
    done: &dyn Fn(usize),
) -> Result<Vec<u8>, Failure> {
    paper::bound(documents, title, done)
}

/// A statement as a PDF, tagged for those who cannot see it.
///
/// # Errors
/// The PDF cannot be made.
pub fn statement_pdf(statement: &Statement) -> Result<Vec<u8>, Failure> {
    paper::statement(statement)
}

/// A statement as a page (HTML) that prints well.
///
/// # Errors
/// The page cannot be made.
pub fn statement_html(statement: &Statement) -> Result<String, Failure> {
    page::statement(statement)
}

fn credit_note(page: &InvoicePage, note: &CreditNote) -> Document {
    let invoice = &page.invoice;
    let lines: Vec<PrintedLine> = note
        .lines
        .iter()
        .map(|credited| PrintedLine {
            what: credited.what.clone(),
            net_pence: credited.net_pence,
            rate: credited.vat_basis_points,
            vat_pence: credited.vat_pence,
        })
        .collect();
    Document {
        number: note.number.to_string(),
        title: "VAT credit note",
        supplier: invoice.supplier.clone(),
        billed: invoice.billed.clone(),
        attention: attention(page),
        urn: invoice.urn,
        on: note.on,
        due_on: None,
        purchase_order: page.reference.clone(),
        credits: Some(Credits {
            invoice: note.invoice.to_string(),
            of: invoice.raised_on,
            reason: note.reason.clone(),
        }),
        rates: by_rate(&lines),
        lines,
        net_pence: note.net_pence,
        vat_pence: note.vat_pence,
        gross_pence: note.gross_pence,
    }
}

fn attention(page: &InvoicePage) -> Option<String> {
    page.for_attention_of.as_ref().map(|it| format!("For the attention of {it}"))
}

fn by_rate(lines: &[PrintedLine]) -> Vec<(VatRate, u64, u64)> {
    let mut rates = std::collections::BTreeMap::new();
    for line in lines {
        let (net, vat) = rates.entry(line.rate).or_insert((0, 0));
        *net += line.net_pence;
        *vat += line.vat_pence;
    }
    rates.into_iter().map(|(rate, (net, vat))| (rate, net, vat)).collect()
}

/// The same words on a page and on paper.
pub(super) struct Words {
    pub(super) to: &'static str,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) rates: Vec<(String, String, String)>,
    pub(super) sums: Vec<(&'static str, String)>,
    pub(super) due: String,
    pub(super) pay: Vec<(&'static str, String)>,
    pub(super) foot: Vec<String>,
}

impl Words {
    pub(super) fn of(it: &Document) -> Self {
        let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
        let number = if it.credits.is_some() { "Credit note number" } else { "Invoice number" };
        let mut facts = vec![
            (number, it.number.clone()),
            ("Date and tax point", day(it.on)),
            ("School", format!("URN {}", it.urn)),
        ];
        facts.extend(it.purchase_order.clone().map(|order| ("Your purchase order", order)));
        facts.extend(it.due_on.map(|due_on| ("To be paid by", day(due_on))));
        if let Some(credits) = &it.credits {
            facts.push(("On invoice", format!("{} of {}", credits.invoice, day(credits.of))));
        }
        let total = if it.credits.is_some() { "Credited" } else { "To be paid" };
        let due = it.due_on.map_or_else(String::new, |due_on| {
            format!("Please pay {} by {}.", pounds(it.gross_pence), day(due_on))
        });
        let pay = if it.due_on.is_none() {
            vec![]
        } else {
            vec![
                ("Account name", it.supplier.account_name.clone()),
                ("Sort code", it.supplier.sort_code.clone()),
                ("Account number", it.supplier.account_number.clone()),
                ("Payment reference", it.number.clone()),
            ]
        };
        let mut foot = vec![];
        let company = it.supplier.company_number.as_ref();
        foot.push(company.map_or_else(
            || it.supplier.name.clone(),
            |number| format!("{}, company number {number}", it.supplier.name),
        ));
        foot.extend(it.supplier.email.as_ref().map(|email| format!("Questions: {email}")));
        let rate =
            |(rate, net, vat): &(VatRate, u64, u64)| (rate.to_string(), pounds(*net), pounds(*vat));
        Self {
            to: if it.credits.is_some() { "Credited to" } else { "Billed to" },
            facts,
            rates: it.rates.iter().map(rate).collect(),
            sums: vec![
                ("Net", pounds(it.net_pence)),
                ("VAT", pounds(it.vat_pence)),
                (total, pounds(it.gross_pence)),
            ],
            due,
            pay,
            foot,
        }
    }
}
