use chrono::NaiveDate;
use kernel::{Day, Grade, LeadingEdgeYear, Release, Urn};

use crate::Outcome;
use crate::facts::NoCover;
use crate::membership::{Departure, LapseReason, Step};

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

    // fee
    #[error(
        "a fee is whole pence without VAT, and more than none; what a late joiner pays is agreed with its terms"
    )]
    FeeMissing,
    #[error(
        "{}.{:02} pounds is no fee: a year costs at most {} pounds; was it mistyped?",
        fee_pence / 100, fee_pence % 100, highest / 100
    )]
    FeeTooHigh { fee_pence: u64, highest: u64 },
    #[error("this is the fee of {this}, not of {that}")]
    FeeOfAnotherYear { this: LeadingEdgeYear, that: LeadingEdgeYear },

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

    // days
    /// What the office does, or a school, is never dated before what it answers; `what` says what that was.
    #[error(
        "{} is too early: {what} {}, and nothing is dated before what it answers",
        Day(*.on),
        Day(*.was_on)
    )]
    BeforeWhatItAnswers { on: NaiveDate, what: &'static str, was_on: NaiveDate },

    // invitation
    #[error(
        "a school that Ofsted graded {grade} is not invited: invitations go to 2 (Good) or better"
    )]
    GradeTooPoorToInvite { grade: Grade },
    #[error("it is a member until {}; a member is offered renewal, not an invitation", Day(*.until))]
    AMemberIsNotInvited { until: NaiveDate },
    #[error("it was not invited for {year}")]
    NotInvited { year: LeadingEdgeYear },
    #[error("its invitation for {year} was declined; it may apply on its profile")]
    InvitationDeclined { year: LeadingEdgeYear },
    #[error("its invitation for {year} was to be answered by {}; it may apply on its profile", Day(*.until))]
    InvitationExpired { year: LeadingEdgeYear, until: NaiveDate },
    #[error("its invitation for {year} may still be answered, {}",
        .until.map_or_else(|| "on any day".to_owned(), |until| format!("until {}", Day(until))))]
    InvitationStillOpen { year: LeadingEdgeYear, until: Option<NaiveDate> },
    #[error(
        "its invitation for {year} has no last day to answer; it may be answered as long as the year runs"
    )]
    InvitationHasNoLastDay { year: LeadingEdgeYear },
    #[error("{} is no later day to answer: it had until {}, and its year ends on {}", Day(*.until), Day(*.had), Day(*.last_day))]
    NotALaterDay { until: NaiveDate, had: NaiveDate, last_day: NaiveDate },
    #[error("it has answered its invitation for {year} by applying; withdraw the application")]
    InvitationTaken { year: LeadingEdgeYear },
    #[error("an answer cannot be due on {}, before it is asked for", Day(*.until))]
    AnswerDueBeforeAsked { until: NaiveDate },

    // application
    #[error("it is a member until {}; a member renews and does not apply", Day(*.until))]
    AMemberDoesNotApply { until: NaiveDate },
    #[error("it cannot join: {0}")]
    Gone(Departure),
    #[error("{year} ended on {}", Day(.year.last_day()))]
    YearOver { year: LeadingEdgeYear },
    #[error("its application for {year} is still open; decide or withdraw it first")]
    ApplicationOpen { year: LeadingEdgeYear },
    #[error("it has no application")]
    NoApplication,
    #[error("its application for {year} was {how}")]
    ApplicationClosed { year: LeadingEdgeYear, how: &'static str },
    #[error("its application was accepted on {}", Day(*.on))]
    AlreadyAccepted { on: NaiveDate },
    #[error("its membership started on {}; a member that leaves declines its renewal", Day(*.from))]
    AlreadyStarted { from: NaiveDate },
    #[error("it is eligible and applies without evidence")]
    NoEvidenceNeeded,
    #[error("say what is asked for")]
    NothingAsked,
    #[error("there is no document among what was received")]
    NoDocument,
    #[error("the application is eligible as it is; the steering group is not asked")]
    NothingToRefer,
    #[error("it is referred to the meeting of {}; defer it, or let the steering group decide", Day(*.meeting_on))]
    AlreadyReferred { meeting_on: NaiveDate },
    #[error("its application is not before the steering group")]
    NotReferred,
    #[error("a meeting of {} is past; name one that is to come", Day(*.meeting_on))]
    MeetingPast { meeting_on: NaiveDate },
    #[error("it is before the meeting of {} and can be deferred only to a later one", Day(*.meeting_on))]
    DeferredBackwards { meeting_on: NaiveDate },
    #[error("it is before the meeting of {} and is not decided earlier", Day(*.meeting_on))]
    DecidedBeforeMeeting { meeting_on: NaiveDate },
    #[error("say which member schools' headteachers decided")]
    NobodyDecided,
    #[error(
        "the headteacher of {school} declared an interest and cannot be among those who decide"
    )]
    DecidedWithInterest { school: Urn },
    #[error(
        "no evidence was received that its performance is in line with the top quartile nationally; without it a \
         strong case is not accepted"
    )]
    EvidenceMissing,
    #[error("what the steering group decided on {} is on record: {differs}", Day(*.on))]
    DecidedOtherwise { on: NaiveDate, differs: &'static str },
    #[error("say why it is put before the steering group")]
    WhyReferredMissing,
    #[error("a decision on an application needs its reasons")]
    ReasonsMissing,
    #[error("not accepted: whether it is eligible is not shown; {awaited}")]
    NotShownEligible { awaited: &'static str },
    #[error(
        "prepared, not accepted: {why}, and {} would be its first day of membership; the application stays",
        Day(*.first_day)
    )]
    PreparedNotAccepted { first_day: NaiveDate, why: NoCover },
    #[error("a first day of {} is not one of {year}, for which it applied", Day(*.first_day))]
    FirstDayOutsideYear { first_day: NaiveDate, year: LeadingEdgeYear },
    #[error("who starts next April starts on {}", Day(*.first_of_april))]
    NotNextApril { first_of_april: NaiveDate },
    #[error("who joins on {} is not late: it has missed nothing and takes the full package", Day(*.first_day))]
    NotLate { first_day: NaiveDate },
    #[error("agreed terms need their reason and who approved them")]
    TermsNotApproved,
    #[error("it was a member until {}; membership starts again on a later day", Day(*.until))]
    StillMemberThen { until: NaiveDate },

    // membership
    #[error("its application for {year} was not accepted, so no membership starts")]
    NotAccepted { year: LeadingEdgeYear },
    #[error("its membership starts on {}, not before", Day(*.first_day))]
    StartsLater { first_day: NaiveDate },
    #[error("it is no member{}",
        .until.map_or_else(String::new, |last_day| format!("; it was one until {}", Day(last_day))))]
    NotAMember { until: Option<NaiveDate> },
    #[error("it is a member until {} already", Day(*.until))]
    AMemberAlready { until: NaiveDate },
    #[error("its membership ended on {}, the last day of its year", Day(*.until))]
    TermOver { until: NaiveDate },
    #[error("its membership runs until {}: nobody leaves in the middle of a year", Day(*.until))]
    TermRuns { until: NaiveDate },
    #[error("it became a member on {} only", Day(*.from))]
    NotYetMember { from: NaiveDate },
    #[error("a school graded {grade} may renew; only grade 3 or 4 marks it")]
    GradeDoesNotMark { grade: Grade },
    #[error(
        "a school graded {grade} stays not eligible to renew; only grade 1 or 2 lifts the mark"
    )]
    GradeDoesNotLift { grade: Grade },
    #[error(
        "a newer inspection speaks for it: {grade}, inspected {}, published {}",
        Day(*.inspected_on),
        Day(*.published_on)
    )]
    NewerInspectionSpeaks { grade: Grade, inspected_on: NaiveDate, published_on: NaiveDate },
    #[error("say in which areas connections are offered")]
    NoAreas,

    // renewal
    #[error("{year} is not the year that may be renewed now; that is {coming}")]
    NotTheComingYear { year: LeadingEdgeYear, coming: LeadingEdgeYear },
    #[error(
        "it is not eligible to renew for {year}: Ofsted graded it {grade}, published {}",
        Day(*.published_on)
    )]
    Marked { year: LeadingEdgeYear, grade: Grade, published_on: NaiveDate },
    #[error("the review says {}; without the steering group's judgement it is not offered renewal",
        .outcome.to_string().replace('_', " "))]
    NotJudged { outcome: Outcome },
    #[error("the steering group judged it not eligible ({minute})")]
    JudgedNotEligible { minute: String },
    #[error("the review says that it no longer meets the criteria for {year}")]
    ReviewedNotEligible { year: LeadingEdgeYear },
    #[error("renewal for {year} was not offered")]
    NotOffered { year: LeadingEdgeYear },
    #[error(
        "the school has not accepted its renewal for {year}, and nothing is agreed without its yes"
    )]
    NotAnswered { year: LeadingEdgeYear },
    /// As the membership lapsed with the year before; `why` it did.
    #[error(
        "{} is over and its membership lapsed with it on {} ({why}), so its renewal for {year} is closed; it may apply for \
         {year}, and if it is accepted from {} its membership counts as continuous",
        .year.previous(),
        Day(.year.previous().last_day()),
        Day(.year.first_day())
    )]
    LapsedBefore { year: LeadingEdgeYear, why: LapseReason },
    #[error("it declined its renewal on {}; that must be taken back first", Day(*.on))]
    RenewalDeclined { on: NaiveDate },
    #[error("its membership is agreed until {}; what is agreed is not taken back", Day(*.until))]
    AlreadyRenewed { until: NaiveDate },
    #[error("not renewed: {why}, and {} is the first day of the year", Day(*.first_day))]
    NotRenewedWithoutCover { first_day: NaiveDate, why: NoCover },
    #[error("it is not marked as not eligible to renew for {year}")]
    NotMarked { year: LeadingEdgeYear },

    // successors, history, reminders
    #[error("its membership was carried over to {to}")]
    CarriedOverTo { to: Urn },
    #[error("a membership cannot begin on {} and end on {}", Day(*.from), Day(*.last_day))]
    EndsBeforeItBegins { from: NaiveDate, last_day: NaiveDate },
    #[error("the network began in 2003; {} is earlier", Day(*.from))]
    BeforeTheNetwork { from: NaiveDate },
    #[error("it was a member from {} to {}, which overlaps", Day(*.from), Day(*.last_day))]
    Overlaps { from: NaiveDate, last_day: NaiveDate },
    #[error("cover that ends on {} does not end inside the membership's year", Day(*.ends_on))]
    CoverEndsOutside { ends_on: NaiveDate },
    #[error("no {} was ever due on {}", .step.to_string().replace('_', " "), Day(*.due))]
    NothingDue { step: Step, due: NaiveDate },
    #[error("a reason is needed")]
    WhyMissing,
}

/// Refuses a day that is before what it answers.
pub(crate) fn not_before(
    was_on: NaiveDate,
    what: &'static str,
    on: NaiveDate,
) -> Result<(), Refusal> {
    if on < was_on { Err(Refusal::BeforeWhatItAnswers { on, what, was_on }) } else { Ok(()) }
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
