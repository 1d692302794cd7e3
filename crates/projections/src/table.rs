use serde::Serialize;
use serde::de::DeserializeOwned;

/// One table of the read models, as anybody's SQL sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Table {
    pub name: &'static str,
    /// The columns that tell one row from another.
    pub key: &'static [&'static str],
    /// `CREATE TABLE`, with a remark on every column.
    pub ddl: &'static str,
    /// `CREATE INDEX` statements: a rebuild makes them last.
    pub indexes: &'static [&'static str],
}

/// A row whose fields, in order, are the columns of its table.
pub trait TableRow: Serialize + DeserializeOwned {
    const TABLE: Table;
}

/// Where changed rows are written.
pub trait Sink {
    type Error;

    /// Writes a row, in place of the row with the same key where the table has a key.
    ///
    /// # Errors
    /// Whatever keeps the store from writing.
    fn put<R: TableRow>(&mut self, row: &R) -> Result<(), Self::Error>;
}

/// Where rows are found that were written before and are no longer in memory.
pub trait Past {
    type Error;

    /// The rows whose `column` holds `key`, in order of position.
    ///
    /// # Errors
    /// Whatever keeps the store from reading.
    fn rows<R: TableRow>(
        &mut self,
        column: &'static str,
        key: Key<'_>,
    ) -> Result<Vec<R>, Self::Error>;
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Key<'a> {
    Number(u32),
    Text(&'a str),
}

/// Nothing was ever written.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPast;

impl Past for NoPast {
    type Error = std::convert::Infallible;

    fn rows<R: TableRow>(&mut self, _: &'static str, _: Key<'_>) -> Result<Vec<R>, Self::Error> {
        Ok(Vec::new())
    }
}
