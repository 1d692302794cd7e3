//! `ledge backup`: a copy of what cannot be made anew.

use super::desk;
use super::interruptible::interruptible;
use crate::cli::{self, Global};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: cli::Backup) -> anyhow::Result<Outcome> {
    let mine = global.clone();
    let made = interruptible(move |_| {
        let desk = desk(&mine)?;
        let bar = Bar::new(&mine);
        let progress = |what: &str, done, total| bar.tell(what, done, total);
        Ok(desk.back_up(&asked.out, &progress)?)
    })
    .await?;
    print(global, &made, |made| {
        let folder = made.folder.display();
        let copies = if made.letters == 1 { "copy" } else { "copies" };
        lines(format!(
            "{folder} has {}, {} and {} {copies} of letters; the last hash is {}",
            counted(made.events, "event"),
            counted(made.documents, "document"),
            grouped(made.letters),
            made.last_hash
        ))?;
        for fault in &made.faults {
            lines(format!("FAULT: {fault}"))?;
        }
        lines(
            "It has the journal, the documents, the copies of letters that went, and letters.toml; not what lies in the outbox, and \
             not the keys of contacts: copy keys/ apart.",
        )?;
        lines(
            "To restore: the whole folder into a new place, with the keys as keys/ in it. Letters are held there until \
             `ledge letter resume` is told what went since.",
        )
    })?;
    Ok(if made.faults.is_empty() { Outcome::Done } else { Outcome::Faulty })
}
