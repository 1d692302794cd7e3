use chrono::NaiveDate;
use kernel::Urn;
use membership::facts::{self, NoCover};
use schools::national_data::Dataset;

use super::{Lists, Row};
use crate::begun::{self, Reading};
use crate::imports;

/// The two rows that a file has, each by its position.
fn begun(dataset: Dataset, position: u64) -> begun::Row {
    begun::Row {
        position,
        recorded_at: 0,
        actor: "office".into(),
        dataset,
        release: None,
        file: "cover.csv".into(),
        sha256: position.to_string(),
        public_from: None,
        given_up_at: None,
        given_up_because: None,
    }
}

fn read(dataset: Dataset, position: u64) -> imports::Row {
    let begun::Row { recorded_at, actor, release, file, sha256, public_from, .. } =
        begun(dataset, position);
    imports::Row {
        position,
        recorded_at,
        actor,
        dataset,
        release,
        file,
        sha256,
        layout: "cover".into(),
        public_from,
        rows_read: 1,
        recorded: 1,
        unchanged: 0,
        passed_over: 0,
        repeated: 0,
        contradicting: 0,
        confirmed: 0,
    }
}

fn stated(position: u64, from: &str, until: Option<&str>) -> Row {
    Row {
        urn: "100003".parse::<Urn>().unwrap(),
        covered_from: day(from),
        covered_until: until.map(day),
        via_trust: None,
        file: "cover.csv".into(),
        sha256: "0123456789ab".into(),
        line: 2,
        position,
        recorded_at: 0,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn lists_are_read_once_every_one_that_was_begun_was_read_to_its_end() {
    let mut reading = Reading::default();
    reading.begun(begun(Dataset::Ofsted, 1));
    reading.read(&read(Dataset::Ks4, 2));
    assert_eq!(Lists::of(&reading), Lists::NeverRead, "other files say nothing of cover");
    reading.begun(begun(Dataset::Cover, 3));
    assert_eq!(Lists::of(&reading), Lists::HalfRead);
    reading.read(&read(Dataset::Cover, 4));
    assert_eq!(Lists::of(&reading), Lists::Read);
    reading.begun(begun(Dataset::Cover, 5));
    assert_eq!(Lists::of(&reading), Lists::HalfRead, "the first does not vouch for the second");
    reading.give_up(Dataset::Cover, None, "5");
    assert_eq!(Lists::of(&reading), Lists::Read, "nobody waits for it");
    // One that was read since says what a half one would have said.
    reading.begun(begun(Dataset::Cover, 6));
    assert_eq!(Lists::of(&reading), Lists::HalfRead);
    reading.read(&read(Dataset::Cover, 7));
    assert_eq!(Lists::of(&reading), Lists::Read);
}

/// Nobody took down the beginnings of imports before.
#[test]
fn a_list_that_was_never_said_to_be_begun_is_read() {
    let mut reading = Reading::default();
    reading.read(&read(Dataset::Cover, 1));
    assert_eq!(Lists::of(&reading), Lists::Read);
}

/// D10: what the office recorded by hand is known for that school, and nothing of another; half a list hides all.
#[test]
fn what_is_known_of_a_school_depends_on_how_far_lists_were_read() {
    let covered = [stated(1, "2018-09-01", Some("2019-08-31"))];
    let (inside, outside) = (day("2019-04-01"), day("2019-09-01"));
    let why =
        |lists: Lists, statements: &[Row], day| lists.cover_on(statements, day).covers(day).err();
    for lists in [Lists::NeverRead, Lists::Read] {
        assert_eq!(why(lists, &covered, inside), None);
        assert_eq!(why(lists, &covered, outside), Some(NoCover::NotAMember));
        assert_eq!(lists.cover_ends(&covered, inside), Some(day("2019-08-31")));
    }
    assert_eq!(Lists::NeverRead.cover_on(&[], inside), facts::Cover::Unknown);
    assert_eq!(Lists::Read.cover_on(&[], inside), facts::Cover::None);
    for statements in [&covered[..], &[]] {
        assert_eq!(Lists::HalfRead.cover_on(statements, inside), facts::Cover::Unknown);
        assert_eq!(Lists::HalfRead.cover_ends(statements, inside), None);
    }
}

#[test]
fn of_two_statements_on_one_first_day_the_last_counts_and_of_terms_that_overlap_the_later() {
    let stated = [
        stated(1, "2018-09-01", None),
        stated(2, "2019-01-01", Some("2019-06-30")),
        stated(3, "2018-09-01", Some("2019-03-31")),
    ];
    let from = |on: &str| match Lists::Read.cover_on(&stated, day(on)) {
        facts::Cover::Covered { from, .. } => Some(from),
        facts::Cover::None | facts::Cover::Unknown => None,
    };
    assert_eq!(from("2018-12-31"), Some(day("2018-09-01")));
    assert_eq!(from("2019-02-01"), Some(day("2019-01-01")));
    assert_eq!(from("2019-07-01"), None);
    assert_eq!(Lists::Read.cover_ends(&stated, day("2019-02-01")), Some(day("2019-06-30")));
}
