//! What is published bit by bit, and what happens in between.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{Grade, Urn};
use proptest::prelude::*;
use schools::Register;
use schools::school::Succession;

use super::super::school::day;
use super::super::{Issue, Kind, Nation};
use crate::{File, RegisterRow, cover, links, ofsted, register};

fn file(nation: &Nation, issue: &Issue) -> File {
    File::from_bytes(issue.name.clone(), nation.bytes_of(issue))
}

fn issues(nation: &Nation, wanted: impl Fn(Kind) -> bool) -> Vec<Issue> {
    nation.issues().into_iter().filter(|issue| wanted(issue.kind)).collect()
}

fn registers(nation: &Nation) -> Vec<(NaiveDate, BTreeMap<Urn, RegisterRow>)> {
    issues(nation, |kind| kind == Kind::Register)
        .iter()
        .map(|issue| {
            let rows = register(&file(nation, issue), issue.on).unwrap().rows;
            (issue.on, rows.into_iter().map(|row| (row.urn, row)).collect())
        })
        .collect()
}

#[test]
fn every_issue_has_a_name_of_its_own_and_they_come_in_order() {
    let nation = Nation::over_two_years(3, 300);
    let issues = nation.issues();
    let names: BTreeSet<&str> = issues.iter().map(|issue| issue.name.as_str()).collect();
    assert_eq!(names.len(), issues.len());
    assert!(issues.is_sorted_by_key(|issue| issue.on));
    assert!(issues.iter().all(|issue| (day(2018, 2, 1)..=day(2020, 4, 30)).contains(&issue.on)));
    let tables = issues.iter().filter(|issue| matches!(issue.kind, Kind::Ks4(_)));
    assert_eq!(tables.count(), 8, "two releases of four years");
}

/// Nothing is in a file before it was public, and in the end everything is in one.
#[test]
fn inspections_come_out_month_by_month_once_each() {
    let nation = Nation::over_two_years(3, 300);
    let mut told: BTreeMap<Urn, BTreeMap<NaiveDate, Grade>> = BTreeMap::new();
    for issue in issues(&nation, |kind| matches!(kind, Kind::Ofsted { .. })) {
        for row in ofsted(&file(&nation, &issue)).unwrap().rows {
            for inspection in row.inspections {
                assert!(inspection.inspected_on < issue.on);
                assert!(inspection.published_on.is_none_or(|on| on <= issue.on));
                let grade = inspection.outcome.overall().unwrap();
                let before =
                    told.entry(row.urn).or_default().insert(inspection.inspected_on, grade);
                assert_eq!(before, None, "{} {}", row.urn, inspection.inspected_on);
            }
        }
    }
    let truth: BTreeMap<Urn, BTreeMap<NaiveDate, Grade>> = nation
        .truth()
        .inspections
        .iter()
        .map(|(urn, list)| (*urn, list.iter().map(|one| (one.on, one.grade)).collect()))
        .collect();
    assert_eq!(told, truth);
}

#[test]
fn grades_fall_and_rise_again_within_the_two_years() {
    let nation = Nation::over_two_years(3, 1_000);
    let (mut fell, mut rose, mut after_renewal) = (0, 0, 0);
    for list in nation.truth().inspections.values() {
        let of = |from: NaiveDate, to: NaiveDate| {
            list.iter().find(|one| (from..to).contains(&one.on)).map(|one| one.grade)
        };
        let may = of(day(2018, 5, 1), day(2018, 7, 31));
        fell += usize::from(may == Some(Grade::RequiresImprovement));
        let february = of(day(2018, 12, 1), day(2018, 12, 20));
        rose +=
            usize::from(may == Some(Grade::RequiresImprovement) && february == Some(Grade::Good));
        after_renewal +=
            usize::from(of(day(2019, 3, 1), day(2019, 4, 1)) == Some(Grade::RequiresImprovement));
    }
    assert!(fell > 15 && rose > 5 && after_renewal > 5, "{fell} {rose} {after_renewal}");
}

#[test]
fn a_register_says_what_was_so_on_its_day() {
    let nation = Nation::over_two_years(3, 300);
    let truth = &nation.truth().register;
    for (on, rows) in registers(&nation) {
        for (urn, details) in truth {
            let row = rows.get(urn);
            let opened = details.opened_on.is_none_or(|opened| opened <= on);
            assert!(row.is_some() || !opened, "{urn} is missing on {on}");
            let Some(row) = row else { continue };
            let closed = details.closed_on.is_some_and(|closed| closed <= on);
            assert_eq!(row.details.status == Some(Register::Closed), closed, "{urn} on {on}");
            assert_eq!(
                row.details.closed_on,
                details.closed_on.filter(|_| closed),
                "{urn} on {on}"
            );
        }
    }
}

#[test]
fn schools_with_cover_close_merge_split_and_convert_in_both_years() {
    let nation = Nation::over_two_years(2018, 1_000);
    let truth = nation.truth();
    for (from, to) in [(day(2018, 4, 1), day(2019, 3, 31)), (day(2019, 4, 1), day(2020, 3, 31))] {
        let mut successors: BTreeMap<Urn, Vec<(Succession, bool)>> = BTreeMap::new();
        for (successor, predecessors) in &truth.predecessors {
            for link in predecessors {
                let is_new = truth.register[successor].opened_on.is_some_and(|on| on >= from);
                let known = successors.entry(link.predecessor).or_default();
                known.push((link.succession, is_new));
            }
        }
        let within = |urn: &Urn| {
            let closed = truth.register[urn].closed_on;
            truth.cover.contains_key(urn)
                && closed.is_some_and(|closed| from.pred_opt() <= Some(closed) && closed <= to)
        };
        let ways: Vec<&[(Succession, bool)]> = truth
            .register
            .keys()
            .filter(|urn| within(urn))
            .map(|urn| successors.get(urn).map_or(&[][..], Vec::as_slice))
            .collect();
        let any = |fits: fn(&[(Succession, bool)]) -> bool| ways.iter().any(|way| fits(way));
        assert!(any(|way| way.is_empty()), "closed for good");
        assert!(any(|way| matches!(way, [(Succession::Converted, true)])));
        assert!(any(|way| matches!(way, [(Succession::Merged, false)])), "into one that was there");
        assert!(any(|way| matches!(way, [(Succession::Merged | Succession::Amalgamated, true)])));
        assert!(any(|way| matches!(way, [(Succession::Split, true), (Succession::Split, true)])));
    }
}

#[test]
fn links_are_told_from_the_first_register_after_their_day() {
    let nation = Nation::over_two_years(3, 300);
    let mut before = 0;
    let all = issues(&nation, |kind| kind == Kind::Links);
    for issue in &all {
        let rows = links(&file(&nation, issue)).unwrap().rows;
        assert!(
            rows.iter().all(|row| row.predecessor.established_on.is_none_or(|on| on <= issue.on))
        );
        assert!(rows.len() >= before);
        before = rows.len();
    }
    let linked: u64 =
        nation.truth().predecessors.values().flatten().map(|link| u64::from(link.rows)).sum();
    assert_eq!(before as u64, linked, "all of them in the last");
}

#[test]
fn cover_ends_are_told_when_they_are_near_and_some_come_back_too_late() {
    let nation = Nation::over_two_years(3, 1_000);
    let all = issues(&nation, |kind| kind == Kind::Cover);
    let ends_in = |issue: &Issue, until: NaiveDate| {
        let rows = cover(&file(&nation, issue)).unwrap().rows;
        rows.iter().filter(|row| row.until == Some(until)).count()
    };
    assert_eq!(ends_in(&all[0], day(2018, 8, 31)), 0, "half a year before is too early");
    assert!(ends_in(&all[1], day(2018, 8, 31)) > 5);
    assert!(ends_in(&all[4], day(2019, 8, 31)) > 5);
    let starts = |from: NaiveDate| {
        nation.truth().cover.values().filter(|list| list.iter().any(|it| it.from == from)).count()
    };
    assert!(starts(day(2019, 4, 20)) > 3 && starts(day(2018, 11, 1)) > 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn two_years_of_a_nation_of_any_size_are_the_same_again(
        seed in any::<u64>(),
        secondaries in 1_usize..80,
    ) {
        let (nation, again) =
            (Nation::over_two_years(seed, secondaries), Nation::over_two_years(seed, secondaries));
        prop_assert_eq!(nation.issues(), again.issues());
        for issue in nation.issues() {
            prop_assert_eq!(nation.bytes_of(&issue), again.bytes_of(&issue));
        }
        for (urn, list) in &nation.truth().cover {
            prop_assert!(list.is_sorted_by_key(|cover| cover.from), "{}", urn);
        }
    }
}
