use std::io;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use journal::Journal;

use super::{Derived, program};
use crate::locked::locked;
use crate::readers::Readers;

/// The one thread that writes what is derived: every two seconds, and once more when it is stopped or dropped.
pub(crate) struct Keeper {
    thread: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

impl Keeper {
    const EVERY: Duration = Duration::from_secs(2);

    pub(crate) fn start(derived: Arc<Derived>, journal: Journal) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = Builder::new().name("derived".to_owned()).spawn(move || {
            // Snapshots need it; here nobody waits for it.
            program::program();
            let readers = Readers::new(journal.clone());
            while stopped.recv_timeout(Self::EVERY) == Err(RecvTimeoutError::Timeout) {
                derived.write(&journal, &readers);
            }
            derived.write(&journal, &readers);
        })?;
        Ok(Self { thread: Mutex::new(Some((stop, thread))) })
    }

    /// Writes a last time and waits until that is done.
    pub(crate) fn stop(&self) {
        if let Some((stop, thread)) = locked(&self.thread).take() {
            drop(stop);
            if thread.join().is_err() {
                tracing::error!(
                    "the thread that writes what is derived panicked; the next start makes it anew"
                );
            }
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop();
    }
}
