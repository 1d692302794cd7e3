//! Commands per second beside what the disk can do in the same run, and what loading costs.
//!
//! `cargo bench -p event-store`.  `LEDGE_BENCH_EVENTS` says how many events the journal has that is opened (1,000,000).

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench prints, and fails loudly")]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use criterion::{Criterion, Throughput};
use event_store::{Asked, EventStore};
use journal::{Append, NewEvent};
use kernel::{CommandId, Dated, EventId};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

/// What a row of the journal is, about: the bytes one event costs the raw file.
const BYTES: usize = 350;
const TASKS: usize = 64;

/// A diary keeps every line: its state grows as real ones do.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Diary {
    lines: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Event {
    LineWritten { line: String },
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl Aggregate for Diary {
    const TYPE: &'static str = "bench.diary";
    type Command = Arc<[String]>;
    type Event = Event;
    type Error = Never;
    type Services = ();

    async fn handle(
        &mut self,
        lines: Arc<[String]>,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Never> {
        for line in lines.iter() {
            sink.write(Event::LineWritten { line: line.clone() }, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        let Event::LineWritten { line } = event;
        self.lines.push(line);
    }
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        "LineWritten".to_owned()
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

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    durable_commands(&mut criterion);
    loading(&mut criterion);
    if asked_for("long") {
        a_long_stream();
    }
    if asked_for("opening") {
        opening();
    }
    criterion.final_summary();
}

/// What criterion does not measure goes by its name too.
fn asked_for(name: &str) -> bool {
    let mut names = std::env::args().skip(1).filter(|said| !said.starts_with('-')).peekable();
    names.peek().is_none() || names.any(|said| said == name)
}

fn open(directory: &Path) -> EventStore {
    let start = Instant::now();
    let clock = move || DateTime::UNIX_EPOCH + start.elapsed();
    EventStore::open(directory, Arc::new(clock)).expect("the store opens")
}

fn lines(many: usize) -> Arc<[String]> {
    (0..many).map(|_| "x".repeat(150)).collect()
}

fn asked() -> Asked {
    Asked {
        command: CommandId::mint(),
        actor: "the bench".to_owned(),
        correlation: None,
        causation: None,
        effective_on: NaiveDate::default(),
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime")
}

async fn write(store: &EventStore, diary: &str, lines: &Arc<[String]>) {
    store.execute::<Diary>(diary, Arc::clone(lines), asked()).await.expect("it is written");
}

/// One group after another: so many bytes, one fdatasync.
struct Raw {
    file: File,
    group: Vec<u8>,
}

impl Raw {
    fn new(directory: &Path, events: usize) -> Self {
        let file = File::create(directory.join("raw")).expect("a file");
        Self { file, group: vec![b'x'; events * BYTES] }
    }

    fn write(&mut self) {
        self.file.write_all(&self.group).expect("it is written");
        self.file.sync_data().expect("it is synced");
    }
}

/// `commands` over `tasks` tasks, each with diaries of its own.
async fn side_by_side(store: &EventStore, tasks: usize, commands: u64) {
    let line = lines(1);
    let tasks: Vec<_> = (0..tasks)
        .map(|task| {
            let mine = commands / tasks as u64 + u64::from((task as u64) < commands % tasks as u64);
            let (store, line) = (store.clone(), Arc::clone(&line));
            tokio::spawn(async move {
                for number in 0..mine {
                    write(&store, &format!("{task}-{}", number % 50), &line).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task ends");
    }
}

fn durable_commands(criterion: &mut Criterion) {
    let runtime = runtime();
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    let mut group = criterion.benchmark_group("durable");
    group.throughput(Throughput::Elements(1));
    for (tasks, name) in [(1, "alone"), (TASKS, "64 at once")] {
        group.bench_function(format!("fdatasync, {name}"), |bench| {
            let mut raw = Raw::new(directory.path(), tasks);
            bench.iter_custom(|events| {
                let start = Instant::now();
                for _ in 0..events.div_ceil(tasks as u64) {
                    raw.write();
                }
                start.elapsed()
            });
        });
        group.bench_function(format!("command, {name}"), |bench| {
            bench.iter_custom(|commands| {
                let start = Instant::now();
                runtime.block_on(side_by_side(&store, tasks, commands));
                start.elapsed()
            });
        });
    }
    group.finish();
    if asked_for("compare") {
        compare(&runtime, &store, directory.path());
    }
    runtime.block_on(store.close()).expect("it closes");
}

/// The two in turns, many times, so that a slow moment of the disk is shared: the medians' ratio.
fn compare(runtime: &Runtime, store: &EventStore, directory: &Path) {
    for (tasks, each) in [(1, 300_u64), (TASKS, 6400)] {
        let mut raw = Raw::new(directory, tasks);
        let mut rates = (Vec::new(), Vec::new());
        for _ in 0..21 {
            let start = Instant::now();
            for _ in 0..each / tasks as u64 {
                raw.write();
            }
            rates.0.push(each as f64 / start.elapsed().as_secs_f64());
            let start = Instant::now();
            runtime.block_on(side_by_side(store, tasks, each));
            rates.1.push(each as f64 / start.elapsed().as_secs_f64());
        }
        let (raw, commands) = (median(rates.0), median(rates.1));
        println!(
            "durable, {tasks} at once: {commands:.0} commands/s beside {raw:.0} x {BYTES} bytes/s with one fdatasync a group: {:.0} %",
            100.0 * commands / raw
        );
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn loading(criterion: &mut Criterion) {
    let runtime = runtime();
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    let line = lines(1);
    // Written in turns, so that the events of each lie scattered, as in life.
    runtime.block_on(async {
        for _ in 0..1000 {
            let writes = ["a", "b", "c", "d"].map(|diary| write(&store, diary, &line));
            for write in writes {
                write.await;
            }
        }
    });
    let mut group = criterion.benchmark_group("load of 1,000 events");
    group.bench_function("warm, to look", |bench| {
        bench.iter(|| {
            let seen = runtime.block_on(store.look("a", |diary: &Diary| diary.lines.len()));
            assert_eq!(seen.expect("it loads"), 1000);
        });
    });
    group.bench_function("warm, a copy", |bench| {
        bench.iter(|| runtime.block_on(store.load::<Diary>("a")).expect("it loads"));
    });
    runtime.block_on(store.close()).expect("it closes");
    // A cold load wants a store that has not seen the aggregate; from its stream alone, one without snapshots.
    for (name, without_snapshots) in
        [("cold, from its stream", true), ("cold, from its snapshot", false)]
    {
        group.bench_function(name, |bench| {
            bench.iter_custom(|loads| {
                let mut taken = Duration::ZERO;
                for _ in 0..loads {
                    if without_snapshots {
                        let _ = std::fs::remove_dir_all(directory.path().join("heads.sled"));
                    }
                    let store = open(directory.path());
                    // Readers and the program's hash are there already in life.
                    let first =
                        runtime.block_on(store.look("b", |diary: &Diary| diary.lines.len()));
                    assert_eq!(first.expect("it loads"), 1000);
                    let start = Instant::now();
                    let seen = runtime.block_on(store.look("a", |diary: &Diary| diary.lines.len()));
                    taken += start.elapsed();
                    assert_eq!(seen.expect("it loads"), 1000);
                    runtime.block_on(store.close()).expect("it closes");
                }
                taken
            });
        });
    }
    group.finish();
}

fn a_long_stream() {
    let runtime = runtime();
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    runtime.block_on(write(&store, "long", &lines(10_000)));
    let line = lines(1);
    let mut raw = Raw::new(directory.path(), 1);
    let (mut synced, mut taken) = (Vec::new(), Vec::new());
    for _ in 0..5000 {
        let start = Instant::now();
        raw.write();
        synced.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        runtime.block_on(write(&store, "long", &line));
        taken.push(start.elapsed().as_secs_f64() * 1e3);
    }
    for (what, mut taken) in [
        ("one fdatasync", synced),
        ("a command on a stream of 10,000 to 15,000 events, warm", taken),
    ] {
        taken.sort_by(f64::total_cmp);
        let at = |percent: usize| taken[taken.len() * percent / 100];
        println!("{what}: p50 {:.3} ms, p99 {:.3} ms", at(50), at(99));
    }
    runtime.block_on(store.close()).expect("it closes");
}

fn opening() {
    let told = std::env::var("LEDGE_BENCH_EVENTS").ok();
    let events: u64 = told.map_or(1_000_000, |events| events.parse().expect("a number of events"));
    let streams = events / 40;
    let runtime = runtime();
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    runtime.block_on(fill(&store, events, streams));
    runtime.block_on(store.close()).expect("it closes");
    for derived in ["as it was closed", "without what is derived"] {
        if derived.starts_with("without") {
            std::fs::remove_dir_all(directory.path().join("heads.sled")).expect("it goes");
        }
        let start = Instant::now();
        let store = open(directory.path());
        let opened = start.elapsed();
        runtime.block_on(write(&store, "s-7", &lines(1)));
        let answered = start.elapsed();
        println!(
            "opening {events} events in {streams} streams {derived}: {:.3} s, first answer after {:.3} s",
            opened.as_secs_f64(),
            answered.as_secs_f64()
        );
        let start = Instant::now();
        runtime.block_on(store.close()).expect("it closes");
        println!("... and closing it: {:.3} s", start.elapsed().as_secs_f64());
    }
}

/// Each stream's events in appends of ten, stream after stream, round after round.
async fn fill(store: &EventStore, events: u64, streams: u64) {
    let payload = format!(r#"{{"LineWritten":{{"line":"{}"}}}}"#, "x".repeat(150));
    for round in 0..events / streams / 10 {
        let mut waiting = tokio::task::JoinSet::new();
        for stream in 0..streams {
            let command = CommandId::mint().uuid();
            let append = Append {
                stream: format!("bench.diary.s-{stream}"),
                expected: round * 10,
                recorded_at: DateTime::UNIX_EPOCH,
                actor: "the bench".to_owned(),
                command,
                correlation: command,
                causation: None,
                events: (0..10)
                    .map(|_| NewEvent {
                        event_type: "LineWritten".to_owned(),
                        schema: 1,
                        id: EventId::mint().uuid(),
                        effective_on: NaiveDate::default(),
                        payload: payload.clone(),
                    })
                    .collect(),
            };
            let journal = store.journal().clone();
            waiting.spawn(async move { journal.append(append).await.expect("it is recorded") });
            if waiting.len() >= 512 {
                waiting.join_next().await;
            }
        }
        waiting.join_all().await;
    }
}
