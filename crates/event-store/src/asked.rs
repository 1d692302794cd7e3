use chrono::NaiveDate;
use kernel::{CommandId, EventId};

use crate::Failure;

/// Who asks, under which id, and why: what the events will say about their own making.
#[derive(Clone, Debug)]
pub struct Asked {
    pub command: CommandId,
    /// Who is answerable, as the record will name them.
    pub actor: String,
    /// The wish at the beginning of the chain; absent: this one.
    pub correlation: Option<CommandId>,
    /// The event this wish answers.
    pub causation: Option<EventId>,
    /// The first day on which the events hold, for those that do not know it themselves.
    pub effective_on: NaiveDate,
}

/// What came of a command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Done {
    /// Of its last event; of the stream's last event when nothing happened.  A reader that has reached this position
    /// has seen it.
    pub position: u64,
    /// Version of the stream with it; 0: the stream has no events.
    pub version: u64,
    /// Empty when the wish was fulfilled already.
    pub events: Vec<EventId>,
    /// The answer to this command id was given before, and this is that answer.
    pub repeated: bool,
}

/// Why there is no [`Done`].
#[derive(Debug, thiserror::Error)]
pub enum Error<R> {
    /// The aggregate says no, in the words of its context.
    #[error("{0}")]
    Refused(R),
    /// Other writers were ahead at every attempt.  Asking again is safe.
    #[error("{stream} changed under this command at every attempt: ask again")]
    Conflict { stream: String },
    #[error(transparent)]
    Failure(#[from] Failure),
}
