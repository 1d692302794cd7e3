//! Which lines of files no longer say what stands, once an event is told (D17).

use kernel::{Cell, Day, Progress8, Release, Source, Urn};
use schools::Figures;
use schools::national_data::Import;
use schools::school::{Event as School, Fact, Inspection};

use crate::known::School as Known;
use crate::results;

/// Lines that a finding may rest on, and what became of the fact that stands there.
pub(super) struct OldData {
    pub(super) sources: Vec<Source>,
    pub(super) what: String,
}

/// What an event of a school makes old.  Before it is applied: `known` is what stood until now.
pub(super) fn by_event(known: &Known, urn: Urn, event: &School) -> Vec<OldData> {
    match event {
        // Most schools have no findings, and these are the most frequent events.
        School::ResultsPublished(_) | School::ResultsRevised { .. }
            if known.findings().is_empty() =>
        {
            Vec::new()
        }
        School::ResultsPublished(published) => {
            let figures = results::stated(known.version(published.release), published);
            replaced(known, published.release, &figures, Less::StandsBeside)
        }
        School::ResultsRevised { results: revised, .. } => {
            let figures = results::stated(known.version(revised.release), revised);
            replaced(known, revised.release, &figures, Less::IsReplaced)
        }
        School::FactCorrected { fact: Fact::Results { release, to, .. }, reason } => {
            results::vouched_for(known.results(), *release)
                .filter(|row| looked_at(&row.figures().overlaid(*to)) != looked_at(&row.figures()))
                .map(|row| OldData {
                    sources: known.sources_of(row.release()),
                    what: format!("{} was corrected: {reason}", row.release()),
                })
                .collect()
        }
        School::FactCorrected { fact: Fact::Inspection { inspected_on, .. }, reason } => {
            let on = Day(*inspected_on);
            let what = format!("the inspection of {urn} on {on} was corrected: {reason}");
            vec![OldData { sources: known.sources_on(*inspected_on), what }]
        }
        School::OfstedInspected(inspection) => {
            stated_otherwise(known, urn, inspection).into_iter().collect()
        }
        School::SchoolRegistered { .. }
        | School::SchoolDetailsCorrected { .. }
        | School::SchoolClosed { .. }
        | School::SchoolConverted(_)
        | School::SchoolsMerged(_)
        | School::SchoolSplit(_)
        | School::OfstedUpgraded { .. }
        | School::OfstedDowngraded { .. }
        | School::SsatCoverRecorded { .. } => Vec::new(),
    }
}

/// What a release makes old by vouching for other figures than stood.
pub(super) fn by_import(known: &Known, import: &Import, line: u64) -> Vec<OldData> {
    let Some(release) = import.release.filter(|_| !known.findings().is_empty()) else {
        return Vec::new();
    };
    let versions: Vec<&results::Row> = known.results().collect();
    results::confirmed(&versions, release, import, line)
        .map_or_else(Vec::new, |row| replaced(known, release, &row.figures(), Less::IsReplaced))
}

/// Whether a release replaces the less final ones of its year (D4).
#[derive(Clone, Copy, Eq, PartialEq)]
enum Less {
    IsReplaced,
    StandsBeside,
}

/// The versions that say something else than `figures`, of the release itself and of those it replaces.
fn replaced(known: &Known, by: Release, figures: &Figures, less: Less) -> Vec<OldData> {
    // Asked for every row of a release: most schools have no findings.
    if known.findings().is_empty() {
        return Vec::new();
    }
    known
        .results()
        .filter(|row| {
            row.release() == by
                || (less == Less::IsReplaced && row.year == by.year && row.standing < by.standing)
        })
        .filter(|row| looked_at(&row.figures()) != looked_at(figures))
        .map(|row| OldData {
            sources: known.sources_of(row.release()),
            what: format!("{} was revised by {by}", row.release()),
        })
        .collect()
}

/// A finding rests on what an inspection came to, and on the day from which that was public (D6).
fn stated_otherwise(known: &Known, urn: Urn, inspection: &Inspection) -> Option<OldData> {
    let inspected_on = inspection.inspected_on;
    let row = known.inspection(inspected_on)?;
    let published_on = known.published_on(inspected_on);
    let (was, is) = (
        published_on.unwrap_or(inspected_on),
        inspection.published_on.or(published_on).unwrap_or(inspected_on),
    );
    let on = Day(inspected_on);
    let what = if row.outcome().as_ref() != Some(&inspection.outcome) {
        format!("the inspection of {urn} on {on} was stated anew")
    } else if was != is {
        let (was, is) = (Day(was), Day(is));
        format!("the inspection of {urn} on {on} was public from {is}, not from {was}")
    } else {
        return None;
    };
    Some(OldData { sources: known.sources_on(inspected_on), what })
}

/// What a review looks at (R2, R3).
fn looked_at(figures: &Figures) -> (Option<Cell<Progress8>>, Option<Cell<Progress8>>) {
    (figures.progress8, figures.lower)
}
