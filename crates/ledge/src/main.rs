//! `ledge`: the one executable, and how staff ask on the command line (R43).

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

mod cli;
mod commands;
mod loan;
mod outcome;
mod output;
mod progress;

use cli::{Cli, Command};
use outcome::Outcome;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return Outcome::of_usage(&error, asks_for_json()).into(),
    };
    log(matches!(cli.command, Command::Serve(_)));
    if let Command::Completion { shell } = cli.command {
        clap_complete::generate(shell, &mut Cli::command(), "ledge", &mut std::io::stdout());
        return ExitCode::SUCCESS;
    }
    let json = cli.global.json;
    match commands::run(cli).await {
        Ok(outcome) => outcome.into(),
        Err(error) => Outcome::of_error(&error, json).into(),
    }
}

/// Says what goes on, on standard error: of a service everything that matters, one JSON object a line where no person looks
/// on; of any other command only what is wrong.
fn log(of_a_service: bool) {
    let on_screen = std::io::stderr().is_terminal();
    // The client of NATS says again what `subscriber` says of it.
    let otherwise = if of_a_service { "info,async_nats=off" } else { "warn,async_nats=off" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("LEDGE_LOG")
        .unwrap_or_else(|_| otherwise.into());
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(on_screen)
        .with_env_filter(filter);
    if of_a_service && !on_screen {
        log.json().flatten_event(true).init();
    } else {
        log.init();
    }
}

/// Whether programs are to be answered, where the command line could not be read as a whole.
fn asks_for_json() -> bool {
    std::env::args_os().take_while(|argument| argument != "--").any(|argument| argument == "--json")
}
