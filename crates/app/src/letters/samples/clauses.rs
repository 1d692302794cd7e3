//! What the letters to the school that there is not rest on: found as every finding is, under the criteria of 2018-19.

use kernel::{Cell, Grade, Outcome, Progress8, Release, Source, Threshold, Urn};
use letters::Kind;
use membership::criteria::CriteriaFile;
use membership::facts::{Cover, InspectionFact, ResultsFact, SchoolFacts, YearFact};
use membership::finding::find;
use membership::review::Basis;
use membership::{Answer, Clause};

use super::super::known::rules_of;
use super::day;

const CRITERIA: &str = include_str!("../../../../../deploy/criteria/2018-19.toml");

/// The clauses that a letter of a kind tells.  None where it tells none, or the criteria cannot be read.
pub(super) fn told(kind: Kind, school: &str, urn: Urn) -> Vec<Clause> {
    let (Some((rules, passed)), Some(basis)) = (rules_of(kind), basis()) else { return vec![] };
    // Two years of them are enough to be invited, or to stay; one that applies by itself has done less well.
    let results = match kind {
        Kind::ApplicationReply => [(12, -8), (5, -15), (9, -11)],
        Kind::RenewalRefused => [(-4, -25), (-12, -33), (7, -13)],
        _ => [(31, 11), (18, -2), (35, 15)],
    };
    let facts = SchoolFacts {
        urn,
        name: school.to_owned(),
        in_population: true,
        inspection: Some(InspectionFact {
            outcome: Outcome::Overall(Grade::Good),
            inspected_on: day(2016, 5, 3),
            published_on: Some(day(2016, 5, 20)),
            carried_from: None,
            source: source("ofsted_ratings.csv", 921),
        }),
        last_overall: None,
        ungraded_since: None,
        years: years(results),
        cover: Cover::Unknown,
    };
    let clauses = find(&basis, &facts).clauses;
    let wanted =
        |it: &Clause| rules.contains(&it.rule.as_str()) && (!passed || it.result == Answer::Passed);
    clauses.into_iter().filter(wanted).collect()
}

fn years(results: [(i32, i32); 3]) -> Vec<YearFact> {
    let published = |hundredths| Some(Cell::Published(Progress8::from_hundredths(hundredths)));
    let files = [
        "2017-2018_england_ks4final.csv",
        "2016-2017_england_ks4final.csv",
        "2015-2016_england_ks4final.csv",
    ];
    let releases = ["2017/18 final", "2016/17 final", "2015/16 final"];
    let years = releases.iter().zip(files).zip(results);
    years
        .filter_map(|((release, file), (progress8, lower))| {
            let release: Release = release.parse().ok()?;
            let figures = ResultsFact {
                progress8: published(progress8),
                lower: published(lower),
                public_from: release.year.final_public_from(),
                source: source(file, 1_204),
            };
            Some(YearFact { release, figures: Some(figures) })
        })
        .collect()
}

fn basis() -> Option<Basis> {
    let criteria: membership::criteria::Adoption =
        toml::from_str::<CriteriaFile>(CRITERIA).ok()?.into();
    let release: Release = "2017/18 final".parse().ok()?;
    Some(Basis {
        year: super::year(),
        as_at: day(2019, 2, 14),
        release: Some(release),
        threshold: Some(Threshold {
            release,
            percentile: 75,
            method: String::new(),
            kinds: criteria.terms.population.kinds.clone(),
            population: 3_427,
            value: 2_300,
            on_or_above: 860,
            tied: 11,
            significant: Some(951),
            public_from: release.year.final_public_from(),
            files: vec![],
        }),
        criteria,
    })
}

fn source(file: &str, line: u64) -> Source {
    Source { file: file.to_owned(), sha256: String::new(), line }
}
