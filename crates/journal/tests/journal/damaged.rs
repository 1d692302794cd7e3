//! Bytes are flipped, rows are changed behind the journal's back, files are somebody else's: each is named.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::{Entry, Failure, Fault, Journal, NoHeads, Reader, verify};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::story::{append, busy_day, everything, faults, open};

/// A closed journal of `count` events: its file alone is all of it.
async fn closed(folder: &TempDir, count: u64) -> (PathBuf, Vec<Entry>) {
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    let recorded = busy_day(&journal, count).await;
    journal.close().await.unwrap();
    (path, recorded)
}

/// Changes the file in SQL, as nobody should.
fn meddle(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER an_event_is_never_changed; DROP TRIGGER an_event_is_never_removed;",
        )
        .and_then(|()| connection.execute_batch(sql))
        .unwrap();
}

fn places(haystack: &[u8], needle: &str) -> Vec<usize> {
    let windows = haystack.windows(needle.len()).enumerate();
    windows.filter(|(_, window)| *window == needle.as_bytes()).map(|(at, _)| at).collect()
}

#[tokio::test]
async fn a_flipped_bit_in_an_event_is_named_with_its_position() {
    let folder = TempDir::new().unwrap();
    let (path, recorded) = closed(&folder, 150).await;
    let bytes = fs::read(&path).unwrap();
    for entry in recorded.iter().step_by(7) {
        // SQLite leaves copies behind where it moved rows to another page; one place is the event's.
        let mut named = 0;
        for start in places(&bytes, &entry.payload) {
            let told: Vec<_> = (start..start + entry.payload.len())
                .zip((0..8).cycle())
                .step_by(5)
                .map(|(at, bit)| {
                    let mut flipped = bytes.clone();
                    flipped[at] ^= 1 << bit;
                    fs::write(&path, &flipped).unwrap();
                    faults(&path)
                })
                .collect();
            if told.iter().any(|faults| !faults.is_empty()) {
                for faults in told {
                    assert!(
                        faults.iter().any(|fault| fault.position() == Some(entry.position)),
                        "{start}: {faults:?}"
                    );
                }
                named += 1;
            }
        }
        assert_eq!(named, 1, "event {}", entry.position);
    }
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_named_or_changes_no_event() {
    let folder = TempDir::new().unwrap();
    let (path, recorded) = closed(&folder, 150).await;
    let bytes = fs::read(&path).unwrap();
    let (mut named, mut harmless) = (0, 0);
    for (at, bit) in (0..bytes.len()).zip((0..8).cycle()).step_by(29) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        fs::write(&path, &flipped).unwrap();
        match verify(&path, &mut |_, _| {}) {
            Ok(verified) if verified.faults.is_empty() => {
                let now = everything(&Reader::open(&path).unwrap());
                assert_eq!(now, recorded, "byte {at}: changed, and not noticed");
                assert_eq!((verified.events, verified.last_hash), (150, recorded[149].hash));
                harmless += 1;
            }
            // Named; or no journal any more, which is said when it is opened.
            Ok(_) | Err(_) => named += 1,
        }
        // A reader may stumble, but it does not fall.
        if let Ok(reader) = Reader::open(&path) {
            let _ = reader.for_each(0, u64::MAX, |_| ControlFlow::Continue(()));
            let _ = reader.stream_back(recorded[149].position);
        }
        let _ = Journal::open(&path, Arc::new(NoHeads)).map(drop);
        for left in ["sqlite-wal", "sqlite-shm"] {
            let _ = fs::remove_file(path.with_extension(left));
        }
    }
    // Events fill most of the file; the rest is room for more.
    assert!(named > 3 * harmless, "{named} named, {harmless} without effect");
}

#[tokio::test]
async fn a_page_of_rubbish_is_named_and_what_is_behind_it_is_still_read() {
    let folder = TempDir::new().unwrap();
    let (path, recorded) = closed(&folder, 400).await;
    let mut bytes = fs::read(&path).unwrap();
    for place in places(&bytes, &recorded[200].payload) {
        bytes[place / 4096 * 4096..][..4096].fill(0xA5);
    }
    fs::write(&path, &bytes).unwrap();
    let verified = verify(&path, &mut |_, _| {}).unwrap();
    let Some(Fault::Page { after, .. }) = verified.faults.first() else {
        panic!("{:?}", verified.faults)
    };
    assert!((180..=200).contains(after), "{after}");
    assert!(verified.events > 380, "{}", verified.events);
    let rows = verified
        .faults
        .iter()
        .filter(|fault| !matches!(fault, Fault::Page { .. } | Fault::Structure { .. }));
    assert_eq!(rows.count(), 0, "one page is at fault: {:?}", verified.faults);
}

#[tokio::test]
async fn a_long_reading_shows_everything_up_to_what_is_missing_and_then_names_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    for version in (0..20_000).step_by(1_000) {
        journal.append(append("schools.school.100003", version, 1_000)).await.unwrap();
    }
    let reader = journal.reader().unwrap();
    let all = everything(&reader);
    assert_eq!(all.len(), 20_000);
    for at in [1, 1_024, 1_025, 15_000, 20_000] {
        assert_eq!(reader.event(at).unwrap().as_ref(), all.get(usize::try_from(at).unwrap() - 1));
    }
    let mut seen = 0;
    let enough = reader.for_each(5, u64::MAX, |entry| {
        seen += 1;
        assert_eq!(entry.position, 5 + seen);
        if seen == 9_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((enough.unwrap(), seen), (9_005, 9_000));
    journal.close().await.unwrap();

    meddle(&path, "DELETE FROM events WHERE position = 15000");
    let mut last = 0;
    let missing = reader.for_each(0, u64::MAX, |entry| {
        last = entry.position;
        ControlFlow::Continue(())
    });
    let Err(Failure::Damaged { fault, .. }) = missing else { panic!("{missing:?}") };
    assert_eq!((fault, last), (Fault::Gap { after: 14_999, found: 15_001 }, 14_999));
}

#[tokio::test]
async fn what_was_changed_in_sql_is_named() {
    let stream = "schools.school.100007".to_owned();
    let cases = [
        (
            "UPDATE events SET payload = '{}' WHERE position = 20",
            vec![Fault::Hash { position: 20 }],
        ),
        (
            "UPDATE events SET payload = 'no' WHERE position = 20",
            vec![
                Fault::Hash { position: 20 },
                Fault::Payload {
                    position: 20,
                    why: "expected ident at line 1 column 2".to_owned(),
                },
            ],
        ),
        (
            "UPDATE events SET actor = 'nobody' WHERE position = 1",
            vec![Fault::Hash { position: 1 }],
        ),
        (
            "UPDATE events SET recorded_at = 0 WHERE position = 20",
            vec![Fault::Hash { position: 20 }, Fault::Time { position: 20 }],
        ),
        (
            "UPDATE events SET effective_on = '2018-1-31' WHERE position = 20",
            vec![Fault::Row {
                position: 20,
                why: "column effective_on: \"2018-1-31\" is no day".to_owned(),
            }],
        ),
        (
            "DELETE FROM events WHERE position BETWEEN 20 AND 22",
            vec![Fault::Gap { after: 19, found: 23 }],
        ),
        (
            "UPDATE events SET version = 9 WHERE position = 2",
            vec![
                Fault::Hash { position: 2 },
                Fault::Version { position: 2, stream: stream.clone(), expected: 1, found: 9 },
                Fault::Version { position: 15, stream: stream.clone(), expected: 10, found: 2 },
            ],
        ),
        (
            "UPDATE events SET previous = 1 WHERE position = 15",
            vec![
                Fault::Hash { position: 15 },
                Fault::Previous { position: 15, stream, expected: 2, found: 1 },
            ],
        ),
    ];
    for (sql, expected) in cases {
        let folder = TempDir::new().unwrap();
        let (path, _) = closed(&folder, 60).await;
        meddle(&path, sql);
        assert_eq!(faults(&path), expected, "{sql}");
        let Err(Failure::Damaged { fault, .. }) = Journal::open(&path, Arc::new(NoHeads)) else {
            // Opening does not read payloads as JSON, nor need it: the hash tells.
            panic!("{sql}: opened");
        };
        assert_eq!(Some(&fault), expected.first(), "{sql}");
    }
}

#[tokio::test]
async fn the_past_cannot_be_changed_by_a_slip_of_the_hand() {
    let folder = TempDir::new().unwrap();
    let (path, recorded) = closed(&folder, 5).await;
    let connection = Connection::open(&path).unwrap();
    for sql in [
        "UPDATE events SET actor = ''",
        "DELETE FROM events",
        "UPDATE events SET position = 9 WHERE position = 5",
    ] {
        let error = connection.execute_batch(sql).unwrap_err();
        assert!(error.to_string().contains("an event, once recorded, is never"), "{error}");
    }
    drop(connection);
    assert_eq!(everything(&Reader::open(&path).unwrap()), recorded);
}

#[tokio::test]
async fn progress_is_told_up_to_the_end() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    for version in (0..3_000).step_by(100) {
        journal.append(append("schools.school.100003", version, 100)).await.unwrap();
    }
    let mut told = Vec::new();
    let verified = verify(&path, &mut |at, of| told.push((at, of))).unwrap();
    assert_eq!((verified.events, verified.faults), (3_000, vec![]), "while the writer has it open");
    assert_eq!((told.first(), told.last()), (Some(&(0, 3_000)), Some(&(3_000, 3_000))));
    assert!(told.is_sorted());
}

#[test]
fn a_file_that_is_no_journal_is_told_what_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let told = |says: &str| {
        let failures = [
            Reader::open(&path).err().unwrap(),
            verify(&path, &mut |_, _| {}).err().unwrap(),
            Journal::open(&path, Arc::new(NoHeads)).err().unwrap(),
        ];
        for failure in failures {
            assert!(matches!(failure, Failure::NotAJournal { .. }), "{failure}");
            assert!(failure.to_string().contains(says), "{failure}");
        }
    };
    assert!(Reader::open(&path).err().unwrap().to_string().contains("there is no such file"));
    fs::write(&path, "URN,SCHNAME\n".repeat(100)).unwrap();
    told("it is no SQLite database");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE schools (urn INTEGER)").unwrap();
    told("of another program");
    fs::remove_file(&path).unwrap();
    drop(open(&path));
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    told("its format is 2");
    fs::write(&path, "").unwrap();
    assert!(Reader::open(&path).err().unwrap().to_string().contains("it is empty"));
    assert_eq!(open(&path).head(), 0, "an empty file becomes a journal");
}
