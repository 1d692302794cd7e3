use chrono::NaiveDate;
use scenario::given;
use strum::VariantNames;

use super::{Calendar, Command, Event};
use crate::Refusal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn begin(text: &str) -> Command {
    Command::Begin { on: day(text) }
}

fn began(text: &str) -> Event {
    Event::DayBegan { on: day(text) }
}

#[test]
fn the_first_day_may_be_any() {
    given::<Calendar>([]).when(begin("2019-03-31")).then([began("2019-03-31")]);
}

#[test]
fn a_day_begins_once() {
    let history = [began("2019-03-30"), began("2019-03-31")];
    given::<Calendar>(history.clone()).when(begin("2019-03-31")).then([]);
    given::<Calendar>(history).when(begin("2018-01-01")).then([]);
}

#[test]
fn the_next_day_follows() {
    given::<Calendar>([began("2019-03-31")]).when(begin("2019-04-01")).then([began("2019-04-01")]);
}

#[test]
fn no_day_is_left_out() {
    let refusal = Refusal::DayLeftOut { on: day("2019-04-02"), next: day("2019-04-01") };
    assert_eq!(
        refusal.to_string(),
        "2 Apr 2019 cannot begin: 1 Apr 2019 comes first, and no day is left out"
    );
    given::<Calendar>([began("2019-03-31")]).when(begin("2019-04-02")).refused(refusal);
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/calendar.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
