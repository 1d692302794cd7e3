//! `ledge day`: the days that have come begin, and bring what they bring.

use std::sync::Arc;

use app::{Begun, DayBegun};

use super::{in_office, parked};
use crate::cli::{Day, Global};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Day) -> anyhow::Result<Outcome> {
    let bar = Arc::new(Bar::new(global));
    let begun = in_office(global, &bar, async |office, progress| {
        Ok(office.begin_days(asked.until, progress).await?)
    })
    .await?;
    drop(bar);
    print(global, &begun, tell)?;
    Ok(Outcome::Done)
}

fn tell(begun: &Begun) -> anyhow::Result<()> {
    for day in begun.days.iter().filter(|day| !day.brought.is_empty()) {
        lines(what_it_brought(day))?;
    }
    let last = begun.last.map_or_else(String::new, |day| kernel::Day(day).to_string());
    match begun.days.len() {
        0 => lines(format!("{last} is the last day that has begun; there was none to begin."))?,
        1 => lines(format!("{last} has begun."))?,
        days => lines(format!("{} have begun, to {last}.", counted(days as u64, "day")))?,
    }
    if begun.parked.is_empty() {
        return Ok(());
    }
    parked::tell(&begun.parked)
}

/// `1 Apr 2019: 12 MembershipLapsed, 1 Reminded`
fn what_it_brought(day: &DayBegun) -> String {
    let brought = day.brought.iter();
    let brought: Vec<String> =
        brought.map(|(event, number)| format!("{} {event}", grouped(*number))).collect();
    format!("{}: {}", kernel::Day(day.on), brought.join(", "))
}
