//! What the command line promises: exit codes, JSON for programs, help for people.

use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use app::Folder;
use serde_json::Value;

use crate::journeys::on_record::a_nation_on_record;
use crate::program::{Program, repository, said};

const DONE: i32 = 0;
const WRONG_USE: i32 = 2;
const REFUSED: i32 = 3;
const FAULTY: i32 = 4;

/// Longer than anything here takes; only a defect waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

const YEAR: &str = "--year=2019-20";
const AS_AT: &str = "--as-at=2019-02-28";

#[test]
fn every_command_has_help_with_words_in_it() {
    let program = Program::on_an_empty_folder();
    let mut asked = vec![];
    let mut to_ask: Vec<Vec<String>> = vec![vec![]];
    while let Some(command) = to_ask.pop() {
        let words: Vec<&str> =
            command.iter().map(String::as_str).chain(std::iter::once("--help")).collect();
        let help = program.run(&words);
        let usage = format!(
            "Usage: {}",
            ["ledge"]
                .into_iter()
                .chain(words[..words.len() - 1].iter().copied())
                .collect::<Vec<_>>()
                .join(" ")
        );
        assert!(help.contains(&usage), "{usage}\n{help}");
        let about = help.lines().next().unwrap();
        assert!(about.len() > 10, "{words:?}: {about}");
        for inner in subcommands(&help) {
            to_ask.push(command.iter().cloned().chain([inner]).collect());
        }
        asked.push(command.join(" "));
    }
    for expected in ["import ks4", "criteria amend", "review", "explain", "verify", "demo"] {
        assert!(asked.iter().any(|command| command == expected), "{expected} not among {asked:?}");
    }
}

#[test]
fn completion_is_printed_for_every_shell() {
    let program = Program::on_an_empty_folder();
    for (shell, has) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef ledge"),
        ("fish", "complete -c ledge"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let script = program.run(&["completion", shell]);
        assert!(script.contains(has) && script.contains("import"), "{shell}");
    }
}

#[test]
fn every_command_answers_programs_with_json() {
    let program = a_nation_on_record(60);
    let files: Vec<String> = std::fs::read_dir(program.folder().join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    let file = |part: &str| files.iter().find(|path| path.contains(part)).unwrap().as_str();
    let urn = a_school(&program);
    let criteria = repository().join("deploy/criteria/2018-19.toml");
    let criteria = criteria.to_str().unwrap();
    let amended = program.folder().join("amended.toml");
    let later = std::fs::read_to_string(criteria).unwrap().replace("2017-11-01", "2018-01-15");
    std::fs::write(&amended, later.replace("dips = 1", "dips = 2")).unwrap();
    let corrected = program.folder().join("corrected.toml");
    std::fs::write(&corrected, later.replace("dips = 1", "dips = 0")).unwrap();
    let out = program.folder().join("february.sqlite");
    let exported = program.folder().join("schools.csv");
    let correction = r#"{"RecordCover":{"from":"2019-04-01","until":null,"via_trust":null,"source":{"file":"letter","sha256":"0","line":1}}}"#;
    let ks4 = ["--year=2017/18", "--release=final"];
    let commands: &[&[&str]] = &[
        &["import", "ks4", file("2017-2018_england_ks4final"), ks4[0], ks4[1]],
        &["import", "ks4", file("2017-2018_england_ks4final"), ks4[0], ks4[1], "--check"],
        &["import", "ofsted", file("ofsted")],
        &["import", "register", file("/edubase")],
        &["import", "links", file("/links")],
        &["import", "cover", file("ssat-cover")],
        &["criteria", "adopt", criteria],
        &["criteria", "amend", amended.to_str().unwrap(), "--reason", "a test of it"],
        &["criteria", "correct", corrected.to_str().unwrap(), "--reason", "a test of it"],
        &["criteria", "show"],
        &["criteria", "show", YEAR],
        &["review", YEAR, AS_AT],
        &["review", YEAR, AS_AT, "--preview"],
        &["review", YEAR, AS_AT, "--against", "results=2016/17"],
        &["invite", YEAR],
        &["invite", YEAR, "--preview"],
        &["schools", "--grade=2", "--sort=progress8"],
        &["ask", "schools.school", &urn, correction],
        &["history", &urn],
        &["sql", "SELECT urn, name FROM schools"],
        &["sql", "SELECT count(*) AS events FROM journal.events", "--journal"],
        &["replay", "--out", out.to_str().unwrap(), "--as-at=2018-12-31"],
        &["sql", "SELECT urn, name FROM schools", "--from", out.to_str().unwrap()],
        &["what-if", YEAR, "--percentile=80"],
        &["export", "schools", "--out", exported.to_str().unwrap()],
        &["rebuild"],
        &["verify"],
    ];
    for command in commands {
        let mut command = command.to_vec();
        command.push("--json");
        let answer = program.json(&command);
        assert!(answer.is_object() || answer.is_array(), "{command:?}");
    }
    let reviewed = program.json(&["review", YEAR, AS_AT, "--preview", "--json"]);
    let reviewed = reviewed["schools"][0]["urn"].as_str().unwrap();
    let explained = program.json(&["explain", reviewed, YEAR, AS_AT, "--json"]);
    assert_eq!(explained["school"]["urn"], reviewed);
    // Events are one document a line.
    let events = program.run(&["events", "--json", "--limit=20"]);
    let positions: Vec<u64> = events
        .lines()
        .map(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            assert_eq!(event["specversion"], "1.0");
            event["position"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(positions, (1..=20).collect::<Vec<u64>>());
}

#[test]
fn exit_codes_tell_how_it_ended() {
    let program = Program::on_an_empty_folder();
    assert_ends(&program, &["review", "--year", "2019"], WRONG_USE);
    assert_ends(&program, &["improt"], WRONG_USE);
    assert_ends(&program, &["schools", "--grade", "5"], WRONG_USE);
    // No journal, no criteria, no school.
    assert_ends(&program, &["schools"], REFUSED);
    assert_ends(&program, &["import", "ofsted", "not-there.csv"], REFUSED);
    let program = a_nation_on_record(60);
    assert_ends(&program, &["history", "999999"], REFUSED);
    assert_ends(&program, &["criteria", "show", "--year", "2001-02"], REFUSED);
    assert_ends(&program, &["sql", "DELETE FROM schools"], REFUSED);
    assert_ends(&program, &["ask", "schools.school", "100003", "{\"Nonsense\":1}"], REFUSED);
    assert_ends(&program, &["ask", "schools.nobody", "100003", "{}"], REFUSED);
    assert_ends(&program, &["ask", "schools.school", "12", "{}"], REFUSED);
    let to_come = r#"{"Withdraw":{"reason":null,"on":"2999-04-01"}}"#;
    let early =
        program.command(&["ask", "membership.membership", "100003", to_come]).output().unwrap();
    assert!(said(&early).contains("1 Apr 2999 has not come yet"), "{}", said(&early));
    assert_ends(&program, &["criteria", "adopt", "not-there.toml"], REFUSED);
    assert_ends(&program, &["review", YEAR, AS_AT, "--against", "not-there.json"], REFUSED);
    assert_ends(&program, &["demo", "--schools", "61"], REFUSED);
    assert_ends(&program, &["events", "--type", "Nonsense"], WRONG_USE);
    assert_ends(&program, &["verify"], DONE);
}

#[test]
fn a_file_with_faults_is_refused_whole_with_every_fault_as_json_on_standard_error() {
    let program = Program::on_an_empty_folder();
    let file = program.folder().join("ratings.csv");
    std::fs::write(
        &file,
        "URN,Rating,Inspection Date\n100003,Good,20180101\n100004,Splendid,20180101\n10,Good,soon\n",
    )
    .unwrap();
    let refused =
        assert_ends(&program, &["import", "ofsted", file.to_str().unwrap(), "--json"], REFUSED);
    assert_eq!(refused.stdout, b"");
    let told: Value = serde_json::from_slice(&refused.stderr).unwrap();
    let error = &told["error"];
    assert_eq!(error["kind"], "refused");
    assert!(text(&error["message"]).contains("ratings.csv"));
    let faults = error["faults"].as_array().unwrap();
    let places: Vec<(u64, &str, &str)> = faults
        .iter()
        .map(|fault| {
            (fault["line"].as_u64().unwrap(), text(&fault["column"]), text(&fault["value"]))
        })
        .collect();
    assert_eq!(
        places,
        [(3, "Rating", "Splendid"), (4, "URN", "10"), (4, "Inspection Date", "soon")]
    );
    assert_eq!(head(&program), 0, "nothing of it was taken");

    let told = assert_ends(&program, &["import", "ofsted", file.to_str().unwrap()], REFUSED);
    let told = String::from_utf8(told.stderr).unwrap();
    for word in ["ratings.csv", "line 3", "Rating", "Splendid", "line 4"] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn wrong_use_and_what_is_not_there_are_told_to_programs_in_the_same_shape() {
    let program = Program::on_an_empty_folder();
    for (arguments, code, kind) in [
        (["review", "--year", "2019", "--json"], WRONG_USE, "usage"),
        (["events", "--type", "Nonsense", "--json"], WRONG_USE, "usage"),
        (["import", "ofsted", "not-there.csv", "--json"], REFUSED, "refused"),
    ] {
        let told = assert_ends(&program, &arguments, code);
        let told: Value = serde_json::from_slice(&told.stderr).unwrap();
        let error = &told["error"];
        assert_eq!((text(&error["kind"]), &error["more"]), (kind, &Value::from(0)));
        assert_eq!(error["faults"], Value::Array(vec![]));
        let message = text(&error["message"]);
        assert!(message.contains(arguments[2]) && !message.contains('\n'), "{message}");
    }
}

#[test]
fn what_differs_is_told_apart_from_what_moved_and_a_what_if_by_its_file() {
    let program = a_nation_on_record(60);
    let against = ["review", YEAR, AS_AT, "--against", "results=2016/17"];
    let difference = program.json(&[&against[..], &["--json"]].concat());
    let schools = difference["schools"].as_array().unwrap();
    let of = |kind: &str| schools.iter().filter(|school| school["differs"] == kind).count();
    let (answers, figures) = (of("answers"), of("figures"));
    assert!(answers > 1 && figures > 1, "{answers} {figures}");
    assert_eq!(difference["answers_differ"], answers);
    assert_eq!(difference["figures_moved"], figures);

    let listed = |more: &[&str]| {
        let told = program.run(&[&against[..], more].concat());
        told.lines().filter(|line| line.starts_with("1")).count()
    };
    assert_eq!(listed(&[]), answers);
    assert_eq!(listed(&["--show=1"]), 2);
    assert_eq!(listed(&["--show=0"]), 0);

    let stricter = program.folder().join("p90.toml");
    let adopted = std::fs::read_to_string(repository().join("deploy/criteria/2018-19.toml"));
    let changed = adopted.unwrap().replace("percentile = 75", "percentile = 90");
    std::fs::write(&stricter, changed).unwrap();
    let what_if = ["--criteria", stricter.to_str().unwrap(), "--against", "criteria=recorded"];
    let told = program.run(&[&["review", YEAR, AS_AT][..], &what_if].concat());
    let runs: Vec<&str> = told.lines().take(2).collect();
    assert!(runs[0].ends_with("what if: p90.toml"), "{told}");
    assert!(runs[1].contains("criteria of 2018-19"), "{told}");
}

#[test]
fn read_models_that_say_something_else_than_the_journal_are_told_and_put_right() {
    let program = a_nation_on_record(60);
    assert_ends(&program, &["rebuild"], DONE);
    let urn = a_school(&program);
    let read_models = rusqlite::Connection::open(Folder::at(program.folder()).read_models).unwrap();
    read_models.execute("UPDATE schools SET town = 'Nowhere' WHERE urn = ?1", [&urn]).unwrap();
    drop(read_models);

    let told = assert_ends(&program, &["rebuild", "--json"], FAULTY);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let differences: Vec<&str> = told["differences"].as_array().unwrap().iter().map(text).collect();
    let [sentence] = differences[..] else { panic!("{differences:?}") };
    let expected = format!("schools, urn {urn}: town was `Nowhere` and is `");
    assert!(sentence.starts_with(&expected), "{sentence}");
    assert_ends(&program, &["rebuild"], DONE);
}

#[test]
fn what_follows_the_events_sees_what_another_process_records() {
    let program = a_nation_on_record(60);
    let urn = a_school(&program);
    let after = head(&program).to_string();
    let mut follower = program
        .command(&["events", "--follow", "--json", "--after", &after, "--limit=2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let (sender, seen) = mpsc::channel();
    let reading = thread::spawn(move || {
        for line in lines {
            let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
            sender.send(event).unwrap();
        }
    });
    for day in ["2019-04-01", "2019-05-01"] {
        let cover = format!(
            r#"{{"RecordCover":{{"from":"{day}","until":null,"via_trust":null,"source":{{"file":"letter","sha256":"0","line":1}}}}}}"#
        );
        let done = program.json(&["ask", "schools.school", &urn, &cover, "--json"]);
        let event = seen.recv_timeout(PATIENCE).unwrap();
        assert_eq!(event["position"], done["position"]);
        assert_eq!(event["type"], "schools.SsatCoverRecorded");
        assert_eq!(event["data"]["SsatCoverRecorded"]["from"], day);
    }
    reading.join().unwrap();
    assert!(follower.wait().unwrap().success());
}

#[test]
fn verify_and_rebuild_name_the_position_of_a_flipped_byte() {
    let program = a_nation_on_record(60);
    let urn = a_school(&program);
    let trust = "Trust of the flipped byte";
    let cover = format!(
        r#"{{"RecordCover":{{"from":"2019-04-01","until":null,"via_trust":"{trust}","source":{{"file":"letter","sha256":"0","line":1}}}}}}"#
    );
    let done = program.json(&["ask", "schools.school", &urn, &cover, "--json"]);
    assert_ends(&program, &["verify"], DONE);

    let journal = Folder::at(program.folder()).journal;
    let mut bytes = std::fs::read(&journal).unwrap();
    let place = bytes.windows(trust.len()).position(|part| part == trust.as_bytes()).unwrap();
    bytes[place] ^= 1;
    std::fs::write(&journal, bytes).unwrap();

    let faulty = assert_ends(&program, &["verify", "--json"], FAULTY);
    let told: Value = serde_json::from_slice(&faulty.stdout).unwrap();
    let position = format!("event {} does not match its hash", done["position"]);
    let faults: Vec<&str> = told["faults"].as_array().unwrap().iter().map(text).collect();
    assert!(faults.iter().any(|fault| fault.contains(&position)), "{position}: {faults:?}");
    let shown = assert_ends(&program, &["verify"], FAULTY);
    assert!(String::from_utf8(shown.stdout).unwrap().contains(&position));

    let current = std::fs::canonicalize(Folder::at(program.folder()).read_models).unwrap();
    let shown = assert_ends(&program, &["rebuild"], FAULTY);
    assert!(String::from_utf8(shown.stdout).unwrap().contains(&position));
    let after = std::fs::canonicalize(Folder::at(program.folder()).read_models).unwrap();
    assert_eq!(after, current, "nothing takes its place");
}

#[track_caller]
fn assert_ends(program: &Program, arguments: &[&str], code: i32) -> Output {
    let output = program.command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}", said(&output));
    if code == REFUSED || code == WRONG_USE {
        assert!(!output.stderr.is_empty(), "{arguments:?} says nothing of why");
    }
    output
}

/// The names under `Commands:`.
fn subcommands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The URN of one of the schools on record.
#[track_caller]
fn a_school(program: &Program) -> String {
    text(&program.json(&["schools", "--limit=1", "--json"])["schools"][0]["urn"]).to_owned()
}

/// The journal's last position; 0 where there is none.
fn head(program: &Program) -> u64 {
    let folder = Folder::at(program.folder());
    if folder.journal.exists() { folder.reader().unwrap().head().unwrap() } else { 0 }
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
