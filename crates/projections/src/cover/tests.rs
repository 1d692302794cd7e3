use chrono::NaiveDate;
use kernel::Urn;
use membership::facts::{self, NoCover};
use schools::national_data::Dataset;

use super::{Lists, Reading, Row};
use crate::{begun, imports};

/// The file, by its SHA-256, as the two tables have it.
fn begun(dataset: Dataset, sha256: &str) -> begun::Row {
    begun::Row {
        position: 1,
        recorded_at: 0,
        actor: "office".into(),
        dataset,
        release: None,
        file: "cover.csv".into(),
        sha256: sha256.into(),
        public_from: None,
        given_up_at: None,
        given_up_because: None,
    }
}

fn read(dataset: Dataset, sha256: &str) -> imports::Row {
    let begun::Row { position, recorded_at, actor, release, file, sha256, public_from, .. } =
        begun(dataset, sha256);
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
    reading.begun(&begun(Dataset::Ofsted, "a"));
    reading.read(&read(Dataset::Ks4, "b"));
    assert_eq!(reading.lists(), Lists::NeverRead, "other files say nothing of cover");
    reading.begun(&begun(Dataset::Cover, "first"));
    assert_eq!(reading.lists(), Lists::HalfRead);
    reading.read(&read(Dataset::Cover, "first"));
    assert_eq!(reading.lists(), Lists::Read);
    reading.begun(&begun::Row { position: 2, ..begun(Dataset::Cover, "second") });
    assert_eq!(reading.lists(), Lists::HalfRead, "the first one does not vouch for the second");
    reading.read(&imports::Row { position: 3, ..read(Dataset::Cover, "second") });
    assert_eq!(reading.lists(), Lists::Read);
    // One that was read since says what a half one would have said.
    reading.begun(&begun::Row { position: 4, ..begun(Dataset::Cover, "half") });
    assert_eq!(reading.lists(), Lists::HalfRead);
    reading.read(&imports::Row { position: 5, ..read(Dataset::Cover, "newer") });
    assert_eq!(reading.lists(), Lists::Read);
    // Nobody took down the beginnings of imports before.
    reading.read(&read(Dataset::Cover, "third"));
    assert_eq!(reading.lists(), Lists::Read);
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
