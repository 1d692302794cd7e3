//! Letters go to a real mail server, once each, whatever happens to the server or to the program (P6).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use app::{Newcomer, Office, What, no_progress};
use contacts::person::Reason;
use contacts::{Details, Role};
use kernel::{CommandId, Grade, LeadingEdgeYear, PersonId, Urn};
use membership::Membership;
use membership::membership::{Command as Asks, Invitation};
use national_data::File;
use serde_json::Value;

use crate::program::{Program, executable, repository, said};

mod killed;

/// A mail server of the tests, which ends with this.
struct Server {
    process: Child,
    port: u16,
    mailbox: tempfile::TempDir,
}

impl Server {
    #[track_caller]
    fn start() -> Self {
        let mailbox = tempfile::tempdir().unwrap();
        let folder = repository().join("tests/smtp");
        let mut process = Command::new(python())
            .arg(folder.join("server.py"))
            .arg(mailbox.path())
            .args([folder.join("server.pem"), folder.join("server.key")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { process, port: port.trim().parse().unwrap(), mailbox }
    }

    /// Every message that the server took, in the order in which it did.
    fn messages(&self) -> Vec<String> {
        let mut files: Vec<(u64, PathBuf)> = std::fs::read_dir(self.mailbox.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "eml"))
            .map(|path| (path.file_stem().unwrap().to_str().unwrap().parse().unwrap(), path))
            .collect();
        files.sort_unstable();
        files.iter().map(|(_, path)| std::fs::read_to_string(path).unwrap()).collect()
    }

    fn settings(&self, more: &str) -> String {
        let ca = repository().join("tests/smtp/ca.pem");
        format!(
            "[sender]\nname = \"Leading Edge office\"\naddress = \"office@network.example\"\n\
             reply_to = \"answers@network.example\"\nsignature = [\"The programme office\"]\n\
             postal_address = \"1 High Street, London\"\n[smtp]\nhost = \"localhost\"\nport = {}\n\
             security = \"starttls\"\nuser = \"office\"\nca_file = '{}'\n{more}",
            self.port,
            ca.display()
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its standard input ends, and so does it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An office that has invited schools, each with a head whose address begins with the school's word.
struct Written {
    program: Program,
    heads: Vec<PersonId>,
}

impl Written {
    #[track_caller]
    fn to(addresses: &[&str]) -> Self {
        let program = Program::on_an_empty_folder();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let heads = runtime.block_on(async {
            let clock = app::clock::wall();
            let mut office = Office::open(program.folder(), clock, "office", &no_progress).unwrap();
            let names = (0..).zip(addresses).map(|(number, _)| {
                let urn = urn(number);
                format!("{urn},School {urn}\n")
            });
            let names = format!("URN,EstablishmentName\n{}", names.collect::<String>());
            let names = File::from_bytes("schoolnames20180801.csv".to_owned(), names.into_bytes());
            office.import(&names, What::Names, None, &no_progress).await.unwrap();
            for (number, _) in (0..).zip(addresses) {
                invite(&mut office, urn(number)).await;
            }
            office.settle(&no_progress).await.unwrap();
            let mut heads = vec![];
            for (number, address) in (0..).zip(addresses) {
                let email = format!("{address}@school{number}.example");
                let details = Details::of("Zoë O'Hill", &email, None, None).unwrap();
                let from = office.today();
                let newcomer = Newcomer { urn: urn(number), role: Role::Head, from, details };
                heads.push(office.add_contact(&newcomer).await.unwrap().person.unwrap());
            }
            office.close().await.unwrap();
            heads
        });
        Self { program, heads }
    }

    fn settings(&self, text: &str) {
        std::fs::write(self.program.folder().join("letters.toml"), text).unwrap();
    }

    fn send(&self, arguments: &[&str]) -> Command {
        let mut send = self.program.command(&["letter", "send", "--json"]);
        send.args(arguments).env("LEDGE_SMTP_PASSWORD", "open sesame");
        send
    }

    /// Sends to the end, and answers what came of it.
    #[track_caller]
    fn sent(&self, arguments: &[&str]) -> Value {
        let output = self.send(arguments).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
    }

    /// The letters by the URN of their school.
    fn letters(&self) -> BTreeMap<String, Value> {
        let all = self.program.json(&["letter", "list", "--json"]);
        let all = all.as_array().unwrap().iter();
        all.map(|line| (text(&line["urn"]), line.clone())).collect()
    }

    fn states(&self) -> Vec<String> {
        self.letters().values().map(|line| text(&line["stands"])).collect()
    }

    fn events(&self) -> u64 {
        let folder = app::Folder::at(self.program.folder());
        folder.reader().unwrap().head().unwrap()
    }
}

/// An invitation to the year that begins next, of today.
pub(crate) async fn invite(office: &mut Office, urn: Urn) {
    let on = office.today();
    let invitation = Invitation {
        year: LeadingEdgeYear::containing(on).next(),
        on,
        name: format!("School {urn}"),
        grade: Some(Grade::Good),
        progress8: None,
        release: None,
        threshold: None,
        reviewed_as_at: on,
        until: None,
    };
    let asked = office.asked(CommandId::mint());
    office.ask::<Membership>(&urn.to_string(), Asks::Invite(invitation), asked).await.unwrap();
}

fn urn(number: u32) -> Urn {
    (100_100 + number).to_string().parse().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The Python of the mail server, where `tests/run tools` puts it.
fn python() -> PathBuf {
    let executable = executable();
    let target = executable.parent().and_then(Path::parent).unwrap();
    let python = target.join("tools/smtp/bin/python");
    assert!(
        python.is_file(),
        "{} is not there: these tests write to a real mail server.  `tests/run tools` installs it.",
        python.display()
    );
    python
}

fn message_ids(messages: &[String]) -> Vec<String> {
    let id = |message: &String| {
        let line = message.lines().find(|line| line.to_lowercase().starts_with("message-id:"));
        line.unwrap().split_once(':').unwrap().1.trim().to_owned()
    };
    messages.iter().map(id).collect()
}

/// What a mail program would show: read by a reader of messages that is not ours.
fn read_by_another(message: &str) -> Value {
    const READER: &str = "import email, email.policy, json, sys\n\
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n\
        print(json.dumps({'to': str(m['to']), 'subject': m['subject'], 'reply_to': str(m['reply-to']),\n\
        'auto': m['auto-submitted'], 'id': m['message-id'], 'kind': m['x-ledge-kind'], 'urn': m['x-ledge-school'],\n\
        'date': m['date'], 'text': m.get_body(('plain',)).get_content(),\n\
        'html': m.get_body(('html',)).get_content(), 'defects': len(m.defects)}))";
    let mut reader = Command::new(python())
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(message.as_bytes()).unwrap();
    serde_json::from_slice(&reader.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn a_mail_server_is_understood_whatever_it_says_or_leaves_unsaid() {
    let server = Server::start();
    let written = Written::to(&["ok", "busy", "gone", "full", "dropped", "slow"]);
    written.settings(&server.settings("timeout_seconds = 2\n"));
    let before = written.events();

    // Nobody writes to six by a slip.
    let refused = written.send(&["--smtp"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert!(
        said(&refused).contains("6 letters would be sent (6 invitation)"),
        "{}",
        said(&refused)
    );
    let preview = written.sent(&["--smtp", "--preview"]);
    assert_eq!(preview["letters"].as_array().unwrap().len(), 6);
    assert_eq!((&preview["people"], written.events()), (&Value::from(6), before));

    let posted = written.sent(&["--smtp", "--expect", "6"]);
    let number = |what: &str| posted[what].as_array().unwrap().len();
    assert_eq!(
        (number("sent"), number("postponed"), number("failed"), number("in_doubt")),
        (1, 2, 1, 2),
        "{posted}"
    );
    let states = ["sent", "postponed", "failed", "postponed", "in_doubt", "in_doubt"];
    assert_eq!(written.states(), states);
    // What came in: the one that was acknowledged, and the two of which nobody knows.
    let messages = server.messages();
    assert_eq!(messages.len(), 3);
    let letters = written.letters();
    let said = text(&letters["100102"]["why"]);
    assert_eq!(said, "550 5.1.1: there is no such mailbox");
    // Its own words are told once, to whoever sends.
    let replies = posted["replies"].to_string();
    assert!(replies.contains("<gone@school2.example>: there is no such mailbox"), "{replies}");

    // Sent again, what failed for the moment is tried, and nothing else.
    let again = written.sent(&["--smtp", "--expect", "2"]);
    assert_eq!(again["postponed"].as_array().unwrap().len(), 2, "{again}");
    assert_eq!(
        (written.states(), server.messages().len()),
        (states.map(str::to_owned).to_vec(), 3)
    );

    // Somebody found out about the two.
    let resolve = |urn: &str, found: &str| {
        let letter = text(&letters[urn]["letter"]);
        let reason = "it is in the server's log";
        written.program.run(&["letter", "resolve", &letter, "--found", found, "--reason", reason]);
    };
    resolve("100104", "it-went");
    resolve("100105", "it-went");
    assert_eq!(written.states()[4..], ["sent", "sent"]);
    let ids = message_ids(&server.messages());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");

    // Nothing that is kept for ever says to whom it was.
    let journal = std::fs::read(app::Folder::at(written.program.folder()).journal).unwrap();
    let journal = String::from_utf8_lossy(&journal);
    for personal in ["@school", "O'Hill", "Zoë"] {
        assert!(!journal.contains(personal), "{personal}");
    }
}

#[test]
fn a_letter_is_a_message_that_any_mail_program_reads() {
    let server = Server::start();
    let written = Written::to(&["ok"]);
    written.settings(&server.settings(""));
    // One letter goes as it is asked for.
    assert_eq!(written.sent(&["--smtp"])["sent"].as_array().unwrap().len(), 1);
    let [message] = <[String; 1]>::try_from(server.messages()).unwrap();
    assert!(message.is_ascii(), "{message}");
    let longest = message.lines().map(str::len).max().unwrap();
    assert!(longest <= 78, "{longest}");
    let letters = written.letters();
    let letter = text(&letters["100100"]["letter"]);
    let read = read_by_another(&message);
    assert_eq!(read["id"], format!("<{letter}@network.example>"));
    assert_eq!(read["to"], "Zoë O'Hill <ok@school0.example>");
    assert_eq!(read["reply_to"], "Leading Edge office <answers@network.example>");
    assert_eq!((&read["auto"], &read["kind"]), (&"auto-generated".into(), &"invitation".into()));
    assert_eq!((&read["urn"], &read["defects"]), (&"100100".into(), &Value::from(0)));
    for form in ["text", "html"] {
        let body = text(&read[form]);
        assert!(body.contains("Zoë O") && body.contains("School 100100"), "{body}");
    }
    // The copy that the office keeps is what went, and goes with the person.
    let copy = tempfile::tempdir().unwrap();
    let out = copy.path().join("sent.eml");
    written.program.run(&["letter", "copy", &letter, "--out", out.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(&out).unwrap().trim_end(), message.trim_end());
}

#[test]
fn a_server_that_cannot_be_trusted_or_used_is_handed_nothing() {
    let server = Server::start();
    let written = Written::to(&["ok", "ok"]);
    let nothing_went = |settings: String, password: &str| {
        written.settings(&settings);
        let before = written.events();
        let mut send = written.send(&["--smtp", "--expect", "2"]);
        let output = send.env("LEDGE_SMTP_PASSWORD", password).output().unwrap();
        assert!(!output.status.success(), "{}", said(&output));
        assert!(!said(&output).contains("sesame"), "{}", said(&output));
        assert_eq!((written.events(), server.messages().len()), (before, 0), "{}", said(&output));
        said(&output)
    };
    let wrong_password = nothing_went(server.settings(""), "open barley");
    assert!(wrong_password.contains("535"), "{wrong_password}");
    let settings = server.settings("");
    let ca = settings.lines().find(|line| line.starts_with("ca_file")).unwrap();
    let unknown = nothing_went(settings.replace(ca, ""), "open sesame");
    assert!(unknown.contains("certificate"), "{unknown}");
    let another = nothing_went(settings.replace("localhost", "127.0.0.2"), "open sesame");
    assert!(another.contains("certificate"), "{another}");
    let plain = settings.replace("starttls", "plain").replace("localhost", "mail.example");
    let plain = nothing_went(plain, "open sesame");
    assert!(plain.contains("in the clear"), "{plain}");
    let nobody = nothing_went(settings.replace(&server.port.to_string(), "1"), "open sesame");
    assert!(nobody.contains("nothing was handed to it"), "{nobody}");
}

#[test]
fn letters_go_to_the_outbox_and_leave_it_with_the_person() {
    let server = Server::start();
    let written = Written::to(&["ok", "ok"]);
    written.settings(&server.settings(""));
    assert_eq!(written.sent(&["--expect", "2"])["sent"].as_array().unwrap().len(), 2);
    assert_eq!((written.states(), server.messages().len()), (vec!["sent".to_owned(); 2], 0));
    let outbox = written.program.folder().join("outbox");
    let letters = written.letters();
    let file = |urn: &str| outbox.join(format!("{}.eml", text(&letters[urn]["letter"])));
    let read = read_by_another(&std::fs::read_to_string(file("100100")).unwrap());
    assert_eq!(read["to"], "Zoë O'Hill <ok@school0.example>");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file("100100").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = written.program.folder();
        let mut office = Office::open(folder, app::clock::wall(), "office", &no_progress).unwrap();
        let today = office.today();
        office.forget_person(written.heads[0], Reason::Asked, today).await.unwrap();
        office.close().await.unwrap();
    });
    assert!(!file("100100").exists() && file("100101").exists());
    let letter = text(&letters["100100"]["letter"]);
    let copy =
        written.program.command(&["letter", "copy", &letter, "--out", "-"]).output().unwrap();
    assert!(!copy.status.success() && said(&copy).contains("was forgotten"), "{}", said(&copy));
    assert_eq!(written.letters()["100100"]["to"], Value::Null);
    assert_eq!(written.states(), ["sent", "sent"]);
}

#[test]
fn what_is_withheld_does_not_go_until_it_is_released() {
    let server = Server::start();
    let written = Written::to(&["ok", "ok", "ok"]);
    written.settings(&server.settings(""));
    let withhold = ["letter", "withhold", "--urn", "100100", "--urn", "100101"];
    let reason = ["--reason", "told on the telephone"];
    let refused = written.program.command(&[&withhold[..], &reason].concat()).output().unwrap();
    assert!(said(&refused).contains("--expect 2"), "{}", said(&refused));
    written.program.run(&[&withhold[..], &reason, &["--expect", "2"]].concat());
    assert_eq!(written.states(), ["withheld", "withheld", "due"]);
    assert_eq!(written.sent(&[])["sent"].as_array().unwrap().len(), 1);
    let letter = text(&written.letters()["100100"]["letter"]);
    written.program.run(&["letter", "release", &letter, "--reason", "in writing after all"]);
    assert_eq!(written.states(), ["due", "withheld", "sent"]);
}
