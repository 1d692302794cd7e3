//! One box for everything: a number, a postcode, or a name.

use kernel::Urn;
use projections::schools::{LaEstab, Row, postcode_of};
use rusqlite::types::Value;

use crate::columns::Misfit;
use crate::list::Condition;
use crate::names::Typed;
use crate::{Failure, Filter, Page, ReadStore, Sort, columns};

impl ReadStore {
    /// Schools that fit what somebody typed: a URN (six digits, or five), a LAESTAB (seven, with or without its slash), a
    /// UKPRN (eight), a postcode (with or without its space), or a name; at most `limit` of them, and how many there are.
    ///
    /// Names are found and ranked as in [`ReadStore::schools`] by [`Filter::name`].
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn search(&self, text: &str, limit: usize) -> Result<Page, Failure> {
        let text = text.trim();
        let number: Option<(&str, Value)> = if let Ok(urn) = text.parse::<Urn>() {
            Some(("urn", Value::from(urn.number())))
        } else if let Ok(laestab) = text.parse::<LaEstab>() {
            Some(("laestab", Value::from(laestab.to_string())))
        } else if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Some(("ukprn", Value::from(text.to_owned())))
        } else {
            postcode_of(text).map(|postcode| ("postcode", Value::from(postcode)))
        };
        if let Some((column, value)) = number {
            let found = Condition { sql: format!("{column} = ?1"), values: vec![value] };
            let page = self.page(&found, "status IS 'closed', sought, urn", limit, 0)?;
            if page.total > 0 {
                return Ok(page);
            }
        }
        if Typed::of(text).is_none() {
            return Ok(Page { total: 0, schools: Vec::new() });
        }
        let filter = Filter { name: Some(text.to_owned()), ..Filter::default() };
        self.schools(&filter, Sort::Name, limit, 0)
    }

    /// The rows of schools, in the order given.  (Sorting URNs and fetching the few rows shown is much faster than sorting
    /// whole rows.)
    pub(crate) fn rows_of(&self, urns: impl IntoIterator<Item = u32>) -> Result<Vec<Row>, Misfit> {
        let mut fetch = self.connection.prepare_cached("SELECT * FROM schools WHERE urn = ?1")?;
        urns.into_iter().map(|urn| fetch.query_row([urn], |row| Ok(columns::read(row)))?).collect()
    }
}
