//! What holds of a ledger whatever is asked of it.

use std::collections::BTreeMap;

use chrono::Days;
use cqrs_es::Aggregate;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::ledger::{Extent, Part, Step};

/// Any command, also senseless ones, about a few invoices.
fn command() -> impl Strategy<Value = Command> {
    let place = || (1..5_u32).prop_map(number);
    let on = || (0..120_u64).prop_map(|days| day("2018-03-01") + Days::new(days));
    let amount = || prop_oneof![1..200_u64, Just(96_000), Just(192_000), 1..200_000_u64];
    let step = prop::sample::select(Step::ALL.to_vec());
    prop_oneof![
        4 => (0..6_u32, vec(1..200_000_u64, 1..4), on()).prop_map(|(school, nets, on)| {
            let lines = nets.into_iter().map(|net| line("membership", net)).collect();
            raise(Wanted { lines, on, ..wanted(SCHOOL + school) })
        }),
        6 => (place(), amount(), 0..3_u8, on()).prop_map(|(number, amount_pence, reference, received_on)| {
            let reference = format!("BACS {reference}");
            Command::RecordPayment { number, amount_pence, reference, received_on }
        }),
        2 => (place(), 0..4_u32, on()).prop_map(|(number, payment, on)| {
            Command::ReversePayment { number, payment, reason: "bounced".into(), on }
        }),
        3 => (place(), vec((1..4_u32, amount()), 0..3), on()).prop_map(|(number, parts, on)| {
            let parts: Vec<_> = parts.into_iter().map(|(line, net_pence)| Part { line, net_pence }).collect();
            let extent = if parts.is_empty() { Extent::Whole } else { Extent::Parts(parts) };
            let vat_filed_until = None;
            Command::Credit { number, extent, reason: "agreed".into(), vat_filed_until, on }
        }),
        2 => (place(), amount(), on()).prop_map(|(number, amount_pence, on)| {
            Command::RecordRefund { number, amount_pence, reference: "back".into(), on }
        }),
        1 => (0..6_u32, 0..3_u8, on()).prop_map(|(school, reference, on)| {
            let (urn, reference) = (urn(SCHOOL + school), format!("PO {reference}"));
            Command::GivePurchaseOrder { year: year(), urn, reference, on }
        }),
        1 => (place(), on()).prop_map(|(number, on)| Command::MarkOverdue { number, on }),
        1 => (place(), step, on()).prop_map(|(number, step, on)| Command::Remind { number, step, on }),
    ]
}

/// What each invoice comes to by the entries alone: billed, less credited and paid, and what of VAT was credited.
#[derive(Debug, Default)]
struct Counted {
    billed: i64,
    vat: i64,
    credited: i64,
    vat_credited: i64,
    paid: i64,
    said: i64,
}

fn counted(history: &[Event]) -> BTreeMap<InvoiceNumber, Counted> {
    let mut all: BTreeMap<InvoiceNumber, Counted> = BTreeMap::new();
    let signed = |pence: u64| i64::try_from(pence).unwrap();
    for event in history {
        let Some(number) = event.number() else { continue };
        let it = all.entry(number).or_default();
        match event {
            Event::InvoiceRaised(invoice) => {
                it.billed =
                    invoice.charges.iter().map(|it| signed(it.net_pence + it.vat_pence)).sum();
                it.vat = invoice.charges.iter().map(|it| signed(it.vat_pence)).sum();
                it.said = it.billed;
            }
            Event::CreditNoteIssued(note) => {
                it.credited += signed(note.gross_pence);
                it.vat_credited += signed(note.vat_pence);
                it.said = note.open_pence;
            }
            Event::PaymentReceived { amount_pence, open_pence, .. } => {
                it.paid += signed(*amount_pence);
                it.said = *open_pence;
            }
            Event::PaymentReversed { amount_pence, open_pence, .. }
            | Event::RefundPaid { amount_pence, open_pence, .. } => {
                it.paid -= signed(*amount_pence);
                it.said = *open_pence;
            }
            Event::PurchaseOrderRecorded { .. }
            | Event::InvoiceSettled { .. }
            | Event::InvoiceOverdue { .. }
            | Event::InvoiceReminded { .. }
            | Event::PurchaseOrderGiven { .. }
            | Event::PurchaseOrderWithdrawn { .. } => {}
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_is_asked_the_ledger_balances_and_its_numbers_have_no_gap(commands in vec(command(), 1..80)) {
        let mut ledger = Ledger::default();
        let mut history: Vec<Event> = vec![];
        for command in commands {
            let before = ledger.clone();
            let Ok(events) = ledger.decide(command.clone()) else { continue };
            for event in events {
                ledger.apply(event.clone());
                history.push(event);
            }
            // Asked again, it changes nothing, whatever the first time was.
            if ledger != before {
                prop_assert_eq!(ledger.decide(command.clone()).unwrap_or_default(), vec![], "{:?}", command);
            }
            for (number, it) in counted(&history) {
                prop_assert_eq!(it.said, it.billed - it.credited - it.paid, "{}", number);
                // Paid less than nothing: paid back, and then the cheque bounced.
                prop_assert!(0 <= it.credited && it.credited <= it.billed);
                prop_assert!(it.vat_credited <= it.vat);
                if it.credited == it.billed {
                    prop_assert_eq!(it.vat_credited, it.vat, "{} is credited in whole", number);
                }
                let account = ledger.account(number).unwrap();
                prop_assert_eq!(account.open_pence, it.said);
                prop_assert!(account.settled || it.said > 0, "{} is not settled", number);
            }
        }
        let (mut invoices, mut notes) = (vec![], vec![]);
        for event in &history {
            if let Event::InvoiceRaised(invoice) = event {
                invoices.push(invoice.number.place());
            }
            if let Event::CreditNoteIssued(note) = event {
                notes.push(note.number.place());
            }
        }
        for places in [invoices, notes] {
            let gapless: Vec<u32> = (1..).take(places.len()).collect();
            prop_assert_eq!(places, gapless);
        }
    }
}
