//! Who stands on the other side of a line than an earlier release of the same year had them (D4).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Progress8, Release, SchoolKind, Threshold, Urn};
use membership::SchoolFacts;
use projections::evidence::{Evidence, Question};
use serde::Serialize;

/// A school that crossed a line.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Crossing {
    pub urn: Urn,
    pub name: String,
    pub line: Line,
    pub direction: Direction,
    /// The release it is compared with.
    pub since: Release,
    /// Progress 8 (or, for significance, its lower limit) before and now, as shown; `None`: none is published, or the
    /// school is not in the threshold's population.
    pub before: Option<String>,
    pub now: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Line {
    /// The 75th percentile (R3).
    Threshold,
    /// The lower confidence limit strictly above 0 (R2, D2).
    Significance,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

/// The threshold as every release has one: the 75th percentile over state-funded mainstream schools (D3).
pub(super) fn national_threshold(evidence: &Evidence, release: Release) -> Option<Threshold> {
    const NATIONAL_PERCENTILE: u8 = 75;
    evidence.threshold(release, NATIONAL_PERCENTILE, &SchoolKind::STATE_FUNDED_MAINSTREAM)
}

/// Compares a release with the most final one of the same year before it; none, no crossings.
pub(super) fn crossed(evidence: &Evidence, now: &Threshold) -> Vec<Crossing> {
    let earlier = evidence
        .releases()
        .into_iter()
        .filter(|release| {
            release.year == now.release.year && release.standing < now.release.standing
        })
        .max();
    let Some(since) = earlier else { return vec![] };
    let Some(before) = national_threshold(evidence, since) else { return vec![] };

    let (then, today) = (by_urn(schools(evidence, since)), by_urn(schools(evidence, now.release)));
    let urns: BTreeSet<Urn> = then.keys().chain(today.keys()).copied().collect();
    let mut crossings = vec![];
    for urn in urns {
        let (earlier, school) = (then.get(&urn), today.get(&urn));
        let lines = [
            (Line::Threshold, reaches(earlier, &before), reaches(school, now), progress8 as Shown),
            (Line::Significance, significant(earlier), significant(school), lower as Shown),
        ];
        for (line, was, is, shown) in lines {
            // A school that is no longer published, or not in the population any more, is on no side: it left the line
            // it stood above.  One that is new in it came in.
            if was.unwrap_or(false) != is.unwrap_or(false) {
                let score = |school: Option<&SchoolFacts>| {
                    school.and_then(shown).map(|score| score.to_string())
                };
                crossings.push(Crossing {
                    urn,
                    name: school.or(earlier).map_or_else(String::new, |school| school.name.clone()),
                    line,
                    direction: if is == Some(true) { Direction::In } else { Direction::Out },
                    since,
                    before: score(earlier),
                    now: score(school),
                });
            }
        }
    }
    crossings
}

fn by_urn(schools: Vec<SchoolFacts>) -> BTreeMap<Urn, SchoolFacts> {
    schools.into_iter().map(|school| (school.urn, school)).collect()
}

type Shown = fn(&SchoolFacts) -> Option<Progress8>;

/// The schools of the threshold's population in one release, by URN.
fn schools(evidence: &Evidence, release: Release) -> Vec<SchoolFacts> {
    let question = Question {
        // Only the cover clause asks for the year of membership, and nobody looks at it here.
        year: LeadingEdgeYear::containing(release.year.final_public_from()).next(),
        as_at: NaiveDate::MAX,
        release: Some(release),
        population: Some(release),
        published_years: 1,
        kinds: SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec(),
    };
    let mut schools = evidence.facts(&question);
    schools.retain(|school| school.in_population);
    schools
}

fn progress8(school: &SchoolFacts) -> Option<Progress8> {
    school.years.first()?.figures.as_ref()?.progress8?.published()
}

fn lower(school: &SchoolFacts) -> Option<Progress8> {
    school.years.first()?.figures.as_ref()?.lower?.published()
}

fn reaches(school: Option<&SchoolFacts>, threshold: &Threshold) -> Option<bool> {
    school.and_then(progress8).map(|score| threshold.is_reached_by(score))
}

fn significant(school: Option<&SchoolFacts>) -> Option<bool> {
    school.and_then(lower).map(|limit| limit > Progress8::ZERO)
}
