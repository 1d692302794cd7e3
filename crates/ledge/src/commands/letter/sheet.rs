//! Letters, as people read them.

use std::collections::BTreeMap;
use std::fmt::Display;

use app::{LetterLine, LetterShown, LetterStands, LettersResumed, Posted, Posting};
use kernel::Day;

use crate::output::{counted, grouped, lines, table};

pub(super) fn list(letters: &[LetterLine], limit: usize) -> anyhow::Result<()> {
    if letters.is_empty() {
        return lines("There is no such letter.");
    }
    if limit > 0 {
        rows(letters.iter().take(limit))?;
    }
    let mut by_state: BTreeMap<LetterStands, u64> = BTreeMap::new();
    for line in letters {
        *by_state.entry(line.stands).or_default() += 1;
    }
    let counts: Vec<String> = by_state
        .iter()
        .map(|(state, number)| format!("{} {}", grouped(*number), words(state)))
        .collect();
    let all = counted(letters.len() as u64, "letter");
    let shown = if letters.len() > limit { format!(" ({} shown)", limit) } else { String::new() };
    lines(format!("{all}{shown}: {}.", counts.join(", ")))?;
    if by_state.contains_key(&LetterStands::InDoubt) {
        lines(
            "Of a letter in doubt nobody knows whether it went: `ledge letter resolve` says so, and it is never sent again before.",
        )?;
    }
    Ok(())
}

pub(super) fn posting(posting: &Posting, show: usize) -> anyhow::Result<()> {
    let number = posting.letters.len();
    if number == 0 {
        lines("No letter would be sent.")?;
    } else {
        rows(posting.letters.iter().take(show))?;
        if number > show {
            lines(format!("... and {} more", grouped((number - show) as u64)))?;
        }
        let kinds = posting
            .by_kind
            .iter()
            .map(|(kind, number)| format!("{} {}", grouped(*number as u64), words(kind)));
        let kinds: Vec<String> = kinds.collect();
        let people = if posting.people == 1 { "person" } else { "people" };
        let mailboxes = if posting.mailboxes == 1 { "mailbox" } else { "mailboxes" };
        lines(format!(
            "{} to {} {people} in {} {mailboxes}: {}.",
            counted(number as u64, "letter"),
            grouped(posting.people as u64),
            grouped(posting.mailboxes as u64),
            kinds.join(", ")
        ))?;
        match &posting.held {
            Some(why) => lines(format!("None of them goes for now: {why}."))?,
            None => lines(format!(
                "To send them: the same with --expect {number} instead of --preview."
            ))?,
        }
    }
    if !posting.left.is_empty() {
        lines("\nNot among them:")?;
        rows(posting.left.iter().take(show))?;
        if posting.left.len() > show {
            lines(format!("... and {} more", grouped((posting.left.len() - show) as u64)))?;
        }
    }
    if posting.old > 0 {
        lines(format!(
            "{} fell due too long ago: `ledge letter list --state old --state overtaken`.",
            counted(posting.old as u64, "letter")
        ))?;
    }
    Ok(())
}

pub(super) fn posted(posted: &Posted) -> anyhow::Result<()> {
    let rate = if posted.seconds > 0.0 { posted.sent.len() as f64 / posted.seconds } else { 0.0 };
    lines(format!(
        "{} sent in {:.1} s ({rate:.0} a second).",
        counted(posted.sent.len() as u64, "letter"),
        posted.seconds
    ))?;
    for (letters, what) in [
        (
            posted.postponed.len(),
            "could not be sent for the moment; the next time they are tried again",
        ),
        (posted.failed.len(), "failed: `ledge letter list --state failed` says why"),
        (
            posted.in_doubt.len(),
            "in doubt: nobody knows whether they went; `ledge letter resolve` says so",
        ),
        (posted.left, "left for another time"),
    ] {
        if letters > 0 {
            lines(format!("{} {what}.", counted(letters as u64, "letter")))?;
        }
    }
    let not_sent = posted.replies.iter().filter(|(letter, _)| !posted.sent.contains(letter));
    let not_sent: Vec<_> = not_sent.collect();
    if !not_sent.is_empty() {
        lines("The server's own words, which are kept nowhere:")?;
    }
    for (letter, words) in not_sent {
        lines(format!("{letter}: {words}"))?;
    }
    for (letter, why) in &posted.unwritten {
        lines(format!("{letter} was not sent: {why}"))?;
    }
    if let Some(why) = &posted.stopped {
        lines(format!("It was stopped: {why}"))?;
    }
    Ok(())
}

pub(super) fn resumed(resumed: &LettersResumed, preview: bool) -> anyhow::Result<()> {
    let LettersResumed { found, kept_back, unknown, due } = resumed;
    let due = counted(*due as u64, "open letter");
    lines(format!(
        "Found as gone: {}. Kept back of what is due: {}; not called for yet, and kept back then: {}.",
        counted(*found as u64, "letter"),
        grouped(kept_back.len() as u64),
        grouped(*unknown as u64)
    ))?;
    lines(if preview {
        format!("{due} would be free to go. To let them: the same without --preview.")
    } else {
        format!(
            "{due} free to go; `ledge letter send --preview` says which of them go next, and which are too old."
        )
    })
}

pub(super) fn shown(shown: &LetterShown, body: &str) -> anyhow::Result<()> {
    if let Some(line) = &shown.line {
        let to = to(line);
        lines(format!("To: {}", if to.is_empty() { "nobody is on record" } else { &to }))?;
        lines(format!("Stands: {}{}", words(&line.stands), why(line)))?;
    }
    lines(format!("Subject: {}\n", shown.subject))?;
    lines(body)
}

/// `renewal offer`.
pub(super) fn words(of: &impl Display) -> String {
    of.to_string().replace('_', " ")
}

fn rows<'a>(letters: impl Iterator<Item = &'a LetterLine>) -> anyhow::Result<()> {
    let rows = letters.map(|line| {
        vec![
            line.letter.to_string(),
            words(&line.kind),
            format!("{} {}", line.urn, line.school),
            line.year.to_string(),
            Day(line.due_on).to_string(),
            to(line),
            format!("{}{}", words(&line.stands), why(line)),
        ]
    });
    lines(table(&["letter", "kind", "school", "year", "due", "to", "stands"], &[], rows))
}

fn to(line: &LetterLine) -> String {
    line.to
        .as_ref()
        .map_or_else(String::new, |to| format!("{} <{}>, {}", to.name, to.email, words(&to.role)))
}

fn why(line: &LetterLine) -> String {
    let day = line.acted_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
    let why = line.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    format!("{day}{why}")
}
