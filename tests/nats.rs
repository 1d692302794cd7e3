//! The office on NATS: a real server, started by these tests, stopped, killed and emptied by them.

mod emission;
mod history;
mod server;
mod subscription;
