use std::sync::{Arc, mpsc};

use chrono::{DateTime, NaiveDate};
use rusqlite::ErrorCode;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    Append, AppendError, Appended, Failure, Fault, Head, Journal, NewEvent, NoHeads, verify,
};

fn append(stream: &str, expected: u64, length: usize) -> Append {
    Append {
        stream: stream.to_owned(),
        expected,
        recorded_at: DateTime::from_timestamp_micros(1_522_573_200_000_000).unwrap(),
        actor: "import".to_owned(),
        command: Uuid::nil(),
        correlation: Uuid::nil(),
        causation: None,
        events: vec![NewEvent {
            event_type: "SchoolRegistered".to_owned(),
            schema: 1,
            id: Uuid::nil(),
            effective_on: NaiveDate::from_ymd_opt(2018, 4, 1).unwrap(),
            payload: format!("\"{}\"", "x".repeat(length)),
        }],
    }
}

/// The answers to all of `wishes`, which the writer finds waiting together.
async fn together(journal: &Journal, wishes: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
    let (go, wait) = mpsc::channel();
    journal.run(move |_| wait.recv().unwrap()).await;
    let asked: Vec<_> = wishes
        .into_iter()
        .map(|wish| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.append(wish).await })
        })
        .collect();
    // On this one thread they all ask before this goes on.
    tokio::task::yield_now().await;
    go.send(()).unwrap();
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(answer.await.unwrap());
    }
    answers
}

async fn pages(journal: &Journal, most: i32) {
    journal
        .run(move |connection| connection.pragma_update(None, "max_page_count", most).unwrap())
        .await;
}

#[tokio::test]
async fn a_failed_transaction_fails_everyone_in_it_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = Journal::open(&path, Arc::new(NoHeads)).unwrap();
    journal.append(append("schools.school.1", 0, 100)).await.unwrap();
    pages(&journal, 20).await;

    let wishes = || {
        vec![
            append("schools.school.1", 1, 10),
            append("schools.school.2", 0, 200_000),
            append("schools.school.3", 0, 10),
        ]
    };
    let mut causes = Vec::new();
    for answer in together(&journal, wishes()).await {
        let Err(AppendError::Failure(Failure::Sqlite { source, .. })) = answer else {
            panic!("{answer:?}")
        };
        assert_eq!(source.sqlite_error_code(), Some(ErrorCode::DiskFull));
        causes.push(source);
    }
    assert!(
        causes.iter().all(|cause| Arc::ptr_eq(cause, &causes[0])),
        "one transaction, one cause"
    );
    assert_eq!(journal.head(), 1);
    assert_eq!(
        journal.changed_heads().1,
        [("schools.school.1".to_owned(), Head { position: 1, version: 1 })]
    );

    // The journal goes on: with what has room, and with everything once there is room.
    assert_eq!(journal.append(append("schools.school.1", 1, 10)).await.unwrap().first, 2);
    pages(&journal, 1_000).await;
    let answers = together(&journal, wishes()).await;
    assert!(matches!(answers[0], Err(AppendError::Conflict { actual: 2, .. })), "{:?}", answers[0]);
    assert_eq!(answers[1].as_ref().unwrap().first, 3);
    assert_eq!(answers[2].as_ref().unwrap().first, 4);
    journal.close().await.unwrap();
    assert_eq!(verify(&path, &mut |_, _| {}).unwrap().faults, []);
}

#[tokio::test]
async fn a_conflict_is_decided_against_what_stands_before_it_in_the_same_transaction() {
    let folder = TempDir::new().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite"), Arc::new(NoHeads)).unwrap();
    let wishes = vec![
        append("schools.school.1", 0, 10),
        append("schools.school.1", 0, 10),
        append("schools.school.1", 1, 10),
        append("schools.school.2", 1, 10),
    ];
    let answers = together(&journal, wishes).await;
    assert_eq!(answers[0].as_ref().unwrap(), &Appended { first: 1, last: 1, version: 1 });
    assert!(
        matches!(answers[1], Err(AppendError::Conflict { expected: 0, actual: 1, .. })),
        "{:?}",
        answers[1]
    );
    assert_eq!(answers[2].as_ref().unwrap(), &Appended { first: 2, last: 2, version: 2 });
    assert!(
        matches!(answers[3], Err(AppendError::Conflict { expected: 1, actual: 0, .. })),
        "{:?}",
        answers[3]
    );
    assert_eq!(journal.head(), 2);
}

#[tokio::test]
async fn when_the_disk_holds_something_else_than_the_writer_thinks_it_stops() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = Journal::open(&path, Arc::new(NoHeads)).unwrap();
    journal.append(append("schools.school.1", 0, 10)).await.unwrap();
    // Somebody wrote past the lock: the same position twice fails, and then the end is not where it was.
    journal
        .run(|connection| {
            connection
                .execute_batch(
                    "INSERT INTO events SELECT 2, stream, 2, 1, event_type, schema, id, recorded_at, effective_on,
                            actor, command, correlation, causation, payload, hash FROM events",
                )
                .unwrap();
        })
        .await;
    let first = journal.append(append("schools.school.1", 1, 10)).await.unwrap_err();
    assert!(matches!(first, AppendError::Failure(Failure::Sqlite { .. })), "{first}");
    for _ in 0..2 {
        let next = journal.append(append("schools.school.1", 1, 10)).await.unwrap_err();
        assert!(matches!(next, AppendError::Failure(Failure::Stopped { .. })), "{next}");
    }
    assert_eq!(journal.head(), 1);
    drop(journal);
    let told = Journal::open(&path, Arc::new(NoHeads)).err().unwrap();
    assert!(matches!(told, Failure::Damaged { fault: Fault::Hash { position: 2 }, .. }), "{told}");
}
