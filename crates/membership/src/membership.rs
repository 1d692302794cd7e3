//! One school's way through the network: invited, applying, a member year by year, gone, and perhaps back.
//!
//! Every day a decision needs comes with its command, and every fact a decision rests on is kept in its event.
//!
//! Invariants:
//! - there is at most one membership at a time, and a term once agreed is never shortened but by the school's own end: its
//!   closure, a merger, or its conversion, after which the membership goes on at the successor (R15, D12);
//! - nobody joins or stays without SSAT cover on the first day (R7, D10);
//! - a membership is whole (R8): what may differ for a late joiner is the fee and the first day, never what it gets (D11);
//! - a grade of 3 or 4 bars the first year that is not agreed yet, and nothing before it (R14, R15, D9).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published};
use serde::{Deserialize, Serialize};

use crate::Refusal;

mod application;
mod apply;
pub mod commands;
mod ending;
pub mod events;
mod evidence;
mod history;
mod invitation;
mod joining;
mod marks;
mod referral;
mod reminders;
mod renewal;
mod standing;
mod succession;
#[cfg(test)]
mod tests;

pub use application::{Advice, Application, How, Profile, Role, Stage};
pub use commands::Command;
pub use ending::{EndReason, LapseReason};
pub use events::Event;
pub use evidence::{Document, NotASha256, Sha256};
pub use history::History;
pub(crate) use invitation::POOREST_INVITED;
pub use invitation::{Invitation, Invited};
pub use joining::{Acceptance, JoiningTerms, Started};
pub use marks::{Grading, Mark, Marking};
pub use referral::{Decision, Verdict};
pub use reminders::{Reminders, Step};
pub use renewal::{Judged, Offer, Renewal, WhyRefused};
pub use standing::{Departure, Left, Member, Standing, Term};
pub use succession::Carried;

/// How a school stands with the network, as far as the next question needs it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Membership {
    /// What became of each year's invitation.
    invitations: BTreeMap<LeadingEdgeYear, Invited>,
    /// The day of each year's invitation, which nothing that answers it precedes.
    invited_on: BTreeMap<LeadingEdgeYear, NaiveDate>,
    /// The last application.
    application: Option<Application>,
    standing: Standing,
    /// The memberships before the present one.
    history: History,
    reminders: Reminders,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Membership::TYPE,
    "One school's way through the network: invited, applying, a member year by year, gone, and perhaps back.",
    "the school's URN",
    include_str!("../events/membership.jsonl"),
);

impl Membership {
    /// Every question a membership can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Invite(invitation) => self.invite(invitation),
            Command::DeclineInvitation { year, reason, on } => {
                self.decline_invitation(year, reason, on)
            }
            Command::ExtendInvitation { year, until, reason, on } => {
                self.extend_invitation(year, until, reason, on)
            }
            Command::ExpireInvitation { year, on } => self.expire_invitation(year, on),
            Command::Apply { year, by, how, on } => self.apply_to_join(year, by, how, on),
            Command::Withdraw { reason, on } => self.withdraw(reason, on),
            Command::RequestEvidence { what, due, on } => self.request_evidence(what, due, on),
            Command::ReceiveEvidence { documents, on } => self.receive_evidence(documents, on),
            Command::Refer { question, why, meeting_on, on } => {
                self.refer(question, why, meeting_on, on)
            }
            Command::Defer { to, why, on } => self.defer(to, why, on),
            Command::DeclareInterest { school, on } => self.declare_interest(school, on),
            Command::DecideReferral(decision) => self.decide_referral(decision),
            Command::Accept(acceptance) => self.accept(acceptance),
            Command::DeclineApplication { reasons, on } => self.decline_application(reasons, on),
            Command::Start { year, fee_pence, on } => self.start(year, fee_pence, on),
            Command::MarkNotEligible(grading) => self.mark_not_eligible(grading),
            Command::LiftMark(grading) => self.lift_mark(grading),
            Command::OfferConnections { areas, on } => self.offer_connections(areas, on),
            Command::OfferRenewal { year, offer } => self.offer_renewal(year, offer),
            Command::AcceptRenewal { year, by, on } => self.accept_renewal(year, by, on),
            Command::Renew { year, cover, fee_pence, on } => self.renew(year, cover, fee_pence, on),
            Command::RefuseRenewal { year, why, on } => self.refuse_renewal(year, why, on),
            Command::DeclineRenewal { year, reason, on } => self.decline_renewal(year, reason, on),
            Command::TakeBackDecline { year, reason, on } => {
                self.take_back_decline(year, reason, on)
            }
            Command::Lapse { year, cover, on } => self.lapse(year, cover.as_ref(), on),
            Command::End { reason, on } => self.end(reason, on),
            Command::CarryOver { to, on } => self.carry_over(to, on),
            Command::TakeOver { from, carried, on } => self.take_over(from, carried, on),
            Command::RecordPast { from, last_day, reason } => {
                self.record_past(from, last_day, reason)
            }
            Command::RecordRunning { from, year } => self.record_running(from, year),
            Command::WarnOfCover { ends_on, on } => self.warn_of_cover(ends_on, on),
            Command::Remind { step, due, on } => self.remind(step, due, on),
            Command::SkipReminder { step, due, why, on } => self.skip_reminder(step, due, why, on),
        }
    }
}

impl Aggregate for Membership {
    const TYPE: &'static str = "membership.membership";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        self.take_down(event);
    }
}
