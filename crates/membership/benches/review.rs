//! The annual review of the nation: 5,500 secondary schools, each answer explained.

#![expect(clippy::unwrap_used, reason = "a nation that does not parse is not worth measuring")]

use std::hint::black_box;

use cqrs_es::Aggregate;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use kernel::{
    Cell, Grade, LeadingEdgeYear, Outcome, Progress8, Release, Source, Threshold, Urn, Withheld,
};
use membership::criteria::{Adoption, CriteriaFile};
use membership::facts::{Cover, InspectionFact, ResultsFact, YearFact};
use membership::review::{Basis, Command};
use membership::{Review, SchoolFacts, find};

const SCHOOLS: u32 = 5_500;

fn basis() -> Basis {
    let file = include_str!("../../../deploy/criteria/2018-19.toml");
    let criteria: Adoption = toml::from_str::<CriteriaFile>(file).unwrap().into();
    let year: LeadingEdgeYear = "2019-20".parse().unwrap();
    let release: Release = "2017/18 final".parse().unwrap();
    let threshold = Threshold {
        release,
        percentile: 75,
        method: "linear interpolation between order statistics".into(),
        kinds: criteria.terms.population.kinds.clone(),
        population: 3_150,
        value: 2_700,
        on_or_above: 805,
        tied: 21,
        significant: Some(951),
        public_from: release.year.final_public_from(),
        files: vec!["0123456789ab".into()],
    };
    let as_at = "2019-02-28".parse().unwrap();
    Basis { year, as_at, release: Some(release), criteria, threshold: Some(threshold) }
}

/// A nation with every grade, scores all over the scale, suppressed cells and schools not yet inspected.
fn nation() -> Vec<SchoolFacts> {
    (0..SCHOOLS).map(school).collect()
}

fn school(number: u32) -> SchoolFacts {
    let source = |file: &str| Source {
        file: file.into(),
        sha256: "0123456789ab".into(),
        line: u64::from(number) + 2,
    };
    let urn: Urn = (100_000 + number).to_string().parse().unwrap();
    let grade = Grade::try_from(u8::try_from(number % 5).unwrap());
    let inspection = grade.ok().map(|grade| InspectionFact {
        outcome: Outcome::Overall(grade),
        inspected_on: "2016-05-03".parse().unwrap(),
        published_on: Some("2016-05-20".parse().unwrap()),
        carried_from: number.is_multiple_of(13).then_some(urn),
        source: source("Management_information_-_schools.csv"),
    });
    let year = |release: &str, spread: u32| {
        let release: Release = release.parse().unwrap();
        let score = i32::try_from(number * spread % 160).unwrap() - 80;
        let printed = |hundredths| match number % 11 {
            0 => Cell::Withheld(Withheld::Suppressed),
            _ => Cell::Published(Progress8::from_hundredths(hundredths)),
        };
        let figures = ResultsFact {
            progress8: Some(printed(score)),
            lower: Some(printed(score - 25)),
            public_from: release.year.final_public_from(),
            source: source("england_ks4final.csv"),
        };
        YearFact { release, figures: Some(figures) }
    };
    SchoolFacts {
        urn,
        name: format!("School {number}"),
        in_population: !number.is_multiple_of(7),
        inspection,
        last_overall: None,
        ungraded_since: None,
        years: vec![
            year("2017/18 final", 37),
            year("2016/17 final", 41),
            year("2015/16 final", 43),
        ],
        cover: Cover::Unknown,
    }
}

fn applied(events: impl IntoIterator<Item = membership::review::Event>) -> Review {
    let mut review = Review::default();
    for event in events {
        review.apply(event);
    }
    review
}

fn review(c: &mut Criterion) {
    let (basis, nation) = (basis(), nation());
    let mut group = c.benchmark_group(format!("review of {SCHOOLS} schools"));
    group.sample_size(20);
    group.bench_function("find", |b| {
        b.iter(|| {
            nation.iter().map(|facts| find(black_box(&basis), facts).clauses.len()).sum::<usize>()
        });
    });
    let run = || Command::Run { basis: basis.clone(), schools: nation.clone() };
    let framework = || cqrs_es::test::TestFramework::<Review>::with(());
    group.bench_function("run, first time", |b| {
        b.iter_batched(
            run,
            |command| framework().given(vec![]).when(command).inspect_result(),
            BatchSize::LargeInput,
        );
    });
    let events = framework().given(vec![]).when(run()).inspect_result().unwrap();
    group.bench_function("replay", |b| {
        b.iter_batched(|| events.clone(), applied, BatchSize::LargeInput);
    });
    let before = applied(events);
    group.bench_function("run again, nothing new", |b| {
        b.iter_batched(
            || (before.clone(), run()),
            |(mut review, command)| {
                let sink = cqrs_es::event_sink::EventSink::default();
                let handled = review.handle(command, &(), &sink);
                at_once(handled).unwrap();
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// `Review::handle` never waits for anything, so one poll finishes it.
fn at_once<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("a decision that waits"),
    }
}

criterion_group!(benches, review);
criterion_main!(benches);
