use std::cmp::Ordering;
use std::path::Path;

use projections::{TABLES, Table};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Rows};

use crate::Failure;

/// Where two files of read models differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub table: &'static str,
    /// The row's key, as `urn 100003, position 17`.
    pub key: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The row is in the first file only.
    OnlyInFirst,
    /// The row is in the second file only.
    OnlyInSecond,
    /// The values as SQLite has them, however long: whoever tells them shortens them.
    Column { column: String, first: Value, second: Value },
}

/// Every difference between two files of read models, table by table; none, and they say the same.
///
/// # Errors
/// A file cannot be read, or has other tables.
pub fn compare(first: &Path, second: &Path) -> Result<Vec<Difference>, Failure> {
    between(&open(first)?, &open(second)?, second)
}

pub(crate) fn open(path: &Path) -> Result<Connection, Failure> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(Failure::sqlite("open a file to compare", path))
}

/// The differences between two open files, each as it stands now, whoever goes on writing.
pub(crate) fn between(
    one: &Connection,
    other: &Connection,
    path: &Path,
) -> Result<Vec<Difference>, Failure> {
    let compare = || -> rusqlite::Result<Vec<Difference>> {
        let mut differences = Vec::new();
        let (_one, _other) = (one.unchecked_transaction()?, other.unchecked_transaction()?);
        for table in &TABLES {
            differing(table, one, other, &mut differences)?;
        }
        Ok(differences)
    };
    compare().map_err(Failure::sqlite("compare the read models", path))
}

fn differing(
    table: &Table,
    one: &Connection,
    other: &Connection,
    differences: &mut Vec<Difference>,
) -> rusqlite::Result<()> {
    let columns: Vec<String> = one
        .prepare(&format!("SELECT * FROM {} LIMIT 0", table.name))?
        .column_names()
        .map(str::to_owned)
        .collect();
    let keys: Vec<usize> = table
        .key
        .iter()
        .filter_map(|key| columns.iter().position(|column| column == key))
        .collect();
    let sql = format!("SELECT * FROM {} ORDER BY {}", table.name, table.key.join(", "));
    let (mut left, mut right) = (one.prepare(&sql)?, other.prepare(&sql)?);
    let (mut left, mut right) = (left.query([])?, right.query([])?);
    let named = |row: &[Value], what: What| {
        let key: Vec<String> =
            keys.iter().map(|at| format!("{} {}", columns[*at], shown(&row[*at]))).collect();
        Difference { table: table.name, key: key.join(", "), what }
    };

    let mut first = next(&mut left, columns.len())?;
    let mut second = next(&mut right, columns.len())?;
    loop {
        let order = match (&first, &second) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(first), Some(second)) => keys
                .iter()
                .map(|at| order(&first[*at], &second[*at]))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal),
        };
        if let Some(row) = first.as_ref().filter(|_| order.is_lt()) {
            differences.push(named(row, What::OnlyInFirst));
        }
        if let Some(row) = second.as_ref().filter(|_| order.is_gt()) {
            differences.push(named(row, What::OnlyInSecond));
        }
        if let (Some(first), Some(second), Ordering::Equal) = (&first, &second, order) {
            for ((column, first_value), second_value) in columns.iter().zip(first).zip(second) {
                if first_value != second_value {
                    differences.push(named(
                        first,
                        What::Column {
                            column: column.clone(),
                            first: first_value.clone(),
                            second: second_value.clone(),
                        },
                    ));
                }
            }
        }
        if order.is_le() {
            first = next(&mut left, columns.len())?;
        }
        if order.is_ge() {
            second = next(&mut right, columns.len())?;
        }
    }
}

fn next(rows: &mut Rows<'_>, columns: usize) -> rusqlite::Result<Option<Vec<Value>>> {
    rows.next()?.map(|row| (0..columns).map(|column| row.get(column)).collect()).transpose()
}

/// As SQLite orders the values of keys, which are numbers and texts.
fn order(first: &Value, second: &Value) -> Ordering {
    match (first, second) {
        (Value::Integer(first), Value::Integer(second)) => first.cmp(second),
        (Value::Text(first), Value::Text(second)) => first.cmp(second),
        (Value::Integer(_), _) => Ordering::Less,
        (_, Value::Integer(_)) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// `schools urn 100003: name is Hill Top in the first, Hilltop in the second`
impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: ", self.table, self.key)?;
        match &self.what {
            What::OnlyInFirst => f.write_str("only in the first"),
            What::OnlyInSecond => f.write_str("only in the second"),
            What::Column { column, first, second } => {
                write!(
                    f,
                    "{column} is {} in the first, {} in the second",
                    shown(first),
                    shown(second)
                )
            }
        }
    }
}
