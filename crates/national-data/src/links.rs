//! The register's links: which school came from which.

use std::collections::HashMap;

use kernel::Urn;
use schools::school::{Predecessor, Succession};

use crate::File;
use crate::cells::{A_DATE, A_URN, date, urn};
use crate::header::{Layout, optional, required};
use crate::kinds::bare;
use crate::reading::{Faults, Reading};
use crate::table::read;

/// One line that says that one school succeeded another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LinkRow {
    pub successor: Urn,
    pub predecessor: Predecessor,
}

pub(crate) const LINKS: Layout = Layout {
    what: "links of the register",
    columns: &[
        required(&["URN"]),
        required(&["LinkURN"]),
        required(&["LinkType"]),
        optional(&["LinkEstablishedDate"]),
    ],
};

const URN: usize = 0;
const LINK_URN: usize = 1;
const LINK_TYPE: usize = 2;
const ESTABLISHED: usize = 3;

/// What the second URN of a line is to the first.
#[derive(Clone, Copy)]
enum Link {
    Predecessor(Succession),
    Successor(Succession),
    /// A sixth form centre, an expansion, ...: nobody succeeded anybody.
    Otherwise,
}

/// Reads links.  Every kind that begins with Predecessor or Successor is a succession, turned so that it reads successor
/// and predecessor; the register has most of them from both sides, and with two days, so both lines are rows.  Other
/// kinds are passed over, counted by kind.
///
/// # Errors
/// All that is wrong with the file.
pub fn links(file: &File) -> Result<Reading<LinkRow>, Faults> {
    let mut rows: Vec<LinkRow> = vec![];
    let mut first = HashMap::new();
    let told = read(file, &LINKS, |row, findings| {
        let kind = row.required(
            findings,
            LINK_TYPE,
            link,
            "a kind of link, such as `Successor` or `Predecessor - merged`",
        );
        let one = row.required(findings, URN, urn, A_URN);
        let other = row.required(findings, LINK_URN, urn, A_URN);
        let established_on = row.optional(findings, ESTABLISHED, date, A_DATE);
        let (Some(kind), Some(one), Some(other)) = (kind, one, other) else { return };
        let words = row.cell(LINK_TYPE).unwrap_or_default();
        let (successor, urn, succession) = match kind {
            Link::Predecessor(succession) => (one, other, succession),
            Link::Successor(succession) => (other, one, succession),
            Link::Otherwise => {
                return findings.pass_over(row.line, &format!("`{words}` is no succession"));
            }
        };
        if one == other {
            return findings.pass_over(row.line, "the school is linked with itself");
        }
        if let Some(before) = first.insert((one, other, words.to_owned(), established_on), row.line)
        {
            return findings.repeat(row.line, before);
        }
        let source = file.source(row.line);
        let predecessor = Predecessor { urn, succession, established_on, source };
        rows.push(LinkRow { successor, predecessor });
    })?;
    told.findings.conclude(&file.name, told.layout, rows)
}

fn link(words: &str) -> Option<Link> {
    let bare = bare(words);
    if bare.is_empty() {
        None
    } else if let Some(how) = bare.strip_prefix("predecessor") {
        Some(Link::Predecessor(succession(how)))
    } else if let Some(how) = bare.strip_prefix("successor") {
        Some(Link::Successor(succession(how)))
    } else {
        Some(Link::Otherwise)
    }
}

/// What follows the first word; anything not known here is a plain succession.
fn succession(how: &str) -> Succession {
    if how.contains("merge") {
        Succession::Merged
    } else if how.contains("amalgam") {
        Succession::Amalgamated
    } else if how.contains("split") {
        Succession::Split
    } else {
        Succession::Converted
    }
}
