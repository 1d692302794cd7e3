use std::collections::BTreeSet;

use super::{Command, Membership, Occasion, SCHOOL, accepted, day, grading, member, urn, year};
use crate::tests::school::School;
use projections::Event;

const MARKS: &str = "downgrade-marks-not-eligible";
const LIFTS: &str = "regrade-lifts-mark";
const OFFERS: &str = "mark-offers-connections";

fn marked() -> School {
    member().graded(grading(3, "2019-07-02", "2019-07-19")).after(
        MARKS,
        Occasion::Day,
        "2019-07-19",
    )
}

/// R14, D9: from the day it is published, not from that of the inspection.
#[test]
fn a_grade_of_3_or_4_marks_from_its_publication() {
    for grade in [3, 4] {
        let poor = grading(grade, "2019-07-02", "2019-07-19");
        let school = member().graded(poor.clone());
        assert_eq!(school.asked(MARKS, Occasion::Day, "2019-07-18"), None);
        assert_eq!(
            school.asked(MARKS, Occasion::Day, "2019-07-19"),
            Some(Command::MarkNotEligible(poor))
        );
    }
    for grade in [1, 2] {
        let school = member().graded(grading(grade, "2019-07-02", "2019-07-19"));
        assert_eq!(school.asked(MARKS, Occasion::Day, "2019-07-19"), None);
    }
}

/// R14: a poorer grade after that marks again; the same grade does not.
#[test]
fn one_grade_marks_once() {
    let school = marked();
    assert_eq!(school.asked(MARKS, Occasion::Day, "2019-07-20"), None);
    let worse = grading(4, "2019-11-05", "2019-11-29");
    let school = school.graded(worse.clone());
    assert_eq!(
        school.asked(MARKS, Occasion::Day, "2019-11-29"),
        Some(Command::MarkNotEligible(worse))
    );
}

/// R6: the steering group took it in spite of its grade, also where a gap in its memberships was none.
#[test]
fn a_grade_that_a_school_joined_with_does_not_mark() {
    let joined = accepted("2019-04-01", "2019-03-15")
        .after("acceptance-starts-membership", Occasion::Day, "2019-04-01")
        .graded(grading(3, "2018-11-06", "2018-11-30"));
    assert_eq!(joined.asked(MARKS, Occasion::Day, "2019-04-01"), None);
    let at_once = accepted("2019-04-01", "2019-03-15")
        .having(Command::RecordPast {
            from: day("2010-04-01"),
            last_day: day("2019-03-31"),
            reason: "not renewed".into(),
        })
        .after("acceptance-starts-membership", Occasion::Day, "2019-04-01")
        .graded(grading(3, "2018-11-06", "2018-11-30"));
    assert_eq!(at_once.known.membership.continuous_since, Some(day("2010-04-01")));
    assert_eq!(at_once.asked(MARKS, Occasion::Day, "2019-04-01"), None);
}

/// R11, R15: the last day is 31 March.
#[test]
fn a_grade_published_after_the_last_day_marks_nobody() {
    let school = member().graded(grading(3, "2020-03-03", "2020-04-01"));
    assert_eq!(school.asked(MARKS, Occasion::Day, "2020-04-01"), None);
    let school = member().graded(grading(3, "2020-03-03", "2020-03-31"));
    assert!(school.asked(MARKS, Occasion::Day, "2020-04-01").is_some());
}

/// D9: Ofsted 3 in July, 2 in February: eligible again.
#[test]
fn a_better_grade_lifts_the_mark() {
    let better = grading(2, "2020-01-14", "2020-02-05");
    let school = marked().graded(better.clone());
    assert_eq!(school.asked(LIFTS, Occasion::Day, "2020-02-04"), None);
    assert_eq!(school.asked(LIFTS, Occasion::Day, "2020-02-05"), Some(Command::LiftMark(better)));
    let lifted = school.after(LIFTS, Occasion::Day, "2020-02-05");
    assert_eq!(lifted.asked(LIFTS, Occasion::Day, "2020-02-06"), None);
    assert_eq!(lifted.asked(MARKS, Occasion::Day, "2020-02-06"), None);
    assert_eq!(member().asked(LIFTS, Occasion::Day, "2020-02-05"), None);
}

/// D17: a correction of the grade that marked the school lifts the mark; one that brings an older grade back to the fore
/// changes nothing that was decided.
#[test]
fn a_corrected_grade_speaks_and_an_older_one_does_not() {
    let corrected = grading(2, "2019-07-02", "2019-07-19");
    assert_eq!(
        marked().graded(corrected.clone()).asked(LIFTS, Occasion::Day, "2019-10-01"),
        Some(Command::LiftMark(corrected))
    );
    let older = marked().graded(grading(2, "2016-05-03", "2016-05-20"));
    assert_eq!(older.asked(LIFTS, Occasion::Day, "2019-10-01"), None);
    let lifted = marked()
        .graded(grading(2, "2020-01-14", "2020-02-05"))
        .after(LIFTS, Occasion::Day, "2020-02-05")
        .graded(grading(3, "2019-07-02", "2019-07-19"));
    assert_eq!(lifted.asked(MARKS, Occasion::Day, "2020-02-06"), None);
}

/// R15.
#[test]
fn a_member_that_is_marked_is_offered_connections() {
    let school = marked();
    let happened = Event::Membership(urn(SCHOOL), school.history.last().unwrap().clone());
    let areas = BTreeSet::from(["overall effectiveness".to_owned()]);
    assert_eq!(
        school.asked(OFFERS, Occasion::Happened(&happened), "2019-07-19"),
        Some(Command::OfferConnections { areas, on: day("2019-07-19") })
    );
    assert_eq!(school.asked(OFFERS, Occasion::Day, "2019-07-19"), None);
    let mut offered = school.after(OFFERS, Occasion::Happened(&happened), "2019-07-19");
    let again = offered.asked(OFFERS, Occasion::Happened(&happened), "2019-07-20").unwrap();
    assert_eq!(offered.ask(again), Ok(vec![]), "once");
}

#[test]
fn no_connections_are_offered_when_the_mark_was_lifted_meanwhile() {
    let school = marked();
    let happened = Event::Membership(urn(SCHOOL), school.history.last().unwrap().clone());
    let lifted = school.graded(grading(2, "2019-07-02", "2019-07-19")).after(
        LIFTS,
        Occasion::Day,
        "2019-07-19",
    );
    assert_eq!(lifted.asked(OFFERS, Occasion::Happened(&happened), "2019-07-19"), None);
}

/// R14: whoever is marked on the last day lapses for that reason, so grades are looked at before the year's end.
#[test]
fn the_mark_of_the_last_day_is_why_it_lapsed() {
    let lapsed = member()
        .graded(grading(3, "2020-03-03", "2020-03-31"))
        .after(MARKS, Occasion::Day, "2020-04-01")
        .after("year-end-lapses", Occasion::Day, "2020-04-01");
    let Some(Membership::MembershipLapsed { reason, last_day, .. }) = lapsed.history.last() else {
        panic!("{:?}", lapsed.history.last());
    };
    assert_eq!(reason.to_string(), "renewal refused, Ofsted grade of 3 or 4");
    assert_eq!(*last_day, year("2019-20").last_day());
}
