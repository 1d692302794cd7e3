//! R10, D13: a year is billed once, in whole pence, with VAT a line.

use super::*;
use crate::ledger::{Extent, Part};

#[test]
fn the_fee_is_billed_with_vat_and_is_due_in_30_days() {
    let events = given::<Ledger>([]).when(raise(wanted(SCHOOL))).answered().unwrap();
    let [Event::InvoiceRaised(invoice)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(invoice.number.to_string(), "LE-2018-0001");
    assert_eq!(
        (invoice.net_pence, invoice.vat_pence, invoice.gross_pence),
        (160_000, 32_000, 192_000)
    );
    assert_eq!(invoice.due_on, day("2018-03-31"));
    assert_eq!(events, [raised()]);
}

#[test]
fn the_same_thing_is_billed_once() {
    given::<Ledger>([raised()]).when(raise(wanted(SCHOOL))).then([]);
    let later = Wanted { on: day("2018-05-01"), ..wanted(SCHOOL) };
    given::<Ledger>([raised()]).when(raise(later)).then([]);
    let dearer =
        Wanted { lines: vec![line("Leading Edge membership 2018-19", 165_000)], ..wanted(SCHOOL) };
    given::<Ledger>([raised()])
        .when(raise(dearer))
        .refused(Refusal::BilledAlready { urn: urn(SCHOOL), number: number(1) });
}

#[test]
fn another_school_and_another_thing_have_the_next_number() {
    let visit = Wanted { purpose: Purpose::Other("visit 7".into()), ..wanted(SCHOOL) };
    for other in [wanted(100_004), visit] {
        let expected = Invoice { number: number(2), ..invoice(other.clone()) };
        given::<Ledger>([raised()])
            .when(raise(other))
            .then([Event::InvoiceRaised(Box::new(expected))]);
    }
}

/// A fee that was billed in error, or to the wrong address, is credited in whole and billed right.
#[test]
fn what_was_credited_in_whole_may_be_billed_anew_and_what_was_credited_in_part_may_not() {
    let credited = |extent| {
        let (number, reason, on) = (number(1), "wrong address".into(), day("2018-03-05"));
        let command = Command::Credit { number, extent, reason, vat_filed_until: None, on };
        let events = given::<Ledger>([raised()]).when(command).answered().unwrap();
        [vec![raised()], events].concat()
    };
    let anew = Wanted { on: day("2018-03-06"), ..wanted(SCHOOL) };
    let second = Invoice { number: number(2), due_on: day("2018-04-05"), ..invoice(anew.clone()) };
    let second = Event::InvoiceRaised(Box::new(second));
    let whole = credited(Extent::Whole);
    given::<Ledger>(whole.clone()).when(raise(anew.clone())).then([second.clone()]);
    given::<Ledger>([whole, vec![second]].concat()).when(raise(anew.clone())).then([]);
    let part = Extent::Parts(vec![Part { line: 1, net_pence: 159_999 }]);
    given::<Ledger>(credited(part)).when(raise(anew)).then([]);
}

#[test]
fn what_differs_only_in_address_or_purchase_order_is_told_so() {
    let mut elsewhere = wanted(SCHOOL);
    elsewhere.billed.address = vec!["Another town".into()];
    let (urn, number) = (urn(SCHOOL), number(1));
    given::<Ledger>([raised()])
        .when(raise(elsewhere))
        .refused(Refusal::BilledToAnother { urn, number });
    let ordered = Wanted { purchase_order: Some("PO 7".into()), ..wanted(SCHOOL) };
    given::<Ledger>([raised()])
        .when(raise(ordered.clone()))
        .refused(Refusal::BilledOnAnotherOrder { urn, number });
    let (reference, on) = ("PO 7".into(), day("2018-03-02"));
    let recorded = Event::PurchaseOrderRecorded { number, urn, reference, on };
    given::<Ledger>([raised(), recorded]).when(raise(ordered)).then([]);
}

/// Typed otherwise, it would be billed again.
#[test]
fn a_key_is_the_same_however_it_is_typed() {
    let visit = |key: &str| Wanted { purpose: Purpose::Other(key.into()), ..wanted(SCHOOL) };
    let first = Event::InvoiceRaised(Box::new(invoice(visit("visit 7"))));
    for key in ["visit 7", "Visit 7", " visit 7 ", "VISIT 7"] {
        given::<Ledger>([]).when(raise(visit(key))).then([first.clone()]);
        given::<Ledger>([first.clone()]).when(raise(visit(key))).then([]);
    }
}

/// It would pass for the fee in every list, and the fee would never be billed.
#[test]
fn nothing_else_is_billed_under_the_key_of_the_fee() {
    for key in ["fee", "Fee", " FEE\u{a0}"] {
        let other = Wanted { purpose: Purpose::Other(key.into()), ..wanted(SCHOOL) };
        given::<Ledger>([]).when(raise(other)).refused(Refusal::KeyOfTheFee);
    }
}

#[test]
fn vat_is_rounded_on_each_line_and_then_added() {
    let lines = vec![line("one", 3), line("two", 3), line("three", 3)];
    let events =
        given::<Ledger>([]).when(raise(Wanted { lines, ..wanted(SCHOOL) })).answered().unwrap();
    let [Event::InvoiceRaised(invoice)] = events.as_slice() else { panic!("{events:?}") };
    // On the sum it would be 2.
    assert_eq!((invoice.net_pence, invoice.vat_pence), (9, 3));
}

#[test]
fn one_years_ledger_is_not_anothers() {
    let that = year().next();
    given::<Ledger>([raised()])
        .when(raise(Wanted { year: that, ..wanted(100_004) }))
        .refused(Refusal::LedgerOfAnotherYear { this: year(), that });
}

/// What was mistyped must not be recorded: a table could not hold it, nor could it be printed.
#[test]
fn what_no_invoice_can_be_is_refused() {
    type Change = fn(&mut Wanted);
    let line_of = |net_pence| move |it: &mut Wanted| it.lines[0].net_pence = net_pence;
    let refused = |change: &dyn Fn(&mut Wanted), refusal: Refusal| {
        let mut wanted = wanted(SCHOOL);
        change(&mut wanted);
        given::<Ledger>([]).when(raise(wanted)).refused(refusal);
    };
    let highest = crate::HIGHEST;
    for pence in [highest + 1, u64::MAX] {
        refused(&line_of(pence), Refusal::TooMuch { pence, highest });
    }
    let what = "Leading Edge membership 2018-19".to_owned();
    refused(&line_of(0), Refusal::NothingCharged { what });
    let changes: [(Change, Refusal); 7] = [
        (
            |it| it.lines = vec![],
            Refusal::WrongCount { what: "an invoice's lines", count: 0, fewest: 1, most: 40 },
        ),
        (|it| it.payment_days = 400, Refusal::NotATerm(400)),
        (
            |it| it.billed.name = "Hill\u{7}Top".into(),
            Refusal::TextUnprintable { what: "the name that is billed" },
        ),
        (
            |it| it.lines[0].what = "Visit \u{202e}0002".into(),
            Refusal::TextUnprintable { what: "what is charged for" },
        ),
        (
            |it| it.purchase_order = Some(" ".into()),
            Refusal::TextMissing { what: "the purchase order" },
        ),
        (
            |it| it.purchase_order = Some("x".repeat(61)),
            Refusal::TextTooLong { what: "the purchase order", length: 61, most: 60 },
        ),
        (
            |it| it.on = day("1918-03-01"),
            Refusal::DayOutOfReach {
                day: day("1918-03-01"),
                first: day("2017-04-01"),
                last: day("2022-04-02"),
            },
        ),
    ];
    for (change, refusal) in changes {
        refused(&change, refusal);
    }
}

#[test]
fn a_purchase_order_that_comes_later_is_an_entry_and_the_last_one_counts() {
    let (number, on) = (number(1), day("2018-03-09"));
    let record =
        |reference: &str| Command::RecordPurchaseOrder { number, reference: reference.into(), on };
    let recorded = |reference: &str| Event::PurchaseOrderRecorded {
        number,
        urn: urn(SCHOOL),
        reference: reference.into(),
        on,
    };
    given::<Ledger>([raised()]).when(record("PO 7")).then([recorded("PO 7")]);
    given::<Ledger>([raised(), recorded("PO 7")]).when(record("PO 7")).then([]);
    given::<Ledger>([raised(), recorded("PO 7")]).when(record("PO 8")).then([recorded("PO 8")]);
    let early =
        Command::RecordPurchaseOrder { number, reference: "PO 7".into(), on: day("2018-02-28") };
    given::<Ledger>([raised()]).when(early).refused(Refusal::BeforeInvoice {
        number,
        raised_on: day("2018-03-01"),
        on: day("2018-02-28"),
    });
}
