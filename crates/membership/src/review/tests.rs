use kernel::Release;
use scenario::given;
use strum::VariantNames;

use super::{Basis, Command, Counts, Event, Review, Verdict, counts};
use crate::samples::{basis, day, release, school, score, urn};
use crate::{Refusal, SchoolFacts, find};

mod laws;

/// An outstanding school, one to judge, one to refer, one that is not eligible.
const OUTSTANDING: u32 = 100_003;
const TO_JUDGE: u32 = 100_010;
const TO_REFER: u32 = 100_020;
const ENDED: u32 = 100_030;

fn nation() -> Vec<SchoolFacts> {
    vec![
        school().numbered(OUTSTANDING).graded(1).results([("0.40", "0.10")]),
        school().numbered(TO_JUDGE).graded(2).results([("0.01", "-0.10"), ("0.01", "-0.10")]),
        school().numbered(TO_REFER),
        school().numbered(ENDED).graded(3),
    ]
}

fn run(schools: Vec<SchoolFacts>) -> Command {
    Command::Run { basis: basis(), schools }
}

fn reviewed(facts: &SchoolFacts) -> Event {
    Event::SchoolReviewed(find(&basis(), facts))
}

fn opened() -> Vec<Event> {
    let findings = nation();
    [Event::AnnualReviewOpened(basis())].into_iter().chain(findings.iter().map(reviewed)).collect()
}

fn opened_then(event: Event) -> Vec<Event> {
    let mut history = opened();
    history.push(event);
    history
}

fn judged(number: u32) -> Event {
    Event::JudgementRecorded {
        urn: urn(number),
        verdict: Verdict::Eligible,
        reason: "New head; results on the way up".into(),
        minute: "Minutes of 12 March 2019, item 4".into(),
        on: day("2019-03-12"),
    }
}

fn judge(number: u32) -> Command {
    Command::Judge {
        urn: urn(number),
        verdict: Verdict::Eligible,
        reason: "New head; results on the way up".into(),
        minute: "Minutes of 12 March 2019, item 4".into(),
        on: day("2019-03-12"),
    }
}

fn closed() -> Event {
    let findings: Vec<_> = nation().iter().map(|facts| find(&basis(), facts)).collect();
    Event::AnnualReviewClosed { on: day("2019-03-29"), counts: counts(&findings) }
}

fn provisional() -> (Basis, Release) {
    let provisional = release("2017/18 provisional");
    (Basis { release: Some(provisional), ..basis() }, provisional)
}

mod running {
    use super::*;

    #[test]
    fn every_school_is_reviewed_ascending_by_urn() {
        let mut schools = nation();
        schools.reverse();
        given::<Review>([]).when(run(schools)).then(opened());
    }

    #[test]
    fn reviewing_again_on_the_same_facts_changes_nothing() {
        given::<Review>(opened()).when(run(nation())).then([]);
    }

    #[test]
    fn a_program_that_says_the_same_in_other_words_records_nothing() {
        let reworded = nation().into_iter().map(|facts| {
            let mut finding = find(&basis(), &facts);
            for clause in &mut finding.clauses {
                clause.needed = "as an older program said it".into();
                clause.actual = "likewise".into();
                clause.way = None;
            }
            Event::SchoolReviewed(finding)
        });
        let reworded: Vec<_> =
            [Event::AnnualReviewOpened(basis())].into_iter().chain(reworded).collect();
        given::<Review>(reworded).when(run(nation())).then([]);
    }

    #[test]
    fn a_fact_that_changed_is_reviewed_again_and_the_rest_is_not() {
        let mut schools = nation();
        schools[2] = schools[2].clone().graded(1);
        given::<Review>(opened())
            .when(run(schools.clone()))
            .then([Event::AnnualReviewRepeated(basis()), reviewed(&schools[2])]);
    }

    #[test]
    fn another_basis_is_recorded_even_if_no_finding_differs() {
        let later = Basis { as_at: day("2019-03-10"), ..basis() };
        given::<Review>(opened())
            .when(Command::Run { basis: later.clone(), schools: nation() })
            .then([Event::AnnualReviewRepeated(later)]);
    }

    #[test]
    fn a_school_no_longer_among_those_reviewed_leaves_the_review() {
        let mut schools = nation();
        schools.remove(1);
        given::<Review>(opened()).when(run(schools)).then([
            Event::AnnualReviewRepeated(basis()),
            Event::SchoolLeftReview { urn: urn(TO_JUDGE) },
        ]);
    }

    #[test]
    fn a_school_that_left_and_returns_is_reviewed_again() {
        let mut history = opened_then(Event::AnnualReviewRepeated(basis()));
        history.push(Event::SchoolLeftReview { urn: urn(ENDED) });
        given::<Review>(history)
            .when(run(nation()))
            .then([Event::AnnualReviewRepeated(basis()), reviewed(&nation()[3])]);
    }

    #[test]
    fn amended_criteria_are_another_basis() {
        let mut amended = basis();
        amended.criteria.terms.staying.dips = 2;
        let facts = nation();
        let differs = find(&amended, &facts[1]);
        assert_ne!(differs.outcome, find(&basis(), &facts[1]).outcome);
        given::<Review>(opened())
            .when(Command::Run { basis: amended.clone(), schools: facts })
            .then([Event::AnnualReviewRepeated(amended), Event::SchoolReviewed(differs)]);
    }

    #[test]
    fn a_review_of_nobody_is_refused() {
        given::<Review>([]).when(run(vec![])).refused(Refusal::NobodyToReview);
        given::<Review>(opened()).when(run(vec![])).refused(Refusal::NobodyToReview);
    }

    #[test]
    fn a_school_is_reviewed_once() {
        let mut schools = nation();
        schools.push(schools[0].clone().graded(4));
        given::<Review>([])
            .when(run(schools))
            .refused(Refusal::ReviewedTwice { urn: urn(OUTSTANDING) });
    }

    #[test]
    fn one_years_review_is_not_anothers() {
        let next = Basis { year: basis().year.next(), ..basis() };
        given::<Review>(opened())
            .when(Command::Run { basis: next.clone(), schools: nation() })
            .refused(Refusal::ReviewOfAnotherYear { this: basis().year, that: next.year });
    }

    #[test]
    fn the_final_release_is_recorded_beside_what_the_provisional_one_said() {
        let (basis_then, of) = provisional();
        let mut early = nation();
        early[0].years[0].release = of;
        let said = find(&basis_then, &early[0]);
        let history = [Event::AnnualReviewOpened(basis_then), Event::SchoolReviewed(said)];
        given::<Review>(history)
            .when(run(nation()[..1].to_vec()))
            .then([Event::AnnualReviewRepeated(basis()), reviewed(&nation()[0])]);
    }
}

mod judging {
    use super::*;

    #[test]
    fn the_steering_group_judges_where_the_data_do_not_decide() {
        for number in [TO_JUDGE, TO_REFER] {
            given::<Review>(opened()).when(judge(number)).then([judged(number)]);
        }
    }

    #[test]
    fn the_same_judgement_again_changes_nothing_and_another_is_recorded() {
        given::<Review>(opened_then(judged(TO_JUDGE))).when(judge(TO_JUDGE)).then([]);
        let other = |verdict| Command::Judge {
            urn: urn(TO_JUDGE),
            verdict,
            reason: "Looked at again".into(),
            minute: "Minutes of 20 March 2019, item 1".into(),
            on: day("2019-03-20"),
        };
        given::<Review>(opened_then(judged(TO_JUDGE))).when(other(Verdict::NotEligible)).then([
            Event::JudgementRecorded {
                urn: urn(TO_JUDGE),
                verdict: Verdict::NotEligible,
                reason: "Looked at again".into(),
                minute: "Minutes of 20 March 2019, item 1".into(),
                on: day("2019-03-20"),
            },
        ]);
    }

    #[test]
    fn what_the_data_decide_is_not_judged() {
        let refusal =
            Refusal::NothingToJudge { urn: urn(ENDED), outcome: crate::Outcome::NotEligible };
        assert_eq!(
            refusal.to_string(),
            "the data decide on school 100030 (not eligible); the steering group judges only where the outcome is \
             judgement or referral"
        );
        given::<Review>(opened()).when(judge(ENDED)).refused(refusal);
        given::<Review>(opened()).when(judge(OUTSTANDING)).refused(Refusal::NothingToJudge {
            urn: urn(OUTSTANDING),
            outcome: crate::Outcome::Renew,
        });
    }

    #[test]
    fn a_judgement_needs_its_reason_and_its_minute() {
        let judge = |reason: &str, minute: &str| Command::Judge {
            urn: urn(TO_JUDGE),
            verdict: Verdict::Eligible,
            reason: reason.into(),
            minute: minute.into(),
            on: day("2019-03-12"),
        };
        given::<Review>(opened()).when(judge(" ", "Item 4")).refused(Refusal::ReasonMissing);
        given::<Review>(opened()).when(judge("So decided", "\t")).refused(Refusal::MinuteMissing);
    }

    /// The day before the one that the review looks at.
    #[test]
    fn nobody_is_judged_before_the_review() {
        let early = |on| Command::Judge {
            urn: urn(TO_JUDGE),
            verdict: Verdict::Eligible,
            reason: "New head; results on the way up".into(),
            minute: "Minutes of 12 March 2019, item 4".into(),
            on,
        };
        let was_on = basis().as_at;
        let on = was_on.pred_opt().unwrap();
        let what = "the review looks at";
        given::<Review>(opened()).when(early(on)).refused(Refusal::BeforeWhatItAnswers {
            on,
            what,
            was_on,
        });
    }

    #[test]
    fn only_a_school_under_review_is_judged() {
        given::<Review>([]).when(judge(TO_JUDGE)).refused(Refusal::ReviewNotOpened);
        given::<Review>(opened())
            .when(judge(123_456))
            .refused(Refusal::NotReviewed { urn: urn(123_456) });
        let left = opened_then(Event::SchoolLeftReview { urn: urn(TO_JUDGE) });
        given::<Review>(left)
            .when(judge(TO_JUDGE))
            .refused(Refusal::NotReviewed { urn: urn(TO_JUDGE) });
    }

    #[test]
    fn a_school_that_new_data_decide_is_no_longer_judged() {
        let decided = nation()[2].clone().graded(1);
        given::<Review>(opened_then(reviewed(&decided))).when(judge(TO_REFER)).refused(
            Refusal::NothingToJudge { urn: urn(TO_REFER), outcome: crate::Outcome::Renew },
        );
    }
}

mod closing {
    use super::*;

    fn close() -> Command {
        Command::Close { on: day("2019-03-29") }
    }

    #[test]
    fn closing_counts_what_the_data_came_to() {
        let expected = Counts {
            significant: Some(1),
            eligible: 1,
            invited: 1,
            graded: 3,
            carried_over: 0,
            not_inspected: 1,
            referral: 1,
            judgement: 1,
            not_eligible: 1,
        };
        given::<Review>(opened())
            .when(close())
            .then([Event::AnnualReviewClosed { on: day("2019-03-29"), counts: expected }]);
        // What the steering group judged is on its own record and leaves the counts as they are.
        given::<Review>(opened_then(judged(TO_JUDGE)))
            .when(close())
            .then([Event::AnnualReviewClosed { on: day("2019-03-29"), counts: expected }]);
    }

    #[test]
    fn schools_outside_the_population_are_reviewed_and_not_counted() {
        let special = SchoolFacts { in_population: false, ..nation()[0].clone() };
        let history = [Event::AnnualReviewOpened(basis()), reviewed(&special)];
        given::<Review>(history)
            .when(close())
            .then([Event::AnnualReviewClosed { on: day("2019-03-29"), counts: Counts::default() }]);
    }

    #[test]
    fn a_school_that_left_is_not_counted() {
        let history = opened_then(Event::SchoolLeftReview { urn: urn(OUTSTANDING) });
        let rest: Vec<_> = nation()[1..].iter().map(|facts| find(&basis(), facts)).collect();
        given::<Review>(history)
            .when(close())
            .then([Event::AnnualReviewClosed { on: day("2019-03-29"), counts: counts(&rest) }]);
    }

    #[test]
    fn a_closed_review_stays_as_it_is() {
        let refusal = Refusal::ReviewClosed { on: day("2019-03-29") };
        assert_eq!(
            refusal.to_string(),
            "the review was closed on 29 Mar 2019; nothing in it changes any more"
        );
        for command in [run(nation()), run(nation()[..1].to_vec()), judge(TO_JUDGE)] {
            given::<Review>(opened_then(closed())).when(command).refused(refusal.clone());
        }
    }

    #[test]
    fn closing_twice_changes_nothing() {
        let later = Command::Close { on: day("2019-04-30") };
        for command in [close(), later] {
            given::<Review>(opened_then(closed())).when(command).then([]);
        }
    }

    #[test]
    fn a_review_that_was_never_run_is_not_closed() {
        given::<Review>([]).when(close()).refused(Refusal::ReviewNotOpened);
    }

    #[test]
    fn provisional_results_may_be_looked_at_and_decide_nothing() {
        let (basis, of) = provisional();
        let mut facts = nation()[1].clone();
        facts.years[0].release = of;
        let history =
            [Event::AnnualReviewOpened(basis.clone()), Event::SchoolReviewed(find(&basis, &facts))];
        given::<Review>(history.clone())
            .when(close())
            .refused(Refusal::Provisional { release: of });
        given::<Review>(history)
            .when(judge(TO_JUDGE))
            .refused(Refusal::Provisional { release: of });
    }
}

#[test]
fn carried_over_and_not_inspected_are_counted_apart_from_graded() {
    let schools = [
        school().graded(2).results([("0.30", "0.10")]),
        school().graded(1).carried_from(112_345),
        school(),
        SchoolFacts { in_population: false, ..school().graded(1) },
    ];
    let findings: Vec<_> = schools.iter().map(|facts| find(&basis(), facts)).collect();
    assert_eq!(
        counts(&findings),
        Counts {
            significant: Some(1),
            eligible: 2,
            invited: 1,
            graded: 1,
            carried_over: 1,
            not_inspected: 1,
            referral: 1,
            judgement: 0,
            not_eligible: 0,
        }
    );
    assert_eq!(findings[0].lower.unwrap().published(), Some(score("0.10")));
}

#[test]
fn where_limits_were_published_for_nobody_the_significant_are_not_counted() {
    let significant = |results: &[(&str, &str)]| {
        let schools = results.iter().map(|printed| school().graded(2).results([*printed]));
        let findings: Vec<_> = schools.map(|facts| find(&basis(), &facts)).collect();
        counts(&findings).significant
    };
    assert_eq!(significant(&[("0.31", "-"), ("0.40", "-")]), None);
    assert_eq!(significant(&[("0.31", "-"), ("SUPP", "SUPP")]), Some(0));
    assert_eq!(significant(&[("0.31", "0.05"), ("0.40", "-"), ("0.10", "-0.10")]), Some(1));
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/review.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
