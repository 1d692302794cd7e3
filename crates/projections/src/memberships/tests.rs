//! What has happened, and what the sheet then says.

use kernel::Urn;
use membership::membership::Event as Membership;
use proptest::prelude::*;

use super::{Application, Departure, Invitation, Renewal, Row, Standing, Terms};
use crate::collected::Collected;
use crate::{Event, Recorded};

const SCHOOL: u32 = 100_003;

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

/// Every shape of every event that was ever recorded.
fn shapes() -> Vec<Membership> {
    let lines = include_str!("../../../membership/events/membership.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn recorded(position: u64, number: u32, event: Membership) -> Recorded {
    Recorded {
        position,
        version: 1,
        recorded_at: chrono::DateTime::UNIX_EPOCH + chrono::Days::new(position),
        effective_on: "2019-02-01".parse().unwrap(),
        actor: "office".into(),
        event: Event::Membership(urn(number), event),
    }
}

fn history(payloads: &[&str]) -> Vec<Recorded> {
    let events = payloads.iter().map(|payload| serde_json::from_str(payload).unwrap());
    (1..).zip(events).map(|(position, event)| recorded(position, SCHOOL, event)).collect()
}

/// The school's row after each further event.
fn row(payloads: &[&str]) -> Row {
    let mut rows: Vec<Row> = Collected::of(&history(payloads)).rows();
    assert_eq!(rows.len(), 1, "one row a URN");
    rows.remove(0)
}

const INVITED: &str = r#"{"SchoolInvited":{"year":"2019-20","on":"2019-03-01","name":"Hill Top","reviewed_as_at":"2019-02-28","until":"2019-03-31"}}"#;
const APPLIED: &str = r#"{"SchoolApplied":{"year":"2019-20","by":"headteacher","how":"by_invitation","advice":"eligible","on":"2019-03-10"}}"#;
const ACCEPTED: &str = r#"{"ApplicationAccepted":{"year":"2019-20","acceptance":{"first_day":"2019-04-01","terms":"full_package","missed":[],"cover":"none","on":"2019-03-15"}}}"#;
const STARTED: &str = r#"{"MembershipStarted":{"year":"2019-20","from":"2019-04-01","until":"2020-03-31","terms":"full_package","missed":[],"fee_pence":160000,"member_since":"2005-04-01","continuous_since":"2019-04-01"}}"#;
const MARKED: &str = r#"{"MarkedNotEligibleToRenew":{"grading":{"grade":3,"inspected_on":"2019-07-02","published_on":"2019-07-19"},"counts_for":"2020-21"}}"#;
const RESTORED: &str = r#"{"EligibilityRestored":{"grade":2,"inspected_on":"2020-01-07","published_on":"2020-01-30"}}"#;
const OFFERED: &str = r#"{"RenewalOffered":{"year":"2020-21","offer":{"outcome":"renew","judgement":null,"answer_by":"2020-03-01","on":"2020-02-01"}}}"#;
const RENEWED: &str = r#"{"MembershipRenewed":{"year":"2020-21","from":"2020-04-01","until":"2021-03-31","fee_pence":170000,"cover":"none","on":"2020-02-20"}}"#;
const DECLINED: &str =
    r#"{"RenewalDeclined":{"year":"2020-21","reason":"the budget","on":"2020-02-15"}}"#;
const LAPSED: &str = r#"{"MembershipLapsed":{"last_day":"2020-03-31","reason":{"declined":"the budget"},"on":"2020-04-01"}}"#;

fn day(text: &str) -> Option<chrono::NaiveDate> {
    Some(text.parse().unwrap())
}

#[test]
fn an_invited_school_stands_outside_until_its_membership_starts() {
    let invited = row(&[INVITED]);
    assert_eq!(invited.name.as_deref(), Some("Hill Top"));
    assert_eq!((invited.standing, invited.invitation), (Standing::Outside, Some(Invitation::Open)));
    assert_eq!(invited.invitation_answer_by, day("2019-03-31"));
    let accepted = row(&[INVITED, APPLIED, ACCEPTED]);
    assert_eq!(accepted.standing, Standing::Outside);
    assert_eq!(accepted.invitation, Some(Invitation::Taken));
    assert_eq!(accepted.application, Some(Application::Accepted));
    assert_eq!((accepted.applied_on, accepted.first_day), (day("2019-03-10"), day("2019-04-01")));
    let started = row(&[INVITED, APPLIED, ACCEPTED, STARTED]);
    assert_eq!(started.standing, Standing::Member);
    assert_eq!(started.application, Some(Application::Joined));
    assert_eq!((started.terms, started.fee_pence), (Some(Terms::FullPackage), Some(160_000)));
    assert_eq!((started.term_from, started.term_until), (day("2019-04-01"), day("2020-03-31")));
    assert_eq!(started.member_since, day("2005-04-01"));
    assert_eq!(started.continuous_since, day("2019-04-01"));
    assert_eq!(started.position, 4);
}

/// R4: a letter that was in time is found after the invitation expired.
#[test]
fn an_answer_that_was_in_time_takes_the_place_of_the_expiry() {
    let expired =
        r#"{"InvitationExpired":{"year":"2019-20","until":"2019-03-31","on":"2019-04-01"}}"#;
    let declined =
        r#"{"InvitationDeclined":{"year":"2019-20","reason":"no time","on":"2019-03-10"}}"#;
    let row_of = |answer| row(&[INVITED, expired, answer]);
    assert_eq!(row(&[INVITED, expired]).invitation, Some(Invitation::Expired));
    let taken = row_of(APPLIED);
    assert_eq!(taken.invitation, Some(Invitation::Taken));
    assert_eq!(taken.application, Some(Application::Prepared));
    assert_eq!(taken.applied_on, day("2019-03-10"));
    assert_eq!(row_of(declined).invitation, Some(Invitation::Declined));
}

#[test]
fn an_invitation_that_is_extended_is_open_until_its_new_day_in_every_sheet() {
    let expired =
        r#"{"InvitationExpired":{"year":"2019-20","until":"2019-03-31","on":"2019-04-01"}}"#;
    let extended = r#"{"InvitationExtended":{"year":"2019-20","until":"2019-04-30","reason":"Easter","on":"2019-04-02"}}"#;
    for payloads in [vec![INVITED, extended], vec![INVITED, expired, extended]] {
        let row_of = row(&payloads);
        assert_eq!(row_of.invitation, Some(Invitation::Open));
        assert_eq!(row_of.invitation_answer_by, day("2019-04-30"));
        let rows: Vec<crate::invitations::Row> = Collected::of(&history(&payloads)).rows();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].answer_by, day("2019-04-30"));
    }
    let other_year = extended.replace("2019-20", "2020-21");
    assert_eq!(row(&[INVITED, &other_year]).invitation_answer_by, day("2019-03-31"));
}

#[test]
fn a_mark_is_shown_until_it_is_lifted() {
    let marked = row(&[STARTED, MARKED]);
    assert_eq!(marked.mark_grade, Some(kernel::Grade::RequiresImprovement));
    assert_eq!(marked.mark_counts_for, Some("2020-21".parse().unwrap()));
    assert_eq!(marked.standing, Standing::Member);
    assert_eq!(row(&[STARTED, MARKED, RESTORED]).mark_grade, None);
}

#[test]
fn an_agreed_renewal_moves_the_term() {
    let offered = row(&[STARTED, OFFERED]);
    assert_eq!(offered.renewal, Some(Renewal::Offered));
    assert_eq!(offered.renewal_answer_by, day("2020-03-01"));
    let renewed = row(&[STARTED, OFFERED, RENEWED]);
    assert_eq!(renewed.renewal, Some(Renewal::Agreed));
    assert_eq!(renewed.term_until, day("2021-03-31"));
    assert_eq!(renewed.fee_pence, Some(170_000));
}

#[test]
fn an_offer_stands_again_when_a_no_is_taken_back() {
    let undated = r#"{"RenewalOffered":{"year":"2020-21","offer":{"outcome":"renew","judgement":null,"answer_by":null,"on":"2020-02-01"}}}"#;
    let refused =
        r#"{"RenewalRefused":{"year":"2020-21","why":"no_cover","mark":null,"on":"2020-02-08"}}"#;
    let declined = r#"{"RenewalDeclined":{"year":"2020-21","reason":null,"on":"2020-02-10"}}"#;
    let taken_back =
        r#"{"RenewalDeclineTakenBack":{"year":"2020-21","reason":"a new head","on":"2020-02-20"}}"#;
    let stands = row(&[STARTED, undated, declined, taken_back]);
    assert_eq!(stands.renewal, Some(Renewal::Offered));
    assert_eq!(stands.renewal_offered_on, day("2020-02-01"));
    let refusal = row(&[STARTED, OFFERED, refused]);
    assert_eq!(refusal.renewal_refused, Some(Departure::RefusedCover));
    assert_eq!(refusal.renewal_answer_by, None);
    assert_eq!(row(&[STARTED, refused, OFFERED]).renewal_refused, None);
}

/// R16: the same as the membership itself keeps.
#[test]
fn a_refusal_stands_again_when_a_no_is_taken_back() {
    let refused = r#"{"RenewalRefused":{"year":"2020-21","why":{"judgement":{"reason":"weak","minute":"item 4"}},"mark":null,"on":"2020-02-08"}}"#;
    let declined = r#"{"RenewalDeclined":{"year":"2020-21","reason":null,"on":"2020-02-10"}}"#;
    let taken_back =
        r#"{"RenewalDeclineTakenBack":{"year":"2020-21","reason":"a new head","on":"2020-02-20"}}"#;
    let no = row(&[STARTED, OFFERED, refused, declined]);
    assert_eq!(no.renewal, Some(Renewal::Declined));
    let again = row(&[STARTED, OFFERED, refused, declined, taken_back]);
    assert_eq!(again.renewal, Some(Renewal::Refused));
    assert_eq!(again.renewal_refused, Some(Departure::RefusedJudgement));
    assert_eq!(again.renewal_refused_at, Some(3), "since when the review says otherwise");
    let next_year = declined.replace("2020-21", "2021-22");
    assert_eq!(row(&[STARTED, refused, RENEWED, &next_year]).renewal_refused, None);
    let carried = r#"{"MembershipTakenOver":{"from":"100001","carried":{"year":"2019-20","from":"2019-04-01","until":"2020-03-31","member_since":"2005-04-01","continuous_since":"2012-04-01","renewal":{"declined":{"reason":null,"on":"2020-02-10","offer":null,"refused":"no_cover"}}},"member_since":"2005-04-01","on":"2019-09-01"}}"#;
    let there = row(&[carried]);
    assert_eq!(there.renewal, Some(Renewal::Declined));
    assert_eq!(row(&[carried, taken_back]).renewal_refused, Some(Departure::RefusedCover));
    assert_eq!(row(&[carried, taken_back]).renewal, Some(Renewal::Refused));
}

#[test]
fn a_school_that_left_keeps_its_dates_and_says_why() {
    let left = row(&[STARTED, OFFERED, DECLINED, LAPSED]);
    assert_eq!((left.standing, left.departure), (Standing::Left, Some(Departure::Declined)));
    assert_eq!((left.last_day, left.member_since), (day("2020-03-31"), day("2005-04-01")));
    assert_eq!(row(&[STARTED, OFFERED, DECLINED]).last_reason.as_deref(), Some("the budget"));
    let back = row(&[STARTED, LAPSED, STARTED]);
    assert_eq!((back.standing, back.last_day, back.departure), (Standing::Member, None, None));
}

/// A return on the day after goes on the unbroken run, and is another membership all the same.
#[test]
fn the_first_day_of_the_present_membership_is_its_own() {
    let at_once =
        STARTED.replace(r#""continuous_since":"2019-04-01""#, r#""continuous_since":"2005-04-01""#);
    let member = row(&[&at_once]);
    assert_eq!(member.membership_from, day("2019-04-01"));
    assert_eq!(member.continuous_since, day("2005-04-01"));
    assert_eq!(row(&[STARTED, OFFERED, RENEWED]).membership_from, day("2019-04-01"));
}

#[test]
fn the_grade_that_spoke_last_is_dated_when_it_lifts_the_mark_too() {
    let spoken = |payloads: &[&str]| {
        let row = row(payloads);
        (row.mark_grade.is_some(), row.grade_published_on, row.grade_inspected_on)
    };
    assert_eq!(spoken(&[STARTED, MARKED]), (true, day("2019-07-19"), day("2019-07-02")));
    assert_eq!(spoken(&[STARTED, MARKED, RESTORED]), (false, day("2020-01-30"), day("2020-01-07")));
    assert_eq!(spoken(&[STARTED, MARKED, LAPSED, STARTED]), (false, None, None));
}

#[test]
fn evidence_that_is_asked_for_leaves_an_application_before_the_steering_group() {
    let on_profile = r#"{"SchoolApplied":{"year":"2019-20","by":"trust","how":"by_invitation","advice":"evidence_needed","on":"2019-03-10"}}"#;
    let asked = r#"{"EvidenceRequested":{"year":"2019-20","what":"results","due":"2019-04-30","on":"2019-03-12"}}"#;
    let referred = r#"{"ApplicationReferred":{"year":"2019-20","question":"?","why":"below","meeting_on":"2019-05-14","on":"2019-04-16"}}"#;
    assert_eq!(row(&[on_profile]).application, Some(Application::EvidenceNeeded));
    assert_eq!(row(&[on_profile, asked]).application, Some(Application::EvidenceAsked));
    let before_the_group = row(&[on_profile, referred, asked]);
    assert_eq!(before_the_group.application, Some(Application::Referred));
    assert_eq!(before_the_group.evidence_due, day("2019-04-30"));
    assert_eq!(before_the_group.meeting_on, day("2019-05-14"));
}

#[test]
fn a_membership_of_long_ago_is_told_and_leaves_a_member_one() {
    let started = r#"{"EarlierMembershipStarted":{"from":"2005-04-01","member_since":"2005-04-01","continuous_since":"2005-04-01"}}"#;
    let ended = r#"{"EarlierMembershipEnded":{"from":"2005-04-01","last_day":"2010-03-31","reason":"left"}}"#;
    // As at a day in between only the first is shown.
    let then = row(&[started]);
    assert_eq!(
        (then.standing, then.member_since, then.year),
        (Standing::Member, day("2005-04-01"), None)
    );
    let now = row(&[started, ended]);
    assert_eq!((now.standing, now.departure), (Standing::Left, Some(Departure::Earlier)));
    let late = r#"{"EarlierMembershipStarted":{"from":"2005-04-01","member_since":"2005-04-01","continuous_since":"2019-04-01"}}"#;
    let member = row(&[STARTED, late, ended]);
    assert_eq!((member.standing, member.term_until), (Standing::Member, day("2020-03-31")));
    assert_eq!(member.member_since, day("2005-04-01"));
}

#[test]
fn a_membership_that_was_taken_over_names_where_it_came_from() {
    let carried = r#""carried":{"year":"2019-20","from":"2019-04-01","until":"2020-03-31","member_since":"2005-04-01","continuous_since":"2012-04-01","mark":{"grading":{"grade":3,"inspected_on":"2019-07-02","published_on":"2019-07-19"},"counts_for":"2020-21"},"renewal":{"refused":"marked"}}"#;
    let over = format!(
        r#"{{"MembershipTakenOver":{{"from":"100001",{carried},"member_since":"2005-04-01","on":"2019-09-01"}}}}"#
    );
    let row_there = row(&[&over]);
    assert_eq!(row_there.predecessor, Some(urn(100_001)));
    assert_eq!(row_there.continuous_since, day("2012-04-01"));
    assert_eq!(row_there.membership_from, day("2012-04-01"));
    assert_eq!(row_there.here_since, day("2019-09-01"));
    assert_eq!(row_there.mark_grade, Some(kernel::Grade::RequiresImprovement));
    assert_eq!(row_there.renewal, Some(Renewal::Refused));
    let gone =
        format!(r#"{{"MembershipCarriedOver":{{"to":"140003",{carried},"on":"2019-09-01"}}}}"#);
    let row_here = row(&[STARTED, &gone]);
    assert_eq!(row_here.successor, Some(urn(140_003)));
    assert_eq!(
        (row_here.last_day, row_here.departure),
        (day("2019-08-31"), Some(Departure::CarriedOver))
    );
}

#[test]
fn every_event_is_told_in_plain_words() {
    for event in shapes() {
        let sentence = Event::Membership(urn(SCHOOL), event).sentence();
        let plain = !sentence.contains(['_', '{', '"']) && !sentence.contains("  ");
        assert!(plain && sentence.contains(' '), "{sentence}");
    }
}

#[test]
fn a_history_reads_as_people_would_tell_it() {
    let told = |payload: &str| {
        Event::Membership(urn(SCHOOL), serde_json::from_str(payload).unwrap()).sentence()
    };
    for (payload, sentence) in [
        (APPLIED, "It applied on 10 Mar 2019 for 2019-20, by its invitation: eligible"),
        (
            STARTED,
            "A member for 2019-20, from 1 Apr 2019 to 31 Mar 2020; member since 1 Apr 2005, continuously since \
             1 Apr 2019",
        ),
        (
            MARKED,
            "Not eligible to renew for 2020-21: Ofsted 3 (Requires improvement), inspected 2 Jul 2019, published \
             19 Jul 2019",
        ),
        (
            OFFERED,
            "Renewal for 2020-21 was offered on 1 Feb 2020: the review says renew; to be answered by 1 Mar 2020",
        ),
        (RENEWED, "Renewed on 20 Feb 2020 for 2020-21, to 31 Mar 2021"),
        (LAPSED, "Its membership lapsed after 31 Mar 2020: its own wish, the budget"),
    ] {
        assert_eq!(told(payload), sentence);
    }
}

proptest! {
    /// However events are batched, the rows are the same.
    #[test]
    fn rows_depend_on_the_events_alone(
        picked in prop::collection::vec((any::<prop::sample::Index>(), SCHOOL..SCHOOL + 3), 1..60),
        size in 1..20_usize,
        keep in 0..4_usize,
    ) {
        let shapes = shapes();
        let events = picked.into_iter().map(|(at, number)| (number, at.get(&shapes).clone()));
        let history: Vec<Recorded> = (1..)
            .zip(events)
            .map(|(position, (number, event))| recorded(position, number, event))
            .collect();
        let batched = Collected::in_batches(&history, size, keep).in_order();
        prop_assert_eq!(batched, Collected::of(&history).in_order());
    }
}
