//! The writer's process is killed at random moments, many times over, and everything it acknowledged is there.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::another_process::{my_part, part, say};
use crate::story::{Dice, append, everything, faults, open};

/// Rounds of killing; `LEDGE_ROUNDS` asks for more.
const ROUNDS: u64 = 30;

/// Writes as fast as it can, and says what was acknowledged; never ends by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn part_that_is_killed() {
    let Some(path) = my_part("killed::part_that_is_killed") else { return };
    let journal = open(&path);
    say("opened");
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let journal = journal.clone();
        tasks.spawn(async move {
            let stream = format!("schools.school.{task}");
            let mut version = journal.stream_head(&stream).unwrap().version;
            loop {
                let done = journal.append(append(&stream, version, 1 + version % 3)).await.unwrap();
                version = done.version;
                say(&format!("acknowledged {} {} {stream} {version}", done.first, done.last));
            }
        });
    }
    // None ends but by failing.
    let _: Option<Result<(), _>> = tasks.join_next().await;
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let rounds = env::var("LEDGE_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let seed = env::var("LEDGE_SEED")
        .map_or_else(|_| u64::from(std::process::id()) + 1, |seed| seed.parse().unwrap());
    let mut dice = Dice(seed);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    // The ledger kept outside: last position -> stream and version.
    let mut acknowledged = BTreeMap::new();
    for round in 0..rounds {
        kill_one(&path, dice.below(400), &mut acknowledged);
        let told = format!("round {round}, LEDGE_SEED={seed}");
        let journal = open(&path);
        let entries = everything(&journal.reader().unwrap());
        assert!(acknowledged.keys().last().is_none_or(|last| *last <= journal.head()), "{told}");
        for (position, (stream, version)) in &acknowledged {
            let entry = &entries[usize::try_from(*position).unwrap() - 1];
            assert_eq!(
                (entry.position, &entry.stream, entry.version),
                (*position, stream, *version),
                "{told}"
            );
        }
        // An append is there whole or not at all: each of these is one to three events, by the version before it.
        for stream in
            entries.iter().map(|entry| &entry.stream).collect::<std::collections::BTreeSet<_>>()
        {
            let head = journal.stream_head(stream).unwrap().version;
            let mut version = 0;
            while version < head {
                version += 1 + version % 3;
            }
            assert_eq!(version, head, "{told}: part of an append in {stream}");
        }
        drop(journal);
        assert_eq!(faults(&path), [], "{told}");
    }
    assert!(acknowledged.len() > 100, "only {} acknowledged in all", acknowledged.len());
}

/// One life of a writer: it is killed after `patience` acknowledgements, in the middle of whatever it does then.
fn kill_one(path: &Path, patience: u64, acknowledged: &mut BTreeMap<u64, (String, u64)>) {
    let mut writer =
        part("killed::part_that_is_killed", path).stdout(Stdio::piped()).spawn().unwrap();
    let mut heard = 0;
    for line in BufReader::new(writer.stdout.take().unwrap()).lines() {
        // The last line may be cut in the middle.
        let Ok(line) = line else { break };
        let words: Vec<_> = line.split(' ').collect();
        if let ["acknowledged", _, last, stream, version] = words[..]
            && let (Ok(last), Ok(version)) = (last.parse(), version.parse())
        {
            acknowledged.insert(last, (stream.to_owned(), version));
            heard += 1;
        }
        if heard >= patience && (heard > 0 || line == "opened") {
            writer.kill().unwrap();
        }
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
}
