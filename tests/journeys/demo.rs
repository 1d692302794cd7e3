//! The demonstration: played once, in parts, and again.

use crate::journeys::tables::{assert_same_tables, tables};
use crate::program::{Program, said};

const SMALL: [&str; 4] = ["demo", "--schools=60", "--seed=7", "--json"];

#[test]
fn a_demo_that_stops_on_the_way_goes_on_to_the_same_and_then_changes_nothing() {
    let at_once = Program::on_an_empty_folder();
    let whole = play(&at_once, "--until=2018-07-20");
    assert_eq!((&whole["until"], whole["days"].as_u64()), (&"2018-07-20".into(), Some(170)));
    assert!(whole["members"].as_u64() > Some(0));

    let in_parts = Program::on_an_empty_folder();
    play(&in_parts, "--until=2018-03-05");
    let rest = play(&in_parts, "--until=2018-07-20");
    assert_eq!(rest["events"], whole["events"]);
    assert_eq!(rest["files"].as_array().unwrap().len(), whole["files"].as_array().unwrap().len());
    assert_same_tables(&tables(in_parts.folder()), &tables(at_once.folder()));

    let again = play(&in_parts, "--until=2018-07-20");
    assert_eq!((&again["events"], &again["days"]), (&whole["events"], &1.into()));
}

#[test]
fn what_the_demo_says_to_look_at_can_be_looked_at() {
    let program = Program::on_an_empty_folder();
    let told = program.run(&["demo", "--schools=200", "--until=2019-03-20"]);
    let data = format!("ledge --data {} ", program.folder().display());
    let looks: Vec<Vec<&str>> =
        told.lines().filter_map(|line| Some(words(line.trim().strip_prefix(&data)?))).collect();
    assert!(looks.len() >= 5, "{told}");
    for look in looks {
        assert!(!program.run(&look).is_empty(), "{look:?}");
    }
}

#[test]
fn a_demo_cannot_end_before_it_begins() {
    let program = Program::on_an_empty_folder();
    let output = program.command(&["demo", "--until=2018-01-31"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("2018-02-01"), "{}", said(&output));
}

#[track_caller]
fn play(program: &Program, until: &str) -> serde_json::Value {
    program.json(&[&SMALL[..], &[until]].concat())
}

/// As a shell would take them apart: what is in quotes is one.
fn words(line: &str) -> Vec<&str> {
    let mut words = vec![];
    for (place, part) in line.split('"').enumerate() {
        if place % 2 == 1 {
            words.push(part);
        } else {
            words.extend(part.split_whitespace());
        }
    }
    words
}
