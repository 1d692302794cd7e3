//! Given which files were read, when another is, then that is news.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use kernel::{Release, SchoolKind, Threshold};
use scenario::given;
use strum::VariantNames;

use crate::Refusal;

use super::{Abandoned, Begun, Command, Dataset, Event, Import, NationalData, Rows};

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn import(sha256: char, of: &str) -> Import {
    Import {
        dataset: Dataset::Ks4,
        release: Some(release(of)),
        file: "tables.csv".into(),
        sha256: String::from(sha256).repeat(64),
        layout: "ks4".into(),
        public_from: Some(day("2019-01-31")),
        rows: Rows { read: 3, recorded: 2, unchanged: 1, ..Rows::default() },
        confirmed: vec![("136290".parse().unwrap(), 3)],
    }
}

fn begun(sha256: char, public_from: &str) -> Begun {
    Begun {
        dataset: Dataset::Ks4,
        release: Some(release("2017/18 final")),
        file: "tables.csv".into(),
        sha256: String::from(sha256).repeat(64),
        public_from: Some(day(public_from)),
    }
}

fn abandoned(reason: &str) -> Abandoned {
    Abandoned {
        dataset: Dataset::Ks4,
        release: Some(release("2017/18 final")),
        file: "tables.csv".into(),
        sha256: "a".repeat(64),
        reason: reason.into(),
        on: day("2019-03-04"),
    }
}

fn threshold(percentile: u8, kinds: &[SchoolKind], value: i32) -> Threshold {
    Threshold {
        release: release("2017/18 final"),
        percentile,
        method: "linear interpolation between order statistics".into(),
        kinds: kinds.to_vec(),
        population: 4,
        value,
        on_or_above: 1,
        tied: 1,
        significant: Some(1),
        public_from: day("2019-01-31"),
        files: vec!["a".repeat(64)],
    }
}

#[test]
fn a_file_that_is_half_read_can_be_given_up_for_a_reason_and_begun_again() {
    let begun = Event::ImportBegun(begun('a', "2019-01-31"));
    let give_up = |reason| Command::AbandonImport(abandoned(reason));
    let given_up = Event::ImportAbandoned(abandoned("cut off on the way"));
    given::<NationalData>([begun.clone()])
        .when(give_up("cut off on the way"))
        .then([given_up.clone()]);
    let endless = "a".repeat(1001);
    for not_said in ["", " ", "one\nline", "\u{1b}[2J", endless.as_str()] {
        given::<NationalData>([begun.clone()])
            .when(give_up(not_said))
            .refused(Refusal::WhyGivenUpMissing);
    }
    given::<NationalData>([])
        .when(give_up("cut off"))
        .refused(Refusal::NotBegun { sha256: "a".repeat(64) });
    let whole = Event::DatasetImported(import('a', "2017/18 final"));
    given::<NationalData>([begun.clone(), whole.clone()])
        .when(give_up("cut off"))
        .refused(Refusal::ReadToItsEnd { file: "tables.csv".into() });
    let history = [begun.clone(), given_up.clone()];
    given::<NationalData>(history.clone()).when(give_up("said again")).then([]);
    // It is found after all: begun again it is half read again, and may be given up again.
    let Event::ImportBegun(again) = &begun else { panic!("{begun:?}") };
    given::<NationalData>(history.clone())
        .when(Command::BeginImport(again.clone()))
        .then([begun.clone()]);
    given::<NationalData>([begun.clone(), given_up.clone(), begun.clone()])
        .when(give_up("cut off again"))
        .then([Event::ImportAbandoned(abandoned("cut off again"))]);
    let mut data = NationalData::default();
    for event in [begun.clone(), given_up.clone(), begun, given_up, whole] {
        data.apply(event);
    }
    assert_eq!(data.reading(&"a".repeat(64), Some(release("2017/18 final"))), 2);
    assert!(data.holds(&"a".repeat(64), Some(release("2017/18 final"))), "and read to its end");
}

#[test]
fn once_another_file_is_given_up_the_last_whole_one_may_be_read_again() {
    let whole = |sha256| Event::DatasetImported(import(sha256, "2017/18 final"));
    let stray = [
        Event::ImportBegun(begun('a', "2019-01-31")),
        Event::ImportAbandoned(abandoned("another table")),
    ];
    let history: Vec<Event> = [whole('b'), whole('c')].into_iter().chain(stray.clone()).collect();
    let again = |history: &[Event], sha256: char| {
        let mut data = NationalData::default();
        history.iter().cloned().for_each(|event| data.apply(event));
        let (sha256, of) = (sha256.to_string().repeat(64), Some(release("2017/18 final")));
        (data.holds(&sha256, of), data.reading(&sha256, of))
    };
    assert_eq!(again(&history, 'c'), (false, 1));
    assert_eq!(again(&history, 'b'), (true, 0), "it would undo what the last one said");
    given::<NationalData>(history.clone())
        .when(Command::BeginImport(begun('c', "2019-01-31")))
        .then([]);
    let read = Command::RecordImport(import('c', "2017/18 final"));
    given::<NationalData>(history.clone()).when(read.clone()).then([whole('c')]);
    let healed: Vec<Event> = history.into_iter().chain([whole('c')]).collect();
    assert_eq!(again(&healed, 'c'), (true, 0));
    given::<NationalData>(healed.clone()).when(read).then([]);
    let once_more: Vec<Event> = healed.into_iter().chain(stray).collect();
    assert_eq!(again(&once_more, 'c'), (false, 2));
}

#[test]
fn an_import_that_was_cut_short_is_begun_once_and_finished_with_the_same_day() {
    let begun = |day| begun('a', day);
    given::<NationalData>([])
        .when(Command::BeginImport(begun("2019-01-31")))
        .then([Event::ImportBegun(begun("2019-01-31"))]);
    given::<NationalData>([Event::ImportBegun(begun("2019-01-31"))])
        .when(Command::BeginImport(begun("2019-01-31")))
        .then([]);
    given::<NationalData>([Event::ImportBegun(begun("2019-01-31"))])
        .when(Command::BeginImport(begun("2019-03-15")))
        .refused(Refusal::FileHasAnotherDay {
            file: "tables.csv".into(),
            known: Some(day("2019-01-31")),
        });
    given::<NationalData>([Event::DatasetImported(import('a', "2017/18 final"))])
        .when(Command::BeginImport(begun("2019-03-15")))
        .refused(Refusal::FileHasAnotherDay {
            file: "tables.csv".into(),
            known: Some(day("2019-01-31")),
        });
}

/// What was begun decides nothing until it is whole.
#[test]
fn only_a_file_read_to_its_end_is_held() {
    let mut data = NationalData::default();
    let (sha256, release) = ("a".repeat(64), Some(release("2017/18 final")));
    data.apply(Event::ImportBegun(begun('a', "2019-01-31")));
    assert!(!data.holds(&sha256, release));
    assert_eq!(data.public_from(&sha256, release), Some(day("2019-01-31")));
    data.apply(Event::DatasetImported(import('a', "2017/18 final")));
    assert!(data.holds(&sha256, release));
}

#[test]
fn a_file_is_imported_once_under_whatever_name() {
    let first = import('a', "2017/18 final");
    given::<NationalData>([])
        .when(Command::RecordImport(first.clone()))
        .then([Event::DatasetImported(first.clone())]);
    given::<NationalData>([Event::DatasetImported(first.clone())])
        .when(Command::RecordImport(Import { file: "copy of tables.csv".into(), ..first }))
        .then([]);
}

#[test]
fn another_file_or_another_release_is_another_import() {
    for other in [import('b', "2017/18 final"), import('a', "2017/18 provisional")] {
        given::<NationalData>([Event::DatasetImported(import('a', "2017/18 final"))])
            .when(Command::RecordImport(other.clone()))
            .then([Event::DatasetImported(other)]);
    }
}

/// R3: the number used is recorded.
#[test]
fn a_threshold_is_recorded_once_for_each_percentile_and_population() {
    let first = threshold(75, &[SchoolKind::CY, SchoolKind::AC], 2_700);
    let known = || [Event::ThresholdComputed(first.clone())];
    given::<NationalData>([]).when(Command::RecordThreshold(first.clone())).then(known());
    let in_another_order = threshold(75, &[SchoolKind::AC, SchoolKind::CY], 2_700);
    for same in [first.clone(), in_another_order] {
        given::<NationalData>(known()).when(Command::RecordThreshold(same)).then([]);
    }
    for other in [
        threshold(80, &[SchoolKind::CY, SchoolKind::AC], 2_700),
        threshold(75, &[SchoolKind::CY], 2_700),
        threshold(75, &[SchoolKind::CY, SchoolKind::AC], 2_650),
    ] {
        given::<NationalData>(known())
            .when(Command::RecordThreshold(other.clone()))
            .then([Event::ThresholdComputed(other)]);
    }
}

#[test]
fn a_threshold_is_compared_with_the_last_one_only() {
    let (first, second) =
        (threshold(75, &[SchoolKind::CY], 2_700), threshold(75, &[SchoolKind::CY], 2_650));
    given::<NationalData>([
        Event::ThresholdComputed(first.clone()),
        Event::ThresholdComputed(second),
    ])
    .when(Command::RecordThreshold(first.clone()))
    .then([Event::ThresholdComputed(first)]);
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/national_data.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
