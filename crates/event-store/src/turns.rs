use std::hash::{BuildHasher, RandomState};

use tokio::sync::{Mutex, MutexGuard};

/// Commands on one aggregate take turns, so that they wait instead of conflicting.
///
/// Streams share a fixed number of turns, far more than commands under way at once: it is rare that two streams wait
/// for each other, it does no harm when they do, and nothing grows with the number of streams.
pub(crate) struct Turns {
    turns: Box<[Mutex<()>]>,
    hasher: RandomState,
}

impl Turns {
    pub(crate) fn new() -> Self {
        const TURNS: usize = 8192;
        Self { turns: (0..TURNS).map(|_| Mutex::new(())).collect(), hasher: RandomState::new() }
    }

    /// Waits until no other command on this stream is under way.  Whoever holds a turn must not ask for another.
    pub(crate) async fn take(&self, stream: &str) -> MutexGuard<'_, ()> {
        let spread = usize::try_from(self.hasher.hash_one(stream) % self.turns.len() as u64);
        self.turns[spread.unwrap_or(0)].lock().await
    }
}
