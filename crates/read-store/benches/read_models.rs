//! How fast the read models are rebuilt, and how fast people get their answers.
//!
//! `cargo bench -p read-store`; `LEDGE_BENCH_EVENTS` sets how many events are rebuilt (a million unless told).

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kernel::{AcademicYear, Grade, Release, SchoolKind, Standing};
use projections::evidence::Question;
use projections::{Event, Window};
use read_store::{Filter, ReadStore, Sort};
use schools::school::Event as School;
use schools::{Details, Phase, Register};

#[expect(clippy::unwrap_used, dead_code, reason = "written for the tests, which use all of it")]
#[path = "../tests/store/book.rs"]
mod book;

use book::{Book, day, inspection, registered, results, urn};

const SCHOOLS: u32 = 25_000;
/// How many of them are secondary, with results.
const SECONDARY: u32 = 5_500;

/// A nation's record: every school registered, then results of the secondary ones and inspections of all in turn; from some
/// 600,000 events on they are stated again, as a record of 400,000 facts is from then on.
fn nation(events: u32) -> impl Iterator<Item = Event> {
    let words =
        ["Hill Top", "St George’s", "Riverside", "Thomas à Becket", "Castle View", "Priory"];
    let ends = ["School", "Academy", "High School", "Church of England School", "College"];
    (0..events).map(move |number| {
        let school = number % SCHOOLS;
        let round = number / SCHOOLS;
        let event = match round {
            0 => {
                let name = format!(
                    "{} {} {}",
                    words[school as usize % words.len()],
                    ends[school as usize / 7 % ends.len()],
                    school / 31
                );
                let details = Details {
                    phase: (school >= SECONDARY).then_some(Phase::Primary),
                    status: school.is_multiple_of(9).then_some(Register::Closed),
                    local_authority: Some(format!("Authority {}", school % 150)),
                    postcode: Some(format!("NW{} {}BQ", school % 90 + 10, school % 10)),
                    ..Details::default()
                };
                return Event::School(urn(100_000 + school), registered(&name, details));
            }
            // Two of three events are results of a secondary school.
            round if !school.is_multiple_of(3) => {
                let secondary = (school + round * 7) % SECONDARY;
                let year = AcademicYear::ending(2000 + (round as i32 % 24));
                let release = Release { year, standing: Standing::Final };
                let hundredths = (number.wrapping_mul(2_654_435_761) >> 20) as i32 % 200 - 100;
                let event =
                    School::ResultsPublished(results(release, hundredths, secondary.into()));
                return Event::School(urn(100_000 + secondary), event);
            }
            round => {
                let on = day("2005-09-01")
                    + chrono::Days::new(u64::from(round % 30 * 180 + school % 60));
                let grade = Grade::try_from((number % 4) as u8 + 1).unwrap_or(Grade::Good);
                School::OfstedInspected(inspection(on, grade, school.into()))
            }
        };
        Event::School(urn(100_000 + school), event)
    })
}

fn events() -> u32 {
    std::env::var("LEDGE_BENCH_EVENTS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(1_000_000)
}

fn rebuilding(criterion: &mut Criterion) {
    let count = events();
    let mut book = Book::new();
    book.write(nation(count));
    let journal = book.reader();
    let into = book.folder().join("rebuilt.sqlite");
    let mut group = criterion.benchmark_group("events");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    group.throughput(Throughput::Elements(count.into()));
    group.bench_function("read from the journal", |bencher| {
        bencher.iter(|| {
            journal.for_each(0, count.into(), |entry| {
                black_box(entry.payload);
                ControlFlow::Continue(())
            })
        });
    });
    group.bench_function("read and decoded", |bencher| {
        bencher.iter(|| {
            journal.for_each(0, count.into(), |entry| {
                black_box(Event::decode(entry.stream, entry.payload))
                    .map_or(ControlFlow::Break(()), |_| ControlFlow::Continue(()))
            })
        });
    });
    group.bench_function("rebuilt into all read models", |bencher| {
        bencher.iter(|| book.replay(&into, Window::default()));
    });
    group.finish();
}

fn looking(criterion: &mut Criterion) {
    let mut book = Book::new();
    book.write(nation(SCHOOLS * 12));
    let mut store =
        ReadStore::open(&book.read_models()).unwrap_or_else(|failure| panic!("{failure}"));
    let caught_up = store.catch_up(&book.reader(), book.head(), &|_| {});
    assert!(caught_up.is_ok(), "{caught_up:?}");

    let mut group = criterion.benchmark_group("25,000 schools");
    for text in ["102000", "NW37 7BQ", "george", "school", "hill top academy", "st"] {
        group.bench_function(format!("search `{text}`"), |bencher| {
            bencher.iter(|| store.search(black_box(text), 50));
        });
    }
    let open = Filter {
        statuses: vec![Register::Open],
        grades: vec![Grade::Outstanding, Grade::Good],
        ..Filter::default()
    };
    let named = Filter { name: Some("school".into()), ..open.clone() };
    for (what, filter) in
        [("all", Filter::default()), ("open and good", open), ("open, good and named", named)]
    {
        for sort in [Sort::Name, Sort::Grade, Sort::Progress8] {
            group.bench_function(format!("list {what} by {sort:?}"), |bencher| {
                bencher.iter(|| store.schools(black_box(&filter), sort, 50, 200));
            });
        }
    }
    group.finish();
    worst(&store);

    let as_at = day("2024-02-28");
    let release = Release { year: AcademicYear::ending(2011), standing: Standing::Final };
    let question = Question {
        year: kernel::LeadingEdgeYear::containing(as_at).next(),
        as_at,
        release: Some(release),
        population: Some(release),
        published_years: 3,
        kinds: SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec(),
    };
    let mut group = criterion.benchmark_group("evidence");
    group.sample_size(10);
    group.bench_function("loaded from 300,000 events", |bencher| {
        bencher.iter(|| store.evidence(as_at, None));
    });
    let Ok(evidence) = store.evidence(as_at, None) else { return };
    assert_eq!(evidence.facts(&question).len(), SECONDARY as usize);
    group.bench_function("facts of 5,500 schools", |bencher| {
        bencher.iter(|| evidence.facts(black_box(&question)));
    });
    group.finish();
}

/// Criterion gives means; a page is promised by its 99th percentile.
fn worst(store: &ReadStore) {
    let filter = Filter { statuses: vec![Register::Open], ..Filter::default() };
    let p99 = |what: &str, look: &dyn Fn(usize) -> bool| {
        let mut taken: Vec<Duration> = (0..500)
            .map(|round| {
                let begun = std::time::Instant::now();
                assert!(look(round), "{what} found nothing");
                begun.elapsed()
            })
            .collect();
        taken.sort_unstable();
        #[expect(clippy::print_stdout, reason = "a figure for whoever runs the benchmark")]
        {
            println!("25,000 schools/{what}: p99 {:?}", taken[taken.len() * 99 / 100]);
        }
    };
    p99("search", &|round| {
        let text = ["george", "school", "academy", "hill top"][round % 4];
        store.search(text, 50).is_ok_and(|page| !page.schools.is_empty())
    });
    p99("filtered and sorted page", &|round| {
        let sort = [Sort::Name, Sort::Grade, Sort::Progress8][round % 3];
        store.schools(&filter, sort, 50, round).is_ok_and(|page| !page.schools.is_empty())
    });
}

criterion_group!(benches, rebuilding, looking);
criterion_main!(benches);
