//! One file a command.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use app::{Desk, Failure, Office};
use chrono::NaiveDate;
use tokio::time::timeout;

use crate::cli::{Cli, Command, Global, LetterCommand};
use crate::loan::{self, Loan};
use crate::outcome::{Interrupted, Outcome};
use crate::output::error_text;
use crate::progress::Bar;
use interruptible::interruptible;

mod application;
mod ask;
mod backup;
mod contact;
mod criteria;
mod day;
mod demo;
mod events;
mod explain;
mod export;
mod fee;
mod history;
mod import;
mod interruptible;
mod invitation;
mod invite;
mod invoice;
mod judge;
mod letter;
mod member;
mod parked;
mod payment;
mod rebuild;
mod renewal;
mod replay;
mod retention;
mod review;
mod schools;
mod serve;
mod sql;
mod target;
mod verify;
mod what_if;

pub(crate) async fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let global = &cli.global;
    if let Command::Letter(LetterCommand::Send(_)) | Command::Serve(_) = &cli.command {
        // They stop by themselves: between two letters, for in the middle of one nobody would know whether it went; and when
        // what is on its way has arrived.
        return dispatch(global, cli.command).await;
    }
    // Whatever is being awaited is dropped when someone interrupts: an append already handed over is completed by the
    // journal's own thread, and what was acknowledged stays.
    tokio::select! {
        outcome = dispatch(global, cli.command) => outcome,
        () = interrupted() => Err(Interrupted.into()),
    }
}

async fn dispatch(global: &Global, command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Import(import) => import::run(global, import).await,
        Command::Criteria(criteria) => criteria::run(global, criteria).await,
        Command::Review(review) => review::run(global, review).await,
        Command::Invite(invite) => invite::run(global, invite).await,
        Command::Judge(judge) => judge::run(global, judge).await,
        Command::Fee(fee) => fee::run(global, fee).await,
        Command::Invoice(invoice) => invoice::run(global, invoice).await,
        Command::Payment(payment) => payment::run(global, payment).await,
        Command::Statement(asked) => invoice::statement(global, &asked),
        Command::Renewal(renewal) => renewal::run(global, renewal).await,
        Command::Member(member) => member::run(global, member).await,
        Command::Retention(retention) => retention::run(global, &retention),
        Command::Invitation(asked) => invitation::run(global, asked).await,
        Command::Application(asked) => application::run(global, asked).await,
        Command::Contact(asked) => contact::run(global, asked).await,
        Command::Letter(letter) => letter::run(global, letter).await,
        Command::Explain(explain) => explain::run(global, &explain),
        Command::Schools(schools) => schools::run(global, &schools),
        Command::History(history) => history::run(global, &history),
        Command::Events(events) => events::run(global, &events).await,
        Command::Sql(sql) => sql::run(global, sql).await,
        Command::WhatIf(what_if) => what_if::run(global, &what_if),
        Command::Export(export) => export::run(global, export).await,
        Command::Ask(ask) => ask::run(global, ask).await,
        Command::Rebuild => rebuild::run(global),
        Command::Replay(replay) => replay::run(global, replay).await,
        Command::Verify => verify::run(global),
        Command::Backup(asked) => backup::run(global, asked).await,
        Command::Day(day) => day::run(global, day).await,
        Command::Parked(parked) => parked::run(global, parked).await,
        Command::Serve(asked) => serve::run(global, asked).await,
        Command::Demo(demo) => demo::run(global, demo).await,
        // Printed by `main`, which needs no office for it.
        Command::Completion { .. } => Ok(Outcome::Done),
    }
}

/// Lets `work` be done in the office of the folder that was named, between what an interrupted one left to follow and what
/// follows now; then says on standard error what of that could not be done.  Whoever writes does it here.
pub(crate) async fn at_work<T>(
    global: &Global,
    bar: &Arc<Bar>,
    work: impl AsyncFnOnce(&mut Office, app::Progress<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (done, parked) = in_office(global, bar, async |office, progress| {
        let done = work(office, progress).await?;
        office.settle(progress).await?;
        Ok((done, office.parked_meanwhile()?))
    })
    .await?;
    parked::tell_aside(global, &parked);
    Ok(done)
}

/// The same for who tells all that is parked anyway.
pub(crate) async fn in_office<T>(
    global: &Global,
    bar: &Arc<Bar>,
    work: impl AsyncFnOnce(&mut Office, app::Progress<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let progress = |what: &str, done, total| bar.tell(what, done, total);
    let on_loan = borrow(global).await?;
    let mut office = opened(global, &progress)?;
    let done = match office.settle(&progress).await {
        Ok(()) => work(&mut office, &progress).await,
        Err(failure) => Err(failure.into()),
    };
    let unremoved = office.unremoved().to_vec();
    office.close().await?;
    drop(on_loan);
    contact::tell_unremoved(global, &unremoved);
    done
}

/// The office of the folder that was named.
fn opened(global: &Global, progress: app::Progress<'_>) -> anyhow::Result<Office> {
    Ok(Office::open_in(&global.parts(), app::clock::wall(), actor(global), progress)?)
}

/// The office from whoever serves it, if somebody does.
async fn borrow(global: &Global) -> anyhow::Result<Option<Loan>> {
    /// Longer than a command usually has it.
    const A_MOMENT: Duration = Duration::from_secs(2);

    let folder = global.folder();
    let mut asking = pin!(loan::ask(&folder));
    let loan = match timeout(A_MOMENT, &mut asking).await {
        Ok(loan) => loan,
        Err(_) => {
            if !global.quiet {
                error_text(
                    "ledge: another command has the office; this one waits for it. Ctrl-C gives up.",
                );
            }
            asking.await
        }
    };
    loan.with_context(|| format!("asking whoever serves the office in {} for it", folder.display()))
}

/// The desk of the folder that was named.
pub(crate) fn desk(global: &Global) -> anyhow::Result<Desk> {
    let bar = Bar::new(global);
    let progress = |what: &str, done, total| bar.tell(what, done, total);
    Ok(Desk::open_in(&global.parts(), app::clock::wall(), &progress)?)
}

/// The same as of a day, where one is named.
pub(crate) async fn desk_as_of(global: &Global, day: Option<NaiveDate>) -> anyhow::Result<Desk> {
    let Some(day) = day else { return desk(global) };
    let global = global.clone();
    interruptible(move |waiting| {
        let today = desk(&global)?;
        let head = today.journal().head().map_err(Failure::from)?;
        let bar = Bar::new(&global);
        let progress = |done| {
            bar.tell("looking back", done, head);
            waiting.goes_on()
        };
        Ok(today.as_of(day, &progress)?)
    })
    .await
}

/// Who asks, where nobody was named: the machine's user.
fn actor(global: &Global) -> String {
    let named = |variable| std::env::var(variable).ok().filter(|name| !name.is_empty());
    let named = || named("LEDGE_ACTOR").or_else(|| named("USER"));
    global.actor.clone().or_else(named).unwrap_or_else(|| "ledge".to_owned())
}

/// Resolves when the person presses Ctrl-C or the system asks the program to stop.
async fn interrupted() {
    let asked_to_stop = async {
        #[cfg(unix)]
        if let Ok(mut terminate) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        {
            terminate.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => {
            if pressed.is_err() {
                // No handler could be set: the default one ends the program.
                std::future::pending::<()>().await;
            }
        }
        () = asked_to_stop => {}
    }
}
