use std::collections::BTreeSet;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use event_store::{Error, EventStore};
use journal::{Append, NewEvent};
use kernel::{CommandId, Dated, EventId};
use serde::{Deserialize, Serialize};

use crate::purse::{Command, Purse, ask, asked, clock, day, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_racing_for_one_purse_lose_nothing_and_never_conflict() {
    const TASKS: u64 = 32;
    const EACH: u64 = 25;
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut versions = Vec::new();
                for _ in 0..EACH {
                    versions
                        .push(ask(&store, "one", Command::PayIn(vec![1])).await.unwrap().version);
                }
                versions
            })
        })
        .collect();
    let mut versions = BTreeSet::new();
    for task in tasks {
        let own = task.await.unwrap();
        assert!(own.is_sorted(), "a task saw its own commands out of order: {own:?}");
        versions.extend(own);
    }
    assert!(versions.into_iter().eq(1..=TASKS * EACH), "a version is missing or there twice");
    assert_eq!(store.load::<Purse>("one").await.unwrap().movements, TASKS * EACH);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_wish_asked_by_many_at_once_is_done_once() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let wish = asked(CommandId::mint());
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (store, wish) = (store.clone(), wish.clone());
            tokio::spawn(async move {
                store.execute::<Purse>("one", Command::PayIn(vec![7]), wish).await.unwrap()
            })
        })
        .collect();
    let mut first = 0;
    for task in tasks {
        let done = task.await.unwrap();
        assert_eq!((done.position, done.version, done.events.len()), (1, 1, 1));
        first += u32::from(!done.repeated);
    }
    assert_eq!((first, store.journal().head()), (1, 1));
}

#[tokio::test]
async fn a_future_that_is_dropped_leaves_a_purse_that_is_what_its_stream_says() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for round in 0..50 {
        let wish = asked(CommandId::mint());
        let coin = Command::PayIn(vec![1]);
        let abandoned = store.execute::<Purse>("one", coin.clone(), wish.clone());
        tokio::select! {
            biased;
            done = abandoned => { done.unwrap(); }
            () = async { for _ in 0..round % 5 { tokio::task::yield_now().await } } => {}
        }
        // Whether or not it happened, it has now, and once.
        store.execute::<Purse>("one", coin, wish).await.unwrap();
        assert_eq!(store.load::<Purse>("one").await.unwrap().movements, round + 1);
    }
}

/// Before it decides, something else writes to the same stream, the number of times it was told.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Contended {
    noted: u64,
}

#[derive(Clone)]
struct Note {
    beaten: std::sync::Arc<std::sync::atomic::AtomicU32>,
    store: EventStore,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Noted {
    Noted,
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl Aggregate for Contended {
    const TYPE: &'static str = "tests.contended";
    type Command = Note;
    type Event = Noted;
    type Error = Never;
    type Services = ();

    async fn handle(&mut self, note: Note, (): &(), sink: &EventSink<Self>) -> Result<(), Never> {
        use std::sync::atomic::Ordering::SeqCst;
        if note.beaten.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
            let other = CommandId::mint().uuid();
            let append = Append {
                stream: "tests.contended.x".to_owned(),
                expected: self.noted,
                recorded_at: (clock())(),
                actor: "somebody else".to_owned(),
                command: other,
                correlation: other,
                causation: None,
                events: vec![NewEvent {
                    event_type: "Noted".to_owned(),
                    schema: 1,
                    id: EventId::mint().uuid(),
                    effective_on: day("2019-04-01"),
                    payload: r#""Noted""#.to_owned(),
                }],
            };
            note.store.journal().append(append).await.unwrap();
        }
        sink.write(Noted::Noted, self).await;
        Ok(())
    }

    fn apply(&mut self, _: Noted) {
        self.noted += 1;
    }
}

impl DomainEvent for Noted {
    fn event_type(&self) -> String {
        "Noted".to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Noted {
    fn effective_on(&self) -> Option<chrono::NaiveDate> {
        None
    }
}

async fn beaten(times: u32) -> (Result<u64, Error<Never>>, u64) {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let note = Note { beaten: std::sync::Arc::new(times.into()), store: store.clone() };
    let done = store.execute::<Contended>("x", note, asked(CommandId::mint())).await;
    (done.map(|done| done.version), store.load::<Contended>("x").await.unwrap().noted)
}

#[tokio::test]
async fn a_conflict_is_decided_anew_twice_and_then_told() {
    assert!(matches!(beaten(0).await, (Ok(1), 1)));
    assert!(matches!(beaten(1).await, (Ok(2), 2)));
    assert!(matches!(beaten(2).await, (Ok(3), 3)));
    let (told, noted) = beaten(3).await;
    assert!(matches!(told, Err(Error::Conflict { stream }) if stream == "tests.contended.x"));
    assert_eq!(noted, 3, "only what the others wrote");
}
