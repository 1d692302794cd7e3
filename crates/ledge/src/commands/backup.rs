//! `ledge backup`: a copy of what cannot be made anew.

use super::desk;
use super::interruptible::interruptible;
use crate::cli::{self, Global};
use crate::outcome::Outcome;
use crate::output::{counted, lines, print};
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
        let (events, documents) =
            (counted(made.events, "event"), counted(made.documents, "document"));
        lines(format!(
            "{folder} has {events} and {documents}; the last hash is {}",
            made.last_hash
        ))?;
        for fault in &made.faults {
            lines(format!("FAULT: {fault}"))?;
        }
        lines("The keys of contacts are not in it: copy them apart.")
    })?;
    Ok(if made.faults.is_empty() { Outcome::Done } else { Outcome::Faulty })
}
