use super::*;

fn request(what: &str, due: &str) -> Command {
    Command::RequestEvidence { what: what.into(), due: day(due), on: day("2019-03-12") }
}

fn requested(what: &str, due: &str) -> Event {
    let (what, due, on) = (what.to_owned(), day(due), day("2019-03-12"));
    Event::EvidenceRequested { year: year(), what, due, on }
}

fn withdraw() -> Command {
    Command::Withdraw { reason: None, on: day("2019-03-20") }
}

fn withdrawn() -> Event {
    Event::ApplicationWithdrawn { year: year(), reason: None, on: day("2019-03-20") }
}

fn decline(reasons: &str) -> Command {
    Command::DeclineApplication { reasons: reasons.into(), on: day("2019-03-22") }
}

fn declined() -> Event {
    let (reasons, on) = ("far below the criteria".to_owned(), day("2019-03-22"));
    Event::ApplicationDeclined { year: year(), reasons, on }
}

/// R4
#[test]
fn an_invited_school_applies_without_evidence() {
    given::<Membership>([invited()])
        .when(apply(How::ByInvitation))
        .then([applied(How::ByInvitation, Advice::Eligible)]);
    given::<Membership>(applied_by_invitation())
        .when(request("results", "2019-04-30"))
        .refused(Refusal::NoEvidenceNeeded);
    given::<Membership>(applied_by_invitation())
        .when(Command::ReceiveEvidence { documents: vec![document('a')], on: day("2019-03-20") })
        .refused(Refusal::NoEvidenceNeeded);
}

#[test]
fn a_school_that_was_not_invited_does_not_apply_by_invitation() {
    given::<Membership>([])
        .when(apply(How::ByInvitation))
        .refused(Refusal::NotInvited { year: year() });
}

/// R5: its profile is attached, and the answer follows from it.
#[test]
fn a_school_that_was_not_invited_is_told_what_its_profile_says() {
    for (facts, advice) in [
        (school().graded(1), Advice::Eligible),
        (school().graded(2).results([("0.20", "0.05")]), Advice::Eligible),
        // Not yet inspected (D6).
        (school().results([("0.90", "0.70")]), Advice::EvidenceNeeded),
        (school().graded(3).results([("0.90", "0.70")]), Advice::Refer),
        (
            school().graded(2).results([("-0.3", "-0.5"), ("-0.3", "-0.5"), ("-0.3", "-0.5")]),
            Advice::Refer,
        ),
    ] {
        let how = on_its_profile(&facts);
        given::<Membership>([]).when(apply(how.clone())).then([applied(how, advice)]);
    }
}

/// D4
#[test]
fn a_profile_on_provisional_results_decides_nothing() {
    let provisional = release("2018/19 provisional");
    let How::OnItsProfile(mut profile) = on_its_profile(&school().graded(1)) else { panic!() };
    profile.release = Some(provisional);
    given::<Membership>([])
        .when(apply(How::OnItsProfile(profile)))
        .refused(Refusal::Provisional { release: provisional });
}

#[test]
fn the_same_application_twice_is_one() {
    given::<Membership>(applied_by_invitation()).when(apply(How::ByInvitation)).then([]);
    given::<Membership>(applied_by_invitation())
        .when(apply(on_its_profile(&school().graded(1))))
        .then([]);
    let history = applied_by_invitation().into_iter().chain([accepted()]);
    given::<Membership>(history).when(apply(How::ByInvitation)).then([]);
}

#[test]
fn one_application_is_open_at_a_time() {
    let next = Command::Apply {
        year: coming(),
        by: Role::Trust,
        how: on_its_profile(&school().graded(1)),
        on: day("2020-01-10"),
    };
    given::<Membership>(applied_by_invitation())
        .when(next)
        .refused(Refusal::ApplicationOpen { year: year() });
}

#[test]
fn a_member_does_not_apply() {
    let next = Command::Apply {
        year: coming(),
        by: Role::Governors,
        how: on_its_profile(&school().graded(1)),
        on: day("2020-01-10"),
    };
    given::<Membership>(member())
        .when(next)
        .refused(Refusal::AMemberDoesNotApply { until: day("2020-03-31") });
}

/// R11
#[test]
fn nobody_applies_for_a_year_that_is_over() {
    let on = |on| Command::Apply {
        year: year(),
        by: Role::Headteacher,
        how: on_its_profile(&school().graded(1)),
        on: day(on),
    };
    given::<Membership>([]).when(on("2020-04-01")).refused(Refusal::YearOver { year: year() });
    let last = Event::SchoolApplied {
        year: year(),
        by: Role::Headteacher,
        how: on_its_profile(&school().graded(1)),
        advice: Advice::Eligible,
        on: day("2020-03-31"),
    };
    given::<Membership>([]).when(on("2020-03-31")).then([last]);
}

#[test]
fn evidence_is_asked_for_once_and_may_be_asked_for_again_otherwise() {
    let history = [applied(below_criteria(), Advice::Refer)];
    given::<Membership>(history.clone())
        .when(request("results by subject", "2019-04-30"))
        .then([requested("results by subject", "2019-04-30")]);
    let history = then(history.into(), [requested("results by subject", "2019-04-30")]);
    given::<Membership>(history.clone()).when(request("results by subject", "2019-04-30")).then([]);
    given::<Membership>(history)
        .when(request("results by subject", "2019-05-10"))
        .then([requested("results by subject", "2019-05-10")]);
    let history = [applied(below_criteria(), Advice::Refer)];
    given::<Membership>(history.clone())
        .when(request(" ", "2019-05-10"))
        .refused(Refusal::NothingAsked);
    given::<Membership>(history)
        .when(request("results", "2019-03-11"))
        .refused(Refusal::AnswerDueBeforeAsked { until: day("2019-03-11") });
}

#[test]
fn a_document_is_received_once_and_known_by_its_hash() {
    let history = vec![applied(below_criteria(), Advice::Refer)];
    let receive = |documents| Command::ReceiveEvidence { documents, on: day("2019-03-20") };
    given::<Membership>(history.clone()).when(receive(vec![])).refused(Refusal::NoDocument);
    given::<Membership>(history.clone())
        .when(receive(vec![document('a'), document('a')]))
        .then([received('a')]);
    let history = then(history, [received('a')]);
    given::<Membership>(history.clone()).when(receive(vec![document('a')])).then([]);
    given::<Membership>(history)
        .when(receive(vec![document('a'), document('b')]))
        .then([received('b')]);
    for text in ["", "abc", &"A".repeat(64), &"g".repeat(64)] {
        assert!(text.parse::<crate::membership::Sha256>().is_err(), "{text}");
    }
}

#[test]
fn an_application_is_withdrawn_at_any_time_before_the_membership_starts() {
    let referred = vec![applied(below_criteria(), Advice::Refer), referred()];
    let accepted = then(applied_by_invitation().into(), [accepted()]);
    for open in [vec![applied(below_criteria(), Advice::Refer)], referred, accepted] {
        given::<Membership>(open.clone()).when(withdraw()).then([withdrawn()]);
        given::<Membership>(then(open, [withdrawn()])).when(withdraw()).then([]);
    }
    given::<Membership>([]).when(withdraw()).refused(Refusal::NoApplication);
    given::<Membership>(member())
        .when(withdraw())
        .refused(Refusal::AlreadyStarted { from: day("2019-04-01") });
}

#[test]
fn no_membership_starts_after_a_withdrawal() {
    let history = then(applied_by_invitation().into(), [accepted(), withdrawn()]);
    given::<Membership>(history)
        .when(Command::Start { year: year(), fee_pence: FEE, on: day("2019-04-01") })
        .refused(Refusal::NotAccepted { year: year() });
}

#[test]
fn a_school_that_withdrew_may_apply_by_its_invitation_again() {
    let history = then(applied_by_invitation().into(), [withdrawn()]);
    given::<Membership>(history)
        .when(apply(How::ByInvitation))
        .then([applied(How::ByInvitation, Advice::Eligible)]);
}

#[test]
fn an_application_is_declined_with_its_reasons() {
    let history = vec![applied(below_criteria(), Advice::Refer)];
    given::<Membership>(history.clone()).when(decline(" ")).refused(Refusal::ReasonsMissing);
    given::<Membership>(history.clone()).when(decline("far below the criteria")).then([declined()]);
    let history = then(history, [declined()]);
    given::<Membership>(history.clone()).when(decline("otherwise")).then([]);
    given::<Membership>(history)
        .when(withdraw())
        .refused(Refusal::ApplicationClosed { year: year(), how: "declined" });
    given::<Membership>(then(applied_by_invitation().into(), [accepted()]))
        .when(decline("no"))
        .refused(Refusal::AlreadyAccepted { on: day("2019-03-15") });
}

/// What rests on nothing new is the same application; a new grade makes another.
#[test]
fn a_declined_school_applies_again_only_with_something_new() {
    let history = vec![applied(below_criteria(), Advice::Refer), declined()];
    given::<Membership>(history.clone()).when(apply(below_criteria())).then([]);
    let outstanding = on_its_profile(&school().graded(1));
    given::<Membership>(history)
        .when(apply(outstanding.clone()))
        .then([applied(outstanding, Advice::Eligible)]);
}
