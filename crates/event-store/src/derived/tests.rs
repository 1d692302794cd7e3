use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use journal::{Head, Heads as _};
use kernel::{CommandId, Dated};
use serde::{Deserialize, Serialize};

use crate::known::Known;
use crate::{Asked, EventStore};

/// Counts; its kinds share streams and differ in name only.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
struct Tally(u64);

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
struct OtherTally(u64);

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Event {
    Counted,
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

macro_rules! tally {
    ($($Tally:ident)+) => { $(
        impl Aggregate for $Tally {
            const TYPE: &'static str = "tests.tally";
            type Command = u64;
            type Event = Event;
            type Error = Never;
            type Services = ();

            async fn handle(&mut self, times: u64, (): &(), sink: &EventSink<Self>) -> Result<(), Never> {
                for _ in 0..times {
                    sink.write(Event::Counted, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, _: Event) {
                self.0 += 1;
            }
        }
    )+ };
}
tally!(Tally OtherTally);

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        "Counted".to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    fn effective_on(&self) -> Option<NaiveDate> {
        None
    }
}

fn open(directory: &Path) -> EventStore {
    EventStore::open(directory, Arc::new(|| DateTime::UNIX_EPOCH)).unwrap()
}

async fn count(store: &EventStore, id: &str, times: u64) {
    let asked = Asked {
        command: CommandId::mint(),
        actor: "teller".to_owned(),
        correlation: None,
        causation: None,
        effective_on: NaiveDate::default(),
    };
    store.execute::<Tally>(id, times, asked).await.unwrap();
}

/// The snapshot that a load of this aggregate would begin with.
fn snapshot<A: Aggregate + 'static>(store: &EventStore, id: &str) -> Option<Box<Known<A>>> {
    let stream = format!("tests.tally.{id}");
    let head = store.journal().stream_head(&stream).unwrap();
    store.shared.derived.snapshot::<A>(&stream, head, &store.shared.readers)
}

/// A store closed with 250 counted in `long`, and then with two more that are not in its snapshot.
async fn with_a_snapshot() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    count(&store, "long", 250).await;
    count(&store, "long", 2).await;
    count(&store, "short", 199).await;
    store.close().await.unwrap();
    directory
}

/// Changes what sled has while no store is open.
fn meddle(directory: &Path, with: impl FnOnce(&sled::Db)) {
    let db = super::opening::open(&directory.join("heads.sled")).unwrap();
    with(&db);
    db.flush().unwrap();
}

#[tokio::test]
async fn a_long_aggregate_comes_back_from_its_snapshot_with_its_answers() {
    let directory = with_a_snapshot().await;
    let store = open(directory.path());
    let known = snapshot::<Tally>(&store, "long").unwrap();
    assert_eq!(known.aggregate, Tally(250));
    assert_eq!(known.head, Head { position: 250, version: 250 });
    assert_eq!(known.answers.len(), 1);
    assert!(snapshot::<Tally>(&store, "short").is_none(), "a short one has none");
    assert_eq!(store.load::<Tally>("long").await.unwrap(), Tally(252));
}

#[tokio::test]
async fn a_snapshot_is_found_before_it_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    count(&store, "long", 250).await;
    assert_eq!(snapshot::<Tally>(&store, "long").unwrap().aggregate, Tally(250));
}

#[tokio::test]
async fn a_snapshot_of_another_program_is_not_believed() {
    let directory = with_a_snapshot().await;
    let store = open(directory.path());
    assert!(snapshot::<OtherTally>(&store, "long").is_none());
    assert_eq!(store.load::<OtherTally>("long").await.unwrap(), OtherTally(252));
}

#[tokio::test]
async fn a_snapshot_of_another_stream_is_not_believed() {
    let directory = with_a_snapshot().await;
    let store = open(directory.path());
    count(&store, "swapped", 260).await;
    store.close().await.unwrap();
    meddle(directory.path(), |db| {
        let tree = db.open_tree("snapshots").unwrap();
        for piece in tree.scan_prefix(b"tests.tally.long\0") {
            let (key, value) = piece.unwrap();
            let number = &key[b"tests.tally.long\0".len()..];
            tree.insert([b"tests.tally.swapped\0", number].concat(), value).unwrap();
        }
    });
    let store = open(directory.path());
    assert!(snapshot::<Tally>(&store, "swapped").is_none());
    assert_eq!(store.load::<Tally>("swapped").await.unwrap(), Tally(260));
}

#[tokio::test]
async fn a_snapshot_of_another_journal_is_not_believed() {
    let (directory, elsewhere) = (with_a_snapshot().await, with_a_snapshot().await);
    let mut pieces = Vec::new();
    meddle(elsewhere.path(), |db| {
        let tree = db.open_tree("snapshots").unwrap();
        pieces.extend(tree.scan_prefix(b"tests.tally.long\0").map(Result::unwrap));
    });
    meddle(directory.path(), |db| {
        let tree = db.open_tree("snapshots").unwrap();
        for (key, value) in pieces {
            tree.insert(key, value).unwrap().expect("both have as many pieces");
        }
    });
    assert!(snapshot::<Tally>(&open(elsewhere.path()), "long").is_some(), "there it is");
    assert!(snapshot::<Tally>(&open(directory.path()), "long").is_none());
}

#[tokio::test]
async fn a_damaged_snapshot_is_passed_over() {
    let directory = with_a_snapshot().await;
    meddle(directory.path(), |db| {
        let tree = db.open_tree("snapshots").unwrap();
        let (key, value) = tree.last().unwrap().unwrap();
        tree.insert(key, &value[..value.len() - 1]).unwrap();
    });
    let store = open(directory.path());
    assert!(snapshot::<Tally>(&store, "long").is_none());
    assert_eq!(store.load::<Tally>("long").await.unwrap(), Tally(252));
}

#[tokio::test]
async fn a_bookmark_that_names_another_hash_is_not_believed() {
    let directory = with_a_snapshot().await;
    let store = open(directory.path());
    store.move_bookmark("roll", 100);
    store.close().await.unwrap();
    meddle(directory.path(), |db| {
        let tree = db.open_tree("bookmarks").unwrap();
        let mut mark = tree.get("roll").unwrap().unwrap().to_vec();
        mark[0] += 1;
        tree.insert("roll", mark).unwrap();
    });
    assert_eq!(open(directory.path()).bookmark("roll").unwrap(), 0);
}

#[tokio::test]
async fn heads_that_were_written_are_covered_on_opening() {
    let directory = with_a_snapshot().await;
    let store = open(directory.path());
    assert_eq!(store.shared.derived.covered(), 451);
}
