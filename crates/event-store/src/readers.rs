use std::sync::Mutex;

use journal::{Entry, Journal, Reader};

use crate::Failure;
use crate::failure::While;
use crate::locked::locked;

/// Readers of the journal, opened as needed and used again.
pub(crate) struct Readers {
    journal: Journal,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    /// So many stay open between uses.
    const KEPT: usize = 8;

    pub(crate) fn new(journal: Journal) -> Self {
        Self { journal, idle: Mutex::default() }
    }

    /// # Errors
    /// What the journal says, as a failure of `operation`.
    pub(crate) fn read<T>(
        &self,
        operation: impl Fn() -> String,
        read: impl FnOnce(&Reader) -> Result<T, journal::Failure>,
    ) -> Result<T, Failure> {
        let idle = locked(&self.idle).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => self.journal.reader().while_(&operation)?,
        };
        let found = read(&reader).while_(&operation)?;
        let mut idle = locked(&self.idle);
        if idle.len() < Self::KEPT {
            idle.push(reader);
        }
        Ok(found)
    }

    /// The entries from position `first` to position `last`.
    pub(crate) fn range(&self, first: u64, last: u64) -> Result<Vec<Entry>, Failure> {
        self.read(
            || format!("reading positions {first} to {last} of the journal"),
            |reader| {
                let mut entries = Vec::new();
                let many = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
                reader.read(first - 1, many, &mut entries)?;
                Ok(entries)
            },
        )
    }

    /// The hash the journal has at `position`; nothing, when it has no such position.
    pub(crate) fn hash_at(&self, position: u64) -> Result<Option<[u8; 32]>, Failure> {
        self.read(
            || format!("reading position {position} of the journal"),
            |reader| Ok(reader.event(position)?.map(|entry| entry.hash)),
        )
    }
}
