//! D13: what a VAT return said stays said.

use super::*;
use crate::ledger::Extent;

fn filed(until: &str) -> Option<NaiveDate> {
    Some(day(until))
}

fn told(on: &str, until: &str, first: &str) -> Refusal {
    Refusal::VatFiled { on: day(on), until: day(until), first: day(first) }
}

#[test]
fn no_invoice_is_dated_into_a_return_that_was_filed() {
    let on = |until: &str| Wanted { vat_filed_until: filed(until), ..wanted(SCHOOL) };
    for until in ["2018-03-01", "2018-03-31"] {
        let first = day(until).succ_opt().unwrap().to_string();
        given::<Ledger>([]).when(raise(on(until))).refused(told("2018-03-01", until, &first));
        // It was raised before, and asking again changes nothing.
        given::<Ledger>([raised()]).when(raise(on(until))).then([]);
    }
    given::<Ledger>([]).when(raise(on("2018-02-28"))).then([raised()]);
    let said = told("2018-03-01", "2018-03-31", "2018-04-01").to_string();
    assert!(said.ends_with("the first day that a document may have is 1 Apr 2018"), "{said}");
}

#[test]
fn no_credit_note_is_dated_into_a_return_that_was_filed_and_money_is_as_it_came() {
    let credit = |on: &str| Command::Credit {
        number: number(1),
        extent: Extent::Whole,
        reason: "billed in error".into(),
        vat_filed_until: filed("2018-03-31"),
        on: day(on),
    };
    given::<Ledger>([raised()]).when(credit("2018-03-20")).refused(told(
        "2018-03-20",
        "2018-03-31",
        "2018-04-01",
    ));
    let events = given::<Ledger>([raised()]).when(credit("2018-04-01")).answered().unwrap();
    assert_eq!(events.len(), 2);
    // A payment is no supply: its day is that of the bank.
    given::<Ledger>([raised()])
        .when(pay(192_000, "BACS 1", "2018-03-20"))
        .then([received(1, 192_000, "2018-03-20", 0), settled("2018-03-20")]);
}
