//! A table of any form: finds its header, knows its columns by name, and hands over its rows one by one.

use std::collections::HashMap;

use kernel::Urn;
use sha2::{Digest, Sha256};

use crate::header::{Header, Layout};
use crate::reading::{Fault, Faults, Findings, shown};
use crate::text::{Form, decode, form};
use crate::{File, sheet};

/// Lines that may stand before the header: a title, a date, notes.
const BEFORE_HEADER: usize = 10;

/// The cells of one line, in the order of the file.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'r> {
    Record(&'r csv::StringRecord),
    Cells(&'r [String]),
}

/// One row below the header.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    pub(crate) line: u64,
    fields: Fields<'r>,
    header: &'r Header,
}

/// What was read besides the rows themselves.
pub(crate) struct Told {
    pub(crate) layout: String,
    pub(crate) findings: Findings,
}

/// Reads a whole file, and hands each row that is not blank to `each`, in order.
///
/// # Errors
/// Where it is not a table of this layout at all.  Faults in rows are among the findings.
pub(crate) fn read(
    file: &File,
    layout: &Layout,
    each: impl FnMut(Row<'_>, &mut Findings),
) -> Result<Told, Faults> {
    let whole_file = |sentence| Faults::whole_file(&file.name, sentence);
    let mut table = Table {
        layout,
        header: None,
        before: vec![],
        blank: 0,
        findings: Findings::default(),
        each,
    };
    match form(file).map_err(whole_file)? {
        Form::Text => table.take_text(file)?,
        Form::Workbook => {
            sheet::rows(file, layout, |line, cells| table.take(line, Fields::Cells(cells)))
                .map_err(whole_file)?;
        }
    }
    table.told(file)
}

/// Takes a row whose school must not occur twice: the same again is a repeat, anything else a fault that names both lines.
pub(crate) fn admit<T>(
    rows: &mut Vec<T>,
    first: &mut HashMap<Urn, (usize, u64)>,
    row: Row<'_>,
    (urn, urn_column): (Urn, usize),
    value: T,
    same: impl Fn(&T, &T) -> bool,
    findings: &mut Findings,
) {
    match first.get(&urn) {
        None => {
            first.insert(urn, (rows.len(), row.line));
            rows.push(value);
        }
        Some(&(index, line)) if rows.get(index).is_some_and(|known| same(known, &value)) => {
            findings.repeat(row.line, line);
        }
        Some(&(_, line)) => {
            findings.counts.contradicting += 1;
            row.fault(
                findings,
                urn_column,
                &format!("new here: line {line} says something else of the same school"),
            );
        }
    }
}

struct Table<'l, E> {
    layout: &'l Layout,
    header: Option<Header>,
    /// Lines read while the header was not found yet.
    before: Vec<(u64, Vec<String>)>,
    /// Rows without any content: sheets are full of them.
    blank: u64,
    findings: Findings,
    each: E,
}

impl<E: FnMut(Row<'_>, &mut Findings)> Table<'_, E> {
    fn take_text(&mut self, file: &File) -> Result<(), Faults> {
        let whole_file = |sentence: String| Faults::whole_file(&file.name, sentence);
        let decoded = decode(&file.bytes).map_err(whole_file)?;
        if let Some(encoding) = decoded.encoding {
            self.findings.note(0, format!("the file is not UTF-8; read as {encoding}"));
        }
        let text = decoded.text.as_ref();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut last = (0, 0);
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    return Err(whole_file(format!("it cannot be read as a table: {error}")));
                }
            }
            let (line, byte) = begins(text, record.position());
            last = (line, byte);
            if !self.take(line, Fields::Record(&record)) {
                return Ok(());
            }
        }
        let (line, byte) = last;
        if ends_within_quotes(text.get(byte..).unwrap_or_default()) {
            self.findings.fault(Fault::sentence(
                line,
                "a quotation mark opened here is never closed, so all that follows was taken for one cell",
            ));
        }
        Ok(())
    }

    /// Answers whether it is worth going on.
    fn take(&mut self, line: u64, fields: Fields<'_>) -> bool {
        if fields.are_blank() {
            self.blank += u64::from(self.header.is_some());
            return true;
        }
        let Some(header) = &self.header else {
            let cells: Vec<String> = fields.iter().map(|cell| cell.trim().to_owned()).collect();
            if self.layout.begins_with_key(&cells) {
                self.header = Some(Header::new(self.layout, line, cells));
                return true;
            }
            self.before.push((line, cells));
            return self.before.len() < BEFORE_HEADER;
        };
        self.findings.counts.read += 1;
        let width = header.printed.len();
        let surplus = fields.iter().skip(width).any(|cell| !cell.trim().is_empty());
        if (surplus || fields.len() < width) && matches!(fields, Fields::Record(_)) {
            self.findings.fault(Fault::sentence(
                line,
                format!("the line has {} fields, where the header has {width}", fields.len()),
            ));
            return true;
        }
        (self.each)(Row { line, fields, header }, &mut self.findings);
        true
    }

    fn told(mut self, file: &File) -> Result<Told, Faults> {
        let Some(header) = self.header else {
            return Err(self.layout.not_found(file, &self.before));
        };
        let faults = header.faults(self.layout);
        if !faults.is_empty() {
            return Err(Faults { file: file.name.clone(), faults, more: 0 });
        }
        if self.findings.counts.read == 0 {
            return Err(Faults::whole_file(&file.name, "there is a header, but no row below it"));
        }
        for (line, text) in header.notes(self.layout) {
            self.findings.note(line, text);
        }
        for (line, cells) in &self.before {
            let title = cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
            self.findings.note(*line, format!("before the header, not read: `{}`", shown(title)));
        }
        if self.blank > 0 {
            self.findings.note(0, format!("{} blank rows", self.blank));
        }
        let names = header.printed.join("\u{1f}");
        let fingerprint = crate::file::hex(&Sha256::digest(names.as_bytes())[..6]);
        let layout =
            format!("{}, {} columns, header {fingerprint}", self.layout.what, header.printed.len());
        Ok(Told { layout, findings: self.findings })
    }
}

/// Where a record's own text begins, the empty lines before it passed over: its line, and the byte.
fn begins(text: &str, position: Option<&csv::Position>) -> (u64, usize) {
    let (line, byte) = position.map_or((0, 0), |at| (at.line(), at.byte() as usize));
    let rest = text.as_bytes().get(byte..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| **byte == b'\n').count();
    (line + empty as u64, byte + empty)
}

/// Whether the file ends in the middle of a cell between quotation marks.
fn ends_within_quotes(record: &str) -> bool {
    let mut within = false;
    let mut starts = true;
    let mut letters = record.bytes().peekable();
    while let Some(letter) = letters.next() {
        match (within, letter) {
            (false, b'"') if starts => within = true,
            (true, b'"') if letters.peek() == Some(&b'"') => {
                letters.next();
            }
            (true, b'"') => within = false,
            _ => {}
        }
        starts = !within && (letter == b',' || letter == b'\n');
    }
    within
}

impl<'r> Fields<'r> {
    fn get(self, at: usize) -> &'r str {
        match self {
            Self::Record(record) => record.get(at).unwrap_or_default(),
            Self::Cells(cells) => cells.get(at).map_or("", String::as_str),
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Record(record) => record.len(),
            Self::Cells(cells) => cells.len(),
        }
    }

    fn iter(self) -> impl Iterator<Item = &'r str> {
        (0..self.len()).map(move |at| self.get(at))
    }

    fn are_blank(self) -> bool {
        self.iter().all(|cell| cell.trim().is_empty())
    }
}

impl<'r> Row<'r> {
    /// The cell of a column of the layout, without the spaces around it; `None` where the file has no such column.
    pub(crate) fn cell(self, column: usize) -> Option<&'r str> {
        let at = self.header.at.get(column).copied().flatten()?;
        Some(self.fields.get(at).trim())
    }

    /// The same, and `None` where the cell is blank too.
    pub(crate) fn filled(self, column: usize) -> Option<&'r str> {
        self.cell(column).filter(|text| !text.is_empty())
    }

    /// A column of the layout as this file calls it; empty where it has no such column.
    pub(crate) fn name(self, column: usize) -> String {
        self.header.name(column)
    }

    pub(crate) fn text(self, column: usize) -> Option<String> {
        self.filled(column).map(str::to_owned)
    }

    /// A cell that must be something: what it is not is a fault.
    pub(crate) fn required<T>(
        self,
        findings: &mut Findings,
        column: usize,
        parse: impl FnOnce(&str) -> Option<T>,
        expected: &str,
    ) -> Option<T> {
        let value = parse(self.cell(column).unwrap_or_default());
        if value.is_none() {
            self.fault(findings, column, expected);
        }
        value
    }

    /// A cell that may be blank or of a column that the file has not.
    pub(crate) fn optional<T>(
        self,
        findings: &mut Findings,
        column: usize,
        parse: impl FnOnce(&str) -> Option<T>,
        expected: &str,
    ) -> Option<T> {
        let value = parse(self.filled(column)?);
        if value.is_none() {
            self.fault(findings, column, expected);
        }
        value
    }

    /// A cell in which a blank means something; only a column that is not there is `None`.
    pub(crate) fn coded<T>(
        self,
        findings: &mut Findings,
        column: usize,
        parse: impl FnOnce(&str) -> Option<T>,
        expected: &str,
    ) -> Option<T> {
        let value = parse(self.cell(column)?);
        if value.is_none() {
            self.fault(findings, column, expected);
        }
        value
    }

    pub(crate) fn fault(self, findings: &mut Findings, column: usize, expected: &str) {
        findings.fault(Fault {
            line: self.line,
            column: self.name(column),
            value: shown(self.cell(column).unwrap_or_default()),
            expected: expected.to_owned(),
        });
    }
}
