//! What a dismissal would lead to, before anybody dismisses anything: the policies are told of what waits, and what they ask is
//! rehearsed and not recorded.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Dated, Urn};
use membership::membership::Event as Membership;
use policies::{Asking, Concerned, Known, Occasion, POLICIES, Policy, concerned};
use projections::Event;
use projections::memberships::{Renewal, Row as Sheet, Standing};
use projections::parked::{Row, State};
use serde::Serialize;

use super::left_undone::LeftUndone;
use super::parked::Came;
use super::surroundings::Surroundings;
use super::told::{self, Told};
use crate::staying::Rehearsal;
use crate::{Desk, Failure};

/// What would come of it if what is parked for a school were left undone now.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Dismissal {
    pub urn: Urn,
    /// At once, in order: what waits behind it is done.
    pub came: Vec<Came>,
    /// What of that could not be done either, for another reason, and would be parked.
    pub parked_again: Option<String>,
    /// What the end of its year would then bring, where the school wants to be renewed and is not.
    pub at_year_end: Option<Came>,
}

/// A school as it would stand, on the way through what waits.
struct Rehearsed<'a> {
    desk: &'a Desk,
    row: &'a Row,
    /// Whether it is told of what waits now, of which all is left undone that fails like it.
    is_now: bool,
    sheet: Sheet,
    memberships: Rehearsal,
    known: Surroundings,
    left_undone: LeftUndone,
    came: Vec<Came>,
}

/// Why it goes no further.
struct Stuck(String);

impl Desk {
    /// What dismissals would lead to, school by school; of schools for which nothing is parked, nothing is said.
    ///
    /// # Errors
    /// The read models or the journal cannot be read.
    pub async fn dismissals(&self, urns: &[Urn]) -> Result<BTreeMap<Urn, Dismissal>, Failure> {
        let mut rows = self.read.parked()?;
        let left_undone = LeftUndone::look_up(self, &rows)?;
        rows.retain(|row| row.state == State::Waiting && urns.contains(&row.urn));
        let Some(first) = rows.iter().map(|row| row.reacted_to).min() else {
            return Ok(BTreeMap::new());
        };
        let last_day = self.read.day_begun(first)?.map(|day| day.day);
        let mut told = vec![];
        told::read(&self.journal, first, self.read.position()?, last_day, |it| {
            let is_one = match concerned(&it.event) {
                Concerned::Nobody => false,
                Concerned::Everybody => true,
                Concerned::School(urn) => urns.contains(&urn),
            };
            if is_one {
                told.push(it);
            }
        })?;
        let mut dismissals = BTreeMap::new();
        for row in &rows {
            dismissals.insert(row.urn, self.dismissal(row, &told, left_undone.clone()).await?);
        }
        Ok(dismissals)
    }

    async fn dismissal(
        &self,
        row: &Row,
        told: &[Told],
        left_undone: LeftUndone,
    ) -> Result<Dismissal, Failure> {
        let mut rehearsed = Rehearsed {
            desk: self,
            row,
            is_now: true,
            sheet: self.read.membership(row.urn)?.unwrap_or_else(|| Sheet::unknown(row.urn)),
            memberships: Rehearsal::default(),
            known: Surroundings::default(),
            left_undone,
            came: vec![],
        };
        let waits = |told: &&Told| {
            told.position > row.reacted_to
                && match concerned(&told.event) {
                    Concerned::Nobody => false,
                    Concerned::Everybody => true,
                    Concerned::School(urn) => urn == row.urn,
                }
        };
        let mut parked_again = None;
        for told in told.iter().filter(waits) {
            if let Err(Stuck(why)) = rehearsed.is_told(told.occasion(), told.on).await? {
                parked_again = Some(why);
                break;
            }
        }
        let came = std::mem::take(&mut rehearsed.came);
        let at_year_end =
            if parked_again.is_none() { rehearsed.at_year_end().await? } else { None };
        Ok(Dismissal { urn: row.urn, came, parked_again, at_year_end })
    }
}

impl Rehearsed<'_> {
    /// Whether all policies could do what they were to do, but for what is dismissed.
    async fn is_told(
        &mut self,
        occasion: Occasion<'_>,
        on: NaiveDate,
    ) -> Result<Result<(), Stuck>, Failure> {
        for policy in POLICIES {
            let asking = match (policy.react)(occasion, on, &self.school(on)?) {
                Ok(None) => continue,
                Ok(Some(asking)) => asking,
                Err(cannot) => match self.left_undone(policy, cannot.to_string()) {
                    Ok(()) => continue,
                    Err(stuck) => return Ok(Err(stuck)),
                },
            };
            // What is billed changes no membership.
            let Asking::Membership { urn, command } = asking else { continue };
            match self.memberships.ask(self.desk, urn, command).await? {
                Ok(events) => {
                    for event in events {
                        self.comes(urn, event, on);
                    }
                }
                Err(refusal) => {
                    if let Err(stuck) = self.left_undone(policy, refusal.to_string()) {
                        return Ok(Err(stuck));
                    }
                }
            }
        }
        Ok(Ok(()))
    }

    /// On 1 April, after the days before it, each as things stand.
    async fn at_year_end(&mut self) -> Result<Option<Came>, Failure> {
        let Some(first_day) = self.sheet.term_until.and_then(|until| until.succ_opt()) else {
            return Ok(None);
        };
        let year = self.sheet.year.map(kernel::LeadingEdgeYear::next);
        let wants = self.sheet.standing == Standing::Member
            && self.sheet.renewal == Some(Renewal::Accepted)
            && self.sheet.renewal_year == year;
        if !wants {
            return Ok(None);
        }
        self.is_now = false;
        self.left_undone.add(self.row);
        let last_day = self.desk.read.day_begun(u64::MAX >> 1)?.map(|day| day.day);
        let next = last_day.and_then(|day| day.succ_opt()).unwrap_or(first_day);
        for on in next.iter_days().take_while(|on| *on <= first_day) {
            if self.is_told(Occasion::Day, on).await?.is_err() {
                return Ok(None);
            }
        }
        let lapse = |came: &Came| came.event_type == "MembershipLapsed";
        Ok(std::mem::take(&mut self.came).into_iter().find(lapse))
    }

    /// As it is known now, and would stand by then.
    fn school(&mut self, on: NaiveDate) -> Result<Known, Failure> {
        self.known.look_up(self.desk.read_store(), [(self.row.urn, on)])?;
        let known = self.known.of(self.row.urn, on).cloned();
        let known = known.ok_or(Failure::NoSuchSchool { urn: self.row.urn })?;
        Ok(Known { membership: self.sheet.clone(), ..known })
    }

    fn comes(&mut self, urn: Urn, event: Membership, on: NaiveDate) {
        if urn == self.row.urn {
            self.sheet.take_in(&event);
        }
        self.left_undone.heed(urn, &event);
        let event_type = <&str>::from(&event).to_owned();
        let on = event.effective_on().unwrap_or(on);
        let what = Event::Membership(urn, event).sentence();
        self.came.push(Came { urn, event_type, on, what });
    }

    fn left_undone(&self, policy: &Policy, why: String) -> Result<(), Stuck> {
        let is_the_same = (self.row.policy.as_str(), &self.row.why) == (policy.name, &why);
        if self.is_now && is_the_same || self.left_undone.holds_for(self.row.urn, policy.name, &why)
        {
            Ok(())
        } else {
            Err(Stuck(why))
        }
    }
}
