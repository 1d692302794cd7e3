use scenario::given;
use strum::VariantNames;

use super::{Command, Event, Fee, Price};
use crate::Refusal;
use crate::samples::day;

/// The fee of the network's published rules (R10).
fn price() -> Price {
    Price {
        year: "2018-19".parse().unwrap(),
        fee_pence: 160_000,
        minute: "Minutes of 5 December 2017, item 6".into(),
        on: day("2017-12-05"),
    }
}

#[test]
fn a_years_fee_is_set_once_and_may_be_set_anew() {
    given::<Fee>([]).when(Command::Set(price())).then([Event::FeeSet(price())]);
    given::<Fee>([Event::FeeSet(price())]).when(Command::Set(price())).then([]);
    let dearer = Price { fee_pence: 165_000, on: day("2018-01-09"), ..price() };
    given::<Fee>([Event::FeeSet(price())])
        .when(Command::Set(dearer.clone()))
        .then([Event::FeeSet(dearer)]);
}

#[test]
fn a_fee_needs_its_pence_and_its_minute() {
    let free = Price { fee_pence: 0, ..price() };
    given::<Fee>([]).when(Command::Set(free)).refused(Refusal::FeeMissing);
    let unminuted = Price { minute: " ".into(), ..price() };
    given::<Fee>([]).when(Command::Set(unminuted)).refused(Refusal::MinuteMissing);
}

/// What was mistyped must not be recorded: a table could not hold it, nor the sum of many.
#[test]
fn a_fee_beyond_anything_sensible_is_refused() {
    for fee_pence in [10_000_001, 9_999_999_999_999_999_900, u64::MAX] {
        let mistyped = Price { fee_pence, ..price() };
        given::<Fee>([])
            .when(Command::Set(mistyped))
            .refused(Refusal::FeeTooHigh { fee_pence, highest: 10_000_000 });
    }
}

#[test]
fn one_years_fee_is_not_anothers() {
    let other = Price { year: price().year.next(), ..price() };
    given::<Fee>([Event::FeeSet(price())])
        .when(Command::Set(other.clone()))
        .refused(Refusal::FeeOfAnotherYear { this: price().year, that: other.year });
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/fee.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
