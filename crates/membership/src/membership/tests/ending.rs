use super::*;
use crate::membership::{Departure, EndReason, LapseReason, WhyRefused};

fn lapse(on: &str) -> Command {
    Command::Lapse { year: year(), cover: None, on: day(on) }
}

fn lapsed(reason: LapseReason) -> Event {
    Event::MembershipLapsed { last_day: day("2020-03-31"), reason, on: day("2020-04-01") }
}

fn end(reason: EndReason, on: &str) -> Command {
    Command::End { reason, on: day(on) }
}

fn ended(reason: EndReason, on: &str) -> Event {
    Event::MembershipEnded { reason, on: day(on) }
}

/// R11, D16
#[test]
fn the_31st_of_march_is_the_last_day_and_the_1st_of_april_is_not() {
    given::<Membership>(member())
        .when(lapse("2020-03-31"))
        .refused(Refusal::TermRuns { until: day("2020-03-31") });
    given::<Membership>(member())
        .when(lapse("2020-04-01"))
        .then([lapsed(LapseReason::NeverOffered)]);
    // A calendar that comes late still names the day it happened.
    given::<Membership>(member())
        .when(lapse("2020-04-09"))
        .then([lapsed(LapseReason::NeverOffered)]);
    given::<Membership>(then(member(), [lapsed(LapseReason::NotRenewed)]))
        .when(lapse("2020-04-01"))
        .then([]);
}

#[test]
fn a_renewed_membership_does_not_lapse() {
    given::<Membership>(then(member(), [offered(), renewed()])).when(lapse("2020-04-01")).then([]);
}

/// D10: a yes that was not agreed lapsed for want of cover only where there was none.
#[test]
fn an_accepted_renewal_lapses_for_want_of_cover_only_where_there_is_none() {
    let accepted =
        Event::RenewalAccepted { year: coming(), by: Role::Headteacher, on: day("2020-02-15") };
    for (cover, reason) in [
        (Some(Cover::None), LapseReason::Refused(WhyRefused::NoCover)),
        (Some(covered()), LapseReason::NotRenewed),
        (Some(Cover::Unknown), LapseReason::NotRenewed),
        (None, LapseReason::NotRenewed),
    ] {
        let lapse = Command::Lapse { year: year(), cover, on: day("2020-04-01") };
        given::<Membership>(then(member(), [offered(), accepted.clone()]))
            .when(lapse)
            .then([lapsed(reason)]);
    }
}

/// R11, R12: the office that made no offer, and the school that did not answer one, are not the same.
#[test]
fn a_lapse_says_why() {
    let refused =
        |why| Event::RenewalRefused { year: coming(), why, mark: None, on: day("2020-03-10") };
    let declined = Event::RenewalDeclined {
        year: coming(),
        reason: Some("the budget".into()),
        on: day("2020-02-15"),
    };
    for (event, reason) in [
        (offered(), LapseReason::Unanswered),
        (refused(WhyRefused::NoCover), LapseReason::Refused(WhyRefused::NoCover)),
        (declined, LapseReason::Declined(Some("the budget".into()))),
        (marked(grading(4, "2019-07-02", "2019-07-19")), LapseReason::Refused(WhyRefused::Marked)),
    ] {
        given::<Membership>(then(member(), [event]))
            .when(lapse("2020-04-01"))
            .then([lapsed(reason)]);
    }
}

#[test]
fn only_a_member_lapses() {
    given::<Membership>([invited()])
        .when(lapse("2020-04-01"))
        .refused(Refusal::NotAMember { until: None });
}

/// R15: a closure is the school's own end.
#[test]
fn a_closure_ends_the_membership_on_its_day() {
    given::<Membership>(member())
        .when(end(EndReason::Closed, "2019-08-31"))
        .then([ended(EndReason::Closed, "2019-08-31")]);
    let history = then(member(), [ended(EndReason::Closed, "2019-08-31")]);
    given::<Membership>(history.clone()).when(end(EndReason::Closed, "2019-08-31")).then([]);
    given::<Membership>(history.clone()).when(lapse("2020-04-01")).then([]);
    given::<Membership>(history)
        .when(renew())
        .refused(Refusal::NotAMember { until: Some(day("2019-08-31")) });
}

#[test]
fn a_closure_ends_a_renewed_membership_before_its_new_year() {
    given::<Membership>(then(member(), [offered(), renewed()]))
        .when(end(EndReason::Closed, "2020-03-20"))
        .then([ended(EndReason::Closed, "2020-03-20")]);
}

#[test]
fn a_membership_ends_on_one_of_its_days() {
    given::<Membership>(member())
        .when(end(EndReason::Closed, "2020-04-01"))
        .refused(Refusal::TermOver { until: day("2020-03-31") });
    given::<Membership>(member())
        .when(end(EndReason::Closed, "2019-03-31"))
        .refused(Refusal::NotYetMember { from: day("2019-04-01") });
    given::<Membership>([])
        .when(end(EndReason::Closed, "2019-08-31"))
        .refused(Refusal::NotAMember { until: None });
}

#[test]
fn a_school_that_is_no_more_neither_applies_nor_is_invited() {
    let history = then(member(), [ended(EndReason::MergedInto(urn(100_099)), "2019-08-31")]);
    let gone = Refusal::Gone(Departure::Ended(EndReason::MergedInto(urn(100_099))));
    assert_eq!(gone.to_string(), "it cannot join: the school went into 100099");
    let next = Invitation { year: coming(), on: day("2020-02-01"), ..invitation() };
    given::<Membership>(history.clone()).when(Command::Invite(next)).refused(gone.clone());
    given::<Membership>(history)
        .when(Command::Apply {
            year: coming(),
            by: Role::Headteacher,
            how: on_its_profile(&school().graded(1)),
            on: day("2020-02-01"),
        })
        .refused(gone);
}

fn back(first_day: &str, year: LeadingEdgeYear) -> Vec<Event> {
    let how = on_its_profile(&school().graded(1));
    let on = day("2020-04-02");
    let acceptance = Acceptance { first_day: day(first_day), on, ..acceptance() };
    vec![
        Event::SchoolApplied { year, by: Role::Headteacher, how, advice: Advice::Eligible, on },
        Event::ApplicationAccepted { year, acceptance },
    ]
}

fn starts(history: Vec<Event>, year: LeadingEdgeYear, from: &str, continuous_since: &str) {
    given::<Membership>(history).when(Command::Start { year, fee_pence: FEE, on: day(from) }).then(
        [Event::MembershipStarted(Started {
            year,
            from: day(from),
            until: year.last_day(),
            terms: JoiningTerms::FullPackage,
            missed: vec![],
            fee_pence: FEE,
            member_since: day("2019-04-01"),
            continuous_since: day(continuous_since),
            on: Some(day(from)),
        })],
    );
}

#[test]
fn after_a_gap_member_since_and_continuous_since_differ() {
    let gone = then(member(), [lapsed(LapseReason::NotRenewed)]);
    let next = coming().next();
    starts(then(gone, back("2021-04-01", next)), next, "2021-04-01", "2021-04-01");
}

#[test]
fn who_returns_without_a_gap_has_been_a_member_all_along() {
    let gone = then(member(), [lapsed(LapseReason::NotRenewed)]);
    starts(then(gone, back("2020-04-01", coming())), coming(), "2020-04-01", "2019-04-01");
}

#[test]
fn nobody_is_a_member_twice_on_one_day() {
    let gone = then(member(), [ended(EndReason::Closed, "2019-08-31")]);
    let applied = Event::SchoolApplied {
        year: year(),
        by: Role::Headteacher,
        how: on_its_profile(&school().graded(1)),
        advice: Advice::Eligible,
        on: day("2019-09-10"),
    };
    let history = then(gone, [applied]);
    given::<Membership>(history)
        .when(Command::Accept(Acceptance {
            first_day: day("2019-06-01"),
            on: day("2019-10-01"),
            ..acceptance()
        }))
        .refused(Refusal::StillMemberThen { until: day("2019-08-31") });
}
