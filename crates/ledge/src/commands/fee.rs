//! `ledge fee`: what a Leading Edge year costs.

use std::sync::Arc;

use app::FeeSet;
use kernel::{Day, pounds};
use membership::fee::Price;
use serde_json::json;

use super::{at_work, desk};
use crate::cli::{FeeCommand, Global, SetFee};
use crate::outcome::Outcome;
use crate::output::{grouped, lines, print, table};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, command: FeeCommand) -> anyhow::Result<Outcome> {
    match command {
        FeeCommand::Set(asked) => set(global, asked).await,
        FeeCommand::Show { year } => {
            let desk = desk(global)?;
            let fees: Vec<FeeSet> = match year {
                Some(year) => desk.fee_of(year)?.into_iter().collect(),
                None => desk.fees()?,
            };
            print(global, &fees, |fees| tell(fees))?;
            Ok(Outcome::Done)
        }
    }
}

async fn set(global: &Global, asked: SetFee) -> anyhow::Result<Outcome> {
    let fee_pence = asked.amount.in_pence();
    let bar = Arc::new(Bar::new(global));
    let (events, parked) = at_work(global, &bar, async |office, _| {
        let on = office.day(asked.on.on)?;
        let price = Price { year: asked.year, fee_pence, minute: asked.minute, on };
        let events = office.set_fee(price).await?;
        Ok((events, office.desk().parked_for_want_of(asked.year)?))
    })
    .await?;
    let answer =
        json!({ "year": asked.year, "fee_pence": fee_pence, "events": events, "parked": parked });
    print(global, &answer, |_| {
        let fee = pounds(fee_pence);
        lines(if events == 0 {
            format!("{} costs {fee} without VAT already; nothing was written.", asked.year)
        } else {
            format!("{} costs {fee} without VAT.", asked.year)
        })?;
        match parked.as_slice() {
            [] => Ok(()),
            [urn] => lines(format!(
                "{urn} is parked for want of it, and waits until it is tried again: `ledge parked retry {urn}`."
            )),
            parked => lines(format!(
                "{} schools are parked for want of it, and wait until they are tried again: `ledge parked retry --all`.",
                grouped(parked.len() as u64)
            )),
        }
    })?;
    Ok(Outcome::Done)
}

fn tell(fees: &[FeeSet]) -> anyhow::Result<()> {
    if fees.is_empty() {
        return lines(
            "No fee is on record: `ledge fee set --year YEAR --pounds ... --minute ...`.",
        );
    }
    let rows = fees.iter().map(|fee| {
        vec![
            fee.year.to_string(),
            pounds(fee.fee_pence),
            Day(fee.set_on).to_string(),
            fee.minute.clone(),
            if fee.replaced { "replaced since".to_owned() } else { String::new() },
        ]
    });
    lines(table(&["year", "without VAT", "decided", "minute", ""], &[1], rows))?;
    lines("A year without a fee of its own costs what the year before it does.")
}
