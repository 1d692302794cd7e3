//! Contacts as they come, change and go.

use chrono::NaiveDate;
use contacts::person::{Command, in_range};
use contacts::{Details, Person, Role};
use kernel::{CommandId, Day, PersonId, Urn};
use projections::contacts::Row;
use serde::Serialize;

use super::known::Known;
use crate::{Desk, Failure, Office, no_progress};

/// Somebody who is to have a role at a school.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub urn: Urn,
    pub role: Role,
    /// The first day.
    pub from: NaiveDate,
    pub details: Details,
}

/// What came, or would come, of a newcomer.
#[derive(Clone, Debug, Serialize)]
pub struct Added {
    /// `None`: only looked at, and nobody known here.
    pub person: Option<PersonId>,
    pub urn: Urn,
    pub role: Role,
    pub from: NaiveDate,
    /// Somebody of this name and address was known already, and takes the role, or has it.
    pub known_already: bool,
    /// Whom they follow in the role.
    pub follows: Vec<Follows>,
    /// Events; 0: everything was so already.
    pub events: usize,
}

/// Who had a role before, and until when.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Follows {
    pub person: PersonId,
    pub until: NaiveDate,
}

/// What has to be asked so that a newcomer has their role.
pub(super) struct Plan {
    pub(super) known: Option<PersonId>,
    pub(super) asks: Option<Ask>,
    /// What is known of them from then on.
    pub(super) details: Details,
    /// It was known otherwise.
    pub(super) corrects: bool,
    pub(super) follows: Vec<Follows>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ask {
    Add,
    Take,
}

impl Plan {
    fn events(&self) -> usize {
        usize::from(self.asks.is_some()) + usize::from(self.corrects) + self.follows.len()
    }

    pub(super) fn told(&self, newcomer: &Newcomer) -> Added {
        Added {
            person: self.known,
            urn: newcomer.urn,
            role: newcomer.role,
            from: newcomer.from,
            known_already: self.known.is_some(),
            follows: self.follows.clone(),
            events: self.events(),
        }
    }
}

impl Desk {
    /// What would come of a newcomer.
    ///
    /// # Errors
    /// As [`Office::add_contact`].
    pub fn check_contact(&self, newcomer: &Newcomer) -> Result<Added, Failure> {
        Ok(self
            .plan(newcomer, &self.known()?, &self.read.contacts_of(newcomer.urn)?)?
            .told(newcomer))
    }

    /// What is to be asked, of everybody known and of the roles at the school.
    pub(super) fn plan(
        &self,
        newcomer: &Newcomer,
        known: &Known,
        rows: &[Row],
    ) -> Result<Plan, Failure> {
        let Newcomer { urn, role, from, details } = newcomer;
        if self.read.school(*urn)?.is_none() {
            return Err(Failure::NoSuchSchool { urn: *urn });
        }
        in_range(*from).map_err(Failure::refused)?;
        let same = known.same_person(details);
        let person = same.map(|(person, _)| *person);
        // What is not said of somebody known is not taken back.
        let known = same.map(|(_, known)| known);
        let details = Details {
            phone: details.phone.clone().or_else(|| known.and_then(|it| it.phone.clone())),
            salutation: details
                .salutation
                .clone()
                .or_else(|| known.and_then(|it| it.salutation.clone())),
            ..details.clone()
        };
        let is_held = |row: &Row| row.held_until.is_none_or(|until| *from <= until);
        let (own, others): (Vec<&Row>, Vec<&Row>) = rows
            .iter()
            .filter(|row| row.role == *role && is_held(row))
            .partition(|row| Some(row.person) == person);
        let mut follows = vec![];
        for row in others {
            let until = from.pred_opt().unwrap_or(*from);
            let in_the_way = match row.held_until {
                Some(until) => Some(format!("until {}", Day(until))),
                None if row.held_from > *from => Some(format!("from {}", Day(row.held_from))),
                None => None,
            };
            if let Some(when) = in_the_way {
                let role = role.in_words();
                return Err(Failure::Refused(format!(
                    "{urn} has another {role} {when}: somebody can follow them from the day after, or end that first \
                     (`ledge contact end`)"
                )));
            }
            follows.push(Follows { person: row.person, until });
        }
        let holds = own.iter().any(|row| row.held_until.is_none());
        if let Some(until) = own.iter().find_map(|row| row.held_until).filter(|_| !holds) {
            return Err(Failure::refused(contacts::Refusal::HeldBefore {
                urn: *urn,
                role: *role,
                until,
            }));
        }
        Ok(Plan {
            known: person,
            asks: match (person, holds) {
                (Some(_), true) => None,
                (Some(_), false) => Some(Ask::Take),
                (None, _) => Some(Ask::Add),
            },
            corrects: same.is_some_and(|(_, known)| *known != details),
            details,
            follows,
        })
    }
}

impl Office {
    /// Takes down who has a role at a school from a day on; whoever had it before has it until the day before.  Somebody of
    /// the same name and address who is known already is the same person; said again, nothing is written.
    ///
    /// # Errors
    /// The school is not on record, or has somebody else in that role from a later day, or until one.
    pub async fn add_contact(&mut self, newcomer: &Newcomer) -> Result<Added, Failure> {
        let rows = self.desk.read.contacts_of(newcomer.urn)?;
        let plan = self.desk.plan(newcomer, &self.desk.known()?, &rows)?;
        let person = plan.known.unwrap_or_else(PersonId::mint);
        if plan.known.is_none() {
            self.desk.keys.make(&[person])?;
        }
        // Whoever comes, comes first: were it interrupted, the later of two has the role.
        self.enter(newcomer, &plan, person).await?;
        for Follows { person, until } in &plan.follows {
            let (urn, role, until) = (newcomer.urn, newcomer.role, *until);
            self.of_person(*person, Command::End { urn, role, until }).await?;
        }
        self.settle(&no_progress).await?;
        Ok(Added { person: Some(person), ..plan.told(newcomer) })
    }

    /// Asks what a plan says of the newcomer, who has a key; those whom they follow are asked after it.
    pub(super) async fn enter(
        &self,
        newcomer: &Newcomer,
        plan: &Plan,
        person: PersonId,
    ) -> Result<(), Failure> {
        let (urn, role, from, details) =
            (newcomer.urn, newcomer.role, newcomer.from, &plan.details);
        match plan.asks {
            Some(Ask::Add) => {
                let details = self.desk.sealed(person, details)?;
                self.of_person(person, Command::Add { urn, role, from, details }).await?;
            }
            Some(Ask::Take) => {
                self.of_person(person, Command::Take { urn, role, from }).await?;
            }
            None => {}
        }
        if plan.corrects {
            let details = self.desk.sealed(person, details)?;
            self.of_person(person, Command::Correct { details, on: self.today() }).await?;
        }
        Ok(())
    }

    /// Takes down that somebody known takes a role, as [`Office::add_contact`] does.
    ///
    /// # Errors
    /// As there; there is no such contact, or they were forgotten.
    pub async fn take_role(
        &mut self,
        person: PersonId,
        urn: Urn,
        role: Role,
        from: NaiveDate,
    ) -> Result<Added, Failure> {
        let details = self.desk.details_of(person)?;
        self.add_contact(&Newcomer { urn, role, from, details }).await
    }

    /// Takes down what is known of a person now, and answers how many events that was; 0: it was known so already.
    ///
    /// # Errors
    /// There is no such contact, or they were forgotten.
    pub async fn correct_contact(
        &mut self,
        person: PersonId,
        details: &Details,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        if self.desk.details_of(person)? == *details {
            return Ok(0);
        }
        let details = self.desk.sealed(person, details)?;
        let events = self.of_person(person, Command::Correct { details, on }).await?;
        self.settle(&no_progress).await?;
        Ok(events)
    }

    /// Takes down that a person has a role until a day, and answers how many events that was.
    ///
    /// # Errors
    /// They do not have it, or took it later.
    pub async fn end_contact(
        &mut self,
        person: PersonId,
        urn: Urn,
        role: Role,
        until: NaiveDate,
    ) -> Result<usize, Failure> {
        let events = self.of_person(person, Command::End { urn, role, until }).await?;
        self.settle(&no_progress).await?;
        Ok(events)
    }

    /// Asks a person's record, and answers how many events that made.
    pub(super) async fn of_person(
        &self,
        person: PersonId,
        command: Command,
    ) -> Result<usize, Failure> {
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Person>(&person.to_string(), command, asked).await?;
        Ok(done.events.len())
    }
}
