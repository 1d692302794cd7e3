//! The office at work: commands in, the journal followed, the only clock.
//!
//! - [`Office`] is the one that writes: it imports, adopts criteria, reviews, invites, begins days, and sees to what follows.
//! - [`Desk`] only looks things up; any number of processes may, while the office writes.

mod backup;
pub mod billing;
pub mod clock;
mod contacts;
mod criteria;
mod dates;
mod days;
mod documents;
mod explain;
mod failure;
mod import;
mod invite;
mod joining;
mod keys;
mod letters;
mod office;
mod pack;
mod reactions;
mod record;
mod retention;
mod review;
mod staying;
mod what_if;

pub use backup::Backup;
pub use contacts::{
    Added, Contact, ContactLine, ContactsAsked, ContactsImported, Earlier, Follows, Forgotten,
    Held, HeldEvent, Newcomer, PersonPage, Unsealed, UnsealedText, When,
};
pub use criteria::{Adopted, read_criteria};
pub use days::{Begun, DayBegun};
pub use documents::{
    DocumentFault, Documents, LONGEST_DOCUMENT, VerifiedDocuments, Wrong as WrongDocument,
};
pub use explain::{Explanation, Judgement, OnRecord};
pub use failure::Failure;
pub use import::{Crossing, Direction, HalfRead, Imported, Line, Named, What, check_import};
pub use invite::{Closed, InvitationLine, Invitations, Invitee};
pub use joining::{
    ApplicationLine, ApplicationsAsked, Applied, AskedFor, Case, Closed as ClosedApplication,
    Decided, Deferral, Extended, Happened, Interest, Invited, Next, Noted, ProfileDocument,
    Received, Referral, Reminder, RestsOn, School, WayIn, WaysIn, Who,
};
pub use letters::{
    Addressee, Copy as LetterCopy, CopyFault, HeldLetter, InTheClear, KIND_HEADER, LETTER_HEADER,
    LetterLine, LetterRoute, LetterSettings, LetterShown, LettersAsked, LettersDecided,
    LettersFailed, OLD_AFTER_DAYS, PASSWORD_VARIABLE, Posted, Posting, Resumed as LettersResumed,
    SCHOOL_HEADER, Security, Sender, Server, Stands as LetterStands, Unremoved, VerifiedCopies,
    Via, WentSince, WrongCopy, letter_samples,
};
pub use office::{Desk, Folder, Office};
pub use pack::{
    Card, CoverTerm, InspectionLine, Judged, Matter, Outlook, Pack, Spread, YearOfResults,
};
pub use reactions::{Came, Dismissal, ParkedReaction, Tried};
pub use retention::{List, Listed, ListedSchool, Rate, Retention, State, Year};
pub use review::{
    Answers, Change, ClauseDocument, Decides, Difference, Differs, Document, InForce, Recording,
    ReviewQuestion, Reviewed, SchoolDocument, Side, ThresholdDocument,
};
pub use what_if::{
    AnotherPercentile, Answered, Because, Changed, InvitationChanges, InvitationMoves, Member, Run,
    Tally, WhatIf, WhatIfQuestion, Why,
};

pub use staying::{
    AgreedTerm, ApplicationTold, Became, CarriedOver, ClosedSchool, Count, CoverPage, CoverSpell,
    Covered, FeeSet, InvitationTold, MarkTold, MemberPage, MembersImported, MembersWaiting,
    NextStep, Offering, OldData, OnRoll, Only, RenewalTold, Renewals, Renewing, Reply, Roll,
    RollCounts, RollFilter, RollSort, Stands, StandsAgain, TakenBack,
};

/// Told of anything a person waits for: what is being done, how many are done, of how many.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, u64) + Send + Sync);

/// Nobody is waiting.
pub fn no_progress(_: &str, _: u64, _: u64) {}
