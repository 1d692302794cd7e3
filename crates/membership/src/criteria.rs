//! The criteria of one Leading Edge year.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published};
use serde::{Deserialize, Serialize};

use crate::Refusal;

pub mod commands;
pub mod events;
pub mod file;
pub mod terms;
#[cfg(test)]
mod tests;
mod validity;

pub use commands::{Adoption, Command};
pub use events::Event;
pub use file::CriteriaFile;
pub use terms::{
    Condition, Population, Staying, Terms, Way, Ways, Without, WithoutOverallGrade,
    WithoutProgress8,
};

/// What the steering group has decided for a year: no decision, or one after another.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Criteria {
    /// As they stand corrected, in the order they were taken: each amends the one before it.
    decisions: Vec<Adoption>,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Criteria::TYPE,
    "What the steering group adopted for a Leading Edge year (R1).",
    "the Leading Edge year, such as `2019-20`",
    include_str!("../events/criteria.jsonl"),
);

impl Criteria {
    /// Every question a year's criteria can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Adopt(adoption) => self.adopt(adoption),
            Command::Amend { adoption, reason } => self.amend(adoption, reason),
            Command::Correct { adoption, decided_on, reason } => {
                self.correct(adoption, decided_on, reason)
            }
        }
    }

    fn adopt(&self, adoption: Adoption) -> Result<Vec<Event>, Refusal> {
        fit(&adoption)?;
        match self.current(adoption.year)? {
            None => Ok(vec![Event::CriteriaAdopted(adoption)]),
            Some(current) if *current == adoption => Ok(vec![]),
            Some(current) => Err(Refusal::AlreadyAdopted {
                year: current.year,
                on: current.adopted_on,
                differs: current.differs(&adoption),
            }),
        }
    }

    /// An amendment is a later decision: it leaves alone what was in force until then.
    fn amend(&self, adoption: Adoption, reason: String) -> Result<Vec<Event>, Refusal> {
        fit(&adoption)?;
        given(&reason)?;
        let (year, on) = (adoption.year, adoption.adopted_on);
        match self.current(year)? {
            None => Err(Refusal::NotAdopted { year }),
            Some(current) if *current == adoption => Ok(vec![]),
            Some(current) if on <= current.adopted_on => {
                Err(Refusal::AmendmentNotLater { on, changes: current.adopted_on })
            }
            Some(current) if current.terms == adoption.terms => {
                Err(Refusal::NothingAmended { since: current.adopted_on })
            }
            Some(_) => Ok(vec![Event::CriteriaAmended { adoption, reason }]),
        }
    }

    /// What was decided was taken down wrongly (D17): the record changes, also for days that have gone by.
    fn correct(
        &self,
        adoption: Adoption,
        decided_on: Option<NaiveDate>,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        fit(&adoption)?;
        given(&reason)?;
        let year = adoption.year;
        let Some(current) = self.current(year)? else { return Err(Refusal::NotAdopted { year }) };
        let corrects = decided_on.unwrap_or(current.adopted_on);
        let Some(place) = self.place(corrects) else {
            // Asked again, its day was corrected before.
            return if self.decisions.contains(&adoption) {
                Ok(vec![])
            } else {
                Err(Refusal::NoDecisionOf { on: corrects, year, days: self.days() })
            };
        };
        if self.decisions[place] == adoption {
            return Ok(vec![]);
        }
        self.keeps_its_place(place, adoption.adopted_on)?;
        Ok(vec![Event::CriteriaCorrected { adoption, corrects, reason }])
    }

    /// The last decision, which must be on the year that is spoken of.
    fn current(&self, year: LeadingEdgeYear) -> Result<Option<&Adoption>, Refusal> {
        match self.decisions.last() {
            Some(current) if current.year != year => {
                Err(Refusal::CriteriaOfAnotherYear { these: current.year, those: year })
            }
            current => Ok(current),
        }
    }

    fn place(&self, decided_on: NaiveDate) -> Option<usize> {
        self.decisions.iter().rposition(|decision| decision.adopted_on == decided_on)
    }

    fn days(&self) -> Vec<NaiveDate> {
        self.decisions.iter().map(|decision| decision.adopted_on).collect()
    }

    /// A decision whose day is corrected stays later than the one it amends, and earlier than the one that amends it.
    fn keeps_its_place(&self, place: usize, on: NaiveDate) -> Result<(), Refusal> {
        let day = |place: usize| self.decisions.get(place).map(|decision| decision.adopted_on);
        let before = place.checked_sub(1).and_then(day).filter(|before| *before >= on);
        let after = day(place + 1).filter(|after| *after <= on);
        match before.or(after) {
            Some(neighbour) => Err(Refusal::DecisionsOutOfOrder { on, neighbour }),
            None => Ok(()),
        }
    }
}

/// A decision of the steering group is on the record (R37) and its terms can be applied.
fn fit(adoption: &Adoption) -> Result<(), Refusal> {
    if adoption.minute.trim().is_empty() {
        return Err(Refusal::MinuteMissing);
    }
    adoption.terms.fit()
}

fn given(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}

impl Aggregate for Criteria {
    const TYPE: &'static str = "membership.criteria";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::CriteriaAdopted(adoption) | Event::CriteriaAmended { adoption, .. } => {
                self.decisions.push(adoption);
            }
            Event::CriteriaCorrected { adoption, corrects, reason: _ } => {
                let place = self.place(corrects);
                if let Some(decision) = place.and_then(|place| self.decisions.get_mut(place)) {
                    *decision = adoption;
                }
            }
        }
    }
}
