//! Who the office deals with at each school: a row a role, the person in it as they are sealed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contacts::Role;
use contacts::person::Event as Person;
use kernel::{PersonId, Sealed, Urn};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[cfg(test)]
mod tests;

#[derive(Debug, Default)]
pub struct Contacts {
    people: BTreeMap<PersonId, Held>,
}

/// The roles of one person, in the order in which they took them.
#[derive(Debug)]
struct Held {
    rows: Vec<Row>,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub person: PersonId,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub role: Role,
    #[serde(with = "columns::day")]
    pub held_from: NaiveDate,
    #[serde(with = "columns::optional_day")]
    pub held_until: Option<NaiveDate>,
    /// What is known of the person now.  `None`: they were forgotten.
    #[serde(with = "columns::optional_sealed")]
    pub sealed: Option<Sealed>,
    #[serde(with = "columns::optional_day")]
    pub forgotten_on: Option<NaiveDate>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "contacts",
        key: &["position"],
        ddl: "\
CREATE TABLE contacts (
  position     INTEGER PRIMARY KEY, -- of the event in the journal by which the person took the role
  recorded_at  INTEGER NOT NULL,    -- of that event, microseconds since 1970-01-01 UTC
  person       TEXT NOT NULL,       -- the person's id, which says nothing of them
  urn          INTEGER NOT NULL,
  role         TEXT NOT NULL,       -- head, main or finance
  held_from    TEXT NOT NULL,       -- the first day
  held_until   TEXT,                -- the last day; before the first one: never held
  sealed       TEXT,                -- JSON: what is known of them now, sealed under a key that lies elsewhere
  forgotten_on TEXT                 -- the day on which they were forgotten; then nothing is sealed
)",
        indexes: &[
            "CREATE INDEX contacts_of ON contacts (urn)",
            "CREATE INDEX contacts_who ON contacts (person)",
        ],
    };
}

impl Row {
    /// Whether the person has the role on a day.
    #[must_use]
    pub fn is_held_on(&self, day: NaiveDate) -> bool {
        self.held_from <= day && self.held_until.is_none_or(|until| day <= until)
    }
}

/// Who has a role on a day, of the rows of one school.  Where two have it, who came later: for a moment it is so while one
/// follows the other.
#[must_use]
pub fn holder(rows: &[Row], role: Role, day: NaiveDate) -> Option<&Row> {
    rows.iter()
        .filter(|row| row.role == role && row.is_held_on(day))
        .max_by_key(|row| (row.held_from, row.position))
}

/// For whose attention an invoice to the school is, of its rows: its finance contact, or where there is none, or they were
/// forgotten, its main contact.
#[must_use]
pub fn attention(rows: &[Row], day: NaiveDate) -> Option<PersonId> {
    let known = |role| holder(rows, role, day).filter(|row| row.forgotten_on.is_none());
    known(Role::Finance).or_else(|| known(Role::Main)).map(|row| row.person)
}

impl Contacts {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Person(person, event) = &recorded.event else { return Ok(()) };
        let held = self.person(*person, past)?;
        held.changed = true;
        match event {
            Person::ContactAdded { urn, role, from, details } => {
                let sealed = Some(details.clone());
                held.rows.push(Row::taken(recorded, *person, *urn, *role, *from, sealed));
            }
            Person::RoleTaken { urn, role, from } => {
                let sealed = held.rows.first().and_then(|row| row.sealed.clone());
                held.rows.push(Row::taken(recorded, *person, *urn, *role, *from, sealed));
            }
            Person::ContactCorrected { details, .. } => {
                held.rows.iter_mut().for_each(|row| row.sealed = Some(details.clone()));
            }
            Person::RoleEnded { urn, role, until } => {
                let is = |row: &&mut Row| (row.urn, row.role) == (*urn, *role);
                let ended = held.rows.iter_mut().rev().find(is);
                ended.into_iter().for_each(|row| row.held_until = Some(*until));
            }
            Person::PersonForgotten { on, .. } => held.rows.iter_mut().for_each(|row| {
                row.sealed = None;
                row.forgotten_on = Some(*on);
            }),
        }
        Ok(())
    }

    fn person<P: Past>(&mut self, person: PersonId, past: &mut P) -> Result<&mut Held, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.people.entry(person) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let rows = past.rows::<Row>("person", Key::Text(&person.to_string()))?;
                place.insert(Held { rows, changed: false })
            }
        })
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        let mut rows: Vec<&Row> =
            self.people.values().filter(|it| it.changed).flat_map(|it| &it.rows).collect();
        rows.sort_by_key(|row| row.position);
        rows.into_iter().try_for_each(|row| sink.put(row))?;
        self.people.values_mut().for_each(|held| held.changed = false);
        Ok(())
    }
}

impl Row {
    fn taken(
        recorded: &Recorded,
        person: PersonId,
        urn: Urn,
        role: Role,
        held_from: NaiveDate,
        sealed: Option<Sealed>,
    ) -> Self {
        let recorded_at = recorded.recorded_at.timestamp_micros();
        let (held_until, forgotten_on) = (None, None);
        let position = recorded.position;
        Self {
            position,
            recorded_at,
            person,
            urn,
            role,
            held_from,
            held_until,
            sealed,
            forgotten_on,
        }
    }
}
