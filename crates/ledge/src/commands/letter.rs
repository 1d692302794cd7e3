//! `ledge letter`: what the network writes to schools.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use app::{
    Failure, Folder, InTheClear, LetterRoute, LetterSettings, LetterStands, LettersAsked,
    LettersFailed, PASSWORD_VARIABLE, Posting, Via, WentSince, letter_samples,
};
use kernel::LetterId;
use letters::letter::Found;
use serde_json::json;

use super::target::{Readers, Target, is_standard_output};
use super::{at_work, desk, interrupted};
use crate::cli::{
    FoundOut, Global, LetterCommand, ListLetters, ResumeLetters, SendLetters, ShowLetter, Which,
    WithholdLetters,
};
use crate::outcome::{Interrupted, Outcome};
use crate::output::{counted, lines, print};
use crate::progress::Bar;

mod sheet;

pub(crate) async fn run(global: &Global, command: LetterCommand) -> anyhow::Result<Outcome> {
    match command {
        LetterCommand::List(asked) => list(global, asked)?,
        LetterCommand::Show(asked) => show(global, &asked)?,
        LetterCommand::Samples { out } => samples(global, &out)?,
        LetterCommand::Send(asked) => return send(global, asked).await,
        LetterCommand::Withhold(asked) => withhold(global, asked).await?,
        LetterCommand::Release { letter, reason } => {
            let bar = Arc::new(Bar::new(global));
            let decided = at_work(global, &bar, async |office, _| {
                let on = office.day(None)?;
                Ok(office.release_letters(&[letter], &reason, on).await?)
            })
            .await?;
            print(global, &decided, |_| lines("It goes when letters are sent next."))?;
        }
        LetterCommand::Resolve { letter, found, reason } => {
            resolve(global, letter, found, &reason).await?;
        }
        LetterCommand::Resume(asked) => resume(global, asked).await?,
        LetterCommand::Copy { letter, out } => copy(global, letter, &out)?,
    }
    Ok(Outcome::Done)
}

fn list(global: &Global, asked: ListLetters) -> anyhow::Result<()> {
    let desk = desk(global)?;
    let ListLetters { which, states, limit } = asked;
    let letters = desk.letters(&wanted(which, vec![], states), desk.today())?;
    print(global, &letters, |letters| sheet::list(letters, limit))
}

fn show(global: &Global, asked: &ShowLetter) -> anyhow::Result<()> {
    let folder = Folder::at(&global.folder());
    let settings = LetterSettings::read(&folder.letter_settings)?;
    let shown = desk(global)?.show_letter(asked.letter, &settings.sender)?;
    let body = if asked.html { &shown.html } else { &shown.text };
    match &asked.out {
        Some(out) => {
            let mut target = Target::at(out, false, &folder, Readers::OwnerAlone)?;
            let cannot = || format!("cannot write {}", out.display());
            target.write_all(body.as_bytes()).with_context(cannot)?;
            target.keep()?;
            if is_standard_output(out) {
                return Ok(());
            }
            let out = out.display().to_string();
            print(global, &json!({ "out": out }), |_| lines(format!("It is in {out}.")))
        }
        None => print(global, &shown, |shown| sheet::shown(shown, body)),
    }
}

fn samples(global: &Global, out: &Path) -> anyhow::Result<()> {
    let folder = Folder::at(&global.folder());
    let samples = letter_samples(&LetterSettings::read(&folder.letter_settings)?.sender)?;
    let cannot = || format!("cannot write to {}", out.display());
    std::fs::create_dir_all(out).with_context(cannot)?;
    for sample in &samples {
        let name = sample.kind.to_string().replace('_', "-");
        let text = format!("Subject: {}\n\n{}", sample.subject, sample.text);
        for (ending, content) in [("txt", &text), ("html", &sample.html)] {
            std::fs::write(out.join(format!("{name}.{ending}")), content).with_context(cannot)?;
        }
    }
    let out = out.display().to_string();
    print(global, &json!({ "out": out, "letters": samples.len() }), |_| {
        let letters = counted(samples.len() as u64, "letter");
        lines(format!("{letters} in {out}, each as text and as a page."))
    })
}

/// Stops between two letters, never in the middle of one.
async fn send(global: &Global, asked: SendLetters) -> anyhow::Result<Outcome> {
    let stopped = Arc::new(AtomicBool::new(false));
    let listening = tokio::spawn({
        let stopped = Arc::clone(&stopped);
        async move {
            interrupted().await;
            stopped.store(true, Ordering::Relaxed);
        }
    });
    let outcome = send_until(global, asked, &stopped).await;
    listening.abort();
    outcome
}

async fn send_until(
    global: &Global,
    asked: SendLetters,
    stopped: &AtomicBool,
) -> anyhow::Result<Outcome> {
    let SendLetters { which, letters, preview, expect, failed, smtp, allow_plain, show } = asked;
    let failed = if failed { LettersFailed::Again } else { LettersFailed::Stays };
    let wanted = wanted(which, letters, vec![]);
    if preview {
        let desk = desk(global)?;
        let posting = desk.posting(&wanted, failed, desk.today())?;
        print(global, &posting, |posting| sheet::posting(posting, show))?;
        return Ok(Outcome::Done);
    }
    let folder = Folder::at(&global.folder());
    let settings = LetterSettings::read(&folder.letter_settings)?;
    let in_the_clear =
        if allow_plain { InTheClear::Anywhere } else { InTheClear::ToThisMachineOnly };
    let via = if smtp { Via::Smtp(in_the_clear) } else { Via::Outbox };
    let bar = Arc::new(Bar::new(global));
    let posted = at_work(global, &bar, async |office, progress| {
        let on = office.day(None)?;
        if let Some(why) = office.desk().letters_held() {
            return Err(Failure::Refused(why).into());
        }
        let posting = office.desk().posting(&wanted, failed, on)?;
        as_many_as_expected(&posting, expect)?;
        let stop = || stopped.load(Ordering::Relaxed);
        let password = std::env::var(PASSWORD_VARIABLE).ok();
        let route = LetterRoute { settings: &settings, via, password };
        Ok(office.send_letters(&posting, route, on, &stop, progress).await?)
    })
    .await?;
    drop(bar);
    print(global, &posted, sheet::posted)?;
    if stopped.load(Ordering::Relaxed) {
        return Err(Interrupted.into());
    }
    Ok(if posted.stopped.is_some() { Outcome::Failed } else { Outcome::Done })
}

/// Nobody writes to many by a slip: who sends more than one letter says how many they are.
fn as_many_as_expected(posting: &Posting, expect: Option<usize>) -> Result<(), Failure> {
    let found = posting.letters.len();
    match expect {
        Some(expected) if expected != found => Err(Failure::Refused(format!(
            "{} would be sent, not {expected}: look again with --preview",
            counted(found as u64, "letter")
        ))),
        None if found > 1 => {
            let kinds: Vec<String> = posting
                .by_kind
                .iter()
                .map(|(kind, number)| format!("{number} {}", sheet::words(kind)))
                .collect();
            Err(Failure::Refused(format!(
                "{found} letters would be sent ({}): look at them with --preview, then say --expect {found}",
                kinds.join(", ")
            )))
        }
        Some(_) | None => Ok(()),
    }
}

async fn withhold(global: &Global, asked: WithholdLetters) -> anyhow::Result<()> {
    let WithholdLetters { which, letters, reason, preview, expect } = asked;
    let states = vec![
        LetterStands::Due,
        LetterStands::Postponed,
        LetterStands::NoAddress,
        LetterStands::KeyMissing,
        LetterStands::Old,
        LetterStands::Failed,
    ];
    let wanted = wanted(which, letters, states);
    if preview {
        let desk = desk(global)?;
        let letters = desk.letters(&wanted, desk.today())?;
        return print(global, &letters, |letters| sheet::list(letters, 50));
    }
    let bar = Arc::new(Bar::new(global));
    let decided = at_work(global, &bar, async |office, _| {
        let on = office.day(None)?;
        let found = office.desk().letters(&wanted, on)?;
        let found: Vec<LetterId> = found.iter().map(|line| line.letter).collect();
        if found.len() != expect.unwrap_or(found.len().min(1)) {
            return Err(Failure::Refused(format!(
                "{} would be withheld: look at them with --preview, then say --expect {}",
                counted(found.len() as u64, "letter"),
                found.len()
            ))
            .into());
        }
        Ok(office.withhold_letters(&found, &reason, on).await?)
    })
    .await?;
    print(global, &decided, |decided| {
        lines(format!("{} withheld.", counted(decided.letters.len() as u64, "letter")))
    })
}

async fn resolve(
    global: &Global,
    letter: LetterId,
    found: FoundOut,
    reason: &str,
) -> anyhow::Result<()> {
    let (found, then) = match found {
        FoundOut::ItWent => (Found::ItWent, "It is on record as sent."),
        FoundOut::ItDidNot => (Found::ItDidNot, "It is due again."),
    };
    let bar = Arc::new(Bar::new(global));
    let decided = at_work(global, &bar, async |office, _| {
        let on = office.day(None)?;
        Ok(office.resolve_letter(letter, found, reason, on).await?)
    })
    .await?;
    print(global, &decided, |_| lines(then))
}

async fn resume(global: &Global, asked: ResumeLetters) -> anyhow::Result<()> {
    let ResumeLetters { went, nothing_went, preview } = asked;
    let since = if nothing_went { WentSince::Nothing } else { WentSince::In(went) };
    let resumed = if preview {
        desk(global)?.check_resume(&since)?
    } else {
        let bar = Arc::new(Bar::new(global));
        at_work(global, &bar, async |office, _| Ok(office.resume_letters(&since)?)).await?
    };
    print(global, &resumed, |resumed| sheet::resumed(resumed, preview))
}

fn copy(global: &Global, letter: LetterId, out: &Path) -> anyhow::Result<()> {
    let folder = Folder::at(&global.folder());
    let mut target = Target::at(out, false, &folder, Readers::OwnerAlone)?;
    let copy = desk(global)?.letter_copy(letter)?;
    let cannot = || format!("cannot write {}", out.display());
    target.write_all(&copy.message).with_context(cannot)?;
    target.keep()?;
    if is_standard_output(out) {
        return Ok(());
    }
    let out = out.display().to_string();
    print(global, &json!({ "out": out }), |_| lines(format!("It is in {out}, as it went.")))
}

fn wanted(which: Which, letters: Vec<LetterId>, states: Vec<LetterStands>) -> LettersAsked {
    let Which { kinds, urns, since, before } = which;
    LettersAsked { kinds, states, urns, letters, since, before }
}
