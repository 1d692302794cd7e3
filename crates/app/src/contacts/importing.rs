//! A list of contacts, taken down whole or not at all; what was interrupted goes on when the list is read again.
//!
//! An empty cell is unknown: what another line says of the person is taken, and what is held of them is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contacts::Details;
use contacts::details::Detail;
use contacts::person::{Command, in_range};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{PersonId, Urn};
use national_data::{ContactRow, Fault, Faults, File};
use projections::contacts::Row;
use serde::Serialize;

use super::entering::{Ask, Follows, Newcomer, Plan};
use crate::office::AT_ONCE;
use crate::{Desk, Failure, Office, Progress};

/// What a list of contacts brought.
#[derive(Clone, Debug, Serialize)]
pub struct ContactsImported {
    pub file: String,
    /// Rows below the header.
    pub read: u64,
    /// Rows that repeat another.
    pub repeated: u64,
    /// People whom nobody here knew.
    pub added: u64,
    /// Roles taken by people who were known already.
    pub taken: u64,
    /// People of whom something else is known now.
    pub corrected: u64,
    /// Roles that end because somebody else follows.
    pub ended: u64,
    /// Rows that say what was known already.
    pub unchanged: u64,
    /// Nothing was written because it was only asked what would be.
    pub checked_only: bool,
}

/// What is to be asked, in order: first everybody's own, then the end of those whom they follow.
#[derive(Default)]
struct Wishes {
    new: Vec<PersonId>,
    own: BTreeMap<PersonId, Vec<(Newcomer, Plan)>>,
}

impl Desk {
    /// Goes the whole way of reading a list of contacts, and writes nothing.
    ///
    /// # Errors
    /// Every fault of the file, with its line, and its column where it is one cell's.
    pub fn check_contacts(&self, file: &File) -> Result<ContactsImported, Failure> {
        let (_, imported) = self.contacts_to_enter(file)?;
        Ok(ContactsImported { checked_only: true, ..imported })
    }

    fn contacts_to_enter(&self, file: &File) -> Result<(Wishes, ContactsImported), Failure> {
        let reading = national_data::contacts(file)?;
        let mut imported = ContactsImported {
            file: file.name.clone(),
            read: reading.counts.read,
            repeated: reading.counts.repeated,
            added: 0,
            taken: 0,
            corrected: 0,
            ended: 0,
            unchanged: 0,
            checked_only: false,
        };
        let today = self.today();
        let mut known = self.known()?;
        let mut roles: BTreeMap<Urn, Vec<Row>> = BTreeMap::new();
        let mut wishes = Wishes::default();
        let mut rows = reading.rows;
        let mut faults = joined(&mut rows);
        // Who follows whom within the list is seen in the order of their days.
        rows.sort_by_key(|row| (row.urn, row.role, row.from.unwrap_or(today), row.line));
        for row in rows {
            let ContactRow { urn, role, details, from, line } = row;
            let newcomer = Newcomer { urn, role, from: from.unwrap_or(today), details };
            let held = match roles.entry(urn) {
                std::collections::btree_map::Entry::Occupied(held) => held.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(self.read.contacts_of(urn)?)
                }
            };
            let plan = match self.plan(&newcomer, &known, held) {
                Ok(plan) => plan,
                Err(failure) if failure.is_refusal() => {
                    faults.push(fault(line, &newcomer, &failure));
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            match (plan.asks, plan.corrects) {
                (Some(Ask::Add), _) => imported.added += 1,
                (Some(Ask::Take), _) => imported.taken += 1,
                (None, true) => {}
                (None, false) if plan.follows.is_empty() => imported.unchanged += 1,
                (None, false) => {}
            }
            imported.corrected += u64::from(plan.corrects);
            imported.ended += plan.follows.len() as u64;
            let person = plan.known.unwrap_or_else(PersonId::mint);
            if plan.known.is_none() {
                wishes.new.push(person);
            }
            known.remember(person, &plan.details);
            foresee(held, &newcomer, &plan, person);
            wishes.own.entry(person).or_default().push((newcomer, plan));
        }
        if !faults.is_empty() {
            faults.sort_by_key(|fault| fault.line);
            return Err(Faults { file: file.name.clone(), faults, more: 0 }.into());
        }
        Ok((wishes, imported))
    }
}

impl Office {
    /// Takes down a list of contacts.  The same list again changes nothing.
    ///
    /// # Errors
    /// A file with faults, or with somebody who does not fit what is on record, is refused whole, with every fault.
    pub async fn import_contacts(
        &mut self,
        file: &File,
        progress: Progress<'_>,
    ) -> Result<ContactsImported, Failure> {
        let (wishes, imported) = self.desk.contacts_to_enter(file)?;
        // All keys at once, and on the disk before anything is sealed under them.
        if !wishes.new.is_empty() {
            self.desk.keys.make(&wishes.new)?;
        }
        let total = wishes.own.len() as u64;
        let mut done = 0;
        let mut answers = stream::iter(&wishes.own)
            .map(|(person, own)| self.enter_all(*person, own))
            .buffered(AT_ONCE);
        while answers.try_next().await?.is_some() {
            done += 1;
            progress("taking down contacts", done, total);
        }
        drop(answers);
        let mut ends: BTreeMap<PersonId, Vec<Command>> = BTreeMap::new();
        for (newcomer, plan) in wishes.own.values().flatten() {
            for Follows { person, until } in &plan.follows {
                let (urn, role, until) = (newcomer.urn, newcomer.role, *until);
                ends.entry(*person).or_default().push(Command::End { urn, role, until });
            }
        }
        let mut answers =
            stream::iter(ends).map(|(person, ends)| self.end_all(person, ends)).buffered(AT_ONCE);
        while answers.try_next().await?.is_some() {}
        drop(answers);
        self.settle(progress).await?;
        Ok(imported)
    }

    async fn end_all(&self, person: PersonId, ends: Vec<Command>) -> Result<(), Failure> {
        for end in ends {
            self.of_person(person, end).await?;
        }
        Ok(())
    }

    /// One person's own roles, one after the other.
    async fn enter_all(&self, person: PersonId, own: &[(Newcomer, Plan)]) -> Result<(), Failure> {
        for (newcomer, plan) in own {
            self.enter(newcomer, plan, person).await?;
        }
        Ok(())
    }
}

/// The roles at a school as they will be, for the lines of the list that come after.
fn foresee(rows: &mut Vec<Row>, newcomer: &Newcomer, plan: &Plan, person: PersonId) {
    let followed: BTreeSet<PersonId> = plan.follows.iter().map(|it| it.person).collect();
    for row in rows.iter_mut().filter(|row| row.role == newcomer.role) {
        if followed.contains(&row.person) && row.held_until.is_none() {
            row.held_until = newcomer.from.pred_opt();
        }
    }
    if plan.asks.is_some() {
        rows.push(Row {
            position: u64::MAX,
            recorded_at: 0,
            person,
            urn: newcomer.urn,
            role: newcomer.role,
            held_from: newcomer.from,
            held_until: None,
            sealed: None,
            forgotten_on: None,
        });
    }
}

/// Lays together what the lines of a list say of one person: a cell that is empty is filled from the others.  What two lines
/// say differently is told of the later one.
fn joined(rows: &mut [ContactRow]) -> Vec<Fault> {
    let mut people: HashMap<(String, String), (u64, Details)> = HashMap::new();
    let mut faults = vec![];
    for row in rows.iter() {
        let (line, known) = people
            .entry(row.details.same_person())
            .or_insert_with(|| (row.line, row.details.clone()));
        if let Err(detail) = known.join(&row.details) {
            let value = match detail {
                Detail::Name => Some(&row.details.name),
                Detail::Email => Some(&row.details.email),
                Detail::Phone => row.details.phone.as_ref(),
                Detail::Salutation => row.details.salutation.as_ref(),
            };
            faults.push(Fault {
                line: row.line,
                column: detail.to_string(),
                value: value.cloned().unwrap_or_default(),
                expected: format!(
                    "what line {line} says of the same person, or an empty cell, which means that it is not known"
                ),
            });
        }
    }
    for row in rows {
        if let Some((_, known)) = people.get(&row.details.same_person()) {
            row.details.clone_from(known);
        }
    }
    faults
}

fn fault(line: u64, newcomer: &Newcomer, why: &Failure) -> Fault {
    let (column, value) = match why {
        Failure::NoSuchSchool { .. } => {
            let (column, value) = ("urn".to_owned(), newcomer.urn.to_string());
            let expected = "a school on record: load the register that has it".to_owned();
            return Fault { line, column, value, expected };
        }
        _ if in_range(newcomer.from).is_err() => ("from", newcomer.from.to_string()),
        _ => ("role", newcomer.role.to_string()),
    };
    Fault { line, column: column.to_owned(), value, expected: why.to_string() }
}
