//! `docs/events`: what it says is so, others can read it, and nobody who rests on it is let down.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use projections::PUBLISHED;
use serde_json::Value;

use crate::program::{Program, executable, repository, said};

#[test]
fn the_catalogue_in_the_repository_is_what_the_events_are() {
    let ledge = Program::on_an_empty_folder();
    let folder = catalogue();
    let checked = ledge.json(&["events", "catalogue", "--check", text(&folder), "--json"]);
    assert_eq!(
        checked["difference"], "none",
        "ledge events catalogue --out docs/events\n{checked}"
    );
    // Nor is there a file of an event that is no more.
    let there: BTreeSet<String> = files(&folder).into_iter().collect();
    let again = tempfile::tempdir().unwrap();
    ledge.run(&["events", "catalogue", "--out", text(again.path())]);
    assert_eq!(there, files(again.path()).into_iter().collect());
}

#[test]
fn every_context_with_events_is_in_the_catalogue() {
    let mut shapes = vec![];
    for context in std::fs::read_dir(repository().join("crates")).unwrap() {
        let context = context.unwrap();
        let Ok(aggregates) = std::fs::read_dir(context.path().join("events")) else { continue };
        for path in aggregates.map(|entry| entry.unwrap().path()) {
            let aggregate = path.file_stem().unwrap().to_string_lossy().into_owned();
            let name = format!("{}.{aggregate}", context.file_name().to_string_lossy());
            shapes.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    shapes.sort();
    let mut published: Vec<(String, String)> =
        PUBLISHED.iter().map(|it| (it.aggregate.to_owned(), it.shapes.to_owned())).collect();
    published.sort();
    assert!(shapes.len() > 5, "{shapes:?}");
    assert_eq!(published, shapes, "`projections::PUBLISHED` names every `crates/*/events/*.jsonl`");
}

#[test]
fn the_official_parser_and_every_shape_ever_written_agree_with_the_catalogue() {
    let (output, told) = parsed(&catalogue());
    assert!(output.status.success(), "{}", said(&output));
    let shapes: usize = PUBLISHED.iter().map(|it| it.shapes.lines().count()).sum();
    assert_eq!(told["examples"], shapes);
    assert!(told["messages"].as_u64().unwrap() > 80, "{told}");
}

#[test]
fn a_parser_sees_what_is_wrong() {
    let copy = copied();
    change(&copy.path().join("schools/OfstedDowngraded.json"), |schema| {
        schema["examples"][0]["OfstedDowngraded"]["to"] = "worse".into();
    });
    change(&copy.path().join("asyncapi.json"), |document| {
        document["operations"]["receive.letters"]["action"] = "sing".into();
    });
    let (output, told) = parsed(copy.path());
    assert!(!output.status.success());
    assert!(told["faults"].as_u64() == Some(2), "{told}");
    let faults = String::from_utf8_lossy(&output.stderr).into_owned();
    for place in
        ["schools/OfstedDowngraded.json", "asyncapi.json: operations.receive.letters.action"]
    {
        assert!(faults.contains(place), "{faults}");
    }
}

#[test]
fn a_change_that_its_readers_could_not_bear_is_refused_with_what_would_be_right() {
    let copy = copied();
    // As if the program of the day before had written another field, and an event that is no more.
    let downgraded = copy.path().join("schools/OfstedDowngraded.json");
    change(&downgraded, |schema| {
        let event = &mut schema["properties"]["OfstedDowngraded"];
        event["properties"]["inspector"] = serde_json::json!({ "type": "string" });
    });
    std::fs::copy(&downgraded, copy.path().join("schools/SchoolMoved.json")).unwrap();
    let before = std::fs::read_to_string(&downgraded).unwrap();
    let ledge = Program::on_an_empty_folder();
    let folder = text(copy.path());

    let checked = ledge.command(&["events", "catalogue", "--check", folder]).output().unwrap();
    assert_eq!(checked.status.code(), Some(4), "{}", said(&checked));
    let written = ledge.command(&["events", "catalogue", "--out", folder]).output().unwrap();
    assert_eq!(written.status.code(), Some(3), "{}", said(&written));
    for output in [checked, written] {
        let told = said(&output);
        for part in [
            "schools/OfstedDowngraded.json: `OfstedDowngraded.inspector` is gone",
            "schools/SchoolMoved.json: the event is gone",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }
    assert_eq!(std::fs::read_to_string(&downgraded).unwrap(), before, "nothing is written");
}

#[test]
fn an_event_that_learned_something_is_only_written_again() {
    let copy = copied();
    // As if the day had come later: an optional field, which yesterday's catalogue does not have.
    change(&copy.path().join("letters/LetterSent.json"), |schema| {
        let fields = schema["properties"]["LetterSent"]["properties"].as_object_mut().unwrap();
        assert!(fields.remove("reply").is_some());
    });
    let ledge = Program::on_an_empty_folder();
    let folder = text(copy.path());
    let checked =
        ledge.command(&["events", "catalogue", "--check", folder, "--json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!((checked.status.code(), &told["difference"]), (Some(4), &"stale".into()), "{told}");
    assert_eq!(told["what"], serde_json::json!(["letters/LetterSent.json"]));
    let written = ledge.json(&["events", "catalogue", "--out", folder, "--json"]);
    assert_eq!(written["written"], serde_json::json!(["letters/LetterSent.json"]));
    ledge.run(&["events", "catalogue", "--check", folder]);
}

fn catalogue() -> PathBuf {
    repository().join("docs/events")
}

/// The catalogue of the repository, to be changed.
fn copied() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in files(&catalogue()) {
        let to = copy.path().join(&file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(catalogue().join(&file), to).unwrap();
    }
    copy
}

/// The files in a folder and in those in it, by their path there.
fn files(folder: &Path) -> Vec<String> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|file| format!("{name}/{file}")));
        } else {
            found.push(name);
        }
    }
    found
}

fn change(path: &Path, by: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    by(&mut value);
    std::fs::write(path, value.to_string()).unwrap();
}

/// What parsers that others wrote say of a catalogue: how they ended, and the numbers they printed.
fn parsed(folder: &Path) -> (Output, Value) {
    let target = executable().parent().and_then(Path::parent).unwrap().to_owned();
    let tools = target.join("tools/asyncapi");
    assert!(
        tools.join("node").is_file(),
        "{} is not there: the catalogue is held against the official parser.  `tests/run tools` installs it.",
        tools.display()
    );
    let output = Command::new(tools.join("node"))
        .arg(repository().join("tests/events/check.cjs"))
        .arg(folder)
        .env("NODE_PATH", tools.join("node_modules"))
        .output()
        .unwrap();
    let told =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    (output, told)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
