//! The ledger's decisions: given what happened, when this is asked, then that follows.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use scenario::given;
use strum::VariantNames;

use super::{Billed, Command, Event, Invoice, Ledger, Purpose, Wanted};
use crate::issuer::tests::supplier;
use crate::{Charge, InvoiceNumber, Line, Refusal, VatRate};

mod chasing;
mod crediting;
mod laws;
mod ordering;
mod paying;
mod raising;
mod vat_returns;

const SCHOOL: u32 = 100_003;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year() -> LeadingEdgeYear {
    "2018-19".parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn number(place: u32) -> InvoiceNumber {
    InvoiceNumber::new(year(), place)
}

fn line(what: &str, net_pence: u64) -> Line {
    Line { what: what.into(), net_pence, vat_basis_points: VatRate::STANDARD }
}

fn billed() -> Billed {
    Billed { name: "Ysgol Tŷ Gŵyr".into(), address: vec!["Town".into(), "NW3 2BQ".into()] }
}

/// The fee of the network's published rules (R10).
fn wanted(school: u32) -> Wanted {
    Wanted {
        year: year(),
        urn: urn(school),
        purpose: Purpose::Fee,
        billed: billed(),
        supplier: supplier(),
        lines: vec![line("Leading Edge membership 2018-19", 160_000)],
        purchase_order: None,
        attention: None,
        payment_days: 30,
        vat_filed_until: None,
        on: day("2018-03-01"),
    }
}

fn raise(wanted: Wanted) -> Command {
    Command::Raise(Box::new(wanted))
}

/// What comes of it, as the first invoice.
fn invoice(wanted: Wanted) -> Invoice {
    let charges: Vec<Charge> =
        wanted.lines.into_iter().map(|line| line.charge().unwrap()).collect();
    let net_pence = charges.iter().map(|it| it.net_pence).sum();
    let vat_pence = charges.iter().map(|it| it.vat_pence).sum();
    Invoice {
        number: number(1),
        urn: wanted.urn,
        purpose: wanted.purpose,
        billed: wanted.billed,
        supplier: wanted.supplier,
        charges,
        net_pence,
        vat_pence,
        gross_pence: net_pence + vat_pence,
        purchase_order: wanted.purchase_order,
        attention: wanted.attention,
        raised_on: wanted.on,
        due_on: day("2018-03-31"),
    }
}

/// The fee, billed to one school: £1,920.00, due on 31 March 2018.
fn raised() -> Event {
    Event::InvoiceRaised(Box::new(invoice(wanted(SCHOOL))))
}

fn received(payment: u32, amount_pence: u64, on: &str, open_pence: i64) -> Event {
    Event::PaymentReceived {
        number: number(1),
        urn: urn(SCHOOL),
        payment,
        amount_pence,
        reference: format!("BACS {payment}"),
        received_on: day(on),
        open_pence,
    }
}

fn settled(on: &str) -> Event {
    Event::InvoiceSettled { number: number(1), urn: urn(SCHOOL), on: day(on) }
}

fn pay(amount_pence: u64, reference: &str, on: &str) -> Command {
    let (number, reference, received_on) = (number(1), reference.into(), day(on));
    Command::RecordPayment { number, amount_pence, reference, received_on }
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/ledger.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}

#[test]
fn nothing_happens_to_an_invoice_that_is_not_there() {
    let other = InvoiceNumber::new(year().next(), 1);
    for missing in [number(2), other] {
        let reference = "PO 7".to_owned();
        let on = day("2018-03-02");
        given::<Ledger>([raised()])
            .when(Command::RecordPurchaseOrder { number: missing, reference, on })
            .refused(Refusal::NoSuchInvoice { number: missing });
    }
}
