use std::time::Duration;

use crate::{Entry, Failure, Reader};

/// How long a follower waits before it looks again: at first hardly, longer and longer while nothing comes.
const SOON: Duration = Duration::from_millis(2);
const LATE: Duration = Duration::from_millis(100);

/// Follows the journal from another process.  While nothing comes it asks SQLite only whether anybody committed, ten
/// times a second at least, and does not touch the table.  (In the writer's process, [`crate::Journal::watch`] tells.)
pub struct Follower {
    reader: Reader,
    position: u64,
    /// There may be events it has not read, whether or not anybody commits.
    more: bool,
}

impl Follower {
    /// Follows what comes after position `after`.
    #[must_use]
    pub fn new(reader: Reader, after: u64) -> Self {
        Self { reader, position: after, more: true }
    }

    /// The last position handed out.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next events, at least one and up to `limit`, in place of what `into` held.  Waits for them; dropped while it
    /// waits, nothing is skipped.
    ///
    /// # Errors
    /// The file cannot be read, or there is a gap.
    pub async fn next(&mut self, limit: usize, into: &mut Vec<Entry>) -> Result<(), Failure> {
        let limit = limit.max(1);
        let mut wait = SOON;
        loop {
            // Asked before reading: what is committed in between is seen by the next question.
            if self.reader.changed()? || self.more {
                self.more = true;
                self.reader.read(self.position, limit, into)?;
                self.more = into.len() == limit;
                if let Some(last) = into.last() {
                    self.position = last.position;
                    return Ok(());
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LATE);
        }
    }
}
