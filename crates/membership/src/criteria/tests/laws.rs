//! What holds for every history of a year's criteria.

use proptest::prelude::*;

use super::*;

fn asked() -> impl Strategy<Value = Command> {
    let adoption = (0..5u8, 0..4u8, 0..4u64).prop_map(|(published_years, dips, later)| {
        let mut adoption = changed(|terms| {
            terms.staying.published_years = published_years;
            terms.staying.dips = dips;
        });
        adoption.adopted_on = day("2017-11-01") + chrono::Days::new(later);
        adoption
    });
    let days =
        prop::option::of((0..4u64).prop_map(|later| day("2017-11-01") + chrono::Days::new(later)));
    (0..3u8, adoption, days).prop_map(|(what, adoption, decided_on)| match what {
        0 => Command::Adopt(adoption),
        1 => Command::Amend { adoption, reason: "So decided".into() },
        _ => Command::Correct { adoption, decided_on, reason: "So minuted".into() },
    })
}

/// The terms in force as at a day.
fn in_force(criteria: &Criteria, as_at: NaiveDate) -> Option<&Terms> {
    let by_then = criteria.decisions.iter().filter(|decision| decision.adopted_on <= as_at);
    by_then.max_by_key(|decision| decision.adopted_on).map(|decision| &decision.terms)
}

proptest! {
    /// Whatever is asked, in whatever order: nothing unfit is ever on record, what was granted is on record, decisions
    /// stand in the order of their days, and only a correction changes what was in force on a day gone by.
    #[test]
    fn whatever_is_asked_the_record_keeps_its_order_and_its_past(commands in prop::collection::vec(asked(), 0..12)) {
        let mut criteria = Criteria::default();
        for command in commands {
            let before = criteria.clone();
            let Ok(events) = criteria.decide(command.clone()) else { continue };
            for event in events {
                cqrs_es::Aggregate::apply(&mut criteria, event);
            }
            let (Command::Adopt(adoption) | Command::Amend { adoption, .. } | Command::Correct { adoption, .. }) =
                &command;
            prop_assert!(criteria.decisions.contains(adoption));
            prop_assert!(criteria.decisions.iter().all(|decision| decision.terms.fit().is_ok()));
            prop_assert!(criteria.decisions.is_sorted_by(|one, next| one.adopted_on < next.adopted_on));
            if !matches!(command, Command::Correct { .. }) {
                for earlier in day("2017-10-31").iter_days().take_while(|earlier| *earlier < adoption.adopted_on) {
                    prop_assert_eq!(in_force(&criteria, earlier), in_force(&before, earlier));
                }
            }
            prop_assert_eq!(criteria.decide(command), Ok(vec![]), "asking twice changes nothing");
        }
    }
}
