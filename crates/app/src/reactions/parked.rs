//! What the policies could not do, as the office looks at it.

use chrono::NaiveDate;
use kernel::Urn;
use policies::{Concerned, POLICIES, concerned};
use projections::parked::{Row, State};
use serde::Serialize;

use super::surroundings::Surroundings;
use super::told;
use crate::{Desk, Failure};

/// What stands at the head of a school's line, and how much waits behind it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ParkedReaction {
    pub urn: Urn,
    pub name: Option<String>,
    pub policy: String,
    /// The event that was reacted to, and its place in the journal.
    pub event_type: String,
    pub stream: String,
    pub position: u64,
    /// What stood in the way, the last time.
    pub why: String,
    pub attempts: u32,
    /// The office's day on which it was first parked.
    pub since: NaiveDate,
    /// Later occasions of the school, days included, that wait behind it.
    pub waiting: u64,
}

/// What became of a reaction that was tried again, or dismissed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Tried {
    pub urn: Urn,
    /// What was recorded of memberships by it, in order.
    pub came: Vec<Came>,
    /// What stands at the head of the school's line now; `None`: nothing waits any more.
    pub left: Option<ParkedReaction>,
}

/// One thing that came of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Came {
    pub urn: Urn,
    pub event_type: String,
    /// The day from which it counts.
    pub on: NaiveDate,
    /// In the words of the school's history.
    pub what: String,
}

impl Desk {
    /// What is parked, by school.
    ///
    /// # Errors
    /// The read models or the journal cannot be read.
    pub fn parked(&self) -> Result<Vec<ParkedReaction>, Failure> {
        let mut rows = self.read.parked()?;
        rows.retain(|row| row.state == State::Waiting);
        let Some(first) = rows.iter().map(|row| row.reacted_to).min() else { return Ok(vec![]) };
        let mut parked = Vec::with_capacity(rows.len());
        for row in rows {
            parked.push(ParkedReaction::of(row, self)?);
        }
        told::read(&self.journal, first, self.read.position()?, None, |told| {
            let concerned = concerned(&told.event);
            for parked in parked.iter_mut().filter(|it| it.position < told.position) {
                parked.waiting += u64::from(match &concerned {
                    Concerned::Nobody => false,
                    Concerned::Everybody => true,
                    Concerned::School(urn) => *urn == parked.urn,
                });
            }
        })?;
        Ok(parked)
    }
}

impl Desk {
    /// Whether what is parked would still be asked for as its school stands now.  Where it would not, only what waits behind
    /// it does.
    pub(crate) fn is_still_wanted(&self, parked: &ParkedReaction) -> Result<bool, Failure> {
        let Some(policy) = POLICIES.iter().find(|policy| policy.name == parked.policy) else {
            return Ok(true);
        };
        let before = parked.position.saturating_sub(1);
        let last_day = self.read.day_begun(before)?.map(|day| day.day);
        let mut told = None;
        told::read(&self.journal, before, parked.position, last_day, |it| told = Some(it))?;
        let mut known = Surroundings::default();
        known.look_up(&self.read, told.iter().map(|told| (parked.urn, told.on)))?;
        let asked = told.as_ref().and_then(|told| {
            let school = known.of(parked.urn, told.on)?;
            Some((policy.react)(told.occasion(), told.on, school))
        });
        Ok(asked != Some(Ok(None)))
    }
}

impl ParkedReaction {
    fn of(row: Row, desk: &Desk) -> Result<Self, Failure> {
        Ok(Self {
            urn: row.urn,
            name: desk.read.name_of(row.urn)?,
            policy: row.policy,
            event_type: row.event_type,
            stream: row.stream,
            position: row.reacted_to,
            why: row.why,
            attempts: row.attempts,
            since: row.parked_on,
            waiting: 0,
        })
    }
}
