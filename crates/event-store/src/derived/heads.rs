use std::collections::BTreeMap;

use journal::{BoxError, Head};

use super::bytes::take;

/// The last event of every stream, up to a position.
///
/// A wrong head would let a command build on the wrong version, and sled may lose any write it was given.  So streams
/// are kept in 4,096 buckets, one value each, and the root says what all of them must add up to: after a loss they do
/// not, and the whole index is made anew.  Writing buckets whole is also many times cheaper than a key for each stream.
pub(crate) struct HeadIndex {
    tree: sled::Tree,
}

/// The record beside the buckets, written in the same batch.
struct Root {
    covered: u64,
    /// The journal's hash at that position.
    hash: [u8; 32],
    /// All buckets' digests, combined.
    sum: u128,
}

/// One stream in a bucket: the first half of its name's hash, its head's position and version.
const WIDTH: usize = 16 + 8 + 8;
const ROOT: &[u8] = b"root";
const MAGIC: [u8; 8] = *b"heads/1\n";

type Key = [u8; 16];

impl HeadIndex {
    pub(crate) fn of(tree: sled::Tree) -> Self {
        Self { tree }
    }

    /// The position covered, after reading everything: 0 when the index is empty.
    ///
    /// # Errors
    /// The index is damaged, or the journal's hash there (which `hash_at` tells) is another.
    pub(crate) fn check(
        &self,
        hash_at: impl FnOnce(u64) -> Result<Option<[u8; 32]>, BoxError>,
    ) -> Result<u64, BoxError> {
        let root = self.root()?;
        let mut sum = 0;
        for pair in &self.tree {
            let (key, value) = pair?;
            if key != ROOT {
                sum ^= digest(&key, &value);
            }
        }
        let Some(root) = root else {
            return if sum == 0 { Ok(0) } else { Err("heads without their root".into()) };
        };
        if root.sum != sum {
            return Err("some of the heads are missing or changed".into());
        }
        if hash_at(root.covered)? != Some(root.hash) {
            return Err("the heads are not those of this journal".into());
        }
        Ok(root.covered)
    }

    pub(crate) fn find(&self, stream: &str) -> Result<Option<Head>, BoxError> {
        let key = key(stream);
        let Some(bucket) = self.tree.get(bucket(&key))? else { return Ok(None) };
        let rows = rows(&bucket)?;
        let found = rows.binary_search_by(|row| row[..16].cmp(&key));
        Ok(found.ok().and_then(|at| read_row(&rows[at])).map(|(_, head)| head))
    }

    /// Takes the heads in `changed`, after which every head up to `covered` is known.
    pub(crate) fn write(
        &self,
        covered: u64,
        hash: &[u8; 32],
        changed: &[(String, Head)],
    ) -> Result<(), BoxError> {
        let mut buckets: BTreeMap<[u8; 2], BTreeMap<Key, Head>> = BTreeMap::new();
        for (stream, head) in changed {
            let key = key(stream);
            buckets.entry(bucket(&key)).or_default().insert(key, *head);
        }
        let mut sum = self.root()?.map_or(0, |root| root.sum);
        let mut batch = sled::Batch::default();
        for (bucket, changed) in buckets {
            let old = self.tree.get(bucket)?;
            if let Some(old) = &old {
                sum ^= digest(&bucket, old);
            }
            let new = merged(old.as_deref().unwrap_or_default(), changed)?;
            sum ^= digest(&bucket, &new);
            batch.insert(&bucket, new);
        }
        batch.insert(ROOT, Root { covered, hash: *hash, sum }.to_bytes());
        Ok(self.tree.apply_batch(batch)?)
    }

    fn root(&self) -> Result<Option<Root>, BoxError> {
        let Some(bytes) = self.tree.get(ROOT)? else { return Ok(None) };
        Ok(Some(Root::read(&bytes).ok_or("the root of the heads cannot be read")?))
    }
}

impl Root {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.covered.to_le_bytes());
        bytes.extend(self.hash);
        bytes.extend(self.sum.to_le_bytes());
        bytes
    }

    fn read(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let magic = take(from)?;
        let covered = u64::from_le_bytes(take(from)?);
        let hash = take(from)?;
        let sum = u128::from_le_bytes(take(from)?);
        (magic == MAGIC && from.is_empty()).then_some(Self { covered, hash, sum })
    }
}

fn key(stream: &str) -> Key {
    take(&mut blake3::hash(stream.as_bytes()).as_bytes().as_slice()).unwrap_or_default()
}

/// The first 12 bits of the key.
fn bucket(key: &Key) -> [u8; 2] {
    [key[0], key[1] & 0xf0]
}

fn digest(bucket: &[u8], rows: &[u8]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(bucket);
    hasher.update(rows);
    let hash = hasher.finalize();
    u128::from_le_bytes(take(&mut hash.as_bytes().as_slice()).unwrap_or_default())
}

fn rows(bucket: &[u8]) -> Result<&[[u8; WIDTH]], BoxError> {
    match bucket.as_chunks() {
        (rows, []) => Ok(rows),
        _ => Err("a bucket of heads is cut short".into()),
    }
}

fn read_row(mut row: &[u8]) -> Option<(Key, Head)> {
    let key = take(&mut row)?;
    let position = u64::from_le_bytes(take(&mut row)?);
    let version = u64::from_le_bytes(take(&mut row)?);
    Some((key, Head { position, version }))
}

/// The rows of `old` with those of `changed` in or instead of them, in order of their keys.
fn merged(old: &[u8], mut changed: BTreeMap<Key, Head>) -> Result<Vec<u8>, BoxError> {
    for (key, head) in rows(old)?.iter().filter_map(|row| read_row(row)) {
        changed.entry(key).or_insert(head);
    }
    let mut bytes = Vec::with_capacity(changed.len() * WIDTH);
    for (key, Head { position, version }) in changed {
        bytes.extend(key);
        bytes.extend(position.to_le_bytes());
        bytes.extend(version.to_le_bytes());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: [u8; 32] = [7; 32];

    fn index() -> HeadIndex {
        let db = sled::Config::new().temporary(true).open().unwrap();
        HeadIndex::of(db.open_tree("heads").unwrap())
    }

    fn heads(streams: u64, version: u64) -> Vec<(String, Head)> {
        let head = |n| Head { position: 1000 * version + n, version };
        (0..streams).map(|n| (format!("tests.purse.{n}"), head(n))).collect()
    }

    fn check(index: &HeadIndex) -> Result<u64, String> {
        index.check(|_| Ok(Some(HASH))).map_err(|error| error.to_string())
    }

    #[test]
    fn every_stream_is_found_with_its_newest_head() {
        let index = index();
        assert_eq!(check(&index), Ok(0));
        index.write(2000, &HASH, &heads(900, 1)).unwrap();
        index.write(3000, &HASH, &heads(300, 2)).unwrap();
        assert_eq!(check(&index), Ok(3000));
        for (stream, head) in heads(300, 2).iter().chain(&heads(900, 1)[300..]) {
            assert_eq!(index.find(stream).unwrap(), Some(*head), "{stream}");
        }
        assert_eq!(index.find("tests.purse.900").unwrap(), None);
    }

    #[test]
    fn any_record_that_is_lost_or_older_is_noticed() {
        let index = index();
        index.write(2000, &HASH, &heads(40, 1)).unwrap();
        let older: Vec<_> = index.tree.iter().map(Result::unwrap).collect();
        index.write(3000, &HASH, &heads(40, 2)).unwrap();
        assert_eq!(check(&index), Ok(3000));
        for (key, older) in older {
            let newer = index.tree.insert(&key, older).unwrap().unwrap();
            assert!(check(&index).is_err(), "an older {key:?}");
            index.tree.remove(&key).unwrap();
            assert!(check(&index).is_err(), "no {key:?}");
            index.tree.insert(&key, &newer[..newer.len() - 1]).unwrap();
            assert!(check(&index).is_err(), "a short {key:?}");
            index.tree.insert(&key, newer).unwrap();
        }
        assert_eq!(check(&index), Ok(3000));
    }

    #[test]
    fn heads_of_another_journal_are_not_believed() {
        let index = index();
        index.write(2000, &HASH, &heads(3, 1)).unwrap();
        assert!(index.check(|_| Ok(Some([8; 32]))).is_err());
        assert!(index.check(|_| Ok(None)).is_err(), "nor of a longer one");
    }
}
