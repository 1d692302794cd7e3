//! `ledge replay`: the read models as they stood, in a file of their own (R42).

use std::ops::ControlFlow;

use app::{Failure, Folder};
use journal::{EntryRef, Reader};
use kernel::Day;
use projections::{Event, Recorded, View, Window};
use read_store::Over;
use serde_json::json;

use super::interruptible::{Waiting, interruptible};
use super::rebuild::refuse;
use super::verify::faults_of;
use crate::cli::{Global, Replay};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Replay) -> anyhow::Result<Outcome> {
    let global = global.clone();
    interruptible(move |waiting| replay(&global, &asked, waiting)).await
}

fn replay(global: &Global, asked: &Replay, waiting: &Waiting) -> anyhow::Result<Outcome> {
    let folder = Folder::at(&global.folder());
    if asked.force && folder.holds(&asked.out) && asked.out.exists() && !is_replay(asked) {
        return Err(Failure::Refused(format!(
            "{} lies among the office's own files, which nothing is written over; name another file",
            asked.out.display()
        ))
        .into());
    }
    let bar = Bar::new(global);
    // What is derived from a journal that does not fit would be wrong.
    let faults = faults_of(&folder, &bar)?;
    if !faults.is_empty() {
        drop(bar);
        return refuse(global, &faults);
    }
    let journal = folder.reader()?;
    let head = journal.head()?;
    let window =
        Window { known_on: asked.as_known_on.map(app::clock::last_instant_of), as_at: asked.as_at };
    let over = if asked.force { Over::AnyFile } else { Over::AnEarlierReplay };
    let progress = |done| {
        bar.tell("replaying", done, head);
        waiting.goes_on()
    };
    let seen =
        read_store::replay(&journal, &asked.out, window, over, &progress).map_err(sentence)?;
    let shown = if window == Window::default() {
        seen.events - seen.skipped
    } else {
        shown_by(window, &journal, seen.position)?
    };
    drop(bar);
    let file = asked.out.display().to_string();
    if global.json {
        document(&json!({
            "file": file,
            "as_at": asked.as_at,
            "as_known_on": asked.as_known_on,
            "events": seen.events,
            "shown": shown,
            "position": seen.position,
        }))?;
    } else {
        lines(format!(
            "{file} shows {} of the {} in the journal{}.",
            grouped(shown),
            counted(seen.events, "event"),
            stood(asked)
        ))?;
    }
    Ok(Outcome::Done)
}

/// What is in the way is a sentence for the person who named the file.
fn sentence(failure: read_store::Failure) -> Failure {
    match failure {
        read_store::Failure::Taken { .. } | read_store::Failure::InUse { .. } => {
            Failure::Refused(failure.to_string())
        }
        failure => failure.into(),
    }
}

/// Whether an earlier replay is there, which is replaced wherever it lies.
fn is_replay(asked: &Replay) -> bool {
    read_store::read_only(&asked.out).is_ok()
}

/// `, as at 28 Feb 2019, as known on 1 Mar 2019`.
fn stood(asked: &Replay) -> String {
    let at = asked.as_at.map_or_else(String::new, |day| format!(", as at {}", Day(day)));
    asked.as_known_on.map_or_else(|| at.clone(), |day| format!("{at}, as known on {}", Day(day)))
}

/// How many of the journal's events a window lets through.
fn shown_by(window: Window, journal: &Reader, upto: u64) -> anyhow::Result<u64> {
    let mut view = View::of(window);
    let mut shown = 0;
    let mut failed = None;
    journal.for_each(0, upto, |entry| {
        match recorded(&entry) {
            Ok(recorded) => shown += u64::from(recorded.is_some_and(|it| view.shows(&it))),
            Err(why) => {
                failed = Some(why);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    failed.map_or(Ok(shown), |why| Err(why.into()))
}

fn recorded(entry: &EntryRef<'_>) -> Result<Option<Recorded>, projections::Undecodable> {
    let event = Event::decode(entry.stream, entry.payload)?;
    Ok(event.map(|event| Recorded {
        position: entry.position,
        version: entry.version,
        recorded_at: entry.recorded_at,
        effective_on: entry.effective_on,
        actor: entry.actor.to_owned(),
        event,
    }))
}
