//! What each event leaves behind.  Nothing here has an opinion: what was decided is so.

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;

use crate::membership::evidence::Asked;
use crate::membership::referral::Referral;
use crate::membership::{
    Application, Departure, EndReason, Event, How, Invited, Left, Mark, Marking, Member,
    Membership, Renewal, Stage, Standing, Term, Verdict,
};

impl Membership {
    pub(super) fn take_down(&mut self, event: Event) {
        match event {
            Event::SchoolInvited(invitation) => {
                let open = Invited::Open { until: invitation.until };
                self.invitations.insert(invitation.year, open);
                self.invited_on.insert(invitation.year, invitation.on);
            }
            Event::InvitationDeclined { year, .. } => {
                self.answered(year, |until| Invited::Declined { until });
            }
            Event::InvitationExtended { year, until, .. } => {
                if let Some(invited) = self.invitations.get_mut(&year) {
                    *invited = invited.extended(until);
                }
            }
            Event::InvitationExpired { year, until, .. } => {
                self.answered(year, |_| Invited::Expired { until });
            }

            Event::SchoolApplied { year, how, advice, on, .. } => {
                if how == How::ByInvitation {
                    self.answered(year, |until| Invited::Taken { until });
                }
                self.application = Some(Application::new(year, how, advice, on));
            }
            Event::ApplicationWithdrawn { .. } => self.application_is(Stage::Withdrawn),
            Event::EvidenceRequested { what, due, .. } => self.of_application(|application| {
                application.evidence.asked = Some(Asked { what, due });
                application.evidence.answered = false;
            }),
            Event::EvidenceReceived { documents, .. } => self.of_application(|application| {
                application.evidence.answered = true;
                let received = documents.into_iter().map(|document| document.sha256);
                application.evidence.received.extend(received);
            }),
            Event::ApplicationReferred { question, why, meeting_on, on, .. } => {
                let referral = Referral { question, why, meeting_on, on, deferred_on: None };
                self.application_is(Stage::Referred(referral));
            }
            Event::ReferralDeferred { to, on, .. } => self.of_application(|application| {
                if let Stage::Referred(referral) = &mut application.stage {
                    referral.meeting_on = to;
                    referral.deferred_on = Some(on);
                }
            }),
            Event::InterestDeclared { school, .. } => self.of_application(|application| {
                application.interests.insert(school);
            }),
            Event::ReferralDecided { decision, .. } => self.of_application(|application| {
                if decision.verdict == Verdict::Accepted {
                    application.stage = Stage::Prepared;
                }
                application.decision = Some(decision);
            }),
            Event::ApplicationAccepted { acceptance, .. } => {
                self.application_is(Stage::Accepted(acceptance));
            }
            Event::ApplicationDeclined { reasons, .. } => {
                self.application_is(Stage::Declined { reasons });
            }
            Event::MembershipStarted(started) => {
                self.application_is(Stage::Joined { from: started.from });
                self.standing = Standing::Member(Member::started(&started));
            }

            Event::MarkedNotEligibleToRenew { grading, counts_for, .. } => {
                self.of_member(|member| {
                    member.marking = Marking::Marked(Mark { grading, counts_for });
                });
            }
            Event::EligibilityRestored(grading) => self.of_member(|member| {
                member.marking = Marking::Lifted(grading);
                member.connections.clear();
            }),
            Event::ConnectionsOffered { areas, .. } => {
                self.of_member(|member| member.connections.extend(areas));
            }

            Event::RenewalOffered { offer, .. } => self.of_member(|member| {
                member.offered(offer);
            }),
            Event::RenewalAccepted { .. } => self.renewal_becomes(Renewal::accepted),
            Event::MembershipRenewed { year, from, until, on, .. } => self.of_member(|member| {
                member.term = Term { year, from, until, renewed_on: Some(on) };
                member.renewal = Renewal::NotOffered;
                member.offered_on = None;
            }),
            Event::RenewalRefused { why, .. } => self.renewal_becomes(|_| Renewal::Refused(why)),
            Event::RenewalDeclined { reason, on, .. } => {
                self.renewal_becomes(|before| before.declined(reason, on));
            }
            Event::RenewalDeclineTakenBack { .. } => self.renewal_becomes(Renewal::reopened),

            Event::MembershipLapsed { last_day, reason, .. } => {
                self.leave(last_day, Departure::Lapsed(reason));
            }
            Event::MembershipEnded { reason, on } => self.leave(on, Departure::Ended(reason)),
            Event::MembershipCarriedOver { to, on, .. } => {
                self.leave(on.pred_opt().unwrap_or(on), Departure::CarriedOver(to));
            }
            Event::MembershipTakenOver { from, carried, member_since, on } => {
                self.history.taken_over.insert(from);
                self.history.at_predecessor = Some(member_since);
                self.standing = Standing::Member(Member::taken_over(carried, on));
            }

            // How it went on follows.
            Event::EarlierMembershipStarted { .. } => {}
            Event::EarlierMembershipEnded { from, last_day, reason } => {
                self.history.periods.insert(from, last_day);
                self.left_earlier(last_day, reason);
            }
            Event::EarlierMembershipRuns { from, year, until, .. } => {
                let first_day = year.first_day().max(from);
                let term = Term { year, from: first_day, until, renewed_on: None };
                self.standing = Standing::Member(Member::within(from, term));
            }

            Event::CoverEnding { ends_on, .. } => {
                self.of_member(|member| member.cover_ends = Some(ends_on));
            }
            Event::Reminded { step, due, .. } | Event::ReminderSkipped { step, due, .. } => {
                self.reminders.note(step, due);
            }
        }
    }

    fn answered(
        &mut self,
        year: LeadingEdgeYear,
        became: impl FnOnce(Option<NaiveDate>) -> Invited,
    ) {
        if let Some(invited) = self.invitations.get_mut(&year) {
            *invited = became(invited.until());
        }
    }

    fn application_is(&mut self, stage: Stage) {
        self.of_application(|application| application.stage = stage);
    }

    /// Nothing that happens to an application is ever recorded without one.
    fn of_application(&mut self, change: impl FnOnce(&mut Application)) {
        if let Some(application) = &mut self.application {
            change(application);
        }
    }

    /// Nothing that happens to a member is ever recorded of another school.
    fn of_member(&mut self, change: impl FnOnce(&mut Member)) {
        if let Standing::Member(member) = &mut self.standing {
            change(member);
        }
    }

    fn renewal_becomes(&mut self, becomes: impl FnOnce(Renewal) -> Renewal) {
        self.of_member(|member| {
            let before = std::mem::replace(&mut member.renewal, Renewal::NotOffered);
            member.renewal = becomes(before);
        });
    }

    fn leave(&mut self, last_day: NaiveDate, why: Departure) {
        if let Standing::Member(member) = &self.standing
            && member.from <= last_day
        {
            self.history.periods.insert(member.from, last_day);
        }
        let closed = why == Departure::Ended(EndReason::Closed);
        let closed = match std::mem::take(&mut self.standing) {
            Standing::Member(member) if closed => Some(Box::new(member)),
            Standing::Member(_) | Standing::Outside => None,
            Standing::Left(left) => left.closed.filter(|_| closed),
        };
        self.standing = Standing::Left(Left { last_day, why, closed });
    }

    /// A membership long over says how the school stands only if none was later.
    fn left_earlier(&mut self, last_day: NaiveDate, reason: String) {
        let is_the_last = match &self.standing {
            Standing::Outside => true,
            Standing::Left(left) => left.last_day < last_day,
            Standing::Member(_) => false,
        };
        if is_the_last {
            let why = Departure::Earlier(reason);
            self.standing = Standing::Left(Left { last_day, why, closed: None });
        }
    }
}
