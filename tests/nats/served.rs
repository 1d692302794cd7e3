//! `ledge serve`: the office as a service, with commands beside it (R40, R43).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use subscriber::{STREAM, Start, Subscription};
use tokio::time::timeout;

use super::history::client;
use super::server::Server;
use crate::program::{Program, said};

/// The office, served.
struct Served {
    process: Child,
    log: BufReader<ChildStderr>,
    watch: u16,
}

impl Served {
    #[track_caller]
    fn start(program: &Program, nats: &str) -> Self {
        let watch = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = program
            .command(&["serve", "--nats", nats, "--watch", &format!("127.0.0.1:{watch}")])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(process.stderr.take().unwrap());
        let mut served = Self { process, log, watch };
        served.until("serving");
        served
    }

    /// Reads its log up to a line that says so.
    #[track_caller]
    fn until(&mut self, message: &str) {
        let wanted = format!("\"message\":\"{message}\"");
        let mut read = String::new();
        loop {
            let before = read.len();
            self.log.read_line(&mut read).unwrap();
            assert!(read.len() > before, "it ended before it said {message:?}:\n{read}");
            if read[before..].contains(&wanted) {
                return;
            }
        }
    }

    /// A page's status and text.
    fn page(&self, path: &str) -> (u16, String) {
        let mut connection = TcpStream::connect(("127.0.0.1", self.watch)).unwrap();
        write!(connection, "GET {path} HTTP/1.1\r\nhost: office\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    fn metric(&self, line: &str) -> f64 {
        let (_, text) = self.page("/metrics");
        let found = text.lines().find_map(|it| it.strip_prefix(line)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {line} in\n{text}")).parse().unwrap()
    }

    /// Asks until it is so.
    #[track_caller]
    fn becomes(&self, line: &str, value: f64) {
        let begun = Instant::now();
        while self.metric(line) != value {
            assert!(begun.elapsed() < Duration::from_secs(20), "{line} is {}", self.metric(line));
        }
    }

    fn signal(&mut self, signal: &str) -> ExitStatus {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
        self.process.wait().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn fee<'a>(year: &'a str, pounds: &'a str) -> [&'a str; 9] {
    ["fee", "set", "--year", year, "--pounds", pounds, "--minute", "minute 7", "--json"]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_reach_an_office_that_is_served_and_what_they_did_is_emitted() {
    let server = Server::start();
    let program = Program::on_an_empty_folder();
    let mut served = Served::start(&program, &server.url());
    assert_eq!(served.page("/ready").0, 200);

    // Several at once: one after the other has the office, and none is refused.
    let years = ["2018-19", "2019-20", "2020-21", "2021-22"];
    let commands: Vec<Child> = years
        .iter()
        .map(|year| {
            let mut command = program.command(&fee(year, "1600"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for command in commands {
        let output = command.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    let client = client(&server.url()).await;
    let mut seen = vec![];
    let mut subscription =
        Subscription::replay(&client, STREAM, &[], Start::After(0)).await.unwrap();
    while seen.len() < years.len() {
        let next = timeout(Duration::from_secs(20), subscription.next()).await.unwrap().unwrap();
        assert_eq!(next.envelope.event_type, "FeeSet");
        seen.push(next.envelope.stream.clone());
    }
    seen.sort();
    let expected: Vec<String> = years.iter().map(|year| format!("membership.fee.{year}")).collect();
    assert_eq!(seen, expected);

    // What it says of itself becomes so, once it has the office again.
    served.becomes("ledge_office_lent", 0.0);
    served.becomes("ledge_journal_position", 4.0);
    for follower in ["office", "nats"] {
        served.becomes(&format!("ledge_follower_lag_events{{follower=\"{follower}\"}}"), 0.0);
    }
    assert!(served.signal("-TERM").success(), "asked to stop, it ends well");
    program.run(&["verify"]);
}

#[test]
fn an_office_whose_service_was_killed_is_opened_by_whoever_comes_next() {
    let server = Server::start();
    let program = Program::on_an_empty_folder();
    let mut served = Served::start(&program, &server.url());
    program.run(&fee("2018-19", "1600"));
    assert!(!served.signal("-KILL").success());
    program.run(&fee("2019-20", "1600"));
    let served = Served::start(&program, &server.url());
    program.run(&fee("2020-21", "1600"));
    served.becomes("ledge_journal_position", 3.0);
}

#[test]
fn a_command_that_is_killed_while_it_has_the_office_gives_it_back() {
    let server = Server::start();
    let program = Program::on_an_empty_folder();
    let served = Served::start(&program, &server.url());
    // As a command does before it opens the office.
    let socket = program.folder().join("office.socket");
    let mut borrower = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    let mut yours = [0; 6];
    borrower.read_exact(&mut yours).unwrap();
    assert_eq!(&yours, b"yours\n");
    assert_eq!(served.metric("ledge_office_lent"), 1.0);
    let mut waiting =
        program.command(&fee("2018-19", "1600")).stdout(Stdio::null()).spawn().unwrap();
    drop(borrower);
    assert!(waiting.wait().unwrap().success(), "it had its turn");
    assert_eq!(served.page("/ready").0, 200);
}

#[test]
fn an_office_is_served_while_nats_is_away_and_says_how_far_behind_it_is() {
    let mut server = Server::start();
    let url = server.url();
    server.kill();
    let program = Program::on_an_empty_folder();
    let mut served = Served::start(&program, &url);
    program.run(&fee("2018-19", "1600"));
    assert_eq!(served.metric("ledge_follower_position{follower=\"nats\"}"), 0.0);
    served.becomes("ledge_follower_lag_events{follower=\"nats\"}", 1.0);
    assert!(served.signal("-INT").success(), "it need not wait for NATS");
}

#[test]
fn a_way_to_nats_that_cannot_be_gone_is_named_before_anything_begins() {
    let program = Program::on_an_empty_folder();
    for (arguments, says) in [
        (vec!["serve", "--nats", "nats://me:hush@host"], "host"),
        (vec!["serve", "--nats", "http://host"], "http://host"),
        (
            vec!["serve", "--nats", "nats://host", "--nats-token", "/nowhere/token"],
            "/nowhere/token",
        ),
        (vec!["serve", "--nats", "nats://host", "--replicas", "2"], "1, 3 or 5"),
    ] {
        let output = program.command(&arguments).output().unwrap();
        let told = said(&output);
        assert!(!output.status.success() && told.contains(says), "{told}");
        assert!(!told.contains("hush"), "{told}");
    }
    assert!(!program.folder().join("journal.sqlite").exists(), "nothing began");
}
