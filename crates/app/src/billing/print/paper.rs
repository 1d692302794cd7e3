//! Invoices, credit notes and statements on A4, as a PDF that says what is a heading, a paragraph and a table (PDF/UA).

use super::{Document, Words};
use crate::Failure;
use crate::billing::Statement;

mod book;
mod face;
mod sheet;
mod statement;

use book::Book;
use face::Faces;
use sheet::{Align, Cell, Column, Sheet, Style};

/// Points: 72 an inch.
const LEFT: f32 = 51.0;
const RIGHT: f32 = 544.0;
const MIDDLE: f32 = 320.0;

/// One document after the other, each on pages of its own; `done` is told how many there are.
pub(super) fn bound(
    documents: &[Document],
    title: &str,
    done: &dyn Fn(usize),
) -> Result<Vec<u8>, Failure> {
    let faces = Faces::read()?;
    let mut book = Book::new(&faces)?;
    for (place, it) in documents.iter().enumerate() {
        book.bind(&document_sheet(&faces, it), &title_of(it))?;
        done(place + 1);
    }
    book.finish(title)
}

pub(super) fn document(it: &Document) -> Result<Vec<u8>, Failure> {
    bound(std::slice::from_ref(it), &title_of(it), &|_| {})
}

pub(super) fn statement(it: &Statement) -> Result<Vec<u8>, Failure> {
    let faces = Faces::read()?;
    let mut book = Book::new(&faces)?;
    let title = format!("Statement: {}", it.name);
    book.bind(&statement::sheet(&faces, it), &title)?;
    book.finish(&title)
}

fn title_of(it: &Document) -> String {
    format!("{} {}", it.title, it.number)
}

fn document_sheet(faces: &Faces, it: &Document) -> Sheet {
    let words = Words::of(it);
    let mut sheet = Sheet::new(faces);
    head(&mut sheet, it, &words);
    if let Some(credits) = &it.credits {
        sheet.paragraph(&format!("Why: {}", credits.reason), LEFT, RIGHT, Style::PLAIN);
        sheet.down(8.0);
    }
    lines(&mut sheet, it);
    sheet.down(14.0);
    sums(&mut sheet, &words);
    if !words.pay.is_empty() {
        sheet.keep(96.0);
        sheet.down(18.0);
        sheet.paragraph(&words.due, LEFT, RIGHT, Style::BOLD);
        sheet.down(2.0);
        let columns = [Column::left(LEFT, 160.0), Column::left(160.0, RIGHT)];
        sheet.table(None, &facts(&words.pay), &columns);
    }
    sheet.keep(40.0);
    sheet.down(20.0);
    sheet.rule(LEFT, RIGHT);
    sheet.down(4.0);
    for line in &words.foot {
        sheet.paragraph(line, LEFT, RIGHT, Style::SMALL);
    }
    sheet
}

fn head(sheet: &mut Sheet, it: &Document, words: &Words) {
    let top = sheet.place();
    sheet.heading(it.title, LEFT, MIDDLE);
    sheet.go_to(top);
    let supplier = &it.supplier;
    sheet.right(&supplier.name, RIGHT, Style::BOLD);
    for line in &supplier.address {
        sheet.right(line, RIGHT, Style::PLAIN);
    }
    sheet.right(&format!("VAT number {}", supplier.vat_number), RIGHT, Style::PLAIN);
    sheet.down(24.0);

    let top = sheet.place();
    sheet.paragraph(words.to, LEFT, MIDDLE - 20.0, Style::SMALL);
    if let Some(attention) = &it.attention {
        sheet.paragraph(attention, LEFT, MIDDLE - 20.0, Style::PLAIN);
    }
    sheet.paragraph(&it.billed.name, LEFT, MIDDLE - 20.0, Style::BOLD);
    for line in &it.billed.address {
        sheet.paragraph(line, LEFT, MIDDLE - 20.0, Style::PLAIN);
    }
    let below = sheet.place();
    sheet.go_to(top);
    let columns = [Column::left(MIDDLE, 425.0), Column::left(425.0, RIGHT)];
    sheet.table(None, &facts(&words.facts), &columns);
    sheet.go_to(below.max(sheet.place()));
    sheet.down(22.0);
}

fn facts(facts: &[(&'static str, String)]) -> Vec<Vec<Cell>> {
    let row = |(what, value): &(&str, String)| {
        vec![Cell::head(*what, Style::SOFT), Cell::plain(value.clone())]
    };
    facts.iter().map(row).collect()
}

fn lines(sheet: &mut Sheet, it: &Document) {
    let columns = [
        Column::left(LEFT, 290.0),
        Column::right(290.0, 360.0),
        Column::right(360.0, 415.0),
        Column::right(415.0, 475.0),
        Column::right(475.0, RIGHT),
    ];
    let head = ["Description", "Net", "VAT rate", "VAT", "Total"];
    let rows: Vec<Vec<Cell>> = it
        .lines
        .iter()
        .map(|line| {
            vec![
                Cell::plain(line.what.clone()),
                Cell::plain(line.net()),
                Cell::plain(line.rate.to_string()),
                Cell::plain(line.vat()),
                Cell::plain(line.gross()),
            ]
        })
        .collect();
    sheet.table(Some(&head), &rows, &columns);
}

/// VAT by rate to the left, and the sums to the right.
fn sums(sheet: &mut Sheet, words: &Words) {
    sheet.keep(70.0 + 16.0 * words.rates.len() as f32);
    let top = sheet.place();
    let columns =
        [Column::left(LEFT, 110.0), Column::right(110.0, 190.0), Column::right(190.0, 260.0)];
    let rates: Vec<Vec<Cell>> = words
        .rates
        .iter()
        .map(|(rate, net, vat)| {
            vec![
                Cell::head(rate.clone(), Style::PLAIN),
                Cell::plain(net.clone()),
                Cell::plain(vat.clone()),
            ]
        })
        .collect();
    sheet.table(Some(&["VAT rate", "Net", "VAT"]), &rates, &columns);
    let below = sheet.place();
    sheet.go_to(top);
    let columns =
        [Column::left(360.0, 450.0), Column { from: 450.0, to: RIGHT, align: Align::Right }];
    let last = words.sums.len().saturating_sub(1);
    let sums: Vec<Vec<Cell>> = words
        .sums
        .iter()
        .enumerate()
        .map(|(place, (what, pence))| {
            let style = if place == last { Style::TOTAL } else { Style::PLAIN };
            vec![Cell::head(*what, style), Cell::styled(pence.clone(), style)]
        })
        .collect();
    sheet.table(None, &sums, &columns);
    sheet.go_to(below.max(sheet.place()));
}
