//! The school's inspections, by the day each was made.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Grade, Outcome};
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::school::outcome::{except, settled};
use crate::school::{Event, Fact, Inspection};

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Inspections {
    known: BTreeMap<NaiveDate, Known>,
    /// The first overall grade, or else the one that it was last said to have turned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<Grade>,
}

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
            known.inspected(&news);
            events.push(Event::OfstedInspected(news));
            if let Some((to, turn)) = known.turn() {
                known.turned(to);
                events.push(turn);
            }
        }
        events
    }

    pub(super) fn correct(
        &self,
        inspected_on: NaiveDate,
        outcome: Option<Outcome>,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(known) = self.known.get(&inspected_on) else {
            return Err(Refusal::NoSuchInspection {
                inspected_on,
                recorded: self.known.keys().copied().collect(),
            });
        };
        if known.stands() == outcome.as_ref() {
            return Ok(vec![]);
        }
        let from = known.outcome.clone();
        let mut after = self.clone();
        after.corrected(inspected_on, from.clone(), outcome.clone());
        let fact = Fact::Inspection { inspected_on, from, to: outcome };
        let turn = after.turn().map(|(_, turn)| turn);
        Ok([Event::FactCorrected { fact, reason }].into_iter().chain(turn).collect())
    }

    pub(super) fn inspected(&mut self, inspection: &Inspection) {
        let day = inspection.inspected_on;
        let corrected = self.known.remove(&day).map_or_else(Vec::new, |known| known.corrected);
        self.known.insert(day, Known { corrected, ..Known::first(inspection) });
        self.first_grade();
    }

    pub(super) fn corrected(
        &mut self,
        inspected_on: NaiveDate,
        from: Outcome,
        to: Option<Outcome>,
    ) {
        if let Some(known) = self.known.get_mut(&inspected_on) {
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
        self.first_grade();
    }

    /// That the grade went up or down was told.
    pub(super) fn turned(&mut self, to: Grade) {
        self.told = Some(to);
    }

    /// The first overall grade is told by its inspection.
    fn first_grade(&mut self) {
        self.told = self.told.or_else(|| self.newest()?.2.overall());
    }

    /// What is now to be said of the inspection, if this tells anything that was not known.
    fn news(&self, said: Inspection) -> Option<Inspection> {
        let known = self.known.get(&said.inspected_on);
        let next = known.cloned().unwrap_or_else(|| Known::first(&said)).hearing(&said);
        (known != Some(&next)).then_some(Inspection {
            published_on: next.published_on,
            outcome: next.outcome,
            also_printed: next.also_printed,
            ..said
        })
    }

    /// The newest graded inspection has another overall grade than was told last: because it is new, or what is known of
    /// it changed, or another one is the newest now.  Nothing is told where it has none (D8).
    fn turn(&self) -> Option<(Grade, Event)> {
        let (published_on, inspected_on, outcome) = self.newest()?;
        let (from, to) = (self.told?, outcome.overall()?);
        let turn = match to.cmp(&from) {
            Ordering::Less => Event::OfstedUpgraded { from, to, inspected_on, published_on },
            Ordering::Greater => Event::OfstedDowngraded { from, to, inspected_on, published_on },
            Ordering::Equal => return None,
        };
        Some((to, turn))
    }

    /// The graded inspection that became public last, with that day and its own.
    fn newest(&self) -> Option<(NaiveDate, NaiveDate, &Outcome)> {
        self.known
            .iter()
            .filter_map(|(day, known)| {
                let outcome = known.stands().filter(|outcome| outcome.is_graded())?;
                Some((known.published_on.unwrap_or(*day), *day, outcome))
            })
            .max_by_key(|(public_from, day, _)| (*public_from, *day))
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
