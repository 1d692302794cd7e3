use std::error::Error as _;

use event_store::{Error, EventStore, Failure};
use journal::{Append, NewEvent};
use kernel::{CommandId, EventId};

use crate::purse::{Command, Purse, ask, clock, day, open};

/// Writes past the store, as only an older or newer program could have.
async fn record(store: &EventStore, stream: &str, expected: u64, payload: &str) {
    let command = CommandId::mint().uuid();
    let event = NewEvent {
        event_type: "Paid".to_owned(),
        schema: 2,
        id: EventId::mint().uuid(),
        effective_on: day("2019-04-01"),
        payload: payload.to_owned(),
    };
    let append = Append {
        stream: stream.to_owned(),
        expected,
        recorded_at: (clock())(),
        actor: "another program".to_owned(),
        command,
        correlation: command,
        causation: None,
        events: vec![event],
    };
    store.journal().append(append).await.unwrap();
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_named_and_the_others_still_work() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![1, 1])).await.unwrap();
    ask(&store, "b", Command::PayIn(vec![1])).await.unwrap();
    record(&store, "tests.purse.a", 2, r#"{"Paid":{"pounds":3}}"#).await;

    let Err(Error::Failure(failure)) = ask(&store, "a", Command::Spend(1)).await else {
        panic!("an event that cannot be read was passed over");
    };
    let told = failure.to_string();
    for named in ["Paid", "position 4", "version 3", "tests.purse.a"] {
        assert!(told.contains(named), "{named} is not in: {told}");
    }
    let why = failure.source().unwrap().to_string();
    assert!(why.contains("pounds") || why.contains("pence"), "{why}");
    assert!(store.load::<Purse>("a").await.is_err(), "still so when asked again");

    assert_eq!(ask(&store, "b", Command::Spend(1)).await.unwrap().version, 2);
}

#[tokio::test]
async fn what_was_written_past_the_store_is_seen_by_a_cached_purse() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![1])).await.unwrap();
    record(&store, "tests.purse.a", 1, r#"{"Paid":{"pence":40}}"#).await;
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 41, movements: 2 });
    record(&store, "tests.purse.a", 2, r#"{"Paid":{"pence":9}}"#).await;
    assert_eq!(ask(&store, "a", Command::Spend(50)).await.unwrap().version, 4);
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a-file");
    std::fs::write(&file, "not a directory").unwrap();
    let Err(failure) = EventStore::open(&file.join("below"), clock()) else { panic!("it opened") };
    assert!(matches!(failure, Failure::Directory { .. }), "{failure}");
    assert!(failure.to_string().contains("below"), "{failure}");
}
