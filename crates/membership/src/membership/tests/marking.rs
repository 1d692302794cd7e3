use super::*;
use crate::membership::{LapseReason, WhyRefused};

fn july() -> Grading {
    grading(3, "2019-07-02", "2019-07-19")
}

fn mark(grading: Grading) -> Command {
    Command::MarkNotEligible(grading)
}

/// R14, R15: an Ofsted 3 in July.
#[test]
fn a_grade_3_in_july_marks_a_member_that_stays_to_31_march() {
    given::<Membership>(member()).when(mark(july())).then([marked(july())]);
    let history = then(member(), [marked(july())]);
    given::<Membership>(history.clone()).when(mark(july())).then([]);
    let offer = Command::OfferRenewal { year: coming(), offer: offer() };
    let refusal = Refusal::Marked {
        year: coming(),
        grade: Grade::RequiresImprovement,
        published_on: day("2019-07-19"),
    };
    assert_eq!(
        refusal.to_string(),
        "it is not eligible to renew for 2020-21: Ofsted graded it 3 (Requires improvement), published 19 Jul 2019"
    );
    given::<Membership>(history.clone()).when(offer).refused(refusal);
    given::<Membership>(history.clone())
        .when(Command::Lapse { year: year(), cover: None, on: day("2020-03-31") })
        .refused(Refusal::TermRuns { until: day("2020-03-31") });
    given::<Membership>(history)
        .when(Command::Lapse { year: year(), cover: None, on: day("2020-04-01") })
        .then([Event::MembershipLapsed {
            last_day: day("2020-03-31"),
            reason: LapseReason::Refused(WhyRefused::Marked),
            on: day("2020-04-01"),
        }]);
}

/// R15
#[test]
fn a_marked_member_is_offered_connections() {
    let offer = |areas: &[&str]| Command::OfferConnections {
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        on: day("2019-07-20"),
    };
    let offered = |areas: &[&str]| Event::ConnectionsOffered {
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        on: day("2019-07-20"),
    };
    let history = then(member(), [marked(july())]);
    given::<Membership>(history.clone())
        .when(offer(&["behaviour", "sixth form"]))
        .then([offered(&["behaviour", "sixth form"])]);
    let history = then(history, [offered(&["behaviour", "sixth form"])]);
    given::<Membership>(history.clone()).when(offer(&["sixth form"])).then([]);
    given::<Membership>(history.clone())
        .when(offer(&["sixth form", "attendance"]))
        .then([offered(&["sixth form", "attendance"])]);
    given::<Membership>(history).when(offer(&[" "])).refused(Refusal::NoAreas);
    given::<Membership>([invited()])
        .when(offer(&["behaviour"]))
        .refused(Refusal::NotAMember { until: None });
}

/// D9: an Ofsted 3 in May and a 2 in February; both stay in the history.
#[test]
fn a_better_grade_restores_eligibility() {
    let may = grading(3, "2019-05-08", "2019-05-29");
    let february = grading(2, "2020-01-22", "2020-02-12");
    let restored = Event::EligibilityRestored(february.clone());
    let lift = Command::LiftMark(february.clone());
    let history = then(member(), [marked(may.clone())]);
    given::<Membership>(history.clone()).when(lift.clone()).then([restored.clone()]);
    let history = then(history, [restored]);
    given::<Membership>(history.clone()).when(lift.clone()).then([]);
    let in_march = Offer { on: day("2020-02-20"), ..offer() };
    given::<Membership>(history.clone())
        .when(Command::OfferRenewal { year: coming(), offer: in_march.clone() })
        .then([Event::RenewalOffered { year: coming(), offer: in_march }]);
    // The old grade, read once more, no longer speaks for the school.
    given::<Membership>(history).when(mark(may)).refused(Refusal::NewerInspectionSpeaks {
        grade: Grade::Good,
        inspected_on: day("2020-01-22"),
        published_on: day("2020-02-12"),
    });
    given::<Membership>(member()).when(lift).then([]);
}

#[test]
fn only_a_newer_grade_of_1_or_2_lifts_a_mark() {
    let history = then(member(), [marked(july())]);
    given::<Membership>(history.clone())
        .when(Command::LiftMark(grading(2, "2016-05-03", "2016-05-20")))
        .refused(Refusal::NewerInspectionSpeaks {
            grade: Grade::RequiresImprovement,
            inspected_on: day("2019-07-02"),
            published_on: day("2019-07-19"),
        });
    given::<Membership>(history)
        .when(Command::LiftMark(grading(4, "2020-01-22", "2020-02-12")))
        .refused(Refusal::GradeDoesNotLift { grade: Grade::Inadequate });
}

#[test]
fn only_a_member_graded_3_or_4_is_marked() {
    given::<Membership>(member())
        .when(mark(grading(2, "2019-07-02", "2019-07-19")))
        .refused(Refusal::GradeDoesNotMark { grade: Grade::Good });
    given::<Membership>([invited()])
        .when(mark(july()))
        .refused(Refusal::NotAMember { until: None });
}

#[test]
fn a_worse_grade_marks_again_and_counts_from_the_same_year() {
    let worse = grading(4, "2019-11-05", "2019-11-29");
    given::<Membership>(then(member(), [marked(july())]))
        .when(mark(worse.clone()))
        .then([marked(worse)]);
}

/// D9: inspected in March, published in May, after the renewal was agreed: it counts for the next.
#[test]
fn a_grade_published_after_the_renewal_counts_for_the_next() {
    let next = coming().next();
    let published_in_may = grading(3, "2020-03-10", "2020-05-06");
    let history = then(member(), [offered(), renewed()]);
    let marked = Event::MarkedNotEligibleToRenew {
        grading: published_in_may.clone(),
        counts_for: next,
        renewed_on: None,
    };
    given::<Membership>(history.clone()).when(mark(published_in_may)).then([marked.clone()]);
    let history = then(history, [marked]);
    given::<Membership>(history.clone())
        .when(Command::Lapse { year: year(), cover: None, on: day("2020-04-01") })
        .then([]);
    let offer = Offer { on: day("2021-02-01"), answer_by: None, ..offer() };
    given::<Membership>(history).when(Command::OfferRenewal { year: next, offer }).refused(
        Refusal::Marked {
            year: next,
            grade: Grade::RequiresImprovement,
            published_on: day("2020-05-06"),
        },
    );
}

/// D9, D17: what was agreed in ignorance of a grade stands, and is told.
#[test]
fn a_grade_heard_of_after_the_renewal_leaves_it_and_says_so() {
    let late = grading(3, "2020-01-10", "2020-02-05");
    given::<Membership>(then(member(), [offered(), renewed()])).when(mark(late.clone())).then([
        Event::MarkedNotEligibleToRenew {
            grading: late,
            counts_for: coming().next(),
            renewed_on: Some(day("2020-02-20")),
        },
    ]);
}

/// D9: the year was offered and not agreed yet.
#[test]
fn a_grade_published_between_offer_and_acceptance_bars_the_renewal() {
    let between = grading(3, "2020-01-20", "2020-02-10");
    let refusal = Refusal::Marked {
        year: coming(),
        grade: Grade::RequiresImprovement,
        published_on: day("2020-02-10"),
    };
    let history = then(member(), [offered(), marked(between.clone())]);
    let accept =
        Command::AcceptRenewal { year: coming(), by: Role::Headteacher, on: day("2020-02-15") };
    let refuse =
        Command::RefuseRenewal { year: coming(), why: WhyRefused::Marked, on: day("2020-02-16") };
    given::<Membership>(history.clone()).when(accept).refused(refusal.clone());
    given::<Membership>(history.clone()).when(renew()).refused(refusal);
    given::<Membership>(history).when(refuse).then([Event::RenewalRefused {
        year: coming(),
        why: WhyRefused::Marked,
        mark: Some(between),
        on: day("2020-02-16"),
    }]);
}
