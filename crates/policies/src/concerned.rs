//! Which school an event is an occasion for.

use kernel::Urn;
use membership::membership::Event as Membership;
use projections::Event;
use schools::national_data::{Abandoned, Dataset, Event as NationalData, Import};
use schools::school::{Event as School, Fact};

/// Whom the policies are told of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Concerned {
    /// No policy looks at such an event.
    Nobody,
    School(Urn),
    /// Every school that a membership has anything to tell of: a day began, or a list of SSAT cover was read to its end or
    /// given up.
    Everybody,
}

/// Whom an event is an occasion for.  What a policy learns from the register alone (closures, successions) waits for the
/// next day instead: a file is then read whole, and so is the one that belongs to it.
#[must_use]
pub fn concerned(event: &Event) -> Concerned {
    match event {
        Event::Calendar(routine::calendar::Event::DayBegan { .. }) => Concerned::Everybody,
        Event::School(urn, event) => of_a_school(*urn, event),
        Event::Membership(urn, event) => of_a_membership(*urn, event),
        // What its lines said was told while nobody's cover was known (D10).
        Event::NationalData(
            _,
            NationalData::DatasetImported(Import { dataset: Dataset::Cover, .. })
            | NationalData::ImportAbandoned(Abandoned { dataset: Dataset::Cover, .. }),
        ) => Concerned::Everybody,
        Event::NationalData(..)
        | Event::Criteria(..)
        | Event::Review(..)
        | Event::Fee(..)
        | Event::Letter(..)
        | Event::Person(..)
        // What is billed and overdue, the days bring.
        | Event::Ledger(..)
        | Event::Issuer(_)
        | Event::Customer(..)
        | Event::Parked(..) => Concerned::Nobody,
    }
}

fn of_a_school(urn: Urn, event: &School) -> Concerned {
    match event {
        School::OfstedInspected(_)
        | School::SsatCoverRecorded { .. }
        | School::FactCorrected { fact: Fact::Inspection { .. }, .. } => Concerned::School(urn),
        // A grade that goes up or down is told beside the inspection or correction that did it.
        School::OfstedUpgraded { .. }
        | School::OfstedDowngraded { .. }
        | School::FactCorrected { fact: Fact::Results { .. }, .. }
        | School::SchoolRegistered { .. }
        | School::SchoolDetailsCorrected { .. }
        | School::SchoolClosed { .. }
        | School::SchoolConverted(_)
        | School::SchoolsMerged(_)
        | School::SchoolSplit(_)
        | School::ResultsPublished(_)
        | School::ResultsRevised { .. } => Concerned::Nobody,
    }
}

fn of_a_membership(urn: Urn, event: &Membership) -> Concerned {
    match event {
        Membership::ApplicationAccepted { .. }
        | Membership::MembershipStarted(_)
        | Membership::MarkedNotEligibleToRenew { .. }
        | Membership::EligibilityRestored(_)
        | Membership::RenewalAccepted { .. }
        | Membership::MembershipRenewed { .. }
        | Membership::MembershipTakenOver { .. }
        | Membership::EarlierMembershipRuns { .. } => Concerned::School(urn),
        // The successor is to take the membership over.
        Membership::MembershipCarriedOver { to, .. } => Concerned::School(*to),
        Membership::SchoolInvited(_)
        | Membership::InvitationDeclined { .. }
        | Membership::InvitationExtended { .. }
        | Membership::InvitationExpired { .. }
        | Membership::SchoolApplied { .. }
        | Membership::ApplicationWithdrawn { .. }
        | Membership::EvidenceRequested { .. }
        | Membership::EvidenceReceived { .. }
        | Membership::ApplicationReferred { .. }
        | Membership::ReferralDeferred { .. }
        | Membership::InterestDeclared { .. }
        | Membership::ReferralDecided { .. }
        | Membership::ApplicationDeclined { .. }
        | Membership::ConnectionsOffered { .. }
        | Membership::RenewalOffered { .. }
        | Membership::RenewalRefused { .. }
        | Membership::RenewalDeclined { .. }
        | Membership::RenewalDeclineTakenBack { .. }
        | Membership::MembershipLapsed { .. }
        | Membership::MembershipEnded { .. }
        | Membership::EarlierMembershipStarted { .. }
        | Membership::EarlierMembershipEnded { .. }
        | Membership::CoverEnding { .. }
        | Membership::Reminded { .. }
        | Membership::ReminderSkipped { .. } => Concerned::Nobody,
    }
}
