use super::{
    Command, Membership, Occasion, SCHOOL, School, day, invitation, offered, on_its_profile,
    staying,
};
use membership::membership::Step;

const INVITATION: &str = "due-invitation-reminds";
const EVIDENCE: &str = "due-evidence-reminds";
const RENEWAL: &str = "due-renewal-reminds";

fn remind(step: Step, due: &str, on: &str) -> Option<Command> {
    Some(Command::Remind { step, due: day(due), on: day(on) })
}

fn asked_for_evidence() -> School {
    School::new(SCHOOL).having(on_its_profile(day("2019-03-10"))).having(Command::RequestEvidence {
        what: "results".into(),
        due: day("2019-04-30"),
        on: day("2019-03-12"),
    })
}

#[test]
fn an_answer_that_is_due_reminds_from_its_lead_to_its_day() {
    let invited = School::new(SCHOOL).having(invitation(Some("2019-03-31")));
    for (school, policy, step, due, [before, first, after]) in [
        (
            invited,
            INVITATION,
            Step::InvitationAnswer,
            "2019-03-31",
            ["2019-03-16", "2019-03-17", "2019-04-01"],
        ),
        (
            asked_for_evidence(),
            EVIDENCE,
            Step::Evidence,
            "2019-04-30",
            ["2019-04-22", "2019-04-23", "2019-05-01"],
        ),
        (
            offered(Some("2020-03-01")),
            RENEWAL,
            Step::RenewalAnswer,
            "2020-03-01",
            ["2020-02-08", "2020-02-09", "2020-03-02"],
        ),
    ] {
        assert_eq!(school.asked(policy, Occasion::Day, before), None, "{policy}");
        assert_eq!(school.asked(policy, Occasion::Day, first), remind(step, due, first));
        assert_eq!(school.asked(policy, Occasion::Day, due), remind(step, due, due));
        assert_eq!(school.asked(policy, Occasion::Day, after), None, "{policy}");
        let mut reminded = school.after(policy, Occasion::Day, first);
        assert!(matches!(reminded.history.last(), Some(Membership::Reminded { .. })), "{policy}");
        let again = reminded.asked(policy, Occasion::Day, due).unwrap();
        assert_eq!(reminded.ask(again), Ok(vec![]), "once a step and day");
    }
}

/// Whoever is reminded can still answer.
#[test]
fn a_day_that_is_caught_up_when_the_answer_was_due_says_so_instead_of_reminding() {
    let invited = School::new(SCHOOL).having(invitation(Some("2019-03-31")));
    for (school, policy, due, on) in [
        (invited, INVITATION, "2019-03-31", "2019-03-17"),
        (asked_for_evidence(), EVIDENCE, "2019-04-30", "2019-04-23"),
        (offered(Some("2020-03-01")), RENEWAL, "2020-03-01", "2020-02-09"),
    ] {
        let in_time = Occasion::DayCaughtUp { begun_on: day(due) };
        assert!(matches!(school.asked(policy, in_time, on), Some(Command::Remind { .. })));
        let late = Occasion::DayCaughtUp { begun_on: day(due).succ_opt().unwrap() };
        let skipped = school.after(policy, late, on);
        let Some(Membership::ReminderSkipped { why, .. }) = skipped.history.last() else {
            panic!("{policy}: {:?}", skipped.history.last());
        };
        assert!(why.starts_with("the office came to this day on "), "{why}");
    }
}

/// What is not sent says why.
#[test]
fn an_answer_that_came_is_not_asked_for_again_and_that_is_kept() {
    let answered = staying().after(RENEWAL, Occasion::Day, "2020-02-20");
    let Some(Membership::ReminderSkipped { why, .. }) = answered.history.last() else {
        panic!("{:?}", answered.history.last());
    };
    assert_eq!(why, "the school has accepted renewal");
}

#[test]
fn nothing_that_is_due_reminds_of_nothing() {
    let school = offered(None);
    for policy in [INVITATION, EVIDENCE, RENEWAL] {
        assert_eq!(school.asked(policy, Occasion::Day, "2020-02-20"), None);
    }
    let left = offered(Some("2020-04-10")).after("year-end-lapses", Occasion::Day, "2020-04-01");
    assert_eq!(left.asked(RENEWAL, Occasion::Day, "2020-04-01"), None);
}
