//! Whatever happens to the directory derived from the journal between two runs, the answers are the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use event_store::{Done, Error, EventStore};
use kernel::CommandId;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tempfile::TempDir;

use crate::purse::{Command, Purse, TooLittle, ask, asked, open};

#[derive(Clone, Debug)]
enum Step {
    PayIn {
        purse: usize,
        coins: Vec<i64>,
    },
    Spend {
        purse: usize,
        pence: i64,
    },
    SpendHastily {
        purse: usize,
        pence: i64,
    },
    /// Something asked before, in this run or an earlier one.
    Again(Index),
    Bookmark(Index),
}

#[derive(Clone, Debug)]
enum Accident {
    None,
    /// Nobody closed the store: it was dropped.
    NotClosed,
    Deleted,
    Emptied,
    /// A file stands where the directory was.
    Replaced,
    Truncated {
        file: Index,
        at: Index,
    },
    Garbage {
        file: Index,
        at: Index,
        bytes: Vec<u8>,
    },
    /// As it was after an earlier run.
    Stale(Index),
    OfAnotherJournal,
    /// The journal came back from a backup, and what was derived is of a time that never was.
    JournalRestored(Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let purse = 0..3_usize;
    let coins = prop_oneof![3 => vec(1..9_i64, 1..4), 1 => vec(1..9_i64, 100..260)];
    let step = prop_oneof![
        5 => (purse.clone(), coins).prop_map(|(purse, coins)| Step::PayIn { purse, coins }),
        2 => (purse.clone(), 0..40_i64).prop_map(|(purse, pence)| Step::Spend { purse, pence }),
        1 => (purse, 0..40_i64).prop_map(|(purse, pence)| Step::SpendHastily { purse, pence }),
        3 => any::<Index>().prop_map(Step::Again),
        1 => any::<Index>().prop_map(Step::Bookmark),
    ];
    vec(step, 1..9)
}

fn accident() -> impl Strategy<Value = Accident> {
    let index = any::<Index>;
    prop_oneof![
        Just(Accident::None),
        Just(Accident::NotClosed),
        Just(Accident::Deleted),
        Just(Accident::Emptied),
        Just(Accident::Replaced),
        (index(), index()).prop_map(|(file, at)| Accident::Truncated { file, at }),
        (index(), index(), vec(any::<u8>(), 1..400))
            .prop_map(|(file, at, bytes)| Accident::Garbage { file, at, bytes }),
        index().prop_map(Accident::Stale),
        Just(Accident::OfAnotherJournal),
        index().prop_map(Accident::JournalRestored),
    ]
}

/// What should be so.
#[derive(Clone, Default)]
struct Model {
    purses: BTreeMap<usize, Purse>,
    head: u64,
    /// By purse, the position of its last event.
    last: BTreeMap<usize, u64>,
    /// Everything that recorded something, and what was answered.
    answered: Vec<(usize, Command, CommandId, Done)>,
    bookmark: u64,
    /// The furthest the follower ever said it was.
    furthest: u64,
}

impl Model {
    async fn step(&mut self, store: &EventStore, step: &Step) {
        match step {
            Step::PayIn { purse, coins } => {
                self.ask(store, *purse, Command::PayIn(coins.clone())).await;
            }
            Step::Spend { purse, pence } => self.ask(store, *purse, Command::Spend(*pence)).await,
            Step::SpendHastily { purse, pence } => {
                self.ask(store, *purse, Command::SpendHastily(*pence)).await;
            }
            Step::Again(which) if !self.answered.is_empty() => {
                let (purse, command, id, first) = which.get(&self.answered);
                let (purse, command) = (name(*purse), command.clone());
                let again = store.execute::<Purse>(&purse, command, asked(*id)).await.unwrap();
                assert_eq!(again, Done { repeated: true, ..first.clone() });
            }
            Step::Bookmark(position) => {
                self.bookmark = position.index(usize::try_from(self.head).unwrap() + 1) as u64;
                self.furthest = self.furthest.max(self.bookmark);
                store.move_bookmark("follower", self.bookmark);
            }
            Step::Again(_) => {}
        }
    }

    async fn ask(&mut self, store: &EventStore, purse: usize, command: Command) {
        let id = CommandId::mint();
        let answer = store.execute::<Purse>(&name(purse), command.clone(), asked(id)).await;
        let known = self.purses.entry(purse).or_default();
        let events = match &command {
            Command::PayIn(coins) => {
                known.pence += coins.iter().sum::<i64>();
                coins.len() as u64
            }
            Command::Spend(pence) | Command::SpendHastily(pence) if *pence > known.pence => {
                let Err(Error::Refused(TooLittle(told))) = answer else {
                    panic!("{command:?} of {known:?} answered {answer:?}");
                };
                assert_eq!(told, known.pence);
                return;
            }
            Command::Spend(pence) | Command::SpendHastily(pence) => {
                known.pence -= pence;
                1
            }
            other => panic!("{other:?} is not among the steps"),
        };
        known.movements += events;
        self.head += events;
        self.last.insert(purse, self.head);
        let done = answer.unwrap();
        assert_eq!((done.position, done.version), (self.head, known.movements));
        assert_eq!((done.events.len() as u64, done.repeated), (events, false));
        self.answered.push((purse, command, id, done));
    }

    async fn holds(&self, store: &EventStore) {
        assert_eq!(store.journal().head(), self.head);
        for (purse, known) in &self.purses {
            assert_eq!(store.load::<Purse>(&name(*purse)).await.unwrap(), *known);
            let nothing = ask(store, &name(*purse), Command::LookInside).await.unwrap();
            assert_eq!(nothing.version, known.movements);
            assert_eq!(nothing.position, self.last.get(purse).copied().unwrap_or(0));
        }
    }
}

fn name(purse: usize) -> String {
    format!("purse-{purse}")
}

struct Office {
    directory: TempDir,
    /// After each run: what was derived, the journal, and what should be so.
    backups: Vec<(TempDir, Model)>,
    elsewhere: TempDir,
}

impl Office {
    async fn new() -> Self {
        let office = Self {
            directory: tempfile::tempdir().unwrap(),
            backups: Vec::new(),
            elsewhere: tempfile::tempdir().unwrap(),
        };
        // The same streams with other histories.
        let other = open(office.elsewhere.path());
        for purse in 0..3 {
            ask(&other, &name(purse), Command::PayIn(vec![1000; 230 + purse])).await.unwrap();
        }
        other.move_bookmark("follower", 300);
        other.close().await.unwrap();
        office
    }

    fn derived(&self) -> PathBuf {
        self.directory.path().join("heads.sled")
    }

    fn back_up(&mut self, model: &Model) {
        let backup = tempfile::tempdir().unwrap();
        copy(self.directory.path(), backup.path());
        self.backups.push((backup, model.clone()));
    }

    /// Lets it happen; answers whether the bookmark may have been lost.
    fn suffer(&self, accident: &Accident, model: &mut Model) -> bool {
        let derived = self.derived();
        match accident {
            Accident::None | Accident::NotClosed => return false,
            Accident::Deleted => fs::remove_dir_all(&derived).unwrap(),
            Accident::Emptied => {
                fs::remove_dir_all(&derived).unwrap();
                fs::create_dir(&derived).unwrap();
            }
            Accident::Replaced => {
                fs::remove_dir_all(&derived).unwrap();
                fs::write(&derived, "a file").unwrap();
            }
            Accident::Truncated { file, at } => {
                let file = pick(&derived, *file);
                let length = fs::metadata(&file).unwrap().len();
                let kept = at.index(usize::try_from(length).unwrap() + 1) as u64;
                fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(kept).unwrap();
            }
            Accident::Garbage { file, at, bytes } => {
                let file = pick(&derived, *file);
                let mut content = fs::read(&file).unwrap();
                let at = at.index(content.len() + 1);
                let end = content.len().min(at + bytes.len());
                content.splice(at..end, bytes.iter().copied());
                fs::write(&file, content).unwrap();
            }
            Accident::Stale(which) => {
                let (backup, _) = which.get(&self.backups);
                fs::remove_dir_all(&derived).unwrap();
                copy(&backup.path().join("heads.sled"), &derived);
            }
            Accident::OfAnotherJournal => {
                fs::remove_dir_all(&derived).unwrap();
                copy(&self.elsewhere.path().join("heads.sled"), &derived);
            }
            Accident::JournalRestored(which) => {
                let (backup, then) = which.get(&self.backups);
                for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] {
                    let _ = fs::remove_file(self.directory.path().join(name));
                    let _ = fs::copy(backup.path().join(name), self.directory.path().join(name));
                }
                *model = Model { furthest: model.furthest, ..then.clone() };
            }
        }
        true
    }
}

/// One of the files under `directory`, in the order of their names.
fn pick(directory: &Path, which: Index) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    which.get(&files).clone()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn live_through(runs: Vec<(Vec<Step>, Accident)>) {
    let mut office = Office::new().await;
    let mut model = Model::default();
    let mut lost = false;
    for (steps, accident) in runs {
        let store = open(office.directory.path());
        let bookmark = store.bookmark("follower").unwrap();
        if lost {
            assert!(bookmark <= model.furthest.min(model.head), "{bookmark} leads");
            model.bookmark = bookmark;
        } else {
            assert_eq!(bookmark, model.bookmark);
        }
        model.holds(&store).await;
        for step in &steps {
            model.step(&store, step).await;
        }
        model.holds(&store).await;
        if matches!(accident, Accident::NotClosed) {
            drop(store);
        } else {
            store.close().await.unwrap();
        }
        office.back_up(&model);
        lost = office.suffer(&accident, &mut model);
    }
    model.holds(&open(office.directory.path())).await;
}

/// Each case is several runs of the store with their disk writes; `PROPTEST_CASES` asks for more.
fn few_or_as_told() -> ProptestConfig {
    let told = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { told.cases } else { 32 };
    ProptestConfig { cases, ..told }
}

proptest! {
    #![proptest_config(few_or_as_told())]

    #[test]
    fn after_any_history_with_any_accidents_every_answer_is_the_same(
        runs in vec((steps(), accident()), 2..6),
    ) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(live_through(runs));
    }
}
