//! What may be typed.

mod analysts;
mod application;
mod backup;
mod contact;
mod days;
mod examples;
mod fee;
mod import;
mod invitation;
mod invoice;
mod letter;
mod member;
mod renewal;
pub(crate) mod retention;
mod serve;
#[cfg(test)]
mod tests;
mod values;

use std::path::PathBuf;

use app::Folder;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use kernel::{AcademicYear, Grade, LeadingEdgeYear, Urn};

pub(crate) use analysts::{Export, Format, Replay, WhatIf};
pub(crate) use application::{Accept, Application, ListApplications, PackAsked};
pub(crate) use backup::Backup;
pub(crate) use contact::{
    AddContact, ContactCommand, CorrectContact, Details, ForgetContact, ListContacts, TakeRole,
};
pub(crate) use days::{Day, Parked, ParkedCommand};
pub(crate) use fee::{FeeCommand, SetFee};
pub(crate) use import::{Import, ImportFile};
pub(crate) use invitation::{Invitation, Invite, ListInvitations};
pub(crate) use invoice::{
    BillTo, CreditInvoice, InvoiceCommand, ListInvoices, OrderAhead, Paper, PaymentCommand,
    PrintInvoices, RaiseInvoice, State as InvoiceState, StatementAsked, VatAsked,
};
pub(crate) use letter::{
    FoundOut, LetterCommand, ListLetters, ResumeLetters, SendLetters, ShowLetter, Which,
    WithholdLetters,
};
pub(crate) use member::{ListMembers, MemberCommand, Renewal, RollSort, Standing as StandsAs};
pub(crate) use renewal::{
    AcceptRenewals, Judge, Of, OfferRenewals, RenewalCommand, State, Verdict, Why,
};
pub(crate) use serve::{Nats, Serve, Watch};
pub(crate) use values::day;
use values::{event_type, grade};

const EVERYWHERE: &str = "Options of every command";

/// The back office of a national network of high-performing secondary schools.
#[derive(Debug, Parser)]
#[command(name = "ledge", version, after_help = examples::LEDGE, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The folder that holds everything: the journal, what is derived from it, the read models.  Otherwise the one that
    /// LEDGE_DATA names, or else `ledge-data` where you stand (and `ledge-demo` for the demo).
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERYWHERE)]
    pub(crate) data: Option<PathBuf>,
    /// The file that holds the keys of contacts, where it does not lie in the folder.  Otherwise the one that LEDGE_KEYS
    /// names, or else `keys/keys.sqlite` in the folder.
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    pub(crate) keys: Option<PathBuf>,
    /// Print JSON for programs instead of text for people.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// No progress on standard error.
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub(crate) quiet: bool,
    /// Who asks; written into every event.  Otherwise whom LEDGE_ACTOR names, or else the machine's user.
    #[arg(long, global = true, value_name = "NAME", help_heading = EVERYWHERE)]
    pub(crate) actor: Option<String>,
}

impl Global {
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder_or("ledge-data")
    }

    /// What lies where.
    pub(crate) fn parts(&self) -> Folder {
        let named = || std::env::var_os("LEDGE_KEYS").filter(|named| !named.is_empty());
        let folder = Folder::at(&self.folder());
        match self.keys.clone().or_else(|| named().map(PathBuf::from)) {
            Some(keys) => folder.with_keys(&keys),
            None => folder,
        }
    }

    // Looked up here and not by clap, which would print what the environment names as if it were required.
    pub(crate) fn folder_or(&self, otherwise: &str) -> PathBuf {
        let named = || std::env::var_os("LEDGE_DATA").filter(|named| !named.is_empty());
        self.data.clone().or_else(|| named().map(PathBuf::from)).unwrap_or_else(|| otherwise.into())
    }
}

/// The day of what is entered.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct On {
    /// The day it happened, where it is entered later; otherwise today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<NaiveDate>,
}

/// The day that is looked at.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct AsOf {
    /// As of this day: what had happened by then, whenever it was entered; otherwise as of today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<NaiveDate>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Load what the nation publishes.
    #[command(subcommand)]
    #[command(after_help = examples::IMPORT)]
    Import(Import),
    /// The steering group's criteria.
    #[command(subcommand)]
    #[command(after_help = examples::CRITERIA)]
    Criteria(CriteriaCommand),
    /// Hold the criteria against the national data: who may join, who is invited, who may stay.
    Review(Review),
    /// Invite the schools that a recorded review found.
    Invite(Invite),
    /// Take down what the steering group judged of a school that the data do not decide (R6, D5).
    Judge(Judge),
    /// What a Leading Edge year costs.
    #[command(subcommand)]
    #[command(after_help = fee::FEE)]
    Fee(FeeCommand),
    /// Invoices, credit notes, aged debt and VAT.
    #[command(subcommand)]
    #[command(after_help = invoice::INVOICE)]
    Invoice(InvoiceCommand),
    /// Money that came for invoices, came to nothing, or went back.
    #[command(subcommand)]
    #[command(after_help = invoice::PAYMENT)]
    Payment(PaymentCommand),
    /// What a school was billed and has paid, with the running balance.
    Statement(StatementAsked),
    /// Renewal for the coming year: offers, what schools answer, the close of the review.
    #[command(subcommand)]
    #[command(after_help = renewal::RENEWAL)]
    Renewal(RenewalCommand),
    /// The roll, and each member's page.
    #[command(subcommand)]
    #[command(after_help = member::MEMBER)]
    Member(MemberCommand),
    /// Members kept, new, returned and lost, year by year.
    Retention(retention::Retention),
    /// Invitations, and what became of them.
    #[command(subcommand)]
    #[command(after_help = invitation::INVITATION)]
    Invitation(Invitation),
    /// Applications to join, from the first word to the first day.
    #[command(subcommand)]
    #[command(after_help = application::APPLICATION)]
    Application(Application),
    /// The people the office deals with at schools: head, main and finance contacts.
    #[command(subcommand)]
    #[command(after_help = contact::CONTACT)]
    Contact(ContactCommand),
    /// What the network writes to schools: what is due, what would go, what went.
    #[command(subcommand)]
    #[command(after_help = letter::LETTER)]
    Letter(LetterCommand),
    /// Why a school is eligible, invited, may stay, or not: clause by clause, down to file and line.
    ///
    /// Asked with nothing but a year, or not even that, it tells what the review on record found, as it was found then.
    Explain(Explain),
    /// Find schools: part of a name, URN, LAESTAB, UKPRN or postcode, and filters.
    Schools(Schools),
    /// Everything that happened to a school, in order.
    History(History),
    /// The events themselves.
    Events(Events),
    /// Query the read models with SQL, read-only.
    Sql(Sql),
    /// A year under other criteria, beside the year on record: who would be answered differently, and why.
    WhatIf(WhatIf),
    /// Write a table or a query to a file: CSV, Parquet or JSON Lines.
    Export(Export),
    /// Ask a context for something directly, with its command as JSON.
    Ask(Ask),
    /// Build the read models again from the journal, beside the live ones, compare, and switch.
    ///
    /// As they stood on another day, in a file of their own: `ledge replay`.
    #[command(after_help = examples::REBUILD)]
    Rebuild,
    /// The read models as they stood, as at or as known on a day, in a file of their own.
    Replay(Replay),
    /// Check every event: the chain, the positions, the pages, that the read models saw them all, and that every document they
    /// name is there as it came.
    #[command(after_help = examples::VERIFY)]
    Verify,
    /// Copy the journal and the documents to a new folder, and check the copy; the keys of contacts are not in it.
    Backup(Backup),
    /// Begin the days that have come, and do what they bring: lapses, first days, reminders.
    Day(Day),
    /// Serve the office: begin its days, emit what happens to NATS, and tell those who watch how it is.
    Serve(Serve),
    /// What followed and could not be done: look at it, try it again, or leave it undone for a reason.
    Parked(Parked),
    /// A whole back office on a generated sample nation.
    Demo(Demo),
    /// Completion for a shell: `ledge completion bash > /etc/bash_completion.d/ledge`.
    #[command(after_help = examples::COMPLETION)]
    Completion {
        /// The shell that is to complete what is typed.
        #[arg(value_enum)]
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CriteriaCommand {
    /// Adopt the criteria of a file (TOML); they stay in force until the next are adopted.
    #[command(after_help = examples::ADOPT)]
    Adopt {
        /// A year's criteria in TOML, as `ledge criteria show` prints them.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Take down a later decision that changes criteria already adopted.
    #[command(after_help = examples::AMEND)]
    Amend {
        /// The year's criteria as they are from now on, in TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Why; kept for ever.
        #[arg(long)]
        reason: String,
    },
    /// Correct a decision that was taken down wrongly, for days gone by too.
    #[command(after_help = examples::CORRECT)]
    Correct {
        /// The decision as it was taken, in TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The day on record of the decision that is wrong; otherwise the year's last one.
        #[arg(long, value_name = "DATE", value_parser = day)]
        decided_on: Option<NaiveDate>,
        /// Why; kept for ever.
        #[arg(long)]
        reason: String,
    },
    /// The criteria in force.
    #[command(after_help = examples::SHOW)]
    Show {
        /// For which Leading Edge year; otherwise every adoption on record.
        #[arg(long)]
        year: Option<LeadingEdgeYear>,
    },
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Question {
    /// The Leading Edge year under review, such as 2019-20; otherwise the one after today's.
    #[arg(long)]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// The school year whose results count, such as 2017/18; otherwise the examinations before the year begins.
    #[arg(long)]
    pub(crate) results: Option<AcademicYear>,
    /// As it stood in the world on this day: facts public by then (effective time); otherwise today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<NaiveDate>,
    /// As this office knew it at the end of this day (recorded time).  Writes nothing.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_known_on: Option<NaiveDate>,
    /// What if these criteria were in force?  Writes nothing.
    #[arg(long, value_name = "FILE")]
    pub(crate) criteria: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = examples::REVIEW)]
pub(crate) struct Review {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Look, and write nothing.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Record it although it looks at an earlier day than the review on record, or no threshold could be taken.
    #[arg(long, conflicts_with_all = ["preview", "against"])]
    pub(crate) record_anyway: bool,
    /// The difference to another run, school by school: a file that `--json` wrote, or settings that differ, such as
    /// `as-at=2018-11-01,results=2016/17` (year, results, as-at, as-known-on, criteria=FILE or criteria=recorded).
    /// Writes nothing.
    #[arg(long, value_name = "RUN")]
    pub(crate) against: Option<String>,
    /// List at most so many schools of each kind (text only; `--json` has all).  Otherwise 10; of a difference, all that are
    /// answered differently and none of which only a figure moved.
    #[arg(long, value_name = "SCHOOLS")]
    pub(crate) show: Option<usize>,
}

#[derive(Args, Debug)]
#[command(after_help = examples::EXPLAIN)]
pub(crate) struct Explain {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    #[command(flatten)]
    pub(crate) question: Question,
}

#[derive(Args, Debug)]
#[command(after_help = examples::SCHOOLS)]
pub(crate) struct Schools {
    /// Part of a name, a URN (6 digits), LAESTAB (7, slash or not), UKPRN (8) or postcode.
    pub(crate) text: Option<String>,
    /// Overall grade in force: 1, 2, 3 or 4.
    #[arg(long, value_parser = grade)]
    pub(crate) grade: Option<Grade>,
    /// Kind of school, as DfE codes it (CY, ACC, F, ...).
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// The local authority, by its number (202) or a part of its name.
    #[arg(long, value_name = "NAME")]
    pub(crate) local_authority: Option<String>,
    /// Newest published Progress 8, at least.
    #[arg(long, value_name = "SCORE", allow_hyphen_values = true)]
    pub(crate) progress8_from: Option<kernel::Progress8>,
    /// Closed schools too.
    #[arg(long)]
    pub(crate) closed: bool,
    /// What the list is sorted by; schools without a value stand last.
    #[arg(long, value_enum, default_value_t = Sort::Name)]
    pub(crate) sort: Sort,
    /// List at most so many; 0 only counts them.
    #[arg(long, value_name = "SCHOOLS", default_value_t = 25)]
    pub(crate) limit: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Sort {
    Name,
    Urn,
    Grade,
    Progress8,
}

#[derive(Args, Debug)]
#[command(after_help = examples::HISTORY)]
pub(crate) struct History {
    /// The school, by its URN.
    pub(crate) urn: Urn,
}

#[derive(Args, Debug)]
#[command(after_help = examples::EVENTS, args_conflicts_with_subcommands = true)]
pub(crate) struct Events {
    #[command(subcommand)]
    pub(crate) command: Option<EventsCommand>,
    /// Only events after this position.
    #[arg(long, default_value_t = 0)]
    pub(crate) after: u64,
    /// Only events of this type, such as OfstedDowngraded; may be given several times.
    #[arg(long = "type", value_name = "EVENT", value_parser = event_type(), hide_possible_values = true)]
    pub(crate) types: Vec<String>,
    /// Only events whose stream begins so: `schools.`, `membership.review.2019-20`.
    #[arg(long, value_name = "STREAM")]
    pub(crate) stream: Option<String>,
    /// Stop after so many.
    #[arg(long)]
    pub(crate) limit: Option<u64>,
    /// Go on as events are recorded, until interrupted.
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Read them from NATS, where they were emitted to, and not from the folder.
    #[arg(long, requires = "follow", requires = "nats")]
    pub(crate) from_nats: bool,
    #[command(flatten)]
    pub(crate) nats: Nats,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// What events there are and what each says: AsyncAPI, JSON Schema and a page, for who writes a service against them.
    #[command(after_help = examples::CATALOGUE)]
    Catalogue(Catalogue),
}

#[derive(Args, Debug)]
pub(crate) struct Catalogue {
    /// Where it is written, over the one that stands there; refused where services that rest on that would break.
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing, and say whether the one that stands there is what this program's events are.
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub(crate) check: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = examples::SQL)]
pub(crate) struct Sql {
    /// One SELECT over the tables of the read models.
    pub(crate) query: String,
    /// The read models of this file, which `ledge replay` wrote, instead of the live ones.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Attach the journal too, as `journal`.
    #[arg(long)]
    pub(crate) journal: bool,
}

#[derive(Args, Debug)]
#[command(after_help = examples::ASK)]
pub(crate) struct Ask {
    /// The aggregate: schools.school, schools.national_data, membership.criteria, membership.review,
    /// membership.membership or membership.fee.
    pub(crate) aggregate: String,
    /// Which one: a URN (of a school, a membership), a Leading Edge year (of criteria, a review, a fee), or the name of a
    /// dataset, such as ks4-2017-18-final.
    pub(crate) id: String,
    /// The command, as JSON; `-` reads it from standard input.
    pub(crate) command: String,
    /// The id of this wish: the same id again answers the first result.  Otherwise a fresh one.
    #[arg(long, value_name = "UUID")]
    pub(crate) command_id: Option<kernel::CommandId>,
}

#[derive(Args, Debug)]
#[command(after_help = examples::DEMO)]
pub(crate) struct Demo {
    /// Secondary schools in the sample nation.
    #[arg(long, default_value_t = 3500, value_parser = clap::value_parser!(u32).range(50..=25_000))]
    pub(crate) schools: u32,
    /// Another seed, another nation.
    #[arg(long, default_value_t = 2003)]
    pub(crate) seed: u64,
    /// The last day to play, of those from 2018-02-01 to 2020-04-30; the next time it goes on from there.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Option<NaiveDate>,
}
