//! Nothing is dated before what it answers: a slip of the pen is refused, with the day that it comes before.

use super::*;
use crate::membership::{Carried, Renewal, WhyRefused};

fn before(on: &str, what: &'static str, was_on: &str) -> Refusal {
    Refusal::BeforeWhatItAnswers { on: day(on), what, was_on: day(was_on) }
}

const INVITED: &str = "the school was invited on";
const APPLIED: &str = "the school applied on";
const REFERRED: &str = "it was put before the steering group on";
const DECIDED: &str = "the steering group decided on";
const OFFERED: &str = "renewal was offered on";
const BEGAN: &str = "the membership began on";

#[test]
fn the_refusal_names_both_days() {
    assert_eq!(
        before("2019-02-01", APPLIED, "2019-03-05").to_string(),
        "1 Feb 2019 is too early: the school applied on 5 Mar 2019, and nothing is dated before what it answers"
    );
}

#[test]
fn an_invitation_is_not_answered_before_it_was_made() {
    let decline = |on: &str| Command::DeclineInvitation { year: year(), reason: None, on: day(on) };
    let apply =
        |how, on: &str| Command::Apply { year: year(), by: Role::Headteacher, how, on: day(on) };
    let refusal = || before("2019-02-28", INVITED, "2019-03-01");
    given::<Membership>([invited()]).when(decline("2019-02-28")).refused(refusal());
    given::<Membership>([invited()])
        .when(apply(How::ByInvitation, "2019-02-28"))
        .refused(refusal());
    given::<Membership>([invited()])
        .when(decline("2019-03-01"))
        .then([Event::InvitationDeclined { year: year(), reason: None, on: day("2019-03-01") }]);
    // On its profile a school answers no invitation.
    let own = on_its_profile(&school().graded(1));
    let advice = Advice::Eligible;
    given::<Membership>([invited()]).when(apply(own.clone(), "2019-02-28")).then([
        Event::SchoolApplied {
            year: year(),
            by: Role::Headteacher,
            how: own,
            advice,
            on: day("2019-02-28"),
        },
    ]);
}

#[test]
fn nothing_is_done_about_an_application_before_it_was_made() {
    let on = day("2019-03-09");
    let refusal = || before("2019-03-09", APPLIED, "2019-03-10");
    let considered = [applied(below_criteria(), Advice::Refer)];
    let documents = vec![document('a')];
    for early in [
        Command::RequestEvidence { what: "results".into(), due: day("2019-04-01"), on },
        Command::ReceiveEvidence { documents, on },
        Command::Refer {
            question: "Is its case strong enough?".into(),
            why: "below the criteria".into(),
            meeting_on: day("2019-05-14"),
            on,
        },
        Command::DeclineApplication { reasons: "far below".into(), on },
        Command::Withdraw { reason: None, on },
    ] {
        given::<Membership>(considered.clone()).when(early).refused(refusal());
    }
    for early in [
        Command::Accept(Acceptance { on, ..acceptance() }),
        Command::DeclineApplication { reasons: "far below".into(), on },
    ] {
        given::<Membership>(applied_by_invitation()).when(early).refused(refusal());
    }
    given::<Membership>(then(applied_by_invitation().into(), [accepted()]))
        .when(Command::Withdraw { reason: None, on })
        .refused(refusal());
}

#[test]
fn the_day_of_the_application_itself_is_early_enough() {
    let on = day("2019-03-10");
    given::<Membership>([applied(below_criteria(), Advice::Refer)])
        .when(Command::ReceiveEvidence { documents: vec![document('a')], on })
        .then([Event::EvidenceReceived { year: year(), documents: vec![document('a')], on }]);
    given::<Membership>(applied_by_invitation())
        .when(Command::Withdraw { reason: None, on })
        .then([Event::ApplicationWithdrawn { year: year(), reason: None, on }]);
}

#[test]
fn nothing_is_done_about_a_referral_before_it_was_made_or_put_off() {
    let history = vec![applied(below_criteria(), Advice::Refer), received('a'), referred()];
    let defer = |to: &str, on: &str| Command::Defer {
        to: day(to),
        why: "more is wanted".into(),
        on: day(on),
    };
    let interest = |on: &str| Command::DeclareInterest { school: urn(100_010), on: day(on) };
    for early in [defer("2019-07-02", "2019-03-24"), interest("2019-03-24")] {
        given::<Membership>(history.clone()).when(early).refused(before(
            "2019-03-24",
            REFERRED,
            "2019-03-25",
        ));
    }
    let put_off = Event::ReferralDeferred {
        year: year(),
        from: day("2019-05-14"),
        to: day("2019-05-20"),
        why: "more is wanted".into(),
        on: day("2019-05-22"),
    };
    let history = then(history, [put_off]);
    let again = before("2019-05-21", "it was put off on", "2019-05-22");
    given::<Membership>(history.clone())
        .when(defer("2019-07-02", "2019-05-21"))
        .refused(again.clone());
    let early = Decision { on: day("2019-05-21"), ..decision(Verdict::Accepted) };
    given::<Membership>(history.clone()).when(Command::DecideReferral(early)).refused(again);
    // What was declared between the two is still taken down.
    given::<Membership>(history).when(interest("2019-04-01")).then([Event::InterestDeclared {
        year: year(),
        school: urn(100_010),
        on: day("2019-04-01"),
    }]);
}

#[test]
fn a_school_is_not_accepted_before_the_steering_group_decided() {
    let decided = Event::ReferralDecided { year: year(), decision: decision(Verdict::Accepted) };
    let history =
        vec![applied(below_criteria(), Advice::Refer), received('a'), referred(), decided];
    let early = Acceptance { on: day("2019-05-13"), ..acceptance() };
    given::<Membership>(history.clone()).when(Command::Accept(early)).refused(before(
        "2019-05-13",
        DECIDED,
        "2019-05-14",
    ));
    given::<Membership>(history)
        .when(Command::DeclineApplication { reasons: "no".into(), on: day("2019-05-13") })
        .refused(before("2019-05-13", DECIDED, "2019-05-14"));
}

fn answers(on: &str) -> [Command; 3] {
    let on = day(on);
    [
        Command::AcceptRenewal { year: coming(), by: Role::Headteacher, on },
        Command::DeclineRenewal { year: coming(), reason: None, on },
        Command::RefuseRenewal { year: coming(), why: WhyRefused::NotEligible, on },
    ]
}

#[test]
fn an_offer_of_renewal_is_not_answered_before_it_was_made() {
    let history = then(member(), [offered()]);
    for early in answers("2020-01-31") {
        given::<Membership>(history.clone()).when(early).refused(before(
            "2020-01-31",
            OFFERED,
            "2020-02-01",
        ));
    }
    // Not offered, a school may say no all the same, and so may the network; but only to a member.
    let [_, decline, refuse] = answers("2019-03-31");
    for early in [decline, refuse] {
        given::<Membership>(member()).when(early).refused(before(
            "2019-03-31",
            BEGAN,
            "2019-04-01",
        ));
    }
}

/// A yes of 3 February answers the offer of the 1st, also when it is entered after the offer got another day.
#[test]
fn what_answers_the_first_offer_counts_after_it_was_changed() {
    let again = Offer { answer_by: Some(day("2020-03-20")), on: day("2020-02-10"), ..offer() };
    let changed = Event::RenewalOffered { year: coming(), offer: again };
    let history = then(member(), [offered(), changed.clone()]);
    let [accept, ..] = answers("2020-02-03");
    given::<Membership>(history).when(accept.clone()).then([Event::RenewalAccepted {
        year: coming(),
        by: Role::Headteacher,
        on: day("2020-02-03"),
    }]);
    // But an offer that follows a refusal is a new one.
    let refused = Event::RenewalRefused {
        year: coming(),
        why: WhyRefused::NotEligible,
        mark: None,
        on: day("2020-02-05"),
    };
    given::<Membership>(then(member(), [offered(), refused, changed]))
        .when(accept)
        .refused(before("2020-02-03", OFFERED, "2020-02-10"));
}

#[test]
fn a_no_is_not_taken_back_before_it_was_said() {
    let said_no = Event::RenewalDeclined { year: coming(), reason: None, on: day("2020-02-15") };
    given::<Membership>(then(member(), [offered(), said_no]))
        .when(Command::TakeBackDecline {
            year: coming(),
            reason: "the governors overruled it".into(),
            on: day("2020-02-14"),
        })
        .refused(before("2020-02-14", "the school declined on", "2020-02-15"));
}

/// D12: neither a membership that goes on elsewhere, nor one that ends, does so before it began here.
#[test]
fn a_membership_is_not_carried_over_or_ended_before_it_began() {
    let not_yet = |from: &str| Refusal::NotYetMember { from: day(from) };
    let carry = |on: &str| Command::CarryOver { to: urn(140_003), on: day(on) };
    let end = |on: &str| Command::End { reason: crate::membership::EndReason::Closed, on: day(on) };
    for early in [carry("2010-09-01"), end("2010-09-01"), carry("2019-03-31")] {
        given::<Membership>(member()).when(early).refused(not_yet("2019-04-01"));
    }
    let carried = Carried {
        year: year(),
        from: day("2019-04-01"),
        until: day("2020-03-31"),
        renewed_on: None,
        member_since: day("2010-04-01"),
        continuous_since: day("2010-04-01"),
        mark: None,
        renewal: Renewal::NotOffered,
    };
    let member_since = day("2010-04-01");
    let from = urn(100_003);
    let on = day("2019-09-01");
    let here = [Event::MembershipTakenOver { from, carried, member_since, on }];
    for early in [carry("2019-08-31"), end("2015-08-31")] {
        given::<Membership>(here.clone()).when(early).refused(not_yet("2019-09-01"));
    }
}

/// The successor applied after the day on which, as the register says later, the membership had come to it.
#[test]
fn an_application_is_not_withdrawn_before_it_was_made_by_a_take_over_either() {
    let applied = Event::SchoolApplied {
        year: year(),
        by: Role::Headteacher,
        how: on_its_profile(&school().graded(1)),
        advice: Advice::Eligible,
        on: day("2019-10-01"),
    };
    let carried = Carried {
        year: year(),
        from: day("2019-04-01"),
        until: day("2020-03-31"),
        renewed_on: None,
        member_since: day("2019-04-01"),
        continuous_since: day("2019-04-01"),
        mark: None,
        renewal: Renewal::NotOffered,
    };
    let (from, on, member_since) = (urn(100_003), day("2019-09-01"), day("2019-04-01"));
    given::<Membership>([applied])
        .when(Command::TakeOver { from, carried: carried.clone(), on })
        .then([
            Event::ApplicationWithdrawn {
                year: year(),
                reason: Some("the membership of 100003 goes on here".into()),
                on: day("2019-10-01"),
            },
            Event::MembershipTakenOver { from, carried, member_since, on },
        ]);
}
