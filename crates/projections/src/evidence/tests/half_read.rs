//! A file that was begun and not read to its end decides nothing.

use kernel::Release;
use membership::facts::Cover;
use schools::national_data::{Abandoned, Begun, Dataset, Event as NationalData, Import};
use schools::school::Event as School;

use super::{A, B, Story, day, import, question, recorded_on, results, scored, source};
use crate::Event;
use crate::collected::Collected;
use crate::evidence::Incomplete;

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn half_read() -> Story {
    Story::default()
        .then(A, School::ResultsPublished(results("2017/18 revised", scored(20), "2019-01-31")))
        .begun("2017/18 final", "2019-04-30")
        .then(A, told(31, &import("2017/18 final", "2019-04-30")))
}

/// Results of a release, from that file of it.
fn told(hundredths: i32, from: &Import) -> School {
    let source = kernel::Source { sha256: from.sha256[..12].to_owned(), ..source(7) };
    let told = results("2017/18 final", scored(hundredths), "2019-04-30");
    School::ResultsPublished(schools::Results { source, ..told })
}

#[test]
fn a_release_decides_once_its_file_is_read_to_its_end() {
    let begun = half_read();
    let evidence = begun.evidence("2019-05-01");
    assert_eq!(evidence.deciding_releases(), [release("2017/18 revised")]);
    assert_eq!(evidence.releases(), [release("2017/18 revised")]);
    assert_eq!(evidence.threshold(release("2017/18 final"), 75, &[kernel::SchoolKind::ACC]), None);
    assert_eq!(
        evidence.incomplete(),
        [Incomplete {
            dataset: Dataset::Ks4,
            release: Some(release("2017/18 final")),
            file: "final.csv".into(),
        }]
    );
    assert_eq!(begun.evidence("2019-04-29").incomplete(), [], "it was not public yet");

    let whole = begun.imported("2017/18 final", "2019-04-30", &[]);
    let evidence = whole.evidence("2019-05-01");
    assert_eq!(evidence.deciding_releases(), [release("2017/18 final")]);
    assert_eq!(evidence.incomplete(), []);
    // As known while it was being read.
    let then = Collected::of(&whole.history).evidence(day("2019-05-01"), Some(recorded_on(3)));
    assert_eq!(then.deciding_releases(), [release("2017/18 revised")]);
    assert_eq!(then.incomplete().len(), 1);
}

/// What a half table says counts for no percentile, whoever waits for the rest of it (D3).
#[test]
fn a_release_that_was_given_up_decides_nothing_until_another_file_of_it_is_read() {
    let mut given_up = half_read();
    given_up.add(Event::NationalData(
        "ks4".into(),
        NationalData::ImportAbandoned(Abandoned {
            dataset: Dataset::Ks4,
            release: Some(release("2017/18 final")),
            file: "final.csv".into(),
            sha256: import("2017/18 final", "2019-04-30").sha256,
            reason: "cut off".into(),
            on: day("2019-05-01"),
        }),
    ));
    let evidence = given_up.evidence("2019-05-01");
    assert_eq!(evidence.incomplete(), [], "nobody waits for it");
    assert_eq!(evidence.deciding_releases(), [release("2017/18 revised")]);
    assert_eq!(evidence.threshold(release("2017/18 final"), 75, &[kernel::SchoolKind::ACC]), None);
    // As known while it was still awaited.
    let then = Collected::of(&given_up.history).evidence(day("2019-05-01"), Some(recorded_on(3)));
    assert_eq!(then.incomplete().len(), 1);
    let another = Import { sha256: "f".repeat(64), ..import("2017/18 final", "2019-04-30") };
    given_up.add(Event::NationalData("ks4".into(), NationalData::DatasetImported(another)));
    assert_eq!(given_up.evidence("2019-05-01").deciding_releases(), [release("2017/18 final")]);
}

/// A stray second file of a release that is read: given up, it takes nothing from it that it never gave.
#[test]
fn a_file_that_was_given_up_and_of_which_nothing_stands_recorded_takes_nothing_from_its_release() {
    let good = import("2017/18 final", "2019-04-30");
    let stray = "0123456789ab".to_owned() + &"0".repeat(52);
    let stray = Import { file: "stray.csv".into(), sha256: stray, ..good.clone() };
    let begun = |it: &Import| {
        let Import { dataset, release, file, sha256, public_from, .. } = it.clone();
        let begun = Begun { dataset, release, file, sha256, public_from };
        Event::NationalData("ks4".into(), NationalData::ImportBegun(begun))
    };
    let given_up = |it: &Import| {
        let Import { dataset, release, file, sha256, .. } = it.clone();
        let (reason, on) = ("another table".to_owned(), day("2019-05-01"));
        let abandoned = Abandoned { dataset, release, file, sha256, reason, on };
        Event::NationalData("ks4".into(), NationalData::ImportAbandoned(abandoned))
    };
    let read =
        |it: &Import| Event::NationalData("ks4".into(), NationalData::DatasetImported(it.clone()));
    let decides = |story: &Story| story.evidence("2019-05-01").deciding_releases();
    let (revised, last) = ([release("2017/18 revised")], [release("2017/18 final")]);
    let whole = || {
        let mut story = Story::default()
            .then(A, School::ResultsPublished(results("2017/18 revised", scored(20), "2019-01-31")))
            .begun("2017/18 final", "2019-04-30")
            .then(A, told(31, &good));
        story.add(read(&good));
        story.add(begun(&stray));
        story
    };
    let mut story = whole();
    assert_eq!(decides(&story), revised, "who knows what it says");
    let mut told_before = story.evidence("2019-05-01");
    told_before.give_up(stray.dataset, stray.release, &stray.sha256);
    assert_eq!(told_before.deciding_releases(), last);
    story.add(given_up(&stray));
    assert_eq!(decides(&story), last);

    let mut story = whole().then(B, told(40, &stray));
    story.add(given_up(&stray));
    assert_eq!(decides(&story), revised, "something stands recorded from it");
    story.add(read(&good));
    assert_eq!(decides(&story), last, "read again, the whole file says what stands");
}

/// Nobody took down the beginnings of imports before.
#[test]
fn a_file_that_was_never_said_to_be_begun_is_whole() {
    let story = Story::default()
        .then(A, School::ResultsPublished(results("2017/18 final", scored(31), "2019-01-31")))
        .imported("2017/18 final", "2019-01-31", &[]);
    assert_eq!(story.evidence("2019-02-28").deciding_releases(), [release("2017/18 final")]);
    assert_eq!(story.evidence("2019-02-28").incomplete(), []);
}

#[test]
fn a_second_file_of_a_release_makes_it_incomplete_until_it_is_read_too() {
    let mut story = half_read().imported("2017/18 final", "2019-04-30", &[]);
    let Import { dataset, release: of, public_from, .. } = import("2017/18 final", "2019-06-30");
    let (file, sha256) = ("second.csv".to_owned(), "e".repeat(64));
    story.add(Event::NationalData(
        "ks4".into(),
        NationalData::ImportBegun(Begun { dataset, release: of, file, sha256, public_from }),
    ));
    assert_eq!(story.evidence("2019-06-30").deciding_releases(), [release("2017/18 revised")]);
    assert_eq!(story.evidence("2019-06-29").deciding_releases(), [release("2017/18 final")]);
}

#[test]
fn while_a_cover_list_is_half_read_nobodys_cover_is_known() {
    let begun = Begun {
        dataset: Dataset::Cover,
        release: None,
        file: "cover.csv".into(),
        sha256: "c".repeat(64),
        public_from: None,
    };
    let Begun { dataset, release, file, sha256, public_from } = begun.clone();
    let whole = Import {
        dataset,
        release,
        file,
        sha256,
        public_from,
        ..import("2017/18 final", "2019-01-31")
    };
    let covered = School::SsatCoverRecorded {
        from: day("2018-09-01"),
        until: None,
        via_trust: None,
        source: source(3),
    };
    let mut story = Story::default();
    for school in [A, B] {
        let results = results("2017/18 final", scored(20), "2019-01-31");
        story = story.then(school, School::ResultsPublished(results));
    }
    story.add(Event::NationalData("cover".into(), NationalData::ImportBegun(begun)));
    let mut story = story.then(A, covered);
    let cover = |story: &Story| -> Vec<Cover> {
        let evidence = story.evidence("2019-02-28");
        let facts = evidence.facts(&question(Some("2017/18 final"), "2019-02-28"));
        facts.into_iter().map(|facts| facts.cover).collect()
    };
    assert_eq!(cover(&story), [Cover::Unknown, Cover::Unknown]);
    assert_eq!(story.evidence("2019-02-28").incomplete()[0].dataset, Dataset::Cover);
    story.add(Event::NationalData("cover".into(), NationalData::DatasetImported(whole)));
    assert!(matches!(cover(&story)[..], [Cover::Covered { .. }, Cover::None]));
}
