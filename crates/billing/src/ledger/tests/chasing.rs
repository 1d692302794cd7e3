//! R10: what is not paid within its term is overdue, and reminded of once a step.

use super::*;
use crate::ledger::Step;

fn mark(on: &str) -> Command {
    Command::MarkOverdue { number: number(1), on: day(on) }
}

fn remind(step: Step, on: &str) -> Command {
    Command::Remind { number: number(1), step, on: day(on) }
}

fn overdue(on: &str, open_pence: i64) -> Event {
    let due_on = day("2018-03-31");
    Event::InvoiceOverdue { number: number(1), urn: urn(SCHOOL), due_on, open_pence, on: day(on) }
}

fn reminded(step: Step, on: &str) -> Event {
    Event::InvoiceReminded {
        number: number(1),
        urn: urn(SCHOOL),
        step,
        due_on: day("2018-03-31"),
        open_pence: 192_000,
        on: day(on),
    }
}

fn bounced(on: &str) -> Event {
    Event::PaymentReversed {
        number: number(1),
        urn: urn(SCHOOL),
        payment: 1,
        amount_pence: 192_000,
        reason: "bounced".into(),
        on: day(on),
        open_pence: 192_000,
    }
}

fn too_early(step: Step, on: &str) -> Refusal {
    Refusal::StepTooEarly { number: number(1), step, on: day(on) }
}

#[test]
fn an_invoice_is_overdue_from_the_day_after_the_last_on_which_it_was_to_be_paid() {
    given::<Ledger>([raised()]).when(mark("2018-03-31")).refused(Refusal::NotOverdue {
        number: number(1),
        due_on: day("2018-03-31"),
        on: day("2018-03-31"),
    });
    let marked = overdue("2018-04-01", 192_000);
    given::<Ledger>([raised()]).when(mark("2018-04-01")).then([marked.clone()]);
    given::<Ledger>([raised(), marked]).when(mark("2018-04-02")).then([]);
}

#[test]
fn what_is_paid_is_not_overdue_and_what_is_open_again_may_be() {
    let paid = vec![raised(), received(1, 192_000, "2018-04-20", 0), settled("2018-04-20")];
    given::<Ledger>(paid.clone()).when(mark("2018-04-21")).then([]);
    given::<Ledger>(paid.clone()).when(remind(Step::Second, "2018-04-21")).then([]);
    let before = [overdue("2018-04-01", 192_000)];
    given::<Ledger>(
        [vec![raised()], before.to_vec(), paid[1..].to_vec(), vec![bounced("2018-04-25")]].concat(),
    )
    .when(mark("2018-04-26"))
    .then([overdue("2018-04-26", 192_000)]);
}

#[test]
fn each_step_is_reminded_once_when_its_day_has_come_and_in_order() {
    let mut history = vec![raised()];
    for (step, early, on) in [
        (Step::First, "2018-04-06", "2018-04-07"),
        (Step::Second, "2018-04-13", "2018-04-14"),
        (Step::Last, "2018-04-29", "2018-04-30"),
    ] {
        given::<Ledger>(history.clone()).when(remind(step, early)).refused(too_early(step, early));
        let once = reminded(step, on);
        given::<Ledger>(history.clone()).when(remind(step, on)).then([once.clone()]);
        history.push(once);
        given::<Ledger>(history.clone()).when(remind(step, "2018-06-01")).then([]);
    }
    given::<Ledger>(history).when(remind(Step::First, "2018-06-01")).then([]);
}

/// Where the days began late, the school is not told at once that this is the last time.
#[test]
fn a_step_is_as_long_after_the_one_before_as_its_place_says() {
    let late = "2018-09-03";
    for step in [Step::Second, Step::Last] {
        given::<Ledger>([raised()]).when(remind(step, late)).refused(too_early(step, late));
    }
    let first = reminded(Step::First, late);
    given::<Ledger>([raised()]).when(remind(Step::First, late)).then([first.clone()]);
    let history = vec![raised(), first];
    given::<Ledger>(history.clone())
        .when(remind(Step::Second, "2018-09-09"))
        .refused(too_early(Step::Second, "2018-09-09"));
    let second = reminded(Step::Second, "2018-09-10");
    given::<Ledger>(history.clone())
        .when(remind(Step::Second, "2018-09-10"))
        .then([second.clone()]);
    let history = [history, vec![second]].concat();
    given::<Ledger>(history.clone())
        .when(remind(Step::Last, "2018-09-25"))
        .refused(too_early(Step::Last, "2018-09-25"));
    given::<Ledger>(history)
        .when(remind(Step::Last, "2018-09-26"))
        .then([reminded(Step::Last, "2018-09-26")]);
}

#[test]
fn what_is_open_again_is_reminded_of_from_the_first_step() {
    let history = [
        raised(),
        reminded(Step::First, "2018-04-07"),
        reminded(Step::Second, "2018-04-14"),
        received(1, 192_000, "2018-04-20", 0),
        settled("2018-04-20"),
        bounced("2018-04-25"),
    ];
    given::<Ledger>(history.clone())
        .when(remind(Step::Last, "2018-06-01"))
        .refused(too_early(Step::Last, "2018-06-01"));
    given::<Ledger>(history)
        .when(remind(Step::First, "2018-04-26"))
        .then([reminded(Step::First, "2018-04-26")]);
}
