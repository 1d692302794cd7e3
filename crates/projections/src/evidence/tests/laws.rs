//! What holds whatever happened.

use kernel::{AcademicYear, Grade, Release, SchoolKind};
use proptest::prelude::*;
use schools::school::{Event as School, Inspection};
use schools::{Details, Phase, Register, Results};

use super::{A, B, C, Story, came_from, day, inspection, question, results, scored, source, urn};
use crate::{Event, Question};

/// Any fact of school A, B or C: its public day is between 2016 and 2020.
fn any_fact() -> impl Strategy<Value = (usize, School)> {
    let any_day =
        || (0..1_500_u64).prop_map(|offset| day("2016-01-01") + chrono::Days::new(offset));
    let grade = (1..=4_u8).prop_map(|number| Grade::try_from(number).unwrap());
    let release = (2014..2019_i32, 0..3_usize).prop_map(|(year, standing)| Release {
        year: AcademicYear::ending(year),
        standing: [
            kernel::Standing::Provisional,
            kernel::Standing::Revised,
            kernel::Standing::Final,
        ][standing],
    });
    let inspected = (any_day(), 0..60_u64, grade).prop_map(|(on, wait, grade)| {
        School::OfstedInspected(Inspection {
            published_on: Some(on + chrono::Days::new(wait)),
            ..inspection(&on.to_string(), None, grade)
        })
    });
    let scored = (release, any_day(), -100..100_i32, any::<bool>()).prop_map(
        |(release, public_from, score, says)| {
            School::ResultsPublished(Results {
                kind: says.then_some(SchoolKind::ACC),
                ..results(&release.to_string(), scored(score), &public_from.to_string())
            })
        },
    );
    let linked = (any_day(), 0..3_usize)
        .prop_map(|(on, before)| came_from([A, B, C][before], Some(&on.to_string())));
    let registered =
        (any_day(), any::<bool>()).prop_map(|(public_from, open)| School::SchoolDetailsCorrected {
            changes: Details {
                phase: Some(Phase::Secondary),
                status: Some(if open { Register::Open } else { Register::Closed }),
                kind: Some(SchoolKind::CY),
                ..Details::default()
            },
            public_from,
            source: source(1),
        });
    (0..3_usize, prop_oneof![inspected, scored, linked, registered])
}

proptest! {
    /// Whatever becomes public after a day, and however it is mixed in, the answers as at that day stay.
    #[test]
    fn a_fact_public_later_never_changes_an_earlier_answer(
        facts in prop::collection::vec(any_fact(), 0..40),
        offset in 0..1_500_u64,
    ) {
        let as_at = day("2016-01-01") + chrono::Days::new(offset);
        let mut all = Story::default();
        let mut public_by_then = Story::default();
        for (school, fact) in facts {
            let event = Event::School(urn([A, B, C][school]), fact);
            if event.public_from().is_none_or(|public_from| public_from <= as_at) {
                public_by_then.add(event.clone());
            }
            all.add(event);
        }
        let as_at = as_at.to_string();
        let (all, then) = (all.evidence(&as_at), public_by_then.evidence(&as_at));
        prop_assert_eq!(all.deciding_releases(), then.deciding_releases());
        for release in all.releases().into_iter().map(Some).chain([None]) {
            let question = Question { release, population: release, ..question(None, &as_at) };
            prop_assert_eq!(all.facts(&question), then.facts(&question));
        }
    }
}
