//! A purchase order that is given before the school is billed goes on its next invoice, once.

use super::*;
use crate::ledger::Extent;

fn give(reference: &str) -> Command {
    let on = day("2018-02-09");
    Command::GivePurchaseOrder { year: year(), urn: urn(SCHOOL), reference: reference.into(), on }
}

fn given_before(reference: &str) -> Event {
    let on = day("2018-02-09");
    Event::PurchaseOrderGiven { year: year(), urn: urn(SCHOOL), reference: reference.into(), on }
}

fn invoiced(wanted: Wanted, reference: Option<&str>) -> Event {
    let purchase_order = reference.map(str::to_owned);
    Event::InvoiceRaised(Box::new(Invoice { purchase_order, ..invoice(wanted) }))
}

fn visit() -> Wanted {
    Wanted { purpose: Purpose::Other("visit 7".into()), ..wanted(SCHOOL) }
}

#[test]
fn a_purchase_order_given_before_stands_on_the_next_invoice_of_the_school_and_no_other() {
    given::<Ledger>([]).when(give("PO 7")).then([given_before("PO 7")]);
    given::<Ledger>([given_before("PO 7")]).when(give("PO 7")).then([]);
    let first = invoiced(wanted(SCHOOL), Some("PO 7"));
    given::<Ledger>([given_before("PO 7")]).when(raise(wanted(SCHOOL))).then([first.clone()]);
    given::<Ledger>([given_before("PO 7")])
        .when(raise(wanted(100_004)))
        .then([invoiced(wanted(100_004), None)]);
    // It was used up, and the same may be given again for the next.
    let used = [given_before("PO 7"), first];
    given::<Ledger>(used.clone()).when(raise(wanted(SCHOOL))).then([]);
    let events = given::<Ledger>(used.clone()).when(raise(visit())).answered().unwrap();
    let [Event::InvoiceRaised(second)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(second.purchase_order, None);
    given::<Ledger>(used).when(give("PO 7")).then([given_before("PO 7")]);
}

#[test]
fn the_last_purchase_order_that_was_given_counts_and_one_named_with_the_invoice_goes_before_it() {
    let changed = [given_before("PO 7"), given_before("PO 8")];
    given::<Ledger>(changed.clone())
        .when(raise(wanted(SCHOOL)))
        .then([invoiced(wanted(SCHOOL), Some("PO 8"))]);
    let named = Wanted { purchase_order: Some("PO 9".into()), ..wanted(SCHOOL) };
    let first = invoiced(named.clone(), Some("PO 9"));
    given::<Ledger>(changed.clone()).when(raise(named)).then([first.clone()]);
    let waits = [changed.to_vec(), vec![first]].concat();
    let events = given::<Ledger>(waits).when(raise(visit())).answered().unwrap();
    let [Event::InvoiceRaised(second)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(second.purchase_order.as_deref(), Some("PO 8"));
}

#[test]
fn what_was_credited_in_whole_and_is_billed_anew_keeps_its_purchase_order() {
    let first = invoiced(wanted(SCHOOL), Some("PO 7"));
    let credit = Command::Credit {
        number: number(1),
        extent: Extent::Whole,
        reason: "billed under a wrong name".into(),
        vat_filed_until: None,
        on: day("2018-03-09"),
    };
    let billed = vec![given_before("PO 7"), first];
    let credited = given::<Ledger>(billed.clone()).when(credit).answered().unwrap();
    let history = [billed, credited].concat();
    let again = Wanted { on: day("2018-03-10"), ..wanted(SCHOOL) };
    let events = given::<Ledger>(history).when(raise(again)).answered().unwrap();
    let [Event::InvoiceRaised(second)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((second.number, second.purchase_order.as_deref()), (number(2), Some("PO 7")));
}

#[test]
fn a_purchase_order_that_was_withdrawn_stands_on_no_invoice() {
    let on = day("2018-02-10");
    let withdraw = Command::WithdrawPurchaseOrder { year: year(), urn: urn(SCHOOL), on };
    let withdrawn = Event::PurchaseOrderWithdrawn { year: year(), urn: urn(SCHOOL), on };
    given::<Ledger>([]).when(withdraw.clone()).then([]);
    given::<Ledger>([given_before("PO 7")]).when(withdraw).then([withdrawn.clone()]);
    given::<Ledger>([given_before("PO 7"), withdrawn])
        .when(raise(wanted(SCHOOL)))
        .then([invoiced(wanted(SCHOOL), None)]);
}

#[test]
fn a_purchase_order_that_no_invoice_could_show_is_refused() {
    let what = "the purchase order";
    given::<Ledger>([]).when(give(" ")).refused(Refusal::TextMissing { what });
    given::<Ledger>([]).when(give("PO\n7")).refused(Refusal::TextUnprintable { what });
    let that = year().next();
    let (reference, on) = ("PO 7".to_owned(), day("2019-02-09"));
    given::<Ledger>([raised()])
        .when(Command::GivePurchaseOrder { year: that, urn: urn(SCHOOL), reference, on })
        .refused(Refusal::LedgerOfAnotherYear { this: year(), that });
    let (reference, on) = ("PO 7".to_owned(), day("2038-02-09"));
    let late = Command::GivePurchaseOrder { year: year(), urn: urn(SCHOOL), reference, on };
    assert!(matches!(
        given::<Ledger>([]).when(late).answered(),
        Err(Refusal::DayOutOfReach { .. })
    ));
}
