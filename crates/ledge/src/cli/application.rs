//! Applications to join, from the first word to the first day (R4 to R10).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::{Role, Verdict};
use projections::memberships::Application as Sheet;

use super::{AsOf, On, day};

mod examples;

pub(super) use examples::APPLICATION;

#[derive(Debug, Subcommand)]
pub(crate) enum Application {
    /// A school applies: by its invitation, or on its data profile, and is told whether more is wanted.
    #[command(after_help = examples::APPLY)]
    Apply {
        /// The school, by its URN.
        urn: Urn,
        /// The Leading Edge year to join in.
        #[arg(long)]
        year: LeadingEdgeYear,
        /// Who speaks for the school.
        #[arg(long, value_name = "WHO", default_value = "headteacher", value_parser = role())]
        by: Role,
        #[command(flatten)]
        on: On,
    },
    /// The applications, what has waited longest first; closed ones only where they are asked for.
    #[command(after_help = examples::LIST)]
    List(ListApplications),
    /// A whole application: what it rests on, where it stands, and who must do what next.
    #[command(after_help = examples::SHOW)]
    Show {
        /// The school, by its URN.
        urn: Urn,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// Ask the school for evidence.
    #[command(after_help = examples::ASK)]
    Ask {
        /// The school, by its URN.
        urn: Urn,
        /// What is asked for, as the school is to read it.
        #[arg(long, value_name = "TEXT")]
        what: String,
        /// The last day for it to come in.
        #[arg(long, value_name = "DATE", value_parser = day)]
        due: NaiveDate,
        #[command(flatten)]
        on: On,
    },
    /// Take in evidence that came: files of up to 50 MB, kept outside the log.
    #[command(after_help = examples::RECEIVE)]
    Receive {
        /// The school, by its URN.
        urn: Urn,
        /// The documents as they came; the same one twice is kept once.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        on: On,
    },
    /// Hand out a document that came in.
    #[command(after_help = examples::DOCUMENT)]
    Document {
        /// The school, by its URN.
        urn: Urn,
        /// Its SHA-256, or the first digits of it.
        #[arg(value_name = "HASH")]
        sha256: String,
        /// The file to make; one that is there already is left alone.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Put the application before a meeting of the steering group.
    #[command(after_help = examples::REFER)]
    Refer {
        /// The school, by its URN.
        urn: Urn,
        /// What the group is asked.
        #[arg(long, value_name = "TEXT")]
        question: String,
        /// Why it is asked.
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// The day of the meeting.
        #[arg(long, value_name = "DATE", value_parser = day)]
        meeting: NaiveDate,
        #[command(flatten)]
        on: On,
    },
    /// The steering group puts the application off to a later meeting.
    #[command(after_help = examples::DEFER)]
    Defer {
        /// The school, by its URN.
        urn: Urn,
        /// The day of the later meeting.
        #[arg(long, value_name = "DATE", value_parser = day)]
        to: NaiveDate,
        /// Why it was put off.
        #[arg(long, value_name = "TEXT")]
        why: String,
        #[command(flatten)]
        on: On,
    },
    /// The headteacher of a member school has an interest, and will not be among those who decide.
    #[command(after_help = examples::INTEREST)]
    Interest {
        /// The school that applied, by its URN.
        urn: Urn,
        /// The member school whose headteacher has an interest, by its URN.
        #[arg(long, value_name = "URN")]
        school: Urn,
        #[command(flatten)]
        on: On,
    },
    /// Take down what the steering group decided.
    #[command(after_help = examples::DECIDE)]
    Decide {
        /// The school that applied, by its URN.
        urn: Urn,
        /// What was decided.
        #[arg(long, value_parser = verdict())]
        verdict: Verdict,
        /// The group's reasons, kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reasons: String,
        /// Where it is written down.
        #[arg(long, value_name = "TEXT")]
        minute: String,
        /// The member schools whose headteachers decided, by their URNs.
        #[arg(long, value_name = "URN", value_delimiter = ',', required = true)]
        by: Vec<Urn>,
        #[command(flatten)]
        on: On,
    },
    /// What the steering group is given to decide: a page a school, as text or as one HTML file to print.
    #[command(after_help = examples::PACK)]
    Pack(PackAsked),
    /// Accept the school from a day on: needs its eligibility shown, and SSAT cover on that day.
    #[command(after_help = examples::ACCEPT)]
    Accept(Accept),
    /// Decline an application that is not before the steering group.
    #[command(after_help = examples::DECLINE)]
    Decline {
        /// The school, by its URN.
        urn: Urn,
        /// The reasons, kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reasons: String,
        #[command(flatten)]
        on: On,
    },
    /// The school takes its application back.
    #[command(after_help = examples::WITHDRAW)]
    Withdraw {
        /// The school, by its URN.
        urn: Urn,
        /// Why, if the school says so.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        on: On,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ListApplications {
    /// Only those for this Leading Edge year.
    #[arg(long)]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// Only those at this stage; may be given several times.  Otherwise every open one.
    #[arg(long = "stage", value_name = "STAGE", value_enum)]
    pub(crate) stages: Vec<Stage>,
    /// Only those of which something is awaited by this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) due_by: Option<NaiveDate>,
    /// Only those before the steering group's meeting of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) meeting: Option<NaiveDate>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Stage {
    EvidenceNeeded,
    BelowCriteria,
    EvidenceAsked,
    EvidenceReceived,
    Referred,
    Prepared,
    Accepted,
    Declined,
    Withdrawn,
    Joined,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("asked").required(true).args(["urn", "meeting"]))]
pub(crate) struct PackAsked {
    /// The school that applied, by its URN.
    pub(crate) urn: Option<Urn>,
    /// All that is before the meeting of this day: the applications, and the members on whom the review does not decide.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) meeting: Option<NaiveDate>,
    /// The page to make, or - for standard output; without it, plain text is printed.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) out: Option<PathBuf>,
    /// Replace the file that is there; never a database, or what belongs to an office.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("terms"), override_usage = ACCEPT_USAGE)]
pub(crate) struct Accept {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The first day of membership; otherwise 1 April, or, once that is past, the day of the decision.
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "next_april")]
    pub(crate) first_day: Option<NaiveDate>,
    /// All that the year offers at the year's fee; this is so where no other terms are named.
    #[arg(long, group = "terms")]
    pub(crate) full_package: bool,
    /// Another fee that was agreed with a late joiner, in whole pence without VAT.
    #[arg(long, value_name = "PENCE", group = "terms", requires_all = ["reason", "approver"])]
    pub(crate) fee: Option<u64>,
    /// Why another fee was agreed.
    #[arg(long, value_name = "TEXT", requires = "fee")]
    pub(crate) reason: Option<String>,
    /// Who approved it: an office or a minute.
    #[arg(long, value_name = "TEXT", requires = "fee")]
    pub(crate) approver: Option<String>,
    /// Not this year: from the next 1 April.
    #[arg(long, group = "terms")]
    pub(crate) next_april: bool,
    /// What else a late joiner has missed, as it is told; may be given several times.
    #[arg(long, value_name = "TEXT")]
    pub(crate) missed: Vec<String>,
    #[command(flatten)]
    pub(crate) on: On,
    /// Show the ways in and what each means, and write nothing.
    #[arg(long)]
    pub(crate) preview: bool,
}

/// The ways in (R9, D11).
const ACCEPT_USAGE: &str = "\
ledge application accept URN [--first-day DATE]        at the year's fee
       ledge application accept URN [--first-day DATE] --fee PENCE \\
           --reason TEXT --approver TEXT                      at a fee agreed
       ledge application accept URN --next-april              not this year
       ledge application accept URN --preview                 what each way means";

impl From<Stage> for Sheet {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::EvidenceNeeded => Self::EvidenceNeeded,
            Stage::BelowCriteria => Self::BelowCriteria,
            Stage::EvidenceAsked => Self::EvidenceAsked,
            Stage::EvidenceReceived => Self::EvidenceReceived,
            Stage::Referred => Self::Referred,
            Stage::Prepared => Self::Prepared,
            Stage::Accepted => Self::Accepted,
            Stage::Declined => Self::Declined,
            Stage::Withdrawn => Self::Withdrawn,
            Stage::Joined => Self::Joined,
        }
    }
}

/// Who speaks for a school.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(["headteacher", "senior-leader", "governors", "trust", "office"])
        .try_map(|text| text.replace('-', "_").parse::<Role>())
}

fn verdict() -> impl TypedValueParser<Value = Verdict> {
    PossibleValuesParser::new(["accepted", "declined"]).try_map(|text| text.parse::<Verdict>())
}
