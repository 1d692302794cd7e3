//! What the policies could not do: looked at, tried again, or left undone for a reason.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use kernel::{CommandId, Urn};
use policies::{Concerned, concerned};
use projections::Event;
use projections::parked::{Row, State};
use routine::parked::{Command, Reaction};
use routine::{Parked, Refusal};
use serde::Serialize;

use super::line::{Line, Stop};
use super::told::{self, Told};
use crate::{Desk, Failure, Office, Progress};

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

/// What becomes of the head of a line.
enum Head {
    TriedAgain,
    Dismissed { reason: String },
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

impl Office {
    /// Tries what is parked for a school again, and then, in order, whatever waits behind it.
    ///
    /// # Errors
    /// Refused where nothing is parked for the school.  That it still cannot be done is no error: it is said, and stays
    /// parked.
    pub async fn retry_parked(
        &mut self,
        urn: Urn,
        progress: Progress<'_>,
    ) -> Result<Tried, Failure> {
        self.move_on(urn, Head::TriedAgain, progress).await
    }

    /// Leaves what is parked for a school undone, for a reason that is kept, and does whatever waits behind it.  Of that
    /// too it leaves undone what the same policy could not do for the same reason; when that is so on another day still,
    /// it is parked again.
    ///
    /// # Errors
    /// Refused where nothing is parked for the school, and without a reason.
    pub async fn dismiss_parked(
        &mut self,
        urn: Urn,
        reason: String,
        progress: Progress<'_>,
    ) -> Result<Tried, Failure> {
        // Asked before anything is done that waits behind it.
        if reason.trim().is_empty() {
            return Err(Failure::Refused(Refusal::ReasonMissing.to_string()));
        }
        self.move_on(urn, Head::Dismissed { reason }, progress).await
    }

    /// Dying half way leaves it parked as it was: only when everything is told does the line move on.
    async fn move_on(
        &mut self,
        urn: Urn,
        what: Head,
        progress: Progress<'_>,
    ) -> Result<Tried, Failure> {
        self.settle(progress).await?;
        let line: Parked = self.store.load(&urn.to_string()).await?;
        let head = line.head().cloned();
        let head = head.ok_or_else(|| Failure::Refused(Refusal::NothingParked.to_string()))?;
        let before = self.desk().journal.head()?;
        let failed = match what {
            Head::TriedAgain => self.tell_one(urn, head.position.saturating_sub(1), None),
            Head::Dismissed { .. } => self.tell_one(urn, head.position, Some(&head)),
        }
        .await?;
        let position = head.position;
        let on = self.today();
        let command = match (what, failed) {
            (Head::TriedAgain, Some(again)) if again.position == position => {
                let attempts = head.attempts.saturating_add(again.attempts);
                Command::Park(Reaction { attempts, ..again })
            }
            (Head::TriedAgain, then) => Command::Resume { position, on, then },
            (Head::Dismissed { reason }, then) => Command::Dismiss { position, reason, on, then },
        };
        self.ask::<Parked>(&urn.to_string(), command, self.asked(CommandId::mint())).await?;
        self.reactions.waiting = None;
        self.settle(progress).await?;
        let left = self.desk().parked()?.into_iter().find(|it| it.urn == urn);
        Ok(Tried { urn, came: self.came_after(before)?, left })
    }

    /// What happened to memberships after a position.
    fn came_after(&self, position: u64) -> Result<Vec<Came>, Failure> {
        let (mut came, mut failure) = (vec![], None);
        self.desk().journal.for_each(position, u64::MAX, |entry| {
            match Event::decode(entry.stream, entry.payload) {
                Ok(Some(event)) => {
                    if let Event::Membership(urn, _) = &event {
                        came.push(Came {
                            urn: *urn,
                            event_type: entry.event_type.to_owned(),
                            on: entry.effective_on,
                            what: event.sentence(),
                        });
                    }
                    ControlFlow::Continue(())
                }
                Ok(None) => ControlFlow::Continue(()),
                Err(source) => {
                    failure = Some(Failure::NotUnderstood { position: entry.position, source });
                    ControlFlow::Break(())
                }
            }
        })?;
        failure.map_or(Ok(came), Err)
    }

    /// Tells one school of all that is an occasion for it after a position, up to where all others are told; answers what
    /// could not be done, but for what is `dismissed`.
    async fn tell_one(
        &mut self,
        urn: Urn,
        after: u64,
        dismissed: Option<&Reaction>,
    ) -> Result<Option<Reaction>, Failure> {
        let upto = self.done()?;
        let mut told: Vec<Told> = vec![];
        let last_day = self.desk().read.day_begun(after)?.map(|day| day.day);
        let reactions = &self.reactions;
        told::read(&self.desk().journal, after, upto, last_day, |it| {
            if reactions.schools_concerned(&it.event).contains(&urn) {
                told.push(it);
            }
        })?;
        let mut line = Line::of((0..told.len()).map(|event| (event, urn)));
        let mut known = std::mem::take(&mut self.reactions.known);
        let failed = loop {
            known.look_up(self.desk.read_store(), line.schools(&told))?;
            match line.go_on(self.reactions.policies, &self.store, &known, &told).await {
                Stop::NotKnown => {}
                Stop::Done => break None,
                Stop::Failed(_, reaction)
                    if dismissed.is_some_and(|dismissed| is_the_same(dismissed, &reaction)) => {}
                Stop::Failed(_, reaction) => break Some(*reaction),
                Stop::Recorded(changed) => {
                    known.forget(changed);
                    self.catch_up(&crate::no_progress)?;
                }
            }
        };
        self.reactions.known = known;
        Ok(failed)
    }
}

/// Whether the same policy could not do it, for the same reason.
fn is_the_same(one: &Reaction, other: &Reaction) -> bool {
    (&one.policy, &one.why) == (&other.policy, &other.why)
}
