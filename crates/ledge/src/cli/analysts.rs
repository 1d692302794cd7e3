//! What analysts ask: history replayed, and anything exported (R42).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::day;

const REPLAY: &str = "\
Examples:
  ledge replay --as-at 2019-02-28 --out february.sqlite
  ledge replay --as-known-on 2019-02-28 --out known-in-february.sqlite
  ledge sql --from february.sqlite \"SELECT grade, count(*) FROM schools
      GROUP BY 1\"";

const EXPORT: &str = "\
Examples:
  ledge export schools --out schools.csv
  ledge export memberships --out members.csv --for-spreadsheets
  ledge export review_findings --from february.sqlite --out findings.parquet
  ledge export --query \"SELECT urn, name FROM schools WHERE grade = 1\" --out -
docs/read-models.md has every table, docs/analysts.md how to go on from there.";

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

#[derive(Args, Clone, Debug)]
#[command(after_help = EXPORT)]
pub(crate) struct Export {
    /// The table of the read models, whole, in the order of its key.
    #[arg(value_name = "TABLE", required_unless_present = "query", conflicts_with = "query")]
    pub(crate) table: Option<String>,
    /// What this SELECT answers, instead of a table.
    #[arg(long, value_name = "SQL")]
    pub(crate) query: Option<String>,
    /// How it is written; otherwise as the name of the file ends, and CSV on standard output.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// The read models of this file, which `ledge replay` wrote, instead of the live ones.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Let the query ask the journal too, as `journal`.
    #[arg(long, requires = "query")]
    pub(crate) journal: bool,
    /// The file to write, which is there only when it is whole; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace the file that is there; never a database, or what belongs to an office.
    #[arg(long)]
    pub(crate) force: bool,
    /// CSV as spreadsheets want it: marked as UTF-8, and with an apostrophe before a text that they would take for a
    /// formula.
    #[arg(long)]
    pub(crate) for_spreadsheets: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values (RFC 4180) under a line of names; nothing where there is no value.
    Csv,
    /// Apache Parquet: typed columns, compressed.
    Parquet,
    /// JSON Lines: one object a row.
    Jsonl,
}
