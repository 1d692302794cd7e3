//! One box for everything: a number, a postcode, or part of a name.

use kernel::Urn;
use projections::schools::{LaEstab, Row, postcode_of, sought};
use rusqlite::{ToSql, params_from_iter};

use crate::columns::Misfit;
use crate::{Failure, ReadStore, columns};

impl ReadStore {
    /// Schools that fit what somebody typed: a URN (six digits, or five), a LAESTAB (seven, with or without its slash), a
    /// UKPRN (eight), a postcode (with or without its space), or parts of a name, in any order, whatever its capitals,
    /// accents and apostrophes.
    ///
    /// Names that begin with the text stand first, then those with a word that does; in each group open schools stand
    /// before closed ones.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Row>, Failure> {
        let text = text.trim();
        let number: Option<(&str, Box<dyn ToSql>)> = if let Ok(urn) = text.parse::<Urn>() {
            Some(("urn", Box::new(urn.number())))
        } else if let Ok(laestab) = text.parse::<LaEstab>() {
            Some(("laestab", Box::new(laestab.to_string())))
        } else if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Some(("ukprn", Box::new(text.to_owned())))
        } else {
            postcode_of(text).map(|postcode| ("postcode", Box::new(postcode) as Box<dyn ToSql>))
        };
        if let Some((column, value)) = number {
            let sql = format!(
                "SELECT urn FROM schools WHERE {column} = ?1 ORDER BY {CLOSED}, sought, urn LIMIT ?2"
            );
            let found = self.school_rows(&sql, &[value.as_ref(), &limit_of(limit)])?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.named(&sought(text), limit)
    }

    fn named(&self, plain: &str, limit: usize) -> Result<Vec<Row>, Failure> {
        if plain.is_empty() {
            return Ok(Vec::new());
        }
        let (filter, mut values) = name_filter(plain, 3);
        values.insert(0, format!("{}%", like(plain)));
        values.insert(1, format!("% {}%", like(plain)));
        let sql = format!(
            "SELECT urn FROM schools WHERE {filter}
             ORDER BY {CLOSED}, CASE WHEN sought LIKE ?1 ESCAPE '\\' THEN 0 WHEN sought LIKE ?2 ESCAPE '\\' THEN 1 ELSE 2 END,
             sought, urn LIMIT {}",
            limit_of(limit)
        );
        let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
        self.school_rows(&sql, &values)
    }

    /// The rows of the schools whose URNs a query gives, in its order.  (Sorting URNs and fetching the few rows shown is much
    /// faster than sorting whole rows.)
    pub(crate) fn school_rows(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
    ) -> Result<Vec<Row>, Failure> {
        let found = || -> Result<Vec<Row>, Misfit> {
            let mut select = self.connection.prepare_cached(sql)?;
            let mut fetch =
                self.connection.prepare_cached("SELECT * FROM schools WHERE urn = ?1")?;
            let mut urns = select.query(params_from_iter(values))?;
            let mut found = Vec::new();
            while let Some(urn) = urns.next()? {
                found.push(
                    fetch.query_row([urn.get::<_, i64>(0)?], |row| Ok(columns::read(row)))??,
                );
            }
            Ok(found)
        };
        found().map_err(Failure::row("schools", &self.file))
    }
}

/// 1 for a school that closed, 0 for one that is open or of which nothing is known.
const CLOSED: &str = "(status IS NOT NULL AND status = 'closed')";

/// Every word occurs in the name.  Words of three letters and more are found by their groups of three first.  The
/// parameters are numbered from `first` on.
fn name_filter(plain: &str, first: usize) -> (String, Vec<String>) {
    let (mut filters, mut values) = name_condition(plain, first);
    for word in plain.split(' ') {
        // `sought` holds letters, digits and spaces only, so there is nothing to escape in a word of it; the groups are
        // asked for one by one, because the index does not keep where they stand.
        let letters: Vec<char> = word.chars().collect();
        let groups: Vec<String> = letters
            .windows(3)
            .map(|group| format!("\"{}\"", group.iter().collect::<String>()))
            .collect();
        if !groups.is_empty() {
            filters.push(format!(
                "urn IN (SELECT rowid FROM school_names WHERE school_names MATCH ?{})",
                first + values.len()
            ));
            values.push(groups.join(" AND "));
        }
    }
    (filters.join(" AND "), values)
}

/// The same by looking at every name: as fast where other columns must be looked at anyway, as in lists.
pub(crate) fn name_condition(plain: &str, first: usize) -> (Vec<String>, Vec<String>) {
    let words: Vec<String> = plain.split(' ').map(str::to_owned).collect();
    let filters =
        (first..).take(words.len()).map(|at| format!("instr(sought, ?{at}) > 0")).collect();
    (filters, words)
}

fn like(plain: &str) -> String {
    plain.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(crate) fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
