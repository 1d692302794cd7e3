//! Other processes: this test program starts itself again, in a part named by an environment variable.

use std::env;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use journal::{Failure, Follower, Journal, NoHeads, Reader};
use tempfile::TempDir;

use crate::story::{append, busy_day, everything, open};

/// The command that starts `part` (the name of a test) on `journal` in another process.
pub(crate) fn part(part: &str, journal: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", part, "--nocapture"])
        .env("LEDGE_PART", part)
        .env("LEDGE_PART_JOURNAL", journal);
    command
}

/// The journal this process was started for, if it was started for `part`.
pub(crate) fn my_part(part: &str) -> Option<PathBuf> {
    (env::var("LEDGE_PART").ok()? == part)
        .then(|| env::var_os("LEDGE_PART_JOURNAL").map(PathBuf::from))?
}

/// Past the test harness, which would hold back what is printed.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").unwrap();
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn part_that_tries_to_write() {
    let Some(path) = my_part("another_process::part_that_tries_to_write") else { return };
    match Journal::open(&path, Arc::new(NoHeads)) {
        Ok(_) => say("opened"),
        Err(failure) => say(&format!("refused: {failure}")),
    }
}

#[tokio::test]
async fn a_second_writer_is_refused_and_told_who_holds_the_journal() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    let holder = format!("process {}", std::process::id());

    let Err(Failure::Held { by, .. }) = Journal::open(&path, Arc::new(NoHeads)) else {
        panic!("opened twice here")
    };
    assert!(by.starts_with(&holder), "{by}");

    let try_it =
        || said(&part("another_process::part_that_tries_to_write", &path).output().unwrap());
    let answer = try_it();
    assert!(answer.contains("refused: ") && answer.contains(&holder), "{answer}");

    journal.append(append("schools.school.100003", 0, 1)).await.unwrap();
    journal.close().await.unwrap();
    assert!(try_it().contains("opened"));
}

#[tokio::test]
async fn part_that_follows() {
    let Some(path) = my_part("another_process::part_that_follows") else { return };
    let mut follower = Follower::new(Reader::open(&path).unwrap(), 0);
    let mut some = Vec::new();
    say("ready");
    while follower.position() < 600 {
        let before = follower.position();
        follower.next(64, &mut some).await.unwrap();
        for (position, entry) in (before + 1..).zip(&some) {
            assert_eq!(entry.position, position);
        }
        assert!(some.len() <= 64);
    }
    say(&format!("followed to {} with {}", follower.position(), hex(&some.last().unwrap().hash)));
}

#[tokio::test]
async fn another_process_follows_while_the_writer_writes() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    let follower =
        part("another_process::part_that_follows", &path).stdout(Stdio::piped()).spawn().unwrap();
    let recorded = busy_day(&journal, 600).await;
    let answer = said(&follower.wait_with_output().unwrap());
    assert!(
        answer.contains(&format!("followed to 600 with {}", hex(&recorded[599].hash))),
        "{answer}"
    );
}

#[test]
fn part_that_reads() {
    let Some(path) = my_part("another_process::part_that_reads") else { return };
    match Reader::open(&path).and_then(|reader| reader.head()) {
        Ok(head) => say(&format!("head {head}")),
        Err(failure) => say(&format!("refused: {failure}")),
    }
}

#[tokio::test]
async fn where_nothing_may_be_written_a_reader_reads_or_is_told_why_not() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    busy_day(&journal, 5).await;
    let read_there = || {
        fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
        let mut command = part("another_process::part_that_reads", &path);
        if fs::metadata(folder.path()).unwrap().uid() == 0 {
            // Nothing is forbidden to root; and nobody must be able to read this program.
            let program = folder.path().join("program");
            fs::copy(env::current_exe().unwrap(), &program).unwrap();
            let asked: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
            let envs: Vec<_> = command
                .get_envs()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
                .collect();
            command = Command::new(program);
            command.args(asked).envs(envs).uid(65_534).gid(65_534).current_dir("/");
        }
        let answer = said(&command.output().unwrap());
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        answer
    };
    let while_open = read_there();
    assert!(while_open.contains("head 5"), "{while_open}");
    journal.close().await.unwrap();
    let closed = read_there();
    assert!(closed.contains("a reader must be able to write in its directory"), "{closed}");
}

#[tokio::test]
async fn a_reader_needs_no_writer() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    let early = Reader::open(&path).unwrap();
    let recorded = busy_day(&journal, 20).await;
    journal.close().await.unwrap();
    assert_eq!(everything(&early), recorded, "opened before, read after");
    assert_eq!(everything(&Reader::open(&path).unwrap()), recorded, "opened after");
    let again = open(&path);
    assert_eq!(busy_day(&again, 5).await[..20], recorded);
    assert_eq!(early.head().unwrap(), 25);
}

#[tokio::test]
async fn changes_are_noticed_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    let mut reader = journal.reader().unwrap();
    assert!(reader.changed().unwrap(), "at first everything is new");
    assert!(!reader.changed().unwrap());
    journal.append(append("schools.school.100003", 0, 1)).await.unwrap();
    assert!(reader.changed().unwrap());
    assert!(!reader.changed().unwrap());
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
