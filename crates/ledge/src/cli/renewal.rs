//! What may be typed of judgements and renewals.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::Role;

use super::{On, day};

#[derive(Args, Debug)]
#[command(after_help = JUDGE)]
pub(crate) struct Judge {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The Leading Edge year of the review, such as 2019-20.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// What the steering group decided.
    #[arg(long, value_enum)]
    pub(crate) verdict: Verdict,
    /// Why; kept for ever and not sealed: name no person.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Where the decision is written down.
    #[arg(long, value_name = "TEXT")]
    pub(crate) minute: String,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Verdict {
    Eligible,
    NotEligible,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RenewalCommand {
    /// Confirm the annual review: offer renewal where it is clear, refuse it where that is clear, list what waits.
    #[command(after_help = OFFER)]
    Offer(OfferRenewals),
    /// Where every member stands with its renewal for a year.
    #[command(after_help = LIST)]
    List(ListRenewals),
    /// A school says yes to its offer; many at once, too: then all are taken down, or none.
    #[command(after_help = ACCEPT)]
    Accept(AcceptRenewals),
    /// A school leaves at the end of its year, by its own decision.
    #[command(after_help = DECLINE)]
    Decline {
        #[command(flatten)]
        of: Of,
        /// Why, where the school says so.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// A school that said no stays after all.
    #[command(after_help = TAKE_BACK)]
    TakeBack {
        #[command(flatten)]
        of: Of,
        /// What changed; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// The network says no, one school at a time.
    #[command(after_help = REFUSE)]
    Refuse {
        #[command(flatten)]
        of: Of,
        /// Why the network does not renew.
        #[arg(long, value_enum)]
        why: Why,
        /// The steering group's reason, where it judged so.
        #[arg(long, value_name = "TEXT", required_if_eq("why", "judgement"))]
        reason: Option<String>,
        /// Where the judgement is written down.
        #[arg(long, value_name = "TEXT", required_if_eq("why", "judgement"))]
        minute: Option<String>,
    },
    /// Close a year's review: nothing in it changes any more.  Refused while a member waits for anything.
    #[command(after_help = CLOSE)]
    Close {
        /// The Leading Edge year of the review, such as 2019-20.
        #[arg(long)]
        year: LeadingEdgeYear,
        #[command(flatten)]
        on: On,
    },
}

/// One school's renewal.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Of {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The Leading Edge year that would be renewed, such as 2019-20.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct OfferRenewals {
    /// The coming Leading Edge year, such as 2019-20; its review must be on record.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// The day by which the schools are asked to answer.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) answer_by: Option<NaiveDate>,
    /// Count and list, and send nothing.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Take findings as they are although a fact they rested on is known otherwise since.
    #[arg(long)]
    pub(crate) in_spite_of_old_data: bool,
    /// Only this school, also where it was told something else before; may be given several times.
    #[arg(long = "school", value_name = "URN")]
    pub(crate) schools: Vec<Urn>,
    /// List at most so many schools of each kind (text only; `--json` has all).
    #[arg(long, value_name = "SCHOOLS", default_value_t = 20)]
    pub(crate) show: usize,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct ListRenewals {
    /// The Leading Edge year that would be renewed, such as 2019-20; its review must be on record.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// Only schools that stand so; may be given several times.
    #[arg(long = "state", value_enum, value_name = "STATE")]
    pub(crate) states: Vec<State>,
    /// As it stood on this day, where it is looked at later; otherwise today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<NaiveDate>,
}

/// Where a renewal stands, as the office asks for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum State {
    /// Neither offered nor refused yet, and clear.
    Due,
    /// Somebody must look at it first.
    Waiting,
    Offered,
    /// The school said yes; SSAT cover or the fee is awaited.
    Accepted,
    Agreed,
    Refused,
    Declined,
    Lapsed,
}

#[derive(Args, Debug)]
pub(crate) struct AcceptRenewals {
    /// The school, by its URN; may be given several times.
    #[arg(required_unless_present = "from")]
    pub(crate) urns: Vec<Urn>,
    /// A file with one URN a line; blank lines and what follows a `#` are passed over.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// The Leading Edge year that is renewed, such as 2019-20.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// Who speaks for the school: headteacher, senior-leader, governors, trust or office.
    #[arg(long, value_name = "ROLE", default_value = "headteacher", value_parser = role)]
    pub(crate) by: Role,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Why {
    /// No SSAT membership on the first day; the cover on record must not say otherwise.
    NoCover,
    /// It no longer meets the criteria; the review on record must not say otherwise.
    NotEligible,
    /// Ofsted graded it 3 or 4; a mark must be on record.
    Marked,
    /// The steering group judged so; needs --reason and --minute.
    Judgement,
}

fn role(text: &str) -> Result<Role, String> {
    text.replace('-', "_").parse().map_err(|_| {
        format!("`{text}` is not one of headteacher, senior-leader, governors, trust or office")
    })
}

const JUDGE: &str = "\
Examples:
  ledge judge 137083 --year 2019-20 --verdict eligible \\
      --reason \"two dips, both explained\" --minute \"minute 7\"";

pub(super) const RENEWAL: &str = "\
Examples:
  ledge renewal offer --year 2019-20 --answer-by 2019-03-15 --preview
  ledge renewal offer --year 2019-20 --answer-by 2019-03-15
  ledge renewal accept 137083 --year 2019-20
  ledge renewal list --year 2019-20 --state waiting";

const OFFER: &str = "\
Examples:
  ledge renewal offer --year 2019-20 --preview     what would be sent
  ledge renewal offer --year 2019-20 --answer-by 2019-03-15
  ledge renewal offer --year 2019-20 --school 137083 \\
      --answer-by 2019-03-29                       again, with a later day";

const LIST: &str = "\
Examples:
  ledge renewal list --year 2019-20
  ledge renewal list --year 2019-20 --state offered --state waiting";

const ACCEPT: &str = "\
Examples:
  ledge renewal accept 137083 --year 2019-20 --by trust --on 2019-03-04
  ledge renewal accept --from replies.txt --year 2019-20";

const DECLINE: &str = "\
Examples:
  ledge renewal decline 137083 --year 2019-20 --reason \"the budget\"";

const TAKE_BACK: &str = "\
Examples:
  ledge renewal take-back 137083 --year 2019-20 --reason \"a new head\"";

const REFUSE: &str = "\
Examples:
  ledge renewal refuse 137083 --year 2019-20 --why no-cover
  ledge renewal refuse 137083 --year 2019-20 --why judgement \\
      --reason \"three years below\" --minute \"minute 7\"";

const CLOSE: &str = "\
Examples:
  ledge renewal close --year 2019-20";
