//! The office at work: commands in, the journal followed, the only clock.
//!
//! - [`Office`] is the one that writes: it imports, adopts criteria, reviews, invites, begins days, and sees to what follows.
//! - [`Desk`] only looks things up; any number of processes may, while the office writes.

pub mod clock;
mod criteria;
mod dates;
mod days;
mod explain;
mod failure;
mod import;
mod invite;
mod office;
mod reactions;
mod retention;
mod review;
mod staying;

pub use criteria::{Adopted, read_criteria};
pub use days::{Begun, DayBegun};
pub use explain::{Explanation, OnRecord};
pub use failure::Failure;
pub use import::{Crossing, Direction, Imported, Line, What, check_import};
pub use invite::{Closed, Invitations, Invitee};
pub use office::{Desk, Folder, Office};
pub use reactions::{ParkedReaction, Tried};
pub use retention::{List, Listed, ListedSchool, Rate, Retention, State, Year};
pub use review::{
    Answers, Change, ClauseDocument, Decides, Difference, Differs, Document, InForce, Recording,
    ReviewQuestion, Reviewed, SchoolDocument, Side, ThresholdDocument,
};

pub use staying::{
    AgreedTerm, Became, CarriedOver, ClosedSchool, Count, CoverPage, CoverSpell, Covered, FeeSet,
    MarkTold, MemberPage, MembersImported, NextStep, Offering, OldData, OnRoll, Only, RenewalTold,
    Renewals, Renewing, Reply, Roll, RollCounts, RollFilter, RollSort, Stands,
};

/// Told of anything a person waits for: what is being done, how many are done, of how many.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, u64) + Send + Sync);

/// Nobody is waiting.
pub fn no_progress(_: &str, _: u64, _: u64) {}
