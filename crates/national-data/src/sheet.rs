//! The rows of an Excel workbook, cell by cell, as text.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use chrono::NaiveTime;

use crate::File;
use crate::header::Layout;

/// Rows looked at on each sheet to find the one that holds the table.
const LOOKED_AT: u32 = 10;

/// The last column that Excel has.
const COLUMNS: usize = 16_384;

/// Hands over each row that has a cell, with its number (from 1) and its cells from column A on, until `take` answers
/// that it has seen enough.  Of several sheets it is the first whose beginning has the layout's key, or else the first.
pub(crate) fn rows(
    file: &File,
    layout: &Layout,
    mut take: impl FnMut(u64, &[String]) -> bool,
) -> Result<(), String> {
    let bytes = Cursor::new(file.bytes.as_slice());
    let mut book: Xlsx<_> = guarded(|| Xlsx::new(bytes))?;
    let sheets = book.sheet_names();
    let mut chosen = sheets.first().cloned();
    if sheets.len() > 1 {
        for sheet in &sheets {
            let mut found = false;
            each_row(&mut book, sheet, |line, cells| {
                let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
                found = layout.begins_with_key(&cells);
                !found && line < u64::from(LOOKED_AT)
            })?;
            if found {
                chosen = Some(sheet.clone());
                break;
            }
        }
    }
    let Some(sheet) = chosen else {
        return Err("the workbook has no sheets".to_owned());
    };
    each_row(&mut book, &sheet, &mut take)
}

fn each_row(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    mut take: impl FnMut(u64, &[String]) -> bool,
) -> Result<(), String> {
    let mut reader = guarded(|| book.worksheet_cells_reader(sheet))?;
    let mut cells: Vec<String> = vec![];
    let mut current: Option<u32> = None;
    while let Some(cell) = guarded(|| reader.next_cell())? {
        let (row, column) = cell.get_position();
        let column = column as usize;
        if column >= COLUMNS || matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if let Some(before) = current.filter(|before| *before != row) {
            if !take(u64::from(before) + 1, &cells) {
                return Ok(());
            }
            cells.iter_mut().for_each(String::clear);
        }
        current = Some(row);
        if cells.len() <= column {
            cells.resize_with(column + 1, String::new);
        }
        if let Some(place) = cells.get_mut(column) {
            write(cell.get_value(), place);
        }
    }
    if let Some(last) = current {
        take(u64::from(last) + 1, &cells);
    }
    Ok(())
}

/// What the workbook's reader answers, as a sentence where it fails.
///
/// On some damaged workbooks that library panics (it multiplies a row number of twenty digits, for one).  A file must not
/// bring the program down, so a panic counts as a failure; nothing that was touched by it is used afterwards.
fn guarded<T>(read: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, String> {
    let why = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it is damaged".to_owned(),
    };
    Err(format!("the workbook cannot be read: {why}; open it in Excel and save it again"))
}

/// A cell as a text file would have it: numbers in the fewest digits that mean the same, days as 2017-08-31.
fn write(value: &DataRef<'_>, place: &mut String) {
    use std::fmt::Write;

    let written = match value {
        DataRef::Int(number) => write!(place, "{number}"),
        DataRef::Float(number) => write!(place, "{number}"),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            place.write_str(text)
        }
        DataRef::SharedString(text) => place.write_str(text),
        DataRef::Bool(truth) => write!(place, "{truth}"),
        DataRef::DateTime(moment) => match moment.as_datetime() {
            Some(moment) if moment.time() == NaiveTime::MIN => write!(place, "{}", moment.date()),
            Some(moment) => write!(place, "{moment}"),
            None => write!(place, "{}", moment.as_f64()),
        },
        DataRef::Error(error) => write!(place, "{error}"),
        DataRef::Empty => Ok(()),
    };
    // Writing to a String does not fail.
    debug_assert!(written.is_ok());
}
