//! What is parked, tried again or left undone for a reason, and whatever waits behind it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use futures::{StreamExt, stream};
use kernel::{CommandId, Urn};
use membership::membership::Event as Membership;
use projections::Event;
use projections::parked::State;
use routine::parked::{Command, Reaction};
use routine::{Parked, Refusal};

use super::line::lines;
use super::parked::{Came, ParkedReaction, Tried};
use super::told::{self, Told};
use crate::office::AT_ONCE;
use crate::{Failure, Office, Progress};

/// What becomes of the heads of lines.
enum Head {
    TriedAgain,
    Dismissed { reason: String },
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
        self.move_one_on(urn, Head::TriedAgain, progress).await
    }

    /// The same for every school that has something parked, all side by side: what happened since is read once.
    ///
    /// # Errors
    /// The journal or the read models cannot be read or written.
    pub async fn retry_all_parked(
        &mut self,
        progress: Progress<'_>,
    ) -> Result<Vec<Tried>, Failure> {
        self.settle(progress).await?;
        let mut rows = self.desk().read.parked()?;
        rows.retain(|row| row.state == State::Waiting);
        let urns: Vec<Urn> = rows.iter().map(|row| row.urn).collect();
        self.move_on(&urns, Head::TriedAgain, progress).await
    }

    /// Leaves what is parked for a school undone, for a reason that is kept, and does whatever waits behind it.  Of that
    /// too it leaves undone what the same policy could not do for the same reason, and so it is with the days to come, until
    /// that reason is another or the membership has changed.
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
        self.move_one_on(urn, Head::Dismissed { reason }, progress).await
    }

    async fn move_one_on(
        &mut self,
        urn: Urn,
        what: Head,
        progress: Progress<'_>,
    ) -> Result<Tried, Failure> {
        self.settle(progress).await?;
        let tried = self.move_on(&[urn], what, progress).await?.pop();
        tried.ok_or_else(|| Failure::Refused(Refusal::NothingParked.to_string()))
    }

    /// Schools for which nothing is parked are left out.  Dying half way leaves everything parked as it was: only when all is
    /// told do the lines move on.
    async fn move_on(
        &mut self,
        urns: &[Urn],
        what: Head,
        progress: Progress<'_>,
    ) -> Result<Vec<Tried>, Failure> {
        let mut heads: BTreeMap<Urn, Reaction> = BTreeMap::new();
        for urn in urns {
            let line: Parked = self.store.load(&urn.to_string()).await?;
            heads.extend(line.head().cloned().map(|head| (*urn, head)));
        }
        if heads.is_empty() {
            return Ok(vec![]);
        }
        let before = self.desk().journal.head()?;
        let mut failed = self.tell_heads(&heads, &what).await?;
        let on = self.today();
        let moves: Vec<(Urn, Command)> = heads
            .iter()
            .map(|(urn, head)| (*urn, what.moves(head, failed.remove(urn), on)))
            .collect();
        let moved: Vec<Result<(), Failure>> = stream::iter(moves)
            .map(|(urn, command)| {
                let (office, asked) = (&*self, self.asked(CommandId::mint()));
                async move {
                    office.ask::<Parked>(&urn.to_string(), command, asked).await?;
                    Ok(())
                }
            })
            .buffered(AT_ONCE)
            .collect()
            .await;
        moved.into_iter().collect::<Result<(), Failure>>()?;
        self.reactions.waiting = None;
        self.settle(progress).await?;
        let mut came = by_school(&heads, self.came_after(before)?);
        let mut left: BTreeMap<Urn, ParkedReaction> =
            self.desk().parked()?.into_iter().map(|it| (it.urn, it)).collect();
        Ok(heads
            .into_keys()
            .map(|urn| {
                let came = came.remove(&urn).unwrap_or_default();
                Tried { urn, came, left: left.remove(&urn) }
            })
            .collect())
    }

    /// Tells each school of all that is an occasion for it from its head on, up to where all others are told; answers what
    /// could not be done, but for what is dismissed.
    async fn tell_heads(
        &mut self,
        heads: &BTreeMap<Urn, Reaction>,
        what: &Head,
    ) -> Result<BTreeMap<Urn, Reaction>, Failure> {
        let upto = self.done()?;
        let first = heads.values().map(|head| what.told_after(head)).min().unwrap_or(upto);
        let last_day = self.desk().read.day_begun(first)?.map(|day| day.day);
        let (mut told, mut occasions): (Vec<Told>, Vec<(usize, Urn)>) = (vec![], vec![]);
        let reactions = &self.reactions;
        told::read(&self.desk().journal, first, upto, last_day, |it| {
            let concerned = reactions.schools_concerned(&it.event);
            let before = occasions.len();
            for (urn, head) in heads {
                // Ascending, as they are kept.
                if what.told_after(head) < it.position && concerned.binary_search(urn).is_ok() {
                    occasions.push((told.len(), *urn));
                }
            }
            if occasions.len() > before {
                told.push(it);
            }
        })?;
        let days = occasions.iter().filter_map(|(event, urn)| Some((*urn, told.get(*event)?.on)));
        let days: BTreeMap<_, _> = days.rev().collect();
        self.reactions.known.look_up(self.desk.read_store(), days)?;
        let lines = lines(occasions, &self.reactions.known);
        let left_undone = self.left_undone()?;
        let leaves = |urn: Urn, reaction: &Reaction| {
            left_undone.holds(urn, reaction)
                || heads.get(&urn).is_some_and(|head| what.leaves_undone(head, reaction))
        };
        Ok(self.go_along(&told, lines, leaves).await?.into_iter().collect())
    }

    /// What happened to memberships after a position.
    fn came_after(&self, position: u64) -> Result<Vec<(Came, Event)>, Failure> {
        let (mut came, mut failure) = (vec![], None);
        self.desk().journal.for_each(position, u64::MAX, |entry| {
            match Event::decode(entry.stream, entry.payload) {
                Ok(Some(event)) => {
                    if let Event::Membership(urn, _) = &event {
                        let told = Came {
                            urn: *urn,
                            event_type: entry.event_type.to_owned(),
                            on: entry.effective_on,
                            what: event.sentence(),
                        };
                        came.push((told, event));
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
}

impl Head {
    /// The position after which a school is told again.
    fn told_after(&self, head: &Reaction) -> u64 {
        match self {
            Self::TriedAgain => head.position.saturating_sub(1),
            Self::Dismissed { .. } => head.position,
        }
    }

    fn leaves_undone(&self, head: &Reaction, reaction: &Reaction) -> bool {
        match self {
            Self::TriedAgain => false,
            Self::Dismissed { .. } => is_the_same(head, reaction),
        }
    }

    /// What is asked of the line, once all was told but for what `failed`.
    fn moves(&self, head: &Reaction, failed: Option<Reaction>, on: NaiveDate) -> Command {
        let position = head.position;
        match (self, failed) {
            (Self::TriedAgain, Some(again)) if again.position == position => {
                let attempts = head.attempts.saturating_add(again.attempts);
                Command::Park(Reaction { attempts, ..again })
            }
            (Self::TriedAgain, then) => Command::Resume { position, on, then },
            (Self::Dismissed { reason }, then) => {
                Command::Dismiss { position, reason: reason.clone(), on, then }
            }
        }
    }
}

/// Whether the same policy could not do it, for the same reason.
fn is_the_same(one: &Reaction, other: &Reaction) -> bool {
    (&one.policy, &one.why) == (&other.policy, &other.why)
}

/// What came of each; what happened to another school, to which a membership was carried over, is told beside the one it
/// came from.
fn by_school(
    heads: &BTreeMap<Urn, Reaction>,
    came: Vec<(Came, Event)>,
) -> BTreeMap<Urn, Vec<Came>> {
    let mut from: BTreeMap<Urn, Urn> = BTreeMap::new();
    for (_, event) in &came {
        if let Event::Membership(urn, Membership::MembershipCarriedOver { to, .. }) = event {
            from.insert(*to, *urn);
        }
    }
    let only = heads.keys().next().copied().filter(|_| heads.len() == 1);
    let mut by_school: BTreeMap<Urn, Vec<Came>> = BTreeMap::new();
    for (came, _) in came {
        let of = [Some(came.urn), from.get(&came.urn).copied(), only];
        if let Some(urn) = of.into_iter().flatten().find(|urn| heads.contains_key(urn)) {
            by_school.entry(urn).or_default().push(came);
        }
    }
    by_school
}
