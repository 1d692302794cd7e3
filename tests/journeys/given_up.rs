//! A stray file of a release is begun and given up: what was read whole of the release stands, or is put together again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use app::{HalfRead, Imported, Named, no_progress};
use chrono::NaiveDate;
use kernel::{CommandId, Release, Standing};
use national_data::File;
use national_data::sample::Nation;
use schools::NationalData;
use schools::national_data::{Begun, Command, Dataset};

use crate::journeys::world::{World, kind_of};

const FINAL: &str = "2017-2018_england_ks4final.csv";

#[test]
fn a_stray_file_given_up_before_anything_of_it_was_recorded_takes_nothing_from_its_release() {
    let mut world = World::of(&Nation::generate(3, 60), "2019-01-31");
    world.import(FINAL);
    begin(&mut world, the_final());
    assert_eq!(deciding(&mut world), [], "nobody knows what it says");
    let given_up = give_up(&mut world, &named());
    assert_eq!((given_up.facts, given_up.decides), (0, Some(the_final())));
    assert_eq!(deciding(&mut world), [the_final()]);
}

#[test]
fn a_release_that_a_stray_file_took_apart_is_whole_once_its_file_is_read_again() {
    let mut world = World::of(&Nation::generate(3, 60), "2019-01-31");
    let whole = world.import(FINAL);
    let stray = stray(&world.file(FINAL));
    killed(&mut world, &stray);
    let given_up = give_up(&mut world, &named());
    assert!(given_up.facts > 0);
    assert_eq!(given_up.decides, None, "a provisional release never does (D4)");
    assert_eq!(deciding(&mut world), []);

    // Also where reading it again is killed.
    let good = world.file(FINAL);
    killed(&mut world, &good);
    assert_eq!(deciding(&mut world), []);
    let before = world.head();
    assert_healed(&mut world, &whole);
    assert_eq!(world.counted_after(before).get("DatasetImported"), Some(&1), "it is recorded");
    assert!(world.import(FINAL).known_already);

    // And as often as it happens.
    killed(&mut world, &stray);
    give_up(&mut world, &named());
    assert_healed(&mut world, &whole);
}

#[test]
fn a_file_that_was_begun_as_two_releases_is_given_up_as_the_one_that_is_named() {
    let mut world = World::of(&Nation::generate(3, 60), "2019-01-31");
    let provisional = Release { standing: Standing::Provisional, ..the_final() };
    for release in [the_final(), provisional] {
        begin(&mut world, release);
    }
    let refused = world.desk().half_read(&named()).unwrap_err().to_string();
    for told in ["--release", "2017/18 final, ", "2017/18 provisional, "] {
        assert!(refused.contains(told), "{refused}");
    }
    let of_it = Named { standing: Some(Standing::Provisional), ..named() };
    assert_eq!(give_up(&mut world, &of_it).release, Some(provisional));
    assert_eq!(world.desk().half_read(&named()).unwrap().release, Some(the_final()));
}

#[track_caller]
fn assert_healed(world: &mut World, whole: &Imported) {
    let again = world.import(FINAL);
    assert!(!again.known_already && again.rows.recorded > 0);
    assert_eq!(deciding(world), [the_final()]);
    let of = |imported: &Imported| {
        let threshold = imported.threshold.as_ref().unwrap();
        (threshold.value, threshold.population)
    };
    assert_eq!(of(&again), of(whole));
}

fn the_final() -> Release {
    "2017/18 final".parse().unwrap()
}

fn named() -> Named {
    Named { file: "stray.csv".to_owned(), ..Named::default() }
}

/// The same schools, each with the results of another.
fn stray(good: &File) -> File {
    let text = String::from_utf8(good.bytes().to_vec()).unwrap();
    let mut rows: Vec<Vec<&str>> = text.lines().map(|row| row.split(',').collect()).collect();
    let scores: Vec<usize> =
        (0..rows[0].len()).filter(|at| rows[0][*at].starts_with("P8")).collect();
    assert!(!scores.is_empty(), "{:?}", rows[0]);
    for at in (1..rows.len() - 1).step_by(2) {
        for score in &scores {
            let this = rows[at][*score];
            rows[at][*score] = rows[at + 1][*score];
            rows[at + 1][*score] = this;
        }
    }
    let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
    File::from_bytes("stray.csv", text)
}

/// The import of a file ends once its rows are recorded, and before it is.
#[track_caller]
fn killed(world: &mut World, file: &File) {
    let ended = catch_unwind(AssertUnwindSafe(|| {
        world.at_office(async |office| {
            let watched = |what: &str, done, total| {
                assert!(what != "recording" || done < total, "killed");
            };
            office.import(file, kind_of(FINAL), None, &watched).await.unwrap();
        });
    }));
    assert!(ended.is_err());
    world.close();
}

fn begin(world: &mut World, release: Release) {
    let begun = Begun {
        dataset: Dataset::Ks4,
        release: Some(release),
        file: "stray.csv".to_owned(),
        sha256: "e".repeat(64),
        public_from: None,
    };
    let stream = format!("ks4-2017-18-{}", release.standing);
    world.at_office(async |office| {
        let asked = office.asked(CommandId::mint());
        let begin = Command::BeginImport(begun);
        office.ask::<NationalData>(&stream, begin, asked).await.unwrap();
        office.settle(&no_progress).await.unwrap();
    });
}

fn give_up(world: &mut World, named: &Named) -> HalfRead {
    world.at_office(async |office| {
        office.give_up_import(named, "another table".to_owned(), &no_progress).await.unwrap()
    })
}

fn deciding(world: &mut World) -> Vec<Release> {
    let evidence = world.desk().read_store().evidence(NaiveDate::MAX, None).unwrap();
    evidence.deciding_releases()
}
