//! A journal with a history, and the stream it should have become.

use std::collections::HashMap;
use std::sync::Arc;

use async_nats::jetstream;
use bus::{Emission, Keeping};
use chrono::{DateTime, TimeDelta, Utc};
use journal::{Append, Entry, Journal, NewEvent, NoHeads};
use kernel::{CommandId, EventId};
use subscriber::{Access, Client, Envelope};

/// A journal in a folder of its own, of schools that are told about again and again.
pub(crate) struct History {
    journal: Journal,
    /// The number of the last event, which is its position, and its minute.
    told: u64,
    /// Of the schools' streams.
    versions: HashMap<u64, u64>,
    /// Dropped after the journal, which lies in it.
    _folder: tempfile::TempDir,
}

const SCHOOLS: u64 = 50;

/// Up to so many events, each is an append of its own; otherwise so many are one append.
const FEW: u64 = 500;
const AT_ONCE: u64 = 100;

impl History {
    pub(crate) fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal =
            Journal::open(&folder.path().join("journal.sqlite"), Arc::new(NoHeads)).unwrap();
        Self { journal, told: 0, versions: HashMap::new(), _folder: folder }
    }

    /// So many events more, each of the school after; many at once are told of one school for a while.  Answers the last
    /// position, which is also the last number.
    pub(crate) async fn tell(&mut self, events: u64) -> u64 {
        let at_once = if events > FEW { AT_ONCE } else { 1 };
        let upto = self.told + events;
        while self.told < upto {
            let school = 100_000 + (self.told / at_once + 1) % SCHOOLS;
            let version = self.versions.entry(school).or_default();
            let numbers: Vec<u64> = (self.told + 1..=upto.min(self.told + at_once)).collect();
            self.journal.append(append(school, *version, &numbers)).await.unwrap();
            *version += numbers.len() as u64;
            self.told += numbers.len() as u64;
        }
        self.journal.head()
    }

    /// Emits all of it, as whoever `access` is.
    pub(crate) async fn emit(&self, access: &Access) {
        let head = self.journal.head();
        let client = access.connect().await.unwrap();
        let emission =
            Emission::new(self.reader(), self.journal.watch(), client, Keeping::default());
        let mut emitted = emission.watch();
        let task = tokio::spawn(emission.run(std::future::pending()));
        let ended = emitted.wait_for(|now| now.position == Some(head) || now.trouble.is_some());
        assert_eq!(ended.await.unwrap().trouble, None);
        task.abort();
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn reader(&self) -> journal::Reader {
        self.journal.reader().unwrap()
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut entries = vec![];
        self.reader().read(0, 10_000_000, &mut entries).unwrap();
        entries
    }
}

/// Things that happened to a school, a minute apart.
fn append(school: u64, expected: u64, numbers: &[u64]) -> Append {
    let at = |number: &u64| beginning() + TimeDelta::minutes(*number as i64);
    let recorded_at = at(numbers.last().unwrap());
    let command = CommandId::mint().uuid();
    let event = |number: &u64| NewEvent {
        event_type: if number.is_multiple_of(3) { "SchoolClosed" } else { "SchoolListed" }
            .to_owned(),
        schema: 1,
        id: EventId::mint().uuid(),
        effective_on: at(number).date_naive(),
        payload: format!(r#"{{"Told":{{"number":{number}}}}}"#),
    };
    Append {
        stream: format!("schools.school.{school}"),
        expected,
        recorded_at,
        actor: "office".to_owned(),
        command,
        correlation: command,
        causation: None,
        events: numbers.iter().map(event).collect(),
    }
}

pub(crate) fn beginning() -> DateTime<Utc> {
    "2018-02-01T09:00:00Z".parse().unwrap()
}

/// Every message of the stream, in its order.
pub(crate) async fn stream(url: &str) -> Vec<(u64, Envelope, String)> {
    let client = client(url).await;
    let mut stream = jetstream::new(client).get_stream(subscriber::STREAM).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    let mut found = vec![];
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream.direct_get(sequence).await.unwrap();
        let envelope = Envelope::of_headers(&message.headers, sequence).unwrap();
        found.push((sequence, envelope, String::from_utf8(message.payload.to_vec()).unwrap()));
    }
    found
}

pub(crate) async fn client(url: &str) -> Client {
    Access::to(url, "tests").connect().await.unwrap()
}

/// The stream holds exactly what the journal does, in its order.
#[track_caller]
pub(crate) fn assert_is(stream: &[(u64, Envelope, String)], entries: &[Entry]) {
    assert_eq!(stream.len(), entries.len(), "events in the stream and in the journal");
    for ((sequence, envelope, payload), entry) in stream.iter().zip(entries) {
        assert_eq!(
            *sequence - stream[0].0 + 1,
            entry.position,
            "the stream's order is the journal's"
        );
        assert_eq!((envelope.position, envelope.id), (entry.position, entry.id));
        assert_eq!((&envelope.stream, envelope.version), (&entry.stream, entry.version));
        assert_eq!((&envelope.event_type, payload), (&entry.event_type, &entry.payload));
        assert_eq!(envelope.recorded_at, entry.recorded_at);
    }
}
