//! What the tests tell their stories with.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use journal::{Append, Entry, Fault, Journal, NewEvent, NoHeads, Reader, verify};
use uuid::Uuid;

/// A moment in the life of the office, `seconds` after nine on 1 April 2018.
pub(crate) fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_522_573_200_000_000).unwrap() + TimeDelta::seconds(seconds)
}

/// `count` events for `stream`, as a command saw it at version `expected`.  No two are alike.
pub(crate) fn append(stream: &str, expected: u64, count: u64) -> Append {
    let id = |salt: u64, version: u64| {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{stream} {version} {salt}").as_bytes())
    };
    let events = (expected + 1..=expected + count).map(|version| NewEvent {
        event_type: if version == 1 { "SchoolRegistered" } else { "ResultsPublished" }.to_owned(),
        schema: 1,
        id: id(0, version),
        effective_on: NaiveDate::from_ymd_opt(2018, 1, 31).unwrap(),
        payload: format!(r#"{{"ResultsPublished":{{"of":"{stream}","version":{version},"progress8":27,"note":"Bishop’s Park"}}}}"#),
    });
    Append {
        stream: stream.to_owned(),
        expected,
        recorded_at: moment(0),
        actor: "import".to_owned(),
        command: id(1, expected),
        correlation: id(2, expected),
        causation: expected.is_multiple_of(2).then(|| id(3, expected)),
        events: events.collect(),
    }
}

pub(crate) fn open(path: &Path) -> Journal {
    Journal::open(path, Arc::new(NoHeads)).unwrap()
}

pub(crate) fn everything(reader: &Reader) -> Vec<Entry> {
    let mut all = Vec::new();
    reader.read(0, usize::MAX, &mut all).unwrap();
    all
}

pub(crate) fn faults(path: &Path) -> Vec<Fault> {
    verify(path, &mut |_, _| {}).unwrap().faults
}

/// Appends `count` events one by one over a few streams, and answers what was recorded.
pub(crate) async fn busy_day(journal: &Journal, count: u64) -> Vec<Entry> {
    for number in 0..count {
        let stream = format!("schools.school.10{:04}", number * 7 % 13);
        let head = journal.stream_head(&stream).unwrap();
        journal.append(append(&stream, head.version, 1)).await.unwrap();
    }
    everything(&journal.reader().unwrap())
}

/// A small generator, so that a failing round can be run again from its seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
