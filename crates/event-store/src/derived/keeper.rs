use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use journal::Journal;

use super::{Derived, program};
use crate::locked::locked;
use crate::readers::Readers;

/// The one thread that writes what is derived: every two seconds, and once more when it is stopped or dropped.
pub(crate) struct Keeper {
    at_work: Mutex<Option<AtWork>>,
}

struct AtWork {
    /// Dropped, it asks the thread to write a last time.
    stop: Sender<()>,
    /// Disconnected when the thread ends.
    ended: Receiver<()>,
    thread: JoinHandle<()>,
}

impl Keeper {
    const EVERY: Duration = Duration::from_secs(2);
    /// How long the last writing is waited for.  sled waits for ever for a disk that is full, and nothing that it holds is
    /// worth a program that cannot be ended.
    const PATIENCE: Duration = Duration::from_secs(10);

    pub(crate) fn start(derived: Arc<Derived>, journal: Journal) -> io::Result<Self> {
        Self::every(Self::EVERY, move || {
            // Snapshots need it; here nobody waits for it.
            program::program();
            let readers = Readers::new(journal.clone());
            move || derived.write(&journal, &readers)
        })
    }

    /// `prepare` is run on the thread, and makes what writes.
    fn every<W: FnMut()>(
        every: Duration,
        prepare: impl FnOnce() -> W + Send + 'static,
    ) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let (ending, ended) = channel();
        let thread = Builder::new().name("derived".to_owned()).spawn(move || {
            let _ending: Sender<()> = ending;
            let mut write = prepare();
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                write();
            }
            write();
        })?;
        Ok(Self { at_work: Mutex::new(Some(AtWork { stop, ended, thread })) })
    }

    /// Writes a last time and waits until that is done, but not for ever.
    pub(crate) fn stop(&self) {
        self.stop_within(Self::PATIENCE);
    }

    fn stop_within(&self, patience: Duration) {
        let Some(AtWork { stop, ended, thread }) = locked(&self.at_work).take() else { return };
        drop(stop);
        if ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(
                "what is derived from the journal cannot be written (is the disk full?); the next start makes it anew"
            );
            return;
        }
        if thread.join().is_err() {
            tracing::error!(
                "the thread that writes what is derived panicked; the next start makes it anew"
            );
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that never answers keeps no program from ending.
    #[test]
    fn a_writing_that_never_ends_is_not_waited_for() {
        let (answer, disk) = channel::<()>();
        let keeper = Keeper::every(Duration::from_millis(1), move || {
            move || {
                let _ = disk.recv();
            }
        });
        keeper.unwrap().stop_within(Duration::from_millis(10));
        // Up to here it cannot have ended: its disk still could answer.
        drop(answer);
    }

    #[test]
    fn stopped_it_writes_a_last_time() {
        let (wrote, written) = channel();
        let keeper =
            Keeper::every(Duration::from_secs(3600), move || move || wrote.send(()).unwrap());
        keeper.unwrap().stop();
        assert_eq!(written.iter().count(), 1);
    }
}
