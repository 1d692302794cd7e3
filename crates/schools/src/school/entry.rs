//! The school's entry in the national register: its details, and whether it closed.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::NaiveDate;
use kernel::Source;
use serde::{Deserialize, Serialize};

use crate::Details;
use crate::school::Event;

/// What files have said of the school, by the day each became public.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Entry {
    /// Each field stands under the day of the file that brought its value, and nowhere else.  Empty until the school is
    /// registered.
    stated: BTreeMap<NaiveDate, Details>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<Closure>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Closure {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<NaiveDate>,
    public_from: NaiveDate,
}

impl Entry {
    /// A field stated by a file that became public later is left; one that no file stated yet is filled, by an older
    /// file too.
    pub(super) fn register(
        &self,
        details: Details,
        public_from: NaiveDate,
        source: Source,
    ) -> Vec<Event> {
        if self.stated.is_empty() {
            return vec![Event::SchoolRegistered { details, public_from, source }];
        }
        let mut changes = details;
        for later in self.stated.range((Bound::Excluded(public_from), Bound::Unbounded)) {
            changes.silence(later.1);
        }
        for said in self.stated.values() {
            changes.forget_same(said);
        }
        if changes == Details::default() {
            return vec![];
        }
        vec![Event::SchoolDetailsCorrected { changes, public_from, source }]
    }

    /// A closure is told once, and again when a date becomes known or a file that is not older gives another.
    pub(super) fn close(
        &self,
        on: Option<NaiveDate>,
        public_from: NaiveDate,
        source: Source,
    ) -> Vec<Event> {
        let says_more = match self.closed {
            None => true,
            Some(Closure { on: None, .. }) => on.is_some(),
            Some(known) => on.is_some() && on != known.on && public_from >= known.public_from,
        };
        if says_more { vec![Event::SchoolClosed { on, public_from, source }] } else { vec![] }
    }

    pub(super) fn stated(&mut self, details: &Details, public_from: NaiveDate) {
        for said in self.stated.values_mut() {
            said.silence(details);
        }
        self.stated.entry(public_from).or_default().overlay(details);
    }

    pub(super) fn closed(&mut self, on: Option<NaiveDate>, public_from: NaiveDate) {
        self.closed = Some(Closure { on, public_from });
    }
}
