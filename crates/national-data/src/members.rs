//! The office's own list of memberships from before this system, under their true dates (R38).

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};

use crate::File;
use crate::cells::{A_DATE, A_URN, date, urn};
use crate::header::{Layout, optional, required};
use crate::reading::{Faults, Reading};
use crate::table::read;

/// One spell of membership of the network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MemberRow {
    pub urn: Urn,
    /// The first day.
    pub from: NaiveDate,
    pub spell: Spell,
    /// Counted from 1, the header included.
    pub line: u64,
}

/// How far a membership goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Spell {
    /// It ended; the last day is included.
    Over { until: NaiveDate, reason: String },
    /// It runs on to the end of a Leading Edge year.
    Running { year: LeadingEdgeYear },
}

pub(crate) const MEMBERS: Layout = Layout {
    what: "list of memberships",
    columns: &[
        required(&["urn"]),
        required(&["from"]),
        required(&["until"]),
        required(&["reason"]),
        optional(&["year"]),
    ],
};

const URN: usize = 0;
const FROM: usize = 1;
const UNTIL: usize = 2;
const REASON: usize = 3;
const YEAR: usize = 4;

const A_YEAR: &str = "a Leading Edge year: two years in a row, such as 2019-20";

/// Reads `urn,from,until,reason,year`.  A membership that is over has `until` and `reason`; one that runs on leaves
/// `until` blank and names the `year` to the end of which it runs.  A school may have several.
///
/// # Errors
/// All that is wrong with the file.
pub fn members(file: &File) -> Result<Reading<MemberRow>, Faults> {
    let mut rows = vec![];
    let mut first = HashMap::new();
    let told = read(file, &MEMBERS, |row, findings| {
        let urn = row.required(findings, URN, urn, A_URN);
        let from = row.required(findings, FROM, date, A_DATE);
        let until = row.optional(findings, UNTIL, date, A_DATE);
        let year = row.optional(findings, YEAR, |text| text.parse().ok(), A_YEAR);
        let reason = row.text(REASON);
        let (is_over, runs) = (row.filled(UNTIL).is_some(), row.filled(YEAR).is_some());
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            return row.fault(findings, UNTIL, &format!("a day on or after the first ({from})"));
        }
        if is_over && runs {
            return row.fault(findings, YEAR, "blank, where `until` says when it ended");
        }
        if !is_over && !runs {
            let expected = "the last day, and `year` does not say to the end of which year it runs";
            return row.fault(findings, UNTIL, expected);
        }
        if is_over && reason.is_none() {
            return row.fault(findings, REASON, "why it ended, in a few words");
        }
        let spell = match (until, reason, year) {
            (Some(until), Some(reason), _) => Spell::Over { until, reason },
            (_, reason, Some(year)) => {
                if reason.is_some() {
                    findings.note(row.line, "the reason is not kept: the membership runs on");
                }
                Spell::Running { year }
            }
            _ => return,
        };
        let (Some(urn), Some(from)) = (urn, from) else { return };
        if let Some(before) = first.insert((urn, from, until, year), row.line) {
            return findings.repeat(row.line, before);
        }
        rows.push(MemberRow { urn, from, spell, line: row.line });
    })?;
    told.findings.conclude(&file.name, told.layout, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: &str) -> File {
        File::from_bytes("members.csv", format!("urn,from,until,reason,year\n{lines}"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_membership_is_over_for_a_reason_or_runs_to_the_end_of_a_year() {
        let read = members(&file(
            "100003,2005-04-01,2010-03-31,its own wish,\n100003,01/04/2015,,,2018-19\n",
        ))
        .unwrap();
        let spells: Vec<(NaiveDate, &Spell)> =
            read.rows.iter().map(|row| (row.from, &row.spell)).collect();
        let over = Spell::Over { until: day("2010-03-31"), reason: "its own wish".into() };
        let running = Spell::Running { year: "2018-19".parse().unwrap() };
        assert_eq!(spells, [(day("2005-04-01"), &over), (day("2015-04-01"), &running)]);
        assert_eq!(read.rows[1].line, 3);
    }

    #[test]
    fn a_file_without_a_year_is_of_memberships_that_are_over() {
        let text = "urn,from,until,reason\n100003,2005-04-01,2010-03-31,closed\n";
        assert_eq!(members(&File::from_bytes("m.csv", text)).unwrap().rows.len(), 1);
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_column() {
        let faults = members(&file(
            "1,2005-04-01,2010-03-31,left,\n\
             100003,2005-04-01,2004-03-31,left,\n\
             100003,2005-04-01,2010-03-31,,\n\
             100003,2005-04-01,,,\n\
             100003,soon,,,2018\n\
             100003,2005-04-01,2010-03-31,left,2018-19\n",
        ))
        .unwrap_err();
        let places: Vec<(u64, &str, &str)> = faults
            .faults
            .iter()
            .map(|fault| (fault.line, fault.column.as_str(), fault.value.as_str()))
            .collect();
        let expected = [
            (2, "urn", "1"),
            (3, "until", "2004-03-31"),
            (4, "reason", ""),
            (5, "until", ""),
            (6, "from", "soon"),
            (6, "year", "2018"),
            (7, "year", "2018-19"),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn a_line_that_is_there_twice_is_one_membership() {
        let line = "100003,2005-04-01,2010-03-31,left,\n";
        let read = members(&file(&line.repeat(2))).unwrap();
        assert_eq!((read.rows.len(), read.counts.repeated), (1, 1));
    }
}
