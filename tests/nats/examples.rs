//! The examples in other languages see what services in Rust do.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use subscriber::Access;

use super::history::History;
use super::server::Server;
use crate::program::{executable, repository, said};

/// What `tests/run tools` puts there.
fn installed(what: &str) -> PathBuf {
    let executable = executable();
    let target = executable.parent().and_then(Path::parent).unwrap();
    let installed = target.join("tools").join(what);
    assert!(
        installed.exists(),
        "{} is not there: `tests/run tools` installs it",
        installed.display()
    );
    installed
}

/// The example in Python, which ends after so many events.
fn python(server: &str, count: &str) -> Command {
    let mut command = Command::new(installed("nats/bin/python"));
    command.arg(repository().join("docs/examples/python/listen.py"));
    command.args([server, "python", "--count", count]);
    command
}

/// The example in JavaScript, beside the client of NATS that it imports.
fn javascript(folder: &Path, server: &str, count: &str) -> Command {
    let modules = folder.join("node_modules");
    if !modules.exists() {
        std::os::unix::fs::symlink(installed("nats-js/node_modules"), &modules).unwrap();
    }
    let example = folder.join("listen.mjs");
    std::fs::copy(repository().join("docs/examples/javascript/listen.mjs"), &example).unwrap();
    let mut command = Command::new(installed("nats-js/node"));
    command.arg(example).args([server, "javascript", "ledge.*.*.*.*", count]);
    command
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
async fn the_examples_see_every_event_in_order_and_go_on_where_they_were() {
    let server = Server::start();
    let mut history = History::begin();
    history.tell(40).await;
    history.emit(&Access::to(server.url(), "ledge")).await;

    let folder = tempfile::tempdir().unwrap();
    let url = server.url();
    for language in ["Python", "JavaScript"] {
        for (count, expected) in [("15", 1..=15), ("25", 16..=40)] {
            let mut example = match language {
                "Python" => python(&url, count),
                _ => javascript(folder.path(), &url, count),
            };
            let output = example.output().unwrap();
            assert!(output.status.success(), "{language}: {}", said(&output));
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_eq!(positions(&printed), expected.collect::<Vec<_>>(), "{language}");
        }
    }
}
