use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::chain::Streams;
use crate::{Failure, Head, Heads};

/// What the writer and those who ask it both look at: how far the journal is durable, and where its streams end.
pub(crate) struct Shared {
    recent: Mutex<Recent>,
    index: Arc<dyn Heads>,
    /// Whether the index is asked: not while it covers more than the journal holds.
    trusted: AtomicBool,
    durable: watch::Sender<u64>,
}

/// The heads of streams changed after what the index covers.
struct Recent {
    head: u64,
    streams: Streams,
}

impl Shared {
    pub(crate) fn new(head: u64, streams: Streams, index: Arc<dyn Heads>, trusted: bool) -> Self {
        let recent = Mutex::new(Recent { head, streams });
        Self { recent, index, trusted: AtomicBool::new(trusted), durable: watch::Sender::new(head) }
    }

    pub(crate) fn head(&self) -> u64 {
        *self.durable.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.durable.subscribe()
    }

    pub(crate) fn distrusts_index(&self) -> bool {
        !self.trusted.load(Ordering::Acquire)
    }

    /// The journal is durable up to `head`, where the streams in `changed` end as it says.
    pub(crate) fn advance(&self, head: u64, changed: &mut HashMap<String, Head>) {
        let mut recent = self.recent();
        recent.streams.extend(changed.drain());
        recent.head = head;
        drop(recent);
        self.durable.send_replace(head);
    }

    /// The stream's head: in memory, or else (it is never in neither) in the index.
    pub(crate) fn find(&self, stream: &str) -> Result<Option<Head>, Failure> {
        match self.recent_head(stream) {
            Some(head) => Ok(Some(head)),
            None => self.indexed(stream),
        }
    }

    pub(crate) fn recent_head(&self, stream: &str) -> Option<Head> {
        self.recent().streams.get(stream).copied()
    }

    pub(crate) fn indexed(&self, stream: &str) -> Result<Option<Head>, Failure> {
        if self.distrusts_index() {
            return Ok(None);
        }
        self.index
            .find(stream)
            .map_err(|source| Failure::Heads { stream: stream.to_owned(), source: source.into() })
    }

    pub(crate) fn changed(&self) -> (u64, Vec<(String, Head)>) {
        let recent = self.recent();
        (recent.head, recent.streams.iter().map(|(stream, head)| (stream.clone(), *head)).collect())
    }

    pub(crate) fn release(&self, covered: u64) {
        self.trusted.store(true, Ordering::Release);
        self.recent().streams.retain(|_, head| head.position > covered);
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        // Nothing is left half done under this lock.
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
