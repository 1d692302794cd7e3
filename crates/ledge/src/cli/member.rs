//! What may be typed of members.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use kernel::{LeadingEdgeYear, Urn};

use super::{AsOf, On, day};

#[derive(Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// The roll: members, and whoever else a membership has anything to tell of.
    #[command(after_help = LIST)]
    List(ListMembers),
    /// One school: its years, its mark, its renewal, its cover, and what happens next.
    #[command(after_help = SHOW)]
    Show {
        /// The school, by its URN.
        urn: Urn,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// Memberships from before this system, under their true dates (R38).
    #[command(after_help = IMPORT)]
    Import {
        /// The list (CSV or a workbook): urn, from, until, reason, year.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Go the whole way and write nothing.
        #[arg(long)]
        check: bool,
    },
    /// Offer a school connections in the network that support its development areas (R15).
    #[command(after_help = CONNECT)]
    Connect {
        /// The school, by its URN.
        urn: Urn,
        /// A development area; may be given several times.
        #[arg(long = "area", value_name = "TEXT", required = true)]
        areas: Vec<String>,
        #[command(flatten)]
        on: On,
    },
    /// Let a membership go on at one of the schools that came after its own (D12).
    #[command(after_help = CARRY_OVER)]
    CarryOver {
        /// The school that is no more, by its URN.
        urn: Urn,
        /// The school at which its membership goes on.
        #[arg(long, value_name = "URN")]
        to: Urn,
        /// The first day there.
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: NaiveDate,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ListMembers {
    /// How the school stands with the network.
    #[arg(long, value_enum, default_value_t = Standing::Member)]
    pub(crate) standing: Standing,
    /// Only members on some day of this Leading Edge year.
    #[arg(long)]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// Only schools that are marked as not eligible to renew (R14).
    #[arg(long)]
    pub(crate) marked: bool,
    /// Only schools whose renewal has come so far.
    #[arg(long, value_enum, value_name = "STATE")]
    pub(crate) renewal: Option<Renewal>,
    /// Only schools that the register says closed, with those that came after them.
    #[arg(long)]
    pub(crate) closed: bool,
    /// Only schools for which no SSAT cover is known on the coming 1 April.
    #[arg(long)]
    pub(crate) without_cover: bool,
    /// What the list is sorted by.
    #[arg(long, value_enum, default_value_t = RollSort::Name)]
    pub(crate) sort: RollSort,
    /// List at most so many (text only; `--json` has all); 0 only counts them.
    #[arg(long, value_name = "SCHOOLS", default_value_t = 50)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Standing {
    Member,
    /// It was one.
    Left,
    /// Invited, or applying.
    Outside,
    Any,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Renewal {
    Offered,
    Accepted,
    Agreed,
    Refused,
    Declined,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum RollSort {
    Name,
    Urn,
    /// The longest unbroken run first.
    Since,
    /// What is to be answered first.
    AnswerBy,
}

pub(super) const MEMBER: &str = "\
Examples:
  ledge member list --marked
  ledge member show 137083
  ledge member import members-2003-2018.csv --check";

const LIST: &str = "\
Examples:
  ledge member list --sort since
  ledge member list --closed                       what must be sorted out
  ledge member list --without-cover --renewal accepted";

const SHOW: &str = "\
Examples:
  ledge member show 137083
  ledge member show 137083 --on 2019-03-31
  ledge member show 137083 --json";

const IMPORT: &str = "\
Examples:
  ledge member import members-2003-2018.csv --check
  ledge member import members-2003-2018.csv

The file: `until` is the last day; where it is blank, the membership runs on to
the end of `year`.  For example:
  urn,from,until,reason,year
  137083,2005-04-01,2010-03-31,its own wish,
  137083,2015-04-01,,,2018-19";

const CONNECT: &str = "\
Examples:
  ledge member connect 137083 --area \"quality of teaching\" --area leadership";

const CARRY_OVER: &str = "\
Examples:
  ledge member carry-over 100049 --to 137083 --on 2019-01-01";
