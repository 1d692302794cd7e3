//! Killed at any moment: no event without its key, and no key of anybody who was forgotten.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use app::Folder;
use contacts::person::Event as Person;
use kernel::PersonId;
use projections::Event;

use super::{files, key_of};
use crate::journeys::chance::Chance;
use crate::program::Program;

#[test]
fn what_is_killed_leaves_no_event_without_its_key_and_no_key_of_the_forgotten() {
    let files = files();
    let list = files.path().join("many.csv");
    let (mut names, mut many) = ("URN,SCHNAME\n".to_owned(), "urn,role,name,email\n".to_owned());
    for number in 0..400 {
        let urn = 100_006 + number;
        names.push_str(&format!("{urn},School {number}\n"));
        many.push_str(&format!("{urn},head,Head {number},head@school-{urn}.example\n"));
        many.push_str(&format!("{urn},finance,Bursar {number},money@school-{urn}.example\n"));
    }
    let schools = files.path().join("schoolnames20180801.csv");
    std::fs::write(&schools, names).unwrap();
    std::fs::write(&list, many).unwrap();
    let program = Program::on_an_empty_folder();
    program.run(&["import", "names", schools.to_str().unwrap()]);

    let import = ["contact", "import", list.to_str().unwrap()];
    let mut chance = Chance::of_this_run();
    let rounds: usize = std::env::var("LEDGE_ROUNDS").map_or(2, |rounds| rounds.parse().unwrap());
    let mut killed = 0;
    for _ in 0..3 * rounds {
        killed += usize::from(is_killed(&program, &import, chance.below(400_000)));
        assert_sealed(&program);
    }
    program.run(&import);
    let all = assert_sealed(&program);
    assert_eq!((all.len(), all.values().filter(|forgotten| **forgotten).count()), (800, 0));
    let again = program.json(&[&import[..], &["--json"]].concat());
    assert_eq!((again["added"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(800)));

    let mut people = all.into_keys();
    for person in people.by_ref().take(6 * rounds) {
        let forget =
            ["contact", "forget", &person.to_string(), "--reason=mistake"].map(str::to_owned);
        let forget: Vec<&str> = forget.iter().map(String::as_str).collect();
        killed += usize::from(is_killed(&program, &forget, chance.below(60_000)));
        // Whoever works there next finishes it.
        program.run(&[
            "fee",
            "set",
            "--year=2019-20",
            "--pounds=1600",
            "--minute=4",
            "--on=2019-01-09",
        ]);
        assert_sealed(&program);
        program.run(&forget);
        assert!(assert_sealed(&program)[&person]);
    }
    assert!(killed > 0, "everything had ended before it was killed");
}

/// Starts it and kills it after so many microseconds, unless it ended before.
fn is_killed(program: &Program, arguments: &[&str], after: u64) -> bool {
    let mut command = program.command(arguments);
    let mut child: Child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let after = Duration::from_micros(after);
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && begun.elapsed() < after {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Everybody of whom the journal tells has a key, and whoever was forgotten has none, once an office has been opened.
/// Answers who was forgotten.
#[track_caller]
fn assert_sealed(program: &Program) -> BTreeMap<PersonId, bool> {
    let mut entries = vec![];
    let reader = Folder::at(program.folder()).reader().unwrap();
    reader.read(0, usize::MAX >> 1, &mut entries).unwrap();
    let mut people: BTreeMap<PersonId, bool> = BTreeMap::new();
    for entry in entries {
        match Event::decode(&entry.stream, &entry.payload).unwrap() {
            Some(Event::Person(person, Person::PersonForgotten { .. })) => {
                people.insert(person, true);
            }
            Some(Event::Person(person, _)) => drop(people.entry(person).or_insert(false)),
            _ => {}
        }
    }
    let keys = program.folder().join("keys/keys.sqlite");
    for (person, forgotten) in &people {
        let has_key = key_of(&keys, &person.to_string()).is_some();
        assert_eq!(has_key, !*forgotten, "{person}");
    }
    // Every seal opens.
    if !people.is_empty() {
        program.run(&["contact", "list", "--ever", "--limit=0"]);
    }
    people
}
