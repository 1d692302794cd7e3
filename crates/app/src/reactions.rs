//! What follows from what happened: the journal is followed, the policies are told, and what they ask is asked.
//!
//! Invariants:
//! - **told once, or again to no effect**: what a policy asks has an id that follows from the event, so that dying between
//!   asking and remembering changes nothing;
//! - **a school's occasions are told in order**, each with what is known after the one before; different schools side by
//!   side, so that what they are asked shares the journal's transactions;
//! - **half a file decides nothing**: what was recorded since a file was begun is told once that, or another of its kind, was
//!   read to its end;
//! - **what cannot be done is parked before the bookmark passes it**, and what comes later for that school waits behind it,
//!   for that school alone;
//! - **what was dismissed stays undone** until what stands in the way is something else, or the membership has changed.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use kernel::Urn;
use policies::{Concerned, Policy};
use projections::Event;
use projections::parked::State;
use routine::parked::Reaction;

use crate::office::AT_ONCE;
use crate::{Desk, Failure, Office, Progress};

mod left_undone;
mod line;
mod moving_on;
mod outlook;
mod parked;
mod surroundings;
#[cfg(test)]
mod tests;
mod told;

pub use outlook::Dismissal;
pub use parked::{Came, ParkedReaction, Tried};

use left_undone::LeftUndone;
use line::{Line, Stop, lines};
use surroundings::Surroundings;
use told::Told;

/// The name of the bookmark.
const FOLLOWER: &str = "policies";

/// Events that are told of before the bookmark moves.
const BATCH: u64 = 4_096;

/// The policies, and how far they have been told.
pub(crate) struct Reactions {
    policies: &'static [Policy],
    concerned: fn(&Event) -> Concerned,
    /// Everything up to here is told; `None`: not looked up yet.
    done: Option<u64>,
    known: Surroundings,
    /// The schools that a membership has anything to tell of, and those of them that wait.
    schools: BTreeSet<Urn>,
    /// `None`: to be looked up.
    waiting: Option<Waiting>,
    /// What was parked since the office opened.
    parked: BTreeSet<Urn>,
}

/// The schools whose occasions wait, or are settled without having been told.
#[derive(Debug, Default)]
struct Waiting {
    heads: BTreeSet<Urn>,
    /// What was parked up to here is done or dismissed.
    settled: BTreeMap<Urn, u64>,
    left_undone: LeftUndone,
}

impl Reactions {
    pub(crate) fn of(policies: &'static [Policy], concerned: fn(&Event) -> Concerned) -> Self {
        Self {
            policies,
            concerned,
            done: None,
            known: Surroundings::default(),
            schools: BTreeSet::new(),
            waiting: None,
            parked: BTreeSet::new(),
        }
    }

    /// Takes in what an event changes for those that are told after it.
    fn heed(&mut self, event: &Event) {
        self.known.heed(event);
        match event {
            Event::Membership(urn, event) => {
                self.schools.insert(*urn);
                if let Some(waiting) = &mut self.waiting {
                    waiting.left_undone.heed(*urn, event);
                }
            }
            Event::Parked(..) => self.waiting = None,
            Event::School(..)
            | Event::NationalData(..)
            | Event::Criteria(..)
            | Event::Review(..)
            | Event::Fee(..)
            | Event::Calendar(_)
            | Event::Letter(..)
            | Event::Person(..)
            | Event::Ledger(..)
            | Event::Issuer(_)
            | Event::Customer(..) => {}
        }
    }

    /// The schools that an event is an occasion for.  What the nation publishes is one only where the network has dealt
    /// with the school.
    fn schools_concerned(&self, event: &Event) -> Vec<Urn> {
        match (self.concerned)(event) {
            Concerned::Nobody => vec![],
            Concerned::Everybody => self.schools.iter().copied().collect(),
            Concerned::School(urn) => {
                let is_told = self.schools.contains(&urn) || !matches!(event, Event::School(..));
                is_told.then_some(urn).into_iter().collect()
            }
        }
    }
}

impl Waiting {
    fn look_up(desk: &Desk) -> Result<Self, Failure> {
        let rows = desk.read.parked()?;
        let left_undone = LeftUndone::look_up(desk, &rows)?;
        let mut waiting = Self { left_undone, ..Self::default() };
        for row in rows {
            match row.state {
                State::Waiting => {
                    waiting.heads.insert(row.urn);
                }
                // In the order of what was reacted to.
                State::Done | State::Dismissed => {
                    waiting.settled.insert(row.urn, row.reacted_to);
                }
            }
        }
        Ok(waiting)
    }

    /// Whether a school is not to be told of an event now.
    fn holds_back(&self, urn: Urn, position: u64) -> bool {
        self.heads.contains(&urn)
            || self.settled.get(&urn).is_some_and(|settled| position <= *settled)
    }
}

impl Office {
    /// Lets everything follow that follows from what was recorded, and brings the read models up to it.
    ///
    /// # Errors
    /// The journal or the read models cannot be read or written.  What one school's membership refuses, or could not be
    /// asked, is no error: it is parked.
    pub async fn settle(&mut self, progress: Progress<'_>) -> Result<(), Failure> {
        loop {
            let head = self.catch_up(progress)?;
            let done = self.done()?;
            let half_read = self.desk().read_store().half_read()?;
            let head = half_read.map_or(head, |begun| head.min(begun.position.saturating_sub(1)));
            if done >= head {
                return Ok(());
            }
            let upto = head.min(done + BATCH);
            self.tell_events(done, upto).await?;
            self.reactions.done = Some(upto);
            self.store.move_bookmark(FOLLOWER, upto);
            progress("seeing what follows", upto, head);
        }
    }

    /// What was parked since this office opened, and still is.
    ///
    /// # Errors
    /// The read models or the journal cannot be read.
    pub fn parked_meanwhile(&self) -> Result<Vec<ParkedReaction>, Failure> {
        if self.reactions.parked.is_empty() {
            return Ok(vec![]);
        }
        let mut parked = self.desk.parked()?;
        parked.retain(|it| self.reactions.parked.contains(&it.urn));
        Ok(parked)
    }

    /// The position up to which everything is told.  A day begins only when all before it is: where the bookmark was lost,
    /// or lags behind, the last day shows how far the office had come.
    fn done(&mut self) -> Result<u64, Failure> {
        if let Some(done) = self.reactions.done {
            return Ok(done);
        }
        let bookmark = self.store.bookmark(FOLLOWER)?;
        let read = self.desk().read_store();
        let before_the_day =
            read.day_begun(u64::MAX >> 1)?.map_or(0, |day| day.position.saturating_sub(1));
        let done = bookmark.max(before_the_day);
        self.reactions.schools = read.schools_of_the_network()?.into_iter().collect();
        self.reactions.done = Some(done);
        Ok(done)
    }

    /// Tells the events after `done` up to `upto`; the read models are there, or further.
    async fn tell_events(&mut self, done: u64, upto: u64) -> Result<(), Failure> {
        let read = self.desk.read_store();
        let reactions = &mut self.reactions;
        let last_day = read.day_begun(done)?.map(|day| day.day);
        let mut told = vec![];
        let mut occasions = vec![];
        told::read(self.desk.journal(), done, upto, last_day, |it| {
            reactions.heed(&it.event);
            let schools = reactions.schools_concerned(&it.event);
            if !schools.is_empty() {
                occasions.extend(schools.into_iter().map(|urn| (told.len(), urn)));
                told.push(it);
            }
        })?;
        let waiting = match &mut reactions.waiting {
            Some(waiting) => waiting,
            none => none.insert(Waiting::look_up(&self.desk)?),
        };
        occasions.retain(|(event, urn)| {
            told.get(*event).is_some_and(|told: &Told| !waiting.holds_back(*urn, told.position))
        });
        let days = occasions.iter().filter_map(|(event, urn)| Some((*urn, told.get(*event)?.on)));
        reactions.known.look_up(read, days.rev().collect::<BTreeMap<_, _>>())?;
        let lines = lines(occasions, &reactions.known);
        self.tell_all(&told, lines).await
    }

    /// Tells every line to its end, and parks what could not be done.
    async fn tell_all(&mut self, told: &[Told], lines: Vec<Line>) -> Result<(), Failure> {
        let left_undone = self.left_undone()?;
        let failed =
            self.go_along(told, lines, |urn, reaction| left_undone.holds(urn, reaction)).await?;
        if failed.is_empty() {
            return Ok(());
        }
        self.park_all(told, failed).await?;
        self.catch_up(&crate::no_progress)?;
        Ok(())
    }

    /// What was dismissed and is not to be parked again.
    fn left_undone(&self) -> Result<LeftUndone, Failure> {
        match &self.reactions.waiting {
            Some(waiting) => Ok(waiting.left_undone.clone()),
            None => LeftUndone::look_up(&self.desk, &self.desk.read.parked()?),
        }
    }

    /// Tells every line to its end, all side by side; answers what could not be done, by school, but for what is left undone
    /// anyway.  Of a school that it answers nothing more was told.
    async fn go_along(
        &mut self,
        told: &[Told],
        mut lines: Vec<Line>,
        is_left_undone: impl Fn(Urn, &Reaction) -> bool,
    ) -> Result<Vec<(Urn, Reaction)>, Failure> {
        let mut failed = vec![];
        // Stopped half way it comes back to nothing known, and not to what was known before.
        let mut known = std::mem::take(&mut self.reactions.known);
        while !lines.is_empty() {
            let schools = lines.iter().flat_map(|line| line.schools(told));
            known.look_up(self.desk.read_store(), schools)?;
            let (store, policies, seen) = (&self.store, self.reactions.policies, &known);
            let stops: Vec<Stop> = stream::iter(&mut lines)
                .map(|line| line.go_on(policies, store, seen, told))
                .buffered(AT_ONCE)
                .collect()
                .await;
            let mut unfinished = vec![];
            for (mut line, stop) in lines.into_iter().zip(stops) {
                match stop {
                    Stop::Done => continue,
                    Stop::NotKnown => {}
                    Stop::Recorded(urn) => known.forget(urn),
                    Stop::Failed(urn, reaction) if is_left_undone(urn, &reaction) => {}
                    Stop::Failed(urn, reaction) => {
                        line.leave_out(urn);
                        failed.push((urn, *reaction));
                    }
                }
                unfinished.push(line);
            }
            lines = unfinished;
            self.catch_up(&crate::no_progress)?;
        }
        self.reactions.known = known;
        Ok(failed)
    }

    async fn park_all(
        &mut self,
        told: &[Told],
        failed: Vec<(Urn, Reaction)>,
    ) -> Result<(), Failure> {
        let store = &self.store;
        let parking = failed.iter().filter_map(|(urn, reaction)| {
            let at = told.binary_search_by_key(&reaction.position, |told| told.position).ok()?;
            Some(line::park(store, *urn, told.get(at)?, reaction.clone()))
        });
        let parked: Vec<Result<(), Failure>> =
            stream::iter(parking).buffered(AT_ONCE).collect().await;
        parked.into_iter().collect::<Result<(), Failure>>()?;
        self.reactions.waiting = None;
        self.reactions.parked.extend(failed.into_iter().map(|(urn, _)| urn));
        Ok(())
    }
}
