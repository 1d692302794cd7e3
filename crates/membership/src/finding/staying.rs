//! May a school stay (R12 to R14)?  Results are looked at over time, grades as they are.

use std::collections::BTreeSet;

use crate::criteria::{Condition, Way};
use crate::facts::YearFact;
use crate::finding::clauses::Asked;
use crate::finding::condition::Look;
use crate::finding::inspection::Overall;
use crate::finding::words::{needed_in, numbers, over_years};
use crate::finding::{Answer, Clause, Outcome};

/// The outcome, with the clauses of R14 and R13.
pub(super) fn may_it_stay(look: &Look, eligible: &Asked) -> (Outcome, Vec<Clause>) {
    let overall = look.overall().unless_outweighed(look, &[eligible]);
    let (ended, mut clauses) = grade_that_ends_it(look, overall);
    if ended == Answer::Failed {
        return (Outcome::NotEligible, clauses);
    }
    if look.facts.inspection.is_none() {
        return (Outcome::Referral, clauses);
    }
    let ways = &look.terms().eligible.any;
    let applying: Vec<&Way> =
        ways.iter().filter(|way| eligible.all_but_results(way) == Answer::Passed).collect();
    if applying.iter().any(|way| !way.asks_for_results()) {
        return (Outcome::Renew, clauses);
    }
    if let Some(outcome) = applying.iter().map(|way| over_time(look, way)).min_by_key(how_good) {
        clauses.extend(years_looked_at(look, &applying));
        return (outcome, clauses);
    }
    let unknown = ways.iter().any(|way| eligible.all_but_results(way) == Answer::NoData);
    (if unknown { Outcome::Referral } else { Outcome::NotEligible }, clauses)
}

/// A grade that ends eligibility for the coming year, whatever the results (R14).
fn grade_that_ends_it(look: &Look, overall: Overall) -> (Answer, Vec<Clause>) {
    let grades = &look.terms().staying.not_eligible_grades;
    if grades.is_empty() {
        return (Answer::Passed, vec![]);
    }
    let result = match overall.grade() {
        Some(grade) => Answer::whether(!grades.contains(&grade)),
        None => Answer::NoData,
    };
    let needed = format!("not graded {}", numbers(grades));
    (result, vec![overall.told().under(needed, result).told("R14")])
}

/// Performance over time (R13, D5): a year without data for this school counts neither way.
fn over_time(look: &Look, way: &Way) -> Outcome {
    let years: Vec<Answer> = years(look)
        .map(|year| Answer::all(way.results().map(|condition| look.results_of(condition, year).0)))
        .filter(|answer| *answer != Answer::NoData)
        .collect();
    let failed = years.iter().filter(|answer| **answer == Answer::Failed).count();
    match failed {
        _ if years.is_empty() => Outcome::Referral,
        0 => Outcome::Renew,
        dips if dips <= usize::from(look.terms().staying.dips) => Outcome::RenewNotedDip,
        _ => Outcome::Judgement,
    }
}

/// One clause for each condition and year looked at.
fn years_looked_at(look: &Look, ways: &[&Way]) -> Vec<Clause> {
    let mut conditions: Vec<&Condition> = vec![];
    for condition in ways.iter().flat_map(|way| way.results()) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    let mut clauses: Vec<Clause> = years(look)
        .flat_map(|year| conditions.iter().map(move |condition| (year, *condition)))
        .map(|(year, condition)| {
            let (result, told) = look.results_of(condition, year);
            told.under(needed_in(condition, year.release.year), result).told("R13")
        })
        .collect();
    // Which years count, and how many may fail, is said once.
    if let Some(first) = clauses.first_mut() {
        first.needed += &format!("; {}", over_years(&look.terms().staying));
    }
    clauses
}

/// The published school years that count, one entry each, newest first.
fn years<'a>(look: &Look<'a>) -> impl Iterator<Item = &'a YearFact> {
    let mut seen = BTreeSet::new();
    look.facts
        .years
        .iter()
        .filter(move |year| seen.insert(year.release.year))
        .take(usize::from(look.terms().staying.published_years))
}

/// The best outcome counts; what the data judge comes before what they do not say.
fn how_good(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Renew => 0,
        Outcome::RenewNotedDip => 1,
        Outcome::Judgement => 2,
        Outcome::Referral => 3,
        Outcome::NotEligible => 4,
    }
}

impl Way {
    fn results(&self) -> impl Iterator<Item = &Condition> {
        self.all.iter().filter(|condition| condition.asks_for_results())
    }

    fn asks_for_results(&self) -> bool {
        self.results().next().is_some()
    }
}
