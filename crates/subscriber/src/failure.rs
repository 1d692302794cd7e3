use std::path::PathBuf;

use thiserror::Error;

/// What kept a service from reading events.
#[derive(Debug, Error)]
pub enum Failure {
    /// A secret in an address is read by everyone who reads logs and lists of processes.
    #[error(
        "the address {shown} names a user or a secret; give them in a file of their own (credentials, nkey, or user and password)"
    )]
    SecretInAddress { shown: String },

    /// What was given as an address is none.
    #[error(
        "`{address}` is not an address of a NATS server; one is nats://host:4222, or tls://host:4222"
    )]
    Address { address: String },

    /// More than one way to prove who one is.
    #[error("there are several ways given to prove who this is ({ways}); give one of them")]
    Ways { ways: String },

    /// A file that was named cannot be read, or does not hold what it should.
    #[error("cannot read {} ({what})", path.display())]
    File { path: PathBuf, what: &'static str, source: std::io::Error },

    /// The servers cannot be reached, or will not have us.
    #[error("cannot connect to NATS at {servers}")]
    Connect { servers: String, source: async_nats::ConnectError },

    /// The stream is not there, or may not be read.
    #[error("cannot {doing}")]
    Nats { doing: String, source: Box<dyn std::error::Error + Send + Sync> },

    /// A message of the stream is no event of the office's.
    #[error("message {sequence} of the stream is no event: it has no header {header}")]
    NoHeader { sequence: u64, header: &'static str },

    /// The same.
    #[error("message {sequence} of the stream has {found:?} in its header {header}: {why}")]
    Header { sequence: u64, header: &'static str, found: String, why: String },

    /// The payload is not what its type says.
    #[error("the event {event_type} at position {position} of {stream} cannot be read")]
    Payload { position: u64, stream: String, event_type: String, source: serde_json::Error },
}

impl Failure {
    /// Whether what was given is wrong, so that trying again would be no better.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::SecretInAddress { .. }
                | Self::Address { .. }
                | Self::Ways { .. }
                | Self::File { .. }
        )
    }

    pub(crate) fn nats<E: std::error::Error + Send + Sync + 'static>(
        doing: impl Into<String>,
    ) -> impl FnOnce(E) -> Self {
        move |source| Self::Nats { doing: doing.into(), source: Box::new(source) }
    }
}
