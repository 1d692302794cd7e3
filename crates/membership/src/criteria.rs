//! The criteria of one Leading Edge year.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
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

/// What the steering group has decided for a year.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Criteria {
    #[default]
    NotAdopted,
    Adopted(Adoption),
}

impl Criteria {
    /// Every question a year's criteria can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Adopt(adoption) => self.adopt(adoption),
            Command::Amend { adoption, reason } => self.amend(adoption, reason),
        }
    }

    fn adopt(&self, adoption: Adoption) -> Result<Vec<Event>, Refusal> {
        fit(&adoption)?;
        match self {
            Self::NotAdopted => Ok(vec![Event::CriteriaAdopted(adoption)]),
            Self::Adopted(current) if current.year != adoption.year => {
                Err(Refusal::CriteriaOfAnotherYear { these: current.year, those: adoption.year })
            }
            Self::Adopted(current) if current.terms == adoption.terms => Ok(vec![]),
            Self::Adopted(current) => {
                Err(Refusal::AlreadyAdopted { year: current.year, on: current.adopted_on })
            }
        }
    }

    fn amend(&self, adoption: Adoption, reason: String) -> Result<Vec<Event>, Refusal> {
        fit(&adoption)?;
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        match self {
            Self::NotAdopted => Err(Refusal::NotAdopted { year: adoption.year }),
            Self::Adopted(current) if current.year != adoption.year => {
                Err(Refusal::CriteriaOfAnotherYear { these: current.year, those: adoption.year })
            }
            Self::Adopted(current) if current.terms == adoption.terms => Ok(vec![]),
            Self::Adopted(current) if adoption.adopted_on < current.adopted_on => {
                Err(Refusal::AmendedBeforeAdopted { adopted_on: current.adopted_on })
            }
            Self::Adopted(_) => Ok(vec![Event::CriteriaAmended { adoption, reason }]),
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
        *self = match event {
            Event::CriteriaAdopted(adoption) | Event::CriteriaAmended { adoption, .. } => {
                Self::Adopted(adoption)
            }
        };
    }
}
