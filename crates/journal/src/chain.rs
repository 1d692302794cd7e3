use std::collections::HashMap;

use crate::table::iso_day;
use crate::{EntryRef, Fault, Head};

/// The end of the chain so far, against which the next event is held.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    pub(crate) position: u64,
    pub(crate) hash: [u8; 32],
    /// Microseconds.
    pub(crate) recorded_at: i64,
    /// What comes next cannot be held against its hash: the event before it is not known.
    broken: bool,
    bytes: Vec<u8>,
}

/// The heads of streams, against which each stream's next event is held.
pub(crate) type Streams = HashMap<String, Head>;

impl Chain {
    /// A chain whose event at `position` is known (0: the beginning).
    pub(crate) fn after(position: u64, hash: [u8; 32], recorded_at: i64) -> Self {
        Self { position, hash, recorded_at, ..Self::default() }
    }

    /// The hash of `entry` as the next event.
    pub(crate) fn next_hash(&mut self, entry: &EntryRef<'_>) -> [u8; 32] {
        self.bytes.clear();
        spell(&self.hash, entry, &mut self.bytes);
        *blake3::hash(&self.bytes).as_bytes()
    }

    /// Goes on to `entry`, and tells what does not fit.  However wrong it is, it is what the next is held against, so
    /// that one fault is told once.
    pub(crate) fn follow(&mut self, entry: &EntryRef<'_>, mut fault: impl FnMut(Fault)) {
        let position = entry.position;
        let recorded_at = entry.recorded_at.timestamp_micros();
        if position != self.position + 1 {
            fault(Fault::Gap { after: self.position, found: position });
        } else if !self.broken && self.next_hash(entry) != *entry.hash {
            fault(Fault::Hash { position });
        }
        if recorded_at < self.recorded_at {
            fault(Fault::Time { position });
        }
        *self = Self {
            position,
            hash: *entry.hash,
            recorded_at,
            broken: false,
            bytes: std::mem::take(&mut self.bytes),
        };
    }

    /// Goes on past an event that cannot be read.
    pub(crate) fn skip(&mut self, position: u64) {
        self.position = position;
        self.broken = true;
    }
}

/// Holds `entry` against the event before it in its stream, whose head `before` is.
pub(crate) fn follow_stream(before: Head, entry: &EntryRef<'_>) -> Option<Fault> {
    let (position, stream) = (entry.position, || entry.stream.to_owned());
    if entry.version != before.version + 1 {
        let (expected, found) = (before.version + 1, entry.version);
        return Some(Fault::Version { position, stream: stream(), expected, found });
    }
    if entry.previous != before.position {
        let (expected, found) = (before.position, entry.previous);
        return Some(Fault::Previous { position, stream: stream(), expected, found });
    }
    None
}

/// The bytes that are hashed: fixed fields first, each text with its length before it, so that no two events spell
/// the same.  `docs/journal.md` says this for other languages; the format number stands for it.
fn spell(previous: &[u8; 32], entry: &EntryRef<'_>, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(previous);
    let numbers = [entry.position, entry.version, entry.previous, u64::from(entry.schema)];
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&entry.recorded_at.timestamp_micros().to_le_bytes());
    // A day that has no such form is refused before it comes here, and read from no row.
    bytes.extend_from_slice(&iso_day(entry.effective_on).unwrap_or_default());
    for id in [entry.id, entry.command, entry.correlation] {
        bytes.extend_from_slice(id.as_bytes());
    }
    bytes.push(u8::from(entry.causation.is_some()));
    bytes.extend_from_slice(entry.causation.unwrap_or_default().as_bytes());
    for text in [entry.stream, entry.event_type, entry.actor, entry.payload] {
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};
    use uuid::Uuid;

    use super::*;

    fn entry() -> EntryRef<'static> {
        EntryRef {
            position: 1,
            stream: "schools.school.100003",
            version: 1,
            previous: 0,
            event_type: "SchoolRegistered",
            schema: 1,
            id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
            recorded_at: DateTime::from_timestamp_micros(1_554_076_800_000_001).unwrap(),
            effective_on: NaiveDate::from_ymd_opt(2019, 4, 1).unwrap(),
            actor: "import",
            command: Uuid::from_u128(2),
            correlation: Uuid::from_u128(3),
            causation: None,
            payload: r#"{"SchoolRegistered":{"name":"Bishop’s Park"}}"#,
            hash: &[0; 32],
        }
    }

    #[test]
    fn every_field_counts_in_the_hash() {
        let of = |entry: &EntryRef<'_>| Chain::default().next_hash(entry);
        let plain = of(&entry());
        let one = Uuid::from_u128(1);
        let variations = [
            EntryRef { position: 2, ..entry() },
            EntryRef { stream: "schools.school.100004", ..entry() },
            EntryRef { version: 2, ..entry() },
            EntryRef { previous: 1, ..entry() },
            EntryRef { event_type: "SchoolClosed", ..entry() },
            EntryRef { schema: 2, ..entry() },
            EntryRef { id: one, ..entry() },
            EntryRef { recorded_at: DateTime::from_timestamp_micros(0).unwrap(), ..entry() },
            EntryRef { effective_on: NaiveDate::MIN, ..entry() },
            EntryRef { actor: "", ..entry() },
            EntryRef { command: one, ..entry() },
            EntryRef { correlation: one, ..entry() },
            EntryRef { causation: Some(Uuid::nil()), ..entry() },
            EntryRef { payload: "{}", ..entry() },
            // The same letters, divided otherwise.
            EntryRef { stream: "schools.school.100003SchoolReg", event_type: "istered", ..entry() },
        ];
        for varied in variations {
            assert_ne!(of(&varied), plain, "{varied:?}");
        }
        assert_ne!(
            Chain::after(0, [1; 32], 0).next_hash(&entry()),
            plain,
            "and the hash of the row before"
        );
        assert_eq!(of(&EntryRef { hash: &[9; 32], ..entry() }), plain, "but not the hash itself");
    }

    /// Computed by the recipe in `docs/journal.md` in another language: changed only together with the format number.
    #[test]
    fn the_hash_is_the_one_documented() {
        let hash = Chain::default().next_hash(&entry());
        assert_eq!(
            blake3::Hash::from_bytes(hash).to_hex().as_str(),
            "0bbe378f9e58020629ddb9f4d2badd9fc015ed2e43e41ea25c575339cf5f62a4"
        );
    }

    #[test]
    fn each_fault_of_the_chain_is_told_once() {
        let mut chain = Chain::default();
        let hash = chain.next_hash(&entry());
        let first = EntryRef { hash: &hash, ..entry() };
        let mut faults = Vec::new();
        chain.follow(&first, |fault| faults.push(fault));
        assert_eq!(faults, []);

        let mut broken = chain.clone();
        broken.follow(&EntryRef { position: 2, ..entry() }, |fault| faults.push(fault));
        assert_eq!(faults, [Fault::Hash { position: 2 }]);

        faults.clear();
        let earlier = DateTime::from_timestamp_micros(1_554_076_800_000_000).unwrap();
        chain.follow(&EntryRef { position: 4, recorded_at: earlier, ..entry() }, |fault| {
            faults.push(fault);
        });
        assert_eq!(faults, [Fault::Gap { after: 1, found: 4 }, Fault::Time { position: 4 }]);
    }

    #[test]
    fn a_stream_is_followed_by_version_and_by_position() {
        let stream = || entry().stream.to_owned();
        assert_eq!(follow_stream(Head::default(), &entry()), None);
        assert_eq!(
            follow_stream(
                Head { position: 7, version: 3 },
                &EntryRef { position: 9, version: 5, ..entry() }
            ),
            Some(Fault::Version { position: 9, stream: stream(), expected: 4, found: 5 })
        );
        assert_eq!(
            follow_stream(
                Head { position: 7, version: 3 },
                &EntryRef { position: 9, version: 4, previous: 6, ..entry() }
            ),
            Some(Fault::Previous { position: 9, stream: stream(), expected: 7, found: 6 })
        );
    }
}
