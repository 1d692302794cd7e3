//! How long each reader takes: on the real files where they are to be had, and on those of a sample nation of the size of
//! England's.

use std::hint::black_box;
use std::path::PathBuf;

use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kernel::{Release, Standing};
use national_data::sample::Nation;
use national_data::{Faults, File, cover, ks4, links, locations, names, ofsted, register};

type Read = fn(&File) -> Result<u64, Faults>;

/// The examinations of a file: its name or folder has them, `2016-17`.
fn tables(file: &File) -> Result<u64, Faults> {
    let release = |examined| Release {
        year: kernel::AcademicYear::ending(examined),
        standing: Standing::Final,
    };
    let day = NaiveDate::MAX;
    // The year only matters where the file names it; each is tried until it is that one.
    (2016..=2023)
        .map(|examined| ks4(file, release(examined), day))
        .find(Result::is_ok)
        .unwrap_or_else(|| ks4(file, release(2018), day))
        .map(|reading| black_box(reading).counts.read)
}

const REAL: [(&str, Read); 9] = [
    ("ks4/2016-17/england_ks4provisional.csv", tables),
    ("ks4/2017-18/final_base_feat_gcse_2018.csv", tables),
    ("layouts/dfe-ebi-scenario1-ks4.xlsx", tables),
    ("ofsted/ofsted_ratings_2018.csv", |file| {
        ofsted(file).map(|reading| black_box(reading).counts.read)
    }),
    ("register/2017-2018_england_spine.xlsx", |file| {
        register(file, NaiveDate::MAX).map(|reading| black_box(reading).counts.read)
    }),
    ("register/links_edubasealldata20250422.csv", |file| {
        links(file).map(|reading| black_box(reading).counts.read)
    }),
    ("register/schoolnames20180801.csv", |file| {
        names(file).map(|reading| black_box(reading).counts.read)
    }),
    ("register/school_locations_2018-19.csv", |file| {
        locations(file).map(|reading| black_box(reading).counts.read)
    }),
    ("ssat-cover.csv", |file| cover(file).map(|reading| black_box(reading).counts.read)),
];

fn readers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    group.sample_size(10);
    let mut bench = |label: &str, file: &File, read: Read| {
        let Ok(rows) = read(file) else { return };
        group.throughput(Throughput::Elements(rows));
        group.bench_function(format!("{label} ({rows} rows)"), |bench| bench.iter(|| read(file)));
    };
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("LEDGE_SHARED_DATA").map_or(beside, PathBuf::from);
    for (path, read) in REAL {
        if let Ok(file) = File::open(&folder.join(path)) {
            bench(path, &file, read);
        }
    }
    for (name, bytes) in Nation::generate(2018, 3_500).files() {
        let file = File::from_bytes(name, bytes);
        let readers: [Read; 5] = [REAL[4].1, REAL[5].1, REAL[8].1, REAL[3].1, tables];
        if let Some(read) = readers.into_iter().find(|read| read(&file).is_ok()) {
            bench(&format!("sample {}", file.name), &file, read);
        }
    }
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
