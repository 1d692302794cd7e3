//! What has happened, and which terms the sheet then has.

use chrono::NaiveDate;
use kernel::Urn;
use membership::membership::Event as Membership;
use proptest::prelude::*;

use super::{Came, Ending, Row};
use crate::collected::Collected;
use crate::{Event, Recorded};

const SCHOOL: u32 = 100_003;
const SUCCESSOR: u32 = 140_003;

const STARTED: &str = r#"{"MembershipStarted":{"year":"2019-20","from":"2019-09-02","until":"2020-03-31","terms":"full_package","missed":[],"fee_pence":160000,"member_since":"2019-09-02","continuous_since":"2019-09-02"}}"#;
const RENEWED: &str = r#"{"MembershipRenewed":{"year":"2020-21","from":"2020-04-01","until":"2021-03-31","fee_pence":170000,"cover":"none","on":"2020-02-20"}}"#;
const LAPSED: &str = r#"{"MembershipLapsed":{"last_day":"2020-03-31","reason":{"declined":"the budget"},"on":"2020-04-01"}}"#;
const CLOSED: &str = r#"{"MembershipEnded":{"reason":"closed","on":"2020-02-29"}}"#;
const BACK: &str = r#"{"MembershipStarted":{"year":"2021-22","from":"2021-04-01","until":"2022-03-31","terms":"full_package","missed":[],"fee_pence":160000,"member_since":"2019-09-02","continuous_since":"2021-04-01"}}"#;
const EARLIER: [&str; 2] = [
    r#"{"EarlierMembershipStarted":{"from":"2005-09-01","member_since":"2005-09-01","continuous_since":"2019-09-02"}}"#,
    r#"{"EarlierMembershipEnded":{"from":"2005-09-01","last_day":"2007-08-31","reason":"moved away"}}"#,
];

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn recorded(position: u64, number: u32, event: Membership) -> Recorded {
    Recorded {
        position,
        version: 1,
        recorded_at: chrono::DateTime::UNIX_EPOCH + chrono::Days::new(position),
        effective_on: day("2019-02-01"),
        actor: "office".into(),
        event: Event::Membership(urn(number), event),
    }
}

/// The terms of every school, by URN and first day.
fn rows(events: &[(u32, &str)]) -> Vec<Row> {
    let events = events.iter().map(|(number, text)| (*number, serde_json::from_str(text).unwrap()));
    let history: Vec<Recorded> = (1..)
        .zip(events)
        .map(|(position, (number, event))| recorded(position, number, event))
        .collect();
    Collected::of(&history).in_order().rows()
}

fn of_one(events: &[&str]) -> Vec<Row> {
    rows(&events.iter().map(|text| (SCHOOL, *text)).collect::<Vec<_>>())
}

/// Year, first day, how it came, how it ended and on which day.
fn brief(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let ending = row.ending.map(|ending| format!(", {ending}")).unwrap_or_default();
            let on = row.ended_on.map(|on| format!(" {on}")).unwrap_or_default();
            format!("{} {} {}{ending}{on}", row.year, row.first_day, row.came)
        })
        .collect()
}

fn carried(name: &str, other: &str, on: &str) -> String {
    format!(
        r#"{{"{name}":{{{other},"carried":{{"year":"2020-21","from":"2020-04-01","until":"2021-03-31","renewed_on":"2020-02-20","member_since":"2005-04-01","continuous_since":"2019-09-02","renewal":"not_offered"}},"on":"{on}"}}}}"#
    )
}

#[test]
fn each_year_of_a_membership_is_a_row() {
    let terms = of_one(&[STARTED, RENEWED]);
    assert_eq!(brief(&terms), ["2019-20 2019-09-02 joined, renewed", "2020-21 2020-04-01 renewed"]);
    assert_eq!((terms[0].fee_pence, terms[1].fee_pence), (Some(160_000), Some(170_000)));
    assert_eq!(terms[1].continuous_since, day("2019-09-02"));
    assert_eq!((terms[0].last_day, terms[1].last_day), (day("2020-03-31"), day("2021-03-31")));
}

#[test]
fn a_school_that_lapsed_and_came_back_returned_after_a_gap() {
    let terms = of_one(&[STARTED, LAPSED, BACK]);
    assert_eq!(
        brief(&terms),
        ["2019-20 2019-09-02 joined, declined 2020-03-31", "2021-22 2021-04-01 returned"]
    );
    assert_eq!(terms[0].reason.as_deref(), Some("its own wish, the budget"));
    assert_eq!(terms[1].member_since, day("2019-09-02"));
    assert_eq!(terms[1].continuous_since, day("2021-04-01"));
}

#[test]
fn a_school_that_closes_ends_its_term_and_the_one_agreed_after_it_never_runs() {
    let terms = of_one(&[STARTED, RENEWED, CLOSED]);
    assert_eq!(
        brief(&terms),
        [
            "2019-20 2019-09-02 joined, closed 2020-02-29",
            "2020-21 2020-04-01 renewed, closed 2020-02-29"
        ]
    );
    assert_eq!((terms[0].ran(), terms[1].ran()), (true, false));
}

#[test]
fn a_membership_of_long_ago_has_a_row_for_each_of_its_years_and_makes_a_later_one_a_return() {
    let terms = of_one(&[STARTED, EARLIER[0], EARLIER[1]]);
    assert_eq!(
        brief(&terms),
        [
            "2005-06 2005-09-01 earlier, renewed",
            "2006-07 2006-04-01 earlier, renewed",
            "2007-08 2007-04-01 earlier, earlier 2007-08-31",
            "2019-20 2019-09-02 returned"
        ]
    );
    assert_eq!(terms[2].reason.as_deref(), Some("moved away"));
    assert_eq!(terms[3].member_since, day("2005-09-01"));
    assert_eq!(terms[3].continuous_since, day("2019-09-02"));
    assert_eq!((terms[3].position, terms[0].position), (2, 3), "what each was last changed by");
    assert_eq!(terms[2].fee_pence, None);
}

#[test]
fn a_membership_of_long_ago_that_still_runs_is_open_in_its_last_year() {
    let started = r#"{"EarlierMembershipStarted":{"from":"2017-09-01","member_since":"2017-09-01","continuous_since":"2017-09-01"}}"#;
    let runs = r#"{"EarlierMembershipRuns":{"from":"2017-09-01","year":"2018-19","until":"2019-03-31","member_since":"2017-09-01","continuous_since":"2017-09-01"}}"#;
    let then = ["2017-18 2017-09-01 earlier"];
    assert_eq!(brief(&of_one(&[started])), then, "as at a day before 1 April 2018");
    assert_eq!(
        brief(&of_one(&[started, runs])),
        ["2017-18 2017-09-01 earlier, renewed", "2018-19 2018-04-01 earlier"]
    );
}

#[test]
fn a_successor_takes_the_terms_on_with_their_fees_from_its_first_day() {
    let over = carried("MembershipCarriedOver", r#""to":"140003""#, "2020-01-01");
    let taken = carried(
        "MembershipTakenOver",
        r#""from":"100003","member_since":"2005-04-01""#,
        "2020-01-01",
    );
    let terms = rows(&[(SCHOOL, STARTED), (SCHOOL, RENEWED), (SCHOOL, &over), (SUCCESSOR, &taken)]);
    assert_eq!(
        brief(&terms),
        [
            "2019-20 2019-09-02 joined, carried_over 2019-12-31",
            "2020-21 2020-04-01 renewed, carried_over 2019-12-31",
            "2019-20 2020-01-01 taken_over, renewed",
            "2020-21 2020-04-01 renewed"
        ]
    );
    assert_eq!(terms[0].successor, Some(urn(SUCCESSOR)));
    assert_eq!(terms[2].predecessor, Some(urn(SCHOOL)));
    assert_eq!((terms[2].fee_pence, terms[3].fee_pence), (Some(160_000), Some(170_000)));
    for term in &terms[2..] {
        assert_eq!(term.member_since, day("2005-04-01"));
        assert_eq!(term.continuous_since, day("2019-09-02"));
    }
}

/// D12: the closure was read before the link.
#[test]
fn a_school_that_closed_and_then_turns_out_to_go_on_hands_its_terms_over() {
    let over = carried("MembershipCarriedOver", r#""to":"140003""#, "2020-03-01");
    let taken = carried(
        "MembershipTakenOver",
        r#""from":"100003","member_since":"2005-04-01""#,
        "2020-03-01",
    );
    let at_once =
        rows(&[(SCHOOL, STARTED), (SCHOOL, RENEWED), (SCHOOL, &over), (SUCCESSOR, &taken)]);
    let late = rows(&[
        (SCHOOL, STARTED),
        (SCHOOL, RENEWED),
        (SCHOOL, CLOSED),
        (SCHOOL, &over),
        (SUCCESSOR, &taken),
    ]);
    assert_eq!(brief(&late), brief(&at_once));
    assert_eq!(late[0].successor, Some(urn(SUCCESSOR)));
    assert_eq!(late[3].fee_pence, Some(170_000));
}

#[test]
fn a_school_that_converts_on_1_april_leaves_the_year_before_to_its_predecessor() {
    let over = carried("MembershipCarriedOver", r#""to":"140003""#, "2020-04-01");
    let taken = carried(
        "MembershipTakenOver",
        r#""from":"100003","member_since":"2005-04-01""#,
        "2020-04-01",
    );
    let terms = rows(&[(SCHOOL, STARTED), (SCHOOL, RENEWED), (SCHOOL, &over), (SUCCESSOR, &taken)]);
    assert_eq!(
        brief(&terms),
        [
            "2019-20 2019-09-02 joined, renewed",
            "2020-21 2020-04-01 renewed, carried_over 2020-03-31",
            "2020-21 2020-04-01 taken_over"
        ]
    );
    assert!(!terms[1].ran());
}

#[test]
fn what_changes_nothing_leaves_a_row_as_it_was() {
    assert_eq!(of_one(&[STARTED, STARTED]), of_one(&[STARTED]));
    assert_eq!(
        of_one(&[STARTED, r#"{"CoverEnding":{"ends_on":"2019-12-31","on":"2019-12-01"}}"#]),
        of_one(&[STARTED])
    );
}

proptest! {
    /// However events are batched, the rows are the same; every term lies within its year, and no run begins after it.
    #[test]
    fn terms_depend_on_the_events_alone(
        picked in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize), 1..60),
        size in 1..20_usize,
        keep in 0..4_usize,
    ) {
        let lines = include_str!("../../../membership/events/membership.jsonl").lines();
        let shapes: Vec<Membership> =
            lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        let schools = [SCHOOL, SUCCESSOR, 100_001];
        let history: Vec<Recorded> = (1..)
            .zip(picked)
            .map(|(position, (at, school))| {
                recorded(position, schools[school], at.get(&shapes).clone())
            })
            .collect();
        let whole = Collected::of(&history).in_order();
        for row in whole.rows::<Row>() {
            prop_assert_eq!(kernel::LeadingEdgeYear::containing(row.first_day), row.year);
            prop_assert_eq!(row.last_day, row.year.last_day());
            prop_assert!(row.continuous_since <= row.first_day || row.came == Came::TakenOver);
            prop_assert!(row.ended_on.is_none() || row.ending != Some(Ending::Renewed));
        }
        prop_assert_eq!(Collected::in_batches(&history, size, keep).in_order(), whole);
    }
}
