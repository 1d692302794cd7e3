//! What may be asked of retention.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use kernel::LeadingEdgeYear;

use super::day;

const EXAMPLES: &str = "\
Examples:
  ledge retention
  ledge retention --from 2018-19 --until 2020-21
  ledge retention --list lost --year 2020-21        who was lost, and why
  ledge retention --as-known-on 2020-03-31 --json";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Retention {
    /// The first Leading Edge year to tell of, such as 2018-19; otherwise the first with a member.
    #[arg(long, value_name = "YEAR", conflicts_with = "list")]
    pub(crate) from: Option<LeadingEdgeYear>,
    /// The last one; otherwise the last that was agreed with anybody.
    #[arg(long, value_name = "YEAR", conflicts_with = "list")]
    pub(crate) until: Option<LeadingEdgeYear>,
    /// The schools behind a figure of one year, instead of the figures.
    #[arg(long, value_enum, value_name = "FIGURE", requires = "year")]
    pub(crate) list: Option<List>,
    /// The Leading Edge year whose schools are listed.
    #[arg(long, requires = "list")]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// As this office knew it at the end of this day (recorded time).
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_known_on: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum List {
    /// All that were members in the year.
    Members,
    /// Members on 31 March before and on 1 April.
    Kept,
    /// Members for the first time.
    New,
    /// Members again, after a gap.
    #[value(alias = "back")]
    Returned,
    /// Members of the year that were none on 1 April.
    JoinedLate,
    /// Members of the year before that were not kept, and why.
    Lost,
    /// Members of the year before of which it is not known yet.
    #[value(alias = "open")]
    Undecided,
}
