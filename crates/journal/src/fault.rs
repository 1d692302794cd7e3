use thiserror::Error;

/// One thing in a journal that does not fit.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    #[error("after position {after} comes {found}: the events between are missing")]
    Gap { after: u64, found: u64 },

    #[error("event {position} is missing")]
    Missing { position: u64 },

    #[error(
        "event {position} does not match its hash: it, or the hash of the event before it, was changed after it was recorded"
    )]
    Hash { position: u64 },

    #[error(
        "event {position} is version {found} of stream {stream:?}, where version {expected} would be next"
    )]
    Version { position: u64, stream: String, expected: u64, found: u64 },

    #[error(
        "event {position} names {found} as the event before it in stream {stream:?}, but that is {expected}"
    )]
    Previous { position: u64, stream: String, expected: u64, found: u64 },

    #[error("event {position} was recorded before the event at the position before it")]
    Time { position: u64 },

    #[error("the payload of event {position} is not JSON: {why}")]
    Payload { position: u64, why: String },

    #[error("event {position} cannot be read: {why}")]
    Row { position: u64, why: String },

    #[error("the file cannot be read after position {after}: {why}")]
    Page { after: u64, why: String },

    #[error("the file's structure is damaged: {why}")]
    Structure { why: String },
}

impl Fault {
    /// The position at which it was noticed; for a gap or an unreadable page the last position before it.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        match *self {
            Self::Gap { after, .. } | Self::Page { after, .. } => Some(after),
            Self::Missing { position }
            | Self::Hash { position }
            | Self::Version { position, .. }
            | Self::Previous { position, .. }
            | Self::Time { position }
            | Self::Payload { position, .. }
            | Self::Row { position, .. } => Some(position),
            Self::Structure { .. } => None,
        }
    }
}
