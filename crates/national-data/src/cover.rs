//! The office's own list: which schools are in the SSAT Secondary Network, and for how long (R7, D10).

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{Source, Urn};

use crate::File;
use crate::cells::{A_DATE, A_URN, date, urn};
use crate::header::{Layout, optional, required};
use crate::reading::{Faults, Reading};
use crate::table::read;

/// One spell of membership; both days are included, and no `until` means open-ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CoverRow {
    pub urn: Urn,
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
    /// The trust through which the school is a member, where it is.
    pub via_trust: Option<String>,
    pub source: Source,
}

pub(crate) const COVER: Layout = Layout {
    what: "SSAT cover",
    columns: &[
        required(&["urn"]),
        required(&["from"]),
        required(&["until"]),
        optional(&["via_trust", "via trust"]),
    ],
};

const URN: usize = 0;
const FROM: usize = 1;
const UNTIL: usize = 2;
const VIA_TRUST: usize = 3;

/// Reads `urn,from,until,via_trust`.  A school may have several spells.
///
/// # Errors
/// All that is wrong with the file.
pub fn cover(file: &File) -> Result<Reading<CoverRow>, Faults> {
    let mut rows = vec![];
    let mut first = HashMap::new();
    let told = read(file, &COVER, |row, findings| {
        let urn = row.required(findings, URN, urn, A_URN);
        let from = row.required(findings, FROM, date, A_DATE);
        let until = row.optional(findings, UNTIL, date, A_DATE);
        let (Some(urn), Some(from)) = (urn, from) else { return };
        if until.is_some_and(|until| until < from) {
            return row.fault(findings, UNTIL, &format!("a day on or after the first ({from})"));
        }
        let via_trust = row.text(VIA_TRUST);
        if let Some(before) = first.insert((urn, from, until, via_trust.clone()), row.line) {
            return findings.repeat(row.line, before);
        }
        rows.push(CoverRow { urn, from, until, via_trust, source: file.source(row.line) });
    })?;
    told.findings.conclude(&file.name, told.layout, rows)
}
