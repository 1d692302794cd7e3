use std::error::Error;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Any error of a part the journal is given.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// One recorded event, exactly a row of the table `events`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its place in the journal: dense, from 1.
    pub position: u64,
    /// `<context>.<aggregate>.<id>`, for example `schools.school.100003`.
    pub stream: String,
    /// Its place in its stream: dense, from 1.
    pub version: u64,
    /// The position of the stream's event before this one; 0 when this is the first.
    pub previous: u64,
    /// Past tense with its noun: `OfstedDowngraded`.
    pub event_type: String,
    /// The version of the payload's shape, from 1.
    pub schema: u16,
    /// The event's own id (v7).
    pub id: Uuid,
    /// When it was recorded, in whole microseconds; never goes back along the journal.
    pub recorded_at: DateTime<Utc>,
    /// From which day on it is true in the world.
    pub effective_on: NaiveDate,
    /// Who asked for it.
    pub actor: String,
    /// The command that asked for it.
    pub command: Uuid,
    /// The first wish that this followed from, however far back.
    pub correlation: Uuid,
    /// The event that made somebody ask for this one, if an event did.
    pub causation: Option<Uuid>,
    /// JSON text.
    pub payload: String,
    /// BLAKE3 over the hash of the row before and every field of this row (`docs/journal.md` has the bytes).
    pub hash: [u8; 32],
}

/// An [`Entry`] still lying in the row it was read from: nothing is copied.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EntryRef<'a> {
    pub position: u64,
    pub stream: &'a str,
    pub version: u64,
    pub previous: u64,
    pub event_type: &'a str,
    pub schema: u16,
    pub id: Uuid,
    pub recorded_at: DateTime<Utc>,
    pub effective_on: NaiveDate,
    pub actor: &'a str,
    pub command: Uuid,
    pub correlation: Uuid,
    pub causation: Option<Uuid>,
    pub payload: &'a str,
    pub hash: &'a [u8; 32],
}

/// One event that wishes to be recorded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewEvent {
    pub event_type: String,
    pub schema: u16,
    pub id: Uuid,
    pub effective_on: NaiveDate,
    /// JSON text.
    pub payload: String,
}

/// One command's events: all or nothing, in one stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Append {
    pub stream: String,
    /// The version of the stream's last event as the command saw it; 0 when there is no stream yet.
    pub expected: u64,
    pub recorded_at: DateTime<Utc>,
    pub actor: String,
    pub command: Uuid,
    pub correlation: Uuid,
    pub causation: Option<Uuid>,
    pub events: Vec<NewEvent>,
}

/// Where an [`Append`] was recorded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Appended {
    /// Position of its first event.
    pub first: u64,
    /// Position of its last event.  (An append of no events answers the stream's head, or 0, in both.)
    pub last: u64,
    /// Version of the stream after it.
    pub version: u64,
}

/// A stream's last event; zeros when there is no stream.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Head {
    pub position: u64,
    pub version: u64,
}

/// Where the heads of streams that did not change lately are found.  The journal itself keeps in memory the heads of
/// everything after `covered()`, and finds them by reading on opening.
pub trait Heads: Send + Sync {
    /// The position up to which `find` knows every stream's head.
    fn covered(&self) -> u64;

    /// The stream's head among the events up to `covered()`, or later.
    ///
    /// # Errors
    /// Whatever keeps the index from answering.
    fn find(&self, stream: &str) -> Result<Option<Head>, BoxError>;
}

/// No index: everything is read on opening.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHeads;

impl Heads for NoHeads {
    fn covered(&self) -> u64 {
        0
    }

    fn find(&self, _: &str) -> Result<Option<Head>, BoxError> {
        Ok(None)
    }
}

impl EntryRef<'_> {
    /// A copy that outlives the row.
    #[must_use]
    pub fn to_entry(&self) -> Entry {
        Entry {
            position: self.position,
            stream: self.stream.to_owned(),
            version: self.version,
            previous: self.previous,
            event_type: self.event_type.to_owned(),
            schema: self.schema,
            id: self.id,
            recorded_at: self.recorded_at,
            effective_on: self.effective_on,
            actor: self.actor.to_owned(),
            command: self.command,
            correlation: self.correlation,
            causation: self.causation,
            payload: self.payload.to_owned(),
            hash: *self.hash,
        }
    }
}
