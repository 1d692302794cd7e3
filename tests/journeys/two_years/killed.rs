//! Two years in a process that is killed again and again, and started again, come to the same (R39).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use app::{Folder, Office, no_progress};
use journal::Entry;
use rehearsal::{Hand, Story};
use serde_json::Value;

use crate::journeys::chance::Chance;
use crate::journeys::tables::{Tables, assert_same_tables, tables};

/// Names the folder in which [`a_life_in_a_process_of_its_own`] goes on.
const FOLDER: &str = "LEDGE_TEST_TWO_YEARS";
const SCHOOLS: usize = 400;
const MEMBERS: usize = 60;
/// How often a life of two years is killed, about.
const KILLS: u64 = 24;

#[test]
fn two_years_that_are_killed_at_any_moment_end_as_if_they_never_were() {
    let never_killed = tempfile::tempdir().unwrap();
    go_on(never_killed.path());
    let expected = streams(never_killed.path());
    let all = head(never_killed.path());

    let mut chance = Chance::of_this_run();
    let rounds = std::env::var("LEDGE_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    for _ in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let mut killed = 0;
        loop {
            let mut life = start(folder.path());
            wait_for(
                &mut life,
                folder.path(),
                head(folder.path()) + 1 + chance.below(2 * all / KILLS),
            );
            if let Some(ended) = life.try_wait().unwrap() {
                assert!(ended.success(), "{ended}");
                break;
            }
            life.kill().unwrap();
            life.wait().unwrap();
            killed += 1;
        }
        eprintln!("killed {killed} times");
        assert!(killed > KILLS / 3, "it was killed {killed} times only");
        assert_same_streams(&streams(folder.path()), &expected);
        assert_same_tables(&sheets(folder.path()), &sheets(never_killed.path()));
    }
}

/// No test of its own: what the other process does.  Nothing, where no folder is named.
#[test]
fn a_life_in_a_process_of_its_own() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        go_on(Path::new(&folder));
    }
}

/// Lives from the day it is at to the end of the story.
fn go_on(folder: &Path) {
    let story = Story::of(7, SCHOOLS, MEMBERS, folder.join("papers"));
    let hand = Hand::at(Story::first_day());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut office = Office::open(folder, hand.clock(), "office", &no_progress).unwrap();
    let from = story.day_of(&office).unwrap();
    for day in story.days().filter(|day| day.on >= from) {
        runtime.block_on(story.play(&mut office, &hand, &day, &no_progress)).unwrap();
    }
    runtime.block_on(office.close()).unwrap();
}

fn start(folder: &Path) -> Child {
    let name = module_path!().split_once("::").unwrap().1;
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{name}::a_life_in_a_process_of_its_own")])
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// Looks again and again, without resting, until the journal has come so far or the life has ended.
fn wait_for(life: &mut Child, folder: &Path, target: u64) {
    while life.try_wait().unwrap().is_none() && head(folder) < target {
        std::thread::yield_now();
    }
}

/// 0 also while there is no journal yet, or it is just being made.
fn head(folder: &Path) -> u64 {
    let reader = Folder::at(folder).reader();
    reader.ok().and_then(|reader| reader.head().ok()).unwrap_or(0)
}

/// What happened in each stream, in order, but for what says where and when it stands in its own journal.
fn streams(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut entries: Vec<Entry> = vec![];
    Folder::at(folder).reader().unwrap().read(0, usize::MAX >> 1, &mut entries).unwrap();
    let mut streams: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut people: BTreeMap<String, String> = BTreeMap::new();
    for mut entry in entries {
        let mut payload: Value = serde_json::from_str(&entry.payload).unwrap();
        if entry.stream.starts_with("routine.parked.") {
            forget_occasion(&mut payload);
        }
        if entry.stream.starts_with("contacts.person.") {
            forget_chance(&mut payload);
            let first = people.entry(entry.stream.clone()).or_insert_with(|| payload.to_string());
            entry.stream = format!("contacts.person.{first}");
        }
        if let Some(attention) = payload.pointer_mut("/InvoiceRaised/attention") {
            // An id by chance: who it is, is how they came.
            let person = format!("contacts.person.{}", attention.as_str().unwrap());
            *attention = Value::String(people[&person].clone());
        }
        let told =
            format!("{} on {} by {}: {payload}", entry.event_type, entry.effective_on, entry.actor);
        streams.entry(stream_of(entry.stream, &payload)).or_default().push(told);
    }
    streams
}

/// Who somebody is is sealed by chance; a person is told by the role that they took first.
fn forget_chance(payload: &mut Value) {
    for told in payload.as_object_mut().unwrap().values_mut() {
        told.as_object_mut().unwrap().remove("details");
    }
}

/// Of a ledger that schools share, each invoice by itself: what a kill left of a day is done together, and what happened to
/// different schools on a day is then in another order.  Their numbers are not.
fn stream_of(stream: String, payload: &Value) -> String {
    if !stream.starts_with("billing.ledger.") {
        return stream;
    }
    let event = payload.as_object().unwrap().values().next().unwrap();
    let invoice = event.get("invoice").unwrap_or(&event["number"]);
    format!("{stream} {}", invoice.as_str().unwrap())
}

/// What was parked is told by the event that was reacted to.  After a kill the day's occasions are told again, the day
/// first: what stands in the way of another is met by the day then.
fn forget_occasion(payload: &mut Value) {
    for told in payload.as_object_mut().unwrap().values_mut() {
        for of_the_occasion in ["position", "event", "event_type", "stream"] {
            told.as_object_mut().unwrap().remove(of_the_occasion);
        }
    }
}

/// Every table, but for the occasions on which something was parked.
fn sheets(folder: &Path) -> Tables {
    let mut tables = tables(folder);
    for row in tables.get_mut("parked").unwrap() {
        let is_told =
            |cell: &&str| !cell.starts_with("event_type=") && !cell.starts_with("stream=");
        *row = row.split(" | ").filter(is_told).collect::<Vec<_>>().join(" | ");
    }
    tables
}

#[track_caller]
fn assert_same_streams(
    these: &BTreeMap<String, Vec<String>>,
    those: &BTreeMap<String, Vec<String>>,
) {
    let mut differ = vec![];
    for (stream, events) in those {
        let told = these.get(stream).map_or(&[][..], Vec::as_slice);
        let differs = (0..events.len().max(told.len())).find(|at| told.get(*at) != events.get(*at));
        differ.extend(differs.map(|at| {
            let shown = |event: Option<&String>| -> String {
                event.map_or("nothing", String::as_str).chars().take(400).collect()
            };
            let (here, there) = (shown(told.get(at)), shown(events.get(at)));
            format!("{stream}, event {}:\n  killed: {here}\n  never:  {there}", at + 1)
        }));
    }
    let first: Vec<&str> = differ.iter().take(12).map(String::as_str).collect();
    assert!(differ.is_empty(), "{} streams differ\n{}", differ.len(), first.join("\n"));
    let more: Vec<_> = these.keys().filter(|stream| !those.contains_key(*stream)).collect();
    assert!(more.is_empty(), "only in the life that was killed: {more:?}");
}
