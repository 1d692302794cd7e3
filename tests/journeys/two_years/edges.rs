//! Everything that can happen to a membership happened to somebody.

use std::collections::BTreeMap;

use chrono::Datelike;
use kernel::LeadingEdgeYear;
use membership::Outcome;
use membership::membership::{
    Advice, EndReason, Event as Membership, How, JoiningTerms, LapseReason, Step, Verdict,
    WhyRefused,
};
use projections::Event;
use routine::parked::Event as Parked;

use super::lived;

/// Each edge, and how often it occurred.
#[test]
fn every_edge_of_joining_staying_and_leaving_occurred() {
    let lived = lived();
    let mut edges: BTreeMap<&str, usize> = BTreeMap::new();
    let mut is = |edge: &'static str, so: bool| *edges.entry(edge).or_default() += usize::from(so);
    for (_, _, event) in lived.memberships() {
        of_joining(event, &mut is);
        of_staying(event, &mut is);
        of_leaving(event, &mut is);
    }
    for recorded in &lived.events {
        let Event::Parked(_, event) = &recorded.event else { continue };
        is("parked", matches!(event, Parked::ReactionParked(_)));
        is("resumed", matches!(event, Parked::ReactionResumed { .. }));
        is("dismissed", matches!(event, Parked::ReactionDismissed { .. }));
    }
    in_one_history(lived, &mut is);
    let again = lived.played.done.get("apply_again").copied().unwrap_or(0);
    is("R5 the same application came twice", again > 0);
    let prepared = lived.played.refused.iter().filter(|it| it.3.contains("prepared, not accepted"));
    is("R7 prepared, not accepted", prepared.count() > 0);
    for (edge, often) in &edges {
        eprintln!("{often:>6} {edge}");
    }
    let never: Vec<_> = edges.iter().filter(|(_, often)| **often == 0).collect();
    assert!(never.is_empty(), "never: {never:#?}");
}

fn of_joining(event: &Membership, is: &mut impl FnMut(&'static str, bool)) {
    is("R3 invited", matches!(event, Membership::SchoolInvited(_)));
    is("R3 invitation declined", matches!(event, Membership::InvitationDeclined { .. }));
    is("R3 invitation expired", matches!(event, Membership::InvitationExpired { .. }));
    if let Membership::SchoolApplied { how, advice, .. } = event {
        let profile = matches!(how, How::OnItsProfile(_));
        is("R4 applied by invitation", *how == How::ByInvitation);
        is("R5 not invited, eligible", profile && *advice == Advice::Eligible);
        is("R5 not invited, evidence needed", profile && *advice == Advice::EvidenceNeeded);
        is("R6 not invited, below the criteria", profile && *advice == Advice::Refer);
    }
    is("R5 evidence asked for", matches!(event, Membership::EvidenceRequested { .. }));
    is("R5 evidence received", matches!(event, Membership::EvidenceReceived { .. }));
    is("R6 referred", matches!(event, Membership::ApplicationReferred { .. }));
    is("R6 deferred", matches!(event, Membership::ReferralDeferred { .. }));
    is("R37 interest declared", matches!(event, Membership::InterestDeclared { .. }));
    if let Membership::ReferralDecided { decision, .. } = event {
        is("R6 the steering group said yes", decision.verdict == Verdict::Accepted);
        is("R6 the steering group said no", decision.verdict == Verdict::Declined);
    }
    is("application declined", matches!(event, Membership::ApplicationDeclined { .. }));
    is("application withdrawn", matches!(event, Membership::ApplicationWithdrawn { .. }));
    if let Membership::MembershipStarted(started) = event {
        let late = started.from != started.year.first_day();
        is("started on 1 April", !late);
        is(
            "R9 a late joiner took the full package, and was told what it missed",
            late && started.terms == JoiningTerms::FullPackage && !started.missed.is_empty(),
        );
        is(
            "R9 a late joiner has agreed terms",
            late && matches!(started.terms, JoiningTerms::AgreedTerms { .. }),
        );
        is("R9 a late joiner waited for April", started.terms == JoiningTerms::FromNextApril);
        is("R9 a January joiner", [1, 2].contains(&started.from.month()));
        is(
            "returned after a gap",
            started.continuous_since == started.from && started.member_since < started.from,
        );
    }
}

fn of_staying(event: &Membership, is: &mut impl FnMut(&'static str, bool)) {
    if let Membership::RenewalOffered { offer, .. } = event {
        is("R12 offered", offer.outcome == Outcome::Renew);
        is("R13 offered, a dip noted", offer.outcome == Outcome::RenewNotedDip);
        is("D5 offered as judged", offer.outcome == Outcome::Judgement);
        is("D6 offered as judged: not decidable", offer.outcome == Outcome::Referral);
    }
    if let Membership::RenewalRefused { why, .. } = event {
        is("R14 refused: marked", *why == WhyRefused::Marked);
        is("D5 refused: judgement", matches!(why, WhyRefused::Judgement { .. }));
    }
    is("renewal accepted", matches!(event, Membership::RenewalAccepted { .. }));
    is("renewal declined", matches!(event, Membership::RenewalDeclined { .. }));
    is("its decline taken back", matches!(event, Membership::RenewalDeclineTakenBack { .. }));
    is("renewed", matches!(event, Membership::MembershipRenewed { .. }));
    if let Membership::MarkedNotEligibleToRenew { grading, counts_for, .. } = event {
        is("R14 marked", true);
        let published = LeadingEdgeYear::containing(grading.published_on);
        is(
            "D9 inspected in March, published after the renewal: counts next time",
            LeadingEdgeYear::containing(grading.inspected_on) < published
                && *counts_for == published.next(),
        );
    }
    is("R15 connections offered", matches!(event, Membership::ConnectionsOffered { .. }));
    is("D9 mark lifted", matches!(event, Membership::EligibilityRestored(_)));
    is("D10 cover ends inside the year", matches!(event, Membership::CoverEnding { .. }));
    let reminded = |wanted| matches!(event, Membership::Reminded { step, .. } if *step == wanted);
    is("reminded of an invitation", reminded(Step::InvitationAnswer));
    is("reminded of evidence", reminded(Step::Evidence));
    is("reminded of a renewal", reminded(Step::RenewalAnswer));
    is("R38 earlier membership", matches!(event, Membership::EarlierMembershipEnded { .. }));
    is("R38 running membership", matches!(event, Membership::EarlierMembershipRuns { .. }));
}

fn of_leaving(event: &Membership, is: &mut impl FnMut(&'static str, bool)) {
    if let Membership::MembershipLapsed { reason, on, .. } = event {
        is("R11 lapsed: nobody answered", *reason == LapseReason::Unanswered);
        is("R11 lapsed: its own wish", matches!(reason, LapseReason::Declined(_)));
        is("R14 lapsed: marked", *reason == LapseReason::Refused(WhyRefused::Marked));
        is("R7 lapsed: no cover", *reason == LapseReason::Refused(WhyRefused::NoCover));
        let judged = |why: &WhyRefused| matches!(why, WhyRefused::Judgement { .. });
        is("D5 lapsed: judgement", matches!(reason, LapseReason::Refused(why) if judged(why)));
        is("R11 lapsed in 2018", on.year() == 2018);
        is("R11 lapsed in 2019", on.year() == 2019);
        is("R11 lapsed in 2020", on.year() == 2020);
    }
    if let Membership::MembershipEnded { reason, .. } = event {
        is("D12 closed", *reason == EndReason::Closed);
        is("D12 merged into a member", matches!(reason, EndReason::MergedInto(_)));
    }
    if let Membership::MembershipCarriedOver { on, .. } = event {
        is("D12 carried over", true);
        is("D12 carried over on 1 April", (on.month(), on.day()) == (4, 1));
    }
    is("D12 taken over", matches!(event, Membership::MembershipTakenOver { .. }));
}

/// What only several events of one school tell.
fn in_one_history(lived: &super::Lived, is: &mut impl FnMut(&'static str, bool)) {
    let truth = lived.story.nation().truth();
    for (urn, events) in lived.by_school() {
        let at = |is_so: &dyn Fn(&Membership) -> bool| events.iter().position(|it| is_so(it));
        let after = |from: usize, is_so: &dyn Fn(&Membership) -> bool| {
            events.iter().skip(from + 1).any(|it| is_so(it))
        };
        let renewed = |it: &Membership| matches!(it, Membership::MembershipRenewed { .. });
        if let Some(lifted) = at(&|it| matches!(it, Membership::EligibilityRestored(_))) {
            is("D9 renewed after its mark was lifted", after(lifted, &renewed));
        }
        if let Some(marked) = at(&|it| matches!(it, Membership::MarkedNotEligibleToRenew { .. })) {
            let lapsed = |it: &Membership| matches!(it, Membership::MembershipLapsed { .. });
            is("R15 marked, and a member to 31 March", after(marked, &lapsed));
        }
        if let Some(back) = at(&|it| matches!(it, Membership::RenewalDeclineTakenBack { .. })) {
            is("renewed after taking its decline back", after(back, &renewed));
        }
        if let Some(put_off) = at(&|it| matches!(it, Membership::ReferralDeferred { .. })) {
            let decided = |it: &Membership| matches!(it, Membership::ReferralDecided { .. });
            is("R6 deferred, then decided", after(put_off, &decided));
        }
        let asked = events.iter().find_map(|it| match it {
            Membership::EvidenceRequested { due, .. } => Some(*due),
            _ => None,
        });
        let came = events.iter().find_map(|it| match it {
            Membership::EvidenceReceived { on, .. } => Some(*on),
            _ => None,
        });
        if let Some(due) = asked {
            is("evidence came in time", came.is_some_and(|on| on <= due));
            is("evidence came late", came.is_some_and(|on| on > due));
            is("evidence never came", came.is_none());
        }
        let cover_awaited = events.windows(2).any(|pair| match pair {
            [
                Membership::RenewalAccepted { on: said_yes, .. },
                Membership::MembershipRenewed { on, .. },
            ] => on > said_yes,
            _ => false,
        });
        is("D10 renewed when cover came", cover_awaited);
        let over = |it: &Membership| matches!(it, Membership::MembershipTakenOver { .. });
        if at(&over).is_some() {
            let predecessors = truth.predecessors.get(&urn).map_or(0, Vec::len);
            is("D12 taken over from one of two predecessors", predecessors == 2);
            is("D12 taken over, and renewed", at(&over).is_some_and(|it| after(it, &renewed)));
        }
        let successors: Vec<_> = truth
            .predecessors
            .iter()
            .filter(|(_, links)| links.iter().any(|link| link.predecessor == urn))
            .collect();
        let carried = |it: &Membership| matches!(it, Membership::MembershipCarriedOver { .. });
        if at(&carried).is_some() {
            is("D12 the office chose where a divided school goes on", successors.len() == 2);
        }
        let started = |it: &Membership| matches!(it, Membership::MembershipStarted(_));
        let lapsed = |it: &Membership| matches!(it, Membership::MembershipLapsed { .. });
        if let Some(left) = at(&lapsed) {
            is("lapsed here, and came back", after(left, &started));
        }
    }
}
