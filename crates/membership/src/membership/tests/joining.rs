use super::*;
use crate::facts::NoCover;

fn start(on: &str) -> Command {
    Command::Start { year: year(), fee_pence: FEE, on: day(on) }
}

/// From 14 January 2020, having missed what there was until then.
fn in_january(terms: JoiningTerms) -> Acceptance {
    Acceptance {
        first_day: day("2020-01-14"),
        terms,
        missed: vec!["the leadership conference".into(), "two editions of the radar".into()],
        cover: covered(),
        on: day("2020-01-10"),
    }
}

fn accepted_in_january(terms: JoiningTerms) -> Vec<Event> {
    let acceptance = in_january(terms);
    then(applied_by_invitation().into(), [Event::ApplicationAccepted { year: year(), acceptance }])
}

fn agreed(fee_pence: u64) -> JoiningTerms {
    JoiningTerms::AgreedTerms {
        fee_pence,
        reason: "three months remain".into(),
        approver: "steering group, minutes of 9 January 2020".into(),
    }
}

#[test]
fn an_eligible_school_is_accepted_and_its_membership_starts_on_1_april() {
    given::<Membership>(applied_by_invitation())
        .when(Command::Accept(acceptance()))
        .then([accepted()]);
    let history = then(applied_by_invitation().into(), [accepted()]);
    given::<Membership>(history.clone())
        .when(start("2019-03-31"))
        .refused(Refusal::StartsLater { first_day: day("2019-04-01") });
    for on in ["2019-04-01", "2019-04-03"] {
        given::<Membership>(history.clone()).when(start(on)).then([started_on(on)]);
    }
    given::<Membership>(member()).when(start("2019-04-02")).then([]);
    given::<Membership>(history)
        .when(start("2020-04-01"))
        .refused(Refusal::YearOver { year: year() });
    given::<Membership>(applied_by_invitation())
        .when(start("2019-04-01"))
        .refused(Refusal::NotAccepted { year: year() });
}

#[test]
fn a_school_is_accepted_once() {
    let history = then(applied_by_invitation().into(), [accepted()]);
    for again in [acceptance(), Acceptance { on: day("2019-03-20"), ..acceptance() }] {
        given::<Membership>(history.clone()).when(Command::Accept(again)).then([]);
    }
    given::<Membership>(history)
        .when(Command::Accept(in_january(JoiningTerms::FullPackage)))
        .refused(Refusal::AlreadyAccepted { on: day("2019-03-15") });
}

#[test]
fn an_application_whose_eligibility_is_not_shown_is_not_accepted() {
    let awaited = |history: Vec<Event>, sentence: &str| {
        let refused = Membership::of(history).decide(Command::Accept(acceptance())).unwrap_err();
        assert_eq!(refused.to_string(), sentence);
    };
    awaited(
        vec![applied(below_criteria(), Advice::EvidenceNeeded)],
        "not accepted: whether it is eligible is not shown; national data do not decide, so ask for evidence and \
         refer it to the steering group",
    );
    awaited(
        vec![applied(below_criteria(), Advice::Refer), received('a')],
        "not accepted: whether it is eligible is not shown; it does not meet the criteria, so refer it to the \
         steering group or decline it",
    );
    awaited(
        vec![applied(below_criteria(), Advice::Refer), received('a'), referred()],
        "not accepted: whether it is eligible is not shown; the steering group has not decided",
    );
}

/// R7, D10
#[test]
fn an_applicant_without_ssat_cover_is_prepared_and_not_accepted() {
    let until = |until: &str| Cover::Covered {
        from: day("2018-09-01"),
        until: Some(day(until)),
        via_trust: None,
        source: source("cover.csv", 2),
    };
    for (cover, why) in [
        (Cover::None, NoCover::NotAMember),
        (Cover::Unknown, NoCover::Unknown),
        (until("2019-03-31"), NoCover::OtherDays),
    ] {
        let first_day = day("2019-04-01");
        given::<Membership>(applied_by_invitation())
            .when(Command::Accept(Acceptance { cover, ..acceptance() }))
            .refused(Refusal::PreparedNotAccepted { first_day, why });
    }
    assert_eq!(
        Refusal::PreparedNotAccepted { first_day: day("2019-04-01"), why: NoCover::NotAMember }
            .to_string(),
        "prepared, not accepted: it is not a member of the SSAT Secondary Network, and 1 Apr 2019 would be its first \
         day of membership; the application stays"
    );
    // The cover came: the same application is accepted.
    let first_day_only = Acceptance { cover: until("2019-04-01"), ..acceptance() };
    given::<Membership>(applied_by_invitation())
        .when(Command::Accept(first_day_only.clone()))
        .then([Event::ApplicationAccepted { year: year(), acceptance: first_day_only }]);
}

/// R9, D11
#[test]
fn a_january_joiner_takes_the_full_package_from_its_day() {
    let acceptance = in_january(JoiningTerms::FullPackage);
    given::<Membership>(applied_by_invitation())
        .when(Command::Accept(acceptance.clone()))
        .then([Event::ApplicationAccepted { year: year(), acceptance: acceptance.clone() }]);
    given::<Membership>(accepted_in_january(JoiningTerms::FullPackage))
        .when(start("2020-01-14"))
        .then([Event::MembershipStarted(Started {
            year: year(),
            from: day("2020-01-14"),
            until: day("2020-03-31"),
            terms: JoiningTerms::FullPackage,
            missed: acceptance.missed,
            fee_pence: FEE,
            member_since: day("2020-01-14"),
            continuous_since: day("2020-01-14"),
            on: Some(day("2020-01-14")),
        })]);
}

/// R9, D11
#[test]
fn a_january_joiner_pays_what_was_agreed_with_it() {
    given::<Membership>(accepted_in_january(agreed(60_000))).when(start("2020-01-14")).then([
        Event::MembershipStarted(Started {
            year: year(),
            from: day("2020-01-14"),
            until: day("2020-03-31"),
            terms: agreed(60_000),
            missed: in_january(agreed(60_000)).missed,
            fee_pence: 60_000,
            member_since: day("2020-01-14"),
            continuous_since: day("2020-01-14"),
            on: Some(day("2020-01-14")),
        }),
    ]);
    for (reason, approver) in [("", "steering group"), ("three months remain", " ")] {
        let terms = JoiningTerms::AgreedTerms {
            fee_pence: 60_000,
            reason: reason.into(),
            approver: approver.into(),
        };
        given::<Membership>(applied_by_invitation())
            .when(Command::Accept(in_january(terms)))
            .refused(Refusal::TermsNotApproved);
    }
}

/// D11
#[test]
fn a_january_joiner_may_wait_for_the_next_1_april() {
    let acceptance =
        Acceptance { first_day: day("2020-04-01"), ..in_january(JoiningTerms::FromNextApril) };
    let accepted = Event::ApplicationAccepted { year: coming(), acceptance: acceptance.clone() };
    given::<Membership>(applied_by_invitation())
        .when(Command::Accept(acceptance.clone()))
        .then([accepted.clone()]);
    let history = then(applied_by_invitation().into(), [accepted]);
    let start = |year, on| Command::Start { year, fee_pence: 170_000, on: day(on) };
    given::<Membership>(history.clone())
        .when(start(year(), "2020-01-14"))
        .refused(Refusal::NotAccepted { year: year() });
    given::<Membership>(history).when(start(coming(), "2020-04-01")).then([
        Event::MembershipStarted(Started {
            year: coming(),
            from: day("2020-04-01"),
            until: day("2021-03-31"),
            terms: JoiningTerms::FromNextApril,
            missed: acceptance.missed,
            fee_pence: 170_000,
            member_since: day("2020-04-01"),
            continuous_since: day("2020-04-01"),
            on: Some(day("2020-04-01")),
        }),
    ]);
    let at_once =
        Acceptance { first_day: day("2020-01-14"), ..in_january(JoiningTerms::FromNextApril) };
    given::<Membership>(applied_by_invitation())
        .when(Command::Accept(at_once))
        .refused(Refusal::NotNextApril { first_of_april: day("2020-04-01") });
}

#[test]
fn who_joins_on_1_april_is_not_late() {
    let not_late = Refusal::NotLate { first_day: day("2019-04-01") };
    for acceptance in [
        Acceptance { terms: agreed(60_000), ..acceptance() },
        Acceptance { missed: vec!["a visit".into()], ..acceptance() },
        // The year has not begun, so there is nothing to wait for.
        Acceptance {
            first_day: day("2020-04-01"),
            terms: JoiningTerms::FromNextApril,
            ..acceptance()
        },
    ] {
        given::<Membership>(applied_by_invitation())
            .when(Command::Accept(acceptance))
            .refused(not_late.clone());
    }
}

/// R11
#[test]
fn a_first_day_lies_in_the_year_applied_for() {
    for first_day in ["2019-03-31", "2020-04-01"].map(day) {
        given::<Membership>(applied_by_invitation())
            .when(Command::Accept(Acceptance { first_day, ..acceptance() }))
            .refused(Refusal::FirstDayOutsideYear { first_day, year: year() });
    }
    given::<Membership>(applied_by_invitation())
        .when(Command::Accept(Acceptance { on: day("2020-04-01"), ..acceptance() }))
        .refused(Refusal::YearOver { year: year() });
}
