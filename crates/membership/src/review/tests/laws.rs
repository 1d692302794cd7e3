//! What holds for every history of a review.

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use kernel::Urn;
use proptest::prelude::*;

use super::{basis, day, nation, school, urn};
use crate::review::{Basis, Command, Event, Review, Verdict, counts};
use crate::{Finding, SchoolFacts};

/// What anyone reading the events knows: the findings as they stand.
#[derive(Default)]
struct Reader {
    findings: BTreeMap<Urn, Finding>,
    opened: usize,
    closed: usize,
}

impl Reader {
    fn read(&mut self, event: &Event) {
        match event {
            Event::AnnualReviewOpened(_) => self.opened += 1,
            Event::AnnualReviewRepeated(_) | Event::JudgementRecorded { .. } => {}
            Event::SchoolReviewed(finding) => {
                self.findings.insert(finding.urn, finding.clone());
            }
            Event::SchoolLeftReview { urn } => {
                assert!(self.findings.remove(urn).is_some(), "{urn} left without being there");
            }
            Event::AnnualReviewClosed { counts: closing, .. } => {
                self.closed += 1;
                assert_eq!(*closing, counts(self.findings.values()));
            }
        }
    }
}

fn some_school() -> impl Strategy<Value = SchoolFacts> {
    (0..6u32, 0..=4u8, -10..40i32, any::<bool>(), any::<bool>()).prop_map(
        |(number, grade, lower, carried, in_population)| {
            let mut facts = SchoolFacts { in_population, ..school().numbered(100_000 + number) };
            if grade > 0 {
                facts = facts.graded(grade);
            }
            if carried {
                facts = facts.carried_from(112_345);
            }
            let printed = |hundredths| kernel::Progress8::from_hundredths(hundredths).to_string();
            facts.results([(printed(lower + 20).as_str(), printed(lower).as_str())])
        },
    )
}

fn command() -> impl Strategy<Value = Command> {
    let schools = prop::collection::vec(some_school(), 0..6).prop_map(|mut schools| {
        schools.sort_by_key(|facts| facts.urn);
        schools.dedup_by_key(|facts| facts.urn);
        schools
    });
    let basis = prop_oneof![
        3 => Just(basis()),
        1 => Just(Basis { as_at: day("2019-03-10"), ..basis() }),
        1 => Just(Basis { year: basis().year.next(), ..basis() }),
    ];
    let text = || prop::sample::select(vec!["", "So decided"]).prop_map(str::to_owned);
    prop_oneof![
        6 => (basis, schools).prop_map(|(basis, schools)| Command::Run { basis, schools }),
        3 => (0..6u32, any::<bool>(), text(), text()).prop_map(|(number, eligible, reason, minute)| Command::Judge {
            urn: urn(100_000 + number),
            verdict: if eligible { Verdict::Eligible } else { Verdict::NotEligible },
            reason,
            minute,
            on: day("2019-03-12"),
        }),
        1 => Just(Command::Close { on: day("2019-03-29") }),
    ]
}

proptest! {
    /// Whatever is asked, in whatever order: the events tell the last review that was run, school by school; asking
    /// twice changes nothing; a refusal changes nothing; a closed review never changes; a snapshot is the state.
    #[test]
    fn any_history_of_commands_keeps_the_invariants(commands in prop::collection::vec(command(), 1..12)) {
        let mut review = Review::default();
        let mut reader = Reader::default();
        for command in commands {
            let before = review.clone();
            let was_closed = matches!(before, Review::Closed { .. });
            let Ok(events) = review.decide(command.clone()) else { continue };
            prop_assert!(!was_closed || events.is_empty());
            for event in events {
                reader.read(&event);
                review.apply(event);
            }
            prop_assert_eq!(review.decide(command.clone()), match &review {
                Review::Closed { on } if !matches!(command, Command::Close { .. }) => {
                    Err(crate::Refusal::ReviewClosed { on: *on })
                }
                Review::NotOpened | Review::Open(_) | Review::Closed { .. } => Ok(vec![]),
            });
            if let Command::Run { basis, schools } = command {
                let expected: Vec<Finding> = schools.iter().map(|facts| crate::find(&basis, facts)).collect();
                let told: Vec<Finding> = reader.findings.values().cloned().collect();
                prop_assert_eq!(told, expected);
            }
            let snapshot = serde_json::to_string(&review).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Review>(&snapshot).unwrap(), &review);
        }
        prop_assert!(reader.opened <= 1 && reader.closed <= 1);
    }

    #[test]
    fn graded_carried_over_and_not_inspected_add_up_to_the_population(
        schools in prop::collection::vec(some_school(), 0..40),
    ) {
        let findings: Vec<Finding> = schools.iter().map(|facts| crate::find(&basis(), facts)).collect();
        let population = findings.iter().filter(|finding| finding.in_population).count();
        let counts = counts(&findings);
        prop_assert_eq!(
            (counts.graded + counts.carried_over + counts.not_inspected) as usize,
            population
        );
    }
}

#[test]
fn a_review_of_the_whole_nation_keeps_a_small_snapshot() {
    let schools = (0..5_400).map(|number| nation()[0].clone().numbered(100_000 + number)).collect();
    let mut review = Review::default();
    for event in review.decide(Command::Run { basis: basis(), schools }).unwrap() {
        review.apply(event);
    }
    let bytes = serde_json::to_vec(&review).unwrap().len();
    assert!(bytes < 100 * 5_400, "{bytes} bytes");
}
