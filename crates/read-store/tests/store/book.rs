//! A journal to read from, and events to write into it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use journal::{Append, Journal, NewEvent, NoHeads, Reader};
use kernel::{
    Cell, EventId, Grade, Outcome, Progress8, RecordType, Release, SchoolKind, Source, Urn,
};
use projections::{Event, Window};
use read_store::{Failure, Over, Seen};
use schools::school::{Event as School, Inspection};
use schools::{Details, Figures, Phase, Register, Results};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A journal in a folder of its own, with the read models beside it.
pub(crate) struct Book {
    folder: TempDir,
    journal: Journal,
    runtime: Runtime,
    versions: HashMap<String, u64>,
    recorded_at: DateTime<Utc>,
}

impl Book {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal =
            Journal::open(&folder.path().join("journal.sqlite"), Arc::new(NoHeads)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let recorded_at = day("2026-01-01").and_hms_opt(8, 0, 0).unwrap().and_utc();
        Self { folder, journal, runtime, versions: HashMap::new(), recorded_at }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn read_models(&self) -> PathBuf {
        self.folder.path().join("read-models.sqlite")
    }

    pub(crate) fn reader(&self) -> Reader {
        self.journal.reader().unwrap()
    }

    /// A file apart that shows what `window` lets through, to the end.
    pub(crate) fn replay(&self, into: &Path, window: Window) -> Result<Seen, Failure> {
        let to_the_end = |_| ControlFlow::Continue(());
        read_store::replay(&self.reader(), into, window, Over::AnEarlierReplay, &to_the_end)
    }

    pub(crate) fn head(&self) -> u64 {
        self.journal.head()
    }

    /// When the event at `position` was recorded: a minute after the one before.
    pub(crate) fn recorded_at(&self, position: u64) -> DateTime<Utc> {
        day("2026-01-01").and_hms_opt(8, 0, 0).unwrap().and_utc()
            + TimeDelta::minutes(i64::try_from(position).unwrap())
    }

    pub(crate) fn write(&mut self, events: impl IntoIterator<Item = Event>) {
        let texts: Vec<_> = events.into_iter().map(|event| text_of(&event)).collect();
        self.write_texts(texts.into_iter());
    }

    pub(crate) fn write_texts(&mut self, texts: impl Iterator<Item = (String, String)>) {
        const AT_ONCE: usize = 1_024;
        let mut texts = texts.peekable();
        while texts.peek().is_some() {
            let appends: Vec<Append> = texts
                .by_ref()
                .take(AT_ONCE)
                .map(|(stream, payload)| self.append(stream, payload))
                .collect();
            self.runtime.block_on(async {
                let waiting: Vec<_> = appends
                    .into_iter()
                    .map(|append| {
                        tokio::spawn({
                            let journal = self.journal.clone();
                            async move { journal.append(append).await }
                        })
                    })
                    .collect();
                for appended in waiting {
                    appended.await.unwrap().unwrap();
                }
            });
        }
    }

    fn append(&mut self, stream: String, payload: String) -> Append {
        let version = self.versions.entry(stream.clone()).or_default();
        let expected = *version;
        *version += 1;
        self.recorded_at += TimeDelta::minutes(1);
        let id = EventId::mint().uuid();
        Append {
            stream,
            expected,
            recorded_at: self.recorded_at,
            actor: "office".into(),
            command: id,
            correlation: id,
            causation: None,
            events: vec![NewEvent {
                event_type: "Told".into(),
                schema: 1,
                id,
                effective_on: self.recorded_at.date_naive(),
                payload,
            }],
        }
    }
}

/// The stream and the JSON text of an event.
pub(crate) fn text_of(event: &Event) -> (String, String) {
    match event {
        Event::School(urn, event) => (format!("schools.school.{urn}"), json(event)),
        Event::NationalData(id, event) => (format!("schools.national_data.{id}"), json(event)),
        Event::Criteria(year, event) => (format!("membership.criteria.{year}"), json(event)),
        Event::Review(year, event) => (format!("membership.review.{year}"), json(event)),
        Event::Fee(year, event) => (format!("membership.fee.{year}"), json(event)),
        Event::Membership(urn, event) => (format!("membership.membership.{urn}"), json(event)),
        Event::Ledger(year, event) => (format!("billing.ledger.{year}"), json(event)),
        Event::Issuer(event) => ("billing.issuer.office".to_owned(), json(event)),
        Event::Customer(urn, event) => (format!("billing.customer.{urn}"), json(event)),
        Event::Calendar(event) => ("routine.calendar.london".to_owned(), json(event)),
        Event::Parked(urn, event) => (format!("routine.parked.{urn}"), json(event)),
        Event::Letter(letter, event) => (format!("letters.letter.{letter}"), json(event)),
        Event::Person(id, event) => (format!("contacts.person.{id}"), json(event)),
    }
}

fn json<T: serde::Serialize>(event: &T) -> String {
    serde_json::to_string(event).unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

pub(crate) fn source(line: u64) -> Source {
    Source { file: "england_ks4final.csv".into(), sha256: "0123456789ab".into(), line }
}

pub(crate) fn scored(hundredths: i32) -> Figures {
    let cell = |hundredths| Some(Cell::Published(Progress8::from_hundredths(hundredths)));
    Figures {
        progress8: cell(hundredths),
        lower: cell(hundredths - 19),
        upper: cell(hundredths + 19),
        pupils: Some(Cell::Published(180)),
    }
}

pub(crate) fn results(release: Release, hundredths: i32, line: u64) -> Results {
    Results {
        release,
        figures: scored(hundredths),
        kind: Some(SchoolKind::ACC),
        record_type: Some(RecordType::Mainstream),
        public_from: release.year.final_public_from(),
        source: source(line),
    }
}

pub(crate) fn inspection(on: NaiveDate, grade: Grade, line: u64) -> Inspection {
    Inspection {
        inspected_on: on,
        published_on: Some(on + Days::new(20)),
        outcome: Outcome::Overall(grade),
        also_printed: None,
        source: source(line),
    }
}

pub(crate) fn registered(name: &str, details: Details) -> School {
    School::SchoolRegistered {
        details: Details {
            name: Some(name.into()),
            phase: details.phase.or(Some(Phase::Secondary)),
            status: details.status.or(Some(Register::Open)),
            kind: details.kind.or(Some(SchoolKind::ACC)),
            ..details
        },
        public_from: day("2018-01-01"),
        source: source(2),
    }
}
