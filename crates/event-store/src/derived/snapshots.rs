use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use journal::{BoxError, Head};

use super::bytes::take;
use crate::locked::locked;
use crate::readers::Readers;

/// States of long aggregates.
///
/// A state is stored in pieces, since sled keeps to its cache's size only with small values.  Its first piece begins
/// with a checksum over all of them.
pub(crate) struct Snapshots {
    tree: sled::Tree,
}

/// Snapshots taken and not yet written, by stream.
#[derive(Default)]
pub(crate) struct Waiting {
    by_stream: HashMap<String, Taken>,
    bytes: usize,
}

#[derive(Clone)]
struct Taken {
    fingerprint: [u8; 32],
    head: Head,
    state: Arc<[u8]>,
}

const MAGIC: [u8; 8] = *b"state/1\n";
const PIECE: usize = 4000;

/// More than this is not kept waiting: the next snapshot comes soon enough.
const WAITING: usize = 64 << 20;

/// Shorter streams have no snapshots.
pub(crate) fn worth_it(version: u64) -> bool {
    version >= 200
}

pub(crate) fn waiting(waiting: &Mutex<Waiting>, stream: &str) -> Option<Arc<[u8]>> {
    locked(waiting).by_stream.get(stream).map(|taken| Arc::clone(&taken.state))
}

pub(crate) fn wait(
    waiting: &Mutex<Waiting>,
    stream: &str,
    fingerprint: [u8; 32],
    head: Head,
    state: Vec<u8>,
) {
    let mut waiting = locked(waiting);
    if waiting.bytes + state.len() <= WAITING {
        waiting.bytes += state.len();
        let taken = Taken { fingerprint, head, state: state.into() };
        if let Some(older) = waiting.by_stream.insert(stream.to_owned(), taken) {
            waiting.bytes -= older.state.len();
        }
    }
}

pub(crate) fn forget(waiting: &Mutex<Waiting>) {
    *locked(waiting) = Waiting::default();
}

impl Snapshots {
    pub(crate) fn of(tree: sled::Tree) -> Self {
        Self { tree }
    }

    /// The state of `stream`, if it was made by the program with this fingerprint from this journal.
    pub(crate) fn find(
        &self,
        stream: &str,
        fingerprint: &[u8; 32],
        readers: &Readers,
    ) -> Result<Option<Arc<[u8]>>, BoxError> {
        let mut bytes = Vec::new();
        for pair in self.tree.scan_prefix(prefix(stream)) {
            bytes.extend_from_slice(&pair?.1);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let Some(record) = Record::read(&bytes) else {
            tracing::warn!(stream, "a damaged snapshot: the aggregate is made from its stream");
            return Ok(None);
        };
        if record.fingerprint != *fingerprint {
            return Ok(None);
        }
        let entry = readers.read(
            || format!("reading position {} of the journal", record.head.position),
            |reader| reader.event(record.head.position),
        )?;
        let ours = entry.is_some_and(|entry| {
            entry.hash == record.hash
                && entry.stream == stream
                && entry.version == record.head.version
        });
        if !ours {
            tracing::warn!(
                stream,
                "a snapshot that is not of this journal: the aggregate is made from its stream"
            );
            return Ok(None);
        }
        Ok(Some(record.state.into()))
    }

    /// Writes what is waiting; answers whether anything was.
    pub(crate) fn write(
        &self,
        waiting: &Mutex<Waiting>,
        readers: &Readers,
    ) -> Result<bool, BoxError> {
        // They stay to be found until they are written.
        let taken: Vec<(String, Taken)> = locked(waiting)
            .by_stream
            .iter()
            .map(|(stream, taken)| (stream.clone(), taken.clone()))
            .collect();
        for (stream, taken) in &taken {
            self.write_one(stream, taken, readers)?;
            let mut waiting = locked(waiting);
            if waiting
                .by_stream
                .get(stream)
                .is_some_and(|now| Arc::ptr_eq(&now.state, &taken.state))
            {
                waiting.by_stream.remove(stream);
                waiting.bytes -= taken.state.len();
            }
        }
        Ok(!taken.is_empty())
    }

    fn write_one(&self, stream: &str, taken: &Taken, readers: &Readers) -> Result<(), BoxError> {
        let Some(hash) = readers.hash_at(taken.head.position)? else {
            return Err("a snapshot of a position the journal does not have".into());
        };
        let Taken { fingerprint, head, ref state } = *taken;
        let bytes = Record { fingerprint, hash, head, state }.to_bytes();
        let prefix = prefix(stream);
        let mut batch = sled::Batch::default();
        for key in self.tree.scan_prefix(&prefix).keys() {
            batch.remove(key?);
        }
        for (piece, number) in bytes.chunks(PIECE).zip(0_u32..) {
            let key = [prefix.as_slice(), &number.to_be_bytes()].concat();
            batch.insert(key, piece);
        }
        Ok(self.tree.apply_batch(batch)?)
    }
}

struct Record<'a> {
    fingerprint: [u8; 32],
    /// The journal's hash at the position of `head`.
    hash: [u8; 32],
    head: Head,
    state: &'a [u8],
}

impl<'a> Record<'a> {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 + 32 + 32 + 16 + self.state.len());
        bytes.extend([0; 32]);
        bytes.extend(MAGIC);
        bytes.extend(self.fingerprint);
        bytes.extend(self.hash);
        bytes.extend(self.head.position.to_le_bytes());
        bytes.extend(self.head.version.to_le_bytes());
        bytes.extend(self.state);
        let checksum = blake3::hash(&bytes[32..]);
        bytes[..32].copy_from_slice(checksum.as_bytes());
        bytes
    }

    fn read(mut bytes: &'a [u8]) -> Option<Self> {
        let from = &mut bytes;
        let checksum: [u8; 32] = take(from)?;
        if checksum != *blake3::hash(from).as_bytes() || take(from)? != MAGIC {
            return None;
        }
        let fingerprint = take(from)?;
        let hash = take(from)?;
        let position = u64::from_le_bytes(take(from)?);
        let version = u64::from_le_bytes(take(from)?);
        Some(Self { fingerprint, hash, head: Head { position, version }, state: from })
    }
}

/// No stream's name contains a zero byte.
fn prefix(stream: &str) -> Vec<u8> {
    [stream.as_bytes(), b"\0"].concat()
}
