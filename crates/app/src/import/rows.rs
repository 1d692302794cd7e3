//! Reads a file into rows, each with what its school is asked to take down.

use chrono::NaiveDate;
use national_data::{Faults, File, Note};
use schools::national_data::Rows;
use schools::school::Command;
use schools::{Details, Register};

use super::{Read, Row, What};
use crate::dates;

pub(super) fn read(
    file: &File,
    what: What,
    published: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Read, Faults> {
    let dated = || published.or_else(|| dates::in_name(&file.name)).unwrap_or(today);
    Ok(match what {
        What::Ks4(release) => {
            let public_from = published.unwrap_or_else(|| dates::of_release(release));
            let mut reading = national_data::ks4(file, release, public_from)?;
            reading.notes.extend(missing(&reading.rows));
            read_as(reading, Some(public_from), |row| Row {
                urn: row.urn,
                line: row.results.source.line,
                commands: vec![
                    Command::Register {
                        details: as_a_table_says(row.details),
                        public_from,
                        source: row.results.source.clone(),
                    },
                    Command::RecordResults(row.results),
                ],
            })
        }
        What::Ofsted => {
            let reading = national_data::ofsted(file)?;
            read_as(reading, None, |row| Row {
                urn: row.urn,
                line: row.inspections.first().map_or(0, |inspection| inspection.source.line),
                commands: vec![Command::RecordInspections(row.inspections)],
            })
        }
        What::Register => {
            let public_from = dated();
            let reading = national_data::register(file, public_from)?;
            read_as(reading, Some(public_from), |row| register_row(row, public_from))
        }
        What::Links => {
            let reading = national_data::links(file)?;
            read_as(reading, None, |row| Row {
                urn: row.successor,
                line: row.predecessor.source.line,
                commands: vec![Command::RecordPredecessors {
                    school: row.successor,
                    predecessors: vec![row.predecessor],
                }],
            })
        }
        What::Names => {
            let public_from = dated();
            read_as(national_data::names(file)?, Some(public_from), |row| {
                register_row(row, public_from)
            })
        }
        What::Locations => {
            let public_from = dated();
            read_as(national_data::locations(file)?, Some(public_from), |row| {
                register_row(row, public_from)
            })
        }
        What::Cover => read_as(national_data::cover(file)?, None, |row| Row {
            urn: row.urn,
            line: row.source.line,
            commands: vec![Command::RecordCover {
                from: row.from,
                until: row.until,
                via_trust: row.via_trust,
                source: row.source,
            }],
        }),
    })
}

/// Columns of a table that decisions need and the file does not have.
fn missing(rows: &[national_data::Ks4Row]) -> Vec<Note> {
    let absent = |is_there: fn(&national_data::Ks4Row) -> bool, text: &str| {
        (!rows.iter().any(is_there)).then(|| Note { line: 0, text: text.to_owned() })
    };
    let limits = absent(
        |row| row.results.figures.lower.is_some(),
        "the file has no confidence limits: whether results are significant cannot be decided on it (D2)",
    );
    let kinds = absent(
        |row| row.results.kind.is_some(),
        "the file does not say what kind of school each is: the threshold is taken over those whose kind another file says (D3)",
    );
    limits.into_iter().chain(kinds).collect()
}

/// The tables describe a school as it was in the September before the examinations, sixteen months before the final
/// release: that it was open then must not reopen one that the register has closed since.
fn as_a_table_says(details: Details) -> Details {
    Details { status: details.status.filter(|status| *status != Register::Open), ..details }
}

fn register_row(row: national_data::RegisterRow, public_from: NaiveDate) -> Row {
    let closed = (row.details.status == Some(Register::Closed)).then_some(row.details.closed_on);
    let (urn, line, source) = (row.urn, row.source.line, row.source);
    let mut commands =
        vec![Command::Register { details: row.details, public_from, source: source.clone() }];
    commands.extend(closed.map(|on| Command::Close { on, public_from, source }));
    Row { urn, line, commands }
}

fn read_as<T>(
    reading: national_data::Reading<T>,
    public_from: Option<NaiveDate>,
    row: impl FnMut(T) -> Row,
) -> Read {
    let counts = reading.counts;
    Read {
        layout: reading.layout,
        public_from,
        rows: reading.rows.into_iter().map(row).collect(),
        counts: Rows {
            read: counts.read,
            passed_over: counts.passed_over,
            repeated: counts.repeated,
            contradicting: counts.contradicting,
            ..Rows::default()
        },
        notes: reading.notes.iter().map(ToString::to_string).collect(),
    }
}
