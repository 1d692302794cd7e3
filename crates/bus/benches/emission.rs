//! What emission costs: beside raw pipelined publishing of the same messages to the same kind of stream in the same run, and
//! from the moment a command is acknowledged until a subscriber has seen its event.
//!
//! `cargo bench -p bus`.  It starts the NATS server that `NATS_SERVER_BIN` names, or the one that `tests/run tools` installed.  A
//! rate is the median of some runs, the two kinds in turn, each on a stream of its own.

#![expect(clippy::unwrap_used, reason = "a server that cannot work is not worth measuring")]
#![expect(clippy::print_stdout, reason = "the figures are what is asked for")]

use std::collections::VecDeque;
use std::future::{IntoFuture, pending};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::context::ContextBuilder;
use async_nats::jetstream::stream::Config;
use bus::{Emission, Keeping};
use chrono::DateTime;
use journal::{Append, Journal, NewEvent, NoHeads};
use kernel::{CommandId, EventId};
use subscriber::{ALL, Access, Client, Start, Subscription, subject};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const EVENTS: u64 = 100_000;
const RUNS: usize = 5;
/// Commands that are acknowledged one after the other.
const COMMANDS: usize = 2_000;
/// Messages on their way, of the raw publisher.
const WINDOW: usize = 1_024;

fn main() {
    Runtime::new().unwrap().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let journal = a_history(&folder).await;
        let (mut raw, mut bare, mut emitted) = (vec![], vec![], vec![]);
        for _ in 0..RUNS {
            let server = Server::start();
            raw.push(publish(&server.client().await, &journal, true).await);
            let server = Server::start();
            bare.push(publish(&server.client().await, &journal, false).await);
            let server = Server::start();
            emitted.push(emit(&server.client().await, &journal).await);
        }
        let (raw, bare, emitted) = (rate(raw), rate(bare), rate(emitted));
        println!("raw publishing, with headers     {raw:>9.0} messages/s");
        println!("raw publishing, payload alone    {bare:>9.0} messages/s");
        println!(
            "emission of history              {emitted:>9.0} events/s   {:.0} % and {:.0} % of them",
            100.0 * emitted / raw,
            100.0 * emitted / bare
        );

        let server = Server::start();
        let (p50, p99) = until_seen(&server.client().await).await;
        println!("command acknowledged to seen     p50 {p50:.2} ms, p99 {p99:.2} ms, one command at a time");
    });
}

/// A journal with so many events of 300 bytes.
async fn a_history(folder: &TempDir) -> Journal {
    let journal = Journal::open(&folder.path().join("journal.sqlite"), Arc::new(NoHeads)).unwrap();
    let mut version = 0;
    while version < EVENTS {
        journal.append(append("schools.school.100003", version, 1_000)).await.unwrap();
        version += 1_000;
    }
    journal
}

fn append(stream: &str, expected: u64, events: usize) -> Append {
    let command = CommandId::mint().uuid();
    let recorded_at = DateTime::from_timestamp(1_550_000_000 + expected as i64, 0).unwrap();
    let event = || NewEvent {
        event_type: "SchoolListed".to_owned(),
        schema: 1,
        id: EventId::mint().uuid(),
        effective_on: recorded_at.date_naive(),
        payload: format!(r#"{{"SchoolListed":{{"details":"{}"}}}}"#, "x".repeat(264)),
    };
    Append {
        stream: stream.to_owned(),
        expected,
        recorded_at,
        actor: "office".to_owned(),
        command,
        correlation: command,
        causation: None,
        events: (0..events).map(|_| event()).collect(),
    }
}

/// Seconds that it takes to publish the same messages without a condition, from memory.
async fn publish(client: &Client, journal: &Journal, headers: bool) -> Duration {
    let context = ContextBuilder::new().max_ack_inflight(2 * WINDOW).build(client.clone());
    let config =
        Config { name: "RAW".to_owned(), subjects: vec![ALL.to_owned()], ..Config::default() };
    context.create_stream(config).await.unwrap();
    let mut entries = vec![];
    journal.reader().unwrap().read(0, EVENTS as usize, &mut entries).unwrap();
    let messages: Vec<_> = entries
        .iter()
        .map(|entry| {
            let headers =
                if headers { bus::envelope(entry).to_headers() } else { Default::default() };
            (subject(&entry.stream, &entry.event_type), headers, entry.payload.clone().into())
        })
        .collect();

    let begun = Instant::now();
    let mut on_their_way = VecDeque::new();
    for (subject, headers, payload) in messages {
        if on_their_way.len() == WINDOW {
            let answer: async_nats::jetstream::context::PublishAckFuture =
                on_their_way.pop_front().unwrap();
            answer.into_future().await.unwrap();
        }
        on_their_way
            .push_back(context.publish_with_headers(subject, headers, payload).await.unwrap());
    }
    for answer in on_their_way {
        answer.into_future().await.unwrap();
    }
    begun.elapsed()
}

/// What it takes to emit them.
async fn emit(client: &Client, journal: &Journal) -> Duration {
    let begun = Instant::now();
    let emission = Emission::new(
        journal.reader().unwrap(),
        journal.watch(),
        client.clone(),
        Keeping::default(),
    );
    let mut emitted = emission.watch();
    let task = tokio::spawn(emission.run(pending()));
    emitted.wait_for(|now| now.position == Some(EVENTS)).await.unwrap();
    let took = begun.elapsed();
    task.abort();
    took
}

/// Milliseconds from a command's acknowledgement to its event at a subscriber.
async fn until_seen(client: &Client) -> (f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite"), Arc::new(NoHeads)).unwrap();
    let stream = "schools.school.100003";
    journal.append(append(stream, 0, 1)).await.unwrap();
    let emission = Emission::new(
        journal.reader().unwrap(),
        journal.watch(),
        client.clone(),
        Keeping::default(),
    );
    let mut emitted = emission.watch();
    let task = tokio::spawn(emission.run(pending()));
    emitted.wait_for(|now| now.position == Some(1)).await.unwrap();
    let mut seen =
        Subscription::replay(client, subscriber::STREAM, &[], Start::After(1)).await.unwrap();
    let mut took = vec![];
    for version in 1..=COMMANDS as u64 {
        let position = journal.append(append(stream, version, 1)).await.unwrap().last;
        let acknowledged = Instant::now();
        assert_eq!(seen.next().await.unwrap().envelope.position, position);
        took.push(acknowledged.elapsed().as_secs_f64() * 1e3);
    }
    task.abort();
    took.sort_by(f64::total_cmp);
    (took[took.len() / 2], took[took.len() * 99 / 100])
}

/// Messages a second, of the run in the middle.
fn rate(mut runs: Vec<Duration>) -> f64 {
    runs.sort();
    EVENTS as f64 / runs[runs.len() / 2].as_secs_f64()
}

/// A server of this run's own, which syncs as it does by default.
struct Server {
    process: Child,
    url: String,
    _folder: TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let installed = || {
            let here = std::env::current_exe().unwrap();
            let target = here.ancestors().find(|at| at.join("tools/nats").is_dir());
            target.unwrap().join("tools/nats/bin/nats-server")
        };
        let named = std::env::var_os("NATS_SERVER_BIN").map(PathBuf::from);
        let mut process = Command::new(named.unwrap_or_else(installed))
            .args(["-js", "-a", "127.0.0.1", "-p", &port.to_string(), "-sd"])
            .arg(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("Server is ready") {
            assert!(lines.read_line(&mut said).unwrap() > 0, "{said}");
        }
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { process, url: format!("nats://127.0.0.1:{port}"), _folder: folder }
    }

    async fn client(&self) -> Client {
        Access::to(&self.url, "bench").connect().await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
