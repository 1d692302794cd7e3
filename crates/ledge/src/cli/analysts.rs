//! What analysts ask: history replayed, anything exported, and a year under other criteria (R42).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, ValueEnum};
use kernel::{AcademicYear, LeadingEdgeYear};

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

const WHAT_IF: &str = "\
Examples:
  ledge what-if --year 2019-20 --percentile 80
  ledge what-if --year 2019-20 --criteria stricter.toml --all
  ledge what-if --year 2019-20 --percentile 70 --out changes.csv
  ledge what-if --year 2019-20 --results 2016/17 --show 50";

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

#[derive(Args, Clone, Debug)]
#[command(after_help = WHAT_IF)]
#[command(group(ArgGroup::new("other").required(true).multiple(true).args(["criteria", "percentile", "results", "as_at"])))]
pub(crate) struct WhatIf {
    /// The Leading Edge year, such as 2019-20: as its review is on record, or else as the criteria in force would have it.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// What if these criteria were in force?
    #[arg(long, value_name = "FILE")]
    pub(crate) criteria: Option<PathBuf>,
    /// What if this percentile stood in every way that names one?
    #[arg(long, value_name = "PERCENTILE", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(crate) percentile: Option<u8>,
    /// What if the results of this school year counted, such as 2016/17?
    #[arg(long, value_name = "YEAR")]
    pub(crate) results: Option<AcademicYear>,
    /// What if the review had looked at this day?
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<NaiveDate>,
    /// List at most so many schools of each kind (text only; `--json` and `--out` have all).
    #[arg(long, value_name = "SCHOOLS", default_value_t = 10)]
    pub(crate) show: usize,
    /// List every school that would be answered differently.
    #[arg(long, conflicts_with = "show")]
    pub(crate) all: bool,
    /// Write all of them to this file too, as CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace the file that is there; never a database, or what belongs to an office.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}
