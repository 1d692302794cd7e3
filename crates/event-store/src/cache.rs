use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use cqrs_es::Aggregate;

use crate::known::Known;
use crate::locked::locked;

/// Aggregates of every kind that were used lately.
///
/// Whoever uses one takes it out, and puts it back only when it is still what its stream says: forgetting is what
/// happens by itself, at a refusal, an error, a panic or an abandoned call.
pub(crate) struct Cache {
    limits: Limits,
    shelf: Mutex<Shelf>,
}

/// What the cache holds at most; one aggregate heavier than `bytes` is not held at all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) aggregates: usize,
    /// Bytes, as [`Known::weight`] estimates them.
    pub(crate) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { aggregates: 100_000, bytes: 128 << 20 }
    }
}

#[derive(Default)]
struct Shelf {
    kept: HashMap<Arc<str>, Kept>,
    /// By when they were put back, longest ago first.
    order: BTreeMap<u64, Arc<str>>,
    puts: u64,
    bytes: usize,
}

struct Kept {
    known: Box<dyn Any + Send>,
    bytes: usize,
    put: u64,
}

impl Cache {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, shelf: Mutex::default() }
    }

    pub(crate) fn take<A: Aggregate + 'static>(&self, stream: &str) -> Option<Box<Known<A>>> {
        let kept = locked(&self.shelf).remove(stream)?;
        kept.known.downcast().ok()
    }

    pub(crate) fn put<A: Aggregate + 'static>(&self, stream: Arc<str>, known: Box<Known<A>>) {
        let bytes = known.weight();
        if bytes > self.limits.bytes {
            return;
        }
        // Dropped after the lock is given back: a heavy state takes its time.
        let mut forgotten = Vec::new();
        let mut shelf = locked(&self.shelf);
        forgotten.extend(shelf.remove(&stream));
        shelf.insert(stream, known, bytes);
        while shelf.kept.len() > self.limits.aggregates || shelf.bytes > self.limits.bytes {
            forgotten.extend(shelf.remove_oldest());
        }
        drop(shelf);
    }
}

impl Shelf {
    fn insert(&mut self, stream: Arc<str>, known: Box<dyn Any + Send>, bytes: usize) {
        self.puts += 1;
        self.bytes += bytes;
        self.order.insert(self.puts, Arc::clone(&stream));
        self.kept.insert(stream, Kept { known, bytes, put: self.puts });
    }

    fn remove(&mut self, stream: &str) -> Option<Kept> {
        let kept = self.kept.remove(stream)?;
        self.order.remove(&kept.put);
        self.bytes -= kept.bytes;
        Some(kept)
    }

    fn remove_oldest(&mut self) -> Option<Kept> {
        let (_, stream) = self.order.pop_first()?;
        let kept = self.kept.remove(&stream)?;
        self.bytes -= kept.bytes;
        Some(kept)
    }
}
