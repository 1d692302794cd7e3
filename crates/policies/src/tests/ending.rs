use super::{
    Command, Membership, Occasion, SCHOOL, SUCCESSOR, School, Successor, day, grading, member, urn,
    year,
};
use crate::{Concerned, Stands, concerned};
use membership::membership::EndReason;
use projections::Event;
use schools::school::Succession;

const CLOSES: &str = "closure-ends-membership";
const CARRIES: &str = "conversion-carries-over";
const TAKES: &str = "successor-takes-over";

fn successor(from: Option<&str>) -> Successor {
    Successor {
        urn: urn(SUCCESSOR),
        succession: Succession::Converted,
        from: from.map(day),
        stands: Stands::Free,
        members: vec![urn(SCHOOL)],
    }
}

fn ended(reason: EndReason, on: &str) -> Option<Command> {
    Some(Command::End { reason, on: day(on) })
}

fn carried(on: &str) -> Option<Command> {
    Some(Command::CarryOver { to: urn(SUCCESSOR), on: day(on) })
}

/// D12: on its last day, however late that becomes known.
#[test]
fn a_school_that_closed_ends_its_membership_on_its_last_day() {
    let school = member().closed(Some("2019-08-31"));
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-08-30"), None, "it is to close");
    for on in ["2019-08-31", "2019-11-02", "2020-04-01"] {
        let asked = school.asked(CLOSES, Occasion::Day, on);
        assert_eq!(asked, ended(EndReason::Closed, "2019-08-31"));
    }
    let gone = school.after(CLOSES, Occasion::Day, "2019-11-02");
    assert_eq!(gone.asked(CLOSES, Occasion::Day, "2019-11-03"), None);
    assert_eq!(gone.known.membership.last_day, Some(day("2019-08-31")));
}

/// D12: silence says nothing before a file of links could have spoken.
#[test]
fn a_closure_waits_for_the_links_and_not_for_ever() {
    let mut school = member().closed(Some("2019-08-31"));
    let ended = ended(EndReason::Closed, "2019-08-31");
    for read_on in [None, Some("2019-08-31")] {
        school.known.links_read_on = read_on.map(day);
        assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-10-30"), None);
        assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-10-31"), ended, "60 days are over");
    }
    school.known.links_read_on = Some(day("2019-09-01"));
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-09-02"), ended);
    let linked = school.succeeded_by(successor(Some("2019-09-01")));
    assert_eq!(linked.asked(CLOSES, Occasion::Day, "2019-09-02"), None);
    assert_eq!(linked.asked(CARRIES, Occasion::Day, "2019-09-02"), carried("2019-09-01"));
}

/// D12: of a closing that is heard of late, the links are waited for from then on.  The day may be told between the two files.
#[test]
fn a_closure_heard_of_late_waits_for_the_links_from_then_on() {
    let mut school = member().closed(Some("2019-06-30"));
    school.known.closing_recorded_on = Some(day("2019-10-04"));
    let ended = ended(EndReason::Closed, "2019-06-30");
    for read_on in [None, Some("2019-04-20"), Some("2019-07-15")] {
        school.known.links_read_on = read_on.map(day);
        assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-10-04"), None, "{read_on:?}");
        assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-12-03"), None);
        assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-12-04"), ended, "60 days are over");
    }
    school.known.links_read_on = Some(day("2019-10-04"));
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-10-04"), ended);
    let linked = school.succeeded_by(successor(Some("2019-07-01")));
    assert_eq!(linked.asked(CLOSES, Occasion::Day, "2019-10-04"), None);
    assert_eq!(linked.asked(CARRIES, Occasion::Day, "2019-10-04"), carried("2019-07-01"));
}

/// R11, D12: the year's end is the latest; and where there is no day, there is nothing to wait from.
#[test]
fn a_closure_waits_for_the_links_until_the_last_day_of_the_term() {
    let mut late = member().closed(Some("2020-03-20"));
    late.known.links_read_on = None;
    assert_eq!(late.asked(CLOSES, Occasion::Day, "2020-03-31"), None);
    let asked = late.asked(CLOSES, Occasion::Day, "2020-04-01");
    assert_eq!(asked, ended(EndReason::Closed, "2020-03-20"));
    let mut undated = member().closed(None);
    undated.known.links_read_on = None;
    assert_eq!(undated.asked(CLOSES, Occasion::Day, "2019-11-02"), None);
}

/// D12: a membership that came over to a URN ends there no earlier than it came, whatever its predecessor had before.
#[test]
fn a_successor_that_had_closed_before_ends_on_the_day_that_it_took_over() {
    let events = member().having(Command::CarryOver { to: urn(SUCCESSOR), on: day("2019-09-01") });
    let Some(Membership::MembershipCarriedOver { carried, .. }) = events.history.last().cloned()
    else {
        panic!("{:?}", events.history.last());
    };
    let from = urn(SCHOOL);
    let school = School::new(SUCCESSOR)
        .having(Command::TakeOver { from, carried, on: day("2019-09-01") })
        .closed(Some("2019-05-31"));
    let asked = school.asked(CLOSES, Occasion::Day, "2019-11-02");
    assert_eq!(asked, ended(EndReason::Closed, "2019-09-01"));
    school.after(CLOSES, Occasion::Day, "2019-11-02");
}

/// Where the register does not say when, the day on which the office hears of it.
#[test]
fn a_closure_without_a_day_counts_from_the_offices() {
    let school = member().closed(None);
    let asked = school.asked(CLOSES, Occasion::Day, "2019-11-02");
    assert_eq!(asked, ended(EndReason::Closed, "2019-11-02"));
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2020-04-01"), None, "it lapses");
}

/// R11, D12: closed after the last day, the membership lapses; closed before the first, its first day was its last.
#[test]
fn a_closure_stays_within_the_membership() {
    let after = member().closed(Some("2020-04-01"));
    assert_eq!(after.asked(CLOSES, Occasion::Day, "2020-04-01"), None);
    assert!(after.asked("year-end-lapses", Occasion::Day, "2020-04-01").is_some());
    let before = member().closed(Some("2001-08-31"));
    let asked = before.asked(CLOSES, Occasion::Day, "2019-11-02");
    assert_eq!(asked, ended(EndReason::Closed, "2005-04-01"));
    before.after(CLOSES, Occasion::Day, "2019-11-02");
}

/// The register alone does not end it: the links beside it may say that it goes on.
#[test]
fn nothing_ends_before_the_next_day() {
    let closed = member().closed(Some("2019-08-31"));
    let happened = Event::Membership(urn(SCHOOL), closed.history.last().unwrap().clone());
    assert_eq!(closed.asked(CLOSES, Occasion::Happened(&happened), "2019-11-02"), None);
    let converted = member().succeeded_by(successor(Some("2019-09-01")));
    assert_eq!(converted.asked(CARRIES, Occasion::Happened(&happened), "2019-11-02"), None);
}

/// D12.
#[test]
fn a_conversion_carries_the_membership_to_the_new_urn() {
    let school = member().closed(Some("2019-08-31")).succeeded_by(successor(Some("2019-09-01")));
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2019-08-31"), None);
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2019-09-01"), carried("2019-09-01"));
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2019-11-02"), carried("2019-09-01"));
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-11-02"), None);
    let gone = school.after(CARRIES, Occasion::Day, "2019-11-02");
    assert_eq!(gone.known.membership.last_day, Some(day("2019-08-31")));
    assert_eq!(gone.asked(CARRIES, Occasion::Day, "2019-11-03"), None);
}

/// The membership began before the conversion and was recorded under the old URN ever since.
#[test]
fn a_conversion_of_years_ago_carries_over_what_began_before_it() {
    let school = member().succeeded_by(successor(Some("2012-09-01")));
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2019-11-02"), carried("2012-09-01"));
}

/// The school joined in spite of it; who it is now is for the office to say.
#[test]
fn a_succession_from_before_the_membership_carries_nothing() {
    let school = member().succeeded_by(successor(Some("2004-09-01")));
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2019-11-02"), None);
    let closed = school.closed(Some("2004-08-31"));
    assert_eq!(closed.asked(CARRIES, Occasion::Day, "2019-11-02"), None);
    assert_eq!(closed.asked(CLOSES, Occasion::Day, "2019-11-02"), None);
}

/// R11: on 1 April there is nothing left to carry.
#[test]
fn a_conversion_after_the_last_day_leaves_the_lapse() {
    let school = member().succeeded_by(successor(Some("2020-04-01")));
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2020-04-01"), None);
    assert!(school.asked("year-end-lapses", Occasion::Day, "2020-04-01").is_some());
}

#[test]
fn a_link_without_a_day_counts_from_the_day_after_the_closure() {
    let open = member().succeeded_by(successor(None));
    assert_eq!(open.asked(CARRIES, Occasion::Day, "2019-11-02"), None, "it is open still");
    let closed = member().closed(Some("2019-08-31")).succeeded_by(successor(None));
    assert_eq!(closed.asked(CARRIES, Occasion::Day, "2019-08-31"), None);
    assert_eq!(closed.asked(CARRIES, Occasion::Day, "2019-09-01"), carried("2019-09-01"));
    let some_time = member().closed(None).succeeded_by(successor(None));
    assert_eq!(some_time.asked(CARRIES, Occasion::Day, "2019-11-02"), carried("2019-11-02"));
}

/// D12: the membership of a school that went into a member ends, on the day before the link's where the register is silent.
#[test]
fn a_school_that_went_into_a_member_ends_as_merged() {
    let into = Successor { stands: Stands::Member, ..successor(Some("2019-09-01")) };
    let school = member().succeeded_by(into.clone());
    let merged = EndReason::MergedInto(urn(SUCCESSOR));
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-08-31"), None);
    assert_eq!(school.asked(CLOSES, Occasion::Day, "2019-11-02"), ended(merged, "2019-08-31"));
    assert_eq!(school.asked(CARRIES, Occasion::Day, "2019-11-02"), None);
    let closed = school.closed(Some("2019-07-24"));
    assert_eq!(closed.asked(CLOSES, Occasion::Day, "2019-11-02"), ended(merged, "2019-07-24"));
}

/// D12: nobody decides but the office.
#[test]
fn a_split_and_a_successor_that_is_gone_ask_nothing() {
    let one = Successor { succession: Succession::Split, ..successor(Some("2019-09-01")) };
    let two = Successor { urn: urn(SUCCESSOR + 1), ..one.clone() };
    let gone = Successor { stands: Stands::Gone, ..successor(Some("2019-09-01")) };
    let split = member().closed(Some("2019-08-31")).succeeded_by(one.clone());
    let both = member().closed(Some("2019-08-31")).succeeded_by(one).succeeded_by(two);
    let into_nothing = member().closed(Some("2019-08-31")).succeeded_by(gone);
    for school in [split, both, into_nothing] {
        for policy in [CLOSES, CARRIES] {
            assert_eq!(school.asked(policy, Occasion::Day, "2019-11-02"), None, "{policy}");
        }
    }
}

/// Of two members that become one school, one stays; the other waits until it has.
#[test]
fn of_two_members_the_first_is_carried_over() {
    let merging = |members: &[u32]| Successor {
        succession: Succession::Amalgamated,
        members: members.iter().copied().map(urn).collect(),
        ..successor(Some("2019-09-01"))
    };
    let first = member().succeeded_by(merging(&[SCHOOL, SCHOOL + 1]));
    assert_eq!(first.asked(CARRIES, Occasion::Day, "2019-11-02"), carried("2019-09-01"));
    let other = member().succeeded_by(merging(&[SCHOOL - 1, SCHOOL]));
    assert_eq!(other.asked(CARRIES, Occasion::Day, "2019-11-02"), None);
}

fn carried_with_a_mark() -> (School, Event) {
    let gone = member()
        .graded(grading(3, "2019-07-02", "2019-07-19"))
        .after("downgrade-marks-not-eligible", Occasion::Day, "2019-07-19")
        .succeeded_by(successor(Some("2019-09-01")))
        .after(CARRIES, Occasion::Day, "2019-09-01");
    let happened = Event::Membership(urn(SCHOOL), gone.history.last().unwrap().clone());
    (gone, happened)
}

/// D12: the membership goes on, with its mark, and the successor alone is told.
#[test]
fn the_successor_takes_over_what_was_carried() {
    let (gone, happened) = carried_with_a_mark();
    assert_eq!(concerned(&happened), Concerned::School(urn(SUCCESSOR)));
    assert_eq!(gone.asked(TAKES, Occasion::Happened(&happened), "2019-09-01"), None);
    let mut here = School::new(SUCCESSOR);
    here.known.predecessors = 1;
    let here = here.after(TAKES, Occasion::Happened(&happened), "2019-09-01");
    assert_eq!(here.known.membership.continuous_since, Some(day("2005-04-01")));
    assert_eq!(here.known.membership.mark_counts_for, Some(year("2020-21")));
    assert_eq!(here.known.membership.term_until, Some(day("2020-03-31")));
    assert_eq!(here.asked(TAKES, Occasion::Happened(&happened), "2019-09-02"), None);
}

/// D12, D6: two predecessors, and no grade passes on.
#[test]
fn no_mark_passes_to_a_school_that_came_from_two() {
    let (_, happened) = carried_with_a_mark();
    let mut here = School::new(SUCCESSOR);
    here.known.predecessors = 2;
    let here = here.after(TAKES, Occasion::Happened(&happened), "2019-09-01");
    assert_eq!(here.known.membership.mark_grade, None);
}

/// What was over long ago does not begin again because somebody tells of it again.
#[test]
fn a_successor_that_was_a_member_meanwhile_takes_nothing_over() {
    let (_, happened) = carried_with_a_mark();
    let on = day("2019-09-01");
    let mut here =
        School::new(SUCCESSOR).having(Command::RecordRunning { from: on, year: year("2019-20") });
    assert_eq!(here.asked(TAKES, Occasion::Happened(&happened), "2019-09-01"), None);
    let lapse = here.asked("year-end-lapses", Occasion::Day, "2020-04-01").unwrap();
    here.ask(lapse).unwrap();
    assert!(matches!(here.history.last(), Some(Membership::MembershipLapsed { .. })));
    assert_eq!(here.asked(TAKES, Occasion::Happened(&happened), "2020-04-01"), None);
}
