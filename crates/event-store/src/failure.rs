/// An operation that could not be done.  The cause is in `source`.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("`{id}` cannot name a {kind}: an id is 1 to 128 letters, digits, `-` or `_`")]
    BadId { kind: &'static str, id: String },
    #[error(
        "reading {event_type} at position {position}, version {version} of {stream}, as one of its events"
    )]
    Undecodable {
        stream: String,
        version: u64,
        position: u64,
        event_type: String,
        source: serde_json::Error,
    },
    #[error(
        "reading {stream}: version {expected} should follow, and version {found} does, at position {position}"
    )]
    OutOfOrder { stream: String, expected: u64, found: u64, position: u64 },
    #[error("writing {event_type} of {stream} as JSON")]
    Unwritable { stream: String, event_type: String, source: serde_json::Error },
    #[error(
        "writing {event_type} of {stream}: its shape is called `{said}`, which should be a whole number from 1 to 65535"
    )]
    BadSchema { stream: String, event_type: String, said: String },
    #[error("{operation}")]
    Journal { operation: String, source: journal::Failure },
    #[error("starting the thread that writes what is derived in {directory}")]
    Thread { directory: String, source: std::io::Error },
    #[error("making the directory {directory}")]
    Directory { directory: String, source: std::io::Error },
    #[error("loading {stream}: the program is stopping")]
    Stopping { stream: String },
}

/// Names what was being done when the journal failed.
pub(crate) trait While<T> {
    fn while_<S: Into<String>>(self, operation: impl FnOnce() -> S) -> Result<T, Failure>;
}

impl<T> While<T> for Result<T, journal::Failure> {
    fn while_<S: Into<String>>(self, operation: impl FnOnce() -> S) -> Result<T, Failure> {
        self.map_err(|source| Failure::Journal { operation: operation().into(), source })
    }
}
