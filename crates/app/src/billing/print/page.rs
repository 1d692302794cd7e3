//! Pages (HTML) that print well on A4.

use askama::Template;
use kernel::{Day, pounds};

use super::statement::{Line, StatementWords};
use super::{Document, PrintedLine, Words};
use crate::Failure;
use crate::billing::Statement;

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

pub(super) fn document(it: &Document) -> Result<String, Failure> {
    let Words { to, facts, rates, sums, due, pay, foot } = Words::of(it);
    Page { it, to, facts, rates, sums, due, pay, foot }.render().map_err(failed)
}

pub(super) fn statement(it: &Statement) -> Result<String, Failure> {
    let StatementWords { closes, pay, before } = StatementWords::of(it);
    let page = StatementPage {
        it,
        from: Day(it.from).to_string(),
        until: Day(it.until).to_string(),
        opening: pounds(it.opening_pence),
        lines: it.lines.iter().map(Line::of).collect(),
        closes,
        closing: pounds(it.closing_pence.abs()),
        pay,
        before,
    };
    page.render().map_err(failed)
}

fn failed(why: askama::Error) -> Failure {
    Failure::Unprintable(Box::new(why))
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
