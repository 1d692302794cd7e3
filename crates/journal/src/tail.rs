use std::path::Path;

use rusqlite::{CachedStatement, Connection};

use crate::chain::{Chain, Streams, follow_stream};
use crate::table;
use crate::{EntryRef, Failure, Fault, Head};

/// At least so many of the last events are checked on opening, whatever the index covers.
const AT_LEAST: u64 = 512;

/// What the writer needs to go on from where the journal ends.
pub(crate) struct Tail {
    pub(crate) chain: Chain,
    /// The heads of the streams that have events after what the index covers.
    pub(crate) streams: Streams,
}

/// Reads what stands after `covered`, and checks that it fits together: positions, the chain of hashes, time, and each
/// stream's versions.
pub(crate) fn check(connection: &Connection, path: &Path, covered: u64) -> Result<Tail, Failure> {
    let head = table::last(connection, path)?;
    let from = covered.min(head.saturating_sub(AT_LEAST));
    let failed = |source| table::unreadable(path, from, source);
    let damaged = |fault| Failure::Damaged { path: path.to_owned(), fault };

    let mut one = connection.prepare_cached(table::ONE).map_err(failed)?;
    let mut before_stream = connection.prepare_cached(table::ONE).map_err(failed)?;
    let mut chain = Chain::default();
    if from > 0 {
        let start = |entry: &EntryRef<'_>| {
            Chain::after(from, *entry.hash, entry.recorded_at.timestamp_micros())
        };
        chain = at(&mut one, path, from, start)?
            .ok_or_else(|| damaged(Fault::Missing { position: from }))?;
    }

    let mut streams = Streams::new();
    let mut range = connection.prepare_cached(table::RANGE).map_err(failed)?;
    let mut rows = range.query((from.cast_signed(), head.cast_signed())).map_err(failed)?;
    while let Some(row) =
        rows.next().map_err(|source| table::unreadable(path, chain.position, source))?
    {
        let entry = table::entry(row).map_err(|odd| damaged(odd.into()))?;
        let mut first = None;
        chain.follow(&entry, |fault| first = first.take().or(Some(fault)));
        if let Some(fault) = first {
            return Err(damaged(fault));
        }
        let here = Head { position: entry.position, version: entry.version };
        let before = match streams.get_mut(entry.stream) {
            Some(known) => std::mem::replace(known, here),
            None => {
                let before = earlier(&mut before_stream, path, &entry, from)?;
                streams.insert(entry.stream.to_owned(), here);
                before
            }
        };
        if let Some(fault) = follow_stream(before, &entry) {
            return Err(damaged(fault));
        }
    }
    if chain.position != head {
        return Err(damaged(Fault::Missing { position: chain.position + 1 }));
    }
    Ok(Tail { chain, streams })
}

/// The event at `position`, as `f` sees it.
pub(crate) fn at<T>(
    one: &mut CachedStatement<'_>,
    path: &Path,
    position: u64,
    f: impl FnOnce(&EntryRef<'_>) -> T,
) -> Result<Option<T>, Failure> {
    let failed = |source| table::unreadable(path, position.saturating_sub(1), source);
    let mut rows = one.query([position.cast_signed()]).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
    let entry = table::entry(row)
        .map_err(|odd| Failure::Damaged { path: path.to_owned(), fault: odd.into() })?;
    Ok(Some(f(&entry)))
}

/// The head of `entry`'s stream among what is not read on opening: what the row it names says.
fn earlier(
    one: &mut CachedStatement<'_>,
    path: &Path,
    entry: &EntryRef<'_>,
    from: u64,
) -> Result<Head, Failure> {
    let position = entry.previous;
    // The first of its stream; or one that names an event that is read, which is not of this stream: told as such.
    if position == 0 || position > from {
        return Ok(Head::default());
    }
    let version = at(one, path, position, |before| {
        (before.stream == entry.stream).then_some(before.version)
    })?;
    Ok(version.flatten().map_or_else(Head::default, |version| Head { position, version }))
}
