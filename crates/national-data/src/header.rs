//! Which columns a file has: by name, never by position, through the names that publishers give them.

use crate::File;
use crate::reading::{Fault, Faults, shown};

/// Names of this length or longer are guessed at where they are missing; shorter ones are too much alike (`TPUP`, `BPUP`).
const GUESSED_FROM: usize = 5;

/// One kind of file, in all the forms in which it is published.  The first column is the key that a header must have.
pub(crate) struct Layout {
    /// As people call it: `KS4 performance tables`.
    pub(crate) what: &'static str,
    pub(crate) columns: &'static [Column],
}

pub(crate) struct Column {
    /// The publisher's name first, then what others call it, in order of preference.
    pub(crate) names: &'static [&'static str],
    pub(crate) required: bool,
}

/// The header of one file, seen through a layout.
pub(crate) struct Header {
    line: u64,
    /// Its names, as they stand.
    pub(crate) printed: Vec<String>,
    /// For each column of the layout, where it is.
    pub(crate) at: Vec<Option<usize>>,
}

pub(crate) const fn required(names: &'static [&'static str]) -> Column {
    Column { names, required: true }
}

pub(crate) const fn optional(names: &'static [&'static str]) -> Column {
    Column { names, required: false }
}

impl Layout {
    /// Whether these cells can be the header: the key is among them.
    pub(crate) fn begins_with_key(&self, cells: &[String]) -> bool {
        self.columns.first().is_some_and(|key| cells.iter().any(|cell| key.is_called(cell)))
    }

    fn recognises(&self, cells: &[String]) -> bool {
        self.columns
            .iter()
            .filter(|column| column.required)
            .all(|column| cells.iter().any(|cell| column.is_called(cell)))
    }

    /// No line of the beginning is a header: says what is missing from the line that comes closest.
    pub(crate) fn not_found(&self, file: &File, before: &[(u64, Vec<String>)]) -> Faults {
        let known = |cells: &[String]| {
            let of = |cell: &&String| self.columns.iter().any(|column| column.is_called(cell));
            (cells.iter().filter(of).count(), cells.iter().filter(|cell| !cell.is_empty()).count())
        };
        let closest = before.iter().rev().max_by_key(|(_, cells)| known(cells));
        let Some((line, cells)) = closest else {
            return Faults::whole_file(&file.name, "the file holds no table: every row is blank");
        };
        let header = Header::new(self, *line, cells.clone());
        Faults { file: file.name.clone(), faults: header.faults(self), more: 0 }
    }
}

impl Column {
    pub(crate) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    fn is_called(&self, cell: &str) -> bool {
        self.names.iter().any(|name| same_name(name, cell))
    }
}

impl Header {
    pub(crate) fn new(layout: &Layout, line: u64, printed: Vec<String>) -> Self {
        let at = layout
            .columns
            .iter()
            .map(|column| {
                column
                    .names
                    .iter()
                    .find_map(|name| printed.iter().position(|cell| same_name(name, cell)))
            })
            .collect();
        Self { line, printed, at }
    }

    /// A column of the layout as this file calls it.
    pub(crate) fn name(&self, column: usize) -> String {
        let at = self.at.get(column).copied().flatten();
        at.and_then(|at| self.printed.get(at)).cloned().unwrap_or_default()
    }

    /// Columns that must be there and are not, and columns that are there twice.
    pub(crate) fn faults(&self, layout: &Layout) -> Vec<Fault> {
        let fault = |sentence: String| Fault::sentence(self.line, sentence);
        let mut faults = vec![];
        for column in layout.columns {
            for name in column.names {
                let mut places =
                    self.printed.iter().enumerate().filter(|(_, cell)| same_name(name, cell));
                if let (Some((first, _)), Some((second, _))) = (places.next(), places.next()) {
                    faults.push(fault(format!(
                        "the header has `{name}` twice, as columns {} and {}, so that nobody can say which counts",
                        first + 1,
                        second + 1
                    )));
                }
            }
        }
        let missing = layout.columns.iter().enumerate();
        let missing =
            missing.filter(|(index, column)| column.required && self.at.get(*index) == Some(&None));
        for (_, column) in missing {
            let called = match column.names {
                [name] => format!("`{name}`"),
                names => format!("`{}`", names.join("` or `")),
            };
            let meant = self
                .meant(layout, column)
                .map_or_else(String::new, |meant| format!("; was `{meant}` meant?"));
            faults.push(fault(format!(
                "not {}: the header has no column {called}{meant}",
                layout.what
            )));
        }
        if !faults.is_empty() {
            faults.extend(self.other_layout(layout).map(fault));
        }
        faults
    }

    /// Columns that are not there although a name in the header is nearly theirs.
    pub(crate) fn notes(&self, layout: &Layout) -> Vec<(u64, String)> {
        let absent = layout.columns.iter().zip(&self.at).filter(|(_, at)| at.is_none());
        absent
            .filter_map(|(column, _)| {
                let meant = self.meant(layout, column)?;
                Some((
                    self.line,
                    format!(
                        "no column `{}`; `{meant}` is close, and was not read as it",
                        column.name()
                    ),
                ))
            })
            .collect()
    }

    /// The name in this header that is nearly one of the column's names, and is not known to be anything else.
    fn meant(&self, layout: &Layout, column: &Column) -> Option<&str> {
        let free = self
            .printed
            .iter()
            .filter(|cell| !layout.columns.iter().any(|known| known.is_called(cell)));
        let near = |cell: &&String| {
            column
                .names
                .iter()
                .filter(|name| {
                    name.len().min(cell.len()) >= GUESSED_FROM
                        || (name.len() >= 3 && bare(name) == bare(cell))
                })
                .map(|name| distance(&bare(name), &bare(cell)))
                .min()
                .unwrap_or(usize::MAX)
        };
        let closest = free.min_by_key(near)?;
        let allowed = if closest.len() < 8 { 1 } else { 2 };
        (near(&closest) <= allowed).then_some(closest.as_str())
    }

    /// A sentence where the header is that of another kind of file, or of no table at all.
    fn other_layout(&self, layout: &Layout) -> Option<String> {
        let other = crate::LAYOUTS
            .iter()
            .find(|other| other.what != layout.what && other.recognises(&self.printed));
        if let Some(other) = other {
            return Some(format!("these are the columns of {}", other.what));
        }
        let filled: Vec<&str> =
            self.printed.iter().filter(|cell| !cell.is_empty()).map(String::as_str).collect();
        match filled.as_slice() {
            [one] if one.contains([';', '\t', '|']) => Some(format!(
                "the whole line is one cell (`{}`): its fields are not separated by commas; save the file with commas",
                shown(one)
            )),
            names => Some(format!("the line reads: {}", shown(&names.join(", ")))),
        }
    }
}

/// Names agree but for case and spaces.
fn same_name(name: &str, cell: &str) -> bool {
    name.eq_ignore_ascii_case(cell)
        || (cell.contains("  ")
            && name.eq_ignore_ascii_case(&cell.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Letters and digits alone, in capitals.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).take(40).collect::<String>().to_uppercase()
}

/// Letters to put in, take out or change to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        for (place, theirs) in row.iter_mut().skip(1).zip(&other) {
            let changed = diagonal + usize::from(letter != *theirs);
            diagonal = *place;
            left = changed.min(diagonal + 1).min(left + 1);
            *place = left;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        what: "test tables",
        columns: &[required(&["URN"]), required(&["P8MEA", "Progress 8"]), optional(&["P8CILOW"])],
    };

    fn header(names: &str) -> Header {
        Header::new(&LAYOUT, 1, names.split(',').map(str::to_owned).collect())
    }

    fn sentences(names: &str) -> String {
        header(names).faults(&LAYOUT).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_column_is_known_by_any_of_its_names_in_any_case() {
        assert_eq!(header(",progress 8,urn").at, [Some(2), Some(1), None]);
        assert_eq!(header("Progress  8,URN").at, [Some(1), Some(0), None]);
        assert_eq!(header("Progress 8,P8MEA,URN").at, [Some(2), Some(1), None]);
    }

    #[test]
    fn a_missing_column_is_named_with_what_was_probably_meant() {
        let sentences = sentences("URN,P8_MAE,P8MEA_ORIG");
        assert!(sentences.contains("no column `P8MEA` or `Progress 8`"), "{sentences}");
        assert!(header("URN,P8_MEA").meant(&LAYOUT, &LAYOUT.columns[1]) == Some("P8_MEA"));
        assert!(header("URN,P8MEAENG").meant(&LAYOUT, &LAYOUT.columns[1]).is_none());
        assert_eq!(header("URN,P8MEA,P8CILOW_").notes(&LAYOUT).len(), 1);
    }

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        assert!(sentences("URN,P8MEA,X,P8MEA").contains("`P8MEA` twice, as columns 2 and 4"));
        assert_eq!(sentences("URN,P8MEA,X,X"), "", "a column that is not read may stand twice");
    }

    #[test]
    fn another_kind_of_file_is_recognised() {
        let sentences = sentences("URN,Rating,Inspection Date");
        assert!(sentences.contains("these are the columns of Ofsted inspections"), "{sentences}");
    }

    #[test]
    fn fields_that_are_not_separated_by_commas_are_told() {
        assert!(sentences("URN;P8MEA").contains("not separated by commas"));
    }

    #[test]
    fn distance_counts_letters() {
        for (one, other, letters) in
            [("P8MEA", "P8MEA", 0), ("P8MEA", "P8MAE", 2), ("", "AB", 2), ("P8MEA", "P8ME", 1)]
        {
            assert_eq!(distance(one, other), letters, "{one} {other}");
        }
    }
}
