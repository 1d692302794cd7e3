//! A statement on paper.

use kernel::{Day, pounds};

use super::face::Faces;
use super::facts;
use super::sheet::{Cell, Column, Sheet, Style};
use super::{LEFT, MIDDLE, RIGHT};
use crate::billing::Statement;
use crate::billing::print::statement::{Line, StatementWords};

pub(super) fn sheet(faces: &Faces, it: &Statement) -> Sheet {
    let words = StatementWords::of(it);
    let mut sheet = Sheet::new(faces);
    head(&mut sheet, it);
    entries(&mut sheet, it, &words);
    if let Some(pay) = &words.pay {
        sheet.keep(48.0);
        sheet.down(18.0);
        sheet.paragraph(pay, LEFT, RIGHT, Style::BOLD);
    }
    let email = it.supplier.as_ref().and_then(|supplier| supplier.email.as_ref());
    let questions = email.map(|email| format!("Questions: {email}"));
    let foot: Vec<&String> = words.before.iter().chain(&questions).collect();
    if !foot.is_empty() {
        sheet.keep(40.0);
        sheet.down(20.0);
        sheet.rule(LEFT, RIGHT);
        sheet.down(4.0);
    }
    for line in foot {
        sheet.paragraph(line, LEFT, RIGHT, Style::SMALL);
    }
    sheet
}

fn head(sheet: &mut Sheet, it: &Statement) {
    let top = sheet.place();
    sheet.heading("Statement", LEFT, MIDDLE);
    let below = sheet.place();
    sheet.go_to(top);
    if let Some(supplier) = &it.supplier {
        sheet.right(&supplier.name, RIGHT, Style::BOLD);
        for line in &supplier.address {
            sheet.right(line, RIGHT, Style::PLAIN);
        }
    }
    sheet.go_to(below.max(sheet.place()));
    sheet.down(24.0);

    let top = sheet.place();
    if let Some(attention) = &it.for_attention_of {
        let attention = format!("For the attention of {attention}");
        sheet.paragraph(&attention, LEFT, MIDDLE - 20.0, Style::PLAIN);
    }
    sheet.paragraph(&it.name, LEFT, MIDDLE - 20.0, Style::BOLD);
    for line in &it.address {
        sheet.paragraph(line, LEFT, MIDDLE - 20.0, Style::PLAIN);
    }
    let below = sheet.place();
    sheet.go_to(top);
    let columns = [Column::left(MIDDLE, 425.0), Column::left(425.0, RIGHT)];
    let told = [
        ("School", format!("URN {}", it.urn)),
        ("From", Day(it.from).to_string()),
        ("To the end of", Day(it.until).to_string()),
    ];
    sheet.table(None, &facts(&told), &columns);
    sheet.go_to(below.max(sheet.place()));
    sheet.down(22.0);
}

fn entries(sheet: &mut Sheet, it: &Statement, words: &StatementWords) {
    let columns = [
        Column::left(LEFT, 115.0),
        Column::left(115.0, 270.0),
        Column::left(270.0, 345.0),
        Column::right(345.0, 410.0),
        Column::right(410.0, 478.0),
        Column::right(478.0, RIGHT),
    ];
    let head = ["Day", "Entry", "Invoice", "Billed", "Paid or credited", "Owed"];
    let row = |cells: [String; 6], style: Style| -> Vec<Cell> {
        cells.into_iter().map(|cell| Cell::styled(cell, style)).collect()
    };
    let opening = [
        Day(it.from).to_string(),
        "Brought forward".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        pounds(it.opening_pence),
    ];
    let mut rows = vec![row(opening, Style::PLAIN)];
    rows.extend(it.lines.iter().map(|line| {
        let Line { day, entry, invoice, billed, paid, owed } = Line::of(line);
        row([day, entry, invoice, billed, paid, owed], Style::PLAIN)
    }));
    sheet.table(Some(&head), &rows, &columns);
    sheet.keep(30.0);
    sheet.down(6.0);
    let columns = [Column::left(LEFT, 430.0), Column::right(430.0, RIGHT)];
    let total = vec![
        Cell::head(words.closes.clone(), Style::TOTAL),
        Cell::styled(pounds(it.closing_pence.abs()), Style::TOTAL),
    ];
    sheet.table(None, &[total], &columns);
}
