//! What was dismissed stays undone until its obstacle changes, or the school's membership does.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Urn;
use membership::membership::Event as Membership;
use projections::Event;
use projections::parked::{Row, State};
use routine::parked::Reaction;

use crate::{Desk, Failure};

/// By school: which policies are not to be asked for again, and what stood in the way of each when it was dismissed.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftUndone(BTreeMap<Urn, BTreeSet<(String, String)>>);

impl LeftUndone {
    /// What was dismissed and still holds.  `rows`: all that was ever parked, for each school in the order of what was
    /// reacted to; what became of a thing the last time counts.
    pub(super) fn look_up(desk: &Desk, rows: &[Row]) -> Result<Self, Failure> {
        let mut last: BTreeMap<(Urn, &str, &str), &Row> = BTreeMap::new();
        for row in rows {
            last.insert((row.urn, &row.policy, &row.why), row);
        }
        last.retain(|_, row| row.state == State::Dismissed);
        let mut changed: BTreeMap<Urn, Option<u64>> = BTreeMap::new();
        let mut left_undone = Self::default();
        for row in last.into_values() {
            let changed = match changed.get(&row.urn) {
                Some(changed) => *changed,
                None => {
                    let at = last_change(desk, row.urn)?;
                    changed.insert(row.urn, at);
                    at
                }
            };
            if changed.is_none_or(|at| at < row.position) {
                left_undone.add(row);
            }
        }
        Ok(left_undone)
    }

    pub(super) fn add(&mut self, row: &Row) {
        self.0.entry(row.urn).or_default().insert((row.policy.clone(), row.why.clone()));
    }

    /// A membership that has changed is another occasion, for which nobody has dismissed anything.
    pub(super) fn heed(&mut self, urn: Urn, event: &Membership) {
        if changes(event) {
            self.0.remove(&urn);
        }
    }

    /// Whether it stays undone.  A failure is none that anybody has decided on, whatever it says: only a rule is not tried
    /// twice.
    pub(super) fn holds(&self, urn: Urn, reaction: &Reaction) -> bool {
        reaction.attempts == 1 && self.holds_for(urn, &reaction.policy, &reaction.why)
    }

    pub(super) fn holds_for(&self, urn: Urn, policy: &str, why: &str) -> bool {
        let of_school = self.0.get(&urn);
        of_school
            .is_some_and(|it| it.iter().any(|it| (it.0.as_str(), it.1.as_str()) == (policy, why)))
    }
}

/// Where a school's membership was last changed.
fn last_change(desk: &Desk, urn: Urn) -> Result<Option<u64>, Failure> {
    let timeline = desk.read.timeline(urn, &desk.journal)?;
    let is_change = |event: &Event| match event {
        Event::Membership(of, event) => *of == urn && changes(event),
        _ => false,
    };
    Ok(timeline.iter().rev().find(|it| is_change(&it.event)).map(|it| it.position))
}

/// Reminders and warnings leave a membership as it was.
fn changes(event: &Membership) -> bool {
    !matches!(
        event,
        Membership::CoverEnding { .. }
            | Membership::Reminded { .. }
            | Membership::ReminderSkipped { .. }
    )
}
