use std::collections::HashMap;

use cqrs_es::{Aggregate, AggregateContext, AggregateError, CqrsFramework, EventStore as _};
use event_store::{EventStore, metadata};
use kernel::{CommandId, EventId};

use crate::purse::{Command, Event, Purse, TooLittle, ask, open};

fn framework(store: &EventStore) -> CqrsFramework<Purse, EventStore> {
    CqrsFramework::new(store.clone(), Vec::new(), ())
}

#[tokio::test]
async fn the_framework_of_cqrs_es_works_over_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let purses = framework(&store);
    for _ in 0..7 {
        purses.execute("a", Command::PayIn(vec![1])).await.unwrap();
    }
    // cqrs-es's own snapshot and aggregate stores make 9 and 14 of these 7.
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 7, movements: 7 });
    let refused = purses.execute("a", Command::SpendHastily(8)).await;
    assert!(matches!(refused, Err(AggregateError::UserError(TooLittle(7)))));
    purses.execute("a", Command::LookInside).await.unwrap();
    ask(&store, "a", Command::Spend(7)).await.unwrap();
    let late = purses.execute("a", Command::Spend(1)).await;
    assert!(matches!(late, Err(AggregateError::UserError(TooLittle(0)))));
    assert_eq!(store.journal().head(), 8);
}

#[tokio::test]
async fn the_metadata_carries_the_envelope_both_ways() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let (wish, story, cause) = (CommandId::mint(), CommandId::mint(), EventId::mint());
    let given = HashMap::from([
        (metadata::COMMAND.to_owned(), wish.to_string()),
        (metadata::ACTOR.to_owned(), "bursar".to_owned()),
        (metadata::CORRELATION.to_owned(), story.to_string()),
        (metadata::CAUSATION.to_owned(), cause.to_string()),
        (metadata::EFFECTIVE_ON.to_owned(), "2019-05-06".to_owned()),
    ]);
    let purses = framework(&store);
    purses.execute_with_metadata("a", Command::PayIn(vec![2, 3]), given.clone()).await.unwrap();
    // The same wish again: nothing happens.
    purses.execute_with_metadata("a", Command::PayIn(vec![2, 3]), given.clone()).await.unwrap();

    let envelopes: Vec<cqrs_es::EventEnvelope<Purse>> = store.load_events("a").await.unwrap();
    assert_eq!(envelopes.len(), 2);
    assert_eq!((envelopes[1].aggregate_id.as_str(), envelopes[1].sequence), ("a", 2));
    assert_eq!(envelopes[1].payload, Event::Paid { pence: 3, on: None });
    for (key, value) in &given {
        assert_eq!(envelopes[1].metadata.get(key), Some(value), "{key}");
    }
    assert_eq!(envelopes[1].metadata[metadata::POSITION], "2");

    let again = store.execute::<Purse>("a", Command::PayIn(vec![2, 3]), crate::purse::asked(wish));
    assert!(again.await.unwrap().repeated, "both ways know each other's commands");
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 5, movements: 2 });
}

#[tokio::test]
async fn unreadable_metadata_is_told_by_key_and_records_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let given = HashMap::from([(metadata::EFFECTIVE_ON.to_owned(), "5 May".to_owned())]);
    let told = framework(&store)
        .execute_with_metadata("a", Command::PayIn(vec![1]), given)
        .await
        .unwrap_err();
    assert!(told.to_string().contains("`effective_on` is `5 May`"), "{told}");
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse::default());
}

#[tokio::test]
async fn without_metadata_the_day_is_that_of_london() {
    let directory = tempfile::tempdir().unwrap();
    let late = chrono::DateTime::parse_from_rfc3339("2019-06-30T23:30:00Z").unwrap().to_utc();
    let store = EventStore::open(directory.path(), std::sync::Arc::new(move || late)).unwrap();
    framework(&store).execute("a", Command::PayIn(vec![1])).await.unwrap();
    let paid = store.journal().reader().unwrap().event(1).unwrap().unwrap();
    assert_eq!(paid.effective_on, crate::purse::day("2019-07-01"));
    assert_eq!(paid.actor, "unnamed");
}

#[tokio::test]
async fn of_two_contexts_of_one_aggregate_the_second_conflicts_and_is_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![10])).await.unwrap();
    let paid = |pence| Event::Paid { pence, on: None };
    let mut first = store.load_aggregate("a").await.unwrap();
    let mut second = store.load_aggregate("a").await.unwrap();
    let aggregate: &mut Purse = first.aggregate();
    aggregate.apply(paid(1));
    let aggregate: &mut Purse = second.aggregate();
    aggregate.apply(paid(2));
    let committed = store.commit(vec![paid(1)], first, HashMap::new()).await.unwrap();
    assert_eq!(committed[0].sequence, 2);
    let conflict = store.commit(vec![paid(2)], second, HashMap::new()).await;
    assert!(matches!(conflict, Err(AggregateError::AggregateConflict)));
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 11, movements: 2 });
}
