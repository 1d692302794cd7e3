//! Where files are made, and what is in the way.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use kernel::Grade;
use projections::{Event, Window};
use read_store::{Failure, Over, ReadStore, replay};
use schools::school::Event as School;

use crate::book::{Book, day, inspection, urn};

fn silent(_: u64) {}

fn book() -> Book {
    let mut book = Book::new();
    book.write((0..3_u32).map(|number| {
        let inspected = inspection(day("2016-05-03"), Grade::Good, 9);
        Event::School(urn(100_000 + number), School::OfstedInspected(inspected))
    }));
    book
}

/// Every file of the folder, with what is in it.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut contents: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| !entry.file_name().to_string_lossy().ends_with("-shm"))
        .map(|entry| {
            let held = fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), held)
        })
        .collect();
    contents.sort();
    contents
}

fn rebuilt_into(book: &Book, into: &Path) -> Result<(), Failure> {
    book.replay(into, Window::default()).map(|_| ())
}

#[test]
fn what_is_not_read_models_is_never_replaced_by_them() {
    let book = book();
    let folder = book.folder();
    fs::write(folder.join("notes.txt"), "do not lose").unwrap();
    fs::write(folder.join("empty"), "").unwrap();
    fs::write(folder.join("lost.sqlite-wal"), "a log").unwrap();
    fs::create_dir(folder.join("folder")).unwrap();
    let other = rusqlite::Connection::open(folder.join("other.sqlite")).unwrap();
    other.execute_batch("CREATE TABLE seen (position INTEGER)").unwrap();
    drop(other);
    std::os::unix::fs::symlink("notes.txt", folder.join("link")).unwrap();
    let before = contents(folder);
    for name in
        ["journal.sqlite", "notes.txt", "empty", "lost.sqlite", "folder", "other.sqlite", "link"]
    {
        let failure = rebuilt_into(&book, &folder.join(name)).unwrap_err();
        assert!(matches!(failure, Failure::Taken { .. }), "{name}: {failure}");
        assert!(failure.to_string().contains(name), "{failure}");
        assert_eq!(contents(folder), before, "{name}");
    }
}

#[test]
fn read_models_that_people_look_up_are_not_replaced_under_them() {
    let book = book();
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 3, &silent).unwrap();
    let roundabout = book.folder().join("sub/../read-models.sqlite");
    fs::create_dir(book.folder().join("sub")).unwrap();
    let before = contents(book.folder());
    for into in [&book.read_models(), store.file(), &roundabout] {
        let failure = rebuilt_into(&book, into).unwrap_err();
        assert!(matches!(failure, Failure::InUse { .. }), "{}: {failure}", into.display());
        assert_eq!(contents(book.folder()), before);
    }
    // The same where a plain file was put in the place of the link.
    let file = store.file().to_owned();
    drop(store);
    fs::rename(file, book.read_models()).unwrap();
    let failure = rebuilt_into(&book, &book.read_models()).unwrap_err();
    assert!(matches!(failure, Failure::InUse { .. }), "{failure}");
}

#[test]
fn read_models_of_any_definitions_are_replaced_where_nobody_looks_them_up() {
    let book = book();
    let into = book.folder().join("as-at.sqlite");
    rebuilt_into(&book, &into).unwrap();
    let connection = rusqlite::Connection::open(&into).unwrap();
    connection
        .execute_batch(
            "PRAGMA application_id = 0; UPDATE seen SET schema = zeroblob(32), position = 1",
        )
        .unwrap();
    drop(connection);
    rebuilt_into(&book, &into).unwrap();
    assert_eq!(ReadStore::open(&into).unwrap().position().unwrap(), 3);
    let connection = rusqlite::Connection::open(&into).unwrap();
    let id: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).unwrap();
    assert_eq!(id, 0x4c65_524d);
}

#[test]
fn only_where_it_is_asked_for_another_file_is_replaced_and_a_journal_never() {
    let book = book();
    let folder = book.folder();
    fs::write(folder.join("notes.txt"), "no longer wanted").unwrap();
    fs::write(folder.join("other.sqlite"), "a database").unwrap();
    fs::write(folder.join("other.sqlite-journal"), "its own").unwrap();
    std::os::unix::fs::symlink("other.sqlite", folder.join("link")).unwrap();
    let forced = |name: &str| {
        let to_the_end = |_| ControlFlow::Continue(());
        let into = folder.join(name);
        replay(&book.reader(), &into, Window::default(), Over::AnyFile, &to_the_end)
    };
    let before = contents(folder);
    for name in ["journal.sqlite", "journal.sqlite-wal", "other.sqlite-journal", "link", "."] {
        let failure = forced(name).unwrap_err();
        assert!(matches!(failure, Failure::Taken { .. }), "{name}: {failure}");
        assert_eq!(contents(folder), before, "{name}");
    }
    assert_eq!(forced("notes.txt").unwrap().events, 3);
}

#[test]
fn a_replay_that_is_broken_off_leaves_what_was_there() {
    let book = book();
    let into = book.folder().join("as-at.sqlite");
    rebuilt_into(&book, &into).unwrap();
    let before = contents(book.folder());
    let at_once = |_| ControlFlow::Break(());
    let failure = replay(&book.reader(), &into, Window::default(), Over::AnEarlierReplay, &at_once)
        .unwrap_err();
    assert!(matches!(failure, Failure::BrokenOff), "{failure}");
    assert_eq!(contents(book.folder()), before);
}

#[test]
fn a_replay_is_one_file_that_can_be_sent_and_looked_at() {
    let book = book();
    let into = book.folder().join("as-at.sqlite");
    rebuilt_into(&book, &into).unwrap();
    let sent = tempfile::tempdir().unwrap();
    let path = sent.path().join("sent.sqlite");
    fs::copy(&into, &path).unwrap();
    let connection = read_store::read_only(&path).unwrap();
    let schools: i64 =
        connection.query_row("SELECT count(*) FROM schools", [], |row| row.get(0)).unwrap();
    assert_eq!(schools, 3);
    assert!(connection.execute("DELETE FROM schools", []).is_err());
    drop(connection);
    assert_eq!(contents(sent.path()).len(), 1, "nothing lies beside it");

    fs::write(&path, "not read models").unwrap();
    let failure = read_store::read_only(&path).unwrap_err();
    assert!(matches!(failure, Failure::NotReadModels { .. }), "{failure}");
}
