//! Events as the policies are told of them.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use journal::{EntryRef, Reader};
use kernel::{CommandId, EventId};
use policies::Occasion;
use projections::Event;
use routine::calendar::Event as Calendar;

use crate::{Failure, clock};

/// Something that happened, and on which of the office's days it is reacted to.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) position: u64,
    pub(super) id: EventId,
    pub(super) event_type: String,
    pub(super) stream: String,
    pub(super) correlation: CommandId,
    pub(super) on: NaiveDate,
    /// The day on which it was recorded.
    pub(super) recorded_on: NaiveDate,
    pub(super) event: Event,
}

impl Told {
    pub(super) fn occasion(&self) -> Occasion<'_> {
        match &self.event {
            Event::Calendar(Calendar::DayBegan { on }) if self.recorded_on > *on => {
                Occasion::DayCaughtUp { begun_on: self.recorded_on }
            }
            Event::Calendar(_) => Occasion::Day,
            event => Occasion::Happened(event),
        }
    }
}

/// Reads the events after `after` up to `upto`, in order.  `last_day` is the last day that had begun by `after`.
pub(super) fn read(
    journal: &Reader,
    after: u64,
    upto: u64,
    mut last_day: Option<NaiveDate>,
    mut each: impl FnMut(Told),
) -> Result<(), Failure> {
    let mut failure = None;
    journal.for_each(after, upto, |entry| match Event::decode(entry.stream, entry.payload) {
        Ok(None) => ControlFlow::Continue(()),
        Ok(Some(event)) => {
            if let Event::Calendar(Calendar::DayBegan { on }) = &event {
                last_day = Some(*on);
            }
            each(Told {
                position: entry.position,
                id: EventId::from(entry.id),
                event_type: entry.event_type.to_owned(),
                stream: entry.stream.to_owned(),
                correlation: CommandId::from(entry.correlation),
                on: office_day(&entry, &event, last_day),
                recorded_on: clock::day_of(entry.recorded_at),
                event,
            });
            ControlFlow::Continue(())
        }
        Err(source) => {
            failure = Some(Failure::NotUnderstood { position: entry.position, source });
            ControlFlow::Break(())
        }
    })?;
    failure.map_or(Ok(()), Err)
}

/// The office's day of an occasion: a day's own; else the day from which the event counts, but none that was over when
/// the last day began, and none that had not come when it was recorded.  It follows from the journal alone, so that whoever
/// reacts late, or again, reacts the same.
fn office_day(entry: &EntryRef<'_>, event: &Event, last_day: Option<NaiveDate>) -> NaiveDate {
    if let Event::Calendar(Calendar::DayBegan { on }) = event {
        return *on;
    }
    let counts_from = last_day.map_or(entry.effective_on, |day| day.max(entry.effective_on));
    counts_from.min(clock::day_of(entry.recorded_at))
}
