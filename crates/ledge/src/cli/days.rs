//! The office's days, and what could not be done on them.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use kernel::Urn;

use super::day;

const DAY: &str = "\
Examples:
  ledge day                              today, and whatever day was missed
  ledge day --until 2019-04-01 --json";

const PARKED: &str = "\
Examples:
  ledge parked
  ledge parked retry 137083
  ledge parked dismiss 137083 --reason \"written to by hand, minute 14\"";

const RETRY: &str = "\
Examples:
  ledge parked retry 137083
  ledge parked retry --all";

const DISMISS: &str = "\
Examples:
  ledge parked dismiss 137083 --reason \"written to by hand, minute 14\"";

#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = DAY)]
pub(crate) struct Day {
    /// The last day to begin; otherwise today.  On the first day ever it is the only one, and after that none is left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Option<NaiveDate>,
    /// The first day ever may be more than a year back, and every day since then begins after it.
    #[arg(long)]
    pub(crate) first: bool,
    /// More than a month may begin at once over a 1 April on which members lapse.
    #[arg(long)]
    pub(crate) lapse: bool,
}

#[derive(Args, Debug)]
#[command(after_help = PARKED, args_conflicts_with_subcommands = true)]
pub(crate) struct Parked {
    #[command(subcommand)]
    pub(crate) command: Option<ParkedCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ParkedCommand {
    /// Try again what is parked, and then whatever waits behind it.
    #[command(after_help = RETRY)]
    Retry {
        /// The school for which it is parked, by its URN.
        #[arg(required_unless_present = "all")]
        urn: Option<Urn>,
        /// For every school that has something parked.
        #[arg(long, conflicts_with = "urn")]
        all: bool,
    },
    /// Leave undone what is parked, and do whatever waits behind it.
    #[command(after_help = DISMISS)]
    Dismiss {
        /// The school for which it is parked, by its URN.
        urn: Urn,
        /// Why it may be left undone; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "WHY", required_unless_present = "preview")]
        reason: Option<String>,
        /// Say what it would lead to, and write nothing.
        #[arg(long)]
        preview: bool,
    },
}
