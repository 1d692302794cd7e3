use super::{
    Command, FEE, JoiningTerms, LeadingEdgeYear, Membership, Occasion, Role, SCHOOL, School,
    accepted, applied, day, invitation, member, urn, year,
};
use crate::{Cannot, Concerned, concerned};
use membership::membership::{How, Step};
use projections::Event;

const STARTS: &str = "acceptance-starts-membership";
const EXPIRES: &str = "invitation-expires";

fn start(year: LeadingEdgeYear, on: &str) -> Option<Command> {
    Some(Command::Start { year, fee_pence: FEE, on: day(on) })
}

/// R11.
#[test]
fn a_membership_starts_on_its_first_day_and_not_before() {
    let school = accepted("2019-04-01", "2019-03-15");
    assert_eq!(school.asked(STARTS, Occasion::Day, "2019-03-31"), None);
    assert_eq!(
        school.asked(STARTS, Occasion::Day, "2019-04-01"),
        start(year("2019-20"), "2019-04-01")
    );
    let started = school.after(STARTS, Occasion::Day, "2019-04-01");
    assert_eq!(started.asked(STARTS, Occasion::Day, "2019-04-02"), None);
}

/// R9: a late joiner whose first day has come by the time that it is accepted.
#[test]
fn a_late_joiner_starts_with_its_acceptance() {
    let school = accepted("2020-01-13", "2020-01-13");
    let happened = Event::Membership(urn(SCHOOL), school.history.last().unwrap().clone());
    assert_eq!(concerned(&happened), Concerned::School(urn(SCHOOL)));
    assert_eq!(
        school.asked(STARTS, Occasion::Happened(&happened), "2020-01-13"),
        start(year("2019-20"), "2020-01-13")
    );
}

/// R10: a year without a fee of its own has that of the last year before it.
#[test]
fn without_a_fee_nothing_starts_and_that_is_said() {
    let mut school = accepted("2019-04-01", "2019-03-15");
    assert!(school.asked(STARTS, Occasion::Day, "2019-04-01").is_some());
    school.known.fees.clear();
    let cannot = school.told(STARTS, Occasion::Day, "2019-04-01").unwrap_err();
    assert_eq!(cannot, Cannot::NoFee(year("2019-20")));
    assert_eq!(
        cannot.to_string(),
        "no fee is set for 2019-20 nor any year before it; set it, and try again"
    );
    assert_eq!(school.told(STARTS, Occasion::Day, "2019-03-31"), Ok(None));
}

/// R9, R10, D11: what was agreed with a late joiner is its fee, whatever the year's is.
#[test]
fn agreed_terms_need_no_fee_of_the_year() {
    let accept = |terms| applied().accepted_on(terms, "2020-01-13", "2020-01-13");
    let mut agreed = accept(JoiningTerms::AgreedTerms {
        fee_pence: 80_000,
        reason: "joined in January".into(),
        approver: "minute 12".into(),
    });
    agreed.known.fees.clear();
    let started = agreed.after(STARTS, Occasion::Day, "2020-01-13");
    let Some(Membership::MembershipStarted(start)) = started.history.last() else {
        panic!("it has not started: {:?}", started.history);
    };
    assert_eq!(start.fee_pence, 80_000);
    let mut full = accept(JoiningTerms::FullPackage);
    full.known.fees.clear();
    let told = full.told(STARTS, Occasion::Day, "2020-01-13");
    assert_eq!(told, Err(Cannot::NoFee(year("2019-20"))));
}

/// R7, D10: cover ended between the acceptance and the first day.
#[test]
fn nothing_starts_without_cover_of_the_first_day_and_that_is_said() {
    let school = accepted("2019-04-01", "2019-03-15").covered("2018-09-01", Some("2019-03-31"));
    let first_day = day("2019-04-01");
    let cannot = school.told(STARTS, Occasion::Day, "2019-04-01").unwrap_err();
    assert_eq!(cannot, Cannot::NoCover { first_day });
    assert_eq!(
        cannot.to_string(),
        "SSAT is not known to cover 1 Apr 2019, the first day from which it was accepted; withdraw the application, or \
         record its cover, and try again"
    );
    let longer = school.covered("2019-04-01", Some("2019-08-31"));
    let started = longer.after(STARTS, Occasion::Day, "2019-04-02");
    let happened = Event::Membership(urn(SCHOOL), started.history.last().unwrap().clone());
    let warned = started.asked("ending-cover-warns", Occasion::Happened(&happened), "2019-04-02");
    let ends_on = day("2019-08-31");
    assert_eq!(warned, Some(Command::WarnOfCover { ends_on, on: day("2019-04-02") }));
}

#[test]
fn a_year_that_is_over_starts_no_more_and_that_is_said() {
    let school = accepted("2019-04-01", "2019-03-15");
    let cannot = school.told(STARTS, Occasion::Day, "2020-04-01").unwrap_err();
    assert_eq!(
        cannot.to_string(),
        "it was accepted from 1 Apr 2019, and 2019-20 is over before its membership started; withdraw the application, \
         and let it apply again"
    );
}

/// R38: a membership of before this system is told of late, and reaches into the one accepted.
#[test]
fn a_membership_still_running_then_starts_no_second() {
    let school = accepted("2019-04-01", "2019-03-15").having(Command::RecordPast {
        from: day("2010-04-01"),
        last_day: day("2019-04-30"),
        reason: "left".into(),
    });
    let cannot = school.told(STARTS, Occasion::Day, "2019-05-01").unwrap_err();
    assert_eq!(
        cannot.to_string(),
        "it was accepted from 1 Apr 2019, and was a member until 30 Apr 2019; withdraw the application, and accept another \
         from a later day"
    );
}

#[test]
fn what_was_withdrawn_does_not_start() {
    let school = accepted("2019-04-01", "2019-03-15")
        .having(Command::Withdraw { reason: None, on: day("2019-03-20") });
    assert_eq!(school.asked(STARTS, Occasion::Day, "2019-04-01"), None);
    assert_eq!(member().asked(STARTS, Occasion::Day, "2019-04-01"), None);
}

/// R3, R4.
#[test]
fn an_invitation_expires_on_the_day_after_its_last() {
    let invited = School::new(SCHOOL).having(invitation(Some("2019-03-31")));
    assert_eq!(invited.asked(EXPIRES, Occasion::Day, "2019-03-31"), None);
    assert_eq!(
        invited.asked(EXPIRES, Occasion::Day, "2019-04-01"),
        Some(Command::ExpireInvitation { year: year("2019-20"), on: day("2019-04-01") })
    );
    let expired = invited.after(EXPIRES, Occasion::Day, "2019-04-01");
    assert!(matches!(expired.history.last(), Some(Membership::InvitationExpired { .. })));
    assert_eq!(expired.asked(EXPIRES, Occasion::Day, "2019-04-02"), None);
}

/// R4: the calendar and the reminder count from the new day.
#[test]
fn an_invitation_that_was_extended_expires_and_reminds_by_its_new_day() {
    let extend = Command::ExtendInvitation {
        year: year("2019-20"),
        until: day("2019-04-30"),
        reason: "Easter".into(),
        on: day("2019-04-02"),
    };
    let invited = School::new(SCHOOL).having(invitation(Some("2019-03-31")));
    let extended = invited.after(EXPIRES, Occasion::Day, "2019-04-01").having(extend);
    assert_eq!(extended.asked(EXPIRES, Occasion::Day, "2019-04-30"), None);
    assert!(extended.asked(EXPIRES, Occasion::Day, "2019-05-01").is_some());
    const REMINDS: &str = "due-invitation-reminds";
    assert_eq!(extended.asked(REMINDS, Occasion::Day, "2019-04-15"), None);
    assert_eq!(
        extended.asked(REMINDS, Occasion::Day, "2019-04-16"),
        Some(Command::Remind {
            step: Step::InvitationAnswer,
            due: day("2019-04-30"),
            on: day("2019-04-16"),
        })
    );
}

#[test]
fn an_invitation_that_was_answered_or_has_no_last_day_does_not_expire() {
    let applied =
        School::new(SCHOOL).having(invitation(Some("2019-03-31"))).having(Command::Apply {
            year: year("2019-20"),
            by: Role::Headteacher,
            how: How::ByInvitation,
            on: day("2019-03-10"),
        });
    assert_eq!(applied.asked(EXPIRES, Occasion::Day, "2019-04-01"), None);
    let open = School::new(SCHOOL).having(invitation(None));
    assert_eq!(open.asked(EXPIRES, Occasion::Day, "2020-04-01"), None);
}
