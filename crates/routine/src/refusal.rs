//! Why the office's routine says no.

use chrono::NaiveDate;
use kernel::Day;

/// The fact that forbids it, as a sentence.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("{} cannot begin: {} comes first, and no day is left out", Day(*on), Day(*next))]
    DayLeftOut { on: NaiveDate, next: NaiveDate },
    #[error("nothing is parked for this school")]
    NothingParked,
    #[error(
        "what is parked for this school is the event at position {parked}, not the one at {asked}"
    )]
    AnotherIsParked { parked: u64, asked: u64 },
    #[error("say why it may be left undone: the reason is kept for ever")]
    ReasonMissing,
}
