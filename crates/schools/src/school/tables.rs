//! The school's rows in the performance tables, release by release.

use std::collections::BTreeMap;
use std::ops::Bound;

use kernel::{RecordType, Release, SchoolKind, Standing};
use serde::{Deserialize, Serialize};

use crate::school::{Event, Fact};
use crate::{Figures, Refusal, Results};

/// What stands for each release that said something of its own.
///
/// A release that only repeated the one before it left no event and is not here: the import of its file vouches for it
/// (`Import::confirmed`).  Nothing has to know that it did: for such a release the figures of the best less final one
/// stand, which are the same figures, and so whatever comes next is compared with the right ones.  (Only when a release
/// between the two is read afterwards, and its file then once more, is that figure told in so many words: an event too
/// many, and no other figure.)
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Tables(BTreeMap<Release, Row>);

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
struct Row {
    figures: Figures,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<SchoolKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record_type: Option<RecordType>,
    /// Cells that corrections replaced: a file that prints them again says nothing new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    corrected: Vec<Figures>,
}

impl Tables {
    pub(super) fn record(&self, results: Results) -> Vec<Event> {
        if let Some(known) = self.0.get(&results.release) {
            return known.merge(results);
        }
        if self.confirmed_by(&results).is_some() {
            return vec![];
        }
        let before = self.before(results.release).filter(|_| !self.is_outdone(results.release));
        vec![match before {
            None => Event::ResultsPublished(results),
            Some((from_release, known)) => {
                Event::ResultsRevised { results, from: known.figures, from_release }
            }
        }]
    }

    /// The less final release whose figures this row only repeats, so that nothing is recorded for it.
    pub(super) fn confirmed_by(&self, results: &Results) -> Option<Release> {
        if self.0.contains_key(&results.release) {
            return None;
        }
        let (release, known) = self.before(results.release)?;
        known.is_repeated_by(results).then_some(release)
    }

    /// A release that only confirmed a less final one may be corrected too, though it is not here and nobody here knows
    /// which figures it confirmed.  So the event names only the cells that were named, and what stood in them before only
    /// where that is certain; whoever reads it lays them over the figures that stand for that release.
    pub(super) fn correct(
        &self,
        release: Release,
        figures: Figures,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        let known = self.0.get(&release).cloned().or_else(|| self.confirmable(release));
        let Some(Row { figures: known, .. }) = known else {
            return Err(Refusal::NoSuchResults {
                release,
                recorded: self.0.keys().copied().collect(),
            });
        };
        if figures.except(known) == Figures::default() {
            return Ok(vec![]);
        }
        let fact = Fact::Results { release, from: known.within(figures), to: figures };
        Ok(vec![Event::FactCorrected { fact, reason }])
    }

    pub(super) fn published(&mut self, results: &Results) {
        let row = self.0.entry(results.release).or_default();
        row.figures = results.figures;
        row.kind = results.kind;
        row.record_type = results.record_type;
    }

    pub(super) fn corrected(&mut self, release: Release, from: Figures, to: Figures) {
        let confirmed = self.confirmable(release).map(|row| Row {
            // One of them is what its file prints, and may print again.
            corrected: self.less_final(release).map(|(_, row)| row.figures.within(to)).collect(),
            ..row
        });
        let row = self.0.entry(release).or_insert_with(|| confirmed.unwrap_or_default());
        row.corrected.push(from);
        row.corrected.iter_mut().for_each(|wrong| *wrong = wrong.except(to));
        row.corrected.retain(|wrong| *wrong != Figures::default());
        row.figures = row.figures.overlaid(to);
    }

    /// What a release without a row of its own can only have said, if it confirmed one that is less final: whatever those
    /// agree on.
    fn confirmable(&self, release: Release) -> Option<Row> {
        let mut less_final = self.less_final(release).map(|(_, row)| row);
        let first = Row { corrected: vec![], ..less_final.next()?.clone() };
        Some(less_final.fold(first, |agreed, row| Row {
            figures: agreed.figures.except(agreed.figures.except(row.figures)),
            kind: agreed.kind.filter(|kind| row.kind == Some(*kind)),
            record_type: agreed.record_type.filter(|it| row.record_type == Some(*it)),
            corrected: vec![],
        }))
    }

    /// The most final release of the same year that is less final than this one.
    fn before(&self, release: Release) -> Option<(Release, &Row)> {
        self.less_final(release).next_back()
    }

    fn less_final(&self, release: Release) -> impl DoubleEndedIterator<Item = (Release, &Row)> {
        let first = Release { standing: Standing::Provisional, ..release };
        self.0.range(first..release).map(|(release, row)| (*release, row))
    }

    /// Whether a more final release of the same year is recorded.
    fn is_outdone(&self, release: Release) -> bool {
        let last = Release { standing: Standing::Final, ..release };
        self.0.range((Bound::Excluded(release), Bound::Included(last))).next().is_some()
    }
}

impl Row {
    /// Another file of the same release: its columns are laid over what is known.
    fn merge(&self, results: Results) -> Vec<Event> {
        let said = self.corrected.iter().fold(results.figures, |said, wrong| said.except(*wrong));
        let merged = Self {
            figures: self.figures.overlaid(said),
            kind: results.kind.or(self.kind),
            record_type: results.record_type.or(self.record_type),
            corrected: self.corrected.clone(),
        };
        if merged == *self {
            return vec![];
        }
        let Self { figures, kind, record_type, .. } = merged;
        vec![Event::ResultsRevised {
            from: self.figures,
            from_release: results.release,
            results: Results { figures, kind, record_type, ..results },
        }]
    }

    /// Exactly the same figures, absent columns included, and nothing new about the kind of school.
    fn is_repeated_by(&self, results: &Results) -> bool {
        self.figures == results.figures
            && results.kind.is_none_or(|kind| self.kind == Some(kind))
            && results.record_type.is_none_or(|it| self.record_type == Some(it))
    }
}
