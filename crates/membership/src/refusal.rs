use chrono::NaiveDate;
use kernel::{Day, Grade, LeadingEdgeYear, Release, Urn};

use crate::Outcome;

/// Why the office says no.  The text is shown to people as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    // criteria
    #[error("criteria for {year} were already adopted on {}; amend them, with a reason", Day(*.on))]
    AlreadyAdopted { year: LeadingEdgeYear, on: NaiveDate },
    #[error("no criteria have been adopted for {year}, so there is nothing to amend")]
    NotAdopted { year: LeadingEdgeYear },
    #[error("these are the criteria of {these}, not of {those}")]
    CriteriaOfAnotherYear { these: LeadingEdgeYear, those: LeadingEdgeYear },
    #[error(
        "the criteria were adopted on {}; they cannot be amended by a decision of an earlier day",
        Day(*.adopted_on)
    )]
    AmendedBeforeAdopted { adopted_on: NaiveDate },
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
