//! Why a person's record says no.

use chrono::NaiveDate;
use kernel::{Day, Urn};

use crate::Role;

/// The fact that forbids it, as a sentence.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such contact: add them first")]
    NotAContact,
    #[error("this person is a contact already: let them take another role instead")]
    ContactAlready,
    #[error("this person was forgotten on {}; add them anew, as another", Day(*on))]
    Forgotten { on: NaiveDate },
    #[error("these details are another person's")]
    AnothersDetails,
    #[error("they are {} of {urn} since {} already", role.in_words(), Day(*from))]
    HeldAlready { urn: Urn, role: Role, from: NaiveDate },
    #[error(
        "they were {} of {urn} until {}: a day after that is the first they can be so again",
        role.in_words(),
        Day(*until)
    )]
    HeldBefore { urn: Urn, role: Role, until: NaiveDate },
    #[error("they are not {} of {urn}", role.in_words())]
    NotHeld { urn: Urn, role: Role },
    #[error(
        "{} is too early: they are {} of {urn} from {} on (the day before says that they never were)",
        Day(*until),
        role.in_words(),
        Day(*from)
    )]
    EndedBefore { urn: Urn, role: Role, from: NaiveDate, until: NaiveDate },
    #[error("{} is no day of this network: one between 1990 and 2100", Day(*day))]
    DayOutOfRange { day: NaiveDate },
}
