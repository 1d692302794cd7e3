//! What analysts ask, through the command line: history replayed, queried, exported, and what if (R42).

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::journeys::on_record::a_nation_on_record;
use crate::program::{Program, said};

const REFUSED: i32 = 3;
const INTERRUPTED: i32 = 130;

#[test]
fn a_replay_shows_what_was_known_then_and_is_queried_like_the_live_ones() {
    let program = a_nation_on_record(60);
    let out = path(&program, "then.sqlite");
    let told = program.json(&["replay", "--as-at=2018-03-01", "--out", &out, "--json"]);
    assert_eq!((&told["as_at"], &told["file"]), (&"2018-03-01".into(), &Value::from(&*out)));
    assert!(told["shown"].as_u64().unwrap() < told["events"].as_u64().unwrap());

    let count = |from: &[&str]| {
        let query = ["sql", "SELECT count(*) AS n FROM results WHERE year = '2017/18'", "--json"];
        program.json(&[&query[..], from].concat())[0]["n"].as_u64().unwrap()
    };
    assert_eq!(count(&["--from", &out]), 0, "not public by then");
    assert!(count(&[]) > 0);
    let events = "SELECT (SELECT max(position) FROM journal.events) - position AS n FROM seen";
    let beside = program.json(&["sql", events, "--from", &out, "--journal", "--json"]);
    assert_eq!(beside[0]["n"], 0, "the journal is there beside it");
    refused(&program, &["sql", "SELECT 1", "--from", "not-there.sqlite"]);
    let notes = path(&program, "notes.txt");
    fs::write(&notes, "not read models").unwrap();
    refused(&program, &["sql", "SELECT 1", "--from", &notes]);
}

#[test]
fn a_replay_replaces_nothing_that_is_not_one_unless_it_is_asked_to_and_the_offices_files_never() {
    let program = a_nation_on_record(60);
    let elsewhere = tempfile::tempdir().unwrap();
    let notes = elsewhere.path().join("notes.txt");
    let notes = notes.to_str().unwrap();
    fs::write(notes, "do not lose").unwrap();
    refused(&program, &["replay", "--out", notes]);
    assert_eq!(fs::read_to_string(notes).unwrap(), "do not lose");
    program.run(&["replay", "--out", notes, "--force"]);
    // From then on it is one, and another replay takes its place.
    program.run(&["replay", "--out", notes, "--as-at=2018-03-01"]);

    for file in ["journal.sqlite", "journal.lock", "read-models.sqlite"] {
        refused(&program, &["replay", "--out", &path(&program, file), "--force"]);
    }
    program.run(&["verify"]);
}

#[test]
fn a_query_without_end_ends_when_the_person_does() {
    let program = a_nation_on_record(60);
    // It takes minutes, so as good as without end; and it ends by itself where whoever runs the tests ends them before.
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) \
                   SELECT count(*) FROM n";
    // One that is asked before it listens is ended by the system.
    let ended = (0..20).find_map(|_| {
        let mut query = program.command(&["sql", endless]).stderr(Stdio::piped()).spawn().unwrap();
        while !is_querying(query.id()) {
            std::thread::yield_now();
        }
        let kill = format!("kill -INT {}", query.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let mut told = String::new();
        query.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        query.wait().unwrap().code().map(|code| (code, told))
    });
    let (code, told) = ended.unwrap();
    assert_eq!(code, INTERRUPTED, "{told}");
}

/// Whether the process has opened its read models.
fn is_querying(process: u32) -> bool {
    let Ok(open) = fs::read_dir(format!("/proc/{process}/fd")) else { return true };
    open.filter_map(Result::ok)
        .filter_map(|file| fs::read_link(file.path()).ok())
        .any(|file| file.to_string_lossy().contains("read-models"))
}

fn path(program: &Program, name: &str) -> String {
    in_folder(program.folder(), name)
}

fn in_folder(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

#[track_caller]
fn refused(program: &Program, arguments: &[&str]) -> String {
    let output = program.command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(REFUSED), "{arguments:?}\n{}", said(&output));
    String::from_utf8(output.stderr).unwrap()
}
