//! How each event changes a school's row.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::{
    Carried, EndReason, Event as Membership, Grading, How, JoiningTerms, Renewal as Stands,
    Verdict, WhyRefused,
};

use super::{Application, Departure, Invitation, Renewal, Row, Standing};

impl Row {
    pub(super) fn take_down(&mut self, event: &Membership) {
        if let Some(reason) = reason(event) {
            self.last_reason = Some(reason);
        }
        match event {
            Membership::SchoolInvited(invitation) => {
                self.name = Some(invitation.name.clone());
                self.invitation_year = Some(invitation.year);
                self.invitation = Some(Invitation::Open);
                self.invitation_answer_by = invitation.until;
                self.invited_on = Some(invitation.on);
            }
            Membership::InvitationDeclined { year, .. } => {
                self.invited(*year, Invitation::Declined);
            }
            Membership::InvitationExtended { year, until, .. } => self.extended(*year, *until),
            Membership::InvitationExpired { year, .. } => self.invited(*year, Invitation::Expired),

            Membership::SchoolApplied { year, how, advice, on, .. } => {
                match how {
                    How::ByInvitation => self.invited(*year, Invitation::Taken),
                    How::OnItsProfile(profile) => self.name = Some(profile.finding.name.clone()),
                }
                self.application_year = Some(*year);
                self.application = Some((*advice).into());
                self.applied_on = Some(*on);
                self.evidence_due = None;
                self.meeting_on = None;
                self.first_day = None;
                self.agreed_fee_pence = None;
            }
            Membership::ApplicationWithdrawn { .. } => {
                self.application = Some(Application::Withdrawn);
            }
            Membership::EvidenceRequested { due, .. } => {
                self.evidence_due = Some(*due);
                self.evidence(Application::EvidenceAsked);
            }
            Membership::EvidenceReceived { .. } => self.evidence(Application::EvidenceReceived),
            Membership::ApplicationReferred { meeting_on, .. } => {
                self.application = Some(Application::Referred);
                self.meeting_on = Some(*meeting_on);
            }
            Membership::ReferralDeferred { to, .. } => self.meeting_on = Some(*to),
            Membership::ReferralDecided { decision, .. } => {
                if decision.verdict == Verdict::Accepted {
                    self.application = Some(Application::Prepared);
                }
            }
            Membership::ApplicationAccepted { acceptance, .. } => {
                self.application = Some(Application::Accepted);
                self.first_day = Some(acceptance.first_day);
                self.agreed_fee_pence = agreed_fee(&acceptance.terms);
            }
            Membership::ApplicationDeclined { .. } => {
                self.application = Some(Application::Declined);
            }
            Membership::MembershipStarted(started) => {
                self.application = Some(Application::Joined);
                self.is_a_member(started.from, started.member_since, started.continuous_since);
                self.term(started.year, started.from, started.until);
                self.terms = Some((&started.terms).into());
                self.fee_pence = Some(started.fee_pence);
            }

            Membership::MarkedNotEligibleToRenew { grading, counts_for, .. } => {
                self.marked(grading, *counts_for);
            }
            Membership::EligibilityRestored(grading) => {
                self.unmarked();
                self.graded(grading);
            }
            Membership::RenewalOffered { year, offer } => {
                self.renewal(*year, Renewal::Offered);
                self.renewal_offered_on = Some(offer.on);
                self.renewal_answer_by = offer.answer_by;
            }
            Membership::RenewalAccepted { year, on, .. } => {
                self.renewal(*year, Renewal::Accepted);
                self.renewal_accepted_on = Some(*on);
            }
            Membership::MembershipRenewed { year, from, until, fee_pence, .. } => {
                self.renewal(*year, Renewal::Agreed);
                self.term(*year, *from, *until);
                self.fee_pence = Some(*fee_pence);
            }
            Membership::RenewalRefused { year, why, .. } => {
                self.renewal(*year, Renewal::Refused);
                // An offer that stood is gone with it.
                self.renewal_offered_on = None;
                self.renewal_answer_by = None;
                self.refused(why);
            }
            Membership::RenewalDeclined { year, .. } => self.declined(*year),
            Membership::RenewalDeclineTakenBack { year, .. } => {
                // A refusal stands again, or else an offer that had been made.
                let offered = self.renewal_offered_on.map(|_| Renewal::Offered);
                self.renewal_accepted_on = None;
                self.renewal_year = Some(*year);
                self.renewal = self.renewal_refused.map(|_| Renewal::Refused).or(offered);
            }

            Membership::MembershipLapsed { last_day, reason, .. } => {
                self.left(*last_day, reason.into());
            }
            Membership::MembershipEnded { reason, on } => {
                if let EndReason::MergedInto(urn) = reason {
                    self.successor = Some(*urn);
                }
                self.left(*on, (*reason).into());
            }
            Membership::MembershipCarriedOver { to, on, .. } => {
                self.successor = Some(*to);
                self.left(on.pred_opt().unwrap_or(*on), Departure::CarriedOver);
            }
            Membership::MembershipTakenOver { from, carried, member_since, on } => {
                self.took_over(*from, carried, *member_since);
                self.here_since = Some(*on);
            }

            Membership::EarlierMembershipStarted { from, member_since, continuous_since } => {
                self.earlier_started(*from, *member_since, *continuous_since);
            }
            Membership::EarlierMembershipEnded { from, last_day, .. } => {
                self.earlier_ended(*from, *last_day);
            }
            Membership::EarlierMembershipRuns {
                from,
                year,
                until,
                member_since,
                continuous_since,
            } => {
                self.is_a_member(*from, *member_since, *continuous_since);
                self.term(*year, year.first_day().max(*from), *until);
            }

            Membership::CoverEnding { ends_on, .. } => self.cover_ends_on = Some(*ends_on),
            Membership::InterestDeclared { .. }
            | Membership::ConnectionsOffered { .. }
            | Membership::Reminded { .. }
            | Membership::ReminderSkipped { .. } => {}
        }
    }

    /// Only the last invitation has its place in the row.
    fn invited(&mut self, year: LeadingEdgeYear, became: Invitation) {
        if self.invitation_year == Some(year) {
            self.invitation = Some(became);
        }
    }

    /// One that had expired is open again.
    fn extended(&mut self, year: LeadingEdgeYear, until: NaiveDate) {
        if self.invitation_year == Some(year) {
            self.invitation_answer_by = Some(until);
            if self.invitation == Some(Invitation::Expired) {
                self.invitation = Some(Invitation::Open);
            }
        }
    }

    /// What is before the steering group stays there while evidence is asked for and comes.
    fn evidence(&mut self, stage: Application) {
        if self.application != Some(Application::Referred) {
            self.application = Some(stage);
        }
    }

    fn is_a_member(&mut self, from: NaiveDate, since: NaiveDate, continuous_since: NaiveDate) {
        self.standing = Standing::Member;
        self.membership_from = Some(from);
        self.here_since = Some(from);
        self.member_since = Some(since);
        self.continuous_since = Some(continuous_since);
        self.last_day = None;
        self.departure = None;
        self.terms = None;
        self.fee_pence = None;
        self.renewal_year = None;
        self.renewal = None;
        self.renewal_offered_on = None;
        self.renewal_answer_by = None;
        self.renewal_accepted_on = None;
        self.renewal_refused = None;
        self.renewal_refused_at = None;
        self.cover_ends_on = None;
        self.unmarked();
        self.grade_published_on = None;
        self.grade_inspected_on = None;
    }

    fn term(&mut self, year: LeadingEdgeYear, from: NaiveDate, until: NaiveDate) {
        self.year = Some(year);
        self.term_from = Some(from);
        self.term_until = Some(until);
    }

    fn marked(&mut self, grading: &Grading, counts_for: LeadingEdgeYear) {
        self.mark_grade = Some(grading.grade);
        self.mark_published_on = Some(grading.published_on);
        self.mark_counts_for = Some(counts_for);
        self.graded(grading);
    }

    fn graded(&mut self, grading: &Grading) {
        self.grade_published_on = Some(grading.published_on);
        self.grade_inspected_on = Some(grading.inspected_on);
    }

    fn unmarked(&mut self) {
        self.mark_grade = None;
        self.mark_published_on = None;
        self.mark_counts_for = None;
    }

    fn renewal(&mut self, year: LeadingEdgeYear, stage: Renewal) {
        if self.renewal_year != Some(year) {
            self.renewal_offered_on = None;
            self.renewal_answer_by = None;
        }
        self.renewal_accepted_on = None;
        self.renewal_refused = None;
        self.renewal_refused_at = None;
        self.renewal_year = Some(year);
        self.renewal = Some(stage);
    }

    /// What the network had said of the same year stays in the row: it stands again should the no be taken back.
    fn declined(&mut self, year: LeadingEdgeYear) {
        let refused = (self.renewal_refused, self.renewal_refused_at);
        let of_the_year = self.renewal_year == Some(year);
        self.renewal(year, Renewal::Declined);
        if of_the_year {
            (self.renewal_refused, self.renewal_refused_at) = refused;
        }
    }

    /// The position is that of the event that is being taken down.
    fn refused(&mut self, why: &WhyRefused) {
        self.renewal_refused = Some(why.into());
        self.renewal_refused_at = Some(self.position);
    }

    fn left(&mut self, last_day: NaiveDate, departure: Departure) {
        self.standing = Standing::Left;
        self.last_day = Some(last_day);
        self.departure = Some(departure);
    }

    fn took_over(&mut self, from: Urn, carried: &Carried, member_since: NaiveDate) {
        let since = carried.continuous_since;
        self.is_a_member(since, member_since, since);
        self.term(carried.year, carried.from, carried.until);
        self.predecessor = Some(from);
        if let Some(mark) = &carried.mark {
            self.marked(&mark.grading, mark.counts_for);
        }
        if let Some(stage) = Renewal::carried(&carried.renewal) {
            self.renewal(carried.year.next(), stage);
        }
        match &carried.renewal {
            Stands::Refused(why) => self.refused(why),
            Stands::Declined { refused: Some(why), .. } => self.refused(why),
            Stands::Offered(offer)
            | Stands::Accepted(offer)
            | Stands::Declined { offer: Some(offer), refused: None, .. } => {
                self.renewal_offered_on = Some(offer.on);
                self.renewal_answer_by = offer.answer_by;
            }
            Stands::NotOffered | Stands::Declined { offer: None, refused: None, .. } => {}
        }
    }

    /// A membership of long ago says how the school stands only if none was later.  As at a day between its first and
    /// last, the school is a member of which no term is on record.
    fn earlier_started(&mut self, from: NaiveDate, since: NaiveDate, continuous_since: NaiveDate) {
        let is_the_last = match self.standing {
            Standing::Outside => true,
            Standing::Left => self.last_day.is_none_or(|last_day| last_day < from),
            Standing::Member => false,
        };
        if is_the_last {
            self.is_a_member(from, since, continuous_since);
            self.year = None;
            self.term_from = None;
            self.term_until = None;
        }
        self.member_since = Some(since);
        self.continuous_since = Some(continuous_since);
    }

    fn earlier_ended(&mut self, from: NaiveDate, last_day: NaiveDate) {
        let is_the_last = self.continuous_since.is_none_or(|since| since <= from);
        if self.standing == Standing::Member && self.term_until.is_none() && is_the_last {
            self.left(last_day, Departure::Earlier);
        }
    }
}

/// The fee that was agreed with a school, where it is not the year's (R9).
fn agreed_fee(terms: &JoiningTerms) -> Option<u64> {
    match terms {
        JoiningTerms::AgreedTerms { fee_pence, .. } => Some(*fee_pence),
        JoiningTerms::FullPackage | JoiningTerms::FromNextApril => None,
    }
}

/// The reason that somebody gave.
fn reason(event: &Membership) -> Option<String> {
    match event {
        Membership::InvitationDeclined { reason, .. }
        | Membership::ApplicationWithdrawn { reason, .. }
        | Membership::RenewalDeclined { reason, .. } => reason.clone(),
        Membership::ApplicationReferred { why, .. } | Membership::ReferralDeferred { why, .. } => {
            Some(why.clone())
        }
        Membership::ReferralDecided { decision, .. } => Some(decision.reasons.clone()),
        Membership::ApplicationDeclined { reasons, .. } => Some(reasons.clone()),
        Membership::RenewalRefused { why, .. } => Some(why.to_string()),
        Membership::InvitationExtended { reason, .. }
        | Membership::RenewalDeclineTakenBack { reason, .. }
        | Membership::EarlierMembershipEnded { reason, .. } => Some(reason.clone()),
        Membership::MembershipLapsed { reason, .. } => Some(reason.to_string()),
        Membership::MembershipEnded { .. }
        | Membership::SchoolInvited(_)
        | Membership::InvitationExpired { .. }
        | Membership::SchoolApplied { .. }
        | Membership::EvidenceRequested { .. }
        | Membership::EvidenceReceived { .. }
        | Membership::InterestDeclared { .. }
        | Membership::ApplicationAccepted { .. }
        | Membership::MembershipStarted(_)
        | Membership::MarkedNotEligibleToRenew { .. }
        | Membership::EligibilityRestored(_)
        | Membership::ConnectionsOffered { .. }
        | Membership::RenewalOffered { .. }
        | Membership::RenewalAccepted { .. }
        | Membership::MembershipRenewed { .. }
        | Membership::MembershipCarriedOver { .. }
        | Membership::MembershipTakenOver { .. }
        | Membership::EarlierMembershipStarted { .. }
        | Membership::EarlierMembershipRuns { .. }
        | Membership::CoverEnding { .. }
        | Membership::Reminded { .. }
        | Membership::ReminderSkipped { .. } => None,
    }
}
