//! Schools that are told one after the other, occasion by occasion; of other lines nothing depends on them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use billing::Ledger;
use chrono::NaiveDate;
use event_store::{Asked, Done, EventStore};
use kernel::{CommandId, Urn};
use membership::Membership;
use policies::{Asking, Policy};
use routine::Parked;
use routine::parked::{Command, Reaction};

use super::surroundings::Surroundings;
use super::told::Told;
use crate::Failure;

/// Before an operation that failed is tried again; after the last it is given up.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(5), Duration::from_millis(50), Duration::from_millis(250)];

/// The occasions of some schools, in the order in which they are told: which event, of which school.
#[derive(Debug)]
pub(super) struct Line {
    occasions: VecDeque<(usize, Urn)>,
    /// Of the first occasion: the policy that is told next.
    next: usize,
}

/// Why a line stopped.
pub(super) enum Stop {
    /// Everything is told.
    Done,
    /// The school of the next occasion is to be looked up as it is known on that day.
    NotKnown,
    /// Something was recorded for a school: what is known of it must be looked up again.
    Recorded(Urn),
    /// A policy could not do what it was to do for a school.
    Failed(Urn, Box<Reaction>),
}

impl Line {
    pub(super) fn of(occasions: impl IntoIterator<Item = (usize, Urn)>) -> Self {
        Self { occasions: occasions.into_iter().collect(), next: 0 }
    }

    /// Each school that is still told of something, on the day of its next occasion.
    pub(super) fn schools(&self, told: &[Told]) -> BTreeMap<Urn, NaiveDate> {
        let mut schools = BTreeMap::new();
        for (event, urn) in &self.occasions {
            if let Some(told) = told.get(*event) {
                schools.entry(*urn).or_insert(told.on);
            }
        }
        schools
    }

    /// Goes on until what is known has changed by it.
    pub(super) async fn go_on(
        &mut self,
        policies: &[Policy],
        store: &EventStore,
        known: &Surroundings,
        told: &[Told],
    ) -> Stop {
        while let Some((event, urn)) = self.occasions.front() {
            if let Some(told) = told.get(*event) {
                let Some(school) = known.of(*urn, told.on) else { return Stop::NotKnown };
                while let Some(policy) = policies.get(self.next) {
                    self.next += 1;
                    let asking = match (policy.react)(told.occasion(), told.on, school) {
                        Ok(None) => continue,
                        Ok(Some(asking)) => asking,
                        Err(cannot) => {
                            let reaction = told.not_done(policy, cannot.to_string(), 1);
                            return Stop::Failed(*urn, Box::new(reaction));
                        }
                    };
                    let target = asking.urn();
                    match ask(store, policy, told, asking).await {
                        Ok(done) if done.events.is_empty() || done.repeated => {}
                        Ok(_) => return Stop::Recorded(target),
                        Err((why, attempts)) => {
                            let reaction = told.not_done(policy, why, attempts);
                            return Stop::Failed(*urn, Box::new(reaction));
                        }
                    }
                }
            }
            self.occasions.pop_front();
            self.next = 0;
        }
        Stop::Done
    }

    /// What is still to be told of a school waits for another time.
    pub(super) fn leave_out(&mut self, urn: Urn) {
        let first = self.occasions.front().copied();
        self.occasions.retain(|(_, other)| *other != urn);
        if self.occasions.front().copied() != first {
            self.next = 0;
        }
    }
}

impl Told {
    fn not_done(&self, policy: &Policy, why: String, attempts: u32) -> Reaction {
        Reaction {
            policy: policy.name.to_owned(),
            position: self.position,
            event: self.id,
            event_type: self.event_type.clone(),
            stream: self.stream.clone(),
            why,
            attempts,
            on: self.on,
        }
    }
}

/// Asks what a policy wants.  What it is asked under follows from the event alone: asked again, it acts once.
async fn ask(
    store: &EventStore,
    policy: &Policy,
    told: &Told,
    asking: Asking,
) -> Result<Done, (String, u32)> {
    let urn = asking.urn().to_string();
    let event = told.id.to_string();
    let asked = Asked {
        command: CommandId::derived(&["policy", policy.name, &event, &urn]),
        actor: format!("policy {}", policy.name),
        correlation: Some(told.correlation),
        causation: Some(told.id),
        effective_on: told.on,
    };
    tried(|| async {
        let asked = asked.clone();
        Ok(match &asking {
            Asking::Membership { command, .. } => {
                store.execute::<Membership>(&urn, command.clone(), asked).await?
            }
            Asking::Ledger { year, command, .. } => {
                store.execute::<Ledger>(&year.to_string(), command.clone(), asked).await?
            }
        })
    })
    .await
}

/// Records that a policy could not do what it was to do for a school.
pub(super) async fn park(
    store: &EventStore,
    urn: Urn,
    told: &Told,
    reaction: Reaction,
) -> Result<(), Failure> {
    let event = told.id.to_string();
    let urn = urn.to_string();
    let attempts = reaction.attempts.to_string();
    let asked = Asked {
        command: CommandId::derived(&["park", &event, &urn, &attempts, &reaction.why]),
        actor: format!("policy {}", reaction.policy),
        correlation: Some(told.correlation),
        causation: Some(told.id),
        effective_on: told.on,
    };
    store.execute::<Parked>(&urn, Command::Park(reaction), asked).await?;
    Ok(())
}

/// Tries until it is done, refused, or failed too often; then says why, and how often it was tried.
async fn tried<T>(attempt: impl AsyncFn() -> Result<T, Failure>) -> Result<T, (String, u32)> {
    let mut attempts = 1;
    for pause in PAUSES {
        match attempt().await {
            Ok(done) => return Ok(done),
            // A rule says the same however often it is asked.
            Err(failure) if failure.is_refusal() => return Err((failure.to_string(), attempts)),
            Err(failure) => tracing::debug!(%failure, attempts, "tried again"),
        }
        tokio::time::sleep(pause).await;
        attempts += 1;
    }
    attempt().await.map_err(|failure| (causes(&failure), attempts))
}

/// A failure with its causes, in one line.
fn causes(failure: &dyn std::error::Error) -> String {
    let mut told = failure.to_string();
    let mut cause = failure.source();
    while let Some(why) = cause {
        told.push_str(&format!(": {why}"));
        cause = why.source();
    }
    told
}

/// Puts schools that one asking may touch together into one line, and all others into lines of their own.
pub(super) fn lines(occasions: Vec<(usize, Urn)>, known: &Surroundings) -> Vec<Line> {
    let mut together = Together::default();
    let schools: BTreeSet<Urn> = occasions.iter().map(|(_, urn)| *urn).collect();
    for urn in schools {
        for successor in known.successors(urn) {
            together.join(urn, successor.urn);
        }
    }
    let mut lines: BTreeMap<Urn, Vec<(usize, Urn)>> = BTreeMap::new();
    for (event, urn) in occasions {
        lines.entry(together.first_of(urn)).or_default().push((event, urn));
    }
    lines.into_values().map(Line::of).collect()
}

/// Which schools belong together; one of them stands for all.
#[derive(Default)]
struct Together(HashMap<Urn, Urn>);

impl Together {
    fn first_of(&self, mut urn: Urn) -> Urn {
        while let Some(other) = self.0.get(&urn) {
            urn = *other;
        }
        urn
    }

    fn join(&mut self, one: Urn, other: Urn) {
        let (one, other) = (self.first_of(one), self.first_of(other));
        if one != other {
            self.0.insert(one.max(other), one.min(other));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn urn(number: u32) -> Urn {
        number.to_string().parse().unwrap()
    }

    #[tokio::test]
    async fn what_failed_is_tried_again_so_often_and_a_refusal_is_not() {
        let conflict = || Failure::Conflict { stream: "membership.membership.100003".to_owned() };
        for (fails, comes_to) in [(0, Ok(1)), (2, Ok(3)), (3, Ok(4)), (4, Err(4)), (9, Err(4))] {
            let tries = Cell::new(0);
            let tried = tried(async || {
                tries.set(tries.get() + 1);
                if tries.get() > fails { Ok(tries.get()) } else { Err(conflict()) }
            });
            assert_eq!(tried.await.map_err(|(_, attempts)| attempts), comes_to, "{fails}");
        }
        let refused = tried(async || Err::<(), _>(Failure::Refused("no".to_owned()))).await;
        assert_eq!(refused, Err(("no".to_owned(), 1)));
    }

    #[test]
    fn schools_belong_together_however_they_are_joined() {
        let mut together = Together::default();
        for (one, other) in [(100_003, 100_009), (100_005, 100_009), (100_001, 100_005)] {
            together.join(urn(one), urn(other));
        }
        let first = together.first_of(urn(100_001));
        for school in [100_003, 100_005, 100_009] {
            assert_eq!(together.first_of(urn(school)), first);
        }
        assert_eq!(together.first_of(urn(100_004)), urn(100_004));
    }

    #[test]
    fn what_is_left_out_of_a_line_is_left_out_for_good() {
        let (this, other) = (urn(100_003), urn(100_004));
        let mut line = Line::of([(0, this), (0, other), (1, this), (1, other)]);
        line.next = 3;
        line.leave_out(other);
        assert_eq!(
            (line.occasions.make_contiguous(), line.next),
            (&mut [(0, this), (1, this)][..], 3)
        );
        line.leave_out(this);
        assert_eq!((line.occasions.len(), line.next), (0, 0));
    }
}
