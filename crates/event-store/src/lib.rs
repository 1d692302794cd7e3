//! The event store: load, decide, commit once, with who, when and why (R39).
//!
//! It is cqrs-es on top of the [`journal`]: an aggregate is loaded from its stream, decides, and what it decided is
//! appended with the version it was loaded at.  The journal is the truth; everything else here is derived from it and
//! may be deleted while the program is down.
//!
//! Invariants:
//! - an answer is given only when its events are durable;
//! - the same command id asked again of the same aggregate answers the first result and acts no second time, also
//!   after a restart (an id that recorded nothing left no trace: asked again, it is asked anew);
//! - two commands never both build on the same version of a stream;
//! - an aggregate that may differ from its stream (a refusal after events, a failed or abandoned commit) is forgotten;
//! - nothing derived is believed unless it can be shown to belong to this journal: every derived record names a
//!   position and the hash the journal has there, and the journal's hashes are a chain;
//! - a bookmark may lag behind its follower, never lead it.

mod answers;
mod asked;
mod cache;
mod cqrs;
mod derived;
mod execute;
mod failure;
mod known;
mod locked;
mod readers;
mod store;
mod stream;
mod turns;

pub use asked::{Asked, Done, Error};
pub use cqrs::{Context, metadata};
pub use failure::Failure;
pub use store::{Clock, EventStore, seems_put_back};
