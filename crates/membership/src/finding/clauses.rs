//! Conditions into ways, ways into one answer; and each condition told once.

use crate::criteria::{Condition, Way, Ways};
use crate::finding::condition::Look;
use crate::finding::{Answer, Clause};

/// The conditions of some ways, each asked once, with its clause.
pub(super) struct Asked<'a> {
    ways: &'a Ways,
    clauses: Vec<(&'a Condition, Clause)>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(look: &Look, rule: &str, ways: &'a Ways) -> Self {
        let mut asked: Vec<(&Condition, Clause)> = vec![];
        for (way, condition) in
            ways.any.iter().flat_map(|way| way.all.iter().map(move |it| (way, it)))
        {
            if asked.iter().all(|(known, _)| *known != condition) {
                let clause = look.ask(condition, ways).told(rule);
                asked.push((condition, Clause { way: Some(way.name.clone()), ..clause }));
            }
        }
        Self { ways, clauses: asked }
    }

    /// Any one of the ways is enough.
    pub(super) fn any(&self) -> Answer {
        Answer::any(self.ways.any.iter().map(|way| self.all(way)))
    }

    /// All conditions of a way must hold.
    fn all(&self, way: &Way) -> Answer {
        Answer::all(way.all.iter().map(|condition| self.answer(condition)))
    }

    /// The same without the conditions about results: does the way apply to this school at all?
    pub(super) fn all_but_results(&self, way: &Way) -> Answer {
        let others = way.all.iter().filter(|condition| !condition.asks_for_results());
        Answer::all(others.map(|condition| self.answer(condition)))
    }

    /// Whether grades by area, or a report card, meet what a way asks of them (D8).
    pub(super) fn newer_kind_speaks(&self) -> bool {
        self.ways.any.iter().any(|way| {
            way.all.iter().any(Condition::asks_for_newer_kinds)
                && self.all_but_results(way) == Answer::Passed
        })
    }

    pub(super) fn into_clauses(self) -> Vec<Clause> {
        self.clauses.into_iter().map(|(_, clause)| clause).collect()
    }

    fn answer(&self, condition: &Condition) -> Answer {
        let asked = self.clauses.iter().find(|(known, _)| *known == condition);
        asked.map_or(Answer::NoData, |(_, clause)| clause.result)
    }
}

impl Answer {
    /// Failed if any failed, else without data if any is, else passed.
    pub(super) fn all(answers: impl Iterator<Item = Self>) -> Self {
        answers.fold(Self::Passed, |so_far, answer| match (so_far, answer) {
            (Self::Failed, _) | (_, Self::Failed) => Self::Failed,
            (Self::NoData, _) | (_, Self::NoData) => Self::NoData,
            (Self::Passed, Self::Passed) => Self::Passed,
        })
    }

    /// Passed if any passed, else without data if any is, else failed.
    pub(super) fn any(answers: impl Iterator<Item = Self>) -> Self {
        answers.fold(Self::Failed, |so_far, answer| match (so_far, answer) {
            (Self::Passed, _) | (_, Self::Passed) => Self::Passed,
            (Self::NoData, _) | (_, Self::NoData) => Self::NoData,
            (Self::Failed, Self::Failed) => Self::Failed,
        })
    }

    pub(super) fn whether(holds: bool) -> Self {
        if holds { Self::Passed } else { Self::Failed }
    }
}
