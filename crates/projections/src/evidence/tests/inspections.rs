//! The grade in force (D6 to D8, D12).

use kernel::Grade;
use schools::school::{Event as School, Fact, Inspection};

use super::{A, B, C, came_from, day, inspection, question, recorded_on, reviewed, urn};
use crate::collected::Collected;

#[test]
fn an_inspection_counts_from_its_publication_and_not_from_its_day() {
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2016-05-03", None, Grade::Good)))
        .then(
            A,
            School::OfstedInspected(inspection(
                "2019-02-01",
                Some("2019-03-20"),
                Grade::RequiresImprovement,
            )),
        );
    assert_eq!(story.grade_of_a("2019-03-19"), Some((Grade::Good, None)));
    assert_eq!(story.grade_of_a("2019-03-20"), Some((Grade::RequiresImprovement, None)));
}

#[test]
fn of_two_statements_on_one_inspection_the_last_recorded_counts() {
    let poorer = School::OfstedInspected(Inspection {
        also_printed: Some(Grade::Good),
        ..inspection("2016-05-03", None, Grade::RequiresImprovement)
    });
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2016-05-03", None, Grade::Good)))
        .then(A, poorer);
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::RequiresImprovement, None)));
}

#[test]
fn a_publication_day_learnt_later_dates_the_inspection_that_had_none() {
    let undated = School::OfstedInspected(inspection("2019-02-01", None, Grade::Good));
    let dated = School::OfstedInspected(inspection("2019-02-01", Some("2019-03-20"), Grade::Good));
    for story in [
        reviewed().then(A, undated.clone()).then(A, dated.clone()),
        reviewed().then(A, dated).then(A, undated),
    ] {
        assert_eq!(story.grade_of_a("2019-02-28"), None);
        let fact = story.of_a("2019-03-20").inspection.unwrap();
        assert_eq!(fact.published_on, Some(day("2019-03-20")));
    }
}

#[test]
fn the_grade_of_the_one_predecessor_is_carried_over() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Outstanding)))
        .then(A, came_from(B, Some("2016-09-01")));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Outstanding, Some(urn(B)))));
}

#[test]
fn its_own_grade_stands_before_its_predecessors_however_old() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2018-05-03", None, Grade::Outstanding)))
        .then(A, came_from(B, None))
        .then(A, School::OfstedInspected(inspection("2011-05-03", None, Grade::Good)));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, None)));
}

#[test]
fn of_two_predecessors_no_grade_is_carried_over() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, came_from(B, None))
        .then(A, came_from(C, Some("2018-09-01")));
    assert_eq!(story.grade_of_a("2019-02-28"), None);
    let one_only_by_then = story.evidence("2018-08-31").facts(&question(None, "2018-08-31"));
    assert!(one_only_by_then.is_empty(), "no results were public, and no register was read");
}

#[test]
fn a_link_established_after_the_day_does_not_count_yet() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(C, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, came_from(B, None))
        .then(A, came_from(C, Some("2019-03-01")));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, Some(urn(B)))));
    assert_eq!(story.grade_of_a("2019-03-01"), None);
}

#[test]
fn a_link_stated_twice_counts_from_its_earliest_statement() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, came_from(B, Some("2019-09-01")))
        .then(A, came_from(B, None));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, Some(urn(B)))));
}

#[test]
fn a_grade_is_carried_one_step_only() {
    let story = reviewed()
        .then(C, School::OfstedInspected(inspection("2010-05-03", None, Grade::Good)))
        .then(B, came_from(C, None))
        .then(A, came_from(B, None));
    assert_eq!(story.grade_of_a("2019-02-28"), None);
}

#[test]
fn an_ungraded_inspection_is_a_flag_and_leaves_the_grade() {
    let ungraded = Inspection {
        outcome: kernel::Outcome::Ungraded("School remains Good".into()),
        ..inspection("2019-02-10", None, Grade::Good)
    };
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, School::OfstedInspected(ungraded));
    let facts = story.of_a("2019-02-28");
    assert_eq!(facts.inspection.unwrap().inspected_on, day("2014-05-03"));
    assert_eq!(facts.ungraded_since.unwrap().inspected_on, day("2019-02-10"));
    assert_eq!(story.of_a("2019-02-09").ungraded_since, None);
}

#[test]
fn where_the_grade_in_force_is_by_area_the_last_overall_grade_is_told_too() {
    let by_area = Inspection {
        outcome: kernel::Outcome::Areas([(kernel::Area::Inclusion, Grade::Good)].into()),
        ..inspection("2024-11-03", None, Grade::Good)
    };
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Outstanding)))
        .then(A, School::OfstedInspected(by_area));
    let facts = story.of_a("2025-02-28");
    assert_eq!(facts.inspection.unwrap().outcome.overall(), None);
    assert_eq!(facts.last_overall.unwrap().outcome.overall(), Some(Grade::Outstanding));
    assert_eq!(story.of_a("2019-02-28").last_overall, None);
}

#[test]
fn a_corrected_inspection_counts_for_all_days_from_its_recording_on() {
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(
            A,
            School::FactCorrected {
                fact: Fact::Inspection {
                    inspected_on: day("2014-05-03"),
                    from: kernel::Outcome::Overall(Grade::Good),
                    to: Some(kernel::Outcome::Overall(Grade::Inadequate)),
                },
                reason: "typed from the wrong line".into(),
            },
        );
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Inadequate, None)));
    let before = Collected::of(&story.history).evidence(day("2019-02-28"), Some(recorded_on(2)));
    let facts = before.facts(&question(Some("2017/18 final"), "2019-02-28"));
    assert_eq!(facts[0].inspection.as_ref().unwrap().outcome.overall(), Some(Grade::Good));
}

#[test]
fn an_inspection_that_was_another_schools_no_longer_counts() {
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2010-05-03", None, Grade::Good)))
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Inadequate)))
        .then(
            A,
            School::FactCorrected {
                fact: Fact::Inspection {
                    inspected_on: day("2014-05-03"),
                    from: kernel::Outcome::Overall(Grade::Inadequate),
                    to: None,
                },
                reason: "another school's".into(),
            },
        );
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, None)));
}
