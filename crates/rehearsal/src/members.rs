//! The members with whom the story begins, and those that were members once.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use kernel::{Cell, Grade, Progress8, Release, SchoolKind, Urn};
use national_data::sample::Truth;
use schools::Register;

use crate::calendar::day;
use crate::temper::Temper;

/// Schools that were members before the system began, and how they stand.
#[derive(Clone, Debug)]
pub(crate) struct Members {
    /// Members on the first day, ascending by URN.
    pub(crate) running: BTreeSet<Urn>,
    /// Gone before it.
    pub(crate) former: BTreeSet<Urn>,
}

/// How a school fits the network when the story begins: the best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Fit {
    /// It will close or get another URN in the two years.
    Changes,
    /// Outstanding, or good with significant results.
    Meets,
    Good,
    /// Graded 3 or 4, or not inspected yet.
    Doubtful,
}

const BEGINS: (i32, u32, u32) = (2018, 4, 1);

impl Members {
    /// `wanted` members: most of them meet the criteria, some are on the way out, and every kind of change in the two
    /// years happens to some.
    pub(crate) fn of(truth: &Truth, temper: Temper, wanted: usize) -> Self {
        let begins = day(BEGINS.0, BEGINS.1, BEGINS.2);
        let mut candidates: Vec<(Fit, u32, Urn)> = truth
            .register
            .iter()
            .filter(|(urn, details)| {
                details.kind.is_some_and(is_mainstream)
                    && details.opened_on.is_none_or(|opened| opened.year() < 2017)
                    && details.closed_on.is_none_or(|closed| closed > begins)
                    && is_covered(truth, **urn, begins)
            })
            .map(|(urn, _)| (fit(truth, *urn), temper.draw(*urn, "member", 0, 1_000_000), *urn))
            .collect();
        candidates.sort_unstable();
        let mut running = BTreeSet::new();
        // So many of a hundred at most, and then whoever is left.
        for (kind, percent) in
            [(Fit::Changes, 30), (Fit::Doubtful, 4), (Fit::Good, 14), (Fit::Meets, 100)]
        {
            let room = (wanted * percent / 100).min(wanted - running.len());
            let of_kind = candidates.iter().filter(|(fit, ..)| *fit == kind);
            running.extend(of_kind.map(|(_, _, urn)| *urn).take(room));
        }
        for (_, _, urn) in &candidates {
            if running.len() < wanted {
                running.insert(*urn);
            }
        }
        let former = candidates
            .iter()
            .filter(|(fit, _, urn)| *fit != Fit::Changes && !running.contains(urn))
            .filter(|(_, _, urn)| opened(truth, *urn) < 2014)
            .map(|(_, _, urn)| *urn)
            .take(wanted / 12)
            .collect();
        Self { running, former }
    }

    /// The office's own list: `urn,from,until,year,reason`, running and past memberships under their true dates (R38).
    pub(crate) fn history(&self, truth: &Truth, temper: Temper) -> String {
        let mut text = "urn,from,until,year,reason\n".to_owned();
        let mut line = |urn: Urn, from: NaiveDate, until: Option<NaiveDate>, reason: &str| {
            let until = until.map(|until| until.to_string()).unwrap_or_default();
            let year = if until.is_empty() { "2017-18" } else { "" };
            // Writing to a text cannot fail.
            _ = writeln!(text, "{urn},{from},{until},{year},{reason}");
        };
        for urn in self.running.union(&self.former) {
            let is_running = self.running.contains(urn);
            let first = (opened(truth, *urn) + 1).max(2003);
            let last = if is_running { 2017 } else { 2015 };
            let span = (last - first).max(0).unsigned_abs() + 1;
            let from = first + temper.draw(*urn, "since", 0, span).cast_signed();
            if is_running && from <= 2016 && temper.percent(*urn, "away", 0, 15) {
                // Away for a year or more, and back.
                let back = from + 2 + temper.draw(*urn, "back", 0, 4).cast_signed();
                if back <= 2017 {
                    line(*urn, day(from, 4, 1), Some(day(from + 1, 3, 31)), "let it lapse");
                    line(*urn, day(back, 4, 1), None, "");
                    continue;
                }
            }
            let from_day = if from < 2017 { day(from, 9, 1) } else { day(from, 4, 1) };
            if is_running {
                line(*urn, from_day, None, "");
            } else {
                let reason = ["new headteacher", "budget", "joined another network"]
                    [temper.draw(*urn, "why", 0, 3) as usize];
                line(*urn, from_day, Some(day((from + 2).min(2017), 3, 31)), reason);
            }
        }
        text
    }
}

pub(crate) fn is_mainstream(kind: SchoolKind) -> bool {
    SchoolKind::STATE_FUNDED_MAINSTREAM.contains(&kind)
}

pub(crate) fn is_covered(truth: &Truth, urn: Urn, on: NaiveDate) -> bool {
    truth.cover.get(&urn).is_some_and(|list| {
        list.iter().any(|cover| cover.from <= on && cover.until.is_none_or(|until| until >= on))
    })
}

/// The year in which it opened; an old school's is not known.
fn opened(truth: &Truth, urn: Urn) -> i32 {
    truth.register.get(&urn).and_then(|details| details.opened_on).map_or(0, |on| on.year())
}

fn fit(truth: &Truth, urn: Urn) -> Fit {
    let begins = day(BEGINS.0, BEGINS.1, BEGINS.2);
    let details = truth.register.get(&urn);
    let changes = details.is_some_and(|details| {
        details.status == Some(Register::Closed)
            && details.closed_on.is_some_and(|closed| closed < day(2020, 4, 1))
    });
    let takes_in = truth.predecessors.get(&urn).is_some_and(|list| {
        list.iter().any(|link| link.on.is_some_and(|on| on >= begins) && list.len() == 1)
    });
    if changes || takes_in {
        return Fit::Changes;
    }
    let before = begins.pred_opt().unwrap_or(begins);
    let grade =
        truth.own_grade(urn, before).or_else(|| match truth.predecessors.get(&urn)?.as_slice() {
            [only] => truth.own_grade(only.predecessor, before),
            _ => None,
        });
    match grade {
        Some(Grade::Outstanding) => Fit::Meets,
        Some(Grade::Good) if is_significant(truth, urn) => Fit::Meets,
        Some(Grade::Good) => Fit::Good,
        Some(Grade::RequiresImprovement | Grade::Inadequate) | None => Fit::Doubtful,
    }
}

fn is_significant(truth: &Truth, urn: Urn) -> bool {
    let final_of_2017 =
        |release: &&Release| release.year.examined_in() == 2017 && release.standing.decides();
    let table =
        truth.tables.keys().find(final_of_2017).and_then(|release| truth.tables.get(release));
    table
        .and_then(|table| table.get(&urn)?.figures.lower.and_then(Cell::published))
        .is_some_and(|lower| lower > Progress8::ZERO)
}

#[cfg(test)]
mod tests {
    use national_data::sample::Nation;

    use super::*;

    #[test]
    fn most_members_meet_the_criteria_and_some_of_every_kind_are_among_them() {
        let nation = Nation::over_two_years(2003, 1_000);
        let temper = Temper { seed: 2003 };
        let members = Members::of(nation.truth(), temper, 140);
        assert_eq!(members.running.len(), 140);
        let mut kinds = std::collections::BTreeMap::new();
        for urn in &members.running {
            *kinds.entry(fit(nation.truth(), *urn)).or_insert(0) += 1;
        }
        eprintln!("{kinds:?}");
        assert!(kinds[&Fit::Meets] > 70, "{kinds:?}");
        assert!(kinds[&Fit::Changes] > 12 && kinds[&Fit::Doubtful] > 3, "{kinds:?}");
    }

    #[test]
    fn the_history_has_true_dates_gaps_and_members_that_are_gone() {
        let nation = Nation::over_two_years(2003, 1_000);
        let temper = Temper { seed: 2003 };
        let members = Members::of(nation.truth(), temper, 140);
        let history = members.history(nation.truth(), temper);
        let rows: Vec<Vec<&str>> =
            history.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let running = rows.iter().filter(|row| row[3] == "2017-18").count();
        assert_eq!(running, 140);
        let past = rows.iter().filter(|row| row[3].is_empty()).count();
        assert!(past > members.former.len(), "some were away and came back");
        for row in rows {
            let from: NaiveDate = row[1].parse().unwrap();
            assert!(from >= day(2003, 1, 1));
            assert!(row[2].is_empty() || row[2] > row[1], "{row:?}");
        }
    }
}
