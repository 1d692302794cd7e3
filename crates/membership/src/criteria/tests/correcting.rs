//! A decision that was taken down wrongly (D17).

use super::*;

const REASON: &str = "The minute says otherwise";

fn correct(adoption: Adoption, decided_on: Option<&str>) -> Command {
    Command::Correct { adoption, decided_on: decided_on.map(day), reason: REASON.into() }
}

fn corrected(adoption: Adoption, corrects: &str) -> Event {
    Event::CriteriaCorrected { adoption, corrects: day(corrects), reason: REASON.into() }
}

fn on(adopted_on: &str, adoption: Adoption) -> Adoption {
    Adoption { adopted_on: day(adopted_on), ..adoption }
}

#[test]
fn a_wrong_day_a_wrong_minute_and_wrong_terms_are_corrected() {
    for right in [
        on("2017-11-02", of_2018_19()),
        Adoption { minute: "Item 3".into(), ..of_2018_19() },
        without_dips(),
    ] {
        given::<Criteria>(adopted())
            .when(correct(right.clone(), None))
            .then([corrected(right, "2017-11-01")]);
    }
}

#[test]
fn the_last_decision_is_corrected_unless_another_is_named() {
    let minuted = Adoption { minute: "Item 3".into(), ..amended() };
    given::<Criteria>(adopted_and_amended())
        .when(correct(minuted.clone(), None))
        .then([corrected(minuted, "2018-01-15")]);
    let earlier = on("2017-10-30", of_2018_19());
    given::<Criteria>(adopted_and_amended())
        .when(correct(earlier.clone(), Some("2017-11-01")))
        .then([corrected(earlier, "2017-11-01")]);
}

#[test]
fn the_same_correction_again_changes_nothing() {
    let right = on("2017-10-30", of_2018_19());
    let mut history = adopted_and_amended();
    history.push(corrected(right.clone(), "2017-11-01"));
    for decided_on in ["2017-11-01", "2017-10-30"] {
        given::<Criteria>(history.clone()).when(correct(right.clone(), Some(decided_on))).then([]);
    }
    given::<Criteria>(adopted()).when(correct(of_2018_19(), None)).then([]);
}

#[test]
fn what_was_corrected_counts_from_then_on() {
    let right = on("2017-11-20", without_dips());
    let history = [adopted(), vec![corrected(right.clone(), "2017-11-01")]].concat();
    given::<Criteria>(history.clone()).when(Command::Adopt(right)).then([]);
    given::<Criteria>(history)
        .when(Command::Amend {
            adoption: on("2017-11-15", of_2018_19()),
            reason: "So decided".into(),
        })
        .refused(Refusal::AmendmentNotLater { on: day("2017-11-15"), changes: day("2017-11-20") });
}

#[test]
fn decisions_stay_in_their_order() {
    let refusal =
        Refusal::DecisionsOutOfOrder { on: day("2018-01-15"), neighbour: day("2018-01-15") };
    given::<Criteria>(adopted_and_amended())
        .when(correct(on("2018-01-15", of_2018_19()), Some("2017-11-01")))
        .refused(refusal);
    let refusal =
        Refusal::DecisionsOutOfOrder { on: day("2017-10-30"), neighbour: day("2017-11-01") };
    assert_eq!(
        refusal.to_string(),
        "a decision of 30 Oct 2017 would change places with the one of 1 Nov 2017; each amends the one before it"
    );
    given::<Criteria>(adopted_and_amended())
        .when(correct(on("2017-10-30", amended()), None))
        .refused(refusal);
}

#[test]
fn only_a_decision_on_record_is_corrected() {
    given::<Criteria>([])
        .when(correct(of_2018_19(), None))
        .refused(Refusal::NotAdopted { year: of_2018_19().year });
    let refusal = Refusal::NoDecisionOf {
        on: day("2018-01-16"),
        year: of_2018_19().year,
        days: vec![day("2017-11-01"), day("2018-01-15")],
    };
    assert_eq!(
        refusal.to_string(),
        "there is no decision of 16 Jan 2018 on the criteria for 2018-19 to correct; on record are those of \
         1 Nov 2017 and 15 Jan 2018"
    );
    given::<Criteria>(adopted_and_amended())
        .when(correct(without_dips(), Some("2018-01-16")))
        .refused(refusal);
}

#[test]
fn a_correction_needs_its_reason() {
    given::<Criteria>(adopted())
        .when(Command::Correct { adoption: without_dips(), decided_on: None, reason: " ".into() })
        .refused(Refusal::ReasonMissing);
}

/// The wrong record spoke of a day too, and is wrong as at that day.
#[test]
fn a_correction_is_public_from_the_earlier_of_both_days() {
    use kernel::Dated;
    for (right, from) in [("2017-10-30", "2017-10-30"), ("2017-12-01", "2017-11-01")] {
        let event = corrected(on(right, of_2018_19()), "2017-11-01");
        assert_eq!(event.effective_on(), Some(day(from)));
    }
}
