//! The office on NATS: a real server, started by these tests, stopped, killed and emptied by them.

mod emission;
mod examples;
mod history;
mod permissions;
mod served;
mod server;
mod subscription;
