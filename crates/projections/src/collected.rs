//! Rows in memory, for tests: what a store would hold.

use std::collections::BTreeMap;
use std::convert::Infallible;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::{Evidence, Key, Past, ReadModels, Recorded, Sink, TABLES, TableRow};

/// The rows of each table as JSON objects, by their keys, in the order they were first written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Collected {
    tables: BTreeMap<&'static str, Vec<Value>>,
}

impl Collected {
    /// All rows that a history gives, written once.
    pub(crate) fn of(history: &[Recorded]) -> Self {
        Self::in_batches(history, history.len().max(1), usize::MAX)
    }

    /// All rows that a history gives, written every `size` events, with at most `keep` schools left in memory.
    pub(crate) fn in_batches(history: &[Recorded], size: usize, keep: usize) -> Self {
        let mut collected = Self::default();
        let mut models = ReadModels::default();
        for batch in history.chunks(size) {
            for recorded in batch {
                let Ok(()) = models.apply(recorded, &mut collected);
            }
            let Ok(()) = models.write(&mut collected);
            models.forget(keep);
        }
        collected
    }

    pub(crate) fn rows<R: TableRow>(&self) -> Vec<R> {
        let rows = self.tables.get(R::TABLE.name).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|row| serde_json::from_value(row.clone()).unwrap()).collect()
    }

    pub(crate) fn evidence(&self, as_at: NaiveDate, known_on: Option<DateTime<Utc>>) -> Evidence {
        let mut evidence = Evidence::new(as_at, known_on);
        self.rows().into_iter().for_each(|row| evidence.detail(row));
        self.rows().into_iter().for_each(|row| evidence.result(row));
        self.rows().into_iter().for_each(|row| evidence.inspection(row));
        self.rows().iter().for_each(|row| evidence.predecessor(row));
        self.rows().into_iter().for_each(|row| evidence.cover(row));
        self.rows().into_iter().for_each(|row| evidence.begun(row));
        self.rows().into_iter().for_each(|row| evidence.import(row));
        evidence
    }

    /// Every table in the order of its key, to compare.
    pub(crate) fn in_order(mut self) -> Self {
        for table in TABLES {
            if let Some(rows) = self.tables.get_mut(table.name) {
                rows.sort_by_key(|row| key(row, table.key));
            }
        }
        self
    }
}

/// Numbers padded, so that they compare as numbers.
fn key(row: &Value, columns: &[&str]) -> Vec<String> {
    columns
        .iter()
        .map(|column| match &row[*column] {
            Value::Number(number) => format!("{:>20}", number.to_string()),
            other => other.to_string(),
        })
        .collect()
}

impl Sink for Collected {
    type Error = Infallible;

    fn put<R: TableRow>(&mut self, row: &R) -> Result<(), Infallible> {
        let row = serde_json::to_value(row).unwrap();
        let rows = self.tables.entry(R::TABLE.name).or_default();
        let of = key(&row, R::TABLE.key);
        match rows.iter_mut().rev().find(|held| key(held, R::TABLE.key) == of) {
            Some(held) => *held = row,
            None => rows.push(row),
        }
        Ok(())
    }
}

impl Past for Collected {
    type Error = Infallible;

    fn rows<R: TableRow>(
        &mut self,
        column: &'static str,
        sought: Key<'_>,
    ) -> Result<Vec<R>, Infallible> {
        let sought = match sought {
            Key::Number(number) => Value::from(number),
            Key::Text(text) => Value::from(text),
        };
        let rows = self.tables.get(R::TABLE.name).map(Vec::as_slice).unwrap_or_default();
        Ok(rows
            .iter()
            .filter(|row| row[column] == sought)
            .map(|row| serde_json::from_value(row.clone()).unwrap())
            .collect())
    }
}
