//! What a policy was to do for one school and could not.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{EventId, Published};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Refusal;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// An event to which the policies could not react, for one school.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Reaction {
    /// The policy that failed first, by its name.
    pub policy: String,
    /// The event that was reacted to: its place in the journal, its id, its type and its stream.
    pub position: u64,
    pub event: EventId,
    pub event_type: String,
    pub stream: String,
    /// What stood in the way, as a sentence.
    pub why: String,
    /// How often it was tried.
    pub attempts: u32,
    pub on: NaiveDate,
}

/// One school's line: at most one reaction stands at its head, and whatever came later waits behind it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Parked {
    head: Option<Reaction>,
    /// Everything up to this position is done or dismissed.
    settled: u64,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Parked::TYPE,
    "What was to follow for one school and could not be done.",
    "the school's URN",
    include_str!("../events/parked.jsonl"),
);

impl Parked {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Park(reaction) => self.park(reaction),
            Command::Resume { position, on, then } => self.resume(position, on, then),
            Command::Dismiss { position, reason, on, then } => {
                self.dismiss(position, reason, on, then)
            }
        }
    }

    /// Parked again, only another reason or another attempt is news.  What is behind the head waits without a word.
    fn park(&self, reaction: Reaction) -> Result<Vec<Event>, Refusal> {
        match &self.head {
            Some(head) if head.position == reaction.position => {
                let same = head.why == reaction.why && head.attempts >= reaction.attempts;
                Ok(if same { vec![] } else { vec![Event::ReactionParked(reaction)] })
            }
            Some(_) => Ok(vec![]),
            None if reaction.position <= self.settled => Ok(vec![]),
            None => Ok(vec![Event::ReactionParked(reaction)]),
        }
    }

    fn resume(
        &self,
        position: u64,
        on: NaiveDate,
        then: Option<Reaction>,
    ) -> Result<Vec<Event>, Refusal> {
        if self.is_settled(position)? {
            return Ok(vec![]);
        }
        let resumed = Event::ReactionResumed { position, on };
        Ok([resumed].into_iter().chain(then.map(Event::ReactionParked)).collect())
    }

    fn dismiss(
        &self,
        position: u64,
        reason: String,
        on: NaiveDate,
        then: Option<Reaction>,
    ) -> Result<Vec<Event>, Refusal> {
        if self.is_settled(position)? {
            return Ok(vec![]);
        }
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        let dismissed = Event::ReactionDismissed { position, reason, on };
        Ok([dismissed].into_iter().chain(then.map(Event::ReactionParked)).collect())
    }

    /// Whether it was done or dismissed before; else it must be the one at the head.
    fn is_settled(&self, position: u64) -> Result<bool, Refusal> {
        match &self.head {
            Some(head) if head.position == position => Ok(false),
            _ if position <= self.settled => Ok(true),
            Some(head) => Err(Refusal::AnotherIsParked { parked: head.position, asked: position }),
            None => Err(Refusal::NothingParked),
        }
    }

    /// What stands at the head.
    #[must_use]
    pub fn head(&self) -> Option<&Reaction> {
        self.head.as_ref()
    }
}

impl Aggregate for Parked {
    const TYPE: &'static str = "routine.parked";
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
            Event::ReactionParked(reaction) => self.head = Some(reaction),
            Event::ReactionResumed { position, .. } | Event::ReactionDismissed { position, .. } => {
                self.head = None;
                self.settled = position;
            }
        }
    }
}
