use chrono::NaiveDate;
use kernel::Grade;
use scenario::given;
use strum::VariantNames;

use super::{Adoption, Command, Condition, Criteria, CriteriaFile, Event};
use crate::{Refusal, Terms};

mod correcting;
mod files;
mod laws;
mod terms;

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

/// The amendment: no dips, from 15 January 2018 on.
fn amended() -> Adoption {
    Adoption { adopted_on: day("2018-01-15"), ..without_dips() }
}

fn adopted() -> Vec<Event> {
    vec![Event::CriteriaAdopted(of_2018_19())]
}

fn adopted_and_amended() -> Vec<Event> {
    vec![
        Event::CriteriaAdopted(of_2018_19()),
        Event::CriteriaAmended { adoption: amended(), reason: "So decided".into() },
    ]
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
    fn adopting_the_same_criteria_again_changes_nothing() {
        given::<Criteria>(adopted()).when(Command::Adopt(of_2018_19())).then([]);
    }

    #[test]
    fn whatever_differs_is_named_and_is_no_second_adoption() {
        let refused = |differs: &[&'static str], adoption| {
            let refusal = Refusal::AlreadyAdopted {
                year: of_2018_19().year,
                on: day("2017-11-01"),
                differs: differs.to_vec(),
            };
            given::<Criteria>(adopted()).when(Command::Adopt(adoption)).refused(refusal.clone());
            refusal.to_string()
        };
        refused(&["staying"], without_dips());
        refused(&["minute"], Adoption { minute: "Item 3".into(), ..of_2018_19() });
        let later = Adoption { adopted_on: day("2018-02-01"), ..without_dips() };
        assert_eq!(
            refused(&["adopted_on", "staying"], later),
            "criteria for 2018-19 were decided on 1 Nov 2017 already, and these differ in adopted_on and staying; what \
             the steering group changed later is an amendment, and what was taken down wrongly is corrected, each with \
             its reason"
        );
    }

    #[test]
    fn criteria_that_were_amended_since_are_not_adopted_again() {
        given::<Criteria>(adopted_and_amended()).when(Command::Adopt(of_2018_19())).refused(
            Refusal::AlreadyAdopted {
                year: of_2018_19().year,
                on: day("2018-01-15"),
                differs: vec!["adopted_on", "staying"],
            },
        );
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
    fn adopted_criteria_are_amended_by_a_later_decision_with_a_reason() {
        given::<Criteria>(adopted()).when(amend(amended())).then([Event::CriteriaAmended {
            adoption: amended(),
            reason: "The group was asked again".into(),
        }]);
    }

    #[test]
    fn the_same_amendment_again_changes_nothing() {
        given::<Criteria>(adopted_and_amended()).when(amend(amended())).then([]);
    }

    #[test]
    fn an_amendment_can_be_amended_back() {
        let back = Adoption { adopted_on: day("2018-03-05"), ..of_2018_19() };
        given::<Criteria>(adopted_and_amended()).when(amend(back.clone())).then([
            Event::CriteriaAmended { adoption: back, reason: "The group was asked again".into() },
        ]);
    }

    /// A review as at an earlier day must answer what it answered before.
    #[test]
    fn an_amendment_is_a_later_decision_than_the_one_it_changes() {
        for on in ["2017-11-01", "2017-10-31"] {
            let refusal =
                Refusal::AmendmentNotLater { on: day(on), changes: of_2018_19().adopted_on };
            given::<Criteria>(adopted())
                .when(amend(Adoption { adopted_on: day(on), ..without_dips() }))
                .refused(refusal);
        }
        let refusal =
            Refusal::AmendmentNotLater { on: day("2018-01-14"), changes: day("2018-01-15") };
        assert_eq!(
            refusal.to_string(),
            "an amendment is a later decision: one of 14 Jan 2018 cannot change what was decided on 15 Jan 2018; if \
             that was taken down wrongly, correct it"
        );
        given::<Criteria>(adopted_and_amended())
            .when(amend(Adoption { adopted_on: day("2018-01-14"), ..of_2018_19() }))
            .refused(refusal);
    }

    #[test]
    fn terms_that_are_in_force_amend_nothing() {
        let later = Adoption { adopted_on: day("2018-03-05"), ..amended() };
        let refusal = Refusal::NothingAmended { since: day("2018-01-15") };
        assert_eq!(
            refusal.to_string(),
            "these terms have been in force since 15 Jan 2018, so they amend nothing"
        );
        given::<Criteria>(adopted_and_amended()).when(amend(later)).refused(refusal);
    }

    #[test]
    fn only_adopted_criteria_can_be_amended() {
        given::<Criteria>([])
            .when(amend(of_2018_19()))
            .refused(Refusal::NotAdopted { year: of_2018_19().year });
    }

    #[test]
    fn an_amendment_needs_its_reason_and_its_minute() {
        given::<Criteria>(adopted())
            .when(Command::Amend { adoption: amended(), reason: " \n".into() })
            .refused(Refusal::ReasonMissing);
        given::<Criteria>(adopted())
            .when(amend(Adoption { minute: String::new(), ..amended() }))
            .refused(Refusal::MinuteMissing);
    }
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/criteria.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
