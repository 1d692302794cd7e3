//! A purse: the smallest aggregate that can refuse, and that shows at once when an event is applied twice or never.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use event_store::{Asked, Clock, Done, Error, EventStore};
use kernel::{CommandId, Dated};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Purse {
    pub(crate) pence: i64,
    pub(crate) movements: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Command {
    /// One event for each coin.
    PayIn(Vec<i64>),
    /// One event, true from that day on.
    PayInOn(i64, NaiveDate),
    Spend(i64),
    /// Writes down that it is spent, and only then finds that it is not there.
    SpendHastily(i64),
    LookInside,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) enum Event {
    Paid {
        pence: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    Spent {
        pence: i64,
    },
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there are {0} pence in it")]
pub(crate) struct TooLittle(pub(crate) i64);

impl Aggregate for Purse {
    const TYPE: &'static str = "tests.purse";
    type Command = Command;
    type Event = Event;
    type Error = TooLittle;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), TooLittle> {
        match command {
            Command::PayIn(coins) => {
                for pence in coins {
                    sink.write(Event::Paid { pence, on: None }, self).await;
                }
            }
            Command::PayInOn(pence, on) => {
                sink.write(Event::Paid { pence, on: Some(on) }, self).await;
            }
            Command::Spend(pence) if pence > self.pence => return Err(TooLittle(self.pence)),
            Command::Spend(pence) => sink.write(Event::Spent { pence }, self).await,
            Command::SpendHastily(pence) => {
                let before = self.pence;
                sink.write(Event::Spent { pence }, self).await;
                if self.pence < 0 {
                    return Err(TooLittle(before));
                }
            }
            Command::LookInside => {}
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        self.movements += 1;
        match event {
            Event::Paid { pence, .. } => self.pence += pence,
            Event::Spent { pence } => self.pence -= pence,
        }
    }
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        match self {
            Self::Paid { .. } => "Paid".to_owned(),
            Self::Spent { .. } => "Spent".to_owned(),
        }
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    fn effective_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Paid { on, .. } => *on,
            Self::Spent { .. } => None,
        }
    }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Microseconds that only ever go on, from one second past the beginning of 1 April 2019.
pub(crate) fn clock() -> Clock {
    let micros = AtomicI64::new(1_554_076_801_000_000);
    Arc::new(move || {
        DateTime::from_timestamp_micros(micros.fetch_add(1, Ordering::Relaxed)).unwrap()
    })
}

pub(crate) fn open(directory: &Path) -> EventStore {
    EventStore::open(directory, clock()).unwrap()
}

pub(crate) fn asked(command: CommandId) -> Asked {
    Asked {
        command,
        actor: "treasurer".to_owned(),
        correlation: None,
        causation: None,
        effective_on: day("2019-04-01"),
    }
}

pub(crate) async fn ask(
    store: &EventStore,
    purse: &str,
    command: Command,
) -> Result<Done, Error<TooLittle>> {
    store.execute::<Purse>(purse, command, asked(CommandId::mint())).await
}
