use chrono::NaiveDate;
use scenario::given;
use strum::VariantNames;

use super::{Command, Customer, Event};
use crate::Refusal;
use crate::ledger::Billed;

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 2, 6).unwrap()
}

fn trust() -> Billed {
    let address = vec!["1 Trust Way".into(), "Bath".into(), "BA1 1AA".into()];
    Billed { name: "Hill Top Learning Trust".into(), address }
}

fn set(billed: Billed) -> Command {
    Command::SetAddress { billed, on: on() }
}

fn was_set() -> Event {
    Event::BillingAddressSet { billed: trust(), on: on() }
}

#[test]
fn a_billing_address_counts_until_it_is_changed_or_cleared() {
    given::<Customer>([]).when(set(trust())).then([was_set()]);
    given::<Customer>([was_set()]).when(set(trust())).then([]);
    let moved = Billed { address: vec!["2 Trust Way".into()], ..trust() };
    let changed = Event::BillingAddressSet { billed: moved.clone(), on: on() };
    given::<Customer>([was_set()]).when(set(moved)).then([changed]);
    let cleared = Event::BillingAddressCleared { on: on() };
    given::<Customer>([was_set()]).when(Command::ClearAddress { on: on() }).then([cleared.clone()]);
    given::<Customer>([was_set(), cleared.clone()])
        .when(Command::ClearAddress { on: on() })
        .then([]);
    given::<Customer>([was_set(), cleared]).when(set(trust())).then([was_set()]);
}

#[test]
fn what_cannot_be_printed_is_no_billing_address() {
    let nowhere = Billed { address: vec![], ..trust() };
    let what = "the billing address";
    given::<Customer>([]).when(set(nowhere)).refused(Refusal::WrongCount {
        what,
        count: 0,
        fewest: 1,
        most: 8,
    });
    let broken = Billed { address: vec!["1 Trust\nWay".into()], ..trust() };
    given::<Customer>([]).when(set(broken)).refused(Refusal::TextUnprintable { what });
    let nobody = Billed { name: " ".into(), ..trust() };
    given::<Customer>([])
        .when(set(nobody))
        .refused(Refusal::TextMissing { what: "the name that is billed" });
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/customer.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
