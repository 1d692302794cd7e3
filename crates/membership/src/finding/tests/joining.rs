//! Who is eligible (R2) and who is invited (R3).

use crate::criteria::Way;
use crate::facts::Cover;
use crate::finding::{Answer, find};
use crate::samples::{basis, criteria_of_2018_19, day, school, source, threshold};
use crate::{Clause, Outcome, SchoolFacts};

fn eligible_and_invited(facts: &SchoolFacts) -> (bool, bool) {
    let finding = find(&basis(), facts);
    (finding.eligible, finding.invited)
}

#[test]
fn outstanding_is_eligible_whatever_its_results() {
    assert_eq!(eligible_and_invited(&school().graded(1)), (true, false));
    assert_eq!(
        eligible_and_invited(&school().graded(1).results([("-0.40", "-0.70")])),
        (true, false)
    );
}

#[test]
fn good_is_eligible_only_with_significant_results() {
    assert_eq!(
        eligible_and_invited(&school().graded(2).results([("0.20", "0.01")])),
        (true, false)
    );
    assert_eq!(
        eligible_and_invited(&school().graded(2).results([("0.20", "-0.01")])),
        (false, false)
    );
}

#[test]
fn a_lower_limit_of_exactly_0_is_not_significant() {
    assert_eq!(
        eligible_and_invited(&school().graded(2).results([("0.26", "0.00")])),
        (false, false)
    );
}

#[test]
fn on_the_threshold_is_invited_and_below_it_is_not() {
    for grade in [1, 2] {
        let invited = |progress8| {
            find(&basis(), &school().graded(grade).results([(progress8, "-0.05")])).invited
        };
        assert!(invited("0.27") && invited("0.28"));
        assert!(!invited("0.26"));
    }
}

#[test]
fn eligible_and_invited_are_different_questions() {
    // Invited without being eligible: a small school, a wide interval.
    assert_eq!(
        eligible_and_invited(&school().graded(2).results([("0.30", "-0.05")])),
        (false, true)
    );
    // Eligible without being invited: a large school, a narrow one.
    assert_eq!(
        eligible_and_invited(&school().graded(2).results([("0.10", "0.02")])),
        (true, false)
    );
}

#[test]
fn grades_3_and_4_are_neither_eligible_nor_invited() {
    for grade in [3, 4] {
        let facts = school().graded(grade).results([("0.90", "0.60")]);
        assert_eq!(eligible_and_invited(&facts), (false, false));
    }
}

#[test]
fn results_that_are_not_published_are_no_data_and_not_a_no() {
    for (printed, told) in [
        (
            "SUPP",
            "Progress 8 SUPP (suppressed: five pupils or fewer), lower limit SUPP (suppressed: five pupils or \
                  fewer), in 2017/18 final",
        ),
        (
            "LOWCOV",
            "Progress 8 LOWCOV (fewer than half of the pupils are covered), lower limit LOWCOV (fewer than \
                    half of the pupils are covered), in 2017/18 final",
        ),
        ("-", "the file has no Progress 8, the file has no lower limit, in 2017/18 final"),
    ] {
        let finding = find(&basis(), &school().graded(2).results([(printed, printed)]));
        let significant = finding.serving("R2")[2];
        assert_eq!((significant.result, significant.actual.as_str()), (Answer::NoData, told));
        assert!(!finding.eligible && !finding.invited);
        assert_eq!(finding.outcome, Outcome::Referral, "{printed}");
    }
    let finding = find(&basis(), &school().graded(2));
    assert_eq!(finding.serving("R2")[2].actual, "no row for this school in 2017/18 final");
}

#[test]
fn a_limit_that_is_blank_beside_a_score_is_not_computed() {
    let finding = find(&basis(), &school().graded(2).results([("0.90", "BLANK")]));
    assert_eq!(finding.serving("R2")[2].result, Answer::NoData);
    assert!(!finding.eligible && finding.invited);
}

#[test]
fn only_the_release_reviewed_decides_who_may_join() {
    let facts = school().graded(2).results([("SUPP", "SUPP"), ("0.90", "0.60")]);
    assert_eq!(eligible_and_invited(&facts), (false, false));
}

#[test]
fn without_any_release_nothing_about_results_is_known() {
    let mut basis = basis();
    (basis.release, basis.threshold) = (None, None);
    let finding = find(&basis, &school().graded(2).results([("0.90", "0.60")]));
    assert_eq!(finding.progress8, None);
    let told = "no results were published by 28 Feb 2019";
    assert_eq!(finding.serving("R2")[2].actual, told);
    assert_eq!(finding.serving("R3")[1].actual, told);
}

#[test]
fn a_threshold_stands_for_its_own_percentile_and_release_only() {
    let facts = school().graded(1).results([("0.90", "0.60")]);
    let told = |change: fn(&mut crate::review::Basis)| {
        let mut basis = basis();
        change(&mut basis);
        let finding = find(&basis, &facts);
        assert_eq!((finding.invited, finding.serving("R3")[1].result), (false, Answer::NoData));
        finding.serving("R3")[1].actual.clone()
    };
    assert_eq!(
        told(|basis| basis.threshold = None),
        "Progress 8 0.90, in 2017/18 final; no threshold was computed"
    );
    assert_eq!(
        told(|basis| basis.threshold =
            Some(kernel::Threshold { percentile: 90, ..threshold("2017/18 final") })),
        "Progress 8 0.90, in 2017/18 final; the threshold computed is another percentile, 90"
    );
    assert_eq!(
        told(|basis| basis.threshold = Some(threshold("2016/17 final"))),
        "Progress 8 0.90, in 2017/18 final; the threshold computed is that of 2016/17 final"
    );
}

#[test]
fn each_clause_says_what_was_needed_what_is_so_and_where_that_stands() {
    let finding = find(&basis(), &school().graded(2).results([("0.31", "0.05")]));
    let clause = |rule: &str, way: Option<&str>, needed: &str, actual: &str, result| Clause {
        rule: rule.into(),
        way: way.map(Into::into),
        needed: needed.into(),
        actual: actual.into(),
        value: Some("2".into()),
        source: Some(source("Management_information.csv", 12)),
        date: Some(day("2016-05-20")),
        result,
    };
    let results = |value: &str, clause: Clause| Clause {
        value: Some(value.into()),
        source: Some(source("england_ks4final.csv", 7)),
        date: Some(day("2019-01-31")),
        ..clause
    };
    let good = "2 (Good), inspected 3 May 2016, published 20 May 2016";
    let both = "Progress 8 0.31, lower limit 0.05, in 2017/18 final";
    let significant = "significant results: lower 95% confidence limit of Progress 8 above 0";
    let (outstanding, with_outcomes, top_quarter) = (
        Some("Outstanding"),
        Some("Good with significant outcomes"),
        Some("Good or better, and in the top quarter for Progress 8"),
    );
    assert_eq!(
        finding.clauses[..6],
        [
            clause(
                "R2",
                outstanding,
                "Ofsted overall effectiveness 1 (Outstanding)",
                good,
                Answer::Failed
            ),
            clause(
                "R2",
                with_outcomes,
                "Ofsted overall effectiveness 2 (Good)",
                good,
                Answer::Passed
            ),
            results("0.31/0.05", clause("R2", with_outcomes, significant, both, Answer::Passed)),
            clause(
                "R3",
                top_quarter,
                "Ofsted overall effectiveness 1 (Outstanding) or 2 (Good)",
                good,
                Answer::Passed
            ),
            results(
                "0.31",
                clause(
                    "R3",
                    top_quarter,
                    "Progress 8 on or above the 75th percentile nationally, 0.27 (2017/18 final, 3,150 schools)",
                    "Progress 8 0.31, in 2017/18 final",
                    Answer::Passed
                )
            ),
            clause("R14", None, "not graded 3 or 4", good, Answer::Passed),
        ]
    );
    assert_eq!((finding.eligible, finding.invited, finding.outcome), (true, true, Outcome::Renew));
}

#[test]
fn a_condition_that_several_ways_share_is_told_once_under_the_first() {
    let mut basis = basis();
    let ways = &mut basis.criteria.terms.eligible.any;
    ways.push(Way { name: "Good once more".into(), ..ways[1].clone() });
    let finding = find(&basis, &school().graded(2).results([("0.31", "0.05")]));
    assert_eq!(finding.serving("R2").len(), 3);
    let named: Vec<_> = finding.serving("R2").iter().map(|it| it.way.as_deref()).collect();
    let first = Some("Good with significant outcomes");
    assert_eq!(named, [Some("Outstanding"), first, first]);
    assert_eq!(finding.serving("R13").len(), 3);
}

#[test]
fn ssat_cover_is_told_and_changes_none_of_the_answers() {
    let covered = |until, via_trust: Option<&str>| Cover::Covered {
        from: day("2018-04-01"),
        until,
        via_trust: via_trust.map(Into::into),
        source: source("cover.csv", 3),
    };
    for (cover, result, actual) in [
        (
            Cover::Unknown,
            Answer::NoData,
            "not known: no list of SSAT Secondary Network members has been read",
        ),
        (
            Cover::None,
            Answer::Failed,
            "no list of SSAT Secondary Network members that was read covers that day",
        ),
        (
            covered(None, Some("Hill Trust")),
            Answer::Passed,
            "a member from 1 Apr 2018, no end given, through Hill Trust",
        ),
        (
            covered(Some(day("2020-03-31")), None),
            Answer::Passed,
            "a member from 1 Apr 2018, to 31 Mar 2020",
        ),
    ] {
        let finding = find(&basis(), &SchoolFacts { cover, ..school().graded(1) });
        let told = finding.serving("R7");
        assert_eq!((told.len(), told[0].result, told[0].actual.as_str()), (1, result, actual));
        assert_eq!(told[0].needed, "SSAT Secondary Network cover on 1 Apr 2019");
        assert_eq!((finding.eligible, finding.outcome), (true, Outcome::Renew));
    }
}

#[test]
fn other_criteria_need_no_release_of_the_program() {
    let mut basis = basis();
    basis.criteria = criteria_of_2018_19();
    basis.criteria.terms.eligible.any.remove(0);
    assert!(!find(&basis, &school().graded(1).results([("0.90", "0.60")])).eligible);
}
