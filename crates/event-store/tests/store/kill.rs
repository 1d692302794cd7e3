//! kill -9 at any moment, with a ledger outside of what was acknowledged.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::CommandId;
use tokio::task::JoinSet;

use crate::purse::{Command, Purse, asked, open};

/// Set for the child: the store's directory, and the number of the round.
const DIRECTORY: &str = "EVENT_STORE_KILL_DIRECTORY";
const ROUND: &str = "EVENT_STORE_KILL_ROUND";
const TEST: &str =
    "kill::nothing_acknowledged_is_lost_and_nothing_is_done_twice_when_the_program_is_killed";
/// Acknowledgements after which each round's child is killed.
const KILLED_AFTER: [u64; 12] = [1, 700, 2, 40, 1500, 133, 17, 257, 1, 1000, 77, 400];
const TASKS: u64 = 16;
const PURSES: u64 = 5;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_done_twice_when_the_program_is_killed() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        work_until_killed(
            &PathBuf::from(directory),
            std::env::var(ROUND).unwrap().parse().unwrap(),
        );
    }
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::default();
    for (round, acknowledgements) in (0..).zip(KILLED_AFTER) {
        kill_after(acknowledgements, directory.path(), round, &mut ledger);
        check(directory.path(), &ledger);
    }
}

/// What was acknowledged, kept where no kill reaches it.
#[derive(Default)]
struct Ledger {
    /// By round and number of the command: position and version answered.
    acknowledged: HashMap<(u64, u64), (u64, u64)>,
    /// By round, how many commands can have begun.
    begun: Vec<u64>,
}

/// A command of a round: its id and purse follow from its number, so that the parent can ask it again.
fn wish(round: u64, number: u64) -> (CommandId, String, Command) {
    let id = CommandId::derived(&["kill", &round.to_string(), &number.to_string()]);
    let coins = vec![1; usize::try_from(coins(number)).unwrap()];
    (id, format!("purse-{}", number % PURSES), Command::PayIn(coins))
}

fn coins(number: u64) -> u64 {
    1 + number % 3
}

/// Opens, works and closes, again and again: what is derived is written on closing, so that a kill hits that as well.
fn work_until_killed(directory: &Path, round: u64) -> ! {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let next = Arc::new(AtomicU64::new(0));
    loop {
        runtime.block_on(async {
            let store = open(directory);
            let mut tasks = JoinSet::new();
            for _ in 0..TASKS {
                let (store, next) = (store.clone(), Arc::clone(&next));
                tasks.spawn(async move {
                    for _ in 0..20 {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let (id, purse, command) = wish(round, number);
                        let done =
                            store.execute::<Purse>(&purse, command, asked(id)).await.unwrap();
                        // One write for one line, so that the pipe never has half of one.
                        let line = format!("done {number} {} {}\n", done.position, done.version);
                        std::io::stdout().write_all(line.as_bytes()).unwrap();
                    }
                });
            }
            tasks.join_all().await;
            store.close().await.unwrap();
        });
    }
}

/// Lets a child work and kills it (SIGKILL: nothing in it runs any more) after so many acknowledgements.
fn kill_after(acknowledgements: u64, directory: &Path, round: u64, ledger: &mut Ledger) {
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture"])
        .env(DIRECTORY, directory)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = 0;
    let mut highest = 0;
    // What was acknowledged before the kill stands in the pipe after it.
    while let Some(Ok(line)) = lines.next() {
        let Some(told) = line.strip_prefix("done ") else { continue };
        let told: Vec<u64> = told.split(' ').map(|number| number.parse().unwrap()).collect();
        ledger.acknowledged.insert((round, told[0]), (told[1], told[2]));
        highest = highest.max(told[0]);
        seen += 1;
        if seen == acknowledgements {
            child.kill().unwrap();
        }
    }
    assert!(seen >= acknowledgements, "the child ended by itself after {seen} acknowledgements");
    child.wait().unwrap();
    // Each task had at most one command under way.
    ledger.begun.push(highest + TASKS + 1);
}

fn check(directory: &Path, ledger: &Ledger) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = open(directory);
        let ask = async |round, number| {
            let (id, purse, command) = wish(round, number);
            store.execute::<Purse>(&purse, command, asked(id)).await.unwrap()
        };
        for (&(round, number), &acknowledged) in &ledger.acknowledged {
            let again = ask(round, number).await;
            assert_eq!(((again.position, again.version), again.repeated), (acknowledged, true));
        }
        // Those under way at the kill were done or not; asked again, each has been done once.
        let all = (0..).zip(&ledger.begun);
        let all: Vec<_> =
            all.flat_map(|(round, begun)| (0..*begun).map(move |n| (round, n))).collect();
        for &(round, number) in &all {
            ask(round, number).await;
        }
        let mut events = HashMap::new();
        let reader = store.journal().reader().unwrap();
        let count = |entry: journal::EntryRef<'_>| {
            *events.entry(entry.command).or_insert(0_u64) += 1;
            ControlFlow::Continue(())
        };
        reader.for_each(0, store.journal().head(), count).unwrap();
        for &(round, number) in &all {
            let (id, _, _) = wish(round, number);
            assert_eq!(events[&id.uuid()], coins(number), "command {number} of round {round}");
        }
        assert_eq!(events.len(), all.len(), "somebody asked for something else");
        for purse in 0..PURSES {
            let mine = all.iter().filter(|(_, number)| number % PURSES == purse);
            let pence: u64 = mine.map(|(_, number)| coins(*number)).sum();
            let known = store.load::<Purse>(&format!("purse-{purse}")).await.unwrap();
            assert_eq!((known.pence.unsigned_abs(), known.movements), (pence, pence));
        }
        store.close().await.unwrap();
    });
}
