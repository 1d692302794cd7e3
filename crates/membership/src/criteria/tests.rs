use chrono::NaiveDate;
use kernel::Grade;
use proptest::prelude::*;
use scenario::given;
use strum::VariantNames;

use super::{Adoption, Command, Condition, Criteria, CriteriaFile, Event};
use crate::{Refusal, Terms};

const ADOPTED: &str = include_str!("../../../../deploy/criteria/2018-19.toml");
const EXAMPLE: &str = include_str!("../../../../deploy/criteria/example-2026-27.toml");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn of_2018_19() -> Adoption {
    toml::from_str::<CriteriaFile>(ADOPTED).unwrap().into()
}

/// The criteria of 2018-19 with something changed.
fn changed(change: impl FnOnce(&mut Terms)) -> Adoption {
    let mut adoption = of_2018_19();
    change(&mut adoption.terms);
    adoption
}

fn without_dips() -> Adoption {
    changed(|terms| terms.staying.dips = 0)
}

mod adopting {
    use super::*;

    #[test]
    fn the_steering_group_adopts_criteria_for_a_year() {
        given::<Criteria>([])
            .when(Command::Adopt(of_2018_19()))
            .then([Event::CriteriaAdopted(of_2018_19())]);
    }

    #[test]
    fn adopting_the_same_terms_again_changes_nothing() {
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(Command::Adopt(of_2018_19()))
            .then([]);
        let later = Adoption { adopted_on: day("2018-02-01"), ..of_2018_19() };
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(Command::Adopt(later))
            .then([]);
    }

    #[test]
    fn other_terms_are_an_amendment_and_not_a_second_adoption() {
        let refusal =
            Refusal::AlreadyAdopted { year: "2018-19".parse().unwrap(), on: day("2017-11-01") };
        assert_eq!(
            refusal.to_string(),
            "criteria for 2018-19 were already adopted on 1 Nov 2017; amend them, with a reason"
        );
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(Command::Adopt(without_dips()))
            .refused(refusal);
    }

    #[test]
    fn a_decision_without_its_minute_is_refused() {
        let adoption = Adoption { minute: "  ".into(), ..of_2018_19() };
        given::<Criteria>([]).when(Command::Adopt(adoption)).refused(Refusal::MinuteMissing);
    }

    #[test]
    fn one_years_criteria_are_not_anothers() {
        let next = Adoption { year: "2019-20".parse().unwrap(), ..of_2018_19() };
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(Command::Adopt(next.clone()))
            .refused(Refusal::CriteriaOfAnotherYear { these: of_2018_19().year, those: next.year });
    }
}

mod amending {
    use super::*;

    fn amend(adoption: Adoption) -> Command {
        Command::Amend { adoption, reason: "The group was asked again".into() }
    }

    #[test]
    fn adopted_criteria_are_amended_with_a_reason() {
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())]).when(amend(without_dips())).then(
            [Event::CriteriaAmended {
                adoption: without_dips(),
                reason: "The group was asked again".into(),
            }],
        );
    }

    #[test]
    fn amending_to_the_terms_in_force_changes_nothing() {
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(amend(of_2018_19()))
            .then([]);
        given::<Criteria>([
            Event::CriteriaAdopted(of_2018_19()),
            Event::CriteriaAmended { adoption: without_dips(), reason: "So decided".into() },
        ])
        .when(amend(without_dips()))
        .then([]);
    }

    #[test]
    fn an_amendment_can_be_amended_back() {
        given::<Criteria>([
            Event::CriteriaAdopted(of_2018_19()),
            Event::CriteriaAmended { adoption: without_dips(), reason: "So decided".into() },
        ])
        .when(amend(of_2018_19()))
        .then([Event::CriteriaAmended {
            adoption: of_2018_19(),
            reason: "The group was asked again".into(),
        }]);
    }

    #[test]
    fn only_adopted_criteria_can_be_amended() {
        given::<Criteria>([])
            .when(amend(of_2018_19()))
            .refused(Refusal::NotAdopted { year: of_2018_19().year });
    }

    #[test]
    fn an_amendment_needs_its_reason_and_its_minute() {
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(Command::Amend { adoption: without_dips(), reason: " \n".into() })
            .refused(Refusal::ReasonMissing);
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(amend(Adoption { minute: String::new(), ..without_dips() }))
            .refused(Refusal::MinuteMissing);
    }

    #[test]
    fn an_amendment_is_not_older_than_what_it_amends() {
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(amend(Adoption { adopted_on: day("2017-10-31"), ..without_dips() }))
            .refused(Refusal::AmendedBeforeAdopted { adopted_on: day("2017-11-01") });
    }
}

mod terms {
    use super::*;

    #[track_caller]
    fn refused(change: impl FnOnce(&mut Terms), sentence: &str) {
        let refusal = changed(change).terms.fit().unwrap_err();
        assert_eq!(refusal.to_string(), sentence);
    }

    #[test]
    fn terms_that_cannot_be_applied_are_refused_by_the_name_of_their_field() {
        refused(
            |terms| terms.eligible.any.clear(),
            "`eligible.any` is empty; it must be at least one way",
        );
        refused(
            |terms| terms.eligible.any[1].all.clear(),
            "`eligible.any[1].all` is empty; it must be at least one condition",
        );
        refused(
            |terms| terms.eligible.any[1].all[0] = Condition::OverallGrade(vec![]),
            "`eligible.any[1].all[0].overall_grade` is empty; it must be at least one of 1, 2, 3 and 4",
        );
        for percentile in [0, 100] {
            refused(
                |terms| terms.invited.any[0].all[1] = Condition::Percentile(percentile),
                &format!(
                    "`invited.any[0].all[1].percentile` is {percentile}; it must be a whole per cent from 1 to 99"
                ),
            );
        }
        refused(
            |terms| terms.population.kinds.clear(),
            "`population.kinds` is empty; it must be at least one kind of school",
        );
        for years in [0, 11] {
            refused(
                |terms| terms.staying.published_years = years,
                &format!("`staying.published_years` is {years}; it must be 1 to 10"),
            );
        }
        refused(
            |terms| terms.staying.dips = 3,
            "`staying.dips` is 3; it must be less than staying.published_years, which is 3",
        );
    }

    #[test]
    fn whatever_else_is_asked_only_schools_of_2_or_better_are_invited() {
        refused(
            |terms| {
                terms.invited.any[0].all.remove(0);
            },
            "`invited.any[0].all` is about results only; it must be about an inspection too: only schools of Ofsted 2 \
             or better are invited",
        );
        refused(
            |terms| {
                terms.invited.any[0].all[0] =
                    Condition::OverallGrade(vec![Grade::Good, Grade::RequiresImprovement]);
            },
            "`invited.any[0].all[0].overall_grade` is 3 (Requires improvement); it must be 1 or 2: only schools of \
             Ofsted 2 or better are invited",
        );
    }

    /// A review has one threshold (D3): with two percentiles one of the conditions could never be decided.
    #[test]
    fn criteria_name_one_percentile() {
        let second = |percentile| {
            move |terms: &mut Terms| terms.eligible.any[1].all[1] = Condition::Percentile(percentile)
        };
        refused(
            second(90),
            "`invited.any[0].all[1].percentile` is 75; it must be 90, as `eligible.any[1].all[1].percentile` is: a \
             review has one threshold",
        );
        assert_eq!(changed(second(75)).terms.fit(), Ok(()));
    }

    #[test]
    fn the_extremes_that_can_be_applied_are_not_refused() {
        for (years, dips, percentile) in [(1, 0, 1), (10, 9, 99)] {
            let adoption = changed(|terms| {
                terms.staying.published_years = years;
                terms.staying.dips = dips;
                terms.invited.any[0].all[1] = Condition::Percentile(percentile);
            });
            assert_eq!(adoption.terms.fit(), Ok(()));
        }
    }

    #[test]
    fn unfit_terms_are_never_adopted_nor_amended_to() {
        let unfit = changed(|terms| terms.staying.dips = 3);
        let refusal = unfit.terms.fit().unwrap_err();
        given::<Criteria>([]).when(Command::Adopt(unfit.clone())).refused(refusal.clone());
        given::<Criteria>([Event::CriteriaAdopted(of_2018_19())])
            .when(Command::Amend { adoption: unfit, reason: "So decided".into() })
            .refused(refusal);
    }
}

mod files {
    use super::*;
    use crate::criteria::{WithoutOverallGrade, WithoutProgress8};
    use kernel::SchoolKind;

    #[test]
    fn the_criteria_of_2018_19_are_those_published() {
        let Adoption { year, adopted_on, terms, .. } = of_2018_19();
        assert_eq!((year.to_string().as_str(), adopted_on), ("2018-19", day("2017-11-01")));
        let ways = |ways: &crate::criteria::Ways| -> Vec<Vec<Condition>> {
            ways.any.iter().map(|way| way.all.clone()).collect()
        };
        assert_eq!(
            ways(&terms.eligible),
            [
                vec![Condition::OverallGrade(vec![Grade::Outstanding])],
                vec![Condition::OverallGrade(vec![Grade::Good]), Condition::SignificantResults],
            ]
        );
        assert_eq!(
            ways(&terms.invited),
            [vec![
                Condition::OverallGrade(vec![Grade::Outstanding, Grade::Good]),
                Condition::Percentile(75)
            ]]
        );
        assert_eq!(terms.population.kinds, SchoolKind::STATE_FUNDED_MAINSTREAM);
        let staying = &terms.staying;
        assert_eq!(staying.not_eligible_grades, [Grade::RequiresImprovement, Grade::Inadequate]);
        assert_eq!((staying.published_years, staying.dips), (3, 1));
        assert_eq!(terms.fit(), Ok(()));
    }

    #[test]
    fn the_example_names_what_to_do_without_progress_8_and_without_overall_grades() {
        let adoption: Adoption = toml::from_str::<CriteriaFile>(EXAMPLE).unwrap().into();
        assert_eq!(adoption.adopted_on, day("2025-12-04"), "a TOML date is read too");
        assert_eq!(adoption.terms.without.progress8, WithoutProgress8::LastPublished);
        assert_eq!(adoption.terms.without.overall_grade, WithoutOverallGrade::Refer);
        assert_eq!(adoption.terms.fit(), Ok(()));
    }

    #[test]
    fn criteria_written_out_as_a_file_read_as_the_same_criteria() {
        for shipped in [ADOPTED, EXAMPLE] {
            let adoption: Adoption = toml::from_str::<CriteriaFile>(shipped).unwrap().into();
            let written = toml::to_string_pretty(&CriteriaFile::from(adoption.clone())).unwrap();
            let read: CriteriaFile = toml::from_str(&written).unwrap();
            assert_eq!(Adoption::from(read), adoption, "{written}");
        }
    }

    #[test]
    fn a_misspelt_field_is_refused_and_named() {
        for (right, wrong) in [
            ("dips = 1", "dip = 1"),
            ("minute = ", "minutes = "),
            ("\"significant_results\"", "\"significant\""),
            ("{ percentile = 75 }", "{ percentil = 75 }"),
            ("adopted_on = \"2017-11-01\"", "adopted_on = \"1 Nov 2017\""),
            ("overall_grade = [1] ", "overall_grade = [5] "),
            ("kinds = [\"CY\"", "kinds = [\"XY\""),
            ("year = \"2018-19\"", "year = \"2018-20\""),
        ] {
            assert!(ADOPTED.contains(right), "{right}");
            let wrong_file = ADOPTED.replacen(right, wrong, 1);
            let why = toml::from_str::<CriteriaFile>(&wrong_file).unwrap_err().to_string();
            assert!(why.contains("line"), "{wrong}: {why}");
        }
    }

    #[test]
    fn a_time_of_day_is_not_a_day() {
        let file = ADOPTED.replacen("\"2017-11-01\"", "2017-11-01T10:00:00Z", 1);
        let why = toml::from_str::<CriteriaFile>(&file).unwrap_err().to_string();
        assert!(why.contains("a day, such as 2017-11-01"), "{why}");
    }
}

proptest! {
    /// Whatever is asked, in whatever order: nothing unfit is ever in force, and what is in force is what was asked
    /// for last and granted.
    #[test]
    fn whatever_is_asked_only_fit_terms_are_in_force(asked in prop::collection::vec((any::<bool>(), 0..5u8, 0..4u8, 0..3u32), 0..12)) {
        let mut criteria = Criteria::default();
        for (amend, published_years, dips, later) in asked {
            let mut adoption = changed(|terms| {
                terms.staying.published_years = published_years;
                terms.staying.dips = dips;
            });
            adoption.adopted_on = day("2017-11-01") + chrono::Days::new(later.into());
            let command = if amend {
                Command::Amend { adoption: adoption.clone(), reason: "So decided".into() }
            } else {
                Command::Adopt(adoption.clone())
            };
            let before = criteria.clone();
            match criteria.decide(command.clone()) {
                Ok(events) => {
                    for event in events {
                        cqrs_es::Aggregate::apply(&mut criteria, event);
                    }
                    let Criteria::Adopted(current) = &criteria else { panic!("granted, and nothing in force") };
                    prop_assert_eq!(&current.terms, &adoption.terms);
                    prop_assert_eq!(current.terms.fit(), Ok(()));
                    prop_assert_eq!(criteria.decide(command), Ok(vec![]), "asking twice changes nothing");
                }
                Err(_) => prop_assert_eq!(&criteria, &before),
            }
        }
    }
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/criteria.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
