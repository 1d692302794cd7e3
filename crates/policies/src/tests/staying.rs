use super::{
    Command, FEE, Membership, Occasion, SCHOOL, day, grading, member, offered, staying, urn, year,
};
use crate::{Cannot, Fees};
use projections::Event;

const AGREES: &str = "cover-agrees-renewal";
const LAPSES: &str = "year-end-lapses";
const WARNS: &str = "ending-cover-warns";

fn renew(school: &super::School, on: &str) -> Option<Command> {
    let cover = school.known.cover_of(day("2020-04-01")).unwrap();
    Some(Command::Renew { year: year("2020-21"), cover, fee_pence: FEE, on: day(on) })
}

/// R7, D10.
#[test]
fn a_renewal_is_agreed_once_cover_of_the_first_day_is_known() {
    assert_eq!(staying().asked(AGREES, Occasion::Day, "2020-02-20"), None);
    let too_short = staying().covered("2018-09-01", Some("2020-03-31"));
    assert_eq!(too_short.asked(AGREES, Occasion::Day, "2020-02-20"), None);
    let covered = staying().covered("2018-09-01", None);
    assert_eq!(covered.asked(AGREES, Occasion::Day, "2020-02-20"), renew(&covered, "2020-02-20"));
    let renewed = covered.after(AGREES, Occasion::Day, "2020-02-20");
    assert_eq!(renewed.asked(AGREES, Occasion::Day, "2020-02-21"), None);
    assert_eq!(renewed.known.membership.term_until, Some(day("2021-03-31")));
}

/// The school's yes, whichever came last.
#[test]
fn a_renewal_is_agreed_with_the_schools_answer() {
    let school = staying().covered("2018-09-01", None);
    let happened = Event::Membership(urn(SCHOOL), school.history.last().unwrap().clone());
    let asked = school.asked(AGREES, Occasion::Happened(&happened), "2020-02-10");
    assert_eq!(asked, renew(&school, "2020-02-10"));
    let unanswered = offered(None).covered("2018-09-01", None);
    assert_eq!(unanswered.asked(AGREES, Occasion::Day, "2020-02-20"), None);
}

/// Half a list of cover says nothing.
#[test]
fn cover_that_is_not_known_to_its_end_agrees_nothing() {
    let mut school = staying().covered("2018-09-01", None);
    school.known.cover_is_known = false;
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-02-20"), None);
}

/// R11: what was not agreed by 31 March is not agreed on 1 April.
#[test]
fn nothing_is_agreed_after_the_last_day() {
    let school = staying().covered("2018-09-01", None);
    assert!(school.asked(AGREES, Occasion::Day, "2020-03-31").is_some());
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-04-01"), None);
}

/// D9: a grade published between the offer and the agreement bars it.
#[test]
fn a_mark_keeps_a_renewal_from_being_agreed_until_it_is_lifted() {
    let school = staying()
        .covered("2018-09-01", None)
        .graded(grading(3, "2020-01-21", "2020-02-12"))
        .after("downgrade-marks-not-eligible", Occasion::Day, "2020-02-12");
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-02-12"), None);
    let lifted = school.graded(grading(2, "2020-03-03", "2020-03-31")).after(
        "regrade-lifts-mark",
        Occasion::Day,
        "2020-03-31",
    );
    let happened = Event::Membership(urn(SCHOOL), lifted.history.last().unwrap().clone());
    let asked = lifted.asked(AGREES, Occasion::Happened(&happened), "2020-03-31");
    assert_eq!(asked, renew(&lifted, "2020-03-31"));
}

/// R10.
#[test]
fn without_a_fee_no_renewal_is_agreed_and_that_is_said() {
    let mut school = staying().covered("2018-09-01", None);
    school.known.fees = Fees::default();
    let told = school.told(AGREES, Occasion::Day, "2020-02-20");
    assert_eq!(told, Err(Cannot::NoFee(year("2020-21"))));
}

/// R11: 31 March is the last day, 1 April is not.
#[test]
fn what_was_not_renewed_lapses_on_1_april() {
    let school = member();
    assert_eq!(school.asked(LAPSES, Occasion::Day, "2020-03-31"), None);
    assert_eq!(
        school.asked(LAPSES, Occasion::Day, "2020-04-01"),
        Some(Command::Lapse {
            year: year("2019-20"),
            cover: Some(membership::facts::Cover::Unknown),
            on: day("2020-04-01")
        })
    );
    let lapsed = school.after(LAPSES, Occasion::Day, "2020-04-01");
    assert_eq!(lapsed.asked(LAPSES, Occasion::Day, "2020-04-02"), None);
    let renewed = staying().covered("2018-09-01", None).after(AGREES, Occasion::Day, "2020-02-20");
    assert_eq!(renewed.asked(LAPSES, Occasion::Day, "2020-04-01"), None);
    assert!(renewed.asked(LAPSES, Occasion::Day, "2021-04-01").is_some());
}

/// D10: the year runs on; a warning, once for each end.
#[test]
fn cover_that_ends_inside_the_membership_warns() {
    let school = member().covered("2018-09-01", Some("2019-08-31"));
    let warning =
        |ends: &str, on: &str| Some(Command::WarnOfCover { ends_on: day(ends), on: day(on) });
    let asked = school.asked(WARNS, Occasion::Day, "2019-06-01");
    assert_eq!(asked, warning("2019-08-31", "2019-06-01"));
    let warned = school.after(WARNS, Occasion::Day, "2019-06-01");
    assert_eq!(warned.asked(WARNS, Occasion::Day, "2019-06-02"), None);
    assert!(matches!(warned.history.last(), Some(Membership::CoverEnding { .. })));
    let longer = warned.covered("2019-09-01", Some("2019-12-31"));
    let asked = longer.asked(WARNS, Occasion::Day, "2019-06-03");
    assert_eq!(asked, warning("2019-12-31", "2019-06-03"));
}

#[test]
fn terms_of_cover_that_follow_each_other_are_one() {
    let joined = |terms: &[(&str, Option<&str>)]| {
        let school = terms.iter().fold(member(), |it, (from, until)| it.covered(from, *until));
        match school.asked(WARNS, Occasion::Day, "2019-06-01") {
            Some(Command::WarnOfCover { ends_on, .. }) => Some(ends_on),
            _ => None,
        }
    };
    let first = ("2018-09-01", Some("2019-08-31"));
    assert_eq!(joined(&[first, ("2019-09-01", None)]), None);
    assert_eq!(joined(&[first, ("2019-09-02", None)]), Some(day("2019-08-31")));
    assert_eq!(joined(&[first, ("2019-01-01", Some("2019-07-31"))]), Some(day("2019-08-31")));
    assert_eq!(joined(&[first, ("2019-09-01", Some("2020-03-31"))]), None, "the last day too");
    assert_eq!(joined(&[("2019-09-01", Some("2019-12-31"))]), None, "cover that is to come");
}

/// D10: a list that is read late warns late, within the year, and never of years gone by.
#[test]
fn cover_that_ended_already_warns_in_its_year() {
    let school = member().covered("2018-09-01", Some("2019-08-31"));
    assert!(school.asked(WARNS, Occasion::Day, "2019-10-01").is_some());
    let long_ago = member().covered("2012-09-01", Some("2014-08-31"));
    assert_eq!(long_ago.asked(WARNS, Occasion::Day, "2019-10-01"), None);
}
