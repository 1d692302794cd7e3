use std::collections::BTreeMap;
use std::fmt;

/// Faults and notes kept one by one; the rest are only counted, so that a file that is wrong throughout stays readable.
const KEPT: usize = 1_000;

/// Characters of a cell that a fault repeats.
const SHOWN: usize = 80;

/// A file, read to its end without a fault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reading<T> {
    /// Which layout its columns were recognised as, with a fingerprint of the header.
    pub layout: String,
    pub rows: Vec<T>,
    pub counts: Counts,
    /// What a person should know although it is no fault: conflicts, repeats, rows passed over.
    pub notes: Vec<Note>,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Rows below the header that hold anything at all.
    pub read: u64,
    /// Rows that are not about one school, or not about what the reader is for.
    pub passed_over: u64,
    /// Rows that repeat an earlier row.
    pub repeated: u64,
    /// Rows that contradict an earlier row.
    pub contradicting: u64,
}

/// Something worth telling that is no fault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// Counted from 1; 0 where it is about the whole file.
    pub line: u64,
    pub text: String,
}

/// One thing wrong with a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The line (of a text file) or row (of a sheet), counted from 1, the header included; 0: the file as a whole.
    pub line: u64,
    /// The column as the file names it; empty: the line as a whole.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// With a column: what the value is not (`a Progress 8 score: ...`).  Without one: a whole sentence.
    pub expected: String,
}

/// Everything that is wrong with a file, so that it can be put right in one go.  Nothing of such a file is used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Faults {
    pub file: String,
    /// The first of them, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many there are besides.
    pub more: u64,
}

/// What a reader comes across on its way.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) counts: Counts,
    faults: Vec<Fault>,
    more_faults: u64,
    notes: Vec<Note>,
    more_notes: u64,
    /// Rows passed over, by kind: how many, and the first line.
    passed_over: BTreeMap<String, (u64, u64)>,
}

impl Faults {
    pub(crate) fn whole_file(file: &str, sentence: impl Into<String>) -> Self {
        Self { file: file.to_owned(), faults: vec![Fault::sentence(0, sentence)], more: 0 }
    }
}

impl Fault {
    pub(crate) fn sentence(line: u64, sentence: impl Into<String>) -> Self {
        Self { line, column: String::new(), value: String::new(), expected: sentence.into() }
    }
}

impl Findings {
    pub(crate) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < KEPT {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }

    pub(crate) fn note(&mut self, line: u64, text: impl Into<String>) {
        if self.notes.len() < KEPT {
            self.notes.push(Note { line, text: text.into() });
        } else {
            self.more_notes += 1;
        }
    }

    /// A row that is no fault, and no business of this reader: `why` is its kind, the same for all of its kind.
    pub(crate) fn pass_over(&mut self, line: u64, why: &str) {
        self.counts.passed_over += 1;
        match self.passed_over.get_mut(why) {
            Some((count, _)) => *count += 1,
            None => {
                self.passed_over.insert(why.to_owned(), (1, line));
            }
        }
    }

    pub(crate) fn repeat(&mut self, line: u64, first: u64) {
        self.counts.repeated += 1;
        self.note(line, format!("repeats line {first}"));
    }

    /// The rows, if nothing was wrong with any of them.
    pub(crate) fn conclude<T>(
        mut self,
        file: &str,
        layout: String,
        rows: Vec<T>,
    ) -> Result<Reading<T>, Faults> {
        if !self.faults.is_empty() {
            return Err(Faults {
                file: file.to_owned(),
                faults: self.faults,
                more: self.more_faults,
            });
        }
        for (why, (count, line)) in self.passed_over {
            let rows = if count == 1 { "row" } else { "rows" };
            let text = format!("{count} {rows} passed over: {why} (the first is here)");
            self.notes.push(Note { line, text });
        }
        if self.more_notes > 0 {
            self.notes.push(Note { line: 0, text: format!("and {} more notes", self.more_notes) });
        }
        Ok(Reading { layout, rows, counts: self.counts, notes: self.notes })
    }
}

/// A cell as messages show it: not longer than a person reads, on one line.
pub(crate) fn shown(value: &str) -> String {
    let cut = value.char_indices().nth(SHOWN).map_or(value, |(end, _)| &value[..end]);
    let mut text = cut.replace(['\n', '\t', '\0'], " ");
    if cut.len() < value.len() {
        text.push('…');
    }
    text
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.text),
            line => write!(f, "line {line}: {}", self.text),
        }
    }
}

/// `line 12, column P8MEA: `0,5` is not a Progress 8 score: ...`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, value, expected } = self;
        if *line > 0 {
            write!(f, "line {line}")?;
        }
        match (column.is_empty(), *line > 0) {
            (true, true) => write!(f, ": {expected}"),
            (true, false) => f.write_str(expected),
            (false, placed) => {
                write!(f, "{}column {column}: ", if placed { ", " } else { "" })?;
                match value.as_str() {
                    "" => write!(f, "a blank cell is not {expected}"),
                    value => write!(f, "`{value}` is not {expected}"),
                }
            }
        }
    }
}

/// One fault a line, each with the name of the file.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            let separator = if fault.line == 0 && fault.column.is_empty() { ":" } else { "" };
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{}{separator} {fault}", self.file)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n{}: and {more} more faults", self.file),
        }
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64, column: &str, value: &str, expected: &str) -> Fault {
        Fault {
            line,
            column: column.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        }
    }

    #[test]
    fn faults_name_file_line_column_and_value() {
        let faults = Faults {
            file: "england.csv".to_owned(),
            faults: vec![
                fault(12, "P8MEA", "0,5", "a Progress 8 score: a decimal number"),
                fault(13, "URN", "", "a URN: five or six digits"),
                fault(14, "", "", "3 fields, where the header has 17"),
                fault(0, "", "", "the file is empty"),
            ],
            more: 2,
        };
        assert_eq!(
            faults.to_string(),
            "england.csv line 12, column P8MEA: `0,5` is not a Progress 8 score: a decimal number\n\
             england.csv line 13, column URN: a blank cell is not a URN: five or six digits\n\
             england.csv line 14: 3 fields, where the header has 17\n\
             england.csv: the file is empty\n\
             england.csv: and 2 more faults"
        );
    }

    #[test]
    fn a_file_that_is_wrong_throughout_is_told_in_a_bounded_list_with_the_total() {
        let mut findings = Findings::default();
        for line in 1..=1_500 {
            findings.fault(fault(line, "URN", "x", "a URN"));
        }
        let faults = findings.conclude::<()>("x.csv", String::new(), vec![]).unwrap_err();
        assert_eq!((faults.faults.len(), faults.more), (1_000, 500));
    }

    #[test]
    fn a_long_cell_is_shown_in_part_and_on_one_line() {
        assert_eq!(shown(&"é".repeat(100)), format!("{}…", "é".repeat(80)));
        assert_eq!(shown("a\nb"), "a b");
    }
}
