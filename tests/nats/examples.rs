//! The examples in other languages see what services in Rust do.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use subscriber::Access;

use super::history::History;
use super::server::Server;
use crate::program::{executable, repository, said};

/// The Python of the client of NATS, where `tests/run tools` puts it.
fn python() -> PathBuf {
    let executable = executable();
    let target = executable.parent().and_then(std::path::Path::parent).unwrap();
    let python = target.join("tools/nats/bin/python");
    assert!(python.is_file(), "{} is not there: `tests/run tools` installs it", python.display());
    python
}

/// What an example printed: the positions that it saw.
fn positions(printed: &str) -> Vec<u64> {
    let events = printed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events
        .map(|event| {
            let position: u64 = event["position"].as_str().unwrap().parse().unwrap();
            assert_eq!(event["data"]["Told"]["number"], position, "{event}");
            assert_eq!(event["actor"], "office");
            position
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_in_python_sees_every_event_in_order_and_goes_on_where_it_was() {
    let server = Server::start();
    let mut history = History::begin();
    history.tell(40).await;
    history.emit(&Access::to(server.url(), "ledge")).await;

    let listen = |count: &str| {
        let output = Command::new(python())
            .arg(repository().join("docs/examples/python/listen.py"))
            .args([&server.url(), "finance", "--count", count])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(positions(&listen("15")), (1..=15).collect::<Vec<_>>());
    assert_eq!(positions(&listen("25")), (16..=40).collect::<Vec<_>>());
}
