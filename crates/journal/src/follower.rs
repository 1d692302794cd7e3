use crate::{Entry, Failure, Reader};

/// Follows the journal from another process: waits for what comes without reading the table while nothing does.
pub struct Follower {
    reader: Reader,
    position: u64,
}

impl Follower {
    /// Follows what comes after position `after`.
    #[must_use]
    pub fn new(reader: Reader, after: u64) -> Self {
        Self { reader, position: after }
    }

    /// The last position handed out.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next events, at least one and up to `limit`, in place of what `into` held.
    ///
    /// # Errors
    /// The file cannot be read, or there is a gap.
    #[expect(clippy::unused_async, reason = "the interface before its filling")]
    pub async fn next(&mut self, limit: usize, into: &mut Vec<Entry>) -> Result<(), Failure> {
        self.reader.read(self.position, limit, into)
    }
}
