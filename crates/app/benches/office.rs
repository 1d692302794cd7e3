//! An office's heavy days: a national release loaded, the review of every secondary school, the invitations.
//!
//! `cargo bench -p app`.  Sizes are the nation's.  The review is also measured on the real files, where there are any
//! (`LEDGE_SHARED_DATA` names their folder).  Every figure is printed again at the end, beside its goal.

#![expect(clippy::unwrap_used, reason = "an office that cannot work is not worth measuring")]
#![expect(clippy::print_stdout, reason = "the figures are what is asked for")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::clock::Clock;
use app::{Document, Office, Recording, ReviewQuestion, What, no_progress, read_criteria};
use chrono::{DateTime, Utc};
use criterion::{BatchSize, Criterion};
use kernel::Release;
use national_data::File;
use national_data::sample::Nation;
use tokio::runtime::Runtime;

/// State-funded mainstream secondary schools; with those beside them a release of the sample nation has about 5,600 rows.
const SCHOOLS: usize = 3_500;
const SAMPLES: usize = 10;

/// What is to be reached, for each figure.
const GOALS: [(&str, Duration); 2] =
    [("import of a release", Duration::from_secs(1)), ("review", Duration::from_millis(300))];

fn main() {
    let mut criterion = Criterion::default().sample_size(SAMPLES).configure_from_args();
    let bench = Bench { runtime: Runtime::new().unwrap(), nation: Nation::generate(2003, SCHOOLS) };
    let mut figures = bench.import(&mut criterion);
    figures.extend(bench.year(&mut criterion));
    figures.extend(bench.real_year(&mut criterion));
    criterion.final_summary();
    println!();
    figures.iter().for_each(Figure::print);
}

struct Bench {
    runtime: Runtime,
    nation: Nation,
}

/// The median of what was measured of one thing.
struct Figure {
    what: &'static str,
    of: String,
    median: Duration,
}

/// An open office in a folder of its own.
struct Folder {
    office: Office,
    _dir: tempfile::TempDir,
}

impl Bench {
    /// Every event durable before it is answered, read models kept up, threshold and crossings told.
    fn import(&self, criterion: &mut Criterion) -> Vec<Figure> {
        let provisional = self.file("2017-2018_england_ks4provisional.csv");
        let last = self.file("2017-2018_england_ks4final.csv");
        let mut group = criterion.benchmark_group("import of a release");
        let mut rows = 0;
        let mut events = 0;
        let mut first = Watch::default();
        group.bench_function("into an empty office", |b| {
            b.iter_batched(
                || self.empty(),
                |mut folder| {
                    let imported = first.time(|| self.load(&mut folder, &last));
                    (rows, events) = (imported.rows.read, imported.events);
                    folder
                },
                BatchSize::PerIteration,
            );
        });
        let mut figures = first.figure("import of a release", || {
            format!("{rows} rows, {events} events, into an empty office")
        });
        let mut over = Watch::default();
        group.bench_function("over the provisional one", |b| {
            b.iter_batched(
                || {
                    let mut folder = self.empty();
                    self.load(&mut folder, &provisional);
                    folder
                },
                |mut folder| {
                    events = over.time(|| self.load(&mut folder, &last)).events;
                    folder
                },
                BatchSize::PerIteration,
            );
        });
        figures.extend(over.figure("import of a release", || {
            format!("{rows} rows, {events} events, over the provisional one")
        }));
        group.finish();
        figures
    }

    /// On the whole sample nation.
    fn year(&self, criterion: &mut Criterion) -> Vec<Figure> {
        let mut folder = self.empty();
        for (name, bytes) in self.nation.files() {
            let file = File::from_bytes(name, bytes);
            self.load(&mut folder, &file);
        }
        self.reviewed(criterion, &folder, "the sample nation", None)
            .into_iter()
            .chain(self.recorded(criterion))
            .collect()
    }

    /// On the real files, in the order an office loads them.
    fn real_year(&self, criterion: &mut Criterion) -> Vec<Figure> {
        let Some(files) = national_files() else { return vec![] };
        let mut folder = self.empty();
        for (path, what) in [
            ("ks4/2017-18/final_base_feat_gcse_2018.csv", ks4("2017/18 final")),
            ("ks4/2017-18/ks4_perf_2018.csv", ks4("2017/18 final")),
            ("ofsted/ofsted_ratings_2018.csv", What::Ofsted),
            ("register/links_edubasealldata20250422.csv", What::Links),
        ] {
            let file = File::open(&files.join(path)).unwrap();
            let mut watch = Watch::default();
            let imported = watch.time(|| self.import_as(&mut folder, &file, what));
            let told = format!("{}: {} events", file.name, imported.events);
            watch.figure("import, once", || told).iter().for_each(Figure::print);
        }
        self.reviewed(criterion, &folder, "the real nation", Some("2017/18"))
    }

    /// The review: evidence read, threshold computed, every school answered and explained.
    fn reviewed(
        &self,
        criterion: &mut Criterion,
        folder: &Folder,
        of: &str,
        results: Option<&str>,
    ) -> Vec<Figure> {
        let question = question(results);
        let mut schools = 0;
        let mut clauses = 0;
        let mut watch = Watch::default();
        criterion.bench_function(&format!("review of {of}"), |b| {
            b.iter(|| {
                let document = watch.time(|| {
                    let reviewed = folder.office.desk().review(&question).unwrap();
                    Document::of(&reviewed, Recording::Preview)
                });
                schools = document.schools.len();
                clauses = document.schools.iter().map(|school| school.clauses.len()).sum();
                document
            });
        });
        watch.figure("review", || format!("{of}: {schools} schools, {clauses} clauses"))
    }

    /// The review recorded, and its invitations made.
    fn recorded(&self, criterion: &mut Criterion) -> Vec<Figure> {
        let files =
            ["2017-2018_england_ks4final.csv", "ofsted_ratings.csv"].map(|it| self.file(it));
        let question = question(None);
        let loaded = || {
            let mut folder = self.empty();
            files.iter().for_each(|file| drop(self.load(&mut folder, file)));
            folder
        };
        let mut events = 0;
        let mut recording = Watch::default();
        criterion.bench_function("review recorded", |b| {
            b.iter_batched(
                loaded,
                |mut folder| {
                    recording.time(|| events = self.record(&mut folder, &question));
                    folder
                },
                BatchSize::PerIteration,
            );
        });
        let mut figures = recording.figure("review recorded", || format!("{events} events"));
        let mut invited = 0;
        let mut inviting = Watch::default();
        criterion.bench_function("invite", |b| {
            b.iter_batched(
                || {
                    let mut folder = loaded();
                    self.record(&mut folder, &question);
                    folder
                },
                |mut folder| {
                    inviting.time(|| {
                        let invitations =
                            folder.office.invite(question.year, None, None, &no_progress);
                        invited = self.runtime.block_on(invitations).unwrap().invited.len();
                    });
                    folder
                },
                BatchSize::PerIteration,
            );
        });
        figures.extend(inviting.figure("invite", || format!("{invited} schools")));
        figures
    }

    fn record(&self, folder: &mut Folder, question: &ReviewQuestion) -> u64 {
        let reviewed = folder.office.desk().review(question).unwrap();
        let recording = folder.office.record_review(&reviewed);
        match self.runtime.block_on(recording).unwrap() {
            Recording::Events(events) => events,
            Recording::Preview | Recording::LaterOnRecord(_) => 0,
        }
    }

    fn file(&self, name: &str) -> File {
        let (name, bytes) = self.nation.files().into_iter().find(|file| file.0 == name).unwrap();
        File::from_bytes(name, bytes)
    }

    /// An office that has adopted its criteria and knows nothing else.
    fn empty(&self) -> Folder {
        let dir = tempfile::tempdir().unwrap();
        let mut office = Office::open(dir.path(), clock(), "office", &no_progress).unwrap();
        let criteria = read_criteria(&repository().join("deploy/criteria/2018-19.toml")).unwrap();
        self.runtime.block_on(office.adopt(criteria)).unwrap();
        Folder { office, _dir: dir }
    }

    fn load(&self, folder: &mut Folder, file: &File) -> app::Imported {
        self.import_as(folder, file, kind_of(&file.name))
    }

    fn import_as(&self, folder: &mut Folder, file: &File, what: What) -> app::Imported {
        self.runtime.block_on(folder.office.import(file, what, None, &no_progress)).unwrap()
    }
}

/// Takes the time beside the bench, so that it can be told in one line.
#[derive(Default)]
struct Watch(Vec<Duration>);

impl Watch {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        self.0.push(begun.elapsed());
        done
    }

    /// None, where the bench was left out by a filter.
    fn figure(mut self, what: &'static str, of: impl FnOnce() -> String) -> Vec<Figure> {
        self.0.sort_unstable();
        let median = self.0.get(self.0.len() / 2).copied();
        median.map(|median| Figure { what, of: of(), median }).into_iter().collect()
    }
}

impl Figure {
    fn print(&self) {
        let goal = GOALS.iter().find(|(what, _)| *what == self.what).map_or_else(
            String::new,
            |(_, goal)| {
                let reached = if self.median <= *goal { "reached" } else { "NOT REACHED" };
                format!("  (goal {} ms: {reached})", goal.as_millis())
            },
        );
        println!(
            "{:<20} {:>7.0} ms{goal}  {}",
            self.what,
            self.median.as_secs_f64() * 1e3,
            self.of
        );
    }
}

fn question(results: Option<&str>) -> ReviewQuestion {
    ReviewQuestion {
        year: "2019-20".parse().unwrap(),
        results: results.map(|year| year.parse().unwrap()),
        as_at: "2019-02-28".parse().unwrap(),
        as_known_on: None,
        criteria: None,
    }
}

fn kind_of(name: &str) -> What {
    let Some((from, rest)) = name.split_once("_england_ks4") else {
        return match name {
            _ if name.starts_with("ofsted") => What::Ofsted,
            _ if name.starts_with("links") => What::Links,
            _ if name.starts_with("ssat-cover") => What::Cover,
            _ => What::Register,
        };
    };
    ks4(&format!("{from} {}", rest.trim_end_matches(".csv")))
}

fn ks4(release: &str) -> What {
    let (year, standing) = release.split_once(' ').unwrap();
    What::Ks4(Release { year: year.parse().unwrap(), standing: standing.parse().unwrap() })
}

/// It stands still: what is measured does not depend on it.
fn clock() -> Clock {
    let now: DateTime<Utc> = "2019-02-28T12:00:00Z".parse().unwrap();
    Arc::new(move || now)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn national_files() -> Option<PathBuf> {
    let folder = std::env::var_os("LEDGE_SHARED_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    if folder.join("ks4").is_dir() {
        return Some(folder);
    }
    println!("NOT MEASURED: the real nation: there are no national files in {}", folder.display());
    None
}
