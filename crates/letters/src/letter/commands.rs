//! What may be asked of a letter.

use chrono::NaiveDate;
use kernel::LetterId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::About;
use crate::letter::{Found, Sending};

/// What is wished for, of a letter that is known by its id and by what it says.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Command {
    pub letter: LetterId,
    pub about: About,
    pub wish: Wish,
}

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Wish {
    /// Ask whether it may be handed over now.  Only who was answered with the event hands it over.
    Begin(Sending),
    /// It was handed over; a server replied so.
    Sent { reply: Option<String>, on: NaiveDate },
    /// It was not taken, for the moment.
    FailForNow { reply: String, on: NaiveDate },
    /// It was not taken, and will not be.
    Fail { reply: String, on: NaiveDate },
    /// Do not send it.
    Withhold { reason: String, on: NaiveDate },
    /// Send it after all, when letters are sent next.
    Release { reason: String, on: NaiveDate },
    /// Say what became of a letter in doubt.
    Resolve { found: Found, reason: String, on: NaiveDate },
}
