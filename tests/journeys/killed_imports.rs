//! An import that is killed, or interrupted, and started again ends where one that never was ends (R39).

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, ExitStatus, Stdio};

use app::Folder;
use national_data::sample::Nation;
use serde_json::Value;

use crate::journeys::FEBRUARY;
use crate::journeys::chance::Chance;
use crate::journeys::tables::{Tables, assert_same_tables, tables};
use crate::journeys::world::World;
use crate::program::{Program, repository};

/// The imports of a year in the order they are made: the kind, the file, and what else is typed.
const IMPORTS: [(&str, &str, &[&str]); 4] = [
    ("ks4", "2017-2018_england_ks4provisional.csv", &["--year=2017/18", "--release=provisional"]),
    ("ks4", "2017-2018_england_ks4final.csv", &["--year=2017/18", "--release=final"]),
    ("ofsted", "ofsted_ratings.csv", &[]),
    ("links", "links_edubasealldata20190131.csv", &[]),
];

#[test]
fn an_import_killed_at_any_moment_and_started_again_ends_as_if_it_never_was() {
    let files = files();
    let never_killed = Year::of(&files);
    let recorded = IMPORTS.map(|import| {
        let before = never_killed.head();
        never_killed.import(import);
        never_killed.head() - before
    });
    let expected = never_killed.end();

    let mut chance = Chance::of_this_run();
    let rounds = std::env::var("LEDGE_ROUNDS").map_or(2, |rounds| rounds.parse().unwrap());
    let mut killed = 0;
    for _ in 0..rounds {
        let year = Year::of(&files);
        for (import, records) in IMPORTS.into_iter().zip(recorded) {
            // The second time from where the first was stopped, or from its end.
            for _ in 0..2 {
                let ended = year.kill_at(import, year.head() + chance.below(records));
                killed += usize::from(ended.signal() == Some(SIGKILL));
                year.assert_whole();
            }
            year.import(import);
        }
        let end = year.end();
        assert_eq!(end.events, expected.events);
        assert_same_tables(&end.tables, &expected.tables);
        assert_eq!(end.review, expected.review);
    }
    assert!(killed > 0, "every import had ended before it was killed");
}

#[test]
fn an_interrupted_import_says_so_and_the_same_command_goes_on_from_there() {
    let files = files();
    let final_results = IMPORTS[1];
    // One that ends before it hears of it says nothing: then it is tried anew.
    let interrupted = (0..20).find_map(|_| {
        let year = Year::of(&files);
        let mut import = year.start(final_results);
        year.wait_for(&mut import, 1);
        interrupt(&import);
        let mut said = String::new();
        import.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let ended = import.wait().unwrap();
        (!ended.success()).then_some((year, ended, said))
    });
    let (year, ended, said) = interrupted.unwrap();
    assert_eq!(ended.code(), Some(130), "{said}");
    assert!(said.contains("interrupted; what was acknowledged is kept"), "{said}");
    year.assert_whole();

    year.import(final_results);
    year.assert_whole();
    let never_interrupted = Year::of(&files);
    never_interrupted.import(final_results);
    assert_same_tables(&tables(year.program.folder()), &tables(never_interrupted.program.folder()));
}

/// It is recorded that the file was read; what follows from it is not.
#[test]
fn an_import_that_ended_before_its_threshold_was_recorded_is_finished_by_the_next() {
    const FINAL: &str = "2017-2018_england_ks4final.csv";
    let mut world = World::of(&Nation::generate(3, 60), "2019-01-31");
    let ended = catch_unwind(AssertUnwindSafe(|| {
        // Its last words before the threshold.
        world.import_watched(FINAL, &|what, _, _| assert_ne!(what, "reading the journal"))
    }));
    assert!(ended.is_err());
    world.close();
    let counted = world.counted_after(0);
    assert_eq!(
        (counted.get("DatasetImported"), counted.get("ThresholdComputed")),
        (Some(&1), None)
    );

    let finished = world.import(FINAL);
    assert_eq!((finished.events, finished.known_already), (1, false));
    assert!(finished.threshold.is_some());
    assert_eq!(world.counted_after(0)["ThresholdComputed"], 1);
    let again = world.import(FINAL);
    assert_eq!((again.events, again.known_already), (0, true));
}

const SIGKILL: i32 = 9;

fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Nation::with_primaries(3, 300).write_to(folder.path()).unwrap();
    folder
}

/// An office's folder, and the files it loads.
struct Year<'a> {
    program: Program,
    files: &'a tempfile::TempDir,
}

/// What a year came to.
struct End {
    events: u64,
    tables: Tables,
    review: Value,
}

impl<'a> Year<'a> {
    fn of(files: &'a tempfile::TempDir) -> Self {
        Self { program: Program::on_an_empty_folder(), files }
    }

    #[track_caller]
    fn import(&self, import: (&str, &str, &[&str])) {
        let arguments = self.arguments(import);
        self.program.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn start(&self, import: (&str, &str, &[&str])) -> Child {
        let arguments = self.arguments(import);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = self.program.command(&arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn arguments(&self, (kind, file, rest): (&str, &str, &[&str])) -> Vec<String> {
        let path = self.files.path().join(file).to_str().unwrap().to_owned();
        let begin = ["import".to_owned(), kind.to_owned(), path];
        begin.into_iter().chain(rest.iter().map(|word| (*word).to_owned())).collect()
    }

    /// Starts an import and kills it when the journal has come to `target`, unless it ended before.
    #[track_caller]
    fn kill_at(&self, import: (&str, &str, &[&str]), target: u64) -> ExitStatus {
        let mut import = self.start(import);
        self.wait_for(&mut import, target);
        import.kill().unwrap();
        import.wait().unwrap()
    }

    /// Looks again and again, without resting, until the journal has come so far or the import has ended.
    #[track_caller]
    fn wait_for(&self, import: &mut Child, target: u64) {
        while import.try_wait().unwrap().is_none() && self.head() < target {
            std::thread::yield_now();
        }
    }

    /// 0 also while there is no journal yet, or it is just being made.
    fn head(&self) -> u64 {
        let reader = Folder::at(self.program.folder()).reader();
        reader.ok().and_then(|reader| reader.head().ok()).unwrap_or(0)
    }

    /// Every event is there as it was recorded, and the read models saw them all.
    #[track_caller]
    fn assert_whole(&self) {
        if self.head() > 0 {
            let verified = self.program.json(&["verify", "--json"]);
            assert_eq!(verified["faults"], Value::Array(vec![]));
            assert_eq!(verified["read_models"], Value::Null);
        }
    }

    #[track_caller]
    fn end(&self) -> End {
        self.assert_whole();
        let events = self.head();
        let tables = tables(self.program.folder());
        let criteria = repository().join("deploy/criteria/2018-19.toml");
        self.program.run(&["criteria", "adopt", criteria.to_str().unwrap()]);
        let review = ["review", "--year=2019-20", "--preview", "--json", "--as-at", FEBRUARY];
        End { events, tables, review: self.program.json(&review) }
    }
}

/// As Ctrl-C does.
#[track_caller]
fn interrupt(child: &Child) {
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}
