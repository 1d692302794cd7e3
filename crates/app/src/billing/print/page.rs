//! Pages (HTML) that print well on A4.

use askama::Template;
use kernel::{Day, pounds};
use projections::ledger_entries::Kind;

use super::{Document, PrintedLine, Words};
use crate::Failure;
use crate::billing::{Statement, StatementLine};

#[derive(Template)]
#[template(path = "invoice.html")]
struct Page<'a> {
    it: &'a Document,
    to: &'static str,
    facts: Vec<(&'static str, String)>,
    rates: Vec<(String, String, String)>,
    sums: Vec<(&'static str, String)>,
    due: String,
    pay: Vec<(&'static str, String)>,
    foot: Vec<String>,
}

#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage<'a> {
    it: &'a Statement,
    from: String,
    until: String,
    opening: String,
    lines: Vec<Line>,
    closes: String,
    closing: String,
    pay: Option<String>,
    before: Vec<String>,
}

struct Line {
    day: String,
    entry: String,
    invoice: String,
    billed: String,
    paid: String,
    owed: String,
}

pub(super) fn document(it: &Document) -> Result<String, Failure> {
    let Words { to, facts, rates, sums, due, pay, foot } = Words::of(it);
    Page { it, to, facts, rates, sums, due, pay, foot }.render().map_err(failed)
}

pub(super) fn statement(it: &Statement) -> Result<String, Failure> {
    let until = Day(it.until).to_string();
    let closes = match it.closing_pence {
        ..0 => format!("To be paid back to you at the end of {until}"),
        _ => format!("Owed at the end of {until}"),
    };
    let pay = it.supplier.as_ref().filter(|_| it.closing_pence > 0).map(|supplier| {
        format!(
            "Please pay {}, sort code {}, account {}, with the number of the invoice as the reference.",
            supplier.account_name, supplier.sort_code, supplier.account_number
        )
    });
    let before = it.before.iter().map(|before| {
        format!(
            "The membership of {} went on at this school; it is billed apart, and owed {} then.",
            before.urn,
            pounds(before.open_pence)
        )
    });
    let page = StatementPage {
        it,
        from: Day(it.from).to_string(),
        until,
        opening: pounds(it.opening_pence),
        lines: it.lines.iter().map(Line::of).collect(),
        closes,
        closing: pounds(it.closing_pence.abs()),
        pay,
        before: before.collect(),
    };
    page.render().map_err(failed)
}

fn failed(why: askama::Error) -> Failure {
    Failure::Unprintable(Box::new(why))
}

impl Line {
    fn of(line: &StatementLine) -> Self {
        let document = line.document.as_deref().unwrap_or_default();
        let entry = match line.kind {
            Kind::Invoice => "Invoice".to_owned(),
            Kind::Payment => "Payment, thank you".to_owned(),
            Kind::Reversal => "Payment that was not made".to_owned(),
            Kind::CreditNote => format!("Credit note {document}"),
            Kind::Refund => "Paid back to you".to_owned(),
        };
        let words = line.words.as_ref().map_or_else(String::new, |words| format!(" ({words})"));
        let (mut billed, mut paid) = (String::new(), String::new());
        match line.amount_pence {
            ..0 => paid = pounds(-line.amount_pence),
            pence => billed = pounds(pence),
        }
        Self {
            day: Day(line.on).to_string(),
            entry: format!("{entry}{words}"),
            invoice: line.invoice.to_string(),
            billed,
            paid,
            owed: pounds(line.balance_pence),
        }
    }
}

impl PrintedLine {
    pub(super) fn net(&self) -> String {
        pounds(self.net_pence)
    }

    pub(super) fn vat(&self) -> String {
        pounds(self.vat_pence)
    }

    pub(super) fn gross(&self) -> String {
        pounds(self.net_pence + self.vat_pence)
    }
}
