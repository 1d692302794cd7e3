use std::collections::BTreeMap;

use kernel::{Area, CardGrade, Grade, Outcome};
use scenario::given;

use super::{day, source};
use crate::Refusal;
use crate::school::{Command, Event, Fact, Inspection, School};

use Grade::{Good, Inadequate, Outstanding, RequiresImprovement};

fn inspection(inspected_on: &str, outcome: Outcome) -> Inspection {
    Inspection {
        inspected_on: day(inspected_on),
        published_on: None,
        outcome,
        also_printed: None,
        source: source("ofsted.csv"),
    }
}

fn graded(inspected_on: &str, grade: Grade) -> Inspection {
    inspection(inspected_on, Outcome::Overall(grade))
}

fn published(published_on: &str, inspection: Inspection) -> Inspection {
    Inspection { published_on: Some(day(published_on)), ..inspection }
}

fn also(also_printed: Grade, inspection: Inspection) -> Inspection {
    Inspection { also_printed: Some(also_printed), ..inspection }
}

fn record(inspections: impl Into<Vec<Inspection>>) -> Command {
    Command::RecordInspections(inspections.into())
}

fn inspected(inspections: impl IntoIterator<Item = Inspection>) -> Vec<Event> {
    inspections.into_iter().map(Event::OfstedInspected).collect()
}

fn upgraded(from: Grade, to: Grade, inspected_on: &str, published_on: &str) -> Event {
    let (inspected_on, published_on) = (day(inspected_on), day(published_on));
    Event::OfstedUpgraded { from, to, inspected_on, published_on }
}

fn downgraded(from: Grade, to: Grade, inspected_on: &str, published_on: &str) -> Event {
    let (inspected_on, published_on) = (day(inspected_on), day(published_on));
    Event::OfstedDowngraded { from, to, inspected_on, published_on }
}

fn areas<const N: usize>(areas: [(Area, Grade); N]) -> Outcome {
    Outcome::Areas(BTreeMap::from(areas))
}

fn card<const N: usize>(areas: [(Area, CardGrade); N]) -> Outcome {
    Outcome::ReportCard(BTreeMap::from(areas))
}

fn correct(inspected_on: &str, outcome: Option<Outcome>) -> Command {
    let reason = "another school of the same name".into();
    Command::CorrectInspection { inspected_on: day(inspected_on), outcome, reason }
}

fn corrected(inspected_on: &str, from: Outcome, to: Option<Outcome>) -> Event {
    let fact = Fact::Inspection { inspected_on: day(inspected_on), from, to };
    Event::FactCorrected { fact, reason: "another school of the same name".into() }
}

#[test]
fn the_first_inspection_turns_nothing() {
    let first = graded("2016-05-03", Good);
    given::<School>([]).when(record([first.clone()])).then(inspected([first]));
}

#[test]
fn the_same_inspection_again_is_not_news() {
    let known = published("2016-06-01", graded("2016-05-03", Good));
    for again in [known.clone(), Inspection { published_on: None, ..known.clone() }] {
        given::<School>(inspected([known.clone()])).when(record([again])).then([]);
    }
}

/// R14, D9: what policies listen for.
#[test]
fn a_grade_goes_up_and_down_from_the_graded_inspection_before() {
    let before = graded("2013-05-03", Good);
    let worse = published("2016-06-01", graded("2016-05-03", RequiresImprovement));
    let better = graded("2018-05-03", Outstanding);
    given::<School>(inspected([before.clone()])).when(record([worse.clone()])).then([
        Event::OfstedInspected(worse.clone()),
        downgraded(Good, RequiresImprovement, "2016-05-03", "2016-06-01"),
    ]);
    let fallen = downgraded(Good, RequiresImprovement, "2016-05-03", "2016-06-01");
    let history = [inspected([before.clone(), worse]), vec![fallen]].concat();
    given::<School>(history).when(record([better.clone()])).then([
        Event::OfstedInspected(better),
        upgraded(RequiresImprovement, Outstanding, "2018-05-03", "2018-05-03"),
    ]);
    let same = graded("2018-05-03", Good);
    given::<School>(inspected([before])).when(record([same.clone()])).then(inspected([same]));
}

#[test]
fn a_file_in_any_order_is_taken_down_oldest_publication_first() {
    let (first, second, third) = (
        graded("2010-05-03", RequiresImprovement),
        graded("2013-05-03", Good),
        graded("2016-05-03", Inadequate),
    );
    given::<School>([]).when(record([third.clone(), first.clone(), second.clone()])).then([
        Event::OfstedInspected(first),
        Event::OfstedInspected(second),
        upgraded(RequiresImprovement, Good, "2013-05-03", "2013-05-03"),
        Event::OfstedInspected(third),
        downgraded(Good, Inadequate, "2016-05-03", "2016-05-03"),
    ]);
}

#[test]
fn an_old_inspection_found_later_turns_nothing() {
    let old = graded("2013-05-03", Inadequate);
    given::<School>(inspected([graded("2016-05-03", Good)]))
        .when(record([old.clone()]))
        .then(inspected([old]));
}

/// D6: what counts is when it became public.
#[test]
fn the_newest_is_the_one_that_became_public_last() {
    let late = published("2017-02-01", graded("2016-05-03", Inadequate));
    let quick = published("2016-10-01", graded("2016-09-20", Good));
    given::<School>(inspected([quick.clone()])).when(record([late.clone()])).then([
        Event::OfstedInspected(late.clone()),
        downgraded(Good, Inadequate, "2016-05-03", "2017-02-01"),
    ]);
    given::<School>(inspected([late])).when(record([quick.clone()])).then(inspected([quick]));
}

/// D7.
#[test]
fn an_ungraded_inspection_never_changes_a_grade() {
    let ungraded = inspection("2017-05-03", Outcome::Ungraded("School remains Good".into()));
    let good = graded("2016-05-03", Good);
    given::<School>(inspected([good.clone()]))
        .when(record([ungraded.clone()]))
        .then(inspected([ungraded.clone()]));
    let outstanding = graded("2018-05-03", Outstanding);
    given::<School>(inspected([good, ungraded])).when(record([outstanding.clone()])).then([
        Event::OfstedInspected(outstanding),
        upgraded(Good, Outstanding, "2018-05-03", "2018-05-03"),
    ]);
}

/// D8: areas and report cards are graded, and are never mapped to an overall grade.
#[test]
fn a_grade_turns_only_between_two_overall_grades() {
    let by_area = inspection("2025-03-04", areas([(Area::QualityOfEducation, Inadequate)]));
    let report =
        inspection("2025-12-04", card([(Area::Achievement, CardGrade::UrgentImprovement)]));
    for graded_otherwise in [by_area, report] {
        let good = graded("2016-05-03", Good);
        given::<School>(inspected([good.clone()]))
            .when(record([graded_otherwise.clone()]))
            .then(inspected([graded_otherwise.clone()]));
        let overall = graded("2026-05-03", Inadequate);
        given::<School>(inspected([good, graded_otherwise.clone()]))
            .when(record([overall.clone()]))
            .then([
                Event::OfstedInspected(overall.clone()),
                downgraded(Good, Inadequate, "2026-05-03", "2026-05-03"),
            ]);
        given::<School>(inspected([graded_otherwise]))
            .when(record([overall.clone()]))
            .then(inspected([overall]));
    }
}

#[test]
fn of_two_grades_for_one_day_the_poorer_counts_in_either_order() {
    let (good, poor) = (graded("2016-05-03", Good), graded("2016-05-03", RequiresImprovement));
    let both = also(Good, poor.clone());
    given::<School>(inspected([good.clone()])).when(record([poor.clone()])).then([
        Event::OfstedInspected(both.clone()),
        downgraded(Good, RequiresImprovement, "2016-05-03", "2016-05-03"),
    ]);
    given::<School>(inspected([poor.clone()]))
        .when(record([good.clone()]))
        .then(inspected([both.clone()]));
    given::<School>([])
        .when(record([poor.clone(), good.clone()]))
        .then(inspected([poor.clone(), both.clone()]));
    for again in [good, poor, both.clone()] {
        given::<School>(inspected([both.clone()])).when(record([again])).then([]);
    }
}

/// However a reader hands over a contradiction, the poorer counts.
#[test]
fn a_better_grade_named_first_is_still_the_one_beside() {
    given::<School>([])
        .when(record([also(Inadequate, graded("2016-05-03", Good))]))
        .then(inspected([also(Good, graded("2016-05-03", Inadequate))]));
}

/// D8.
#[test]
fn an_overall_grade_beside_areas_says_nothing() {
    let by_area = inspection("2025-03-04", areas([(Area::QualityOfEducation, Good)]));
    given::<School>([])
        .when(record([also(Outstanding, by_area.clone())]))
        .then(inspected([by_area]));
}

#[test]
fn a_poorer_grade_found_for_the_newest_inspection_turns_it() {
    let before = graded("2013-05-03", Good);
    let printed = graded("2016-05-03", Good);
    let poorer = graded("2016-05-03", RequiresImprovement);
    given::<School>(inspected([before, printed])).when(record([poorer.clone()])).then([
        Event::OfstedInspected(also(Good, poorer)),
        downgraded(Good, RequiresImprovement, "2016-05-03", "2016-05-03"),
    ]);
}

/// The last statement for an inspection day counts, so it carries everything that is known.
#[test]
fn a_publication_day_is_recorded_when_it_becomes_known() {
    let undated = graded("2016-05-03", Good);
    let dated = published("2016-06-01", undated.clone());
    given::<School>(inspected([undated.clone()]))
        .when(record([dated.clone()]))
        .then(inspected([dated.clone()]));
    let known = also(Good, graded("2016-05-03", RequiresImprovement));
    given::<School>(inspected([known.clone()]))
        .when(record([dated]))
        .then(inspected([published("2016-06-01", known)]));
}

#[test]
fn what_is_told_again_of_an_inspection_turns_the_grade_once() {
    let newest = graded("2016-05-03", RequiresImprovement);
    let history = || {
        let mut history = inspected([graded("2013-05-03", Good), newest.clone()]);
        history.push(downgraded(Good, RequiresImprovement, "2016-05-03", "2016-05-03"));
        history
    };
    let dated = published("2016-06-01", newest.clone());
    given::<School>(history()).when(record([dated.clone()])).then(inspected([dated]));
    given::<School>(history())
        .when(record([graded("2016-05-03", Outstanding)]))
        .then(inspected([also(Outstanding, newest.clone())]));
}

#[test]
fn of_two_publication_days_the_earlier_counts() {
    let (early, late) = (
        published("2016-06-01", graded("2016-05-03", Good)),
        published("2016-09-01", graded("2016-05-03", Good)),
    );
    given::<School>(inspected([late.clone()]))
        .when(record([early.clone()]))
        .then(inspected([early.clone()]));
    given::<School>(inspected([early])).when(record([late])).then([]);
}

/// A section 8 visit that was turned into a full inspection is printed as both.
#[test]
fn a_graded_outcome_counts_over_an_ungraded_one_of_the_same_day() {
    let short = inspection("2016-05-03", Outcome::Ungraded("S5 next".into()));
    let full = graded("2016-05-03", Good);
    given::<School>(inspected([short.clone()]))
        .when(record([full.clone()]))
        .then(inspected([full.clone()]));
    given::<School>(inspected([full])).when(record([short])).then([]);
}

#[test]
fn an_overall_grade_counts_over_areas_or_a_report_card_of_the_same_day() {
    let overall = graded("2025-12-04", Good);
    for outcome in [
        areas([(Area::QualityOfEducation, Inadequate)]),
        card([(Area::Achievement, CardGrade::Exceptional)]),
    ] {
        let other = inspection("2025-12-04", outcome);
        given::<School>(inspected([other.clone()]))
            .when(record([overall.clone()]))
            .then(inspected([overall.clone()]));
        given::<School>(inspected([overall.clone()])).when(record([other])).then([]);
    }
}

#[test]
fn areas_printed_in_two_files_are_put_together_and_the_poorer_counts() {
    let (quality, personal) = (Area::QualityOfEducation, Area::PersonalDevelopment);
    given::<School>(inspected([inspection("2025-03-04", areas([(quality, Good)]))]))
        .when(record([inspection(
            "2025-03-04",
            areas([(quality, RequiresImprovement), (personal, Outstanding)]),
        )]))
        .then(inspected([inspection(
            "2025-03-04",
            areas([(quality, RequiresImprovement), (personal, Outstanding)]),
        )]));
}

/// D17.
#[test]
fn a_wrong_grade_is_corrected_and_the_wrong_file_does_not_undo_it() {
    let wrong = graded("2016-05-03", Inadequate);
    let history = || {
        let correction =
            corrected("2016-05-03", wrong.outcome.clone(), Some(Outcome::Overall(Good)));
        let turn = upgraded(Inadequate, Good, "2016-05-03", "2016-05-03");
        [inspected([wrong.clone()]), vec![correction, turn]].concat()
    };
    given::<School>(inspected([wrong.clone()]))
        .when(correct("2016-05-03", Some(Outcome::Overall(Good))))
        .then([history()[1].clone(), history()[2].clone()]);
    for again in [wrong.clone(), graded("2016-05-03", Good), also(Good, wrong.clone())] {
        given::<School>(history()).when(record([again])).then([]);
    }
    given::<School>(history()).when(correct("2016-05-03", Some(Outcome::Overall(Good)))).then([]);
}

#[test]
fn a_correction_outlasts_what_other_files_say_of_the_inspection() {
    let wrong = graded("2016-05-03", Inadequate);
    let history = [
        inspected([wrong.clone()]),
        vec![
            corrected("2016-05-03", wrong.outcome.clone(), Some(Outcome::Overall(Good))),
            upgraded(Inadequate, Good, "2016-05-03", "2016-05-03"),
        ],
        inspected([also(Good, graded("2016-05-03", RequiresImprovement))]),
        vec![downgraded(Good, RequiresImprovement, "2016-05-03", "2016-05-03")],
    ]
    .concat();
    given::<School>(history).when(record([wrong])).then([]);
}

#[test]
fn what_follows_is_compared_with_the_corrected_grade() {
    let history = [
        inspected([graded("2016-05-03", Inadequate)]),
        vec![
            corrected("2016-05-03", Outcome::Overall(Inadequate), Some(Outcome::Overall(Good))),
            upgraded(Inadequate, Good, "2016-05-03", "2016-05-03"),
        ],
    ]
    .concat();
    let next = graded("2018-05-03", RequiresImprovement);
    given::<School>(history).when(record([next.clone()])).then([
        Event::OfstedInspected(next),
        downgraded(Good, RequiresImprovement, "2018-05-03", "2018-05-03"),
    ]);
}

#[test]
fn both_grades_of_a_contradiction_are_gone_once_it_is_corrected() {
    let both = also(Good, graded("2016-05-03", Inadequate));
    let history = || {
        let correction =
            corrected("2016-05-03", both.outcome.clone(), Some(Outcome::Overall(Outstanding)));
        let turn = upgraded(Inadequate, Outstanding, "2016-05-03", "2016-05-03");
        [inspected([both.clone()]), vec![correction, turn]].concat()
    };
    for again in [both.clone(), graded("2016-05-03", Good), graded("2016-05-03", Outstanding)] {
        given::<School>(history()).when(record([again])).then([]);
    }
}

#[test]
fn an_inspection_of_another_school_is_withdrawn_and_stays_so() {
    let wrong = graded("2016-05-03", Inadequate);
    let before = graded("2013-05-03", Good);
    let found = || {
        let turn = downgraded(Good, Inadequate, "2016-05-03", "2016-05-03");
        [inspected([before.clone(), wrong.clone()]), vec![turn]].concat()
    };
    let withdrawn = || {
        let withdrawal = corrected("2016-05-03", wrong.outcome.clone(), None);
        vec![withdrawal, upgraded(Inadequate, Good, "2013-05-03", "2013-05-03")]
    };
    let history = || [found(), withdrawn()].concat();
    given::<School>(found()).when(correct("2016-05-03", None)).then(withdrawn());
    given::<School>(history()).when(record([published("2016-06-01", wrong.clone())])).then([]);
    given::<School>(history()).when(correct("2016-05-03", None)).then([]);
    let next = graded("2018-05-03", Outstanding);
    given::<School>(history()).when(record([next.clone()])).then([
        Event::OfstedInspected(next),
        upgraded(Good, Outstanding, "2018-05-03", "2018-05-03"),
    ]);
}

#[test]
fn a_withdrawn_inspection_is_put_back_by_a_correction_or_by_another_outcome() {
    let wrong = graded("2016-05-03", Inadequate);
    let history = || {
        let withdrawal = corrected("2016-05-03", wrong.outcome.clone(), None);
        [inspected([wrong.clone()]), vec![withdrawal]].concat()
    };
    let back = corrected("2016-05-03", wrong.outcome.clone(), Some(wrong.outcome.clone()));
    given::<School>(history())
        .when(correct("2016-05-03", Some(wrong.outcome.clone())))
        .then([back.clone()]);
    given::<School>([history(), vec![back]].concat()).when(record([wrong.clone()])).then([]);
    let other = graded("2016-05-03", Good);
    given::<School>(history()).when(record([other.clone()])).then([
        Event::OfstedInspected(other),
        upgraded(Inadequate, Good, "2016-05-03", "2016-05-03"),
    ]);
    let two = also(Good, graded("2016-05-03", RequiresImprovement));
    given::<School>(history()).when(record([two.clone()])).then([
        Event::OfstedInspected(two),
        upgraded(Inadequate, RequiresImprovement, "2016-05-03", "2016-05-03"),
    ]);
}

#[test]
fn an_earlier_publication_that_makes_another_inspection_the_newest_turns_the_grade() {
    let late = published("2017-02-01", graded("2016-05-03", Inadequate));
    let quick = published("2016-10-01", graded("2016-09-20", Good));
    let mut history = inspected([quick, late]);
    history.push(downgraded(Good, Inadequate, "2016-05-03", "2017-02-01"));
    let earlier = published("2016-06-01", graded("2016-05-03", Inadequate));
    given::<School>(history).when(record([earlier.clone()])).then([
        Event::OfstedInspected(earlier),
        upgraded(Inadequate, Good, "2016-09-20", "2016-10-01"),
    ]);
}

#[test]
fn an_inspection_that_is_not_recorded_cannot_be_corrected() {
    given::<School>([]).when(correct("2016-05-03", None)).refused(Refusal::NotRegistered);
    given::<School>(inspected([graded("2013-05-03", Good)]))
        .when(correct("2016-05-03", None))
        .refused(Refusal::NoSuchInspection {
            inspected_on: day("2016-05-03"),
            recorded: vec![day("2013-05-03")],
        });
}

#[test]
fn a_correction_of_an_inspection_needs_a_reason() {
    given::<School>(inspected([graded("2013-05-03", Good)]))
        .when(Command::CorrectInspection {
            inspected_on: day("2013-05-03"),
            outcome: None,
            reason: String::new(),
        })
        .refused(Refusal::ReasonMissing);
}
