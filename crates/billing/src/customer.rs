//! How one school is billed, where it is not as the register names it.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::Published;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::ledger::Billed;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// A school as invoices name it: by what was set last, or else as the register has it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Customer {
    billed: Option<Billed>,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Customer::TYPE,
    "How a school is billed, where it is not as the register names it.",
    "the school's URN",
    include_str!("../events/customer.jsonl"),
);

impl Customer {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::SetAddress { billed, on } => self.set_address(billed, on),
            Command::ClearAddress { on } => {
                Ok(self.billed.iter().map(|_| Event::BillingAddressCleared { on }).collect())
            }
        }
    }

    /// An invoice must name whoever it is for, and where they are (VAT Regulations 1995, regulation 14).
    fn set_address(&self, billed: Billed, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        billed.fits(1)?;
        if self.billed.as_ref() == Some(&billed) {
            return Ok(vec![]);
        }
        Ok(vec![Event::BillingAddressSet { billed, on }])
    }
}

impl Aggregate for Customer {
    const TYPE: &'static str = "billing.customer";
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
            Event::BillingAddressSet { billed, .. } => self.billed = Some(billed),
            Event::BillingAddressCleared { .. } => self.billed = None,
        }
    }
}
