//! Taking in, stopping, going on, starting over.

use std::path::Path;

use kernel::Grade;
use membership::review::{Event as Review, Verdict};
use projections::Event;
use proptest::prelude::*;
use read_store::{Failure, ReadStore, What, compare, rebuild};
use rusqlite::types::Value;
use schools::school::Event as School;

use crate::book::{Book, day, inspection, registered, urn};
use crate::history::{any_event, basis, finding};

fn silent(_: u64) {}

fn inspected(number: u32, on: &str) -> Event {
    Event::School(urn(number), School::OfstedInspected(inspection(day(on), Grade::Good, 9)))
}

fn rebuilt(book: &Book, name: &str) -> std::path::PathBuf {
    let path = book.folder().join(name);
    rebuild(&book.reader(), &path, projections::Window::default(), &silent).unwrap();
    path
}

fn same(one: &Path, other: &Path) {
    let differences = compare(one, other).unwrap();
    let told: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Taken in by odd portions, with everything forgotten in between (the store is dropped and opened again), the rows
    /// are those of a rebuild in one go.
    #[test]
    fn what_was_kept_up_equals_what_is_rebuilt(
        events in prop::collection::vec(any_event(), 1..120),
        portions in prop::collection::vec((1..30_u64, any::<bool>()), 1..12),
    ) {
        let mut book = Book::new();
        book.write(events);
        let (head, journal) = (book.head(), book.reader());
        let mut store = ReadStore::open(&book.read_models()).unwrap();
        let mut position = 0;
        for (portion, reopened) in portions.into_iter().cycle() {
            position = store.catch_up(&journal, head.min(position + portion), &silent).unwrap();
            if reopened {
                drop(store);
                store = ReadStore::open(&book.read_models()).unwrap();
                prop_assert_eq!(store.position().unwrap(), position);
            }
            if position == head {
                break;
            }
        }
        let file = rebuilt(&book, "again.sqlite");
        same(store.file(), &file);
        let again = ReadStore::open(&file).unwrap();
        prop_assert_eq!(again.seen().unwrap(), store.seen().unwrap());
        prop_assert_eq!(store.verify(&journal, &silent).unwrap(), None);
    }
}

#[test]
fn many_events_at_once_are_taken_in_as_a_few_are() {
    let mut book = Book::new();
    let inspections = (0..12_000_u32)
        .map(|number| inspected(100_000 + number % 300, &format!("{}-05-03", 1990 + number / 300)));
    book.write(inspections);
    let (head, journal) = (book.head(), book.reader());
    let mut at_once = ReadStore::open(&book.folder().join("at-once.sqlite")).unwrap();
    at_once.catch_up(&journal, head, &silent).unwrap();
    let mut few = ReadStore::open(&book.read_models()).unwrap();
    few.catch_up(&journal, 100, &silent).unwrap();
    few.catch_up(&journal, head, &silent).unwrap();
    same(at_once.file(), few.file());
    assert_eq!(few.count::<projections::inspections::Row>().unwrap(), 12_000);
}

/// A new file is written bit by bit, and nothing is looked up in it.
#[test]
fn a_finding_is_judged_in_a_new_file_however_much_later() {
    let (year, urn) = ("2019-20".parse().unwrap(), urn(100_003));
    let review = |event| Event::Review(year, event);
    let mut book = Book::new();
    book.write([
        review(Review::AnnualReviewOpened(basis(year, day("2019-02-28")))),
        review(Review::SchoolReviewed(finding(urn, 2))),
    ]);
    let others = (0..17_000_u32)
        .map(|number| inspected(100_100 + number % 425, &format!("{}-05-03", 1990 + number / 425)));
    book.write(others);
    let (verdict, on) = (Verdict::Eligible, day("2019-03-01"));
    let (reason, minute) = ("a strong year".into(), "item 9".into());
    book.write([review(Review::JudgementRecorded { urn, verdict, reason, minute, on })]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), book.head(), &silent).unwrap();
    let new = rebuilt(&book, "new.sqlite");
    same(store.file(), &new);
    let findings = ReadStore::open(&new).unwrap().findings_of(urn).unwrap();
    assert_eq!(findings[0].verdict, Some(verdict));
}

#[test]
fn an_event_that_is_not_understood_stops_everything_and_is_named() {
    let mut book = Book::new();
    book.write([inspected(100_003, "2016-05-03")]);
    book.write_texts(
        [("schools.school.100003".into(), r#"{"SchoolMoved":{}}"#.into())].into_iter(),
    );
    book.write([inspected(100_049, "2016-05-03")]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 1, &silent).unwrap();
    let failure = store.catch_up(&book.reader(), 3, &silent).unwrap_err();
    assert!(matches!(failure, Failure::Event { position: 2, .. }), "{failure}");
    let cause = std::error::Error::source(&failure).unwrap().to_string();
    assert!(cause.contains("schools.school.100003"), "{cause}");
    assert_eq!(store.position().unwrap(), 1, "nothing from it on is taken in");

    let into = book.folder().join("new.sqlite");
    let failure =
        rebuild(&book.reader(), &into, projections::Window::default(), &silent).unwrap_err();
    assert!(matches!(failure, Failure::Event { position: 2, .. }), "{failure}");
    let left: Vec<_> = std::fs::read_dir(book.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("new"))
        .collect();
    assert!(left.is_empty(), "an interrupted rebuild left {left:?}");
}

#[test]
fn another_services_events_are_passed_over_and_counted() {
    let mut book = Book::new();
    book.write_texts([("grants.bid.7".into(), r#"{"BidSubmitted":{}}"#.into())].into_iter());
    book.write([inspected(100_003, "2016-05-03")]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 2, &silent).unwrap();
    let seen = store.seen().unwrap();
    assert_eq!((seen.position, seen.events, seen.skipped), (2, 2, 1));
}

#[test]
fn a_file_of_another_journal_is_made_anew() {
    let (mut one, mut other) = (Book::new(), Book::new());
    one.write([inspected(100_003, "2016-05-03"), inspected(100_003, "2017-05-03")]);
    other.write([inspected(100_049, "2016-05-03"), inspected(100_049, "2017-05-03")]);
    let mut store = ReadStore::open(&one.read_models()).unwrap();
    store.catch_up(&one.reader(), 2, &silent).unwrap();
    drop(store);
    let mut store = ReadStore::open(&one.read_models()).unwrap();
    assert_eq!(store.catch_up(&other.reader(), 2, &silent).unwrap(), 2);
    assert!(store.school(urn(100_003)).unwrap().is_none());
    assert!(store.school(urn(100_049)).unwrap().is_some());
}

#[test]
fn a_file_that_is_ahead_of_its_journal_is_made_anew() {
    let mut book = Book::new();
    book.write([inspected(100_003, "2016-05-03")]);
    let mut restored = Book::new();
    restored.write([inspected(100_003, "2016-05-03"), inspected(100_003, "2017-05-03")]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&restored.reader(), 2, &silent).unwrap();
    drop(store);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    assert_eq!(store.catch_up(&book.reader(), 1, &silent).unwrap(), 1);
    assert_eq!(store.count::<projections::inspections::Row>().unwrap(), 1);
}

#[test]
fn a_file_of_other_definitions_is_made_anew() {
    let mut book = Book::new();
    book.write([inspected(100_003, "2016-05-03")]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 1, &silent).unwrap();
    let file = store.file().to_owned();
    drop(store);
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute("UPDATE seen SET schema = zeroblob(32)", []).unwrap();
    drop(connection);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    assert_eq!(store.position().unwrap(), 0);
    assert_eq!(store.catch_up(&book.reader(), 1, &silent).unwrap(), 1);
}

#[test]
fn a_file_that_says_it_saw_what_it_did_not_is_found_out() {
    let mut book = Book::new();
    book.write([inspected(100_003, "2016-05-03"), inspected(100_003, "2017-05-03")]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 2, &silent).unwrap();
    assert_eq!(store.verify(&book.reader(), &silent).unwrap(), None);
    let connection = rusqlite::Connection::open(store.file()).unwrap();
    connection.execute("UPDATE seen SET events = 1, hash = zeroblob(32)", []).unwrap();
    let expected = store.verify(&book.reader(), &silent).unwrap().unwrap();
    assert_eq!(expected.events, 2);
}

#[test]
fn two_files_that_differ_are_told_apart_by_table_key_and_column() {
    let mut book = Book::new();
    book.write([
        Event::School(urn(100_003), registered("Hill Top", schools::Details::default())),
        inspected(100_003, "2016-05-03"),
    ]);
    let (one, other) = (rebuilt(&book, "one.sqlite"), rebuilt(&book, "other.sqlite"));
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute("UPDATE schools SET name = 'Hilltop', grade = NULL", []).unwrap();
    connection.execute("DELETE FROM inspections", []).unwrap();
    drop(connection);
    let differences = compare(&one, &other).unwrap();
    let told: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "schools urn 100003: name is Hill Top in the first, Hilltop in the second",
            "schools urn 100003: grade is 2 in the first, nothing in the second",
            "inspections urn 100003, inspected_on 2016-05-03, position 2: only in the first",
        ]
    );
    assert_eq!(differences[2].what, What::OnlyInFirst);
    // Values are plain, and as long as they are: whoever tells them shortens them.
    let What::Column { column, first, second } = &differences[1].what else { panic!("no column") };
    assert_eq!((column.as_str(), first, second), ("grade", &Value::Integer(2), &Value::Null));
}

#[test]
fn a_rebuilt_file_takes_the_place_of_the_old_one_and_readers_of_that_go_on() {
    let mut book = Book::new();
    book.write([Event::School(urn(100_003), registered("Hill Top", schools::Details::default()))]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 1, &silent).unwrap();
    let old = store.file().to_owned();
    let reader = ReadStore::open(&book.read_models()).unwrap();
    let connection = reader.read_only().unwrap();
    let name = |connection: &rusqlite::Connection| -> String {
        connection.query_row("SELECT name FROM schools", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(name(&connection), "Hill Top");

    let beside = store.rebuild_beside(&book.reader(), &silent).unwrap();
    assert_eq!(store.differences(&beside).unwrap(), []);
    store.switch(beside).unwrap();
    assert_ne!(store.file(), old);
    assert!(!old.exists(), "nobody finds the old file any more");
    assert_eq!(name(&connection), "Hill Top", "whoever had it open goes on reading");

    book.write([Event::School(urn(100_003), registered("Hill End", schools::Details::default()))]);
    store.catch_up(&book.reader(), 2, &silent).unwrap();
    assert_eq!(name(&connection), "Hill Top");
    assert_eq!(name(&store.read_only().unwrap()), "Hill End");
    let anew = ReadStore::open(&book.read_models()).unwrap();
    assert_eq!(anew.position().unwrap(), 2);
}

#[test]
fn sql_of_anybody_can_read_everything_and_change_nothing() {
    let mut book = Book::new();
    book.write([inspected(100_003, "2016-05-03")]);
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 1, &silent).unwrap();
    let connection = store.read_only().unwrap();
    let grade: u8 =
        connection.query_row("SELECT grade FROM schools", [], |row| row.get(0)).unwrap();
    assert_eq!(grade, 2);
    assert!(connection.execute("DELETE FROM schools", []).is_err());
}
