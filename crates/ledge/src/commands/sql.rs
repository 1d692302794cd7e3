//! `ledge sql`: anybody's questions, read-only.

use anyhow::Context;
use app::{Failure, Folder};
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

use super::desk;
use crate::cli::{Global, Sql};
use crate::outcome::Outcome;
use crate::output::{document, lines, table};

pub(crate) fn run(global: &Global, asked: &Sql) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let connection = desk.read_store().read_only().map_err(Failure::from)?;
    if asked.journal {
        let journal = Folder::at(&global.folder()).journal;
        let name = format!("file:{}?mode=ro", journal.display());
        connection.execute("ATTACH ?1 AS journal", [name]).context("attaching the journal")?;
    }
    let refused = |why: rusqlite::Error| Failure::Refused(format!("SQLite says: {why}"));
    let mut select = connection.prepare(&asked.query).map_err(refused)?;
    let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
    let mut rows = select.query([]).map_err(refused)?;
    let mut values = vec![];
    while let Some(row) = rows.next().map_err(refused)? {
        let cells: rusqlite::Result<Vec<Value>> =
            (0..columns.len()).map(|column| Ok(value(row.get_ref(column)?))).collect();
        values.push(cells.map_err(refused)?);
    }
    if global.json {
        let objects: Vec<Map<String, Value>> =
            values.into_iter().map(|cells| columns.iter().cloned().zip(cells).collect()).collect();
        document(&objects)?;
    } else {
        let head: Vec<&str> = columns.iter().map(String::as_str).collect();
        lines(table(&head, &[], values.iter().map(|cells| cells.iter().map(shown).collect())))?;
    }
    Ok(Outcome::Done)
}

fn value(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => {
            json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
    }
}

fn shown(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
