//! A disk that is really full: a small file system in memory, where this process may mount one.

use std::path::{Path, PathBuf};
use std::process::Command;

use journal::AppendError;

use crate::story::{append, everything, faults, open};

/// A file system of 1 MiB, gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::TempDir::new().unwrap();
        let mounted = run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "ledge-test"])
            .arg(folder.path()));
        mounted.then_some(Self(folder))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        assert!(run(Command::new("umount").arg("-l").arg(self.0.path())));
    }
}

fn run(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn fill(path: &Path) {
    // As much as goes in: the failure is the purpose.
    let rest = std::fs::write(path, vec![0; 2 << 20]);
    assert!(rest.is_err(), "the disk is larger than it should be");
}

#[tokio::test]
async fn a_full_disk_refuses_with_its_cause_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!(
            "NOT RUN: a_full_disk_refuses_with_its_cause_and_loses_nothing: no file system can be mounted here"
        );
        return;
    };
    let path = disk.path("journal.sqlite");
    let journal = open(&path);
    for version in 0..20 {
        journal.append(append("schools.school.100003", version, 1)).await.unwrap();
    }
    fill(&disk.path("ballast"));
    let mut version = 20;
    let failure = loop {
        match journal.append(append("schools.school.100003", version, 20)).await {
            Ok(done) => version = done.version,
            Err(AppendError::Failure(failure)) => break failure,
            Err(conflict) => panic!("{conflict}"),
        }
    };
    let cause = std::error::Error::source(&failure).unwrap().to_string();
    assert!(cause.contains("full"), "{failure}: {cause}");
    assert_eq!(
        (journal.head(), journal.stream_head("schools.school.100003").unwrap().version),
        (version, version)
    );
    assert_eq!(everything(&journal.reader().unwrap()).len() as u64, version);
    assert!(
        journal.append(append("schools.school.100003", version, 20)).await.is_err(),
        "still full"
    );

    std::fs::remove_file(disk.path("ballast")).unwrap();
    let done = journal.append(append("schools.school.100003", version, 20)).await.unwrap();
    assert_eq!((done.first, done.version), (version + 1, version + 20));
    journal.close().await.unwrap();
    assert_eq!(faults(&path), []);
}
