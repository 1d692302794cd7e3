//! Each kind of service may do the least that it needs (R44): the permissions of `deploy/nats`, tried by one that wants more.

use std::time::Duration;

use async_nats::Request;
use async_nats::jetstream;
use chrono::TimeDelta;
use subscriber::{Access, Client, Filter, STREAM, Start, Subscription};

use super::history::{History, beginning};
use super::server::{PASSWORDS, Server};
use crate::program::{Program, repository};

/// A server with the permissions that are delivered.
fn guarded() -> Server {
    let permissions = repository().join("deploy/nats/permissions.conf");
    // A server's configuration includes what lies beside it.
    Server::configured(&std::fs::read_to_string(permissions).unwrap())
}

/// Somebody whom the permissions name, with the password in a file.
fn access(server: &Server, user: &str, folder: &tempfile::TempDir) -> Access {
    let password = PASSWORDS.into_iter().find_map(|(name, password)| {
        (name == format!("{}_PASSWORD", user.to_uppercase())).then_some(password)
    });
    let file = folder.path().join(user);
    std::fs::write(&file, format!("{}\n", password.unwrap())).unwrap();
    Access { user: Some((user.to_owned(), file)), ..Access::to(server.url(), user) }
}

/// What the server answers, or that it did not.
async fn answer(client: &Client, subject: &str, payload: &str) -> Option<String> {
    let request =
        Request::new().payload(payload.to_owned().into()).timeout(Some(Duration::from_millis(500)));
    let answer = client.send_request(subject.to_owned(), request).await.ok()?;
    Some(String::from_utf8(answer.payload.to_vec()).unwrap())
}

async fn emitted(server: &Server, folder: &tempfile::TempDir) {
    let mut history = History::begin();
    history.tell(20).await;
    history.emit(&access(server, "ledge", folder)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_reads_what_it_may_and_nothing_else_and_changes_nothing() {
    let server = guarded();
    let folder = tempfile::tempdir().unwrap();
    emitted(&server, &folder).await;
    let finance = access(&server, "finance", &folder).connect().await.unwrap();

    let membership = Filter { context: Some("membership"), ..Filter::default() };
    let schools = Filter { context: Some("schools"), ..Filter::default() };
    let allowed =
        Subscription::durable(&finance, STREAM, "finance", &[membership], Start::After(0)).await;
    assert!(allowed.is_ok(), "what it is for: {:?}", allowed.err());

    // Under another name, or of another context, or of everything.
    let mut jetstream = jetstream::new(finance.clone());
    jetstream.set_timeout(Duration::from_millis(500));
    let stream = jetstream.get_stream(STREAM).await.unwrap();
    for (name, filter) in [
        ("another", membership.to_string()),
        ("finance", schools.to_string()),
        ("finance", subscriber::ALL.to_owned()),
    ] {
        let config = jetstream::consumer::pull::Config {
            durable_name: Some(name.to_owned()),
            filter_subject: filter.clone(),
            ..Default::default()
        };
        assert!(stream.create_consumer(config).await.is_err(), "{name} on {filter}");
    }
    // An event of its own, and an end to those that are there.
    for (subject, payload) in [
        ("ledge.membership.membership.100001.MembershipLapsed", "{}"),
        ("$JS.API.STREAM.PURGE.LEDGE", ""),
        ("$JS.API.STREAM.DELETE.LEDGE", ""),
        ("$JS.API.STREAM.MSG.DELETE.LEDGE", r#"{"seq":1}"#),
        ("$JS.API.STREAM.MSG.GET.LEDGE", r#"{"seq":1}"#),
        ("$JS.API.STREAM.NAMES", ""),
    ] {
        assert_eq!(answer(&finance, subject, payload).await, None, "{subject}");
    }
    let mut stream = stream;
    assert_eq!(stream.info().await.unwrap().state.last_sequence, 20, "nothing was written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_replays_from_anywhere_and_changes_nothing() {
    let server = guarded();
    let folder = tempfile::tempdir().unwrap();
    emitted(&server, &folder).await;
    let reader = access(&server, "reader", &folder);
    let client = reader.connect().await.unwrap();
    let instant = Start::Recorded(beginning() + TimeDelta::minutes(11));
    for (start, first) in [(Start::After(0), 1), (Start::After(6), 7), (instant, 11)] {
        let mut replay = Subscription::replay(&client, STREAM, &[], start).await.unwrap();
        assert_eq!(replay.next().await.unwrap().envelope.position, first);
    }
    for (subject, payload) in [
        ("ledge.membership.membership.100001.MembershipLapsed", "{}"),
        ("$JS.API.STREAM.PURGE.LEDGE", ""),
        ("$JS.API.STREAM.UPDATE.LEDGE", "{}"),
    ] {
        assert_eq!(answer(&client, subject, payload).await, None, "{subject}");
    }
    // The same on the command line.
    let program = Program::on_an_empty_folder();
    let (user, password) = reader.user.unwrap();
    let printed = program.run(&[
        "events",
        "--follow",
        "--from-nats",
        "--nats",
        &server.url(),
        "--nats-user",
        &user,
        "--nats-password",
        password.to_str().unwrap(),
        "--after",
        "17",
        "--limit",
        "3",
        "--json",
    ]);
    assert_eq!(printed.lines().count(), 3, "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn even_the_office_cannot_remove_what_it_emitted() {
    let server = guarded();
    let folder = tempfile::tempdir().unwrap();
    emitted(&server, &folder).await;
    let office = access(&server, "ledge", &folder).connect().await.unwrap();
    for subject in ["$JS.API.STREAM.PURGE.LEDGE", "$JS.API.STREAM.DELETE.LEDGE"] {
        assert_eq!(answer(&office, subject, "").await, None, "{subject}");
    }
    // Nor could whoever may do everything else: the stream itself forbids it.
    let open = Server::start();
    let mut history = History::begin();
    history.tell(5).await;
    history.emit(&Access::to(open.url(), "ledge")).await;
    let anybody = Access::to(open.url(), "anybody").connect().await.unwrap();
    let purged = answer(&anybody, "$JS.API.STREAM.PURGE.LEDGE", "").await.unwrap();
    assert!(purged.contains("error"), "{purged}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_let_in_unknown_or_with_a_wrong_password() {
    let server = guarded();
    let folder = tempfile::tempdir().unwrap();
    assert!(Access::to(server.url(), "anybody").connect().await.is_err());
    let wrong = folder.path().join("wrong");
    std::fs::write(&wrong, "guessed").unwrap();
    let guess =
        Access { user: Some(("ledge".to_owned(), wrong)), ..Access::to(server.url(), "ledge") };
    let failure = guess.connect().await.unwrap_err();
    assert!(!format!("{failure:?}").contains("guessed"), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_server_is_known_by_who_signed_it() {
    let keys = repository().join("tests/smtp");
    let tls = format!(
        "tls {{ cert_file: {:?}, key_file: {:?} }}",
        keys.join("server.pem"),
        keys.join("server.key")
    );
    let server = Server::configured(&tls);
    let address = format!("tls://localhost:{}", server.port());
    let known = Access { authority: Some(keys.join("ca.pem")), ..Access::to(&address, "ledge") };
    let client = known.connect().await.unwrap();
    assert!(client.server_info().tls_required);
    assert!(Access::to(&address, "ledge").connect().await.is_err(), "signed by somebody unknown");
}
