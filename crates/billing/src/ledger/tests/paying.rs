//! Payments: whole, in parts, too much, and come to nothing.

use super::*;

fn reversed(on: &str, open_pence: i64) -> Event {
    Event::PaymentReversed {
        number: number(1),
        urn: urn(SCHOOL),
        payment: 1,
        amount_pence: 192_000,
        reason: "the cheque bounced".into(),
        on: day(on),
        open_pence,
    }
}

fn reverse(payment: u32, on: &str) -> Command {
    let (number, reason, on) = (number(1), "the cheque bounced".into(), day(on));
    Command::ReversePayment { number, payment, reason, on }
}

#[test]
fn paid_in_full_it_is_settled_on_the_day_the_money_came() {
    given::<Ledger>([raised()])
        .when(pay(192_000, "BACS 1", "2018-03-20"))
        .then([received(1, 192_000, "2018-03-20", 0), settled("2018-03-20")]);
}

#[test]
fn paid_in_parts_it_is_settled_by_the_last() {
    let first = received(1, 100_000, "2018-03-20", 92_000);
    given::<Ledger>([raised()]).when(pay(100_000, "BACS 1", "2018-03-20")).then([first.clone()]);
    given::<Ledger>([raised(), first])
        .when(pay(92_000, "BACS 2", "2018-04-03"))
        .then([received(2, 92_000, "2018-04-03", 0), settled("2018-04-03")]);
}

#[test]
fn the_same_payment_is_taken_down_once() {
    let paid = [raised(), received(1, 192_000, "2018-03-20", 0), settled("2018-03-20")];
    given::<Ledger>(paid).when(pay(192_000, "BACS 1", "2018-03-20")).then([]);
}

/// Whose money it is, people must say.
#[test]
fn more_than_is_open_is_refused_with_what_is_open() {
    let first = received(1, 100_000, "2018-03-20", 92_000);
    given::<Ledger>([raised(), first]).when(pay(92_001, "BACS 2", "2018-04-03")).refused(
        Refusal::MoreThanOpen { number: number(1), amount_pence: 92_001, open_pence: 92_000 },
    );
    given::<Ledger>([raised()]).when(pay(0, "BACS 1", "2018-04-03")).refused(Refusal::NoAmount);
    let told =
        Refusal::MoreThanOpen { number: number(1), amount_pence: 92_001, open_pence: 92_000 };
    assert!(told.to_string().starts_with("£920.01 is more than is open on LE-2018-0001, £920.00;"));
}

#[test]
fn a_payment_that_came_to_nothing_is_an_entry_and_the_invoice_is_open_again() {
    let paid = [raised(), received(1, 192_000, "2018-03-20", 0), settled("2018-03-20")];
    given::<Ledger>(paid.clone())
        .when(reverse(1, "2018-03-27"))
        .then([reversed("2018-03-27", 192_000)]);
    let bounced = [paid.to_vec(), vec![reversed("2018-03-27", 192_000)]].concat();
    given::<Ledger>(bounced.clone()).when(reverse(1, "2018-03-29")).then([]);
    // Another cheque, under a day of its own.
    given::<Ledger>(bounced.clone())
        .when(pay(192_000, "BACS 2", "2018-04-04"))
        .then([received(2, 192_000, "2018-04-04", 0), settled("2018-04-04")]);
    given::<Ledger>(bounced)
        .when(pay(192_000, "BACS 1", "2018-03-20"))
        .refused(Refusal::WasReversed { number: number(1), on: day("2018-03-27") });
}

#[test]
fn only_a_payment_that_is_there_is_reversed_and_not_before_it_came() {
    let paid = [raised(), received(1, 1_000, "2018-03-20", 191_000)];
    for payment in [0, 2] {
        given::<Ledger>(paid.clone())
            .when(reverse(payment, "2018-03-27"))
            .refused(Refusal::NoSuchPayment { number: number(1), payment, payments: 1 });
    }
    given::<Ledger>(paid).when(reverse(1, "2018-03-19")).refused(Refusal::BeforePayment {
        payment: 1,
        received_on: day("2018-03-20"),
        on: day("2018-03-19"),
    });
}
