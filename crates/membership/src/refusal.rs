use chrono::NaiveDate;
use kernel::{Day, Grade, LeadingEdgeYear, Release, Urn};

use crate::Outcome;

/// Why the office says no.  The text is shown to people as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    // criteria
    #[error(
        "criteria for {year} were decided on {} already, and these differ in {}; what the steering group changed later is \
         an amendment, and what was taken down wrongly is corrected, each with its reason",
        Day(*.on),
        listed(differs)
    )]
    AlreadyAdopted { year: LeadingEdgeYear, on: NaiveDate, differs: Vec<&'static str> },
    #[error("no criteria have been adopted for {year}, so there is nothing to amend or to correct")]
    NotAdopted { year: LeadingEdgeYear },
    #[error("these are the criteria of {these}, not of {those}")]
    CriteriaOfAnotherYear { these: LeadingEdgeYear, those: LeadingEdgeYear },
    #[error(
        "an amendment is a later decision: one of {} cannot change what was decided on {}; if that was taken down wrongly, \
         correct it",
        Day(*.on),
        Day(*.changes)
    )]
    AmendmentNotLater { on: NaiveDate, changes: NaiveDate },
    #[error("these terms have been in force since {}, so they amend nothing", Day(*.since))]
    NothingAmended { since: NaiveDate },
    #[error(
        "there is no decision of {} on the criteria for {year} to correct; on record are those of {}",
        Day(*.on),
        listed(days.iter().copied().map(Day))
    )]
    NoDecisionOf { on: NaiveDate, year: LeadingEdgeYear, days: Vec<NaiveDate> },
    #[error(
        "a decision of {} would change places with the one of {}; each amends the one before it",
        Day(*.on),
        Day(*.neighbour)
    )]
    DecisionsOutOfOrder { on: NaiveDate, neighbour: NaiveDate },
    /// `field` as a criteria file names it.
    #[error("`{field}` is {is}; it must be {must}")]
    UnfitTerms { field: String, is: String, must: String },

    // decisions of the steering group
    #[error("a decision of the steering group needs its reason")]
    ReasonMissing,
    #[error("a decision of the steering group needs its minute: where it is written down")]
    MinuteMissing,

    // review
    #[error("there is no school to review; import the national data first")]
    NobodyToReview,
    #[error("school {urn} is among the schools to review twice")]
    ReviewedTwice { urn: Urn },
    #[error("this is the review of {this}, not of {that}")]
    ReviewOfAnotherYear { this: LeadingEdgeYear, that: LeadingEdgeYear },
    #[error("the review was closed on {}; nothing in it changes any more", Day(*.on))]
    ReviewClosed { on: NaiveDate },
    #[error("the review has not been run")]
    ReviewNotOpened,
    #[error("school {urn} is not among the schools reviewed")]
    NotReviewed { urn: Urn },
    #[error(
        "the data decide on school {urn} ({}); the steering group judges only where the outcome is judgement or referral",
        .outcome.to_string().replace('_', " ")
    )]
    NothingToJudge { urn: Urn, outcome: Outcome },
    #[error("{release} is provisional and decides nothing; wait for the revised or final release")]
    Provisional { release: Release },

    // invitation
    #[error(
        "a school that Ofsted graded {grade} is not invited: invitations go to 2 (Good) or better"
    )]
    GradeTooPoorToInvite { grade: Grade },
}

/// `adopted_on, minute and staying`.
fn listed(items: impl IntoIterator<Item = impl ToString>) -> String {
    let mut words: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match words.pop() {
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
        None => String::new(),
    }
}
