//! The schools that this one succeeded.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::Urn;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::school::{Event, Predecessor, Succession};

/// Each pair is recorded once for each day it is said to count from: a school counts as a predecessor from the earliest
/// of them, and always if one of them is no day.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Predecessors(BTreeSet<(Urn, Option<NaiveDate>)>);

impl Predecessors {
    pub(super) fn record(
        &self,
        school: Urn,
        predecessors: Vec<Predecessor>,
    ) -> Result<Vec<Event>, Refusal> {
        let mut known = self.clone();
        let mut events = vec![];
        for predecessor in predecessors {
            if predecessor.urn == school {
                return Err(Refusal::SucceedsItself { urn: school });
            }
            if known.succeeded(&predecessor) {
                events.push(match predecessor.succession {
                    Succession::Converted => Event::SchoolConverted(predecessor),
                    Succession::Merged | Succession::Amalgamated => {
                        Event::SchoolsMerged(predecessor)
                    }
                    Succession::Split => Event::SchoolSplit(predecessor),
                });
            }
        }
        Ok(events)
    }

    /// Answers whether it was new.
    pub(super) fn succeeded(&mut self, predecessor: &Predecessor) -> bool {
        self.0.insert((predecessor.urn, predecessor.established_on))
    }
}
