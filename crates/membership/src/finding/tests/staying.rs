//! Who may stay (R12 to R14, D5).

use crate::criteria::Condition;
use crate::finding::{Answer, find};
use crate::samples::{basis, school};
use crate::{Outcome, SchoolFacts};

fn outcome(facts: &SchoolFacts) -> Outcome {
    find(&basis(), facts).outcome
}

const WELL: (&str, &str) = ("0.30", "0.05");
const BADLY: (&str, &str) = ("0.02", "-0.20");
const NOTHING: (&str, &str) = ("SUPP", "SUPP");

#[test]
fn a_member_that_is_outstanding_is_not_asked_for_results() {
    let finding = find(&basis(), &school().graded(1).results([BADLY, BADLY, BADLY]));
    assert_eq!(finding.outcome, Outcome::Renew);
    assert!(finding.serving("R13").is_empty());
}

#[test]
fn one_bad_year_is_a_dip_whichever_it_is() {
    for years in [[BADLY, WELL, WELL], [WELL, BADLY, WELL], [WELL, WELL, BADLY]] {
        assert_eq!(outcome(&school().graded(2).results(years)), Outcome::RenewNotedDip);
    }
    assert_eq!(outcome(&school().graded(2).results([WELL, WELL, WELL])), Outcome::Renew);
}

#[test]
fn two_bad_years_are_for_the_steering_group_to_judge() {
    for years in
        [[BADLY, BADLY, WELL], [BADLY, WELL, BADLY], [WELL, BADLY, BADLY], [BADLY, BADLY, BADLY]]
    {
        assert_eq!(outcome(&school().graded(2).results(years)), Outcome::Judgement);
    }
}

#[test]
fn a_year_without_data_counts_neither_way() {
    for (years, expected) in [
        ([NOTHING, WELL, WELL], Outcome::Renew),
        ([NOTHING, BADLY, WELL], Outcome::RenewNotedDip),
        ([NOTHING, BADLY, BADLY], Outcome::Judgement),
        ([BADLY, NOTHING, NOTHING], Outcome::RenewNotedDip),
        ([NOTHING, NOTHING, NOTHING], Outcome::Referral),
    ] {
        assert_eq!(outcome(&school().graded(2).results(years)), expected, "{years:?}");
    }
}

#[test]
fn a_dip_in_the_year_reviewed_keeps_a_member_that_could_not_join_now() {
    let finding = find(&basis(), &school().graded(2).results([BADLY, WELL, WELL]));
    assert_eq!((finding.eligible, finding.outcome), (false, Outcome::RenewNotedDip));
}

#[test]
fn a_limit_of_exactly_0_is_a_year_that_fails() {
    let zero = ("0.20", "0.00");
    assert_eq!(outcome(&school().graded(2).results([zero, zero, WELL])), Outcome::Judgement);
}

#[test]
fn grades_3_and_4_end_it_however_good_the_results() {
    for grade in [3, 4] {
        let finding = find(&basis(), &school().graded(grade).results([WELL, WELL, WELL]));
        assert_eq!(finding.outcome, Outcome::NotEligible);
        let ended = finding.serving("R14");
        assert_eq!((ended.len(), ended[0].result), (1, Answer::Failed));
        assert!(finding.serving("R13").is_empty(), "the results were not asked");
    }
}

#[test]
fn without_a_grade_and_without_results_it_is_referred() {
    assert_eq!(outcome(&school()), Outcome::Referral);
    assert_eq!(outcome(&school().results([WELL, WELL, WELL])), Outcome::Referral);
}

#[test]
fn a_special_school_without_progress_8_is_decided_by_its_grade() {
    let special = SchoolFacts { in_population: false, ..school() }.results([("NA", "NA"); 3]);
    let outstanding = find(&basis(), &special.clone().graded(1));
    assert_eq!((outstanding.eligible, outstanding.outcome), (true, Outcome::Renew));
    let good = find(&basis(), &special.graded(2));
    assert_eq!((good.eligible, good.outcome), (false, Outcome::Referral));
}

#[test]
fn each_year_looked_at_is_told() {
    let finding = find(&basis(), &school().graded(2).results([WELL, NOTHING, BADLY]));
    let told: Vec<_> = finding
        .serving("R13")
        .into_iter()
        .map(|clause| (clause.needed.as_str(), clause.actual.as_str(), clause.result))
        .collect();
    let suppressed = "SUPP (suppressed: five pupils or fewer)";
    assert_eq!(
        told,
        [
            (
                "significant results in 2017/18; of the last 3 published years, failing in up to 1 is a dip",
                "Progress 8 0.30, lower limit 0.05, in 2017/18 final",
                Answer::Passed
            ),
            (
                "significant results in 2016/17",
                format!("Progress 8 {suppressed}, lower limit {suppressed}, in 2016/17 final")
                    .as_str(),
                Answer::NoData
            ),
            (
                "significant results in 2015/16",
                "Progress 8 0.02, lower limit -0.20, in 2015/16 final",
                Answer::Failed
            ),
        ]
    );
}

#[test]
fn which_years_count_is_said_once() {
    let told = |published_years, dips| {
        let mut basis = basis();
        basis.criteria.terms.staying.published_years = published_years;
        basis.criteria.terms.staying.dips = dips;
        basis.criteria.terms.eligible.any[1].all.push(Condition::Percentile(75));
        let finding = find(&basis, &school().graded(2).results([WELL, WELL, WELL]));
        finding.serving("R13").iter().map(|clause| clause.needed.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        told(2, 0),
        [
            "significant results in 2017/18; the last 2 published years must not fail",
            "Progress 8 on or above the 75th percentile in 2017/18",
            "significant results in 2016/17",
            "Progress 8 on or above the 75th percentile in 2016/17",
        ]
    );
    assert_eq!(
        told(1, 0)[0],
        "significant results in 2017/18; the last published year must not fail"
    );
}

#[test]
fn how_many_years_and_how_many_dips_are_the_criterias() {
    let outcome = |published_years, dips| {
        let mut basis = basis();
        basis.criteria.terms.staying.published_years = published_years;
        basis.criteria.terms.staying.dips = dips;
        find(&basis, &school().graded(2).results([BADLY, WELL, BADLY])).outcome
    };
    assert_eq!(outcome(1, 0), Outcome::Judgement);
    assert_eq!(outcome(2, 1), Outcome::RenewNotedDip);
    assert_eq!(outcome(3, 1), Outcome::Judgement);
    assert_eq!(outcome(3, 2), Outcome::RenewNotedDip);
}

#[test]
fn a_school_year_counts_once_even_if_told_twice() {
    let mut facts = school().graded(2).results([BADLY, WELL, WELL]);
    facts.years.insert(1, facts.years[0].clone());
    assert_eq!(outcome(&facts), Outcome::RenewNotedDip);
}

#[test]
fn the_best_of_several_ways_counts() {
    let mut basis = basis();
    let ways = &mut basis.criteria.terms.eligible.any;
    let mut easier = ways[1].clone();
    easier.all[1] = Condition::Percentile(75);
    ways.push(easier);
    // Two bad years by one way; by the other only the year with a threshold counts, and it is good.
    let facts = school().graded(2).results([("0.30", "-0.01"), BADLY, WELL]);
    let finding = find(&basis, &facts);
    assert_eq!(finding.outcome, Outcome::Renew);
    assert_eq!(finding.serving("R13").len(), 6, "both conditions, in each of three years");
}

#[test]
fn a_school_that_no_way_speaks_of_is_not_eligible() {
    let mut basis = basis();
    basis.criteria.terms.eligible.any.remove(1);
    assert_eq!(find(&basis, &school().graded(2)).outcome, Outcome::NotEligible);
}
