//! `ledge invoice`: what is billed, what is owed, and what is printed.

use std::sync::Arc;

use app::billing::{Bill, InvoiceFilter, State, Written, read_issuer};
use billing::ledger::{Extent, Part, Purpose};
use billing::{InvoiceNumber, Line, VatRate};
use chrono::NaiveDate;
use kernel::{Day, pounds};
use serde_json::json;

use super::{at_work, desk};
use crate::cli::{
    self, CreditInvoice, Global, InvoiceCommand, ListInvoices, RaiseInvoice, VatAsked,
};
use crate::outcome::Outcome;
use crate::output::{lines, print};
use crate::progress::Bar;

mod customer;
mod paper;
mod sheet;

pub(super) use paper::statement;
pub(crate) use sheet::tell_owed;

pub(crate) async fn run(global: &Global, command: InvoiceCommand) -> anyhow::Result<Outcome> {
    match command {
        InvoiceCommand::Adopt { file, on } => {
            let file = read_issuer(&file)?;
            let events = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                let on = office.day(on.on)?;
                Ok(office.adopt_issuer(file.clone(), on).await?)
            })
            .await?;
            print(global, &json!({ "issuer": file, "events": events }), |_| {
                let name = &file.supplier.name;
                lines(if events == 0 {
                    format!("{name} bills on these terms already; nothing was written.")
                } else {
                    format!(
                        "{name} bills {} and later years, VAT {}, due in {} days.  The next day that begins raises the \
                         invoices of years that are agreed.",
                        file.first_year, file.vat_basis_points, file.payment_days
                    )
                })
            })?;
        }
        InvoiceCommand::List(asked) => {
            let invoices = desk(global)?.invoices(filter(asked))?;
            print(global, &invoices, |invoices| sheet::tell_list(invoices, asked.limit))?;
        }
        InvoiceCommand::Show { number } => {
            print(global, &desk(global)?.invoice(number)?, sheet::tell_invoice)?;
        }
        InvoiceCommand::Raise(asked) => raise(global, asked).await?,
        InvoiceCommand::Credit(asked) => credit(global, asked).await?,
        InvoiceCommand::PurchaseOrder { number, reference, on } => {
            let written = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                let on = office.day(on.on)?;
                Ok(office.record_purchase_order(number, reference.clone(), on).await?)
            })
            .await?;
            tell_written(global, &written, &format!("{number} shows {reference} from now on"))?;
        }
        InvoiceCommand::BillTo(asked) => customer::bill_to(global, asked).await?,
        InvoiceCommand::OrderAhead(asked) => customer::order_ahead(global, asked).await?,
        InvoiceCommand::VatFiled { until, on } => customer::vat_filed(global, until, on).await?,
        InvoiceCommand::VatReopen { reason, on } => {
            customer::vat_reopen(global, reason, on).await?;
        }
        InvoiceCommand::Aged(on) => {
            let desk = desk(global)?;
            let on = on.on.unwrap_or(desk.today());
            print(global, &desk.aged(on)?, sheet::tell_aged)?;
        }
        InvoiceCommand::Vat(asked) => {
            let (from, until) = days(asked);
            print(global, &desk(global)?.vat(from, until)?, sheet::tell_vat)?;
        }
        InvoiceCommand::Print(asked) => paper::invoices(global, &asked)?,
    }
    Ok(Outcome::Done)
}

async fn raise(global: &Global, asked: RaiseInvoice) -> anyhow::Result<()> {
    let written = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(asked.on.on)?;
        let year = asked.year;
        let net_pence = match asked.pounds {
            Some(pence) => pence,
            None => office.desk().fee_of(year)?.map_or(0, |fee| fee.fee_pence),
        };
        let office_rate = office.desk().issuer()?.map(|issuer| issuer.vat_basis_points);
        let rate = asked.vat_basis_points.map(VatRate::of_basis_points).or(office_rate);
        let line = Line {
            what: asked.what.unwrap_or_else(|| format!("Leading Edge membership {year}")),
            net_pence,
            vat_basis_points: rate.unwrap_or(VatRate::STANDARD),
        };
        let bill = Bill {
            urn: asked.urn,
            year,
            purpose: asked.key.map_or(Purpose::Fee, Purpose::Other),
            lines: vec![line],
            purchase_order: asked.purchase_order,
            address: asked.address,
        };
        Ok(office.raise_invoice(bill, on).await?)
    })
    .await?;
    let invoice = &written.invoice.invoice;
    let told = format!(
        "{} is raised for {}: {} with VAT, due on {}",
        invoice.number,
        invoice.billed.name,
        pounds(written.invoice.open_pence),
        Day(invoice.due_on)
    );
    tell_written(global, &written, &told)
}

async fn credit(global: &Global, asked: CreditInvoice) -> anyhow::Result<()> {
    let part = asked.line.zip(asked.pounds);
    let extent = part
        .map_or(Extent::Whole, |(line, net_pence)| Extent::Parts(vec![Part { line, net_pence }]));
    let written = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(asked.on.on)?;
        Ok(office.credit(asked.number, extent, asked.reason, on).await?)
    })
    .await?;
    let notes = &written.invoice.credit_notes;
    let note = notes.iter().find(|note| Some(note.number) == written.credit_note);
    let told = note.map_or_else(
        || "nothing is left to credit".to_owned(),
        |note| {
            let gross = i64::try_from(note.gross_pence).unwrap_or(i64::MAX);
            format!("Credit note {} on {}: {} with VAT", note.number, note.invoice, pounds(gross))
        },
    );
    tell_written(global, &written, &told)
}

/// What was done, and what is open after it.
pub(super) fn tell_written(global: &Global, written: &Written, told: &str) -> anyhow::Result<()> {
    print(global, written, |written| {
        if written.events == 0 {
            return lines("It is so already; nothing was written.");
        }
        let number = written.invoice.invoice.number;
        lines(format!("{told}.  {}", sheet::stands(number, written.invoice.open_pence)))
    })
}

pub(super) fn number_and(number: InvoiceNumber, pence: u64, what: &str) -> String {
    format!("{} {what} {number}", pounds(pence))
}

fn filter(asked: ListInvoices) -> InvoiceFilter {
    InvoiceFilter {
        year: asked.year,
        urn: asked.urn,
        state: asked.state.map(|state| match state {
            cli::InvoiceState::Open => State::Open,
            cli::InvoiceState::Overdue => State::Overdue,
            cli::InvoiceState::Settled => State::Settled,
            cli::InvoiceState::InCredit => State::InCredit,
        }),
    }
}

/// One way or the other is there.
fn days(asked: VatAsked) -> (NaiveDate, NaiveDate) {
    match (asked.year, asked.from, asked.until) {
        (Some(year), ..) => (year.first_day(), year.last_day()),
        (None, from, until) => (from.unwrap_or(NaiveDate::MIN), until.unwrap_or(NaiveDate::MIN)),
    }
}
