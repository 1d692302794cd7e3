//! The write-ahead log is cut or torn: what is left is a beginning of what was recorded, with all that was folded back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::{Entry, Failure, Journal, NoHeads};
use tempfile::TempDir;

use crate::story::{Dice, append, busy_day, everything, faults, open};

const FOLDED: usize = 40;
const IN_ALL: usize = 70;

/// A journal as a crash leaves it: 40 events folded back, 30 in the log alone.
struct Crashed {
    folder: TempDir,
    file: Vec<u8>,
    log: Vec<u8>,
    recorded: Vec<Entry>,
}

async fn crashed() -> Crashed {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    busy_day(&journal, FOLDED as u64).await;
    journal.close().await.unwrap();
    let journal = open(&path);
    let recorded = busy_day(&journal, (IN_ALL - FOLDED) as u64).await;
    let (file, log) = (fs::read(&path).unwrap(), fs::read(log_of(&path)).unwrap());
    assert_eq!(recorded.len(), IN_ALL);
    assert!(log.len() > 30 * 4096, "each commit leaves a page in the log");
    Crashed { folder, file, log, recorded }
}

fn log_of(path: &Path) -> PathBuf {
    path.with_extension("sqlite-wal")
}

impl Crashed {
    /// Opens a copy whose log is `log`, as another machine would after the crash.
    async fn opened_with(&self, log: &[u8]) -> Result<usize, Failure> {
        let path = self.folder.path().join("copy.sqlite");
        for left in ["sqlite-wal", "sqlite-shm"] {
            let _ = fs::remove_file(path.with_extension(left));
        }
        fs::write(&path, &self.file).unwrap();
        fs::write(log_of(&path), log).unwrap();
        let journal = Journal::open(&path, Arc::new(NoHeads))?;
        let left = everything(&journal.reader()?);
        assert_eq!(left, self.recorded[..left.len()], "something else than was recorded");
        assert!(left.len() >= FOLDED, "{} left: what was folded back is gone", left.len());
        let head = journal.stream_head("schools.school.new").unwrap();
        journal.append(append("schools.school.new", head.version, 1)).await.unwrap();
        assert_eq!(faults(&path), []);
        Ok(left.len())
    }
}

#[tokio::test]
async fn a_log_cut_anywhere_leaves_a_beginning() {
    let crashed = crashed().await;
    let mut most = 0;
    let mut cuts: Vec<_> = (0..crashed.log.len()).step_by(397).collect();
    // And around where the header and each page of the log end.
    cuts.extend([0, 1, 31, 32, 33].into_iter().chain((0..10).flat_map(|page| {
        let end = 32 + 4120 * (page + 1);
        [end - 1, end, end + 1]
    })));
    cuts.sort_unstable();
    for cut in cuts {
        let left = crashed
            .opened_with(&crashed.log[..cut])
            .await
            .unwrap_or_else(|failure| panic!("{cut}: {failure}"));
        assert!(left >= most, "cut at {cut} leaves {left}, cut earlier it left {most}");
        most = left;
    }
    assert!(most > IN_ALL - 3);
    assert_eq!(crashed.opened_with(&crashed.log).await.unwrap(), IN_ALL);
}

#[tokio::test]
async fn a_log_torn_anywhere_leaves_a_beginning_or_is_named() {
    let crashed = crashed().await;
    let mut dice = Dice(2018);
    let mut cost = 0;
    for _ in 0..300 {
        let mut log = crashed.log.clone();
        for _ in 0..=dice.below(3) {
            let at = usize::try_from(dice.below(log.len() as u64)).unwrap();
            log[at] ^= 1 << dice.below(8);
        }
        match crashed.opened_with(&log).await {
            Ok(left) => cost += usize::from(left < IN_ALL),
            Err(Failure::Damaged { fault, .. }) => assert!(!fault.to_string().is_empty()),
            Err(other) => panic!("{other}"),
        }
    }
    assert!(cost > 100, "the log was hardly torn");
}
