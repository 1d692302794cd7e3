//! Between the fields of a row and the columns of its table: by position, without a word in between.

mod bind;
mod read;

use std::fmt::Display;

use rusqlite::types::Value;
use rusqlite::{Row, Statement};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A field that no column can hold, or a column that does not hold what the field is.
#[derive(Debug, thiserror::Error)]
pub enum Misfit {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Field(String),
}

impl serde::ser::Error for Misfit {
    fn custom<T: Display>(what: T) -> Self {
        Self::Field(what.to_string())
    }
}

impl serde::de::Error for Misfit {
    fn custom<T: Display>(what: T) -> Self {
        Self::Field(what.to_string())
    }
}

/// Binds the fields of `row`, in order, to the parameters of `statement`.
pub(crate) fn bind<R: Serialize>(row: &R, statement: &mut Statement<'_>) -> Result<(), Misfit> {
    row.serialize(bind::Fields { statement, index: 0 })
}

/// One field's value as it stands in a column, for a condition.
pub(crate) fn value<T: Serialize>(value: &T) -> Value {
    use serde_json::Value as Json;
    match serde_json::to_value(value) {
        Ok(Json::String(text)) => text.into(),
        Ok(Json::Number(number)) => number.as_i64().into(),
        Ok(Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) | Err(_) => Value::Null,
    }
}

/// Reads the columns of `row`, in order, as the fields of an `R`.
pub(crate) fn read<R: DeserializeOwned>(row: &Row<'_>) -> Result<R, Misfit> {
    R::deserialize(read::Columns { row, index: 0 })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use serde::Deserialize;

    use super::*;

    #[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        TwoWords,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Mixed {
        whole: i64,
        small: u8,
        text: String,
        none: Option<String>,
        some: Option<u32>,
        yes: bool,
        share: Option<f64>,
        word: Option<Word>,
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a, b, c, d, e, f, g, h)").unwrap();
        let row = Mixed {
            whole: -5,
            small: 7,
            text: "St George’s".into(),
            none: None,
            some: Some(9),
            yes: true,
            share: Some(2.0),
            word: Some(Word::TwoWords),
        };
        let mut insert = connection.prepare("INSERT INTO t VALUES (?,?,?,?,?,?,?,?)").unwrap();
        bind(&row, &mut insert).unwrap();
        insert.raw_execute().unwrap();
        let found: Mixed =
            connection.query_row("SELECT * FROM t", [], |row| Ok(read(row))).unwrap().unwrap();
        assert_eq!(found, row);
        let word: String = connection.query_row("SELECT h FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(word, "two_words");
    }

    #[test]
    fn a_column_that_does_not_fit_is_told() {
        let connection = Connection::open_in_memory().unwrap();
        let misfit = connection
            .query_row("SELECT 1, 300, 'x', NULL, 1, 1, 1.0, NULL", [], |row| {
                Ok(read::<Mixed>(row))
            })
            .unwrap()
            .unwrap_err();
        assert!(misfit.to_string().contains("300"), "{misfit}");
    }
}
