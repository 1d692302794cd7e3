//! Every event arrives once and in order, whatever happens to the server, and commands never wait for it (R40).

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use bus::{Emission, Emitted, Keeping};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::history::{self, History, assert_is, client};
use super::server::Server;
use crate::journeys::chance::Chance;
use subscriber::Access;

/// An emission at work, which can be stopped.
struct AtWork {
    emitted: watch::Receiver<Emitted>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

async fn emit(history: &History, url: &str) -> AtWork {
    let client = Access::to(url, "ledge").connect_when_there().await.unwrap();
    let emission =
        Emission::new(history.reader(), history.journal().watch(), client, Keeping::default());
    let emitted = emission.watch();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(emission.run(async move {
        let _ = stopped.await;
    }));
    AtWork { emitted, stop: Some(stop), task }
}

impl AtWork {
    /// Waits until it is where it should be, and says what is in the way when it takes too long.
    #[track_caller]
    fn until(
        &mut self,
        what: &str,
        is: impl Fn(&Emitted) -> bool,
    ) -> impl Future<Output = Emitted> {
        let what = what.to_owned();
        let mut emitted = self.emitted.clone();
        async move {
            let reached = timeout(Duration::from_secs(60), emitted.wait_for(|now| is(now)))
                .await
                .map(|now| now.unwrap().clone());
            reached.unwrap_or_else(|_| {
                panic!("not reached in a minute: {what}; now {:?}", emitted.borrow())
            })
        }
    }

    async fn at(&mut self, position: u64) {
        self.until(&format!("position {position}"), |now| now.position >= Some(position)).await;
    }

    async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        timeout(Duration::from_secs(10), self.task).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_is_emitted_from_its_first_event_and_what_happens_then_as_it_happens() {
    let server = Server::start();
    let mut history = History::begin();
    let old = history.tell(3_000).await;
    let mut at_work = emit(&history, &server.url()).await;
    at_work.at(old).await;
    for _ in 0..20 {
        let new = history.tell(1).await;
        at_work.at(new).await;
    }
    at_work.stop().await;
    assert_is(&history::stream(&server.url()).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_again_and_again_has_every_event_once() {
    let mut chance = Chance::of_this_run();
    let rounds = std::env::var("LEDGE_ROUNDS").map_or(6, |rounds| rounds.parse().unwrap());
    let mut server = Server::start();
    let mut history = History::begin();
    history.tell(500).await;
    let mut at_work = emit(&history, &server.url()).await;
    for _ in 0..rounds {
        // Killed while some of these are on their way.
        let told = history.tell(4_000).await;
        at_work.at(told - 4_000 + chance.below(4_000)).await;
        server.kill();
        let told = history.tell(chance.below(500)).await;
        assert!(at_work.emitted.borrow().position < Some(told) || told == 0);
        server.start_again();
    }
    let told = history.tell(1).await;
    at_work.at(told).await;
    at_work.stop().await;
    assert_is(&history::stream(&server.url()).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lost_its_data_is_given_everything_again_though_nothing_new_happens() {
    let mut server = Server::start();
    let mut history = History::begin();
    let told = history.tell(2_000).await;
    let mut at_work = emit(&history, &server.url()).await;
    at_work.at(told).await;
    server.kill();
    server.empty();
    server.start_again();
    at_work.until("it begins anew", |now| now.position < Some(told)).await;
    at_work.at(told).await;
    at_work.stop().await;
    assert_is(&history::stream(&server.url()).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_there_is_no_server_events_are_recorded_and_the_lag_is_seen() {
    let mut server = Server::start();
    let url = server.url();
    server.kill();
    let mut history = History::begin();
    let mut at_work = emit(&history, &url).await;
    let told = history.tell(100).await;
    assert_eq!(told, 100, "recorded, whoever listens");
    let seen = at_work.until("the trouble is told", |now| now.trouble.is_some()).await;
    assert_eq!(seen.position, None);
    server.start_again();
    at_work.at(told).await;
    let seen = at_work.until("the trouble is over", |now| now.trouble.is_none()).await;
    assert_eq!(seen.position, Some(told));
    at_work.stop().await;
    assert_is(&history::stream(&url).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_for_longer_than_we_wait_has_every_event_once() {
    let server = Server::start();
    let mut history = History::begin();
    let told = history.tell(500).await;
    let mut at_work = emit(&history, &server.url()).await;
    at_work.at(told).await;
    server.signal("-STOP");
    let told = history.tell(3_000).await;
    at_work.until("no acknowledgement came", |now| now.trouble.is_some()).await;
    server.signal("-CONT");
    at_work.at(told).await;
    at_work.stop().await;
    assert_is(&history::stream(&server.url()).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_emitters_at_once_make_neither_a_double_nor_a_gap() {
    let server = Server::start();
    let mut history = History::begin();
    history.tell(1_000).await;
    let mut one = emit(&history, &server.url()).await;
    let mut other = emit(&history, &server.url()).await;
    let mut told = 0;
    for _ in 0..10 {
        told = history.tell(1_000).await;
    }
    one.at(told).await;
    other.at(told).await;
    one.stop().await;
    other.stop().await;
    assert_is(&history::stream(&server.url()).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emitter_that_is_dropped_with_messages_on_their_way_is_followed_by_one_that_doubles_none()
 {
    let mut chance = Chance::of_this_run();
    let server = Server::start();
    let mut history = History::begin();
    let mut told = 0;
    for _ in 0..5 {
        told = history.tell(3_000).await;
        let mut at_work = emit(&history, &server.url()).await;
        at_work.at(told - 3_000 + chance.below(3_000)).await;
        at_work.task.abort();
    }
    let mut at_work = emit(&history, &server.url()).await;
    at_work.at(told).await;
    at_work.stop().await;
    assert_is(&history::stream(&server.url()).await, &history.entries());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_forgets_is_not_written_to_until_it_is_mended() {
    let server = Server::start();
    let context = jetstream::new(client(&server.url()).await);
    let forgetful = stream::Config {
        name: subscriber::STREAM.to_owned(),
        subjects: vec![subscriber::ALL.to_owned()],
        max_age: Duration::from_secs(3600),
        allow_direct: true,
        ..stream::Config::default()
    };
    context.create_stream(forgetful.clone()).await.unwrap();
    let mut history = History::begin();
    let told = history.tell(10).await;
    let mut at_work = emit(&history, &server.url()).await;
    let seen = at_work.until("the trouble is told", |now| now.trouble.is_some()).await;
    let said = seen.trouble.unwrap();
    assert!(said.contains("max_age") && said.contains("3600 s"), "{said}");
    assert_eq!(seen.position, None, "nothing was written");
    context.update_stream(stream::Config { max_age: Duration::ZERO, ..forgetful }).await.unwrap();
    at_work.at(told).await;
    at_work.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_another_journal_or_ahead_of_this_one_is_left_as_it_is() {
    let server = Server::start();
    let mut first = History::begin();
    let told = first.tell(20).await;
    let mut at_work = emit(&first, &server.url()).await;
    at_work.at(told).await;
    at_work.stop().await;
    let before = history::stream(&server.url()).await;

    for (events, said) in [(30, "did not emit"), (5, "ahead of this journal")] {
        let mut second = History::begin();
        second.tell(events).await;
        let mut at_work = emit(&second, &server.url()).await;
        let seen = at_work.until("the trouble is told", |now| now.trouble.is_some()).await;
        let trouble = seen.trouble.unwrap();
        assert!(trouble.contains(said), "{trouble}");
        at_work.stop().await;
    }
    assert_eq!(history::stream(&server.url()).await, before);
}
