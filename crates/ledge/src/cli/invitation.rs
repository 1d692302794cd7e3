//! Invitations: made in batches, and what became of them (R3, R4).

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use kernel::{LeadingEdgeYear, Urn};

use super::{AsOf, On, day};

#[derive(Args, Debug)]
#[command(after_help = INVITE)]
pub(crate) struct Invite {
    /// The Leading Edge year to invite for; its review must be on record.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// The last day to answer; otherwise an invitation stands as long as its year.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) answer_by: Option<NaiveDate>,
    #[command(flatten)]
    pub(crate) on: On,
    /// Count and list, and invite nobody.
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Invitation {
    /// The school says no to its invitation.
    #[command(after_help = DECLINE)]
    Decline {
        /// The school, by its URN.
        urn: Urn,
        /// The Leading Edge year it was invited for.
        #[arg(long)]
        year: LeadingEdgeYear,
        /// Why, if the school says so.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        on: On,
    },
    /// Give schools a later last day to answer, also where the one they had is past.
    #[command(after_help = EXTEND)]
    Extend {
        /// The school, by its URN; may be given several times.
        #[arg(required = true)]
        urns: Vec<Urn>,
        /// The Leading Edge year they were invited for.
        #[arg(long)]
        year: LeadingEdgeYear,
        /// The last day to answer from now on; reminders are counted from it.
        #[arg(long, value_name = "DATE", value_parser = day)]
        answer_by: NaiveDate,
        /// Why; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        on: On,
    },
    /// The invitations for a year, and what became of them.
    #[command(after_help = LIST)]
    List(ListInvitations),
}

#[derive(Args, Debug)]
pub(crate) struct ListInvitations {
    /// The Leading Edge year they were made for.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// Those that may still be answered.
    #[arg(long)]
    pub(crate) open: bool,
    /// Those whose last day to answer is past.
    #[arg(long)]
    pub(crate) expired: bool,
    /// Those that were declined.
    #[arg(long)]
    pub(crate) declined: bool,
    /// Those by which the school applied.
    #[arg(long)]
    pub(crate) taken: bool,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

const INVITE: &str = "\
Examples:
  ledge invite --year 2019-20 --preview            who would be invited
  ledge invite --year 2019-20 --answer-by 2019-03-31
  ledge invite --year 2019-20 --on 2019-03-01      entered later";

pub(super) const INVITATION: &str = "\
Examples:
  ledge invitation list --year 2019-20 --open
  ledge invitation decline 137083 --year 2019-20 --reason \"no time this year\"";

const DECLINE: &str = "\
Examples:
  ledge invitation decline 137083 --year 2019-20
  ledge invitation decline 137083 --year 2019-20 --reason \"no time this year\" \\
      --on 2019-03-12";

const EXTEND: &str = "\
Examples:
  ledge invitation extend 137083 --year 2019-20 --answer-by 2019-04-30 \\
      --reason \"its governors meet after Easter\"
  ledge invitation extend 137083 100053 --year 2019-20 --answer-by 2019-04-30 \\
      --reason \"our letter came late\" --on 2019-03-28";

const LIST: &str = "\
Examples:
  ledge invitation list --year 2019-20
  ledge invitation list --year 2019-20 --open --expired";
