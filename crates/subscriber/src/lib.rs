//! Reads the office's events from NATS (R40): for services written in Rust, of this workspace or any other.
//!
//! - [`Access`] says where the servers are and who one is; [`Access::connect`] goes there.
//! - [`Subscription`] hands out events in order, from now, from a position or from a day on, and remembers on the server
//!   what was acknowledged, under the name of the service.
//! - [`Received`] is an event with its [`Envelope`]; [`Received::decode`] makes it the context's own type.
//!
//! Invariants:
//! - **in order**: events come in the order of the journal, so in order within each stream;
//! - **at least once**: what was not acknowledged comes again.  [`Envelope::position`] grows along the journal: whoever
//!   keeps the last one it acted on knows a repeat when it sees one;
//! - **an event that cannot be read is a failure with its position**, never skipped.
//!
//! Services in other languages read the same: `docs/events` says what comes, `docs/examples` how.

mod access;
mod envelope;
mod failure;
pub mod headers;
mod subject;
mod subscription;

pub use access::Access;
pub use async_nats::{Client, HeaderMap};
pub use envelope::Envelope;
pub use failure::Failure;
pub use subject::{ALL, Filter, subject};
pub use subscription::{Received, STREAM, Start, Subscription};
