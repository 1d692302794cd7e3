use kernel::{AcademicYear, Cell, Progress8, Release, Standing, Withheld};

use super::authorities::AUTHORITIES;
use super::results::{Row, Sheet};
use super::school::{Closing, Faith, Gender, School};
use super::table::Table;
use super::totals::Totals;

/// One release as a file: which columns it has, in the order of that year, and how it is written.
///
/// The provisional layout of 2016/17 is the published one; the others are the published order with the columns left out
/// that this sample has no figures for (the final tables of those years have between 400 and 500).
pub(super) struct Layout {
    pub(super) examined_in: i32,
    pub(super) standing: Standing,
    columns: &'static str,
    newline: &'static str,
    /// What stands in an empty cell.
    blank: &'static str,
}

pub(super) const LAYOUTS: [Layout; 6] = [
    Layout {
        examined_in: 2016,
        standing: Standing::Provisional,
        columns: "RECTYPE LEA ESTAB SCHNAME URN ICLOSE NFTYPE TPUP ATT8SCR P8MEA P8CILOW P8CIUPP \
                  PTEBACC_E_PTQ_EE PTEBACC_PTQ_EE PTL2BASICS_LL_PTQ_EE PTAC5EM_PTQ_EE",
        newline: "\n",
        blank: " ",
    },
    Layout {
        examined_in: 2016,
        standing: Standing::Final,
        columns: "RECTYPE ALPHAIND LEA ESTAB URN SCHNAME SCHNAME_AC ADDRESS1 TOWN PCODE ICLOSE \
                  NFTYPE RELDENOM ADMPOL EGENDER FEEDER TAB1618 AGERANGE TPUP BPUP GPUP ATT8SCR \
                  P8PUP P8MEACOV P8MEA P8CILOW P8CIUPP PTL2BASICS_LL_PTQ_EE PTEBACC_E_PTQ_EE \
                  PTEBACC_PTQ_EE PTAC5EM_PTQ_EE",
        newline: "\r\n",
        blank: "",
    },
    Layout {
        examined_in: 2017,
        standing: Standing::Provisional,
        columns: "RECTYPE LEA ESTAB SCHNAME URN ICLOSE NFTYPE TPUP ATT8SCR P8MEA P8CILOW P8CIUPP \
                  PTEBACC_E_PTQ_EE PTEBACC_95 PTL2BASICS_95 PTEBACC_94 PTL2BASICS_94 PT5EM_94",
        newline: "\n",
        blank: " ",
    },
    Layout {
        examined_in: 2017,
        standing: Standing::Final,
        columns: "RECTYPE ALPHAIND LEA ESTAB URN SCHNAME SCHNAME_AC ADDRESS1 TOWN PCODE ICLOSE \
                  NFTYPE RELDENOM ADMPOL ADMPOL_2017 EGENDER FEEDER TAB1618 AGERANGE TPUP BPUP \
                  GPUP ATT8SCR P8PUP P8MEACOV P8MEA P8CILOW P8CIUPP PTL2BASICS_94 PTL2BASICS_95 \
                  PTEBACC_E_PTQ_EE PTEBACC_94 PTEBACC_95 PT5EM_94",
        newline: "\r\n",
        blank: "",
    },
    Layout {
        examined_in: 2018,
        standing: Standing::Provisional,
        columns: PROVISIONAL_OF_2018,
        newline: "\r\n",
        blank: "",
    },
    Layout {
        examined_in: 2018,
        standing: Standing::Final,
        columns: FINAL_OF_2018,
        newline: "\r\n",
        blank: "",
    },
];

/// The next year, in the order of the year before.
pub(super) const LATER_LAYOUTS: [Layout; 2] = [
    Layout {
        examined_in: 2019,
        standing: Standing::Provisional,
        columns: PROVISIONAL_OF_2018,
        newline: "\r\n",
        blank: "",
    },
    Layout {
        examined_in: 2019,
        standing: Standing::Final,
        columns: FINAL_OF_2018,
        newline: "\r\n",
        blank: "",
    },
];

const PROVISIONAL_OF_2018: &str = "RECTYPE LEA ESTAB URN SCHNAME ICLOSE NFTYPE TPUP ATT8SCR P8PUP TP8ADJ P8MEA \
     P8CILOW P8CIUPP P8MEA_ORIG PTL2BASICS_94 PTL2BASICS_95 PTEBACC_E_PTQ_EE \
     PTEBACC_94 PTEBACC_95 P8_BANDING";

const FINAL_OF_2018: &str = "RECTYPE ALPHAIND LEA ESTAB URN SCHNAME SCHNAME_AC ADDRESS1 TOWN PCODE ICLOSE \
     NFTYPE RELDENOM ADMPOL ADMPOL_2017 EGENDER FEEDER TAB1618 AGERANGE TPUP BPUP \
     GPUP ATT8SCR P8PUP TP8ADJ P8MEACOV P8MEA P8CILOW P8CIUPP P8MEA_ORIG \
     PTL2BASICS_94 PTL2BASICS_95 PTEBACC_E_PTQ_EE PTEBACC_94 PTEBACC_95 PT5EM_94 \
     P8_BANDING";

/// A line of the table: a school, or a total (of an authority, or of the nation).
struct Line<'a> {
    record_type: u8,
    authority: Option<u16>,
    subject: Option<Subject<'a>>,
    sheet: &'a Sheet,
}

struct Subject<'a> {
    school: &'a School,
    closed: bool,
    /// What the academy is called that it became within the year.
    became: Option<&'a str>,
    /// Its place in the alphabet, from 1.
    alphabetical: usize,
}

type Print = fn(&Line<'_>) -> String;

impl Layout {
    pub(super) fn release(&self) -> Release {
        Release { year: AcademicYear::ending(self.examined_in), standing: self.standing }
    }

    /// `2016-2017_england_ks4provisional.csv`
    pub(super) fn file_name(&self) -> String {
        let (from, to) = (self.examined_in - 1, self.examined_in);
        format!("{from}-{to}_england_ks4{}.csv", self.standing)
    }

    pub(super) fn sheet<'a>(&self, row: &'a Row) -> &'a Sheet {
        match self.standing {
            Standing::Provisional => &row.provisional,
            Standing::Revised | Standing::Final => &row.last,
        }
    }

    /// The table as text; `successors` has for every school the one it became, if it did.
    pub(super) fn table(
        &self,
        schools: &[School],
        successors: &[Option<usize>],
        rows: &[Row],
    ) -> String {
        let columns: Vec<(&str, Print)> = self
            .columns
            .split_whitespace()
            .filter_map(|name| Some((name, column(name)?)))
            .collect();
        let mut table = Table::new(self.newline);
        table.row(columns.iter().map(|(name, _)| *name));
        let mut write = |line: &Line<'_>| {
            for (_, print) in &columns {
                let text = print(line);
                table.field(if text.is_empty() { self.blank } else { &text });
            }
            table.end_row();
        };

        let alphabetical = alphabet(schools, rows);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|row| (schools[rows[*row].school].site.authority, alphabetical[*row]));
        let mut left = order.as_slice();
        for (index, authority) in AUTHORITIES.iter().enumerate() {
            let here =
                left.partition_point(|row| schools[rows[*row].school].site.authority == index);
            let (mine, rest) = left.split_at(here);
            left = rest;
            let totals = Totals::of_authority(schools, mine.iter().map(|row| &rows[*row]), self);
            let total = Line {
                record_type: 4,
                authority: Some(authority.code),
                subject: None,
                sheet: &totals,
            };
            // Totals stand between the schools in October and after them in January.
            let total_at = match self.standing {
                Standing::Provisional => mine.len().min(1),
                Standing::Revised | Standing::Final => mine.len(),
            };
            for (place, row) in mine.iter().enumerate() {
                if place == total_at {
                    write(&total);
                }
                let row_of = &rows[*row];
                let school = &schools[row_of.school];
                let became = successors[row_of.school]
                    .filter(|_| row_of.closed && school.closing == Closing::BecameAcademy)
                    .map(|successor| schools[successor].name.as_str());
                write(&Line {
                    record_type: if school.is_special() { 2 } else { 1 },
                    authority: Some(authority.code),
                    subject: Some(Subject {
                        school,
                        closed: row_of.closed,
                        became,
                        alphabetical: alphabetical[*row],
                    }),
                    sheet: self.sheet(row_of),
                });
            }
            if total_at == mine.len() {
                write(&total);
            }
        }
        for (record_type, sheet) in [
            (5, Totals::of_all(schools, rows, self)),
            (7, Totals::of_maintained(schools, rows, self)),
        ] {
            write(&Line { record_type, authority: None, subject: None, sheet: &sheet });
        }
        table.into_text()
    }
}

/// The place of each row in the alphabet.
fn alphabet(schools: &[School], rows: &[Row]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|row| {
        let school = &schools[rows[*row].school];
        (school.name.as_str(), school.urn)
    });
    let mut places = vec![0; rows.len()];
    for (place, row) in (1..).zip(order) {
        places[row] = place;
    }
    places
}

/// How the cells of a column are printed.
fn column(name: &str) -> Option<Print> {
    Some(match name {
        "RECTYPE" => |line| line.record_type.to_string(),
        "ALPHAIND" => |line| of_school(line, |subject| subject.alphabetical.to_string()),
        "LEA" => |line| line.authority.map(|code| code.to_string()).unwrap_or_default(),
        "ESTAB" => |line| of_school(line, |subject| subject.school.estab.to_string()),
        "URN" => |line| of_school(line, |subject| subject.school.urn.to_string()),
        "SCHNAME" => |line| of_school(line, |subject| subject.school.name.clone()),
        "SCHNAME_AC" => |line| of_school(line, |subject| subject.became.unwrap_or("").to_owned()),
        "ADDRESS1" => |line| of_school(line, |subject| subject.school.site.street.clone()),
        "TOWN" => |line| of_school(line, |subject| subject.school.site.town.clone()),
        "PCODE" => |line| of_school(line, |subject| subject.school.site.postcode.clone()),
        "ICLOSE" => |line| of_school(line, |subject| u8::from(subject.closed).to_string()),
        "NFTYPE" => |line| of_school(line, |subject| subject.school.kind.to_string()),
        "RELDENOM" => |line| of_school(line, |subject| religion(subject.school).to_owned()),
        "ADMPOL" => |line| of_school(line, |subject| admissions(subject.school, "COMP").to_owned()),
        "ADMPOL_2017" => {
            |line| of_school(line, |subject| admissions(subject.school, "OTHER NON SEL").to_owned())
        }
        "EGENDER" => |line| of_school(line, |subject| gender(subject.school).to_owned()),
        "FEEDER" => {
            |line| of_school(line, |subject| u8::from(subject.school.centre.is_some()).to_string())
        }
        "TAB1618" => {
            |line| of_school(line, |subject| u8::from(subject.school.site.ages.1 >= 18).to_string())
        }
        "AGERANGE" => |line| {
            of_school(line, |subject| {
                let (low, high) = subject.school.site.ages;
                format!("{low}-{high}")
            })
        },
        "TPUP" => |line| whole(line.sheet.pupils),
        "BPUP" => |line| whole(line.sheet.boys),
        "GPUP" => |line| match (line.sheet.pupils, line.sheet.boys) {
            (Cell::Published(pupils), Cell::Published(boys)) => (pupils - boys).to_string(),
            _ => whole(line.sheet.boys),
        },
        "ATT8SCR" => |line| match line.sheet.attainment8 {
            Cell::Published(tenths) if tenths % 10 == 0 => (tenths / 10).to_string(),
            Cell::Published(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
            Cell::Withheld(code) => printed(code),
        },
        "P8PUP" => |line| whole(line.sheet.measured),
        "TP8ADJ" => |line| whole(line.sheet.adjusted),
        "P8MEACOV" => |line| percent(line, line.sheet.coverage),
        "P8MEA" => |line| score(line.sheet.progress8),
        "P8CILOW" => |line| score(line.sheet.lower),
        "P8CIUPP" => |line| score(line.sheet.upper),
        "P8MEA_ORIG" => |line| score(line.sheet.unadjusted),
        "PTEBACC_E_PTQ_EE" => |line| percent(line, line.sheet.ebacc[0]),
        "PTEBACC_95" => |line| percent(line, line.sheet.ebacc[1]),
        "PTEBACC_94" | "PTEBACC_PTQ_EE" => |line| percent(line, line.sheet.ebacc[2]),
        "PTL2BASICS_95" => |line| percent(line, line.sheet.basics[0]),
        "PTL2BASICS_94" | "PTL2BASICS_LL_PTQ_EE" => |line| percent(line, line.sheet.basics[1]),
        "PT5EM_94" | "PTAC5EM_PTQ_EE" => |line| percent(line, line.sheet.basics[2]),
        "P8_BANDING" => |line| whole(line.sheet.banding),
        _ => return None,
    })
}

fn of_school(line: &Line<'_>, print: fn(&Subject<'_>) -> String) -> String {
    line.subject.as_ref().map(print).unwrap_or_default()
}

fn religion(school: &School) -> &'static str {
    match school.site.faith {
        Faith::None => "Does not apply",
        Faith::ChurchOfEngland => "Church of England",
        Faith::RomanCatholic => "Roman Catholic",
    }
}

fn admissions(school: &School, otherwise: &'static str) -> &'static str {
    if school.site.selective { "SEL" } else { otherwise }
}

fn gender(school: &School) -> &'static str {
    match school.site.gender {
        Gender::Mixed => "MIXED",
        Gender::Girls => "GIRLS",
        Gender::Boys => "BOYS",
    }
}

fn printed(code: Withheld) -> String {
    match code {
        Withheld::Blank => String::new(),
        _ => code.to_string(),
    }
}

fn whole(cell: Cell<u32>) -> String {
    match cell {
        Cell::Published(number) => number.to_string(),
        Cell::Withheld(code) => printed(code),
    }
}

/// Schools have whole per cent (`26%`), totals hundredths (`46.40%`).
fn percent(line: &Line<'_>, cell: Cell<u32>) -> String {
    match cell {
        Cell::Published(number) if line.subject.is_some() => format!("{number}%"),
        Cell::Published(number) => format!("{}.{:02}%", number / 100, number % 100),
        Cell::Withheld(code) => printed(code),
    }
}

/// As DfE prints it: `0.26`, `0.5`, `-0.1`, `1`.
fn score(cell: Cell<Progress8>) -> String {
    match cell {
        Cell::Published(score) => {
            let text = score.to_string();
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Cell::Withheld(code) => printed(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_every_layout_is_printed() {
        for layout in &LAYOUTS {
            for name in layout.columns.split_whitespace() {
                assert!(column(name).is_some(), "{name} of {}", layout.file_name());
            }
        }
    }

    #[test]
    fn scores_are_printed_as_dfe_does() {
        let shown = [0, 100, 50, -10, 26, -205, 1000, -5]
            .map(|hundredths| score(Cell::Published(Progress8::from_hundredths(hundredths))));
        assert_eq!(shown, ["0", "1", "0.5", "-0.1", "0.26", "-2.05", "10", "-0.05"]);
    }
}
