//! How long a sample nation takes: the schools, and all their files as bytes.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use national_data::sample::Nation;

const SEED: u64 = 2018;

fn sample(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sample nation");
    group.sample_size(10);
    let england = Nation::generate(SEED, 3_500);
    let bytes = england.files().iter().map(|(_, bytes)| bytes.len() as u64).sum();
    group.bench_function("3,500 secondary schools", |bench| {
        bench.iter(|| black_box(Nation::generate(SEED, 3_500)));
    });
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("the files of 3,500 secondary schools", |bench| {
        bench.iter(|| black_box(england.files()));
    });
    drop(england);
    let whole = Nation::with_primaries(SEED, 3_500);
    group.throughput(Throughput::Elements(whole.truth().register.len() as u64));
    drop(whole);
    group.bench_function("3,500 with their primary schools, and the files", |bench| {
        bench.iter(|| black_box(Nation::with_primaries(SEED, 3_500).files()));
    });
    let largest = Nation::generate(SEED, Nation::LARGEST);
    group.throughput(Throughput::Elements(largest.truth().register.len() as u64));
    drop(largest);
    group.bench_function("25,000 secondary schools, and the files", |bench| {
        bench.iter(|| black_box(Nation::generate(SEED, Nation::LARGEST).files()));
    });
    group.finish();
}

criterion_group!(benches, sample);
criterion_main!(benches);
