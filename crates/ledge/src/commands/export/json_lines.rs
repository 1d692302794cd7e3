//! JSON Lines: one object a row, in UTF-8, with what there is no value for as null.

use std::io::Write;

use rusqlite::Row;
use serde::Serializer;
use serde::ser::SerializeMap;

use crate::commands::sql::{refused, value};
use crate::commands::target::Target;

pub(super) struct JsonLines {
    target: Target,
    columns: Vec<String>,
}

impl JsonLines {
    pub(super) fn begin(target: Target, columns: Vec<String>) -> Self {
        Self { target, columns }
    }

    pub(super) fn write(&mut self, row: &Row<'_>) -> anyhow::Result<()> {
        let mut line = serde_json::Serializer::new(&mut self.target);
        // In the order of the columns, which a map of serde_json's own would not keep.
        let mut object = line.serialize_map(Some(self.columns.len()))?;
        for (at, column) in self.columns.iter().enumerate() {
            object.serialize_entry(column, &value(row.get_ref(at).map_err(refused)?))?;
        }
        object.end()?;
        Ok(self.target.write_all(b"\n")?)
    }

    pub(super) fn end(self) -> Target {
        self.target
    }
}
