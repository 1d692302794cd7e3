//! Everybody who is known, opened, to see who is the same person.  In memory alone, and no longer than one question takes.

use std::collections::{BTreeMap, HashMap};

use contacts::Details;
use kernel::PersonId;

use crate::{Desk, Failure};

/// By name and address.
#[derive(Default)]
pub(super) struct Known {
    people: HashMap<(String, String), (PersonId, Details)>,
}

impl Known {
    /// Somebody of the same name at the same address.
    pub(super) fn same_person(&self, details: &Details) -> Option<&(PersonId, Details)> {
        self.people.get(&details.same_person())
    }

    pub(super) fn remember(&mut self, person: PersonId, details: &Details) {
        self.people.insert(details.same_person(), (person, details.clone()));
    }
}

impl Desk {
    pub(super) fn known(&self) -> Result<Known, Failure> {
        let mut known = Known::default();
        for (person, details) in self.everybody()? {
            known.remember(person, &details);
        }
        Ok(known)
    }

    /// Everybody who was not forgotten and whose key is there, opened once.
    pub(super) fn everybody(&self) -> Result<BTreeMap<PersonId, Details>, Failure> {
        let mut people = BTreeMap::new();
        for row in self.read.contacts()? {
            let Some(sealed) = row.sealed.filter(|_| !people.contains_key(&row.person)) else {
                continue;
            };
            match self.details(&sealed) {
                Ok(Some(details)) => drop(people.insert(row.person, details)),
                // Nobody can tell that it is the same person: they are entered anew.
                Ok(None) | Err(Failure::KeyMissing { .. }) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(people)
    }
}
