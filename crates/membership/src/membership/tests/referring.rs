use super::*;

fn refer(meeting_on: &str) -> Command {
    Command::Refer {
        question: "Is its case strong enough?".into(),
        why: "below the criteria".into(),
        meeting_on: day(meeting_on),
        on: day("2019-03-25"),
    }
}

fn before_the_group() -> Vec<Event> {
    vec![applied(below_criteria(), Advice::Refer), received('a'), referred()]
}

fn deferred() -> Event {
    Event::ReferralDeferred {
        year: year(),
        from: day("2019-05-14"),
        to: day("2019-07-02"),
        why: "the results by subject are wanted".into(),
        on: day("2019-05-14"),
    }
}

fn decided(decision: Decision) -> Event {
    Event::ReferralDecided { year: year(), decision }
}

fn decide(decision: Decision) -> Command {
    Command::DecideReferral(decision)
}

/// R6
#[test]
fn an_application_that_is_not_shown_eligible_is_referred_once() {
    for advice in [Advice::EvidenceNeeded, Advice::Refer] {
        let history = vec![applied(below_criteria(), advice)];
        given::<Membership>(history.clone()).when(refer("2019-05-14")).then([referred()]);
        let history = then(history, [referred()]);
        given::<Membership>(history.clone()).when(refer("2019-05-14")).then([]);
        given::<Membership>(history)
            .when(refer("2019-06-14"))
            .refused(Refusal::AlreadyReferred { meeting_on: day("2019-05-14") });
    }
}

#[test]
fn the_steering_group_is_not_asked_about_an_eligible_school() {
    given::<Membership>(applied_by_invitation())
        .when(refer("2019-05-14"))
        .refused(Refusal::NothingToRefer);
}

#[test]
fn a_meeting_that_is_past_cannot_be_asked() {
    given::<Membership>([applied(below_criteria(), Advice::Refer)])
        .when(refer("2019-03-24"))
        .refused(Refusal::MeetingPast { meeting_on: day("2019-03-24") });
}

#[test]
fn what_is_before_the_steering_group_is_not_declined_by_the_office() {
    given::<Membership>(before_the_group())
        .when(Command::DeclineApplication { reasons: "no".into(), on: day("2019-04-01") })
        .refused(Refusal::AlreadyReferred { meeting_on: day("2019-05-14") });
}

#[test]
fn a_referral_is_deferred_then_decided() {
    let defer = |to: &str, why: &str| Command::Defer {
        to: day(to),
        why: why.into(),
        on: day("2019-05-14"),
    };
    let why = "the results by subject are wanted";
    given::<Membership>(before_the_group()).when(defer("2019-07-02", why)).then([deferred()]);
    let history = then(before_the_group(), [deferred()]);
    given::<Membership>(history.clone()).when(defer("2019-07-02", why)).then([]);
    given::<Membership>(history.clone())
        .when(defer("2019-06-01", why))
        .refused(Refusal::DeferredBackwards { meeting_on: day("2019-07-02") });
    given::<Membership>(history.clone())
        .when(defer("2019-09-01", " "))
        .refused(Refusal::ReasonMissing);
    given::<Membership>(history.clone())
        .when(decide(decision(Verdict::Accepted)))
        .refused(Refusal::DecidedBeforeMeeting { meeting_on: day("2019-07-02") });
    let later = Decision { on: day("2019-07-02"), ..decision(Verdict::Accepted) };
    given::<Membership>(history).when(decide(later.clone())).then([decided(later)]);
}

#[test]
fn a_favourable_decision_makes_the_school_eligible() {
    let yes = decision(Verdict::Accepted);
    given::<Membership>(before_the_group()).when(decide(yes.clone())).then([decided(yes.clone())]);
    let history = then(before_the_group(), [decided(yes.clone())]);
    given::<Membership>(history.clone()).when(decide(yes)).then([]);
    let accepted_in_may = Acceptance {
        first_day: day("2019-06-01"),
        on: day("2019-05-20"),
        missed: vec!["the spring conference".into()],
        ..acceptance()
    };
    given::<Membership>(history)
        .when(Command::Accept(accepted_in_may.clone()))
        .then([Event::ApplicationAccepted { year: year(), acceptance: accepted_in_may }]);
}

#[test]
fn a_decision_against_closes_the_application_with_its_reasons() {
    let no = decision(Verdict::Declined);
    let declined =
        Event::ApplicationDeclined { year: year(), reasons: no.reasons.clone(), on: no.on };
    given::<Membership>(before_the_group())
        .when(decide(no.clone()))
        .then([decided(no.clone()), declined.clone()]);
    let history = then(before_the_group(), [decided(no.clone()), declined]);
    given::<Membership>(history.clone()).when(decide(no)).then([]);
    given::<Membership>(history)
        .when(decide(decision(Verdict::Accepted)))
        .refused(Refusal::DecidedOtherwise { on: day("2019-05-14"), differs: "another verdict" });
}

/// A decision told a second time says what is told otherwise.
#[test]
fn what_differs_from_the_decision_on_record_is_said() {
    let yes = decision(Verdict::Accepted);
    let history = then(before_the_group(), [decided(yes.clone())]);
    let others = Decision { decided_by: ["100999".parse().unwrap()].into(), ..yes.clone() };
    let minute = Decision { minute: "item 9".into(), ..yes.clone() };
    for (told, differs) in [
        (decision(Verdict::Declined), "another verdict"),
        (others, "the same verdict, and others who decided"),
        (minute, "the same verdict, and another minute"),
        (Decision { reasons: "strong".repeat(2), ..yes }, "the same verdict, and other reasons"),
    ] {
        given::<Membership>(history.clone())
            .when(decide(told))
            .refused(Refusal::DecidedOtherwise { on: day("2019-05-14"), differs });
    }
}

/// R6: evidence that its performance is in line with the top quartile nationally.
#[test]
fn a_strong_case_is_not_accepted_without_evidence() {
    let history = vec![applied(below_criteria(), Advice::Refer), referred()];
    given::<Membership>(history.clone())
        .when(decide(decision(Verdict::Accepted)))
        .refused(Refusal::EvidenceMissing);
    let no = decision(Verdict::Declined);
    given::<Membership>(history).when(decide(no.clone())).then([
        decided(no.clone()),
        Event::ApplicationDeclined { year: year(), reasons: no.reasons, on: no.on },
    ]);
}

/// R37
#[test]
fn who_declared_an_interest_is_not_among_those_who_decide() {
    let declare = |number| Command::DeclareInterest { school: urn(number), on: day("2019-05-14") };
    let declared =
        Event::InterestDeclared { year: year(), school: urn(100_010), on: day("2019-05-14") };
    given::<Membership>(before_the_group()).when(declare(100_010)).then([declared.clone()]);
    let history = then(before_the_group(), [declared]);
    given::<Membership>(history.clone()).when(declare(100_010)).then([]);
    let refusal = Refusal::DecidedWithInterest { school: urn(100_010) };
    assert_eq!(
        refusal.to_string(),
        "the headteacher of 100010 declared an interest and cannot be among those who decide"
    );
    given::<Membership>(then(history.clone(), [deferred()]))
        .when(decide(Decision { on: day("2019-07-02"), ..decision(Verdict::Accepted) }))
        .refused(refusal);
    let without = Decision {
        decided_by: BTreeSet::from([urn(100_020), urn(100_030)]),
        ..decision(Verdict::Accepted)
    };
    given::<Membership>(history).when(decide(without.clone())).then([decided(without)]);
}

#[test]
fn a_decision_names_who_decided_why_and_where_that_is_written_down() {
    let whole = decision(Verdict::Accepted);
    for (decision, refusal) in [
        (Decision { reasons: " ".into(), ..whole.clone() }, Refusal::ReasonMissing),
        (Decision { minute: String::new(), ..whole.clone() }, Refusal::MinuteMissing),
        (Decision { decided_by: BTreeSet::new(), ..whole }, Refusal::NobodyDecided),
    ] {
        given::<Membership>(before_the_group()).when(decide(decision)).refused(refusal);
    }
}

#[test]
fn only_what_was_referred_is_decided_deferred_or_of_interest() {
    for command in [
        decide(decision(Verdict::Accepted)),
        Command::Defer { to: day("2019-07-02"), why: "why".into(), on: day("2019-05-14") },
        Command::DeclareInterest { school: urn(100_010), on: day("2019-05-14") },
    ] {
        given::<Membership>(applied_by_invitation())
            .when(command.clone())
            .refused(Refusal::NotReferred);
        given::<Membership>([]).when(command).refused(Refusal::NoApplication);
    }
}
