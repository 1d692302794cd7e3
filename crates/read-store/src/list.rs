//! Lists of schools, filtered and sorted.

use kernel::{Grade, Progress8, SchoolKind};
use projections::schools::{Phase, Register, Row, sought};
use rusqlite::ToSql;

use serde::Serialize;

use crate::search::{limit_of, name_condition};
use crate::{Failure, ReadStore};

/// Which schools; an empty list, or `None`, leaves the column alone.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Parts of the name, in any order.
    pub name: Option<String>,
    pub kinds: Vec<SchoolKind>,
    pub phases: Vec<Phase>,
    pub statuses: Vec<Register>,
    /// Statuses that are left out.  A school whose status no file says is not.
    pub left_out: Vec<Register>,
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

impl ReadStore {
    /// The schools that `filter` lets through, sorted: `limit` of them from the `offset`th on, counted from 0.
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
        let (condition, values) = condition(filter);
        let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
        let order = match sort {
            Sort::Name => "sought IS NULL, sought, urn",
            Sort::Urn => "urn",
            Sort::Grade => "grade IS NULL, grade, sought, urn",
            Sort::Progress8 => "progress8 IS NULL, progress8 DESC, sought, urn",
            Sort::Inspected => "inspected_on IS NULL, inspected_on DESC, sought, urn",
        };
        let count = format!("SELECT count(*) FROM schools WHERE {condition}");
        let total = self
            .connection
            .prepare_cached(&count)
            .and_then(|mut select| select.query_row(values.as_slice(), |row| row.get::<_, i64>(0)))
            .map(i64::cast_unsigned)
            .map_err(Failure::sqlite("count the schools", &self.file))?;
        let sql = format!(
            "SELECT urn FROM schools WHERE {condition} ORDER BY {order} LIMIT {} OFFSET {}",
            limit_of(limit),
            limit_of(offset)
        );
        Ok(Page { total, schools: self.school_rows(&sql, &values)? })
    }
}

fn condition(filter: &Filter) -> (String, Vec<Box<dyn ToSql>>) {
    let mut conditions = vec!["1".to_owned()];
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    if let Some(name) = &filter.name
        && let plain = sought(name)
        && !plain.is_empty()
    {
        let (names_fit, names) = name_condition(&plain, 1);
        conditions.extend(names_fit);
        values.extend(names.into_iter().map(|name| Box::new(name) as Box<dyn ToSql>));
    }
    any_of("kind", &filter.kinds, &mut conditions, &mut values);
    any_of("phase", &filter.phases, &mut conditions, &mut values);
    any_of("status", &filter.statuses, &mut conditions, &mut values);
    if !filter.left_out.is_empty() {
        any_of("status", &filter.left_out, &mut conditions, &mut values);
        if let Some(left_out) = conditions.pop() {
            conditions.push(format!("(status IS NULL OR NOT {left_out})"));
        }
    }
    any_of("grade", &filter.grades, &mut conditions, &mut values);
    if let Some(authority) = &filter.local_authority {
        values.push(Box::new(authority.clone()));
        conditions.push(format!("local_authority = ?{} COLLATE NOCASE", values.len()));
    }
    for (bound, sign) in [(filter.progress8_from, ">="), (filter.progress8_to, "<=")] {
        if let Some(bound) = bound {
            values.push(Box::new(bound.hundredths()));
            conditions.push(format!("progress8 {sign} ?{}", values.len()));
        }
    }
    (conditions.join(" AND "), values)
}

/// Values are written as the rows are, so that nobody has to know twice how.
fn any_of<T: Serialize>(
    column: &str,
    any: &[T],
    conditions: &mut Vec<String>,
    values: &mut Vec<Box<dyn ToSql>>,
) {
    if any.is_empty() {
        return;
    }
    let mut marks = Vec::new();
    for value in any {
        values.push(crate::columns::value(value));
        marks.push(format!("?{}", values.len()));
    }
    conditions.push(format!("{column} IN ({})", marks.join(", ")));
}
