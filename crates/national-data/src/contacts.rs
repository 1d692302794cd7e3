//! The office's own list of the people it deals with at schools.

use std::collections::HashMap;

use chrono::NaiveDate;
use contacts::details::Detail;
use contacts::{Details, Role};
use kernel::Urn;

use crate::File;
use crate::cells::{A_DATE, A_URN, date, urn};
use crate::header::{Layout, optional, required};
use crate::reading::{Faults, Reading};
use crate::table::read;

/// Somebody in a role at a school.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContactRow {
    pub urn: Urn,
    pub role: Role,
    pub details: Details,
    /// The first day, where the list says it.
    pub from: Option<NaiveDate>,
    /// Counted from 1, the header included.
    pub line: u64,
}

pub(crate) const CONTACTS: Layout = Layout {
    what: "list of contacts",
    columns: &[
        required(&["urn"]),
        required(&["role"]),
        required(&["name"]),
        required(&["email"]),
        optional(&["phone"]),
        optional(&["salutation"]),
        optional(&["from"]),
    ],
};

const URN: usize = 0;
const ROLE: usize = 1;
const NAME: usize = 2;
const EMAIL: usize = 3;
const PHONE: usize = 4;
const SALUTATION: usize = 5;
const FROM: usize = 6;

const A_ROLE: &str = "a role: head, main or finance";

/// Reads `urn,role,name,email`, and `phone`, `salutation` and `from` where they are there.  Every fault of every row is
/// told, with line and column.
///
/// # Errors
/// All that is wrong with the file.
pub fn contacts(file: &File) -> Result<Reading<ContactRow>, Faults> {
    let mut rows: Vec<ContactRow> = vec![];
    let mut first: HashMap<(Urn, Role, Option<NaiveDate>), usize> = HashMap::new();
    let told = read(file, &CONTACTS, |row, findings| {
        let urn = row.required(findings, URN, urn, A_URN);
        let role = row.required(findings, ROLE, role, A_ROLE);
        let from = row.optional(findings, FROM, date, A_DATE);
        let cell = |column| row.cell(column).unwrap_or_default();
        let details =
            Details::of(cell(NAME), cell(EMAIL), Some(cell(PHONE)), Some(cell(SALUTATION)));
        let details = match details {
            Ok(details) => details,
            Err(misfits) => {
                for misfit in misfits {
                    row.fault(findings, column(misfit.detail), misfit.expected);
                }
                return;
            }
        };
        let (Some(urn), Some(role)) = (urn, role) else { return };
        if row.filled(FROM).is_some() && from.is_none() {
            return;
        }
        match first.get(&(urn, role, from)).and_then(|at| rows.get_mut(*at)) {
            Some(before) if before.details.same_person() == details.same_person() => {
                let line = before.line;
                match before.details.join(&details) {
                    Ok(()) => findings.repeat(row.line, line),
                    Err(detail) => {
                        let expected = format!(
                            "what line {line} says of the same person, or an empty cell, which means that it is not known"
                        );
                        row.fault(findings, column(detail), &expected);
                    }
                }
            }
            Some(before) => {
                let expected = format!(
                    "another role, school or first day: line {} has somebody else there",
                    before.line
                );
                row.fault(findings, ROLE, &expected);
            }
            None => {
                first.insert((urn, role, from), rows.len());
                rows.push(ContactRow { urn, role, details, from, line: row.line });
            }
        }
    })?;
    told.findings.conclude(&file.name, told.layout, rows)
}

fn role(text: &str) -> Option<Role> {
    text.to_lowercase().parse().ok()
}

fn column(detail: Detail) -> usize {
    match detail {
        Detail::Name => NAME,
        Detail::Email => EMAIL,
        Detail::Phone => PHONE,
        Detail::Salutation => SALUTATION,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: &str) -> File {
        File::from_bytes("contacts.csv", format!("urn,role,name,email,phone,from\n{lines}"))
    }

    #[test]
    fn people_are_read_with_their_roles() {
        let read = contacts(&file(
            "100003,Head,Ann Hill,ann@hill.example,020 7946 0000,2018-09-01\n\
             100003,finance,Bo Lee,bo@hill.example,,\n\
             100003,finance,Bo Lee,bo@hill.example,,\n",
        ))
        .unwrap();
        let told: Vec<(Role, &str, Option<String>)> = read
            .rows
            .iter()
            .map(|row| (row.role, row.details.name.as_str(), row.from.map(|day| day.to_string())))
            .collect();
        assert_eq!(
            told,
            [
                (Role::Head, "Ann Hill", Some("2018-09-01".to_owned())),
                (Role::Finance, "Bo Lee", None)
            ]
        );
        assert_eq!((read.rows[1].line, read.counts.repeated), (3, 1));
    }

    #[test]
    fn an_empty_cell_is_unknown_and_contradicts_no_other_line() {
        let said = "100003,head,Ann Hill,ann@hill.example,020 7946 0000,\n";
        let unsaid = "100003,head,Ann Hill,ann@hill.example,,\n";
        for lines in [[said, unsaid].concat(), [unsaid, said].concat()] {
            let read = contacts(&file(&lines)).unwrap();
            assert_eq!((read.rows.len(), read.counts.repeated), (1, 1));
            assert_eq!(read.rows[0].details.phone.as_deref(), Some("020 7946 0000"));
        }
        let other = said.replace("7946 0000", "7946 0001");
        let faults = contacts(&file(&[said, unsaid, &other].concat())).unwrap_err().faults;
        assert_eq!((faults.len(), faults[0].line, faults[0].column.as_str()), (1, 4, "phone"));
        assert!(faults[0].expected.contains("line 2"), "{}", faults[0].expected);
    }

    #[test]
    fn all_faults_are_told_at_once_with_line_and_column() {
        let faults = contacts(&file(
            "12,chief,,nobody,call me,1.9.18\n\
             100003,head,Ann Hill,ann@hill.example,,\n\
             100003,head,Bo Lee,bo@hill.example,,\n",
        ))
        .unwrap_err();
        let mut told: Vec<(u64, &str)> =
            faults.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
        told.sort_unstable();
        let expected = [
            (2, "email"),
            (2, "from"),
            (2, "name"),
            (2, "phone"),
            (2, "role"),
            (2, "urn"),
            (4, "role"),
        ];
        assert_eq!(told, expected);
    }
}
