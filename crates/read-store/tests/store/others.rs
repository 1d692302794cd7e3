//! Several at once: a writer, and readers in other threads with connections of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use kernel::Grade;
use projections::{Event, inspections, timeline};
use read_store::{Failure, ReadStore};
use schools::school::Event as School;

use crate::book::{Book, day, inspection, urn};

fn events(count: u32) -> impl Iterator<Item = Event> {
    (0..count).map(|number| {
        let on = day("2010-01-01") + chrono::Days::new(number.into());
        Event::School(
            urn(100_000 + number % 50),
            School::OfstedInspected(inspection(on, Grade::Good, 9)),
        )
    })
}

#[test]
fn readers_see_rows_and_position_together_while_the_writer_writes() {
    let mut book = Book::new();
    book.write(events(3_000));
    let path = book.read_models();
    let mut store = ReadStore::open(&path).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let connection = ReadStore::open(&path).unwrap().read_only().unwrap();
                    let mut looks = 0;
                    while looks == 0 || !done.load(Ordering::Acquire) {
                        let (position, rows, moments): (i64, i64, i64) = connection
                            .query_row(
                                "SELECT position, (SELECT count(*) FROM inspections), (SELECT count(*) FROM timeline) FROM seen",
                                [],
                                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                            )
                            .unwrap();
                        assert_eq!((rows, moments), (position, position));
                        looks += 1;
                    }
                    looks
                })
            })
            .collect();
        let journal = book.reader();
        for upto in (0..=3_000).step_by(37).chain([3_000]) {
            store.catch_up(&journal, upto, &|_| {}).unwrap();
        }
        done.store(true, Ordering::Release);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
    });
    assert_eq!(store.count::<inspections::Row>().unwrap(), 3_000);
    assert_eq!(store.count::<timeline::Row>().unwrap(), 3_000);
}

#[test]
fn two_processes_that_both_bring_it_up_to_date_take_every_event_in_once() {
    let mut book = Book::new();
    book.write(events(2_000));
    let path = book.read_models();
    let mut first = ReadStore::open(&path).unwrap();
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            let mut second = ReadStore::open(&path).unwrap();
            let journal = book.reader();
            for upto in (0..=2_000).step_by(41).chain([2_000]) {
                second.catch_up(&journal, upto, &|_| {}).unwrap();
            }
        });
        let journal = book.reader();
        for upto in (0..=2_000).step_by(29).chain([2_000]) {
            first.catch_up(&journal, upto, &|_| {}).unwrap();
        }
        second.join().unwrap();
    });
    assert_eq!(first.count::<inspections::Row>().unwrap(), 2_000);
    let seen = first.seen().unwrap();
    assert_eq!((seen.position, seen.events), (2_000, 2_000));
    assert_eq!(first.verify(&book.reader(), &|_| {}).unwrap(), None);
}

#[test]
fn whoever_waits_for_a_position_is_told_when_it_is_not_reached() {
    let mut book = Book::new();
    book.write(events(5));
    let mut writer = ReadStore::open(&book.read_models()).unwrap();
    writer.catch_up(&book.reader(), 3, &|_| {}).unwrap();
    let mut reader = ReadStore::open(&book.read_models()).unwrap();
    assert_eq!(reader.at_least(3, Duration::ZERO).unwrap(), 3);
    let behind = reader.at_least(5, Duration::from_millis(5)).unwrap_err();
    assert!(matches!(behind, Failure::Behind { asked: 5, reached: 3, .. }), "{behind}");
    thread::scope(|scope| {
        scope.spawn(|| writer.catch_up(&book.reader(), 5, &|_| {}).unwrap());
        assert_eq!(reader.at_least(5, Duration::from_secs(30)).unwrap(), 5);
    });
}

#[test]
fn two_that_rebuild_at_once_do_not_spoil_each_other() {
    let mut book = Book::new();
    book.write(events(12_000));
    let path = book.read_models();
    ReadStore::open(&path).unwrap();
    let out = book.folder().join("as-at.sqlite");
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut store = ReadStore::open(&path).unwrap();
                let journal = book.reader();
                store.catch_up(&journal, 12_000, &|_| {}).unwrap();
                let rebuilt = store.rebuild_beside(&journal, &|_| {}).unwrap();
                assert_eq!(store.differences(&rebuilt).unwrap(), []);
                store.switch(rebuilt).unwrap();
                assert_eq!(store.count::<inspections::Row>().unwrap(), 12_000);
            });
            scope.spawn(|| {
                book.replay(&out, projections::Window::default()).unwrap();
            });
        }
    });
    let store = ReadStore::open(&path).unwrap();
    assert_eq!(store.verify(&book.reader(), &|_| {}).unwrap(), None);
    assert_eq!(read_store::compare(store.file(), &out).unwrap(), []);
    let mut left: Vec<String> = std::fs::read_dir(book.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("as-at") || name.starts_with("read-models"))
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    left.sort();
    let current = store.file().file_name().unwrap().to_str().unwrap();
    assert_eq!(
        left,
        [
            "as-at.sqlite",
            current,
            "read-models.sqlite",
            "read-models.sqlite.lock",
            "read-models.sqlite.rebuilt.lock"
        ]
    );
}

#[test]
fn what_a_killed_rebuild_left_is_removed_by_the_next() {
    let mut book = Book::new();
    book.write(events(5));
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 5, &|_| {}).unwrap();
    let left = ["read-models.sqlite.rebuilt", "read-models.sqlite.rebuilt-wal"];
    for name in left {
        std::fs::write(book.folder().join(name), "half of it").unwrap();
    }
    let rebuilt = store.rebuild_beside(&book.reader(), &|_| {}).unwrap();
    assert_eq!(store.differences(&rebuilt).unwrap(), []);
    drop(rebuilt);
    for name in left {
        assert!(!book.folder().join(name).exists(), "{name}");
    }
}
