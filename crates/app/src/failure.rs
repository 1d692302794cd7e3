use chrono::NaiveDate;
use kernel::{AcademicYear, Day, LeadingEdgeYear, PersonId, Release, Urn};

/// Why something asked of the office did not happen.  `Refused` and its kin are sentences for the person who asked;
/// the others are operations that failed, with their cause.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file is not what it should be.  Nothing of it was taken.
    #[error(transparent)]
    Faults(#[from] national_data::Faults),
    /// A rule says no.
    #[error("{0}")]
    Refused(String),
    /// A criteria file is not what it should be: where, where that is known (both counted from 1), and in one line why.
    #[error("{file}{}: {why}", at(*line, *column))]
    CriteriaFile { file: String, line: Option<u64>, column: Option<u64>, why: String },
    /// A file that somebody named is not there, or may not be read.
    #[error("cannot read `{path}`")]
    Unreadable { path: String, source: std::io::Error },
    #[error(
        "no criteria for {year} or an earlier year had been adopted by {}{}: `ledge criteria adopt FILE`",
        Day(*as_at),
        known_by(*as_known_on)
    )]
    NoCriteria { year: LeadingEdgeYear, as_at: NaiveDate, as_known_on: Option<NaiveDate> },
    #[error("no results of {year} were public by {}{}; {known}", Day(*as_at), known_by(*as_known_on))]
    NoResults {
        year: AcademicYear,
        as_at: NaiveDate,
        as_known_on: Option<NaiveDate>,
        /// Which were.
        known: String,
    },
    #[error(
        "{release} was not read to its end, so it decides nothing: `ledge import ks4 \"{file}\" --year {} --release {}` goes on \
         from there, and `ledge import give-up \"{file}\" --reason WHY` waits for it no longer",
        release.year, release.standing
    )]
    HalfRead { release: Release, file: String },
    #[error(
        "{urn} is not a school on record: import the register or the performance tables, or look at `ledge schools`"
    )]
    NoSuchSchool { urn: Urn },
    #[error(
        "the review for {year} does not look at {urn}: on {as_at} it had no row in the results reviewed, and the register did \
         not have it as an open secondary school"
    )]
    NotReviewed { urn: Urn, year: LeadingEdgeYear, as_at: NaiveDate },
    #[error("the review of {0} is not on record: run `ledge review --year {0}` first")]
    NoReview(LeadingEdgeYear),
    #[error(
        "there is no journal in `{0}`: import something first, or name another folder with --data"
    )]
    NoJournal(String),
    #[error("{} has not come yet: today is {}", Day(*day), Day(*today))]
    DayToCome { day: NaiveDate, today: NaiveDate },
    #[error(
        "{} has not begun: the last day that has is {}; begin the days between first: `ledge day --until {day}`",
        Day(*day),
        Day(*last)
    )]
    DayNotBegun { day: NaiveDate, last: NaiveDate },
    #[error("another command kept changing {stream}; ask again")]
    Conflict { stream: String },
    #[error(transparent)]
    Store(#[from] event_store::Failure),
    #[error(transparent)]
    Journal(#[from] journal::Failure),
    #[error(transparent)]
    Read(#[from] read_store::Failure),
    #[error("the event at position {position} cannot be decoded")]
    Undecodable { position: u64, source: serde_json::Error },
    #[error("cannot see what follows from event {position}")]
    NotUnderstood { position: u64, source: projections::Undecodable },
    #[error("a command cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    #[error("a letter cannot be written")]
    Template(#[source] askama::Error),
    /// With the cause in its own words, which the mail library tells whole.
    #[error("the mail server {server} cannot be used; nothing was handed to it: {why}")]
    MailServer { server: String, why: String },
    #[error("a letter was being handed over and its end was not seen: it is in doubt")]
    HandingOver,
    /// The keys under which people are sealed cannot be read or written.
    #[error("cannot {what} in `{path}`")]
    Keys { what: &'static str, path: String, source: rusqlite::Error },
    #[error(
        "the key of the contact {person} is not in `{path}`: restore the file of keys, or forget the contact"
    )]
    KeyMissing { person: PersonId, path: String },
    #[error(
        "what is sealed of the contact {person} does not open with their key: the file of keys in `{path}` is another \
         office's, or the seal is not as it was made"
    )]
    NotOpened { person: PersonId, path: String },
    #[error("the machine gives no chance numbers: {0}")]
    NoChance(String),
    #[error("what is to be printed cannot be made")]
    Unprintable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("cannot make `{path}`")]
    File { path: String, source: std::io::Error },
}

/// ` as far as was known here on 1 Mar 2019`, where that was asked.
fn known_by(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| format!(", as far as was known here on {}", Day(day)))
}

/// ` line 3, column 9`, as far as it is known.
fn at(line: Option<u64>, column: Option<u64>) -> String {
    let line = line.map_or_else(String::new, |line| format!(" line {line}"));
    column.map_or_else(|| line.clone(), |column| format!("{line}, column {column}"))
}

impl Failure {
    /// What an aggregate would say no with, said before it is asked.
    pub(crate) fn refused(why: impl std::fmt::Display) -> Self {
        Self::Refused(why.to_string())
    }

    /// A refusal that is one of many says of which school it is.
    pub(crate) fn of_school(self, urn: Urn) -> Self {
        match self {
            Self::Refused(why) => Self::Refused(format!("{urn}: {why}")),
            other => other,
        }
    }

    /// Whether it was a rule or an input that said no, rather than an operation that failed.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Faults(_)
            | Self::Refused(_)
            | Self::CriteriaFile { .. }
            | Self::Unreadable { .. }
            | Self::NoCriteria { .. }
            | Self::NoResults { .. }
            | Self::HalfRead { .. }
            | Self::NoSuchSchool { .. }
            | Self::NotReviewed { .. }
            | Self::NoReview(_)
            | Self::NoJournal(_)
            | Self::DayToCome { .. }
            | Self::DayNotBegun { .. } => true,
            Self::Conflict { .. }
            | Self::Store(_)
            | Self::Journal(_)
            | Self::Read(_)
            | Self::Undecodable { .. }
            | Self::NotUnderstood { .. }
            | Self::Unwritable(_)
            | Self::Template(_)
            | Self::MailServer { .. }
            | Self::HandingOver
            | Self::Keys { .. }
            | Self::KeyMissing { .. }
            | Self::NotOpened { .. }
            | Self::NoChance(_)
            | Self::Unprintable(_)
            | Self::File { .. } => false,
        }
    }
}

impl<R: std::fmt::Display> From<event_store::Error<R>> for Failure {
    fn from(error: event_store::Error<R>) -> Self {
        match error {
            event_store::Error::Refused(why) => Self::Refused(why.to_string()),
            event_store::Error::Conflict { stream } => Self::Conflict { stream },
            event_store::Error::Failure(failure) => Self::Store(failure),
        }
    }
}
