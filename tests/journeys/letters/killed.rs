//! Killed at any moment, by either way, no letter goes twice.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::Stdio;

use super::{Server, Written, message_ids, text};
use crate::journeys::chance::Chance;

/// Killed at any moment, a send is begun again until nothing is due: the server has no letter twice, and every letter either
/// went or is in doubt and listed.
#[test]
fn no_letter_goes_twice_though_the_program_is_killed_again_and_again() {
    const LETTERS: usize = 200;
    let server = Server::start();
    let written = Written::to(&["ok"; LETTERS]);
    written.settings(&server.settings(""));
    let killed = written.killed_until_none_is_due(&["--smtp"], LETTERS, || count(&server));
    let ids = message_ids(&server.messages());
    let once: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "a letter went twice");
    let (sent, in_doubt) = written.went_or_in_doubt(LETTERS, |id| once.contains(id));
    eprintln!("killed {killed} times: {sent} sent, {in_doubt} in doubt, {} received", ids.len());
    assert!(killed > 2 && in_doubt <= killed, "{in_doubt} in doubt after {killed} kills");
    assert!(ids.len() >= sent && ids.len() <= sent + in_doubt);
}

/// The same through the outbox, out of which another program takes what lies there: it takes no letter twice, and what it took
/// before the office could record that it went is in doubt and stays so.
#[test]
fn no_letter_is_put_into_the_outbox_twice_though_the_program_is_killed_again_and_again() {
    const LETTERS: usize = 200;
    let server = Server::start();
    let written = Written::to(&["ok"; LETTERS]);
    written.settings(&server.settings(""));
    let outbox = written.program.folder().join("outbox");
    let taken = RefCell::new(vec![]);
    let take = || {
        for entry in std::fs::read_dir(&outbox).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "eml")
                && let Ok(message) = std::fs::read_to_string(&path)
            {
                std::fs::remove_file(&path).unwrap();
                taken.borrow_mut().push(message);
            }
        }
        taken.borrow().len()
    };
    let killed = written.killed_until_none_is_due(&[], LETTERS, take);
    take();
    let ids = message_ids(&taken.borrow());
    let once: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "a letter went twice");
    let (sent, in_doubt) = written.went_or_in_doubt(LETTERS, |id| once.contains(id));
    eprintln!("killed {killed} times: {sent} sent, {in_doubt} in doubt, {} taken", ids.len());
    assert!(killed > 2 && in_doubt <= killed, "{in_doubt} in doubt after {killed} kills");
    assert!(ids.len() >= sent && ids.len() <= sent + in_doubt);
}

impl Written {
    /// Sends and kills it once so many more went, again and again; answers how often it was killed.
    #[track_caller]
    fn killed_until_none_is_due(
        &self,
        how: &[&str],
        letters: usize,
        went: impl Fn() -> usize,
    ) -> usize {
        let mut chance = Chance::of_this_run();
        // The more rounds, the fewer letters between two of them.
        let rounds: u64 = std::env::var("LEDGE_ROUNDS").map_or(2, |rounds| rounds.parse().unwrap());
        let most = (letters as u64 / (2 * rounds)).max(2);
        let mut killed = 0;
        loop {
            let states = self.states();
            let due = states.iter().filter(|state| *state == "due").count();
            if due == 0 {
                return killed;
            }
            let target = went() as u64 + chance.below(most);
            let mut send = self.send(&[how, &["--expect", &due.to_string()]].concat());
            let mut send = send.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            while send.try_wait().unwrap().is_none() && (went() as u64) < target {
                std::thread::yield_now();
            }
            send.kill().unwrap();
            killed += usize::from(send.wait().unwrap().code().is_none());
            assert!(killed < 50 * rounds as usize, "it does not get on");
        }
    }

    /// How many letters went, each of which was had, and of how many that is not known.
    #[track_caller]
    fn went_or_in_doubt(
        &self,
        letters: usize,
        was_had: impl Fn(&String) -> bool,
    ) -> (usize, usize) {
        let lines = self.letters();
        assert_eq!(lines.len(), letters);
        let (mut sent, mut in_doubt) = (0, 0);
        for line in lines.values() {
            match text(&line["stands"]).as_str() {
                "sent" => {
                    assert!(was_had(&text(&line["message_id"])), "{line}");
                    sent += 1;
                }
                "in_doubt" => in_doubt += 1,
                other => panic!("{other}: {line}"),
            }
        }
        (sent, in_doubt)
    }
}

fn count(server: &Server) -> usize {
    std::fs::read_dir(server.mailbox.path()).unwrap().count()
}
