//! Criteria as files.

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
