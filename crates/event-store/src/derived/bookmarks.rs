use std::collections::HashMap;
use std::sync::Mutex;

use journal::BoxError;

use super::bytes::take;
use crate::locked::locked;
use crate::readers::Readers;

/// How far followers have come.
pub(crate) struct Bookmarks {
    tree: sled::Tree,
}

/// A bookmark as it was written.
pub(crate) struct Mark {
    pub(crate) position: u64,
    /// The journal's hash at that position.
    pub(crate) hash: [u8; 32],
}

/// Bookmarks moved in this run, by follower, and whether they are still to be written.
pub(crate) type Waiting = HashMap<String, (u64, bool)>;

pub(crate) fn waiting(waiting: &Mutex<Waiting>, follower: &str) -> Option<u64> {
    locked(waiting).get(follower).map(|(position, _)| *position)
}

pub(crate) fn wait(waiting: &Mutex<Waiting>, follower: &str, position: u64) {
    let mut waiting = locked(waiting);
    match waiting.get_mut(follower) {
        Some(mark) => *mark = (position, true),
        None => {
            waiting.insert(follower.to_owned(), (position, true));
        }
    }
}

impl Bookmarks {
    pub(crate) fn of(tree: sled::Tree) -> Self {
        Self { tree }
    }

    /// What was written; nothing, also, when it cannot be read.
    pub(crate) fn find(&self, follower: &str) -> Result<Option<Mark>, sled::Error> {
        let bytes = self.tree.get(follower)?;
        Ok(bytes.and_then(|bytes| {
            let from = &mut bytes.as_ref();
            Some(Mark { position: u64::from_le_bytes(take(from)?), hash: take(from)? })
        }))
    }

    /// Writes those that moved; answers whether any did.
    pub(crate) fn write(
        &self,
        waiting: &Mutex<Waiting>,
        readers: &Readers,
    ) -> Result<bool, BoxError> {
        let moved: Vec<(String, u64)> = locked(waiting)
            .iter_mut()
            .filter(|(_, (_, unwritten))| *unwritten)
            .map(|(follower, (position, unwritten))| {
                *unwritten = false;
                (follower.clone(), *position)
            })
            .collect();
        for (follower, position) in &moved {
            match readers.hash_at(*position)? {
                Some(hash) => {
                    let bytes = [position.to_le_bytes().as_slice(), &hash].concat();
                    self.tree.insert(follower, bytes)?;
                }
                // At the beginning there is no event to name.
                None => drop(self.tree.remove(follower)?),
            }
        }
        Ok(!moved.is_empty())
    }
}
