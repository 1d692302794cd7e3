//! The grade in force (D6), ungraded inspections (D7), inspections without an overall grade (D8).

use kernel::{Area, CardGrade, Grade, Outcome as Given};

use crate::facts::InspectionFact;
use crate::finding::{Answer, Inspected, find};
use crate::samples::{basis, by_area, day, inspection, report_card, school, urn};
use crate::{Outcome, SchoolFacts};

#[test]
fn a_grade_carried_over_counts_and_is_marked() {
    let finding = find(&basis(), &school().graded(1).carried_from(112_345));
    assert_eq!((finding.eligible, finding.outcome), (true, Outcome::Renew));
    assert_eq!(finding.inspected, Inspected::AtPredecessor);
    assert_eq!(
        (finding.grade, finding.carried_from),
        (Some(Grade::Outstanding), Some(urn(112_345)))
    );
    assert_eq!(
        finding.clauses[0].actual,
        "1 (Outstanding), inspected 3 May 2016, published 20 May 2016, carried over from 112345"
    );
}

#[test]
fn a_school_not_inspected_is_referred_and_never_silently_refused() {
    // Also a school with two predecessors: no grade is carried over then.
    let finding = find(&basis(), &school().results([("0.90", "0.60"); 3]));
    assert_eq!((finding.eligible, finding.invited), (false, false));
    assert_eq!(finding.outcome, Outcome::Referral);
    assert_eq!((finding.inspected, finding.grade), (Inspected::NotYet, None));
    for clause in [finding.serving("R2")[0], finding.serving("R3")[0], finding.serving("R14")[0]] {
        assert_eq!(clause.result, Answer::NoData);
        assert_eq!(
            clause.actual,
            "not yet inspected: no graded inspection was public by then, neither of this school nor of exactly one \
             predecessor"
        );
    }
}

#[test]
fn where_no_publication_day_is_given_the_inspection_day_stands_for_it() {
    let undated = inspection(Given::Overall(Grade::Good), "2016-05-03", None);
    let finding = find(&basis(), &SchoolFacts { inspection: Some(undated), ..school() });
    assert_eq!(
        finding.clauses[0].actual,
        "2 (Good), inspected 3 May 2016 (publication day not given; inspection day stands for it)"
    );
    assert_eq!(finding.clauses[0].date, Some(day("2016-05-03")));
}

#[test]
fn an_ungraded_inspection_since_is_a_flag_and_changes_no_answer() {
    let words = "School remains Good (Concerns) - S5 Next";
    let ungraded = inspection(Given::Ungraded(words.into()), "2018-03-01", Some("2018-03-28"));
    let plain = school().graded(2).results([("0.31", "0.05"); 3]);
    let flagged = SchoolFacts { ungraded_since: Some(ungraded), ..plain.clone() };
    let (plain, flagged) = (find(&basis(), &plain), find(&basis(), &flagged));
    assert!(plain.serving("D7").is_empty());
    let flag = flagged.serving("D7")[0].clone();
    assert_eq!(
        flag.actual,
        "ungraded: School remains Good (Concerns) - S5 Next, inspected 1 Mar 2018, published 28 Mar 2018"
    );
    let mut without_flag = flagged;
    without_flag.clauses.retain(|clause| *clause != flag);
    assert_eq!(without_flag, plain);
}

#[test]
fn a_report_card_is_not_decidable_under_criteria_that_ask_for_an_overall_grade() {
    let card = report_card(&[(Area::Achievement, CardGrade::Exceptional)]);
    let finding = find(&basis(), &school().inspected(card).results([("0.90", "0.60"); 3]));
    assert_eq!((finding.eligible, finding.invited), (false, false));
    assert_eq!(finding.outcome, Outcome::Referral);
    assert_eq!((finding.inspected, finding.grade), (Inspected::Here, None));
    assert_eq!(
        finding.clauses[0].actual,
        "report card: Achievement Exceptional, inspected 3 May 2016, published 20 May 2016"
    );
}

#[test]
fn grades_by_area_are_never_mapped_to_an_overall_grade() {
    let areas = by_area(&[
        (Area::QualityOfEducation, Grade::Outstanding),
        (Area::LeadershipAndManagement, Grade::Outstanding),
    ]);
    let finding = find(&basis(), &school().inspected(areas));
    assert_eq!((finding.eligible, finding.outcome), (false, Outcome::Referral));
    let poor = by_area(&[(Area::QualityOfEducation, Grade::Inadequate)]);
    assert_eq!(find(&basis(), &school().inspected(poor)).outcome, Outcome::Referral);
}

#[test]
fn a_report_card_of_a_predecessor_is_carried_over_too() {
    let card = report_card(&[(Area::Achievement, CardGrade::Exceptional)]);
    let finding = find(&basis(), &school().inspected(card).carried_from(112_345));
    assert_eq!(finding.inspected, Inspected::AtPredecessor);
    assert_eq!((finding.grade, finding.carried_from), (None, Some(urn(112_345))));
}

#[test]
fn an_older_overall_grade_does_not_stand_where_the_criteria_say_refer() {
    let last: InspectionFact =
        inspection(Given::Overall(Grade::Outstanding), "2014-05-03", Some("2014-05-20"));
    let areas = by_area(&[(Area::QualityOfEducation, Grade::Outstanding)]);
    let facts = SchoolFacts { last_overall: Some(last), ..school().inspected(areas) };
    let finding = find(&basis(), &facts);
    assert_eq!((finding.eligible, finding.outcome), (false, Outcome::Referral));
}
