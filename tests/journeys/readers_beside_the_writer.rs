//! Any number of processes read while one writes, and a second that would write is refused.

use std::process::Stdio;

use app::{Office, no_progress};
use national_data::sample::Nation;
use serde_json::Value;

use crate::program::{Program, said};

#[test]
fn readers_answer_while_an_import_runs() {
    let nation = Nation::with_primaries(3, 500);
    let files = tempfile::tempdir().unwrap();
    nation.write_to(files.path()).unwrap();
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let program = Program::on_an_empty_folder();
    let table = path("2017-2018_england_ks4final.csv");
    program.run(&["import", "ks4", &table, "--year", "2017/18", "--release", "final"]);
    let urn =
        nation.truth().tables.values().next_back().unwrap().keys().next().unwrap().to_string();

    let mut beside = 0;
    for (kind, name) in
        [("register", "edubasealldata20190131.csv"), ("ofsted", "ofsted_ratings.csv")]
    {
        let mut import = program
            .command(&["import", kind, &path(name), "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut seen = 0;
        while import.try_wait().unwrap().is_none() {
            let schools = program.json(&["schools", "--limit", "5", "--json"]);
            assert_eq!(schools["schools"].as_array().unwrap().len(), 5);
            assert!(!program.json(&["history", &urn, "--json"]).as_array().unwrap().is_empty());
            program.run(&["events", "--limit", "50"]);
            let counted = program.json(&["sql", "SELECT count(*) AS n FROM timeline", "--json"]);
            let now = counted[0]["n"].as_u64().unwrap();
            assert!(now >= seen, "{now} after {seen}");
            seen = now;
            beside += usize::from(import.try_wait().unwrap().is_none());
        }
        let ended = import.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", said(&ended));
    }
    assert!(beside > 0, "no reader answered before the imports had ended");
    assert_eq!(program.json(&["verify", "--json"])["read_models"], Value::Null);
}

#[test]
fn a_second_writer_is_refused_and_told_who_holds_the_journal() {
    let nation = Nation::generate(3, 60);
    let files = tempfile::tempdir().unwrap();
    nation.write_to(files.path()).unwrap();
    let inspections = files.path().join("ofsted_ratings.csv");
    let inspections = inspections.to_str().unwrap();
    let program = Program::on_an_empty_folder();
    let office =
        Office::open(program.folder(), app::clock::wall(), "office", &no_progress).unwrap();

    let refused = program.command(&["import", "ofsted", inspections]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let told = String::from_utf8(refused.stderr).unwrap();
    let holder = format!("is being written already, by process {} since ", std::process::id());
    assert!(told.contains(&holder), "{told}");
    assert!(told.contains("a journal has one writer: stop that one first"), "{told}");

    tokio::runtime::Runtime::new().unwrap().block_on(office.close()).unwrap();
    program.run(&["import", "ofsted", inspections]);
}
