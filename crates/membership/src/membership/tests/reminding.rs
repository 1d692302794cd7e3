use super::*;
use crate::membership::Step;

fn remind(step: Step, due: &str) -> Command {
    Command::Remind { step, due: day(due), on: day("2019-03-25") }
}

fn reminded(step: Step, due: &str) -> Event {
    Event::Reminded { step, due: day(due), on: day("2019-03-25") }
}

fn skipped(step: Step, due: &str, why: &str) -> Event {
    Event::ReminderSkipped { step, due: day(due), why: why.into(), on: day("2019-03-25") }
}

fn due() -> Event {
    Event::SchoolInvited(Invitation { until: Some(day("2019-03-31")), ..invitation() })
}

fn evidence_due(on: &str) -> Event {
    let (what, due, on) = ("results by subject".to_owned(), day(on), day("2019-03-12"));
    Event::EvidenceRequested { year: year(), what, due, on }
}

#[test]
fn each_step_is_reminded_of_once() {
    let applied = applied(below_criteria(), Advice::EvidenceNeeded);
    for (history, step, on) in [
        (vec![due()], Step::InvitationAnswer, "2019-03-31"),
        (vec![applied, evidence_due("2019-04-30")], Step::Evidence, "2019-04-30"),
        (then(member(), [offered()]), Step::RenewalAnswer, "2020-03-01"),
    ] {
        given::<Membership>(history.clone()).when(remind(step, on)).then([reminded(step, on)]);
        let history = then(history, [reminded(step, on)]);
        given::<Membership>(history).when(remind(step, on)).then([]);
    }
}

#[test]
fn another_due_day_is_another_step() {
    let history = vec![
        applied(below_criteria(), Advice::EvidenceNeeded),
        evidence_due("2019-04-30"),
        reminded(Step::Evidence, "2019-04-30"),
        evidence_due("2019-05-31"),
    ];
    given::<Membership>(history)
        .when(remind(Step::Evidence, "2019-05-31"))
        .then([reminded(Step::Evidence, "2019-05-31")]);
}

#[test]
fn what_was_answered_is_skipped_and_says_why() {
    let applied = applied(below_criteria(), Advice::EvidenceNeeded);
    let declined = Event::InvitationDeclined { year: year(), reason: None, on: day("2019-03-12") };
    for (history, step, on, why) in [
        (
            vec![due(), declined],
            Step::InvitationAnswer,
            "2019-03-31",
            "the school has declined the invitation",
        ),
        (
            vec![applied, evidence_due("2019-04-30"), received('a')],
            Step::Evidence,
            "2019-04-30",
            "evidence was received",
        ),
        (
            then(member(), [offered(), renewed()]),
            Step::RenewalAnswer,
            "2020-03-01",
            "the membership is renewed",
        ),
    ] {
        given::<Membership>(history.clone()).when(remind(step, on)).then([skipped(step, on, why)]);
        let history = then(history, [skipped(step, on, why)]);
        given::<Membership>(history).when(remind(step, on)).then([]);
    }
}

#[test]
fn a_reminder_that_cannot_be_sent_says_why() {
    let skip = |why: &str| Command::SkipReminder {
        step: Step::InvitationAnswer,
        due: day("2019-03-31"),
        why: why.into(),
        on: day("2019-03-25"),
    };
    let event = skipped(Step::InvitationAnswer, "2019-03-31", "no address is known");
    given::<Membership>([due()]).when(skip("no address is known")).then([event.clone()]);
    given::<Membership>([due(), event]).when(skip("no address is known")).then([]);
    given::<Membership>([due()]).when(skip("")).refused(Refusal::WhyMissing);
}

/// That nobody was reminded in time is told only of an answer that was awaited.
#[test]
fn what_was_answered_is_the_reason_whatever_else_kept_the_reminder() {
    let skip = |step, due: &str| Command::SkipReminder {
        step,
        due: day(due),
        why: "the office came to this day late".into(),
        on: day("2019-03-25"),
    };
    let invited = Step::InvitationAnswer;
    let declined = Event::InvitationDeclined { year: year(), reason: None, on: day("2019-03-12") };
    given::<Membership>([due(), declined]).when(skip(invited, "2019-03-31")).then([skipped(
        invited,
        "2019-03-31",
        "the school has declined the invitation",
    )]);
    let renewed = then(member(), [offered(), renewed()]);
    given::<Membership>(renewed).when(skip(Step::RenewalAnswer, "2020-03-01")).then([skipped(
        Step::RenewalAnswer,
        "2020-03-01",
        "the membership is renewed",
    )]);
}

#[test]
fn nobody_is_reminded_of_what_was_never_due() {
    for step in [Step::InvitationAnswer, Step::Evidence, Step::RenewalAnswer] {
        given::<Membership>([due()])
            .when(remind(step, "2019-06-30"))
            .refused(Refusal::NothingDue { step, due: day("2019-06-30") });
    }
}

/// D10: a warning, and the membership runs on.
#[test]
fn cover_that_ends_inside_the_year_is_warned_of_once() {
    let warn = |ends_on| Command::WarnOfCover { ends_on: day(ends_on), on: day("2019-08-01") };
    let warned = Event::CoverEnding { ends_on: day("2019-08-31"), on: day("2019-08-01") };
    given::<Membership>(member()).when(warn("2019-08-31")).then([warned.clone()]);
    let history = then(member(), [warned]);
    given::<Membership>(history.clone()).when(warn("2019-08-31")).then([]);
    given::<Membership>(history)
        .when(Command::Lapse { year: year(), cover: None, on: day("2019-12-01") })
        .refused(Refusal::TermRuns { until: day("2020-03-31") });
    // Cover that ended the day before the first is warned of too: it was there when the school was accepted.
    for outside in ["2019-03-30", "2020-03-31", "2020-08-31"] {
        given::<Membership>(member())
            .when(warn(outside))
            .refused(Refusal::CoverEndsOutside { ends_on: day(outside) });
    }
    given::<Membership>([invited()])
        .when(warn("2019-08-31"))
        .refused(Refusal::NotAMember { until: None });
}
