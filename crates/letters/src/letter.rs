//! One letter, from the moment the office does something about it.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{PersonId, Published};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::{About, Recipient, Refusal};

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// After so many attempts in a row that failed for the moment, the letter has failed.
pub const MOST_ATTEMPTS: u32 = 5;

/// The longest reason that is kept, and the most of a server's reply, in characters.
pub const LONGEST_TEXT: usize = 500;

/// How a letter leaves the office.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Transport {
    /// A file in the outbox, for another program to send.
    Outbox,
    Smtp,
}

/// One attempt to send a letter.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Sending {
    pub to: PersonId,
    /// The role in which the person is addressed: where nobody has the letter's own, the main contact.
    pub role: Recipient,
    pub transport: Transport,
    /// The same at every attempt, so that whoever receives it twice can tell.
    pub message_id: String,
    /// The SHA-256 of the sealed copy of what is sent, in hex digits.
    pub copy: String,
    pub on: NaiveDate,
}

/// How an attempt failed.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Failing {
    /// For the moment: it is tried again the next time letters are sent.
    Postponed,
    /// The server will not take it.
    Refused,
    /// For the moment, once too often.
    GivenUp,
}

/// What somebody found out about a letter in doubt.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Found {
    ItWent,
    ItDidNot,
}

/// What became of a letter, as far as the next question needs it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Letter {
    /// `failures` in a row, for the moment.
    Unsent {
        failures: u32,
    },
    /// Handing over began and was not seen to end.
    InDoubt {
        failures: u32,
    },
    Sent,
    Withheld,
}

impl Default for Letter {
    fn default() -> Self {
        Self::Unsent { failures: 0 }
    }
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Letter::TYPE,
    "One piece of news to one school, and what became of it.",
    "the id of the letter, a UUID",
    include_str!("../events/letter.jsonl"),
);

impl Letter {
    fn decide(self, about: About, wish: commands::Wish) -> Result<Vec<Event>, Refusal> {
        use commands::Wish;
        match wish {
            Wish::Begin(sending) => self.begin(about, sending),
            Wish::Sent { reply, on } => self.sent(about, reply, on),
            Wish::FailForNow { reply, on } => self.fail_for_now(about, &reply, on),
            Wish::Fail { reply, on } => self.fail(about, &reply, on),
            Wish::Withhold { reason, on } => self.withhold(about, reason, on),
            Wish::Release { reason, on } => self.release(about, reason, on),
            Wish::Resolve { found, reason, on } => self.resolve(about, found, reason, on),
        }
    }

    /// The one gate: what is not let through here is not handed to anybody.  (Asked twice it is no repeated wish but a
    /// second letter, so it is refused.)
    fn begin(self, about: About, sending: Sending) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::Unsent { .. } => Ok(vec![Event::SendingBegan { about, sending }]),
            Self::InDoubt { .. } => Err(Refusal::InDoubt),
            Self::Sent => Err(Refusal::AlreadySent),
            Self::Withheld => Err(Refusal::Withheld),
        }
    }

    fn sent(
        self,
        about: About,
        reply: Option<String>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::InDoubt { .. } => {
                let reply = reply.as_deref().map(told);
                Ok(vec![Event::LetterSent { about, reply, on }])
            }
            Self::Sent => Ok(vec![]),
            Self::Unsent { .. } | Self::Withheld => Err(Refusal::NotInDoubt),
        }
    }

    fn fail_for_now(self, about: About, reply: &str, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        let Self::InDoubt { failures } = self else { return Err(Refusal::NotInDoubt) };
        let how = if failures + 1 < MOST_ATTEMPTS { Failing::Postponed } else { Failing::GivenUp };
        Ok(vec![Event::SendingFailed { about, how, reply: told(reply), on }])
    }

    fn fail(self, about: About, reply: &str, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        let Self::InDoubt { .. } = self else { return Err(Refusal::NotInDoubt) };
        Ok(vec![Event::SendingFailed { about, how: Failing::Refused, reply: told(reply), on }])
    }

    fn withhold(self, about: About, reason: String, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        fits(&reason)?;
        match self {
            Self::Unsent { .. } => Ok(vec![Event::LetterWithheld { about, reason, on }]),
            Self::Withheld => Ok(vec![]),
            Self::InDoubt { .. } => Err(Refusal::InDoubt),
            Self::Sent => Err(Refusal::AlreadySent),
        }
    }

    fn release(self, about: About, reason: String, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        fits(&reason)?;
        match self {
            Self::Withheld => Ok(vec![Event::LetterReleased { about, reason, on }]),
            Self::Unsent { .. } | Self::InDoubt { .. } | Self::Sent => Err(Refusal::NotWithheld),
        }
    }

    fn resolve(
        self,
        about: About,
        found: Found,
        reason: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        fits(&reason)?;
        match self {
            Self::InDoubt { .. } => Ok(vec![Event::DoubtResolved { about, found, reason, on }]),
            Self::Unsent { .. } | Self::Sent | Self::Withheld => Err(Refusal::NotInDoubt),
        }
    }
}

impl Aggregate for Letter {
    const TYPE: &'static str = "letters.letter";
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
        let Command { letter, about, wish } = command;
        if about.id() != letter {
            return Err(Refusal::AnotherLetter);
        }
        for event in self.decide(about, wish)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        *self = match (event, *self) {
            (Event::SendingBegan { .. }, Self::Unsent { failures }) => Self::InDoubt { failures },
            (Event::SendingBegan { .. }, _) => Self::InDoubt { failures: 0 },
            (Event::SendingFailed { how: Failing::Postponed, .. }, Self::InDoubt { failures }) => {
                Self::Unsent { failures: failures + 1 }
            }
            (Event::LetterSent { .. } | Event::DoubtResolved { found: Found::ItWent, .. }, _) => {
                Self::Sent
            }
            (Event::LetterWithheld { .. }, _) => Self::Withheld,
            (
                Event::SendingFailed { .. }
                | Event::LetterReleased { .. }
                | Event::DoubtResolved { found: Found::ItDidNot, .. },
                _,
            ) => Self::Unsent { failures: 0 },
        };
    }
}

/// What a server said, as text that fits: the letter was handed over by then, and nothing of that may be refused any more.
fn told(reply: &str) -> String {
    let text = |c: char| if c.is_control() { ' ' } else { c };
    reply.chars().map(text).take(LONGEST_TEXT).collect()
}

fn fits(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if reason.chars().any(char::is_control) {
        return Err(Refusal::NotText);
    }
    match reason.chars().count() {
        length if length > LONGEST_TEXT => {
            Err(Refusal::ReasonTooLong { length, longest: LONGEST_TEXT })
        }
        _ => Ok(()),
    }
}
