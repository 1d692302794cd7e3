//! Lists of schools, filtered and sorted.

use std::cmp::Ordering;

use kernel::{Grade, Progress8, SchoolKind};
use projections::schools::{Phase, Register, Row};
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde::Serialize;

use crate::columns::Misfit;
use crate::names::{Fit, Typed};
use crate::{Failure, ReadStore};

/// Which schools; an empty list, or `None`, leaves the column alone.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What somebody typed of the name, whatever its capitals, accents and apostrophes: every word of it begins a word of
    /// the name, in any order.  Where no name fits so, words of three letters and more may stand inside words.
    pub name: Option<String>,
    pub kinds: Vec<SchoolKind>,
    pub phases: Vec<Phase>,
    pub statuses: Vec<Register>,
    /// Statuses that are left out.  A school whose status no file says is not.
    pub left_out: Vec<Register>,
    /// A part of its name, or its number of three digits.
    pub local_authority: Option<String>,
    /// The overall grade of the newest graded inspection.
    pub grades: Vec<Grade>,
    /// The newest published Progress 8, both bounds inclusive.
    pub progress8_from: Option<Progress8>,
    pub progress8_to: Option<Progress8>,
}

/// What a list is sorted by.  Schools without a value stand last.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sort {
    /// Alphabetically; where the filter has a name: first those that have it as it was typed, then those with all its words,
    /// then those with parts; in each group open schools before closed ones.
    #[default]
    Name,
    Urn,
    /// The best first.
    Grade,
    /// The highest first.
    Progress8,
    /// The latest first.
    Inspected,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many schools the filter lets through.
    pub total: u64,
    pub schools: Vec<Row>,
}

/// Which rows of `schools`, in SQL.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// A school whose name fits, and what it is sorted by.
struct Named {
    fit: Fit,
    closed: bool,
    /// The lowest first.
    key: i64,
    /// Where the name begins among [`Fitting::names`], and where it ends.
    name: (usize, usize),
    urn: u32,
}

/// All schools whose names fit.
#[derive(Default)]
struct Fitting {
    schools: Vec<Named>,
    /// All their names, one after the other: a text of its own for each costs more than looking at it.
    names: String,
}

/// More candidates than these are not fetched one by one: looking at every name is faster.
const FEW: i64 = 1_000;

impl ReadStore {
    /// The schools that `filter` lets through, sorted: `limit` of them from the `offset`th on, counted from 0; with a limit
    /// of 0 only how many there are.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn schools(
        &self,
        filter: &Filter,
        sort: Sort,
        limit: usize,
        offset: usize,
    ) -> Result<Page, Failure> {
        let condition = Condition::of(filter);
        if let Some(typed) = filter.name.as_deref().and_then(Typed::of) {
            return self.named(&typed, condition, sort, limit, offset);
        }
        let order = match sort {
            Sort::Name => "sought IS NULL, sought, urn",
            Sort::Urn => "urn",
            Sort::Grade => "grade IS NULL, grade, sought, urn",
            Sort::Progress8 => "progress8 IS NULL, progress8 DESC, sought, urn",
            Sort::Inspected => "inspected_on IS NULL, inspected_on DESC, sought, urn",
        };
        self.page(&condition, order, limit, offset)
    }

    /// Sorted by SQLite, which has indexes for some orders.
    pub(crate) fn page(
        &self,
        condition: &Condition,
        order: &str,
        limit: usize,
        offset: usize,
    ) -> Result<Page, Failure> {
        let Condition { sql: condition, values } = condition;
        let page = || -> Result<Page, Misfit> {
            let _one_position = self.connection.unchecked_transaction()?;
            let mut count = self
                .connection
                .prepare_cached(&format!("SELECT count(*) FROM schools WHERE {condition}"))?;
            let total = count.query_row(params_from_iter(values), |row| row.get(0))?;
            let mut select = self.connection.prepare_cached(&format!(
                "SELECT urn FROM schools WHERE {condition} ORDER BY {order} LIMIT {} OFFSET {}",
                signed(limit),
                signed(offset)
            ))?;
            let urns: rusqlite::Result<Vec<u32>> =
                select.query_map(params_from_iter(values), |row| row.get(0))?.collect();
            Ok(Page { total, schools: self.rows_of(urns?)? })
        };
        page().map_err(Failure::row("schools", &self.file))
    }

    /// Ranked here: one look at each name says whether and how well it fits, and only the rows of the page are fetched.
    fn named(
        &self,
        typed: &Typed,
        mut condition: Condition,
        sort: Sort,
        limit: usize,
        offset: usize,
    ) -> Result<Page, Failure> {
        let mut page = || -> Result<Page, Misfit> {
            let _one_position = self.connection.unchecked_transaction()?;
            if let Some(groups) = typed.groups()
                && self.are_few(&groups)?
            {
                let groups = condition.with(groups);
                condition.sql.push_str(&format!(
                    " AND urn IN (SELECT rowid FROM school_names WHERE school_names MATCH {groups})"
                ));
            }
            let Fitting { schools: mut found, names } = self.fitting(typed, &condition, sort)?;
            let total = found.len() as u64;
            let end = offset.saturating_add(limit).min(found.len());
            let order = |one: &Named, other: &Named| one.order(other, &names, sort);
            if (1..found.len()).contains(&end) {
                found.select_nth_unstable_by(end - 1, order);
            }
            found.truncate(end);
            found.sort_unstable_by(order);
            let urns = found.iter().skip(offset).map(|named| named.urn);
            Ok(Page { total, schools: self.rows_of(urns)? })
        };
        page().map_err(Failure::row("schools", &self.file))
    }

    fn are_few(&self, groups: &str) -> rusqlite::Result<bool> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM school_names WHERE school_names MATCH ?1 LIMIT ?2)";
        let mut count = self.connection.prepare_cached(sql)?;
        count.query_row((groups, FEW + 1), |row| Ok(row.get::<_, i64>(0)? <= FEW))
    }

    /// All schools with a name that fits.  Names that fit in parts of words only are left out when others do better.
    fn fitting(
        &self,
        typed: &Typed,
        condition: &Condition,
        sort: Sort,
    ) -> rusqlite::Result<Fitting> {
        let key = match sort {
            Sort::Name | Sort::Urn => "0",
            Sort::Grade => "grade",
            Sort::Progress8 => "-progress8",
            Sort::Inspected => "-CAST(replace(inspected_on, '-', '') AS INTEGER)",
        };
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT urn, sought, status IS 'closed', {key} FROM schools WHERE sought IS NOT NULL AND {}",
            condition.sql
        ))?;
        let mut rows = select.query(params_from_iter(&condition.values))?;
        let mut found = Fitting::default();
        let mut least = Fit::Parts;
        while let Some(row) = rows.next()? {
            let sought = row.get_ref(1)?.as_str()?;
            let Some(fit) = typed.fit(sought, least) else { continue };
            if fit < Fit::Parts && least == Fit::Parts {
                least = Fit::Words;
                found = Fitting::default();
            }
            let begin = found.names.len();
            found.names.push_str(sought);
            found.schools.push(Named {
                fit,
                closed: row.get(2)?,
                key: row.get::<_, Option<i64>>(3)?.unwrap_or(i64::MAX),
                name: (begin, found.names.len()),
                urn: row.get(0)?,
            });
        }
        Ok(found)
    }
}

impl Named {
    fn order(&self, other: &Self, names: &str, sort: Sort) -> Ordering {
        let name = |named: &Self| &names[named.name.0..named.name.1];
        let alphabetical = || name(self).cmp(name(other)).then_with(|| self.urn.cmp(&other.urn));
        match sort {
            Sort::Name => {
                (self.fit, self.closed).cmp(&(other.fit, other.closed)).then_with(alphabetical)
            }
            Sort::Urn => self.urn.cmp(&other.urn),
            Sort::Grade | Sort::Progress8 | Sort::Inspected => {
                self.key.cmp(&other.key).then_with(alphabetical)
            }
        }
    }
}

impl Condition {
    /// All of the filter but the name.
    fn of(filter: &Filter) -> Self {
        // A sentence that is always true, for filters that leave everything alone.
        let mut condition = Self { sql: "1".to_owned(), values: Vec::new() };
        let Filter {
            name: _,
            kinds,
            phases,
            statuses,
            left_out,
            local_authority,
            grades,
            progress8_from,
            progress8_to,
        } = filter;
        condition.any_of("kind", kinds);
        condition.any_of("phase", phases);
        condition.any_of("status", statuses);
        condition.none_of("status", left_out);
        condition.any_of("grade", grades);
        if let Some(authority) = local_authority {
            condition.of_authority(authority.trim());
        }
        for (bound, sign) in [(progress8_from, ">="), (progress8_to, "<=")] {
            if let Some(bound) = bound {
                let bound = condition.with(bound.hundredths());
                condition.and(&format!("progress8 {sign} {bound}"));
            }
        }
        condition
    }

    /// A local authority by its number, as a LAESTAB begins with it, or by a part of its name.  Where the name of a
    /// school's authority is not on record, that of any other school with the same number stands for it.
    fn of_authority(&mut self, authority: &str) {
        if authority.len() == 3 && authority.bytes().all(|byte| byte.is_ascii_digit()) {
            // The sign after the slash.
            let (from, to) =
                (self.with(format!("{authority}/")), self.with(format!("{authority}0")));
            return self.and(&format!("laestab >= {from} AND laestab < {to}"));
        }
        let escaped = authority.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let part = self.with(format!("%{escaped}%"));
        self.and(&format!(
            "(local_authority LIKE {part} ESCAPE '\\' OR (local_authority IS NULL AND substr(laestab, 1, 3) IN
             (SELECT substr(laestab, 1, 3) FROM schools WHERE local_authority LIKE {part} ESCAPE '\\')))"
        ));
    }

    fn any_of<T: Serialize>(&mut self, column: &str, any: &[T]) {
        if !any.is_empty() {
            let marks = self.marks(any);
            self.and(&format!("{column} IN ({marks})"));
        }
    }

    fn none_of<T: Serialize>(&mut self, column: &str, none: &[T]) {
        if !none.is_empty() {
            let marks = self.marks(none);
            self.and(&format!("({column} IS NULL OR {column} NOT IN ({marks}))"));
        }
    }

    /// Values are written as the rows are, so that nobody has to know twice how.
    fn marks<T: Serialize>(&mut self, values: &[T]) -> String {
        let marks: Vec<String> =
            values.iter().map(|value| self.with(crate::columns::value(value))).collect();
        marks.join(", ")
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// The parameter that stands for a value.
    fn with(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
