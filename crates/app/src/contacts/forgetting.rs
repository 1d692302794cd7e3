//! Forgetting a person: first it is recorded, then the key is destroyed, and what lies outside the journal is cleared.

use chrono::NaiveDate;
use contacts::person::{Command, Reason};
use contacts::{Details, Role};
use kernel::{PersonId, Urn};
use serde::Serialize;

use super::Unsealed;
use crate::{Desk, Failure, Office, Unremoved, no_progress};

/// What was forgotten, or would be.
#[derive(Clone, Debug, Serialize)]
pub struct Forgotten {
    pub person: PersonId,
    pub reason: Reason,
    /// The roles they have or had, which stay on record without them.
    pub roles: Vec<(Urn, Role)>,
    /// Of these roles, those that nobody is left to be written to in.
    pub vacant: Vec<(Urn, Role)>,
    /// The key was there and is destroyed now.
    pub key_destroyed: bool,
    /// They had been forgotten before.
    pub known_already: bool,
    /// What people typed that is not sealed, and stays.
    pub unsealed: Unsealed,
    /// Files that may tell of them and could not be removed.
    pub unremoved: Vec<Unremoved>,
}

impl Desk {
    /// What is known of a person now.
    ///
    /// # Errors
    /// There is no such contact, or they were forgotten.
    pub fn details_of(&self, person: PersonId) -> Result<Details, Failure> {
        let rows = self.read.roles_of(person)?;
        let Some(row) = rows.first() else { return Err(super::no_such(&person.to_string())) };
        let details = row.sealed.as_ref().map(|sealed| self.details(sealed)).transpose()?;
        details
            .flatten()
            .ok_or_else(|| Failure::Refused(format!("the contact {person} was forgotten")))
    }

    /// What forgetting a person would come to.
    ///
    /// # Errors
    /// There is no such contact.
    pub fn check_forget(&self, person: PersonId, reason: Reason) -> Result<Forgotten, Failure> {
        let rows = self.read.roles_of(person)?;
        let Some(first) = rows.first() else { return Err(super::no_such(&person.to_string())) };
        let today = self.today();
        let held = rows.iter().filter(|row| row.is_held_on(today));
        let details = self.opened_if_it_can_be(first)?.details;
        let schools = rows.iter().map(|row| row.urn).collect();
        // Whatever they were ever called: what can be opened today is lost with the key.
        let known: Vec<Details> = match details {
            Some(_) => {
                let held = self.held_about(person, &no_progress)?;
                held.known_over_time.into_iter().map(|earlier| earlier.details).collect()
            }
            None => vec![],
        };
        Ok(Forgotten {
            person,
            reason,
            roles: rows.iter().map(|row| (row.urn, row.role)).collect(),
            vacant: held.map(|row| (row.urn, row.role)).collect(),
            key_destroyed: false,
            known_already: first.forgotten_on.is_some(),
            unsealed: self.unsealed(&known, &schools)?,
            unremoved: vec![],
        })
    }
}

impl Office {
    /// Forgets a person for good: what is sealed of them, wherever it was copied to, can be opened no more.  A file that
    /// cannot be removed does not keep their key: it is told, and the next office that opens tries again.
    ///
    /// # Errors
    /// There is no such contact; or the file of keys cannot be written, and then the next office that opens does it.
    pub async fn forget_person(
        &mut self,
        person: PersonId,
        reason: Reason,
        on: NaiveDate,
    ) -> Result<Forgotten, Failure> {
        let would_be = self.desk.check_forget(person, reason)?;
        self.of_person(person, Command::Forget { reason, on }).await?;
        let (keys, unremoved) = self.clear(&[(person, on)])?;
        for file in &unremoved {
            if !self.unremoved.contains(file) {
                self.unremoved.push(file.clone());
            }
        }
        self.settle(&no_progress).await?;
        Ok(Forgotten { key_destroyed: keys > 0, unremoved, ..would_be })
    }

    /// Does what a forgetting left undone that was interrupted, or that could not remove a file, and forgets again whom an
    /// older file of keys brought back.
    pub(crate) fn finish_forgetting(&mut self) -> Result<(), Failure> {
        let mut forgotten: Vec<(PersonId, NaiveDate)> = vec![];
        for row in self.desk.read.forgotten_contacts()? {
            if let Some(on) = row.forgotten_on
                && forgotten.last().is_none_or(|(person, _)| *person != row.person)
            {
                forgotten.push((row.person, on));
            }
        }
        let people: Vec<PersonId> = forgotten.iter().map(|(person, _)| *person).collect();
        self.unremoved = self.clear_letters(&people)?;
        let held = self.desk.keys.held(&people)?;
        forgotten.retain(|(person, _)| held.contains(person));
        if !forgotten.is_empty() {
            self.desk.keys.destroy(&forgotten)?;
        }
        Ok(())
    }

    /// Everything of these people that is not in the journal: whatever keeps something of a person clears it here, before the
    /// key, so that an interrupted one is done again; and the key goes whatever became of that.  Answers how many keys there
    /// were, and what could not be removed.
    fn clear(&self, people: &[(PersonId, NaiveDate)]) -> Result<(usize, Vec<Unremoved>), Failure> {
        let ids: Vec<PersonId> = people.iter().map(|(person, _)| *person).collect();
        let unremoved = self.clear_letters(&ids);
        let keys = self.desk.keys.destroy(people)?;
        Ok((keys, unremoved?))
    }
}
