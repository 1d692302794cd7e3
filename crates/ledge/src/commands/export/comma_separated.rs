//! CSV as RFC 4180 has it: lines end with CR LF, the first has the names, and where there is no value there is nothing.

use std::borrow::Cow;
use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::commands::sql::{hexadecimal, refused};
use crate::commands::target::Target;

/// With these a spreadsheet begins a formula, or what turns into one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Without it, spreadsheets take UTF-8 for the machine's old code page.
const IS_UTF8: &[u8] = b"\xef\xbb\xbf";

pub(in crate::commands) struct CommaSeparated {
    writer: Writer<Target>,
    columns: usize,
    read_by: ReadBy,
}

/// What opens the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::commands) enum ReadBy {
    /// Takes every value as it stands.
    Program,
    /// Takes some texts for formulas.
    Spreadsheet,
}

impl From<bool> for ReadBy {
    fn from(for_spreadsheets: bool) -> Self {
        if for_spreadsheets { Self::Spreadsheet } else { Self::Program }
    }
}

impl CommaSeparated {
    pub(in crate::commands) fn begin(
        mut target: Target,
        columns: &[String],
        read_by: ReadBy,
    ) -> anyhow::Result<Self> {
        if read_by == ReadBy::Spreadsheet {
            target.write_all(IS_UTF8)?;
        }
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(target);
        for column in columns {
            writer.write_field(read_by.guarded(column).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
        Ok(Self { writer, columns: columns.len(), read_by })
    }

    pub(super) fn write(&mut self, row: &Row<'_>) -> anyhow::Result<()> {
        for column in 0..self.columns {
            match row.get_ref(column).map_err(refused)? {
                ValueRef::Null => self.writer.write_field("")?,
                ValueRef::Integer(number) => self.writer.write_field(number.to_string())?,
                ValueRef::Real(number) => self.writer.write_field(number.to_string())?,
                ValueRef::Text(text) => {
                    let text = String::from_utf8_lossy(text);
                    self.writer.write_field(self.read_by.guarded(&text).as_bytes())?;
                }
                ValueRef::Blob(bytes) => self.writer.write_field(hexadecimal(bytes))?,
            }
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// A row of texts.
    pub(in crate::commands) fn texts(
        &mut self,
        row: impl IntoIterator<Item = String>,
    ) -> anyhow::Result<()> {
        for text in row {
            self.writer.write_field(self.read_by.guarded(&text).as_bytes())?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    pub(in crate::commands) fn end(self) -> anyhow::Result<Target> {
        self.writer.into_inner().map_err(|failure| failure.into_error().into())
    }
}

impl ReadBy {
    /// A text that no spreadsheet reads as more than a text.
    fn guarded(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Spreadsheet if text.starts_with(FORMULA) => Cow::Owned(format!("'{text}")),
            Self::Spreadsheet | Self::Program => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_spreadsheet_would_calculate_is_guarded_and_only_for_one() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("-0.25", "'-0.25"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("St Mary's", "St Mary's"),
            ("1=1", "1=1"),
            ("", ""),
        ] {
            assert_eq!(ReadBy::Spreadsheet.guarded(text), guarded);
            assert_eq!(ReadBy::Program.guarded(text), text);
        }
    }
}
