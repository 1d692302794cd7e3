//! The office's days, begun one after the other; whatever a day brings is done before the next begins (D16).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::NaiveDate;
use kernel::{CommandId, Urn};
use projections::Event;
use routine::Calendar;
use routine::calendar::{Command, LONDON};
use serde::Serialize;

use crate::{Failure, MembersWaiting, Office, ParkedReaction, Progress};

/// The days that have begun now.
#[derive(Clone, Debug, Serialize)]
pub struct Begun {
    /// In order; none where all had begun before.
    pub days: Vec<DayBegun>,
    /// The last day that has begun, now or before.
    pub last: Option<NaiveDate>,
    /// Everything that is parked, from these days or before.
    pub parked: Vec<ParkedReaction>,
    /// The members that wait as 31 March nears, as of that last day.
    pub waiting: Option<MembersWaiting>,
}

/// One day, and what came of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DayBegun {
    pub on: NaiveDate,
    /// How many events of each type followed from it.
    pub brought: BTreeMap<String, u64>,
    /// The schools behind each of these numbers, ascending by URN.
    pub schools: BTreeMap<String, BTreeSet<Urn>>,
}

impl Office {
    /// Begins the days after the last that has begun, up to `until` (otherwise today), each when everything that follows
    /// from the one before is done.  The first day ever begun is `until` itself.  Stopped in between, it goes on from
    /// there.
    ///
    /// # Errors
    /// A day that has not come is refused; and any, while a file is half read that a membership may follow from.
    pub async fn begin_days(
        &mut self,
        until: Option<NaiveDate>,
        progress: Progress<'_>,
    ) -> Result<Begun, Failure> {
        let until = self.day_that_came(until)?;
        self.settle(progress).await?;
        let last = self.last_day()?;
        let first = last.map_or(Some(until), |last| last.succ_opt());
        let to_begin: Vec<NaiveDate> = first
            .into_iter()
            .flat_map(|first| first.iter_days())
            .take_while(|day| *day <= until)
            .collect();
        if let (Some(begun), false) = (self.desk().read_store().half_read()?, to_begin.is_empty()) {
            return Err(Failure::Refused(format!(
                "no day begins while {0} is half read: import it again, or a newer file of its kind; where neither is to \
                 be had, give it up: `ledge import give-up \"{0}\" --reason WHY --preview`",
                begun.file
            )));
        }
        let mut days = Vec::with_capacity(to_begin.len());
        for (done, on) in to_begin.iter().enumerate() {
            days.push(self.begin_day(*on).await?);
            progress("beginning days", done as u64 + 1, to_begin.len() as u64);
        }
        let last = self.last_day()?;
        let waiting = last.map_or(Ok(None), |last| self.desk().members_waiting(last))?;
        Ok(Begun { days, last, parked: self.desk().parked()?, waiting })
    }

    async fn begin_day(&mut self, on: NaiveDate) -> Result<DayBegun, Failure> {
        let asked = event_store::Asked {
            effective_on: on,
            ..self.asked(CommandId::derived(&["day", &on.to_string()]))
        };
        let begun = self.ask::<Calendar>(LONDON, Command::Begin { on }, asked).await?;
        self.settle(&crate::no_progress).await?;
        let (mut brought, mut failure) = (BTreeMap::new(), None);
        let mut schools: BTreeMap<String, BTreeSet<Urn>> = BTreeMap::new();
        self.desk().journal.for_each(begun.position, u64::MAX, |entry| {
            *brought.entry(entry.event_type.to_owned()).or_default() += 1;
            match Event::decode(entry.stream, entry.payload) {
                Ok(event) => {
                    if let Some(urn) = event.and_then(|event| event.school()) {
                        schools.entry(entry.event_type.to_owned()).or_default().insert(urn);
                    }
                    ControlFlow::Continue(())
                }
                Err(source) => {
                    failure = Some(Failure::NotUnderstood { position: entry.position, source });
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(failure) = failure {
            return Err(failure);
        }
        Ok(DayBegun { on, brought, schools })
    }

    /// The last day that has begun.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn last_day(&self) -> Result<Option<NaiveDate>, Failure> {
        Ok(self.desk().read.day_begun(u64::MAX >> 1)?.map(|day| day.day))
    }
}
