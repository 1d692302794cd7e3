//! `ledge schools`: find schools.

use kernel::{Grade, SchoolKind};
use projections::schools::Row;
use read_store::{Filter, Page, Sort as By};
use schools::Register;

use super::desk;
use crate::cli::{Global, Schools, Sort};
use crate::outcome::Outcome;
use crate::output::{document, grouped, lines, table};

pub(crate) fn run(global: &Global, asked: &Schools) -> anyhow::Result<Outcome> {
    let filter = filter(asked)?;
    let desk = desk(global)?;
    let read = desk.read_store();
    let page = match (&asked.text, is_only_a_search(asked)) {
        (Some(text), true) => {
            let schools = read.search(text, asked.limit).map_err(app::Failure::from)?;
            Page { total: schools.len() as u64, schools }
        }
        _ => {
            read.schools(&filter, asked.sort.into(), asked.limit, 0).map_err(app::Failure::from)?
        }
    };
    if global.json {
        document(&page.schools)?;
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
    let grade = asked.grade.map(Grade::try_from).transpose()?;
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
        grades: grade.into_iter().collect(),
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
    if page.schools.is_empty() {
        return lines("No school on record fits.");
    }
    let rows = page.schools.iter().map(row);
    lines(
        table(
            &["URN", "school", "kind", "where", "grade", "Progress 8", "LAESTAB", "status"],
            &[5],
            rows,
        )
        .to_string(),
    )?;
    lines(format!("{} of {}.", grouped(page.schools.len() as u64), grouped(page.total)))
}

fn row(school: &Row) -> Vec<String> {
    let place = [&school.town, &school.postcode, &school.local_authority];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    let status = match (school.status, school.successor) {
        (Some(status), Some(successor)) => format!("{status}; now {successor}").replace('_', " "),
        (Some(status), None) => status.to_string().replace('_', " "),
        (None, Some(successor)) => format!("now {successor}"),
        (None, None) => String::new(),
    };
    vec![
        school.urn.to_string(),
        school.name.clone().unwrap_or_else(|| "(no name on record)".to_owned()),
        school.kind.map_or_else(String::new, |kind| kind.to_string()),
        place.join(", "),
        school.outcome.clone().unwrap_or_default(),
        school.progress8.map_or_else(String::new, |score| score.to_string()),
        school.laestab.map_or_else(String::new, |number| number.to_string()),
        status,
    ]
}
