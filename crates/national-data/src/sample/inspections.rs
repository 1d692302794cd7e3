use chrono::{Datelike, Days, NaiveDate};
use kernel::{Grade, RecordType, SchoolKind};

use super::dice::{Dice, Stream};
use super::school::{School, day};
use super::table::Table;

/// A line of the inspection history.
pub(super) struct Inspected {
    /// Its place among the schools.
    pub(super) school: usize,
    pub(super) on: NaiveDate,
    pub(super) grade: Grade,
    /// A better grade that the file prints for the same school and day.
    pub(super) also_printed: Option<Grade>,
    /// Printed twice.
    pub(super) repeated: bool,
}

impl Inspected {
    /// Reports come out four to eight weeks after the inspection.
    pub(super) fn published_on(&self) -> NaiveDate {
        let days = 28 + (self.school as i32 * 7 + self.on.num_days_from_ce()) % 29;
        later(self.on, days)
    }
}

/// The file's last inspections are later than any date that is reviewed: it is for the reader to stop where it must.
const FIRST: (i32, u32, u32) = (2005, 9, 12);
const LAST: (i32, u32, u32) = (2020, 1, 28);

/// The graded inspections of every school on its own URN, by URN and newest first.
///
/// `before_primaries` schools are not primaries; theirs are the same with and without them.
pub(super) fn history(seed: u64, schools: &[School], before_primaries: usize) -> Vec<Inspected> {
    let mut inspected = Vec::with_capacity(schools.len() * 4);
    let mut last_grades: Vec<Option<Grade>> = vec![None; schools.len()];
    let mut secondary = Dice::new(seed, Stream::Inspections);
    let mut primary = Dice::new(seed, Stream::PrimaryInspections);
    for (index, school) in schools.iter().enumerate() {
        let dice = if index < before_primaries { &mut secondary } else { &mut primary };
        if !is_inspected(school) {
            continue;
        }
        let inherited = match school.descent.as_slice() {
            [only] => last_grades[only.from],
            _ => None,
        };
        of_school(dice, index, school, inherited, &mut inspected);
        last_grades[index] = inspected
            .last()
            .filter(|last| last.school == index)
            .map(|last| last.grade)
            .or(inherited);
    }
    flaws(&mut secondary, schools, before_primaries, &mut inspected);
    inspected.sort_by_key(|line| (schools[line.school].urn, std::cmp::Reverse(line.on)));
    inspected
}

/// Independent schools and colleges are in other files, and what is no school is in none.
fn is_inspected(school: &School) -> bool {
    !matches!(
        school.kind,
        SchoolKind::IND | SchoolKind::INDSPEC | SchoolKind::FESI | SchoolKind::Other
    )
}

fn of_school(
    dice: &mut Dice,
    index: usize,
    school: &School,
    inherited: Option<Grade>,
    inspected: &mut Vec<Inspected>,
) {
    let first = day(FIRST.0, FIRST.1, FIRST.2);
    let last = day(LAST.0, LAST.1, LAST.2);
    let last = school.closed.map_or(last, |closed| closed.min(last));
    let mut on = match school.opened.filter(|opened| *opened > first) {
        None => later(first, dice.between(0, 42 * 30)),
        Some(opened) => later(opened, 30 * until_first(dice, school, inherited)),
    };
    while on <= last {
        let grade = drawn(dice, school);
        let on_a_school_day = school_day(on);
        if on_a_school_day <= last {
            inspected.push(Inspected {
                school: index,
                on: on_a_school_day,
                grade,
                also_printed: None,
                repeated: false,
            });
        }
        on = later(on, 30 * until_next(dice, grade, on.year()));
    }
}

/// Months from the opening of a new URN to its first inspection.  A converted school that was good is left alone for
/// long, and an outstanding one was exempt.
fn until_first(dice: &mut Dice, school: &School, inherited: Option<Grade>) -> i32 {
    match (school.kind, inherited) {
        (SchoolKind::ACC, Some(Grade::Outstanding)) => dice.between(30, 110),
        (SchoolKind::ACC, Some(Grade::Good)) => dice.between(17, 56),
        (SchoolKind::ACC | SchoolKind::ACCS, _) => dice.between(13, 40),
        _ => dice.between(13, 35),
    }
}

fn until_next(dice: &mut Dice, grade: Grade, year: i32) -> i32 {
    match grade {
        Grade::Outstanding if year >= 2011 => dice.between(48, 150),
        Grade::Outstanding => dice.between(36, 66),
        Grade::Good => dice.between(32, 60),
        Grade::RequiresImprovement => dice.between(17, 34),
        Grade::Inadequate => dice.between(12, 28),
    }
}

fn drawn(dice: &mut Dice, school: &School) -> Grade {
    let score = 0.8 * school.quality + 0.6 * dice.normal();
    if score > 1.03 {
        Grade::Outstanding
    } else if score > -0.46 {
        Grade::Good
    } else if score > -1.34 {
        Grade::RequiresImprovement
    } else {
        Grade::Inadequate
    }
}

fn later(on: NaiveDate, days: i32) -> NaiveDate {
    on.checked_add_days(Days::new(u64::from(days.unsigned_abs()))).unwrap_or(NaiveDate::MAX)
}

/// Inspectors come on Tuesdays to Thursdays, and never in August.
fn school_day(on: NaiveDate) -> NaiveDate {
    let on = if on.month() == 8 { later(on, 40) } else { on };
    match on.weekday().num_days_from_monday() {
        0 => later(on, 1),
        away @ 4..=6 => later(on, 8 - away as i32),
        _ => on,
    }
}

/// What is wrong in the file, as it was published: lines printed twice, and one day with two grades.
fn flaws(dice: &mut Dice, schools: &[School], before_primaries: usize, lines: &mut [Inspected]) {
    let own: Vec<usize> = (0..lines.len())
        .filter(|index| {
            let line = &lines[*index];
            line.school < before_primaries
                && schools[line.school].record_type == Some(RecordType::Mainstream)
        })
        .collect();
    if own.is_empty() {
        return;
    }
    for _ in 0..2 + own.len() / 30_000 {
        let line = own[dice.below(own.len() as u32) as usize];
        lines[line].repeated = true;
    }
    let poor = own
        .iter()
        .find(|line| lines[**line].grade == Grade::RequiresImprovement && !lines[**line].repeated);
    if let Some(line) = poor {
        lines[*line].also_printed = Some(Grade::Good);
    }
}

/// Ofsted's word on that day.
fn word(grade: Grade, on: NaiveDate) -> &'static str {
    match grade {
        Grade::Outstanding => "Outstanding",
        Grade::Good => "Good",
        Grade::RequiresImprovement if on < day(2012, 9, 1) => "Satisfactory",
        Grade::RequiresImprovement => "Requires Improvement",
        Grade::Inadequate => "Inadequate",
    }
}

/// `URN,Rating,Inspection Date`, as the file of 2018 has it.
pub(super) fn table<'a>(
    schools: &[School],
    history: impl Iterator<Item = &'a Inspected>,
) -> String {
    let mut table = Table::new("\r\n");
    table.row(["URN", "Rating", "Inspection Date"]);
    for line in history {
        let urn = schools[line.school].urn.to_string();
        let on = line.on.format("%Y%m%d").to_string();
        let mut write = |grade| table.row([urn.as_str(), word(grade, line.on), on.as_str()]);
        line.also_printed.into_iter().for_each(&mut write);
        write(line.grade);
        if line.repeated {
            write(line.grade);
        }
    }
    table.into_text()
}

/// The inspections whose reports came out in a month, in columns of the management information, with its title.
pub(super) fn month<'a>(
    schools: &[School],
    published: impl Iterator<Item = &'a Inspected>,
    as_at: NaiveDate,
) -> String {
    let mut table = Table::new("\r\n");
    let title = format!("Management information - schools - as at {}", as_at.format("%d %B %Y"));
    table.row([title.as_str(), "", "", "", "", ""]);
    table.row([
        "URN",
        "School name",
        "Local authority",
        "Inspection start date",
        "Publication date",
        "Overall effectiveness",
    ]);
    let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    for line in published {
        let school = &schools[line.school];
        table.row([
            school.urn.to_string().as_str(),
            &school.name,
            school.authority().name,
            &shown(line.on),
            &shown(line.published_on()),
            &u8::from(line.grade).to_string(),
        ]);
    }
    table.into_text()
}
