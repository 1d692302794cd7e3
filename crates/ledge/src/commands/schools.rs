//! `ledge schools`: find schools.

mod sheet;

use kernel::SchoolKind;
use projections::schools::Row;
use read_store::{Filter, Page, Sort as By};
use schools::Register;

use self::sheet::Found;
use super::desk;
use crate::cli::{Global, Schools, Sort};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines, table};

pub(crate) fn run(global: &Global, asked: &Schools) -> anyhow::Result<Outcome> {
    let filter = filter(asked)?;
    let desk = desk(global)?;
    let read = desk.read_store();
    let page = match (&asked.text, is_only_a_search(asked)) {
        (Some(text), true) => read.search(text, asked.limit).map_err(app::Failure::from)?,
        _ => {
            read.schools(&filter, asked.sort.into(), asked.limit, 0).map_err(app::Failure::from)?
        }
    };
    if global.json {
        document(&Found::of(&page))?;
    } else {
        tell(&page)?;
    }
    Ok(Outcome::Done)
}

/// With nothing but a text, the text is one of a school's identifiers or a part of its name, and open schools come
/// first; with filters it is part of a name.
fn is_only_a_search(asked: &Schools) -> bool {
    asked.grade.is_none()
        && asked.kind.is_none()
        && asked.local_authority.is_none()
        && asked.progress8_from.is_none()
        && asked.sort == Sort::Name
}

fn filter(asked: &Schools) -> anyhow::Result<Filter> {
    let kind = asked
        .kind
        .as_deref()
        .map(|code| SchoolKind::from_code(&code.to_uppercase()))
        .transpose()
        .map_err(|why| app::Failure::Refused(why.to_string()))?;
    Ok(Filter {
        name: asked.text.clone(),
        kinds: kind.into_iter().collect(),
        left_out: if asked.closed { vec![] } else { vec![Register::Closed] },
        local_authority: asked.local_authority.clone(),
        grades: asked.grade.into_iter().collect(),
        progress8_from: asked.progress8_from,
        ..Filter::default()
    })
}

impl From<Sort> for By {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Name => Self::Name,
            Sort::Urn => Self::Urn,
            Sort::Grade => Self::Grade,
            Sort::Progress8 => Self::Progress8,
        }
    }
}

fn tell(page: &Page) -> anyhow::Result<()> {
    if page.total == 0 {
        return lines("No school on record fits.");
    }
    if !page.schools.is_empty() {
        let rows = page.schools.iter().map(row);
        lines(table(
            &["URN", "school", "kind", "town", "grade", "Progress 8", "status"],
            &[4, 5],
            rows,
        ))?;
    }
    lines(format!("{} of {}.", grouped(page.schools.len() as u64), counted(page.total, "school")))
}

/// What fits a screen of eighty columns; `--json` has everything.
fn row(school: &Row) -> Vec<String> {
    let status = school.status.map(|status| status.to_string().replace('_', " "));
    let successor = school.successor.map(|successor| format!("now {successor}"));
    let status: Vec<String> = status.into_iter().chain(successor).collect();
    vec![
        school.urn.to_string(),
        school.name.clone().unwrap_or_else(|| "(no name on record)".to_owned()),
        school.kind.map_or_else(String::new, |kind| kind.to_string()),
        school.town.clone().unwrap_or_default(),
        school.grade.map_or_else(String::new, |grade| grade.number().to_string()),
        school.progress8.map_or_else(String::new, |score| score.to_string()),
        status.join("; "),
    ]
}
