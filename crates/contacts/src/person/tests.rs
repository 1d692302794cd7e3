use chrono::NaiveDate;
use kernel::{Sealed, Urn};
use scenario::given;
use strum::VariantNames;

use super::{Command, Event, Person, Reason};
use crate::{Refusal, Role};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn sealed(last: u8) -> Sealed {
    let person = format!("0190c0de-0000-7000-8000-0000000000{last:02}").parse().unwrap();
    Sealed { person, nonce: [last; Sealed::NONCE], ciphertext: vec![1, 2, 3] }
}

fn added() -> Event {
    let (role, from) = (Role::Head, day("2018-09-01"));
    Event::ContactAdded { urn: urn(100_003), role, from, details: sealed(1) }
}

fn forgotten() -> Event {
    Event::PersonForgotten { reason: Reason::Asked, on: day("2020-01-06") }
}

#[test]
fn a_person_is_added_with_their_first_role_and_once() {
    let add = Command::Add {
        urn: urn(100_003),
        role: Role::Head,
        from: day("2018-09-01"),
        details: sealed(1),
    };
    given::<Person>([]).when(add.clone()).then([added()]);
    given::<Person>([added()]).when(add.clone()).then([]);
    given::<Person>([added(), forgotten()]).when(add).then([]);
    let other = Command::Add {
        urn: urn(100_004),
        role: Role::Head,
        from: day("2018-09-01"),
        details: sealed(1),
    };
    given::<Person>([added()]).when(other).refused(Refusal::ContactAlready);
}

#[test]
fn a_head_moves_and_is_the_same_person() {
    let (here, there) = (urn(100_003), urn(100_004));
    let (until, from) = (day("2019-08-31"), day("2019-09-01"));
    let ended = Event::RoleEnded { urn: here, role: Role::Head, until };
    let taken = Event::RoleTaken { urn: there, role: Role::Head, from };
    let end = Command::End { urn: here, role: Role::Head, until };
    given::<Person>([added()]).when(end.clone()).then([ended.clone()]);
    given::<Person>([added(), ended.clone()]).when(end).then([]);
    let take = Command::Take { urn: there, role: Role::Head, from };
    given::<Person>([added(), ended.clone()]).when(take.clone()).then([taken.clone()]);
    given::<Person>([added(), ended, taken]).when(take).then([]);
}

#[test]
fn a_role_is_held_once_at_a_time() {
    let (urn, role, from) = (urn(100_003), Role::Head, day("2018-09-01"));
    let later = Command::Take { urn, role, from: day("2019-01-01") };
    given::<Person>([added()]).when(later.clone()).refused(Refusal::HeldAlready {
        urn,
        role,
        from,
    });
    let until = day("2019-01-01");
    let ended = Event::RoleEnded { urn, role, until };
    given::<Person>([added(), ended.clone()]).when(later).refused(Refusal::HeldBefore {
        urn,
        role,
        until,
    });
    let next = Command::Take { urn, role, from: day("2019-01-02") };
    let taken = Event::RoleTaken { urn, role, from: day("2019-01-02") };
    given::<Person>([added(), ended]).when(next).then([taken]);
}

#[test]
fn a_role_ends_no_earlier_than_it_began_and_the_day_before_says_it_never_was() {
    let (urn, role, from) = (urn(100_003), Role::Head, day("2018-09-01"));
    let never = Command::End { urn, role, until: day("2018-08-31") };
    let ended = Event::RoleEnded { urn, role, until: day("2018-08-31") };
    given::<Person>([added()]).when(never).then([ended.clone()]);
    let until = day("2018-08-30");
    given::<Person>([added()])
        .when(Command::End { urn, role, until })
        .refused(Refusal::EndedBefore { urn, role, from, until });
    let again = Command::Take { urn, role, from };
    given::<Person>([added(), ended]).when(again).then([Event::RoleTaken { urn, role, from }]);
    let not_held = Command::End { urn, role: Role::Finance, until };
    given::<Person>([added()])
        .when(not_held)
        .refused(Refusal::NotHeld { urn, role: Role::Finance });
}

#[test]
fn details_are_corrected_under_the_same_seal_alone() {
    let on = day("2018-10-01");
    let correct = Command::Correct { details: sealed(1), on };
    let corrected = Event::ContactCorrected { details: sealed(1), on };
    given::<Person>([added()]).when(correct).then([corrected]);
    let anothers = Command::Correct { details: sealed(2), on };
    given::<Person>([added()]).when(anothers).refused(Refusal::AnothersDetails);
}

/// R39: kept for ever is what happened, not who it was.
#[test]
fn a_person_is_forgotten_once_and_nothing_is_added_after() {
    let (urn, role, on) = (urn(100_003), Role::Head, day("2020-01-06"));
    let forget = Command::Forget { reason: Reason::Asked, on };
    given::<Person>([added()]).when(forget.clone()).then([forgotten()]);
    given::<Person>([added(), forgotten()]).when(forget).then([]);
    let after = Refusal::Forgotten { on };
    let correct = Command::Correct { details: sealed(1), on };
    given::<Person>([added(), forgotten()]).when(correct).refused(after.clone());
    let take = Command::Take { urn, role: Role::Main, from: on };
    given::<Person>([added(), forgotten()]).when(take).refused(after);
    let end = Command::End { urn, role, until: on };
    given::<Person>([added(), forgotten()]).when(end).then([Event::RoleEnded {
        urn,
        role,
        until: on,
    }]);
}

#[test]
fn nothing_is_asked_of_nobody() {
    let (urn, role, day) = (urn(100_003), Role::Head, day("2020-01-06"));
    for command in [
        Command::Correct { details: sealed(1), on: day },
        Command::Take { urn, role, from: day },
        Command::End { urn, role, until: day },
        Command::Forget { reason: Reason::Mistake, on: day },
    ] {
        given::<Person>([]).when(command).refused(Refusal::NotAContact);
    }
}

#[test]
fn a_day_that_nobody_meant_is_refused() {
    for text in ["0218-09-01", "1989-12-31", "2101-01-01", "+20180-09-01"] {
        let from = day(text);
        let (urn, role) = (urn(100_003), Role::Main);
        let refused = Refusal::DayOutOfRange { day: from };
        given::<Person>([])
            .when(Command::Add { urn, role, from, details: sealed(1) })
            .refused(refused.clone());
        given::<Person>([added()]).when(Command::Take { urn, role, from }).refused(refused);
    }
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/person.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
