//! The letters that what happened calls for, and what became of each (P6): one row a letter, by its id.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, LetterId, PersonId, Urn};
use letters::letter::{Event as Letter, Failing, Found, Transport};
use letters::{About, Kind, Recipient};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

mod billed;
mod due;
#[cfg(test)]
mod tests;

use due::News;

#[derive(Debug, Default)]
pub struct Letters {
    held: BTreeMap<Urn, BTreeMap<LetterId, Held>>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

/// How far a letter has come.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, EnumString, Eq, IntoStaticStr, PartialEq, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Due,
    /// It could not be sent for the moment, and is tried again.
    Postponed,
    /// Sending began and nobody saw it end.
    InDoubt,
    Sent,
    Withheld,
    /// It cannot be sent, or could not too often.
    Failed,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub letter: LetterId,
    pub kind: Kind,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub occasion: String,
    pub addressed: Recipient,
    pub calls_for: u64,
    #[serde(with = "columns::day")]
    pub due_on: NaiveDate,
    #[serde(with = "columns::optional_day")]
    pub answer_by: Option<NaiveDate>,
    pub overtaken: Option<String>,
    pub state: State,
    pub said: Option<String>,
    pub attempts: u32,
    pub person: Option<PersonId>,
    pub role: Option<Recipient>,
    pub transport: Option<Transport>,
    pub message_id: Option<String>,
    pub copy: Option<String>,
    #[serde(with = "columns::optional_day")]
    pub acted_on: Option<NaiveDate>,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "letters",
        key: &["letter"],
        ddl: "\
CREATE TABLE letters (
  letter      TEXT PRIMARY KEY, -- its id, which follows from what it says
  kind        TEXT NOT NULL,    -- invitation, renewal_offer, not_eligible, ...
  urn         INTEGER NOT NULL, -- the school it is for
  year        TEXT NOT NULL,    -- the Leading Edge year it speaks of, as 2019-20
  occasion    TEXT NOT NULL,    -- what tells it from another of its kind in the year; empty: there is only one
  addressed   TEXT NOT NULL,    -- the role it is for: head or finance
  calls_for   INTEGER NOT NULL, -- the position of the event in the journal that calls for it
  due_on      TEXT NOT NULL,    -- the day on which that happened
  answer_by   TEXT,             -- the last day on which what it asks for can be done
  overtaken   TEXT,             -- why what it says is no longer so; it is not sent then
  state       TEXT NOT NULL,    -- due, postponed, in_doubt, sent, withheld or failed
  said        TEXT,             -- the server's last reply, or the reason that somebody gave last
  attempts    INTEGER NOT NULL, -- how often sending began
  person      TEXT,             -- to whom it was sent last: an id, never a name
  role        TEXT,             -- in which role: head, main or finance
  transport   TEXT,             -- outbox or smtp
  message_id  TEXT,
  copy        TEXT,             -- the SHA-256 of the sealed copy of what was sent
  acted_on    TEXT,             -- the day it was sent, withheld, or failed last
  position    INTEGER NOT NULL, -- of the last event in the journal that changed the row
  recorded_at INTEGER NOT NULL  -- of that event, microseconds since 1970-01-01 UTC
) WITHOUT ROWID",
        indexes: &[
            "CREATE INDEX letters_of ON letters (urn)",
            "CREATE INDEX letters_by_state ON letters (state, due_on)",
        ],
    };
}

impl Letters {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        match &recorded.event {
            Event::Membership(urn, event) => {
                self.take_down(*urn, due::news(event, recorded), recorded, past)?;
            }
            Event::Ledger(_, event) => {
                self.take_down(event.urn(), billed::news(event), recorded, past)?;
            }
            Event::Letter(_, event) => {
                let letters = self.of(event.about().urn, past)?;
                take_down(letters, event, recorded);
            }
            Event::School(..)
            | Event::NationalData(..)
            | Event::Criteria(..)
            | Event::Review(..)
            | Event::Fee(..)
            | Event::Issuer(_)
            | Event::Customer(..)
            | Event::Calendar(_)
            | Event::Parked(..)
            | Event::Person(..) => {}
        }
        Ok(())
    }

    fn take_down<P: Past>(
        &mut self,
        urn: Urn,
        news: Vec<News>,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        if !news.is_empty() {
            let letters = self.of(urn, past)?;
            for news in news {
                due::take_down(letters, urn, news, recorded);
            }
        }
        Ok(())
    }

    fn of<P: Past>(
        &mut self,
        urn: Urn,
        past: &mut P,
    ) -> Result<&mut BTreeMap<LetterId, Held>, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.held.entry(urn) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let rows = past.rows::<Row>("urn", Key::Number(urn.number()))?;
                let held = rows.into_iter().map(|row| (row.letter, Held { row, changed: false }));
                place.insert(held.collect())
            }
        })
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        let held = self.held.values_mut().flat_map(BTreeMap::values_mut);
        for held in held.filter(|held| held.changed) {
            sink.put(&held.row)?;
            held.changed = false;
        }
        Ok(())
    }
}

impl Row {
    /// What it says, to which school.
    #[must_use]
    pub fn about(&self) -> About {
        let Self { kind, urn, year, occasion, .. } = self;
        About { kind: *kind, urn: *urn, year: *year, occasion: occasion.clone() }
    }

    /// Whether nobody has it yet, and nobody decided that nobody should.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Due | State::Postponed | State::Failed)
    }

    /// Why what it says is no longer so on a day, or can no longer be answered.  `None`: it still is.
    #[must_use]
    pub fn overtaken_by(&self, on: NaiveDate) -> Option<String> {
        let late = || {
            let last = self.answer_by.filter(|last| *last < on)?;
            Some(format!("its last day, {}, is past", kernel::Day(last)))
        };
        if self.is_open() { self.overtaken.clone().or_else(late) } else { None }
    }

    fn due(about: About, recorded: &Recorded, due_on: NaiveDate) -> Self {
        Self {
            letter: about.id(),
            kind: about.kind,
            urn: about.urn,
            year: about.year,
            occasion: about.occasion,
            addressed: about.kind.addressed(),
            calls_for: recorded.position,
            due_on,
            answer_by: None,
            overtaken: None,
            state: State::Due,
            said: None,
            attempts: 0,
            person: None,
            role: None,
            transport: None,
            message_id: None,
            copy: None,
            acted_on: None,
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        }
    }
}

/// What became of one of a school's letters.
fn take_down(letters: &mut BTreeMap<LetterId, Held>, event: &Letter, recorded: &Recorded) {
    let about = event.about();
    // A letter may be asked for that nothing here calls for: another program's, or one asked for by hand.
    let due_on = recorded.effective_on;
    let held = letters
        .entry(about.id())
        .or_insert_with(|| Held { row: Row::due(about.clone(), recorded, due_on), changed: true });
    let row = &mut held.row;
    match event {
        Letter::SendingBegan { sending, .. } => {
            row.state = State::InDoubt;
            row.said = None;
            row.attempts = row.attempts.saturating_add(1);
            row.person = Some(sending.to);
            row.role = Some(sending.role);
            row.transport = Some(sending.transport);
            row.message_id = Some(sending.message_id.clone());
            row.copy = Some(sending.copy.clone());
            row.acted_on = Some(sending.on);
        }
        Letter::LetterSent { reply, on, .. } => {
            row.became(State::Sent, reply.clone(), *on);
        }
        Letter::SendingFailed { how, reply, on, .. } => {
            let state = match how {
                Failing::Postponed => State::Postponed,
                Failing::Refused | Failing::GivenUp => State::Failed,
            };
            row.became(state, Some(reply.clone()), *on);
        }
        Letter::LetterWithheld { reason, on, .. } => {
            row.became(State::Withheld, Some(reason.clone()), *on);
        }
        Letter::LetterReleased { reason, on, .. } => {
            row.became(State::Due, Some(reason.clone()), *on);
        }
        Letter::DoubtResolved { found, reason, .. } => {
            let (state, on) = match found {
                // It went on the day that sending began.
                Found::ItWent => (State::Sent, row.acted_on),
                Found::ItDidNot => (State::Due, Some(recorded.effective_on)),
            };
            row.became(state, Some(reason.clone()), on.unwrap_or(recorded.effective_on));
        }
    }
    row.position = recorded.position;
    row.recorded_at = recorded.recorded_at.timestamp_micros();
    held.changed = true;
}

impl Row {
    fn became(&mut self, state: State, said: Option<String>, on: NaiveDate) {
        self.state = state;
        self.said = said;
        self.acted_on = Some(on);
    }
}
