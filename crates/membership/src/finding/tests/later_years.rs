//! Criteria for years in which the nation publishes less (D8), with the example that ships.

use kernel::{Area, CardGrade, Grade, Outcome as Given};

use crate::criteria::{Condition, Way, WithoutOverallGrade, WithoutProgress8};
use crate::facts::SchoolFacts;
use crate::finding::{Answer, find};
use crate::review::Basis;
use crate::samples::{
    basis, by_area, criteria_of_later_years, inspection, report_card, school, score,
};
use crate::{Finding, Outcome};

const STRONG: [(Area, CardGrade); 3] = [
    (Area::Inclusion, CardGrade::StrongStandard),
    (Area::CurriculumAndTeaching, CardGrade::Exceptional),
    (Area::Achievement, CardGrade::StrongStandard),
];

fn later() -> Basis {
    Basis { criteria: criteria_of_later_years(), ..basis() }
}

fn last_overall_stands() -> Basis {
    let mut basis = basis();
    basis.criteria.terms.without.overall_grade = WithoutOverallGrade::LastOverall;
    basis
}

fn last_published_stands() -> Basis {
    let mut basis = basis();
    basis.criteria.terms.without.progress8 = WithoutProgress8::LastPublished;
    basis
}

/// Graded by area, after an overall grade years before.
fn by_area_after(last: Grade) -> SchoolFacts {
    SchoolFacts {
        last_overall: Some(inspection(Given::Overall(last), "2014-05-03", Some("2014-05-20"))),
        ..school().inspected(by_area(&[(Area::QualityOfEducation, Grade::Good)]))
    }
}

fn answers(finding: &Finding) -> (bool, Outcome) {
    (finding.eligible, finding.outcome)
}

#[test]
fn a_strong_report_card_is_a_way_of_its_own() {
    let finding = find(&later(), &school().inspected(report_card(&STRONG)));
    assert_eq!(answers(&finding), (true, Outcome::Renew));
    assert_eq!(finding.grade, None, "a report card is no overall grade");
}

#[test]
fn one_area_short_is_named() {
    let mut areas = STRONG;
    areas[0].1 = CardGrade::NeedsAttention;
    let finding = find(&later(), &school().inspected(report_card(&areas)));
    assert_eq!(answers(&finding), (false, Outcome::Referral));
    let card =
        finding.serving("R2").into_iter().find(|it| it.needed.contains("report card")).unwrap();
    assert_eq!(card.needed, "Ofsted report card: Strong Standard or better in every area");
    assert_eq!(card.result, Answer::Failed);
    assert!(card.actual.ends_with("; short of it: Inclusion"), "{}", card.actual);
}

#[test]
fn an_area_asked_for_and_not_graded_is_no_data() {
    let facts = school().inspected(report_card(&STRONG[..2]));
    let mut basis = later();
    basis.criteria.terms.eligible.any = vec![Way {
        name: "Achievement".into(),
        all: vec![Condition::ReportCard {
            at_least: CardGrade::StrongStandard,
            areas: vec![Area::Achievement],
        }],
    }];
    let finding = find(&basis, &facts);
    assert_eq!(answers(&finding), (false, Outcome::Referral));
    assert!(finding.clauses[0].actual.ends_with("; no grade for Achievement"));
    let no_areas = find(&basis, &school().inspected(report_card(&[])));
    assert_eq!(no_areas.clauses[0].result, Answer::NoData);
}

#[test]
fn grades_by_area_are_a_way_of_their_own() {
    let all = |grade| {
        by_area(&[(Area::QualityOfEducation, grade), (Area::LeadershipAndManagement, grade)])
    };
    let outstanding = find(&later(), &school().inspected(all(Grade::Outstanding)));
    assert_eq!(answers(&outstanding), (true, Outcome::Renew));
    let good = school().inspected(all(Grade::Good));
    let significant = find(&later(), &good.clone().results([("0.31", "0.05"); 3]));
    assert_eq!(answers(&significant), (true, Outcome::Renew));
    let dipped = find(&later(), &good.clone().results([("0.01", "-0.05"), ("0.31", "0.05")]));
    assert_eq!(answers(&dipped), (false, Outcome::RenewNotedDip));
    assert_eq!(answers(&find(&later(), &good)), (false, Outcome::Referral));
}

#[test]
fn a_way_for_another_kind_of_inspection_is_not_met_and_does_not_leave_it_open() {
    // The criteria speak of overall grades and of report cards; this school has an overall grade, and it is too low.
    let mut basis = later();
    basis.criteria.terms.eligible.any.retain(|way| way.all.len() == 1);
    let finding = find(&basis, &school().graded(2));
    assert_eq!(answers(&finding), (false, Outcome::NotEligible));
    // Criteria that speak of report cards alone say nothing about a school without one.
    basis
        .criteria
        .terms
        .eligible
        .any
        .retain(|way| matches!(way.all[0], Condition::ReportCard { .. }));
    assert_eq!(find(&basis, &school().graded(2)).outcome, Outcome::Referral);
}

#[test]
fn the_last_overall_grade_stands_where_the_criteria_say_so() {
    let finding = find(&last_overall_stands(), &by_area_after(Grade::Outstanding));
    assert_eq!(answers(&finding), (true, Outcome::Renew));
    assert_eq!(finding.grade, Some(Grade::Outstanding));
    assert_eq!(
        finding.clauses[0].actual,
        "1 (Outstanding), inspected 3 May 2014, published 20 May 2014; the last overall grade stands, for the newer \
         inspection gave none (graded by area, no overall grade: Quality Of Education 2 (Good), inspected 3 May 2016, \
         published 20 May 2016)"
    );
    let never_graded = SchoolFacts { last_overall: None, ..by_area_after(Grade::Good) };
    assert_eq!(find(&last_overall_stands(), &never_graded).outcome, Outcome::Referral);
}

#[test]
fn a_last_overall_grade_of_3_ends_it_unless_the_newer_inspection_speaks_for_the_school() {
    let poor = by_area_after(Grade::RequiresImprovement);
    assert_eq!(find(&last_overall_stands(), &poor).outcome, Outcome::NotEligible);
    let mut basis = later();
    basis.criteria.terms.without.overall_grade = WithoutOverallGrade::LastOverall;
    let recovered = SchoolFacts {
        inspection: school().inspected(report_card(&STRONG)).inspection,
        ..poor.clone()
    };
    let finding = find(&basis, &recovered);
    assert_eq!(answers(&finding), (true, Outcome::Renew));
    assert_eq!(finding.grade, None, "it rests on the report card");
    let ended = finding.serving("R14")[0];
    assert_eq!(ended.result, Answer::NoData);
    assert!(ended.actual.starts_with("report card: "), "{}", ended.actual);
    let not_recovered = SchoolFacts {
        inspection: school().inspected(by_area(&[(Area::Inclusion, Grade::Inadequate)])).inspection,
        ..poor
    };
    assert_eq!(find(&basis, &not_recovered).outcome, Outcome::NotEligible);
}

#[test]
fn the_last_published_results_stand_where_the_criteria_say_so() {
    let facts = school().graded(2).results([("SUPP", "SUPP"), ("0.31", "0.05")]);
    assert!(!find(&basis(), &facts).eligible);
    let finding = find(&last_published_stands(), &facts);
    assert!(finding.eligible);
    let suppressed = "SUPP (suppressed: five pupils or fewer)";
    assert_eq!(
        finding.serving("R2")[2].actual,
        format!(
            "Progress 8 0.31, lower limit 0.05, in 2016/17 final; the last published results stand, for: Progress 8 \
             {suppressed}, lower limit {suppressed}, in 2017/18 final"
        )
    );
    let figures = (finding.progress8.unwrap(), finding.lower.unwrap());
    assert_eq!(figures.0.published(), Some(score("0.31")));
    assert_eq!(figures.1.published(), Some(score("0.05")));
}

#[test]
fn where_nothing_was_published_that_year_the_newest_release_stands() {
    let facts = school().graded(2).results([("0.31", "0.05")]);
    let basis = Basis { release: None, ..last_published_stands() };
    let finding = find(&basis, &facts);
    assert!(finding.eligible && finding.invited);
    assert_eq!(
        finding.serving("R3")[1].actual,
        "Progress 8 0.31, in 2017/18 final; the last published results stand, for: no results were published by 28 \
         Feb 2019"
    );
    let refer = Basis { release: None, ..crate::samples::basis() };
    assert!(!find(&refer, &facts).eligible);
}

#[test]
fn older_results_are_not_held_against_a_newer_threshold() {
    let facts = school().graded(2).results([("SUPP", "SUPP"), ("0.90", "0.60")]);
    let finding = find(&last_published_stands(), &facts);
    assert!(finding.eligible && !finding.invited);
    assert_eq!(finding.serving("R3")[1].result, Answer::NoData);
}

#[test]
fn published_results_that_fail_are_not_replaced_by_older_ones() {
    let facts = school().graded(2).results([("0.02", "-0.20"), ("0.90", "0.60")]);
    assert!(!find(&last_published_stands(), &facts).eligible);
}
