//! NATS: emits the journal (R40), so that every service there hears of what happened, in order and once.
//!
//! - [`Emission`] follows the journal and publishes each event to a JetStream stream; [`Emitted`] says how far it is and
//!   what is in its way.
//! - [`Keeping`] says what that stream must be like, makes it where there is none, and names what is wrong with
//!   one that is there.
//! - [`catalogue`] says to people and programs what events there are: AsyncAPI, a schema an event, a page.
//!
//! Invariants:
//! - **every event is in the stream once, and the stream's order is the journal's**: each message is published on the
//!   condition that the one before it is the stream's last, so that neither a lost message, nor a repeated one, nor a
//!   second emitter makes a gap or a double;
//! - **the stream's own end is the bookmark**: a stream that was emptied is filled again from the first event, and one
//!   that holds the events of another journal is not written to;
//! - **NATS is never in the way**: the journal is not asked to wait for it, and what could not be emitted yet is emitted
//!   later.

pub mod catalogue;
mod emission;
mod failure;
mod stream;

pub use emission::{Emission, Emitted, envelope};
pub use failure::Failure;
pub use stream::Keeping;
