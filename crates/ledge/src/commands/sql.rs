//! `ledge sql`: anybody's questions, read-only.

use std::path::Path;

use anyhow::Context;
use app::{Failure, Folder};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};
use serde_json::{Map, Value, json};

use super::desk;
use super::interruptible::{Waiting, interruptible};
use crate::cli::{Global, Sql};
use crate::outcome::Outcome;
use crate::output::{document, lines, table};

pub(crate) async fn run(global: &Global, asked: Sql) -> anyhow::Result<Outcome> {
    let global = global.clone();
    interruptible(move |waiting| select(&global, &asked, waiting)).await
}

fn select(global: &Global, asked: &Sql, waiting: &Waiting) -> anyhow::Result<Outcome> {
    let connection = read_models(global, asked.from.as_deref())?;
    waiting.ends(connection.get_interrupt_handle());
    if asked.journal {
        attach_journal(&connection, global)?;
    }
    let mut select = prepared(&connection, &asked.query)?;
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

/// The live read models, or those of a file that was replayed; read-only.
pub(super) fn read_models(global: &Global, from: Option<&Path>) -> anyhow::Result<Connection> {
    let Some(file) = from else {
        return Ok(desk(global)?.read_store().read_only().map_err(Failure::from)?);
    };
    Ok(read_store::read_only(file).map_err(|failure| match failure {
        read_store::Failure::NotReadModels { .. } => {
            Failure::Refused(format!("{} is not a file that `ledge replay` wrote", file.display()))
        }
        read_store::Failure::File { source, .. } => {
            Failure::Unreadable { path: file.display().to_string(), source }
        }
        failure => failure.into(),
    })?)
}

pub(super) fn attach_journal(connection: &Connection, global: &Global) -> anyhow::Result<()> {
    let folder = Folder::at(&global.folder());
    // Says so, in the office's words, where there is none.
    drop(folder.reader()?);
    connection
        .execute("ATTACH ?1 AS journal", [uri(&folder.journal)])
        .context("attaching the journal")?;
    Ok(())
}

/// The file's address, to be read only.  What has a meaning of its own in an address is written as what it is.
fn uri(path: &Path) -> String {
    let path = path.display().to_string();
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?mode=ro")
}

/// A query that only reads.  (One that writes would fail, and may have made an empty file before.)
pub(super) fn prepared<'a>(
    connection: &'a Connection,
    query: &str,
) -> Result<Statement<'a>, Failure> {
    let select = connection.prepare(query).map_err(refused)?;
    if !select.readonly() {
        return Err(Failure::Refused(
            "that is no SELECT: the read models can be asked, and not written".to_owned(),
        ));
    }
    Ok(select)
}

/// What SQLite says to a person's query.
pub(super) fn refused(why: rusqlite::Error) -> Failure {
    Failure::Refused(format!("SQLite says: {why}"))
}

/// A value as JSON has it; bytes as hexadecimal digits.
pub(super) fn value(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => json!(hexadecimal(bytes)),
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn shown(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_part_of_an_address_but_itself() {
        let address = uri(Path::new("odd/q?x#y%41/journal.sqlite"));
        assert_eq!(address, "file:odd/q%3fx%23y%2541/journal.sqlite?mode=ro");
    }
}
