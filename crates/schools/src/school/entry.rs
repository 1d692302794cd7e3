//! The school's entry in the national register: its details, and whether it closed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::Source;
use serde::{Deserialize, Serialize};

use crate::school::Event;
use crate::{Details, Register};

/// What files have said of the school, by the day each became public: on any day the last statement up to it counts,
/// field by field, in whatever order the files were read.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Entry {
    is_registered: bool,
    /// Each value under every day for which it was recorded.
    stated: BTreeMap<NaiveDate, Details>,
    /// The closures that were told, with the day of closing where one was given.
    closed: BTreeMap<NaiveDate, Option<NaiveDate>>,
}

impl Entry {
    /// Silent is only what a file public no later than this one says already.  What a later file says is no reason to
    /// leave out an older statement: it counts for the days in between.
    pub(super) fn register(
        &self,
        details: Details,
        public_from: NaiveDate,
        source: Source,
    ) -> Vec<Event> {
        if !self.is_registered {
            return vec![Event::SchoolRegistered { details, public_from, source }];
        }
        let known = self.known_on(public_from);
        let mut changes = details.clone();
        changes.forget_same(&known);
        if details.status.is_some_and(Register::is_open_for_good)
            && (changes.status.is_some()
                || (details.calls_a_closure_off() && known.closed_on.is_some()))
        {
            // That it is open, and until when, is one statement: without the day it calls a closure off.
            changes.status = details.status;
            changes.closed_on = details.closed_on;
        }
        if changes == Details::default() {
            return vec![];
        }
        vec![Event::SchoolDetailsCorrected { changes, public_from, source }]
    }

    /// A closure is told once, and again when a date becomes known, or another, or it is told for earlier days.
    pub(super) fn close(
        &self,
        on: Option<NaiveDate>,
        public_from: NaiveDate,
        source: Source,
    ) -> Vec<Event> {
        let mut told =
            self.closed.range(self.open_since(public_from)..=public_from).map(|it| *it.1);
        let is_known = match on {
            None => told.next().is_some(),
            Some(_) => told.rev().find(Option::is_some) == Some(on),
        };
        if is_known { vec![] } else { vec![Event::SchoolClosed { on, public_from, source }] }
    }

    pub(super) fn stated(&mut self, details: &Details, public_from: NaiveDate) {
        self.is_registered = true;
        self.lay(details, public_from);
    }

    pub(super) fn closed(&mut self, on: Option<NaiveDate>, public_from: NaiveDate) {
        let closed =
            Details { status: Some(Register::Closed), closed_on: on, ..Details::default() };
        self.lay(&closed, public_from);
        let told = self.closed.entry(public_from).or_default();
        *told = on.or(*told);
    }

    fn lay(&mut self, details: &Details, public_from: NaiveDate) {
        self.stated.entry(public_from).or_default().overlay(details);
    }

    /// What counts on a day.
    fn known_on(&self, day: NaiveDate) -> Details {
        self.stated.range(..=day).fold(Details::default(), |mut known, (_, newer)| {
            known.overlay(newer);
            known
        })
    }

    /// The last day up to this one on which it was said to be open: what was told of a closure before is over.
    fn open_since(&self, day: NaiveDate) -> NaiveDate {
        let opened = |details: &Details| details.status.is_some_and(Register::is_open_for_good);
        let open = self.stated.range(..=day).rev().find(|(_, details)| opened(details));
        open.map_or(NaiveDate::MIN, |(day, _)| *day)
    }
}
