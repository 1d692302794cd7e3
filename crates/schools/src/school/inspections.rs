//! The school's inspections, by the day each was made.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Grade, Outcome};
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::school::outcome::{except, settled};
use crate::school::{Event, Fact, Inspection};

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Inspections(BTreeMap<NaiveDate, Known>);

/// What is known of one inspection.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Known {
    outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    also_printed: Option<Grade>,
    /// It turned out not to be an inspection of this school.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
    /// What corrections replaced: a file that prints it again says nothing new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    corrected: Vec<Outcome>,
}

impl Inspections {
    /// Oldest publication first, whatever the order of the file: a grade goes up or down from the one before it.
    pub(super) fn record(&self, mut inspections: Vec<Inspection>) -> Vec<Event> {
        inspections.sort_by_key(|inspection| (inspection.public_from(), inspection.inspected_on));
        let mut known = self.clone();
        let mut events = vec![];
        for inspection in inspections {
            let Some(news) = known.news(inspection) else { continue };
            let turn = known.turn(&news);
            known.inspected(&news);
            events.push(Event::OfstedInspected(news));
            events.extend(turn);
        }
        events
    }

    pub(super) fn correct(
        &self,
        inspected_on: NaiveDate,
        outcome: Option<Outcome>,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(known) = self.0.get(&inspected_on) else {
            return Err(Refusal::NoSuchInspection {
                inspected_on,
                recorded: self.0.keys().copied().collect(),
            });
        };
        if known.stands() == outcome.as_ref() {
            return Ok(vec![]);
        }
        let fact = Fact::Inspection { inspected_on, from: known.outcome.clone(), to: outcome };
        Ok(vec![Event::FactCorrected { fact, reason }])
    }

    pub(super) fn inspected(&mut self, inspection: &Inspection) {
        let corrected =
            self.0.remove(&inspection.inspected_on).map_or_else(Vec::new, |known| known.corrected);
        let known = Known { corrected, ..Known::first(inspection) };
        self.0.insert(inspection.inspected_on, known);
    }

    pub(super) fn corrected(
        &mut self,
        inspected_on: NaiveDate,
        from: Outcome,
        to: Option<Outcome>,
    ) {
        if let Some(known) = self.0.get_mut(&inspected_on) {
            let better = known.also_printed.take().map(Outcome::Overall);
            known.corrected.extend([Some(from), better].into_iter().flatten());
            known.withdrawn = to.is_none();
            if let Some(to) = to {
                known.corrected.retain_mut(|wrong| match except(wrong, &to) {
                    Some(left) => {
                        *wrong = left;
                        true
                    }
                    None => false,
                });
                known.outcome = to;
            }
        }
    }

    /// What is now to be said of the inspection, if this tells anything that was not known.
    fn news(&self, said: Inspection) -> Option<Inspection> {
        let known = self.0.get(&said.inspected_on);
        let next = known.cloned().unwrap_or_else(|| Known::first(&said)).hearing(&said);
        (known != Some(&next)).then_some(Inspection {
            published_on: next.published_on,
            outcome: next.outcome,
            also_printed: next.also_printed,
            ..said
        })
    }

    /// The grade went up or down: told when the newest graded inspection, by the day it became public, comes to another
    /// overall grade than the graded one before it.  Both must have one (D8); an older inspection found later turns
    /// nothing.
    fn turn(&self, news: &Inspection) -> Option<Event> {
        let Inspection { inspected_on, .. } = *news;
        let published_on = news.public_from();
        let to = news.outcome.overall()?;
        let stood = self.0.get(&inspected_on).and_then(|known| known.stands()?.overall());
        if stood == Some(to) {
            return None;
        }
        let (public_before, before) = self
            .0
            .iter()
            .filter(|(day, _)| **day != inspected_on)
            .filter_map(|(day, known)| {
                let outcome = known.stands().filter(|outcome| outcome.is_graded())?;
                Some(((known.published_on.unwrap_or(*day), *day), outcome))
            })
            .max_by_key(|(public, _)| *public)?;
        if public_before > (published_on, inspected_on) {
            return None;
        }
        let from = before.overall()?;
        match to.cmp(&from) {
            std::cmp::Ordering::Less => {
                Some(Event::OfstedUpgraded { from, to, inspected_on, published_on })
            }
            std::cmp::Ordering::Greater => {
                Some(Event::OfstedDowngraded { from, to, inspected_on, published_on })
            }
            std::cmp::Ordering::Equal => None,
        }
    }
}

impl Known {
    fn first(said: &Inspection) -> Self {
        Self {
            outcome: said.outcome.clone(),
            published_on: said.published_on,
            also_printed: said.also_printed,
            withdrawn: false,
            corrected: vec![],
        }
    }

    fn stands(&self) -> Option<&Outcome> {
        (!self.withdrawn).then_some(&self.outcome)
    }

    /// What is known once this was heard too; in whatever order statements come, the end is the same.  Of two overall
    /// grades the poorer counts and the best is kept beside it; of two publication days the earlier one counts, as from
    /// then on anyone could know.
    fn hearing(mut self, said: &Inspection) -> Self {
        let overall = said.outcome.overall();
        let beside = said.also_printed.filter(|_| overall.is_some()).map(Outcome::Overall);
        let printed: Vec<Outcome> = [Some(said.outcome.clone()), beside]
            .into_iter()
            .flatten()
            .filter_map(|outcome| {
                self.corrected.iter().try_fold(outcome, |outcome, wrong| except(&outcome, wrong))
            })
            .collect();
        if self.withdrawn && printed.is_empty() {
            return self;
        }
        let grades = printed.iter().filter_map(Outcome::overall);
        let best =
            grades.chain(self.also_printed).chain(self.stands().and_then(Outcome::overall)).min();
        for outcome in &printed {
            self.outcome = match self.stands() {
                Some(known) => settled(known, outcome),
                None => outcome.clone(),
            };
            self.withdrawn = false;
        }
        self.also_printed = best.filter(|best| self.outcome.overall().is_some_and(|it| *best < it));
        self.published_on = [self.published_on, said.published_on].into_iter().flatten().min();
        self
    }
}
