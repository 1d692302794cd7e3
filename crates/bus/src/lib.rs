//! NATS: emits the journal, answers commands and queries, the event catalogue.
