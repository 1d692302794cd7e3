use super::*;

fn past(from: &str, last_day: &str) -> Command {
    Command::RecordPast { from: day(from), last_day: day(last_day), reason: "left".into() }
}

fn was(from: &str, member_since: &str, continuous_since: &str) -> Event {
    Event::EarlierMembershipStarted {
        from: day(from),
        member_since: day(member_since),
        continuous_since: day(continuous_since),
    }
}

fn left(from: &str, last_day: &str) -> Event {
    let (from, last_day) = (day(from), day(last_day));
    Event::EarlierMembershipEnded { from, last_day, reason: "left".into() }
}

fn runs(from: &str, member_since: &str, continuous_since: &str) -> Event {
    Event::EarlierMembershipRuns {
        from: day(from),
        year: year(),
        until: day("2020-03-31"),
        member_since: day(member_since),
        continuous_since: day(continuous_since),
    }
}

fn running(from: &str) -> Command {
    Command::RecordRunning { from: day(from), year: year() }
}

/// R38
#[test]
fn a_membership_before_this_system_is_recorded_under_its_true_dates() {
    let events = [was("2005-04-01", "2005-04-01", "2005-04-01"), left("2005-04-01", "2010-03-31")];
    given::<Membership>([]).when(past("2005-04-01", "2010-03-31")).then(events.clone());
    given::<Membership>(events.clone()).when(past("2005-04-01", "2010-03-31")).then([]);
    assert_eq!(kernel::Dated::effective_on(&events[0]), Some(day("2005-04-01")));
    assert_eq!(kernel::Dated::effective_on(&events[1]), Some(day("2010-04-01")));
    // It tells of the last membership how long that had lasted.
    given::<Membership>(events.clone())
        .when(past("2010-04-01", "2012-03-31"))
        .then([was("2010-04-01", "2005-04-01", "2005-04-01"), left("2010-04-01", "2012-03-31")]);
    given::<Membership>(events)
        .when(past("2011-04-01", "2012-03-31"))
        .then([was("2011-04-01", "2005-04-01", "2011-04-01"), left("2011-04-01", "2012-03-31")]);
}

#[test]
fn a_membership_that_still_runs_is_recorded_with_its_first_day() {
    let events = [
        was("2007-04-01", "2007-04-01", "2007-04-01"),
        runs("2007-04-01", "2007-04-01", "2007-04-01"),
    ];
    given::<Membership>([]).when(running("2007-04-01")).then(events.clone());
    given::<Membership>(events.clone()).when(running("2007-04-01")).then([]);
    given::<Membership>(then(events.clone().into(), [offered(), said_yes()]))
        .when(renew())
        .then([renewed()]);
    given::<Membership>(then(events.into(), [offered(), renewed()]))
        .when(running("2007-04-01"))
        .then([]);
}

/// A list that is read again a year later says nothing new, and nothing that is wrong.
#[test]
fn a_membership_that_ran_and_is_over_is_on_record_all_the_same() {
    let history = vec![
        was("2007-04-01", "2007-04-01", "2007-04-01"),
        runs("2007-04-01", "2007-04-01", "2007-04-01"),
        Event::MembershipLapsed {
            last_day: day("2020-03-31"),
            reason: crate::membership::LapseReason::NotRenewed,
            on: day("2020-04-01"),
        },
    ];
    given::<Membership>(history).when(running("2007-04-01")).then([]);
    // One that ended before the year in which it is said to run is another matter.
    given::<Membership>([
        was("2007-04-01", "2007-04-01", "2007-04-01"),
        left("2007-04-01", "2010-03-31"),
    ])
    .when(running("2007-04-01"))
    .refused(Refusal::StillMemberThen { until: day("2010-03-31") });
}

#[test]
fn a_past_that_is_recorded_late_changes_since_when_a_member_is_one() {
    let history = [
        was("2010-04-01", "2010-04-01", "2010-04-01"),
        runs("2010-04-01", "2010-04-01", "2010-04-01"),
    ];
    given::<Membership>(history.clone())
        .when(past("2005-04-01", "2010-03-31"))
        .then([was("2005-04-01", "2005-04-01", "2005-04-01"), left("2005-04-01", "2010-03-31")]);
    given::<Membership>(history)
        .when(past("2005-04-01", "2009-03-31"))
        .then([was("2005-04-01", "2005-04-01", "2010-04-01"), left("2005-04-01", "2009-03-31")]);
}

#[test]
fn each_period_must_fit() {
    let history =
        vec![was("2005-04-01", "2005-04-01", "2005-04-01"), left("2005-04-01", "2010-03-31")];
    let overlaps = Refusal::Overlaps { from: day("2005-04-01"), last_day: day("2010-03-31") };
    for (from, last_day) in
        [("2004-04-01", "2005-04-01"), ("2010-03-31", "2012-03-31"), ("2006-04-01", "2007-03-31")]
    {
        given::<Membership>(history.clone()).when(past(from, last_day)).refused(overlaps.clone());
    }
    given::<Membership>(member())
        .when(past("2018-04-01", "2019-04-01"))
        .refused(Refusal::Overlaps { from: day("2019-04-01"), last_day: day("2020-03-31") });
    given::<Membership>(history.clone())
        .when(running("2010-03-31"))
        .refused(Refusal::StillMemberThen { until: day("2010-03-31") });
    given::<Membership>(member())
        .when(running("2012-04-01"))
        .refused(Refusal::AMemberAlready { until: day("2020-03-31") });
    given::<Membership>(applied_by_invitation())
        .when(running("2012-04-01"))
        .refused(Refusal::ApplicationOpen { year: year() });
    given::<Membership>([]).when(past("2010-04-01", "2009-03-31")).refused(
        Refusal::EndsBeforeItBegins { from: day("2010-04-01"), last_day: day("2009-03-31") },
    );
    given::<Membership>([])
        .when(past("2002-12-31", "2009-03-31"))
        .refused(Refusal::BeforeTheNetwork { from: day("2002-12-31") });
}

#[test]
fn who_was_a_member_before_this_system_may_join_again() {
    let history = vec![
        was("2005-04-01", "2005-04-01", "2005-04-01"),
        left("2005-04-01", "2010-03-31"),
        invited(),
        applied(How::ByInvitation, Advice::Eligible),
        accepted(),
    ];
    given::<Membership>(history)
        .when(Command::Start { year: year(), fee_pence: FEE, on: day("2019-04-01") })
        .then([Event::MembershipStarted(Started {
            year: year(),
            from: day("2019-04-01"),
            until: day("2020-03-31"),
            terms: JoiningTerms::FullPackage,
            missed: vec![],
            fee_pence: FEE,
            member_since: day("2005-04-01"),
            continuous_since: day("2019-04-01"),
            on: Some(day("2019-04-01")),
        })]);
}
