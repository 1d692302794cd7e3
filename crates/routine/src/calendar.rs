//! The days of the office, one after the other.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::Published;
use serde::{Deserialize, Serialize};

use crate::Refusal;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// The one calendar, kept in Europe/London (D16).
pub const LONDON: &str = "london";

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Calendar {
    /// The last day that has begun.
    last: Option<NaiveDate>,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Calendar::TYPE,
    "The days that have begun, one after the other.",
    "always `london`",
    include_str!("../events/calendar.jsonl"),
);

impl Calendar {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Begin { on } => self.begin(on),
        }
    }

    /// The first day ever begun may be any.
    fn begin(&self, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        match self.last {
            Some(last) if on <= last => Ok(vec![]),
            Some(last) if last.succ_opt() != Some(on) => {
                Err(Refusal::DayLeftOut { on, next: last.succ_opt().unwrap_or(last) })
            }
            Some(_) | None => Ok(vec![Event::DayBegan { on }]),
        }
    }

    /// The last day that has begun.
    #[must_use]
    pub fn last(&self) -> Option<NaiveDate> {
        self.last
    }
}

impl Aggregate for Calendar {
    const TYPE: &'static str = "routine.calendar";
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
            Event::DayBegan { on } => self.last = Some(on),
        }
    }
}
