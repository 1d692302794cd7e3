//! What the policies could not do, school by school, and what became of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::Urn;
use routine::parked::Event as Parked;
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct ParkedReactions {
    /// By the position of the event that was reacted to, school by school.
    held: BTreeMap<(Urn, u64), Held>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

/// What became of a reaction that was parked.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Done,
    Dismissed,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub reacted_to: u64,
    pub event_type: String,
    pub stream: String,
    pub policy: String,
    pub why: String,
    pub attempts: u32,
    #[serde(with = "columns::day")]
    pub parked_on: NaiveDate,
    pub state: State,
    #[serde(with = "columns::optional_day")]
    pub settled_on: Option<NaiveDate>,
    pub reason: Option<String>,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "parked",
        key: &["urn", "reacted_to"],
        ddl: "\
CREATE TABLE parked (
  urn         INTEGER NOT NULL, -- the school for which it could not be done
  reacted_to  INTEGER NOT NULL, -- the position of the event in the journal that was reacted to
  event_type  TEXT NOT NULL,
  stream      TEXT NOT NULL,
  policy      TEXT NOT NULL,    -- which policy could not
  why         TEXT NOT NULL,    -- what stood in the way, the last time
  attempts    INTEGER NOT NULL,
  parked_on   TEXT NOT NULL,    -- the day it was first parked
  state       TEXT NOT NULL,    -- waiting, done or dismissed
  settled_on  TEXT,
  reason      TEXT,             -- why it was dismissed
  position    INTEGER NOT NULL, -- of the last event in the journal that changed the row
  recorded_at INTEGER NOT NULL, -- of that event, microseconds since 1970-01-01 UTC
  PRIMARY KEY (urn, reacted_to)
) WITHOUT ROWID",
        indexes: &[],
    };
}

impl ParkedReactions {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Parked(urn, event) = &recorded.event else { return Ok(()) };
        let (urn, recorded_at) = (*urn, recorded.recorded_at.timestamp_micros());
        let reacted_to = match event {
            Parked::ReactionParked(reaction) => reaction.position,
            Parked::ReactionResumed { position, .. }
            | Parked::ReactionDismissed { position, .. } => *position,
        };
        let before = match self.held.remove(&(urn, reacted_to)) {
            Some(held) => Some(held.row),
            None => past
                .rows::<Row>("urn", Key::Number(urn.number()))?
                .into_iter()
                .find(|row| row.reacted_to == reacted_to),
        };
        let row = match event {
            Parked::ReactionParked(reaction) => Some(Row {
                urn,
                reacted_to,
                event_type: reaction.event_type.clone(),
                stream: reaction.stream.clone(),
                policy: reaction.policy.clone(),
                why: reaction.why.clone(),
                attempts: reaction.attempts,
                parked_on: before.map_or(reaction.on, |row| row.parked_on),
                state: State::Waiting,
                settled_on: None,
                reason: None,
                position: recorded.position,
                recorded_at,
            }),
            Parked::ReactionResumed { on, .. } => {
                before.map(|row| row.settled(State::Done, *on, None))
            }
            Parked::ReactionDismissed { on, reason, .. } => {
                before.map(|row| row.settled(State::Dismissed, *on, Some(reason.clone())))
            }
        };
        if let Some(row) = row {
            let row = Row { position: recorded.position, recorded_at, ..row };
            self.held.insert((urn, reacted_to), Held { row, changed: true });
        }
        Ok(())
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for held in self.held.values_mut().filter(|held| held.changed) {
            sink.put(&held.row)?;
            held.changed = false;
        }
        Ok(())
    }
}

impl Row {
    fn settled(self, state: State, on: NaiveDate, reason: Option<String>) -> Self {
        Self { state, settled_on: Some(on), reason, ..self }
    }
}
