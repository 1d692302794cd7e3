//! What has happened to a letter.  Every shape here is also a line in `events/letter.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::About;
use crate::letter::{Failing, Found, Sending};

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// A letter is about to be handed over (R4, R5). Until an end is on record, nobody knows whether it was handed
    /// over.
    SendingBegan { about: About, sending: Sending },
    /// A letter was handed over (R4, R5). `reply` is the code of the server's, and what that means: never its own
    /// words, which may name people.
    LetterSent { about: About, reply: Option<String>, on: NaiveDate },
    /// A letter was not taken, for now or for good (R4, R5).
    SendingFailed { about: About, how: Failing, reply: String, on: NaiveDate },
    /// The office does not send a letter, and why (R4, R5).
    LetterWithheld { about: About, reason: String, on: NaiveDate },
    /// A letter that was withheld goes after all (R4, R5).
    LetterReleased { about: About, reason: String, on: NaiveDate },
    /// Somebody found out what became of a letter that nobody had seen go (R4, R5).
    DoubtResolved { about: About, found: Found, reason: String, on: NaiveDate },
}

impl Event {
    /// What the letter says, to which school.
    #[must_use]
    pub fn about(&self) -> &About {
        match self {
            Self::SendingBegan { about, .. }
            | Self::LetterSent { about, .. }
            | Self::SendingFailed { about, .. }
            | Self::LetterWithheld { about, .. }
            | Self::LetterReleased { about, .. }
            | Self::DoubtResolved { about, .. } => about,
        }
    }
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        <&str>::from(self).to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    fn effective_on(&self) -> Option<NaiveDate> {
        match self {
            Self::SendingBegan { sending, .. } => Some(sending.on),
            Self::LetterSent { on, .. }
            | Self::SendingFailed { on, .. }
            | Self::LetterWithheld { on, .. }
            | Self::LetterReleased { on, .. }
            | Self::DoubtResolved { on, .. } => Some(*on),
        }
    }
}
