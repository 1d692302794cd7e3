//! Who stands on the other side of a line than an earlier release of the same year had them (D4).

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
    /// Progress 8 (or, for significance, its lower limit) before and now, as shown.
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

    let then = schools(evidence, since);
    let mut crossings = vec![];
    for school in schools(evidence, now.release) {
        let Ok(place) = then.binary_search_by_key(&school.urn, |it| it.urn) else { continue };
        let earlier = &then[place];
        let lines = [
            (Line::Threshold, reaches(earlier, &before), reaches(&school, now), progress8 as Shown),
            (Line::Significance, significant(earlier), significant(&school), lower as Shown),
        ];
        for (line, was, is, shown) in lines {
            let (Some(was), Some(is)) = (was, is) else { continue };
            if was != is {
                crossings.push(Crossing {
                    urn: school.urn,
                    name: school.name.clone(),
                    line,
                    direction: if is { Direction::In } else { Direction::Out },
                    since,
                    before: shown(earlier).map(|score| score.to_string()),
                    now: shown(&school).map(|score| score.to_string()),
                });
            }
        }
    }
    crossings
}

type Shown = fn(&SchoolFacts) -> Option<Progress8>;

/// The schools of the threshold's population in one release, by URN.
fn schools(evidence: &Evidence, release: Release) -> Vec<SchoolFacts> {
    let question = Question {
        // Only the cover clause asks for the year of membership, and nobody looks at it here.
        year: LeadingEdgeYear::containing(release.year.final_public_from()).next(),
        as_at: NaiveDate::MAX,
        release: Some(release),
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

fn reaches(school: &SchoolFacts, threshold: &Threshold) -> Option<bool> {
    progress8(school).map(|score| threshold.is_reached_by(score))
}

fn significant(school: &SchoolFacts) -> Option<bool> {
    lower(school).map(|limit| limit > Progress8::ZERO)
}
