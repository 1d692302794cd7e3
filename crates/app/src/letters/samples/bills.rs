//! Letters about an invoice that there is not.

use billing::ledger::{Billed, Event as Ledger, Invoice, Purpose, Step};
use billing::{Charge, InvoiceNumber, VatRate};
use kernel::{LeadingEdgeYear, Urn};
use letters::Kind;

use super::super::bills::Bill;
use super::super::words::long;
use super::day;

pub(super) fn bill(school: &str) -> Bill {
    Bill {
        school: school.to_owned(),
        raised: long(day(2019, 4, 1)),
        reference: Some("HT-4471".to_owned()),
        since: None,
        reminded_before: false,
    }
}

pub(super) fn event(kind: Kind, year: LeadingEdgeYear, urn: Urn) -> Option<Ledger> {
    let number = InvoiceNumber::new(year, 12);
    let (raised_on, due_on) = (day(2019, 4, 1), day(2019, 5, 1));
    Some(match kind {
        Kind::Invoice => Ledger::InvoiceRaised(Box::new(Invoice {
            number,
            urn,
            purpose: Purpose::Fee,
            billed: Billed { name: super::SCHOOL.to_owned(), address: vec![] },
            supplier: supplier(),
            charges: vec![Charge {
                what: format!("Leading Edge membership {year}"),
                net_pence: 160_000,
                vat_basis_points: VatRate::STANDARD,
                vat_pence: 32_000,
            }],
            net_pence: 160_000,
            vat_pence: 32_000,
            gross_pence: 192_000,
            purchase_order: Some("HT-4471".to_owned()),
            attention: None,
            raised_on,
            due_on,
        })),
        Kind::OverdueInvoice => Ledger::InvoiceReminded {
            number,
            urn,
            step: Step::First,
            due_on,
            open_pence: 192_000,
            on: day(2019, 5, 8),
        },
        _ => return None,
    })
}

fn supplier() -> billing::issuer::Supplier {
    billing::issuer::Supplier {
        name: "Leading Edge network".to_owned(),
        address: vec!["1 High Street".to_owned()],
        vat_number: "GB123456789".to_owned(),
        company_number: None,
        email: None,
        account_name: "Leading Edge network".to_owned(),
        sort_code: "12-34-56".to_owned(),
        account_number: "12345678".to_owned(),
    }
}
