//! What holds for every school, under any criteria.

use kernel::{Cell, Grade, Outcome as Given, Progress8};
use proptest::prelude::*;

use crate::criteria::{Condition, Way, WithoutOverallGrade, WithoutProgress8};
use crate::facts::{Cover, ResultsFact, SchoolFacts};
use crate::finding::{Answer, Inspected, find};
use crate::review::Basis;
use crate::samples::{basis, by_area, inspection, report_card, school, source, urn};
use crate::{Finding, Outcome};

fn printed() -> impl Strategy<Value = Option<Cell<Progress8>>> {
    prop_oneof![
        6 => (-40..60i32).prop_map(|it| Some(Cell::Published(Progress8::from_hundredths(it)))),
        1 => Just(Some(Cell::Withheld(kernel::Withheld::Suppressed))),
        1 => Just(None),
    ]
}

fn given() -> impl Strategy<Value = Given> {
    use kernel::{Area, CardGrade};
    let areas = [Area::Achievement, Area::Inclusion, Area::QualityOfEducation];
    let grade = || (1..=4u8).prop_map(|grade| Grade::try_from(grade).unwrap());
    let card = || prop::sample::select(<CardGrade as strum::VariantArray>::VARIANTS);
    prop_oneof![
        4 => grade().prop_map(Given::Overall),
        1 => prop::collection::vec(grade(), 0..3).prop_map(move |grades| {
            by_area(&areas.into_iter().zip(grades).collect::<Vec<_>>())
        }),
        1 => prop::collection::vec(card(), 0..3).prop_map(move |grades| {
            report_card(&areas.into_iter().zip(grades).collect::<Vec<_>>())
        }),
    ]
}

prop_compose! {
    fn facts()(
        outcome in prop::option::weighted(0.9, given()),
        last in prop::option::of(1..=4u8),
        carried in any::<bool>(),
        years in prop::collection::vec(prop::option::weighted(0.8, (printed(), printed())), 3),
        in_population in any::<bool>(),
    ) -> SchoolFacts {
        let mut facts = SchoolFacts { in_population, ..school() };
        facts.inspection = outcome.map(|it| inspection(it, "2016-05-03", Some("2016-05-20")));
        if carried {
            facts = facts.carried_from(112_345);
        }
        facts.last_overall = last.map(|grade| {
            inspection(Given::Overall(Grade::try_from(grade).unwrap()), "2012-05-03", None)
        });
        for (year, printed) in facts.years.iter_mut().zip(years) {
            year.figures = printed.map(|(progress8, lower)| ResultsFact {
                progress8,
                lower,
                public_from: year.release.year.final_public_from(),
                source: source("england_ks4final.csv", 7),
            });
        }
        facts
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    use kernel::{Area, CardGrade};
    let grade = || (1..=4u8).prop_map(|grade| Grade::try_from(grade).unwrap());
    let areas = || prop::sample::subsequence(vec![Area::Achievement, Area::Inclusion], 0..=2);
    let card = prop::sample::select(<CardGrade as strum::VariantArray>::VARIANTS);
    prop_oneof![
        prop::collection::vec(grade(), 1..3).prop_map(Condition::OverallGrade),
        (grade(), areas()).prop_map(|(at_least, areas)| Condition::AreaGrades { at_least, areas }),
        (card, areas()).prop_map(|(at_least, areas)| Condition::ReportCard { at_least, areas }),
        Just(Condition::SignificantResults),
        prop::sample::select(vec![75, 90]).prop_map(Condition::Percentile),
    ]
}

fn ways() -> impl Strategy<Value = Vec<Way>> {
    let way =
        prop::collection::vec(condition(), 1..4).prop_map(|all| Way { name: "A way".into(), all });
    prop::collection::vec(way, 1..4)
}

prop_compose! {
    /// A review under any criteria.
    fn any_basis()(
        eligible in ways(),
        invited in ways(),
        published_years in 1..=3u8,
        dips in 0..2u8,
        last_published in any::<bool>(),
        last_overall in any::<bool>(),
        (released, computed) in any::<(bool, bool)>(),
    ) -> Basis {
        let mut basis = basis();
        let terms = &mut basis.criteria.terms;
        (terms.eligible.any, terms.invited.any) = (eligible, invited);
        (terms.staying.published_years, terms.staying.dips) = (published_years, dips);
        if last_published {
            terms.without.progress8 = WithoutProgress8::LastPublished;
        }
        if last_overall {
            terms.without.overall_grade = WithoutOverallGrade::LastOverall;
        }
        basis.release = basis.release.filter(|_| released);
        basis.threshold = basis.threshold.filter(|_| computed);
        basis
    }
}

fn how_bad(outcome: Outcome) -> usize {
    let order = [
        Outcome::Renew,
        Outcome::RenewNotedDip,
        Outcome::Judgement,
        Outcome::Referral,
        Outcome::NotEligible,
    ];
    order.iter().position(|it| *it == outcome).unwrap()
}

#[track_caller]
fn no_worse(better: &Finding, than: &Finding) {
    assert!(better.eligible || !than.eligible, "eligibility lost: {than:#?} {better:#?}");
    assert!(better.invited || !than.invited, "invitation lost: {than:#?} {better:#?}");
    assert!(how_bad(better.outcome) <= how_bad(than.outcome), "{than:#?} {better:#?}");
}

proptest! {
    #[test]
    fn a_better_grade_never_gives_a_worse_answer(facts in facts(), grade in 2..=4u8) {
        no_worse(&find(&basis(), &facts.clone().graded(grade - 1)), &find(&basis(), &facts.graded(grade)));
    }

    #[test]
    fn better_results_never_give_a_worse_answer(facts in facts(), year in 0..3usize, by in 1..50i32) {
        let raised = |cell: Cell<Progress8>| match cell {
            Cell::Published(score) => Cell::Published(Progress8::from_hundredths(score.hundredths() + by)),
            Cell::Withheld(_) => cell,
        };
        let mut better = facts.clone();
        if let Some(figures) = &mut better.years[year].figures {
            figures.progress8 = figures.progress8.map(raised);
            figures.lower = figures.lower.map(raised);
        }
        no_worse(&find(&basis(), &better), &find(&basis(), &facts));
    }

    /// The rules of 2018-19 once more, written out plainly.
    #[test]
    fn the_answers_of_2018_19_are_those_of_a_plain_recount(facts in facts()) {
        let grade = facts.inspection.as_ref().and_then(|it| it.outcome.overall()).map(Grade::number);
        let printed = |year: usize| facts.years[year].figures.as_ref();
        let lower = |year| printed(year).and_then(|it| it.lower?.published()).map(Progress8::hundredths);
        let progress8 = printed(0).and_then(|it| it.progress8?.published()).map(Progress8::hundredths);
        let limits: Vec<i32> = (0..3).filter_map(lower).collect();
        let failed = limits.iter().filter(|limit| **limit <= 0).count();
        let outcome = match grade {
            Some(3 | 4) => Outcome::NotEligible,
            None => Outcome::Referral,
            Some(1) => Outcome::Renew,
            Some(_) if limits.is_empty() => Outcome::Referral,
            Some(_) => [Outcome::Renew, Outcome::RenewNotedDip, Outcome::Judgement][failed.min(2)],
        };
        let finding = find(&basis(), &facts);
        prop_assert_eq!(
            finding.eligible,
            grade == Some(1) || grade == Some(2) && lower(0).is_some_and(|limit| limit > 0)
        );
        prop_assert_eq!(
            finding.invited,
            matches!(grade, Some(1 | 2)) && progress8.is_some_and(|score| score >= 27)
        );
        prop_assert_eq!(finding.outcome, outcome);
    }

    #[test]
    fn under_any_criteria_each_condition_is_told_once_and_the_answer_follows_from_what_is_told(
        basis in any_basis(),
        facts in facts(),
    ) {
        let finding = find(&basis, &facts);
        for (rule, ways, answer) in [
            ("R2", &basis.criteria.terms.eligible.any, finding.eligible),
            ("R3", &basis.criteria.terms.invited.any, finding.invited),
        ] {
            let mut conditions: Vec<&Condition> = vec![];
            for condition in ways.iter().flat_map(|way| &way.all) {
                if !conditions.contains(&condition) {
                    conditions.push(condition);
                }
            }
            let told = finding.serving(rule);
            prop_assert_eq!(told.len(), conditions.len());
            let passed = |condition: &Condition| {
                let place = conditions.iter().position(|it| *it == condition).unwrap();
                told[place].result == Answer::Passed
            };
            prop_assert_eq!(answer, ways.iter().any(|way| way.all.iter().all(passed)));
        }
    }

    #[test]
    fn under_any_criteria_what_cannot_be_known_is_never_a_silent_no(basis in any_basis(), facts in facts()) {
        let finding = find(&basis, &facts);
        if finding.outcome == Outcome::NotEligible {
            prop_assert!(finding.clauses.iter().any(|clause| clause.result == Answer::Failed));
            prop_assert_ne!(finding.inspected, Inspected::NotYet);
        }
        if finding.inspected == Inspected::NotYet {
            prop_assert_eq!(finding.outcome, Outcome::Referral);
        }
        if matches!(finding.outcome, Outcome::RenewNotedDip | Outcome::Judgement) {
            let failed = finding.serving("R13").iter().filter(|it| it.result == Answer::Failed).count();
            prop_assert!(failed > 0, "every dip is told");
        }
    }

    #[test]
    fn under_any_criteria_that_can_be_adopted_a_school_graded_3_or_4_is_never_invited(basis in any_basis(), facts in facts()) {
        let finding = find(&basis, &facts);
        if basis.criteria.terms.fit().is_ok() && finding.invited {
            prop_assert!(finding.grade.is_none_or(|grade| grade <= Grade::Good), "{:?}", finding);
        }
    }

    #[test]
    fn under_any_criteria_every_fact_told_says_where_it_stands(basis in any_basis(), facts in facts()) {
        for clause in find(&basis, &facts).clauses {
            prop_assert_eq!(clause.source.is_some(), clause.date.is_some());
            if clause.result != Answer::NoData {
                prop_assert!(clause.source.is_some(), "{:?}", clause);
            }
        }
    }

    #[test]
    fn under_any_criteria_cover_changes_nothing_but_its_own_clause(basis in any_basis(), facts in facts()) {
        let mut unknown = find(&basis, &facts);
        let mut none = find(&basis, &SchoolFacts { cover: Cover::None, ..facts });
        for finding in [&mut unknown, &mut none] {
            finding.clauses.retain(|clause| clause.rule != "R7");
        }
        prop_assert_eq!(unknown, none);
    }
}

#[test]
fn a_finding_keeps_the_school_it_is_about() {
    let finding = find(&basis(), &school().numbered(136_474));
    assert_eq!((finding.urn, finding.name.as_str()), (urn(136_474), "Hill Top"));
}
