use super::*;
use crate::membership::Step;

fn due() -> Event {
    Event::SchoolInvited(Invitation { until: Some(day("2019-03-31")), ..invitation() })
}

fn decline(reason: Option<&str>) -> Command {
    let reason = reason.map(str::to_owned);
    Command::DeclineInvitation { year: year(), reason, on: day("2019-03-12") }
}

fn take(on: &str) -> Command {
    let how = How::ByInvitation;
    Command::Apply { year: year(), by: Role::Headteacher, how, on: day(on) }
}

fn withdrawn() -> Event {
    Event::ApplicationWithdrawn { year: year(), reason: None, on: day("2019-03-11") }
}

fn expire(on: &str) -> Command {
    Command::ExpireInvitation { year: year(), on: day(on) }
}

fn declined() -> Event {
    Event::InvitationDeclined { year: year(), reason: None, on: day("2019-03-12") }
}

fn expired() -> Event {
    let (until, on) = (day("2019-03-31"), day("2019-04-01"));
    Event::InvitationExpired { year: year(), until, on }
}

#[test]
fn a_school_is_invited_with_what_the_invitation_rests_on() {
    given::<Membership>([]).when(Command::Invite(invitation())).then([invited()]);
}

#[test]
fn a_school_is_invited_once_a_year_and_the_first_invitation_stands() {
    given::<Membership>([invited()]).when(Command::Invite(invitation())).then([]);
    for other in [
        Invitation { on: day("2019-04-01"), name: "Hill Top Academy".into(), ..invitation() },
        Invitation { grade: Some(Grade::Inadequate), ..invitation() },
    ] {
        given::<Membership>([invited()]).when(Command::Invite(other)).then([]);
    }
    given::<Membership>([due(), expired()]).when(Command::Invite(invitation())).then([]);
}

#[test]
fn a_school_is_invited_again_the_next_year() {
    let next = Invitation { year: year().next(), ..invitation() };
    given::<Membership>([invited()])
        .when(Command::Invite(next.clone()))
        .then([Event::SchoolInvited(next.clone())]);
    given::<Membership>([invited(), Event::SchoolInvited(next)])
        .when(Command::Invite(invitation()))
        .then([]);
}

#[test]
fn a_school_graded_3_or_4_is_not_invited() {
    for grade in [Grade::RequiresImprovement, Grade::Inadequate] {
        given::<Membership>([])
            .when(Command::Invite(Invitation { grade: Some(grade), ..invitation() }))
            .refused(Refusal::GradeTooPoorToInvite { grade });
    }
}

#[test]
fn nobody_is_invited_on_provisional_results() {
    let provisional = release("2017/18 provisional");
    given::<Membership>([])
        .when(Command::Invite(Invitation { release: Some(provisional), ..invitation() }))
        .refused(Refusal::Provisional { release: provisional });
}

#[test]
fn a_school_is_invited_on_a_report_card_alone_where_the_criteria_ask_for_no_more() {
    let invitation =
        Invitation { grade: None, progress8: None, release: None, threshold: None, ..invitation() };
    given::<Membership>([])
        .when(Command::Invite(invitation.clone()))
        .then([Event::SchoolInvited(invitation)]);
}

#[test]
fn an_answer_is_not_due_before_the_invitation() {
    let until = day("2019-02-01");
    given::<Membership>([])
        .when(Command::Invite(Invitation { until: Some(until), ..invitation() }))
        .refused(Refusal::AnswerDueBeforeAsked { until });
}

#[test]
fn a_member_is_offered_renewal_and_not_invited() {
    let next = Invitation { year: coming(), on: day("2020-02-01"), ..invitation() };
    given::<Membership>(member())
        .when(Command::Invite(next))
        .refused(Refusal::AMemberIsNotInvited { until: day("2020-03-31") });
}

#[test]
fn a_school_says_no_to_its_invitation_once() {
    given::<Membership>([invited()]).when(decline(Some("no time"))).then([
        Event::InvitationDeclined {
            year: year(),
            reason: Some("no time".into()),
            on: day("2019-03-12"),
        },
    ]);
    given::<Membership>([invited(), declined()]).when(decline(Some("no time"))).then([]);
    given::<Membership>([]).when(decline(None)).refused(Refusal::NotInvited { year: year() });
    given::<Membership>(applied_by_invitation())
        .when(decline(None))
        .refused(Refusal::InvitationTaken { year: year() });
}

#[test]
fn an_invitation_expires_on_the_day_after_its_last() {
    given::<Membership>([due()])
        .when(expire("2019-03-31"))
        .refused(Refusal::InvitationStillOpen { year: year(), until: Some(day("2019-03-31")) });
    given::<Membership>([due()]).when(expire("2019-04-01")).then([expired()]);
    given::<Membership>([due(), expired()]).when(expire("2019-04-02")).then([]);
    given::<Membership>([invited()])
        .when(expire("2019-12-01"))
        .refused(Refusal::InvitationStillOpen { year: year(), until: None });
}

#[test]
fn an_answered_invitation_has_nothing_left_to_expire() {
    given::<Membership>([due(), declined()]).when(expire("2019-04-01")).then([]);
    given::<Membership>([due(), applied(How::ByInvitation, Advice::Eligible)])
        .when(expire("2019-04-01"))
        .then([]);
}

/// R4: an answer is in time by the day it was given on, whatever the calendar has or has not said since; a letter of
/// before is opened, or found, after.
#[test]
fn whether_an_invitation_may_be_answered_is_for_the_day_of_the_answer_to_say() {
    let applied = || applied(How::ByInvitation, Advice::Eligible);
    let late = Refusal::InvitationExpired { year: year(), until: day("2019-03-31") };
    for history in [
        vec![due()],
        vec![due(), expired()],
        vec![due(), applied(), withdrawn()],
        vec![due(), expired(), applied(), withdrawn()],
    ] {
        let asked = |command| given::<Membership>(history.clone()).when(command);
        let decline =
            |on: &str| Command::DeclineInvitation { year: year(), reason: None, on: day(on) };
        for on in ["2019-03-10", "2019-03-31"] {
            asked(take(on)).then([Event::SchoolApplied {
                year: year(),
                by: Role::Headteacher,
                how: How::ByInvitation,
                advice: Advice::Eligible,
                on: day(on),
            }]);
            let declined = Event::InvitationDeclined { year: year(), reason: None, on: day(on) };
            asked(decline(on)).then([declined]);
        }
        for on in ["2019-04-01", "2019-12-01"] {
            asked(take(on)).refused(late.clone());
            asked(decline(on)).refused(late.clone());
        }
    }
}

/// R4.
#[test]
fn a_school_that_answered_in_time_has_answered() {
    let history = [due(), expired(), applied(How::ByInvitation, Advice::Eligible)];
    given::<Membership>(history.clone()).when(take("2019-03-10")).then([]);
    given::<Membership>(history.clone()).when(expire("2019-04-02")).then([]);
    given::<Membership>(history)
        .when(decline(None))
        .refused(Refusal::InvitationTaken { year: year() });
}

/// R4: a no is final, in time or not.
#[test]
fn nobody_applies_by_an_invitation_that_was_declined() {
    let said_no = Refusal::InvitationDeclined { year: year() };
    assert_eq!(
        said_no.to_string(),
        "its invitation for 2019-20 was declined; it may apply on its profile"
    );
    for history in [vec![due(), declined()], vec![due(), expired(), declined()]] {
        given::<Membership>(history).when(take("2019-03-20")).refused(said_no.clone());
    }
}

fn extend(until: &str, on: &str) -> Command {
    let reason = "the governors meet after Easter".to_owned();
    Command::ExtendInvitation { year: year(), until: day(until), reason, on: day(on) }
}

fn extended(until: &str, on: &str) -> Event {
    let reason = "the governors meet after Easter".to_owned();
    Event::InvitationExtended { year: year(), until: day(until), reason, on: day(on) }
}

/// R4: whoever may answer later answers in time.
#[test]
fn an_invitation_may_be_answered_until_the_later_day_that_was_given() {
    let longer = || extended("2019-04-30", "2019-03-28");
    given::<Membership>([due()]).when(extend("2019-04-30", "2019-03-28")).then([longer()]);
    given::<Membership>([due(), longer()]).when(extend("2019-04-30", "2019-03-29")).then([]);
    given::<Membership>([due(), longer()])
        .when(expire("2019-04-30"))
        .refused(Refusal::InvitationStillOpen { year: year(), until: Some(day("2019-04-30")) });
    let applied = Event::SchoolApplied {
        year: year(),
        by: Role::Headteacher,
        how: How::ByInvitation,
        advice: Advice::Eligible,
        on: day("2019-04-20"),
    };
    let again = || extended("2019-04-30", "2019-04-10");
    for history in [vec![due(), longer()], vec![due(), expired(), again()]] {
        given::<Membership>(history.clone()).when(take("2019-04-20")).then([applied.clone()]);
        given::<Membership>(history)
            .when(take("2019-05-01"))
            .refused(Refusal::InvitationExpired { year: year(), until: day("2019-04-30") });
    }
}

/// What has expired is opened again on or before its new last day.
#[test]
fn an_invitation_that_expired_is_open_again() {
    let again = extended("2019-04-30", "2019-04-30");
    let history = [due(), expired(), again.clone()];
    given::<Membership>([due(), expired()]).when(extend("2019-04-30", "2019-04-30")).then([again]);
    given::<Membership>([due(), expired()])
        .when(extend("2019-04-30", "2019-05-01"))
        .refused(Refusal::AnswerDueBeforeAsked { until: day("2019-04-30") });
    given::<Membership>(history.clone()).when(expire("2019-05-01")).then([
        Event::InvitationExpired { year: year(), until: day("2019-04-30"), on: day("2019-05-01") },
    ]);
    // Its reminder is another than the one of the day before.
    let remind = |due: &str, on: &str| Command::Remind {
        step: Step::InvitationAnswer,
        due: day(due),
        on: day(on),
    };
    given::<Membership>(history.clone()).when(remind("2019-04-30", "2019-04-30")).then([
        Event::Reminded {
            step: Step::InvitationAnswer,
            due: day("2019-04-30"),
            on: day("2019-04-30"),
        },
    ]);
    given::<Membership>(history)
        .when(remind("2019-03-31", "2019-04-30"))
        .refused(Refusal::NothingDue { step: Step::InvitationAnswer, due: day("2019-03-31") });
}

#[test]
fn only_what_may_still_be_answered_is_extended_and_only_to_a_later_day_of_its_year() {
    let asked = |history: Vec<Event>, until: &str| {
        given::<Membership>(history).when(extend(until, "2019-03-20"))
    };
    let not_later = |until: &str| Refusal::NotALaterDay {
        until: day(until),
        had: day("2019-03-31"),
        last_day: day("2020-03-31"),
    };
    for until in ["2019-03-30", "2020-04-01", "2091-04-01"] {
        asked(vec![due()], until).refused(not_later(until));
    }
    asked(vec![due(), expired()], "2019-03-31").refused(not_later("2019-03-31"));
    asked(vec![invited()], "2019-04-30").refused(Refusal::InvitationHasNoLastDay { year: year() });
    asked(vec![], "2019-04-30").refused(Refusal::NotInvited { year: year() });
    asked(vec![due(), declined()], "2019-04-30")
        .refused(Refusal::InvitationDeclined { year: year() });
    let applied = applied(How::ByInvitation, Advice::Eligible);
    asked(vec![due(), applied.clone()], "2019-04-30")
        .refused(Refusal::InvitationTaken { year: year() });
    let withdrew = [due(), applied, withdrawn()];
    let longer = || extended("2019-04-30", "2019-03-20");
    asked(withdrew.to_vec(), "2019-04-30").then([longer()]);
    asked(then(withdrew.to_vec(), [longer()]), "2019-04-30").then([]);
    // On its profile, and by no invitation.
    let on_its_profile = super::applied(below_criteria(), Advice::Refer);
    asked(vec![due(), on_its_profile.clone()], "2019-04-30")
        .refused(Refusal::ApplicationOpen { year: year() });
    asked(vec![due(), on_its_profile, withdrawn()], "2019-04-30").then([longer()]);
    for reason in ["", "a\u{1b}[2Jb"] {
        let until = day("2019-04-30");
        let (reason, on) = (reason.to_owned(), day("2019-03-20"));
        given::<Membership>([due()])
            .when(Command::ExtendInvitation { year: year(), until, reason, on })
            .refused(Refusal::WhyMissing);
    }
}
