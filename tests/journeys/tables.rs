//! Read models held against those of another journal, which came to the same events in another order or at another time.

use std::collections::BTreeMap;
use std::path::Path;

use app::{Folder, no_progress};
use projections::TABLES;
use read_store::ReadStore;
use rusqlite::types::ValueRef;

/// By table, each row as text.
pub(crate) type Tables = BTreeMap<&'static str, Vec<String>>;

/// What says where and when an event stands in its own journal.
const OF_THE_JOURNAL: [&str; 12] = [
    // Chance, or sealed by it.
    "person",
    "sealed",
    "calls_for",
    "position",
    "recorded_at",
    "left_at",
    "opened_at",
    "verdict_at",
    "renewal_refused_at",
    "version",
    "reacted_to",
    "raised_at",
];

/// Every table of a folder's read models, brought up to its journal: the rows as text, in their own order.
#[track_caller]
pub(crate) fn tables(folder: &Path) -> Tables {
    drop(app::Desk::open(folder, app::clock::wall(), &no_progress).unwrap());
    let store = ReadStore::open(&Folder::at(folder).read_models).unwrap();
    let connection = store.read_only().unwrap();
    let mut tables = BTreeMap::new();
    for table in &TABLES {
        let mut select = connection.prepare(&format!("SELECT * FROM {}", table.name)).unwrap();
        let columns: Vec<(usize, String)> = select
            .column_names()
            .map(str::to_owned)
            .enumerate()
            .filter(|(_, name)| !OF_THE_JOURNAL.contains(&name.as_str()))
            .collect();
        let mut found = select.query([]).unwrap();
        let mut rows = vec![];
        while let Some(row) = found.next().unwrap() {
            let cells = columns
                .iter()
                .map(|(at, name)| format!("{name}={}", shown(row.get_ref(*at).unwrap())));
            rows.push(cells.collect::<Vec<_>>().join(" | "));
        }
        rows.sort_unstable();
        tables.insert(table.name, rows);
    }
    tables
}

/// Says the first rows that only one of the two has.
#[track_caller]
pub(crate) fn assert_same_tables(these: &Tables, those: &Tables) {
    assert!(these.values().any(|rows| !rows.is_empty()), "nothing to compare");
    for (table, rows) in these {
        let others = &those[table];
        let only = |rows: &[String], others: &[String]| -> Vec<String> {
            let missing = rows.iter().filter(|row| others.binary_search(row).is_err());
            missing.take(3).cloned().collect()
        };
        assert!(
            rows == others,
            "{table}: {} rows and {} rows\nonly here: {:#?}\nonly there: {:#?}",
            rows.len(),
            others.len(),
            only(rows, others),
            only(others, rows),
        );
    }
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{bytes:?}"),
    }
}
