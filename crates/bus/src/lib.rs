//! NATS: emits the journal, answers commands and queries, the event catalogue.

pub mod catalogue;
pub mod envelope;
