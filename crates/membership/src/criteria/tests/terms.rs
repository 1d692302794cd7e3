//! Terms that can be applied, and terms that cannot.

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
    given::<Criteria>(adopted())
        .when(Command::Amend { adoption: unfit.clone(), reason: "So decided".into() })
        .refused(refusal.clone());
    given::<Criteria>(adopted())
        .when(Command::Correct { adoption: unfit, decided_on: None, reason: "So minuted".into() })
        .refused(refusal);
}
