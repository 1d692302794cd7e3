use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Cell, Grade, Progress8, RecordType, Release, SchoolKind, Urn};
use schools::school::Succession;
use schools::{Details, Figures, LaEstab};

/// What was put into the files of a sample nation, so that what is read from them can be counted against it.
#[derive(Debug, Default)]
pub struct Truth {
    /// Every school of the register.  (Places on the map are not in it.)
    pub register: BTreeMap<Urn, Details>,
    /// The schools in the performance tables, release by release.
    pub tables: BTreeMap<Release, BTreeMap<Urn, Examined>>,
    /// Graded inspections, newest first.
    pub inspections: BTreeMap<Urn, Vec<Inspected>>,
    /// Predecessors, by successor, in the order of their URNs.
    pub predecessors: BTreeMap<Urn, Vec<Succeeded>>,
    /// Cover with SSAT, oldest first.
    pub cover: BTreeMap<Urn, Vec<Covered>>,
    /// Rows of the inspection history that stand there twice.
    pub repeated_inspections: u64,
    /// Rows of the links that say nothing of succession, by kind.
    pub other_links: BTreeMap<String, u64>,
}

/// A school's row in one release of the performance tables.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Examined {
    pub name: String,
    pub laestab: Option<LaEstab>,
    pub kind: SchoolKind,
    pub record_type: RecordType,
    pub figures: Figures,
}

/// One graded inspection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Inspected {
    pub on: NaiveDate,
    pub grade: Grade,
    /// A better grade printed for the same school and day.
    pub also_printed: Option<Grade>,
}

/// A school that another one succeeded, and from which sides the links say so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Succeeded {
    pub predecessor: Urn,
    pub succession: Succession,
    /// `None`: the links do not say when.
    pub on: Option<NaiveDate>,
    /// How many rows say so: one or two.
    pub rows: u8,
}

/// One stretch of SSAT cover.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Covered {
    pub from: NaiveDate,
    /// The last day; `None`: until further notice.
    pub until: Option<NaiveDate>,
    pub via_trust: Option<String>,
}

impl Truth {
    /// The state-funded mainstream schools with a published Progress 8 in a release (D3).
    pub fn population(
        &self,
        release: Release,
    ) -> impl Iterator<Item = (Urn, &Examined, Progress8)> {
        self.tables.get(&release).into_iter().flatten().filter_map(|(urn, examined)| {
            let published = examined.figures.progress8.and_then(Cell::published)?;
            SchoolKind::STATE_FUNDED_MAINSTREAM
                .contains(&examined.kind)
                .then_some((*urn, examined, published))
        })
    }

    /// The grade of the newest inspection of this URN on or before a day.
    #[must_use]
    pub fn own_grade(&self, urn: Urn, as_at: NaiveDate) -> Option<Grade> {
        let inspections = self.inspections.get(&urn)?;
        inspections.iter().find(|inspected| inspected.on <= as_at).map(|inspected| inspected.grade)
    }
}
