use chrono::NaiveDate;
use kernel::{Day, Release, Urn};

/// Why the record says no.  The text is shown to people as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("nothing is recorded for this school yet, so there is nothing to correct or close")]
    NotRegistered,
    #[error(
        "no results of {release} are recorded for this school; recorded: {}",
        listed(recorded.iter())
    )]
    NoSuchResults { release: Release, recorded: Vec<Release> },
    #[error(
        "no inspection on {} is recorded for this school; recorded: {}",
        Day(*inspected_on),
        listed(recorded.iter().map(|day| Day(*day)))
    )]
    NoSuchInspection { inspected_on: NaiveDate, recorded: Vec<NaiveDate> },
    #[error("a correction needs a reason: say what was wrong and how it is known")]
    ReasonMissing,
    #[error("{urn} cannot be its own predecessor: a school succeeds another school")]
    SucceedsItself { urn: Urn },
    #[error(
        "the cover would end on {}, before it begins on {}: its last day is the first day or later",
        Day(*until),
        Day(*from)
    )]
    CoverEndsBeforeItBegins { from: NaiveDate, until: NaiveDate },
    #[error(
        "{file} was read before as public from {}; a file has one day: leave the day out, or name that one",
        known.map_or_else(|| "the days in its rows".to_owned(), |day| Day(day).to_string())
    )]
    FileHasAnotherDay { file: String, known: Option<NaiveDate> },
    #[error("no file with the SHA-256 {sha256} was begun; name one that is half read")]
    NotBegun { sha256: String },
    #[error("{file} was read to its end; what is wrong in it is corrected fact by fact")]
    ReadToItsEnd { file: String },
    #[error(
        "say in one line why the file is given up: what became of it, and what is read instead"
    )]
    WhyGivenUpMissing,
}

/// `a, b`, or `none`.
fn listed(items: impl Iterator<Item = impl std::fmt::Display>) -> String {
    let items: Vec<_> = items.map(|item| item.to_string()).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}
