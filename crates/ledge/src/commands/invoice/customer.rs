//! How schools are billed, and which VAT returns were filed.

use std::sync::Arc;

use app::billing::{CustomerPage, InvoiceFilter};
use billing::ledger::Billed;
use chrono::NaiveDate;
use kernel::Day;
use serde_json::json;

use crate::cli::{BillTo, Global, On, OrderAhead};
use crate::commands::{at_work, desk};
use crate::output::{lines, print};
use crate::progress::Bar;

pub(super) async fn bill_to(global: &Global, asked: BillTo) -> anyhow::Result<()> {
    let BillTo { urn, name, address, as_registered, on } = asked;
    if name.is_none() && !as_registered {
        return print(global, &desk(global)?.customer(urn)?, tell);
    }
    let billed = name.map(|name| Billed { name, address });
    let (events, page) = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(on.on)?;
        let events = office.set_billing_address(urn, billed, on).await?;
        Ok((events, office.desk().customer(urn)?))
    })
    .await?;
    print(global, &json!({ "events": events, "customer": page }), |_| {
        if events == 0 {
            lines("It is so already; nothing was written.")?;
        }
        tell(&page)
    })
}

pub(super) async fn order_ahead(global: &Global, asked: OrderAhead) -> anyhow::Result<()> {
    let OrderAhead { urn, reference, year, withdraw: _, on } = asked;
    let given = reference.clone();
    let (events, raised) = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(on.on)?;
        let events = office.order_ahead(urn, year, given, on).await?;
        let filter = InvoiceFilter { year: Some(year), urn: Some(urn), state: None };
        let raised = office.desk().invoices(filter)?.invoices;
        Ok((events, raised.into_iter().rfind(|line| line.urn == urn && line.open_pence > 0)))
    })
    .await?;
    let raised = raised.filter(|_| reference.is_some());
    let open = raised.as_ref().map(|line| line.number);
    let answer = json!({
        "urn": urn, "year": year, "reference": reference, "events": events, "open_invoice": open,
    });
    print(global, &answer, |_| {
        lines(match (&reference, events) {
            (_, 0) => "It is so already; nothing was written.".to_owned(),
            (Some(reference), _) => {
                format!("{reference} goes on the next invoice of {urn} in the ledger of {year}.")
            }
            (None, _) => format!("No purchase order of {urn} waits for an invoice of {year}."),
        })?;
        match open {
            Some(number) => lines(format!(
                "{number} is raised and not paid: if it is for that one, `ledge invoice purchase-order {number} ...` puts it there."
            )),
            None => Ok(()),
        }
    })
}

pub(super) async fn vat_filed(global: &Global, until: NaiveDate, on: On) -> anyhow::Result<()> {
    let events = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(on.on)?;
        Ok(office.file_vat_return(until, on).await?)
    })
    .await?;
    let first = until.succ_opt().unwrap_or(until);
    print(global, &json!({ "filed_until": until, "first_day": first, "events": events }), |_| {
        if events == 0 {
            return lines("It is so already; nothing was written.");
        }
        lines(format!(
            "VAT is filed to the end of {}: the first day that a document may have now is {}.",
            Day(until),
            Day(first)
        ))
    })
}

pub(super) async fn vat_reopen(global: &Global, reason: String, on: On) -> anyhow::Result<()> {
    let until = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(on.on)?;
        Ok(office.reopen_vat_return(reason, on).await?)
    })
    .await?;
    print(global, &json!({ "filed_until": until }), |_| {
        lines(match until {
            Some(until) => {
                format!(
                    "The last VAT return is open again; VAT is filed to the end of {}.",
                    Day(until)
                )
            }
            None => "The last VAT return is open again; none is filed.".to_owned(),
        })
    })
}

fn tell(page: &CustomerPage) -> anyhow::Result<()> {
    let whose = page.set_on.map_or_else(
        || "as the register has it".to_owned(),
        |on| format!("as was set on {}", Day(on)),
    );
    lines(format!("{} is billed {whose}:", page.urn))?;
    if let Some(attention) = &page.for_attention_of {
        lines(format!("  For the attention of {attention}"))?;
    }
    lines(format!("  {}", page.billed.name))?;
    for line in &page.billed.address {
        lines(format!("  {line}"))?;
    }
    if page.billed.address.is_empty() {
        lines("  (no address is known: a VAT invoice must have one)")?;
    }
    if page.for_attention_of.is_none() {
        lines("Nobody is on record as its finance contact or main contact.")?;
    }
    for order in &page.waiting_orders {
        lines(format!(
            "{} goes on its next invoice of {} (given on {}).",
            order.reference,
            order.year,
            Day(order.given_on)
        ))?;
    }
    Ok(())
}
