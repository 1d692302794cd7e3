use chrono::NaiveDate;
use kernel::EventId;
use scenario::given;
use strum::VariantNames;

use super::{Command, Event, Parked, Reaction};
use crate::Refusal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn reaction(position: u64) -> Reaction {
    Reaction {
        policy: "acceptance-starts-membership".into(),
        position,
        event: EventId::from(uuid::Uuid::from_u128(position.into())),
        event_type: "ApplicationAccepted".into(),
        stream: "membership.membership.100003".into(),
        why: "no fee is set for 2019-20".into(),
        attempts: 1,
        on: day("2019-04-01"),
    }
}

fn parked(position: u64) -> Event {
    Event::ReactionParked(reaction(position))
}

fn resume(position: u64, then: Option<Reaction>) -> Command {
    Command::Resume { position, on: day("2019-04-02"), then }
}

fn resumed(position: u64) -> Event {
    Event::ReactionResumed { position, on: day("2019-04-02") }
}

fn dismiss(position: u64, reason: &str) -> Command {
    Command::Dismiss { position, reason: reason.into(), on: day("2019-04-02"), then: None }
}

#[test]
fn what_could_not_be_done_stands_there_once() {
    given::<Parked>([]).when(Command::Park(reaction(7))).then([parked(7)]);
    given::<Parked>([parked(7)]).when(Command::Park(reaction(7))).then([]);
}

#[test]
fn tried_again_in_vain_it_says_so() {
    let again = Reaction { attempts: 2, ..reaction(7) };
    given::<Parked>([parked(7)])
        .when(Command::Park(again.clone()))
        .then([Event::ReactionParked(again)]);
}

#[test]
fn what_came_later_waits_behind_it() {
    given::<Parked>([parked(7)]).when(Command::Park(reaction(9))).then([]);
}

#[test]
fn what_is_settled_is_not_parked_again() {
    given::<Parked>([parked(7), resumed(7)]).when(Command::Park(reaction(7))).then([]);
    given::<Parked>([parked(7), resumed(7)]).when(Command::Park(reaction(8))).then([parked(8)]);
}

#[test]
fn done_after_all_it_goes_away_and_the_next_that_cannot_be_done_takes_its_place() {
    given::<Parked>([parked(7)]).when(resume(7, None)).then([resumed(7)]);
    given::<Parked>([parked(7)]).when(resume(7, Some(reaction(9)))).then([resumed(7), parked(9)]);
    given::<Parked>([parked(7), resumed(7)]).when(resume(7, None)).then([]);
}

#[test]
fn only_what_stands_at_the_head_is_tried_or_dismissed() {
    given::<Parked>([]).when(resume(7, None)).refused(Refusal::NothingParked);
    given::<Parked>([parked(7)])
        .when(resume(9, None))
        .refused(Refusal::AnotherIsParked { parked: 7, asked: 9 });
}

#[test]
fn it_is_left_undone_only_for_a_reason() {
    let dismissed = Event::ReactionDismissed {
        position: 7,
        reason: "entered by hand".into(),
        on: day("2019-04-02"),
    };
    given::<Parked>([parked(7)]).when(dismiss(7, "entered by hand")).then([dismissed.clone()]);
    given::<Parked>([parked(7)]).when(dismiss(7, " ")).refused(Refusal::ReasonMissing);
    given::<Parked>([parked(7), dismissed]).when(dismiss(7, "entered by hand")).then([]);
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/parked.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
