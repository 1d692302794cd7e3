//! Credit notes: whole and in part, VAT line by line (D13), and what is paid back.

use super::*;
use crate::CreditNoteNumber;
use crate::ledger::{CreditNote, Credited, Extent, Part};

const WHY: &str = "half of the year was agreed";

fn credit(extent: Extent, on: &str) -> Command {
    Command::Credit {
        number: number(1),
        extent,
        reason: WHY.into(),
        vat_filed_until: None,
        on: day(on),
    }
}

fn parts(parts: &[(u32, u64)]) -> Extent {
    Extent::Parts(
        parts.iter().map(|(line, net_pence)| Part { line: *line, net_pence: *net_pence }).collect(),
    )
}

/// A credit note on the first line.
fn note(place: u32, (net_pence, vat_pence): (u64, u64), on: &str, open_pence: i64) -> Event {
    Event::CreditNoteIssued(CreditNote {
        number: CreditNoteNumber::new(year(), place),
        invoice: number(1),
        urn: urn(SCHOOL),
        lines: vec![Credited {
            line: 1,
            what: "Leading Edge membership 2018-19".into(),
            net_pence,
            vat_basis_points: VatRate::STANDARD,
            vat_pence,
        }],
        net_pence,
        vat_pence,
        gross_pence: net_pence + vat_pence,
        reason: WHY.into(),
        on: day(on),
        open_pence,
    })
}

#[test]
fn credited_in_whole_it_is_settled_and_nothing_is_left_to_credit() {
    let credited = [note(1, (160_000, 32_000), "2018-03-09", 0), settled("2018-03-09")];
    given::<Ledger>([raised()]).when(credit(Extent::Whole, "2018-03-09")).then(credited.clone());
    let history = [vec![raised()], credited.to_vec()].concat();
    given::<Ledger>(history.clone()).when(credit(Extent::Whole, "2018-03-10")).then([]);
    given::<Ledger>(history)
        .when(credit(parts(&[(1, 1)]), "2018-03-10"))
        .refused(Refusal::MoreThanLine { number: number(1), line: 1, net_pence: 1, left_pence: 0 });
}

#[test]
fn credited_in_part_the_rest_is_open() {
    let half = note(1, (80_000, 16_000), "2018-03-09", 96_000);
    given::<Ledger>([raised()])
        .when(credit(parts(&[(1, 80_000)]), "2018-03-09"))
        .then([half.clone()]);
    given::<Ledger>([raised(), half.clone()])
        .when(credit(parts(&[(1, 80_000)]), "2018-03-09"))
        .then([]);
    given::<Ledger>([raised(), half])
        .when(credit(Extent::Whole, "2018-03-10"))
        .then([note(2, (80_000, 16_000), "2018-03-10", 0), settled("2018-03-10")]);
}

/// D13: three thirds of a line come to the line's VAT, whatever each is rounded to.
#[test]
fn no_penny_is_made_or_lost_by_crediting_in_parts() {
    let nine = Wanted { lines: vec![line("odd", 9)], ..wanted(SCHOOL) };
    let mut history = vec![Event::InvoiceRaised(Box::new(invoice(nine)))];
    let mut vat = vec![];
    for on in ["2018-03-09", "2018-03-10", "2018-03-11"] {
        let events =
            given::<Ledger>(history.clone()).when(credit(parts(&[(1, 3)]), on)).answered().unwrap();
        for event in &events {
            if let Event::CreditNoteIssued(note) = event {
                vat.push(note.vat_pence);
            }
        }
        history.extend(events);
    }
    assert_eq!(vat, [1, 1, 0]);
}

#[test]
fn what_was_paid_and_then_credited_is_paid_back_and_no_more() {
    let (number, on) = (number(1), day("2018-04-12"));
    let refund = |amount_pence| Command::RecordRefund {
        number,
        amount_pence,
        reference: "BACS out".into(),
        on,
    };
    let paid_back = Event::RefundPaid {
        number,
        urn: urn(SCHOOL),
        amount_pence: 96_000,
        reference: "BACS out".into(),
        on,
        open_pence: 0,
    };
    let paid = vec![raised(), received(1, 192_000, "2018-03-20", 0), settled("2018-03-20")];
    given::<Ledger>(paid.clone()).when(refund(1)).refused(Refusal::NothingToRefund { number });
    // It was settled before, and stays so.
    let half = note(1, (80_000, 16_000), "2018-04-09", -96_000);
    given::<Ledger>(paid.clone())
        .when(credit(parts(&[(1, 80_000)]), "2018-04-09"))
        .then([half.clone()]);
    let credited = [paid, vec![half]].concat();
    given::<Ledger>(credited.clone()).when(refund(96_001)).refused(Refusal::MoreThanCredit {
        number,
        amount_pence: 96_001,
        credit_pence: 96_000,
    });
    given::<Ledger>(credited.clone()).when(refund(96_000)).then([paid_back.clone()]);
    given::<Ledger>([credited, vec![paid_back]].concat()).when(refund(96_000)).then([]);
}

#[test]
fn only_what_was_billed_is_credited() {
    let number = number(1);
    for (extent, refusal) in [
        (parts(&[(2, 1)]), Refusal::NoSuchLine { number, line: 2, lines: 1 }),
        (parts(&[(0, 1)]), Refusal::NoSuchLine { number, line: 0, lines: 1 }),
        (parts(&[(1, 0)]), Refusal::NoAmount),
        (parts(&[(1, 1), (1, 1)]), Refusal::LineTwice { number, line: 1 }),
        (
            parts(&[(1, 160_001)]),
            Refusal::MoreThanLine { number, line: 1, net_pence: 160_001, left_pence: 160_000 },
        ),
    ] {
        given::<Ledger>([raised()]).when(credit(extent, "2018-03-09")).refused(refusal);
    }
}
