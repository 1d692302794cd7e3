//! What the journal costs, each beside the least it could cost, measured in the same run.

#![expect(clippy::expect_used, reason = "a measurement that cannot be made should stop")]

use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use journal::{Append, BoxError, Head, Heads, Journal, NewEvent, NoHeads, Reader, verify};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Bytes of one event in the plain file it is compared with.
const EVENT: usize = 350;
const AT_ONCE: usize = 64;

/// An enum as the contexts have them.
#[derive(Deserialize, Serialize)]
enum Event {
    SchoolRegistered {
        name: String,
        local_authority: u16,
        establishment: u16,
        kind: String,
        postcode: String,
        opened: Option<NaiveDate>,
    },
    ResultsPublished {
        year: String,
        release: String,
        progress8: i16,
        lower: i16,
        upper: i16,
        pupils: u32,
        source: Source,
    },
    OfstedInspected {
        kind: String,
        inspected_on: NaiveDate,
        published_on: NaiveDate,
        grade: u8,
        source: Source,
    },
    SchoolClosed {
        on: NaiveDate,
        reason: String,
    },
}

#[derive(Deserialize, Serialize)]
struct Source {
    file: String,
    line: u32,
    sha256: String,
}

impl Event {
    fn number(number: u64) -> Self {
        let source = || Source {
            file: "england_ks4final.csv".to_owned(),
            line: number as u32,
            sha256: format!("{:064x}", u128::from(number) * 0x9E37_79B9_7F4A_7C15),
        };
        let day = |add: u64| {
            NaiveDate::from_ymd_opt(2018, 1, 31)
                .and_then(|day| day.checked_add_days(chrono::Days::new(add % 365)))
        };
        match number % 8 {
            0 => Self::SchoolRegistered {
                name: format!("Bishop’s Park School {number}"),
                local_authority: 201,
                establishment: 4000,
                kind: "Academy sponsor led".to_owned(),
                postcode: "EC3A 5DE".to_owned(),
                opened: day(number),
            },
            1..=4 => Self::ResultsPublished {
                year: "2017/18".to_owned(),
                release: "final".to_owned(),
                progress8: (number % 300) as i16 - 150,
                lower: (number % 300) as i16 - 180,
                upper: (number % 300) as i16 - 120,
                pupils: 120 + (number % 100) as u32,
                source: source(),
            },
            5 | 6 => Self::OfstedInspected {
                kind: "Section 5".to_owned(),
                inspected_on: day(number).unwrap_or_default(),
                published_on: day(number + 30).unwrap_or_default(),
                grade: 1 + (number % 4) as u8,
                source: source(),
            },
            _ => Self::SchoolClosed {
                on: day(number).unwrap_or_default(),
                reason: "Result of amalgamation or merger".to_owned(),
            },
        }
    }
}

fn append(stream: String, expected: u64, first: u64, count: u64) -> Append {
    Append {
        stream,
        expected,
        recorded_at: DateTime::from_timestamp_micros(1_522_573_200_000_000).unwrap_or_default(),
        actor: "import".to_owned(),
        command: Uuid::from_u128(1),
        correlation: Uuid::from_u128(2),
        causation: None,
        events: (first..first + count)
            .map(|number| NewEvent {
                event_type: "ResultsPublished".to_owned(),
                schema: 1,
                id: Uuid::from_u128(u128::from(number)),
                effective_on: NaiveDate::from_ymd_opt(2018, 1, 31).unwrap_or_default(),
                payload: serde_json::to_string(&Event::number(number)).unwrap_or_default(),
            })
            .collect(),
    }
}

/// A stream of its own for each of those at once, and the version it has reached.
struct Streams(Vec<(String, u64)>);

impl Streams {
    fn new(name: &str) -> Self {
        Self((0..AT_ONCE).map(|number| (format!("schools.{name}.{number}"), 0)).collect())
    }
}

fn open(path: &Path) -> Journal {
    Journal::open(path, Arc::new(NoHeads)).expect("the journal opens")
}

/// `groups` times so many events written at the end of a file, each group with one sync.
fn write_raw(file: &mut File, bytes: &[u8], groups: u64) -> Duration {
    let start = Instant::now();
    for _ in 0..groups {
        file.write_all(bytes).and_then(|()| file.sync_data()).expect("the disk takes it");
    }
    start.elapsed()
}

/// `each` appends of one event by every stream, all at once.
fn write_events(
    runtime: &Runtime,
    journal: &Journal,
    streams: &mut Streams,
    at_once: usize,
    each: u64,
) -> Duration {
    let mut wishes: Vec<Vec<Append>> = streams.0[..at_once]
        .iter_mut()
        .map(|(stream, version)| {
            let first = *version;
            *version += each;
            (first..first + each)
                .map(|version| append(stream.clone(), version, version, 1))
                .collect()
        })
        .collect();
    runtime.block_on(async {
        let start = Instant::now();
        let tasks: Vec<_> = wishes
            .drain(..)
            .map(|wishes| {
                let journal = journal.clone();
                tokio::spawn(async move {
                    for wish in wishes {
                        journal.append(wish).await.expect("it is recorded");
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("the task ends");
        }
        start.elapsed()
    })
}

fn durable(criterion: &mut Criterion) {
    let folder = TempDir::new().expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    let journal = open(&folder.path().join("journal.sqlite"));
    let mut raw = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.path().join("raw"))
        .expect("a file");

    for at_once in [1, AT_ONCE] {
        let bytes = vec![b'x'; EVENT * at_once];
        let mut streams = Streams::new(&format!("at-once-{at_once}"));
        let mut group = criterion.benchmark_group("durable");
        group.throughput(Throughput::Elements(at_once as u64));
        group.bench_function(BenchmarkId::new("plain-file", at_once), |bencher| {
            bencher.iter_custom(|groups| write_raw(&mut raw, &bytes, groups));
        });
        group.bench_function(BenchmarkId::new("journal", at_once), |bencher| {
            bencher
                .iter_custom(|each| write_events(&runtime, &journal, &mut streams, at_once, each));
        });
        group.finish();

        // The disk drifts: short turns, one after the other, and the median of their ratios.
        let each = 20_000 / (at_once as u64 + 9);
        let turns: Vec<(f64, f64)> = (0..15)
            .map(|_| {
                let plain = write_raw(&mut raw, &bytes, each).as_secs_f64();
                (plain, write_events(&runtime, &journal, &mut streams, at_once, each).as_secs_f64())
            })
            .collect();
        let events = (each * at_once as u64) as f64;
        let (plain, ours) =
            (median(turns.iter().map(|turn| turn.0)), median(turns.iter().map(|turn| turn.1)));
        let ratio = median(turns.iter().map(|turn| turn.0 / turn.1));
        say(&format!(
            "durable, {at_once} at once: {:.0} events/s, a plain file with one fdatasync for {at_once} of {EVENT} bytes {:.0}/s: {:.0} % (goal {})",
            events / ours,
            events / plain,
            ratio * 100.0,
            if at_once == 1 { "50 % at the median" } else { "60 %" },
        ));
        if at_once == 1 {
            let (plain, ours) = alone(&runtime, &journal, &mut raw, &bytes);
            say(&format!(
                "durable, alone: p50 {ours:.0} us, one fdatasync {plain:.0} us: {:.2} times (goal 2 at most)",
                ours / plain
            ));
        }
    }
    runtime.block_on(journal.close()).expect("it closes");
}

/// Median microseconds of one write and sync, and of one append, in turns.
fn alone(runtime: &Runtime, journal: &Journal, raw: &mut File, bytes: &[u8]) -> (f64, f64) {
    let (mut plain, mut ours) = (Vec::new(), Vec::new());
    for turn in 0..40 {
        plain.extend((0..50).map(|_| write_raw(raw, bytes, 1).as_secs_f64()));
        ours.extend((turn * 50..turn * 50 + 50).map(|version| {
            let wish = append("schools.alone.1".to_owned(), version, version, 1);
            let start = Instant::now();
            runtime.block_on(journal.append(wish)).expect("it is recorded");
            start.elapsed().as_secs_f64()
        }));
    }
    (median(plain) * 1e6, median(ours) * 1e6)
}

fn replay(criterion: &mut Criterion) {
    const EVENTS: u64 = 200_000;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("journal.sqlite");
    filled(&path, EVENTS);
    let payloads: Vec<String> = (0..EVENTS)
        .map(|number| serde_json::to_string(&Event::number(number)).unwrap_or_default())
        .collect();
    let memory = payloads.concat();
    let mut ends = Vec::new();
    payloads.iter().fold(0, |end, payload| {
        ends.push(end + payload.len());
        end + payload.len()
    });
    let reader = Reader::open(&path).expect("it opens");

    let decode = || {
        let mut start = 0;
        for end in &ends {
            black_box(serde_json::from_str::<Event>(&memory[start..*end]).expect("an event"));
            start = *end;
        }
    };
    let read_and_decode = || {
        reader
            .for_each(0, EVENTS, |entry| {
                black_box(serde_json::from_str::<Event>(entry.payload).expect("an event"));
                ControlFlow::Continue(())
            })
            .expect("it is read")
    };
    let read = || {
        reader.for_each(0, EVENTS, |entry| {
            black_box(entry);
            ControlFlow::Continue(())
        })
    };

    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).throughput(Throughput::Elements(EVENTS));
    group.bench_function("decode-from-memory", |bencher| bencher.iter(decode));
    group.bench_function("read-and-decode", |bencher| bencher.iter(read_and_decode));
    group.bench_function("read", |bencher| bencher.iter(read));
    group.bench_function("verify", |bencher| {
        bencher.iter(|| verify(&path, &mut |_, _| {}).expect("it is read"));
    });
    group.finish();

    let timed = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let turns: Vec<(f64, f64)> = (0..9)
        .map(|_| {
            (
                timed(&decode),
                timed(&|| {
                    black_box(read_and_decode());
                }),
            )
        })
        .collect();
    let (memory, ours) =
        (median(turns.iter().map(|turn| turn.0)), median(turns.iter().map(|turn| turn.1)));
    say(&format!(
        "replay: {:.0} events/s read and decoded, {:.0}/s decoded from memory ({} bytes each): {:.0} % (goal 60 %)",
        EVENTS as f64 / ours,
        EVENTS as f64 / memory,
        ends.last().unwrap_or(&0) / ends.len(),
        median(turns.iter().map(|turn| turn.0 / turn.1)) * 100.0
    ));
}

/// An index that covers everything but the last thousand.
struct Almost(u64);

impl Heads for Almost {
    fn covered(&self) -> u64 {
        self.0
    }

    fn find(&self, _: &str) -> Result<Option<Head>, BoxError> {
        Ok(None)
    }
}

fn opening(criterion: &mut Criterion) {
    const EVENTS: u64 = 1_000_000;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("journal.sqlite");
    let load = filled(&path, EVENTS);
    say(&format!(
        "load: {:.0} events/s in appends of 100, 8 at once",
        EVENTS as f64 / load.as_secs_f64()
    ));
    let mut group = criterion.benchmark_group("open");
    group.sample_size(10);
    let covered = EVENTS - 1_000;
    group.bench_function("a-million-with-an-index", |bencher| {
        bencher.iter(|| Journal::open(&path, Arc::new(Almost(covered))).expect("it opens"));
    });
    group.bench_function("a-million-without", |bencher| {
        bencher.iter(|| Journal::open(&path, Arc::new(NoHeads)).expect("it opens"));
    });
    group.finish();

    let journal = open(&path);
    let reader = journal.reader().expect("a reader");
    let head = journal.stream_head("schools.school.7").expect("a head");
    let mut group = criterion.benchmark_group("stream");
    group.throughput(Throughput::Elements(head.version));
    group.bench_function(BenchmarkId::new("walk-back", head.version), |bencher| {
        bencher.iter(|| reader.stream_back(head.position).expect("it is read"));
    });
    group.finish();
}

/// A closed journal of so many events over a thousand streams, appended 100 at a time.
fn filled(path: &Path, events: u64) -> Duration {
    let runtime = Runtime::new().expect("a runtime");
    let journal = open(path);
    let start = Instant::now();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..8)
            .map(|task| {
                let journal = journal.clone();
                tokio::spawn(async move {
                    let mut versions = vec![0; 125];
                    for number in (task * 100..events).step_by(800) {
                        let own = (number / 800) as usize % versions.len();
                        let stream = format!("schools.school.{}", own * 8 + task as usize);
                        let done = journal.append(append(stream, versions[own], number, 100)).await;
                        versions[own] = done.expect("it is recorded").version;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("the task ends");
        }
        journal.close().await.expect("it closes");
    });
    start.elapsed()
}

fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// One line for each goal, after criterion's own.
fn say(line: &str) {
    eprintln!("{line}");
}

criterion_group!(journal_benches, durable, replay, opening);
criterion_main!(journal_benches);
