//! Work that does not await anything, and can be interrupted all the same.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::InterruptHandle;

/// Whether the person still waits.
#[derive(Clone, Default)]
pub(crate) struct Waiting(Arc<State>);

#[derive(Default)]
struct State {
    left: AtomicBool,
    query: Mutex<Option<InterruptHandle>>,
}

impl Waiting {
    /// Asked between two steps of the work.
    pub(crate) fn goes_on(&self) -> ControlFlow<()> {
        match self.0.left.load(Ordering::SeqCst) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// Lets a query that runs long be ended in its middle.
    pub(crate) fn ends(&self, query: InterruptHandle) {
        *self.0.query.lock().unwrap_or_else(PoisonError::into_inner) = Some(query);
        if self.goes_on().is_break() {
            self.leave();
        }
    }

    fn leave(&self) {
        self.0.left.store(true, Ordering::SeqCst);
        if let Some(query) = &*self.0.query.lock().unwrap_or_else(PoisonError::into_inner) {
            query.interrupt();
        }
    }
}

/// Tells the work, when whoever awaited it is dropped.
struct Awaited(Waiting);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Does the work on a thread of its own.  Interrupted, it is told, and the program ends when it has put away what it had
/// begun.
pub(crate) async fn interruptible<T: Send + 'static>(
    work: impl FnOnce(&Waiting) -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let awaited = Awaited(Waiting::default());
    let waiting = awaited.0.clone();
    match tokio::task::spawn_blocking(move || work(&waiting)).await {
        Ok(done) => done,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(ended) => Err(ended.into()),
        },
    }
}
