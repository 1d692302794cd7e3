//! Asks memberships without recording anything, so that all that would be refused can be told before anything is done.

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::Urn;
use membership::membership::{Command, Event};
use membership::{Membership, Refusal};

use crate::{Desk, Failure};

/// Memberships as they stand, to be asked at a desk.
#[derive(Default)]
pub(crate) struct Rehearsal(BTreeMap<Urn, Membership>);

impl Rehearsal {
    /// What a membership would decide; what it has decided before in this rehearsal has happened.
    pub(crate) async fn ask(
        &mut self,
        desk: &Desk,
        urn: Urn,
        command: Command,
    ) -> Result<Result<Vec<Event>, Refusal>, Failure> {
        use std::collections::btree_map::Entry;
        let membership = match self.0.entry(urn) {
            Entry::Occupied(asked) => asked.into_mut(),
            Entry::Vacant(free) => free.insert(desk.membership_of(urn)?),
        };
        let sink = EventSink::default();
        Ok(match membership.handle(command, &(), &sink).await {
            Ok(()) => Ok(sink.collect().await),
            Err(why) => Err(why),
        })
    }
}

impl Desk {
    /// A school's membership, from everything that happened to it.
    pub(super) fn membership_of(&self, urn: Urn) -> Result<Membership, Failure> {
        let mut membership = Membership::default();
        for recorded in self.read.timeline(urn, &self.journal)? {
            match recorded.event {
                projections::Event::Membership(of, event) if of == urn => membership.apply(event),
                _ => {}
            }
        }
        Ok(membership)
    }
}
