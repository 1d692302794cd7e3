//! Two years of letters: who should have one has it, and nobody else, counted again from the events by another program.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use app::{
    Folder, LetterRoute, LetterSettings, LettersAsked, LettersFailed, Office, Sender, Via,
    no_progress,
};
use journal::Entry;
use rehearsal::{Hand, Story};
use serde_json::{Value, json};

use crate::program::{repository, said};

const SCHOOLS: usize = 400;
const MEMBERS: usize = 60;

#[test]
fn everybody_who_should_has_a_letter_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let sent = live(folder.path());
    let events = folder.path().join("events.jsonl");
    let office = folder.path().join("office");
    write_events(&office, &events);
    let recount = Command::new("python3")
        .arg("-B")
        .arg(repository().join("tests/recount/letters.py"))
        .args([events, Folder::at(&office).outbox])
        .output()
        .unwrap();
    let told = said(&recount);
    assert!(recount.status.success() && recount.stdout.is_empty(), "{told}");
    eprintln!("{sent} letters; {}", String::from_utf8_lossy(&recount.stderr).trim());
    assert!(sent > 200, "{sent} letters are too few to tell anything");
}

/// Lives the story to its end, and writes at the end of every day to whom there is anything to tell.
fn live(folder: &Path) -> usize {
    let story = Story::of(2003, SCHOOLS, MEMBERS, folder.join("papers"));
    let hand = Hand::at(Story::first_day());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let settings = LetterSettings {
        sender: Sender {
            name: "Programme office".into(),
            address: "office@network.example".into(),
            reply_to: None,
            signature: vec!["The programme office".into()],
            postal_address: "1 High Street".into(),
        },
        smtp: None,
    };
    runtime.block_on(async {
        let mut office =
            Office::open(&folder.join("office"), hand.clock(), "office", &no_progress).unwrap();
        let mut sent = 0;
        for day in story.days() {
            story.play(&mut office, &hand, &day, &no_progress).await.unwrap();
            let everything = LettersAsked::default();
            let posting = office.desk().posting(&everything, LettersFailed::Stays, day.on).unwrap();
            if !posting.letters.is_empty() {
                let due = posting.letters.len();
                let route = LetterRoute { settings: &settings, via: Via::Outbox, password: None };
                let sending = office.send_letters(&posting, route, day.on, &|| false, &no_progress);
                let posted = sending.await.unwrap();
                assert_eq!(posted.sent.len(), due, "{posted:?}");
                sent += due;
            }
        }
        office.close().await.unwrap();
        sent
    })
}

/// What was recorded of memberships, contacts and invoices, a line each.
fn write_events(folder: &Path, out: &Path) {
    let mut entries: Vec<Entry> = vec![];
    Folder::at(folder).reader().unwrap().read(0, usize::MAX >> 1, &mut entries).unwrap();
    let mut lines = std::fs::File::create(out).unwrap();
    for entry in entries {
        if ["membership.membership.", "contacts.", "billing.ledger."]
            .iter()
            .any(|it| entry.stream.starts_with(it))
        {
            let payload: Value = serde_json::from_str(&entry.payload).unwrap();
            let day = app::clock::day_of(entry.recorded_at);
            let line = json!({ "day": day, "stream": entry.stream, "payload": payload });
            writeln!(lines, "{line}").unwrap();
        }
    }
}
