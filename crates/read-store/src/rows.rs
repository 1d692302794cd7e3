//! Rows in and out of a file.

use std::path::Path;

use projections::{Key, Past, Sink, TableRow};
use rusqlite::{CachedStatement, Connection};

use crate::columns::{self, Misfit};
use crate::{Failure, schema};

/// Where changed rows are written: inside the transaction that the connection is in.
pub(crate) struct Rows<'c> {
    connection: &'c Connection,
    path: &'c Path,
    /// The statement of the table written last: rows come table by table.
    insert: Option<(&'static str, CachedStatement<'c>)>,
}

impl<'c> Rows<'c> {
    pub(crate) fn of(connection: &'c Connection, path: &'c Path) -> Self {
        Self { connection, path, insert: None }
    }

    fn try_put<R: TableRow>(&mut self, row: &R) -> Result<(), Misfit> {
        let table = R::TABLE.name;
        let insert = match &mut self.insert {
            Some((name, insert)) if *name == table => insert,
            other => {
                let columns = self
                    .connection
                    .prepare_cached(&format!("SELECT * FROM {table} LIMIT 0"))?
                    .column_count();
                let marks = vec!["?"; columns].join(",");
                let sql = format!("INSERT OR REPLACE INTO {table} VALUES ({marks})");
                &mut other.insert((table, self.connection.prepare_cached(&sql)?)).1
            }
        };
        columns::bind(row, insert)?;
        insert.raw_execute()?;
        Ok(())
    }
}

impl Sink for Rows<'_> {
    type Error = Failure;

    fn put<R: TableRow>(&mut self, row: &R) -> Result<(), Failure> {
        self.try_put(row).map_err(Failure::row(R::TABLE.name, self.path))
    }
}

/// Where rows are found that are in the file already.
pub(crate) struct Written<'c> {
    connection: &'c Connection,
    path: &'c Path,
    state: State,
}

/// What is known of the rows in the file without looking.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    /// The read models hold everything in memory that they have ever written: nothing needs to be looked up.
    AllInMemory,
    /// Rows are looked up, by their indexes.
    Indexed,
}

impl<'c> Written<'c> {
    pub(crate) fn in_file(connection: &'c Connection, path: &'c Path, state: State) -> Self {
        Self { connection, path, state }
    }

    /// Something was forgotten: from now on rows must be looked up, and for that the indexes must be there.
    pub(crate) fn must_be_looked_up(&mut self) -> Result<(), Failure> {
        if self.state == State::AllInMemory {
            schema::create_indexes(self.connection)
                .map_err(Failure::sqlite("make the indexes", self.path))?;
            self.state = State::Indexed;
        }
        Ok(())
    }
}

impl Past for Written<'_> {
    type Error = Failure;

    fn rows<R: TableRow>(&mut self, column: &'static str, key: Key<'_>) -> Result<Vec<R>, Failure> {
        if self.state == State::AllInMemory {
            return Ok(Vec::new());
        }
        let table = R::TABLE.name;
        let found = || -> Result<Vec<R>, Misfit> {
            // Rows of one table and key are few; their order is that of their positions.
            let sql = format!("SELECT * FROM {table} WHERE {column} = ?1 ORDER BY position");
            let mut select = self.connection.prepare_cached(&sql)?;
            match key {
                Key::Number(number) => select.raw_bind_parameter(1, number)?,
                Key::Text(text) => select.raw_bind_parameter(1, text)?,
            }
            let mut rows = select.raw_query();
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(columns::read(row)?);
            }
            Ok(found)
        };
        found().map_err(Failure::row(table, self.path))
    }
}

/// Every row that a query gives, to `f`.
pub(crate) fn each<R: TableRow>(
    connection: &Connection,
    path: &Path,
    end: &str,
    parameters: impl rusqlite::Params,
    mut f: impl FnMut(R),
) -> Result<(), Failure> {
    let table = R::TABLE.name;
    let walk = || -> Result<(), Misfit> {
        let mut select = connection.prepare_cached(&format!("SELECT * FROM {table} {end}"))?;
        let mut rows = select.query(parameters)?;
        while let Some(row) = rows.next()? {
            f(columns::read(row)?);
        }
        Ok(())
    };
    walk().map_err(Failure::row(table, path))
}
