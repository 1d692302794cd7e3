//! What analysts ask: history replayed (R42).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::day;

const REPLAY: &str = "\
Examples:
  ledge replay --as-at 2019-02-28 --out february.sqlite
  ledge replay --as-known-on 2019-02-28 --out known-in-february.sqlite
  ledge sql --from february.sqlite \"SELECT grade, count(*) FROM schools
      GROUP BY 1\"";

#[derive(Args, Clone, Debug)]
#[command(after_help = REPLAY)]
pub(crate) struct Replay {
    /// Only what was true in the world by this day: facts public, and decisions effective, by then.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<NaiveDate>,
    /// Only what this office had recorded by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_known_on: Option<NaiveDate>,
    /// The file to write: read models of its own, which nobody brings up to date.  An earlier replay there is replaced.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace whatever plain file is there; never a journal, a link, or what belongs to an office.
    #[arg(long)]
    pub(crate) force: bool,
}
