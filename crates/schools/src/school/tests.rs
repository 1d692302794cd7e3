//! Given what is recorded of a school, when a file says this, then that is news.

mod entry;
mod inspections;
mod laws;
mod tables;

use chrono::NaiveDate;
use kernel::{Cell, Progress8, Release, Source, Urn};
use scenario::given;
use strum::VariantNames;

use super::{Command, Event, Predecessor, School, Succession};
use crate::{Figures, Refusal, Results};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}

fn source(file: &str) -> Source {
    Source { file: file.into(), sha256: "0a1b2c3d4e5f".into(), line: 2 }
}

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn score(hundredths: i32) -> Option<Cell<Progress8>> {
    Some(Cell::Published(Progress8::from_hundredths(hundredths)))
}

/// A score in hundredths, with limits of half a point around it.
fn figures(progress8: i32) -> Figures {
    Figures {
        progress8: score(progress8),
        lower: score(progress8 - 50),
        upper: score(progress8 + 50),
        pupils: Some(Cell::Published(180)),
    }
}

fn results(of: &str, figures: Figures) -> Results {
    let release = release(of);
    Results {
        release,
        figures,
        kind: None,
        record_type: None,
        public_from: if release.standing.decides() {
            release.year.final_public_from()
        } else {
            release.year.provisional_public_from()
        },
        source: source("tables.csv"),
    }
}

fn predecessor(of: &str, established_on: Option<&str>, succession: Succession) -> Predecessor {
    Predecessor {
        urn: urn(of),
        succession,
        established_on: established_on.map(day),
        source: source("links.csv"),
    }
}

fn succeeded(predecessors: impl Into<Vec<Predecessor>>) -> Command {
    Command::RecordPredecessors { school: urn("136290"), predecessors: predecessors.into() }
}

/// D12: each kind of link is told in its own word.
#[test]
fn a_succession_is_a_conversion_a_merger_or_a_split() {
    let of = |number: &str, succession| predecessor(number, Some("2011-04-01"), succession);
    let converted = of("103001", Succession::Converted);
    let merged = of("103002", Succession::Merged);
    let amalgamated = of("103003", Succession::Amalgamated);
    let split = of("103004", Succession::Split);
    given::<School>([])
        .when(succeeded([converted.clone(), merged.clone(), amalgamated.clone(), split.clone()]))
        .then([
            Event::SchoolConverted(converted),
            Event::SchoolsMerged(merged),
            Event::SchoolsMerged(amalgamated),
            Event::SchoolSplit(split),
        ]);
}

/// The register stores links in both directions, so the same pair is read twice.
#[test]
fn the_same_link_is_recorded_once() {
    let link = predecessor("103001", Some("2011-04-01"), Succession::Converted);
    given::<School>([])
        .when(succeeded([link.clone(), link.clone()]))
        .then([Event::SchoolConverted(link.clone())]);
    given::<School>([Event::SchoolConverted(link.clone())]).when(succeeded([link])).then([]);
}

#[test]
fn the_same_pair_with_another_day_is_another_statement() {
    let dated = predecessor("103001", Some("2011-04-01"), Succession::Converted);
    let undated = predecessor("103001", None, Succession::Converted);
    given::<School>([Event::SchoolConverted(dated)])
        .when(succeeded([undated.clone()]))
        .then([Event::SchoolConverted(undated)]);
}

#[test]
fn a_school_never_succeeds_itself() {
    given::<School>([])
        .when(succeeded([
            predecessor("103001", None, Succession::Merged),
            predecessor("136290", None, Succession::Merged),
        ]))
        .refused(Refusal::SucceedsItself { urn: urn("136290") });
}

fn cover(from: &str, until: Option<&str>, via_trust: Option<&str>) -> Command {
    Command::RecordCover {
        from: day(from),
        until: until.map(day),
        via_trust: via_trust.map(str::to_owned),
        source: source("cover.csv"),
    }
}

fn covered(from: &str, until: Option<&str>, via_trust: Option<&str>) -> Event {
    Event::SsatCoverRecorded {
        from: day(from),
        until: until.map(day),
        via_trust: via_trust.map(str::to_owned),
        source: source("cover.csv"),
    }
}

/// D10: cover is dated.
#[test]
fn cover_is_recorded_once_and_again_when_it_is_extended() {
    given::<School>([]).when(cover("2018-09-01", Some("2019-08-31"), None)).then([covered(
        "2018-09-01",
        Some("2019-08-31"),
        None,
    )]);
    let known = || [covered("2018-09-01", Some("2019-08-31"), None)];
    given::<School>(known()).when(cover("2018-09-01", Some("2019-08-31"), None)).then([]);
    given::<School>(known()).when(cover("2018-09-01", Some("2020-08-31"), None)).then([covered(
        "2018-09-01",
        Some("2020-08-31"),
        None,
    )]);
    given::<School>(known())
        .when(cover("2018-09-01", None, Some("Hill Top Trust")))
        .then([covered("2018-09-01", None, Some("Hill Top Trust"))]);
}

#[test]
fn terms_of_cover_may_overlap() {
    given::<School>([covered("2018-09-01", Some("2019-08-31"), None)])
        .when(cover("2019-04-01", Some("2020-03-31"), None))
        .then([covered("2019-04-01", Some("2020-03-31"), None)]);
}

#[test]
fn cover_for_a_single_day_is_cover_and_cover_that_ends_before_it_begins_is_refused() {
    given::<School>([]).when(cover("2018-09-01", Some("2018-09-01"), None)).then([covered(
        "2018-09-01",
        Some("2018-09-01"),
        None,
    )]);
    given::<School>([]).when(cover("2018-09-01", Some("2018-08-31"), None)).refused(
        Refusal::CoverEndsBeforeItBegins { from: day("2018-09-01"), until: day("2018-08-31") },
    );
}

#[test]
fn a_refusal_says_what_is_recorded() {
    let refusal = Refusal::NoSuchResults {
        release: release("2017/18 final"),
        recorded: vec![release("2015/16 final"), release("2016/17 provisional")],
    };
    assert_eq!(
        refusal.to_string(),
        "no results of 2017/18 final are recorded for this school; recorded: 2015/16 final, 2016/17 provisional"
    );
    let refusal = Refusal::NoSuchInspection { inspected_on: day("2018-05-01"), recorded: vec![] };
    assert_eq!(
        refusal.to_string(),
        "no inspection on 1 May 2018 is recorded for this school; recorded: none"
    );
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/school.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
