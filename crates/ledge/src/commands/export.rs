//! `ledge export`: a table or a query, in a file that other programs read (R42, R43).

use std::path::Path;

use app::{Failure, Folder};
use projections::TABLES;
use rusqlite::{Connection, Row, Statement};
use serde_json::json;

use super::interruptible::{Waiting, interruptible};
use super::sql::{attach_journal, prepared, read_models, refused};
use super::target::{self, Readers, Target};
use crate::cli::{Export, Format, Global};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
use crate::progress::Bar;
use json_lines::JsonLines;
use parquet_file::ParquetFile;

pub(super) use comma_separated::{CommaSeparated, ReadBy};

mod comma_separated;
mod json_lines;
mod parquet_file;

/// Rows between two looks at whether anybody still waits.
const ROWS: u64 = 1_024;

/// More than these a spreadsheet does not open.
const SPREADSHEET: u64 = 1_048_576;

/// How rows are written.
enum Sheet {
    Csv(Box<CommaSeparated>),
    JsonLines(JsonLines),
    Parquet(Box<ParquetFile>),
}

pub(crate) async fn run(global: &Global, asked: Export) -> anyhow::Result<Outcome> {
    let global = global.clone();
    interruptible(move |waiting| export(&global, &asked, waiting)).await
}

fn export(global: &Global, asked: &Export, waiting: &Waiting) -> anyhow::Result<Outcome> {
    let format = format(global, asked)?;
    let folder = Folder::at(&global.folder());
    let target = Target::at(&asked.out, asked.force, &folder, Readers::Anybody)?;
    let connection = read_models(global, asked.from.as_deref())?;
    waiting.ends(connection.get_interrupt_handle());
    if asked.journal {
        attach_journal(&connection, global)?;
    }
    // What is looked at twice stays as it is in between.
    let _still = connection.unchecked_transaction()?;
    let bar = Bar::new(global);
    let (query, total) = query(&connection, asked)?;
    let mut select = prepared(&connection, &query)?;
    let columns = columns(&select)?;
    let mut sheet = match format {
        Format::Csv => Sheet::Csv(Box::new(CommaSeparated::begin(
            target,
            &columns,
            asked.for_spreadsheets.into(),
        )?)),
        Format::Jsonl => Sheet::JsonLines(JsonLines::begin(target, columns)),
        Format::Parquet => {
            let seen = parquet_file::seen(&connection)?;
            let kinds = parquet_file::kinds(&mut select, &columns)?;
            Sheet::Parquet(Box::new(ParquetFile::begin(target, &columns, kinds, &query, seen)?))
        }
    };
    let mut rows = select.query([]).map_err(refused)?;
    let mut done = 0;
    while let Some(row) = rows.next().map_err(refused)? {
        sheet.write(row)?;
        done += 1;
        if done % ROWS == 0 {
            bar.tell("exporting", done, total.unwrap_or(done).max(done));
            if waiting.goes_on().is_break() {
                // Nobody is told; the file that was begun is put away.
                return Ok(Outcome::Interrupted);
            }
        }
    }
    let bytes = sheet.end()?.keep()?;
    drop(bar);
    if asked.for_spreadsheets && done >= SPREADSHEET {
        tracing::warn!(
            rows = done,
            "a spreadsheet opens {SPREADSHEET} rows at most, the names among them"
        );
    }
    tell(global, &asked.out, format, done, bytes)?;
    Ok(Outcome::Done)
}

impl Sheet {
    fn write(&mut self, row: &Row<'_>) -> anyhow::Result<()> {
        match self {
            Self::Csv(sheet) => sheet.write(row),
            Self::JsonLines(sheet) => sheet.write(row),
            Self::Parquet(sheet) => sheet.write(row),
        }
    }

    fn end(self) -> anyhow::Result<Target> {
        match self {
            Self::Csv(sheet) => sheet.end(),
            Self::JsonLines(sheet) => Ok(sheet.end()),
            Self::Parquet(sheet) => sheet.end(),
        }
    }
}

/// As asked, or as the file's name ends.
fn format(global: &Global, asked: &Export) -> Result<Format, Failure> {
    let prints = target::is_standard_output(&asked.out);
    let end = asked.out.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let format = match (asked.format, end.as_str()) {
        (Some(format), _) => format,
        (None, _) if prints && global.json => Format::Jsonl,
        (None, _) if prints => Format::Csv,
        (None, "csv") => Format::Csv,
        (None, "parquet" | "pq") => Format::Parquet,
        (None, "jsonl" | "ndjson") => Format::Jsonl,
        (None, _) => {
            return Err(Failure::Refused(format!(
                "the name of {} does not say how it is to be written: name it .csv, .parquet or .jsonl, or say --format",
                asked.out.display()
            )));
        }
    };
    if prints && format == Format::Parquet {
        return Err(Failure::Refused(
            "Parquet has its table of contents at the end and is read from files: name one with --out".to_owned(),
        ));
    }
    if asked.for_spreadsheets && format != Format::Csv {
        return Err(Failure::Refused("--for-spreadsheets is about CSV".to_owned()));
    }
    Ok(format)
}

/// What is selected, and how many rows that is, where that is quickly known.
fn query(connection: &Connection, asked: &Export) -> anyhow::Result<(String, Option<u64>)> {
    let Some(name) = &asked.table else {
        return Ok((asked.query.clone().unwrap_or_default(), None));
    };
    let Some(table) = TABLES.iter().find(|table| table.name == name) else {
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        return Err(Failure::Refused(format!(
            "there is no table `{name}`; there are {}; anything else is a --query",
            names.join(", ")
        ))
        .into());
    };
    let count = format!("SELECT count(*) FROM {name}");
    let total = connection.query_row(&count, [], |row| row.get::<_, i64>(0)).map_err(refused)?;
    // By its key, so that two exports of the same rows are the same file.
    let query = format!("SELECT * FROM {name} ORDER BY {}", table.key.join(", "));
    Ok((query, Some(total.cast_unsigned())))
}

/// The names of the columns, each once.
fn columns(select: &Statement<'_>) -> Result<Vec<String>, Failure> {
    let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
    if columns.is_empty() {
        return Err(Failure::Refused("that is no SELECT: it answers no columns".to_owned()));
    }
    for (at, column) in columns.iter().enumerate() {
        if columns[..at].contains(column) {
            return Err(Failure::Refused(format!(
                "two columns are called `{column}`: call one of them otherwise, with AS"
            )));
        }
    }
    Ok(columns)
}

fn tell(global: &Global, out: &Path, format: Format, rows: u64, bytes: u64) -> anyhow::Result<()> {
    if target::is_standard_output(out) {
        return Ok(());
    }
    let file = out.display().to_string();
    if global.json {
        let format = match format {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Jsonl => "jsonl",
        };
        document(&json!({ "file": file, "format": format, "rows": rows, "bytes": bytes }))
    } else {
        lines(format!("{file} has {}, {} bytes.", counted(rows, "row"), grouped(bytes)))
    }
}
