//! Every service sees every event it asked for, in order, and knows a repeat (R40).

use std::time::Duration;

use chrono::TimeDelta;
use subscriber::{Access, Failure, Filter, STREAM, Start, Subscription};
use tokio::time::timeout;

use super::history::{History, beginning, client};
use super::server::Server;

/// A server that has the whole of a history.
async fn emitted(history: &History) -> Server {
    let server = Server::start();
    history.emit(&Access::to(server.url(), "ledge")).await;
    server
}

async fn positions(subscription: &mut Subscription, count: usize) -> Vec<u64> {
    let mut seen = vec![];
    while seen.len() < count {
        let next = timeout(Duration::from_secs(60), subscription.next()).await.unwrap().unwrap();
        seen.push(next.envelope.position);
        next.acknowledge().await.unwrap();
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_begins_where_it_wants_to() {
    let mut history = History::begin();
    history.tell(400).await;
    let server = emitted(&history).await;
    let client = client(&server.url()).await;
    let recorded = Start::Recorded(beginning() + TimeDelta::minutes(250));
    for (start, first) in [
        (Start::After(0), 1),
        (Start::After(1), 2),
        (Start::After(399), 400),
        (recorded, 250),
        (Start::Recorded(beginning()), 1),
    ] {
        let mut replay = Subscription::replay(&client, STREAM, &[], start).await.unwrap();
        let expected: Vec<u64> = (first..=400).collect();
        assert_eq!(positions(&mut replay, expected.len()).await, expected, "{start:?}");
    }
    let school = Filter { id: Some("100007"), ..Filter::default() };
    let mut one =
        Subscription::replay(&client, STREAM, &[school], Start::After(100)).await.unwrap();
    assert_eq!(positions(&mut one, 6).await, [107, 157, 207, 257, 307, 357]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_stops_before_it_acknowledged_is_given_the_event_again_and_in_order() {
    let mut history = History::begin();
    history.tell(30).await;
    let server = emitted(&history).await;
    let client = client(&server.url()).await;
    let durable = || Subscription::durable(&client, STREAM, "finance", &[], Start::After(0));
    let mut before = durable().await.unwrap();
    assert_eq!(positions(&mut before, 10).await, (1..=10).collect::<Vec<_>>());
    let unfinished = before.next().await.unwrap();
    assert_eq!(unfinished.envelope.position, 11);
    unfinished.give_back().await.unwrap();
    drop(before);

    // What was given back comes first, before anything that comes after it.
    let mut after = durable().await.unwrap();
    assert_eq!(positions(&mut after, 20).await, (11..=30).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_outlives_the_server_and_what_it_had() {
    let mut history = History::begin();
    history.tell(20).await;
    let mut server = emitted(&history).await;
    let client = client(&server.url()).await;
    let mut replay = Subscription::replay(&client, STREAM, &[], Start::After(0)).await.unwrap();
    let mut durable =
        Subscription::durable(&client, STREAM, "finance", &[], Start::After(0)).await.unwrap();
    assert_eq!(positions(&mut replay, 20).await, (1..=20).collect::<Vec<_>>());
    assert_eq!(positions(&mut durable, 20).await, (1..=20).collect::<Vec<_>>());

    server.kill();
    server.empty();
    server.start_again();
    history.tell(20).await;
    history.emit(&Access::to(server.url(), "ledge")).await;
    assert_eq!(positions(&mut replay, 20).await, (21..=40).collect::<Vec<_>>());
    // What was handed out last comes again: the server that knew of its acknowledgement is gone.
    assert_eq!(positions(&mut durable, 21).await, (20..=40).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_is_not_one_of_the_context_is_named_by_its_position() {
    let mut history = History::begin();
    history.tell(1).await;
    let server = emitted(&history).await;
    let client = client(&server.url()).await;
    let mut replay = Subscription::replay(&client, STREAM, &[], Start::After(0)).await.unwrap();
    let received = replay.next().await.unwrap();
    let failure = received.decode::<schools::school::Event>().unwrap_err();
    assert!(matches!(failure, Failure::Payload { position: 1, .. }), "{failure}");
    assert!(failure.to_string().contains("schools.school.100001"), "{failure}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_not_there_is_named() {
    let server = Server::start();
    let client = client(&server.url()).await;
    let failure = Subscription::replay(&client, STREAM, &[], Start::Now).await.err().unwrap();
    assert!(failure.to_string().contains("LEDGE"), "{failure}");
}
