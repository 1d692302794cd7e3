//! What a Leading Edge year costs (R10): one package, one fee (R8).

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Refusal;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// No school pays more for a year than this, in pence: what is more was mistyped.  (A table holds sums of many of them.)
const HIGHEST: u64 = 10_000_000;

/// A decision on a year's fee.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Price {
    pub year: LeadingEdgeYear,
    /// Of the full package, in whole pence without VAT.
    pub fee_pence: u64,
    /// Where the decision is written down.
    pub minute: String,
    pub on: NaiveDate,
}

/// The fee of one year, as it was decided last.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Fee {
    price: Option<Price>,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Fee::TYPE,
    "What a Leading Edge year costs (R10).",
    "the Leading Edge year, such as `2019-20`",
    include_str!("../events/fee.jsonl"),
);

impl Fee {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Set(price) => self.set(price),
        }
    }

    /// Set again, it counts for what is agreed from then on: a term that was agreed keeps its fee.
    fn set(&self, price: Price) -> Result<Vec<Event>, Refusal> {
        fits(price.fee_pence)?;
        if price.minute.trim().is_empty() {
            return Err(Refusal::MinuteMissing);
        }
        match &self.price {
            Some(before) if before.year != price.year => {
                Err(Refusal::FeeOfAnotherYear { this: before.year, that: price.year })
            }
            Some(before) if *before == price => Ok(vec![]),
            Some(_) | None => Ok(vec![Event::FeeSet(price)]),
        }
    }
}

/// Whether an amount can be what a year costs.
///
/// # Errors
/// It is nothing, or more than [`HIGHEST`].
pub(crate) fn fits(fee_pence: u64) -> Result<(), Refusal> {
    match fee_pence {
        0 => Err(Refusal::FeeMissing),
        1..=HIGHEST => Ok(()),
        _ => Err(Refusal::FeeTooHigh { fee_pence, highest: HIGHEST }),
    }
}

impl Aggregate for Fee {
    const TYPE: &'static str = "membership.fee";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::FeeSet(price) => self.price = Some(price),
        }
    }
}
