use chrono::{DateTime, NaiveDate, Utc};
use contacts::Role;
use contacts::person::{Event as Person, Reason};
use kernel::{PersonId, Sealed, Urn};

use super::{Row, holder};
use crate::collected::Collected;
use crate::{Event, Recorded};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn person(last: u8) -> PersonId {
    format!("0190c0de-0000-7000-8000-0000000000{last:02}").parse().unwrap()
}

fn sealed(last: u8, with: u8) -> Sealed {
    Sealed { person: person(last), nonce: [with; Sealed::NONCE], ciphertext: vec![with] }
}

fn rows(events: impl IntoIterator<Item = (u8, Person)>) -> Vec<Row> {
    let recorded_at: DateTime<Utc> = day("2020-01-06").and_hms_opt(9, 0, 0).unwrap().and_utc();
    let history: Vec<Recorded> = (1..)
        .zip(events)
        .map(|(position, (last, event))| Recorded {
            position,
            version: 1,
            recorded_at,
            effective_on: day("2020-01-06"),
            actor: "office".into(),
            event: Event::Person(person(last), event),
        })
        .collect();
    let at_once = Collected::of(&history).in_order();
    let one_by_one = Collected::in_batches(&history, 1, 0).in_order();
    assert_eq!(at_once, one_by_one, "however they are batched");
    at_once.rows()
}

fn added(last: u8, from: &str) -> (u8, Person) {
    let (urn, role) = (urn(100_003), Role::Head);
    (last, Person::ContactAdded { urn, role, from: day(from), details: sealed(last, 1) })
}

fn ended(last: u8, until: &str) -> (u8, Person) {
    (last, Person::RoleEnded { urn: urn(100_003), role: Role::Head, until: day(until) })
}

fn held(rows: &[Row], on: &str) -> Option<PersonId> {
    holder(rows, Role::Head, day(on)).map(|row| row.person)
}

#[test]
fn a_role_is_held_from_its_first_day_to_its_last() {
    let rows = rows([added(1, "2018-09-01"), ended(1, "2019-08-31"), added(2, "2019-09-01")]);
    for (on, who) in [
        ("2018-08-31", None),
        ("2018-09-01", Some(1)),
        ("2019-08-31", Some(1)),
        ("2019-09-01", Some(2)),
        ("2030-01-01", Some(2)),
    ] {
        assert_eq!(held(&rows, on), who.map(person), "{on}");
    }
    assert_eq!(holder(&rows, Role::Finance, day("2019-01-01")), None);
}

/// So it is for a moment, when one follows the other.
#[test]
fn of_two_who_have_a_role_the_later_has_it() {
    let rows = rows([added(1, "2018-09-01"), added(2, "2019-09-01")]);
    assert_eq!(held(&rows, "2019-10-01"), Some(person(2)));
    assert_eq!(held(&rows, "2019-08-01"), Some(person(1)));
}

#[test]
fn a_role_that_ended_before_it_began_was_never_held() {
    let rows = rows([added(1, "2018-09-01"), ended(1, "2018-08-31")]);
    assert_eq!(held(&rows, "2018-08-31").or(held(&rows, "2018-09-01")), None);
}

#[test]
fn what_is_corrected_is_known_in_every_role_and_what_is_forgotten_in_none() {
    let (urn, role, from) = (urn(100_004), Role::Main, day("2018-10-01"));
    let taken = (1, Person::RoleTaken { urn, role, from });
    let corrected = Person::ContactCorrected { details: sealed(1, 2), on: from };
    let history = [added(1, "2018-09-01"), taken, (1, corrected), added(2, "2019-09-01")];
    let known = rows(history.clone());
    let seals: Vec<Option<Sealed>> = known.iter().map(|row| row.sealed.clone()).collect();
    assert_eq!(seals, [Some(sealed(1, 2)), Some(sealed(1, 2)), Some(sealed(2, 1))]);

    let on = day("2020-01-06");
    let forgotten = (1, Person::PersonForgotten { reason: Reason::Asked, on });
    let left = rows(history.into_iter().chain([forgotten]));
    let of: Vec<_> = left.iter().map(|row| (row.sealed.is_some(), row.forgotten_on)).collect();
    assert_eq!(of, [(false, Some(on)), (false, Some(on)), (true, None)]);
}
