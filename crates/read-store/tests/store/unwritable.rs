//! Where the file may only be read, and where there is no room.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use kernel::Grade;
use projections::Event;
use read_store::{Failure, ReadStore, Sort};
use schools::school::Event as School;

use crate::book::{Book, day, inspection, registered, urn};

fn silent(_: u64) {}

/// The folder that a test's second process looks into.
const LOOKED_INTO: &str = "READ_STORE_TESTS_LOOK_INTO";
/// Nobody in particular.
const SOMEBODY: u32 = 65_534;

fn inspected(number: u32) -> Event {
    let inspected = inspection(day("2016-05-03"), Grade::Good, 9);
    Event::School(urn(100_000 + number), School::OfstedInspected(inspected))
}

/// A journal of five events, and read models that have taken in three of them.
fn three_of_five() -> Book {
    let mut book = Book::new();
    book.write([Event::School(urn(100_000), registered("Hill Top", schools::Details::default()))]);
    book.write((0..2).map(inspected));
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), 3, &silent).unwrap();
    drop(store);
    book.write((2..4).map(inspected));
    book
}

/// Runs a test of this file again in a process of its own: as somebody else, so that permissions count (to the machine's
/// administrator they do not), or from a shell that limits it.
fn again(test: &str, folder: &Path, shell: Option<&str>) {
    // Where this program lies, somebody else may not look.
    let apart = tempfile::tempdir().unwrap();
    fs::set_permissions(apart.path(), Permissions::from_mode(0o755)).unwrap();
    let program = apart.path().join("tests");
    // Copied by another program: one that this process is still writing, or that a child of another test still holds,
    // cannot be run.
    let copied = Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&program).status();
    assert!(copied.unwrap().success());
    let mut command = match shell {
        Some(limits) => {
            let mut command = Command::new("sh");
            command.arg("-c").arg(format!("{limits}; exec \"$0\" \"$@\"")).arg(&program);
            command
        }
        None => {
            let mut command = Command::new(&program);
            if fs::metadata("/proc/self").is_ok_and(|me| owner(&me) == 0) {
                command.uid(SOMEBODY).gid(SOMEBODY);
            }
            command
        }
    };
    let ended = command
        .args(["--exact", test, "--nocapture"])
        .env(LOOKED_INTO, folder)
        .current_dir("/")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(
        ended.status.success() && told.contains("1 passed"),
        "{told}{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

fn owner(file: &fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;
    file.uid()
}

fn looked_into() -> Option<PathBuf> {
    std::env::var_os(LOOKED_INTO).map(PathBuf::from)
}

fn may(folder: &Path, mode: u32) {
    fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
}

fn answers_as_of_three(folder: &Path, journal: &journal::Reader) {
    let mut store = ReadStore::open(&folder.join("read-models.sqlite")).unwrap();
    assert_eq!(store.catch_up_if_writable(journal, 5, &silent).unwrap(), 3);
    let behind = store.behind().unwrap();
    assert_eq!((behind.position, behind.asked), (3, 5));
    assert!(behind.to_string().contains("as of event 3 of 5"), "{behind}");
    let page = store.schools(&read_store::Filter::default(), Sort::Urn, 10, 0).unwrap();
    assert_eq!(page.total, 2);
    assert_eq!(store.search("hill top", 10).unwrap().total, 1);
    let count = "SELECT count(*) FROM schools";
    let counted: u32 = store.read_only().unwrap().query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(counted, 2);
    // What is there already is not behind.
    assert_eq!(store.catch_up_if_writable(journal, 3, &silent).unwrap(), 3);
    assert_eq!(store.behind(), None);
    // Whoever decides something is refused.
    let failure = store.catch_up(journal, 5, &silent).unwrap_err();
    assert!(failure.is_unwritable(), "{failure}");
}

#[test]
fn in_a_folder_that_may_only_be_read_answers_are_as_of_where_it_was() {
    if let Some(folder) = looked_into() {
        let journal = journal::Reader::open(&folder.join("journal.sqlite")).unwrap();
        return answers_as_of_three(&folder, &journal);
    }
    let book = three_of_five();
    let test = "unwritable::in_a_folder_that_may_only_be_read_answers_are_as_of_where_it_was";
    may(book.folder(), 0o555);
    again(test, book.folder(), None);
    // The same while somebody else has it open.
    may(book.folder(), 0o755);
    let open = ReadStore::open(&book.read_models()).unwrap();
    assert_eq!(open.position().unwrap(), 3);
    may(book.folder(), 0o555);
    again(test, book.folder(), None);
    may(book.folder(), 0o755);
}

#[test]
fn where_none_can_be_made_that_is_said() {
    if let Some(folder) = looked_into() {
        let failure = ReadStore::open(&folder.join("read-models.sqlite")).unwrap_err();
        assert!(matches!(failure, Failure::NotMade { .. }), "{failure}");
        assert!(failure.to_string().contains("there are none"), "{failure}");
        return;
    }
    let book = Book::new();
    may(book.folder(), 0o555);
    again("unwritable::where_none_can_be_made_that_is_said", book.folder(), None);
    may(book.folder(), 0o755);
}

#[test]
fn without_room_answers_are_as_of_where_it_was() {
    if let Some(folder) = looked_into() {
        let journal = journal::Reader::open(&folder.join("journal.sqlite")).unwrap();
        return answers_as_of_three(&folder, &journal);
    }
    let book = three_of_five();
    // No file may grow beyond 2 KiB: less than one page of a write-ahead log.
    let limits = "trap '' XFSZ; ulimit -f 4";
    again("unwritable::without_room_answers_are_as_of_where_it_was", book.folder(), Some(limits));
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    assert_eq!(store.catch_up_if_writable(&book.reader(), 5, &silent).unwrap(), 5);
    assert_eq!(store.verify(&book.reader(), &silent).unwrap(), None);
}

#[test]
fn a_file_that_somebody_writes_after_all_is_looked_at_again() {
    if let Some(folder) = looked_into() {
        let mut store = ReadStore::open(&folder.join("read-models.sqlite")).unwrap();
        assert_eq!(store.position().unwrap(), 3);
        fs::write(folder.join("ready/yes"), "").unwrap();
        let reached = store.at_least(5, std::time::Duration::from_secs(60)).unwrap();
        assert_eq!(reached, 5);
        assert_eq!(
            store.schools(&read_store::Filter::default(), Sort::Urn, 9, 0).unwrap().total,
            4
        );
        return;
    }
    let book = three_of_five();
    let ready = book.folder().join("ready");
    fs::create_dir(&ready).unwrap();
    may(&ready, 0o777);
    may(book.folder(), 0o555);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            again(
                "unwritable::a_file_that_somebody_writes_after_all_is_looked_at_again",
                book.folder(),
                None,
            );
        });
        while !ready.join("yes").exists() && !reader.is_finished() {
            std::thread::yield_now();
        }
        may(book.folder(), 0o755);
        let mut store = ReadStore::open(&book.read_models()).unwrap();
        store.catch_up(&book.reader(), 5, &silent).unwrap();
        drop(store);
        reader.join().unwrap();
    });
}
