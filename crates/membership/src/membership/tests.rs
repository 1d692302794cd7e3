use cqrs_es::Aggregate;
use kernel::Grade;
use proptest::prelude::*;
use scenario::given;
use strum::VariantNames;

use super::{Command, Event, Invitation, Membership};
use crate::Refusal;
use crate::samples::{day, release, score};

fn invitation() -> Invitation {
    Invitation {
        year: "2019-20".parse().unwrap(),
        on: day("2019-03-01"),
        name: "Hill Top".into(),
        grade: Some(Grade::Good),
        progress8: Some(score("0.31")),
        release: Some(release("2017/18 final")),
        threshold: Some(2_700),
        reviewed_as_at: day("2019-02-28"),
    }
}

fn invited() -> Event {
    Event::SchoolInvited(invitation())
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
}

#[test]
fn a_school_is_invited_again_the_next_year() {
    let next = Invitation { year: invitation().year.next(), ..invitation() };
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

proptest! {
    /// Whatever is asked, in whatever order: one invitation a year at most, and none that R3 forbids.
    #[test]
    fn any_history_of_invitations_keeps_the_invariants(
        asked in prop::collection::vec((0..4usize, 1..=4u8), 0..20),
    ) {
        let mut membership = Membership::default();
        let mut years = vec![];
        for (later, grade) in asked {
            let year = (0..later).fold(invitation().year, |year, _| year.next());
            let command = Command::Invite(Invitation {
                year,
                grade: Some(Grade::try_from(grade).unwrap()),
                ..invitation()
            });
            let Ok(events) = membership.decide(command.clone()) else {
                prop_assert!(grade > 2);
                continue;
            };
            for event in events {
                prop_assert!(grade <= 2);
                years.push(year);
                membership.apply(event);
            }
            prop_assert_eq!(membership.decide(command), Ok(vec![]), "asking twice changes nothing");
        }
        let invitations = years.len();
        years.sort();
        years.dedup();
        prop_assert_eq!(years.len(), invitations);
    }
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/membership.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
