use super::*;
use crate::membership::{Carried, Departure, EndReason, Mark, Renewal};

const OLD: u32 = 100_003;
const NEW: u32 = 140_003;

fn carried() -> Carried {
    Carried {
        year: year(),
        from: day("2019-04-01"),
        until: day("2020-03-31"),
        renewed_on: None,
        member_since: day("2019-04-01"),
        continuous_since: day("2019-04-01"),
        mark: None,
        renewal: Renewal::NotOffered,
    }
}

fn carry_over(to: u32) -> Command {
    Command::CarryOver { to: urn(to), on: day("2019-09-01") }
}

fn carried_over(carried: Carried) -> Event {
    Event::MembershipCarriedOver { to: urn(NEW), carried, on: day("2019-09-01") }
}

fn take_over(carried: Carried) -> Command {
    Command::TakeOver { from: urn(OLD), carried, on: day("2019-09-01") }
}

fn taken_over(carried: Carried, member_since: &str) -> Event {
    let member_since = day(member_since);
    Event::MembershipTakenOver { from: urn(OLD), carried, member_since, on: day("2019-09-01") }
}

/// D12
#[test]
fn a_converted_schools_membership_goes_on_under_the_successor() {
    given::<Membership>(member()).when(carry_over(NEW)).then([carried_over(carried())]);
    given::<Membership>([]).when(take_over(carried())).then([taken_over(carried(), "2019-04-01")]);
    let successor = vec![taken_over(carried(), "2019-04-01")];
    given::<Membership>(successor.clone())
        .when(Command::OfferRenewal { year: coming(), offer: offer() })
        .then([offered()]);
    given::<Membership>(then(successor, [offered()])).when(renew()).then([renewed()]);
}

#[test]
fn a_membership_is_carried_over_once_and_to_one_school() {
    let gone = then(member(), [carried_over(carried())]);
    given::<Membership>(gone.clone()).when(carry_over(NEW)).then([]);
    given::<Membership>(gone.clone())
        .when(carry_over(140_099))
        .refused(Refusal::CarriedOverTo { to: urn(NEW) });
    given::<Membership>(gone.clone())
        .when(Command::Lapse { year: year(), cover: None, on: day("2020-04-01") })
        .then([]);
    given::<Membership>(gone)
        .when(apply(on_its_profile(&school().graded(1))))
        .refused(Refusal::Gone(Departure::CarriedOver(urn(NEW))));
    given::<Membership>([invited()])
        .when(carry_over(NEW))
        .refused(Refusal::NotAMember { until: None });
    given::<Membership>(member())
        .when(Command::CarryOver { to: urn(NEW), on: day("2020-04-01") })
        .refused(Refusal::TermOver { until: day("2020-03-31") });
}

#[test]
fn a_membership_is_taken_over_once() {
    given::<Membership>([taken_over(carried(), "2019-04-01")]).when(take_over(carried())).then([]);
    given::<Membership>([])
        .when(Command::TakeOver { from: urn(OLD), carried: carried(), on: day("2020-04-01") })
        .refused(Refusal::TermOver { until: day("2020-03-31") });
}

/// D6, D9: the mark and the offer go with it.
#[test]
fn the_mark_and_the_offer_go_with_the_membership() {
    let graded = grading(3, "2019-05-08", "2019-05-29");
    let whole = Carried {
        mark: Some(Mark { grading: graded.clone(), counts_for: coming() }),
        renewal: Renewal::Offered(offer()),
        ..carried()
    };
    given::<Membership>(then(member(), [offered(), marked(graded)]))
        .when(carry_over(NEW))
        .then([carried_over(whole.clone())]);
    given::<Membership>([taken_over(whole, "2019-04-01")]).when(renew()).refused(Refusal::Marked {
        year: coming(),
        grade: Grade::RequiresImprovement,
        published_on: day("2019-05-29"),
    });
}

#[test]
fn a_renewed_term_goes_with_the_membership() {
    let whole = Carried {
        year: coming(),
        from: day("2020-04-01"),
        until: day("2021-03-31"),
        renewed_on: Some(day("2020-02-20")),
        ..carried()
    };
    given::<Membership>(then(member(), [offered(), renewed()]))
        .when(carry_over(NEW))
        .then([carried_over(whole)]);
}

#[test]
fn a_successor_that_was_a_member_before_keeps_its_own_first_day() {
    let earlier = Event::EarlierMembershipEnded {
        from: day("2006-04-01"),
        last_day: day("2010-03-31"),
        reason: "left".into(),
    };
    given::<Membership>([earlier])
        .when(take_over(carried()))
        .then([taken_over(carried(), "2006-04-01")]);
}

#[test]
fn a_successors_own_application_goes_no_further() {
    let withdrawn = Event::ApplicationWithdrawn {
        year: year(),
        reason: Some("the membership of 100003 goes on here".into()),
        on: day("2019-09-01"),
    };
    given::<Membership>(then(applied_by_invitation().into(), [accepted()]))
        .when(take_over(carried()))
        .then([withdrawn, taken_over(carried(), "2019-04-01")]);
}

/// Of two members that merge one stays, and the other ends.
#[test]
fn two_members_that_merge_become_one() {
    given::<Membership>(member())
        .when(take_over(carried()))
        .refused(Refusal::AMemberAlready { until: day("2020-03-31") });
    let merged = EndReason::MergedInto(urn(NEW));
    let end = Command::End { reason: merged, on: day("2019-08-31") };
    let ended = Event::MembershipEnded { reason: merged, on: day("2019-08-31") };
    given::<Membership>(member()).when(end.clone()).then([ended.clone()]);
    given::<Membership>(then(member(), [ended])).when(end).then([]);
}
