use super::school::cover_term;
use super::{
    Command, FEE, Membership, Occasion, SCHOOL, School, day, grading, member, offered, staying,
    urn, year,
};
use crate::{Cannot, Concerned, concerned};
use projections::Event;
use projections::cover::Lists;
use schools::national_data::{Dataset, Event as NationalData, Import, Rows};

const AGREES: &str = "cover-agrees-renewal";
const LAPSES: &str = "year-end-lapses";
const WARNS: &str = "ending-cover-warns";

fn renew(school: &School, on: &str) -> Option<Command> {
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

/// D16: days that are begun late date nothing before what it follows from.
#[test]
fn nothing_is_agreed_before_the_day_of_the_schools_yes() {
    let school = staying().covered("2018-09-01", None);
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-02-09"), None);
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-02-10"), renew(&school, "2020-02-10"));
}

/// R10: a past that is looked at again has no year that was agreed at a fee which nobody had set.
#[test]
fn nothing_is_agreed_before_the_day_of_its_fee() {
    let mut school = staying().covered("2018-09-01", None);
    let happened = Event::Membership(urn(SCHOOL), school.history.last().unwrap().clone());
    let yes = Occasion::Happened(&happened);
    school.known.fees[0].set_on = day("2020-02-24");
    assert_eq!(school.asked(AGREES, yes, "2020-02-10"), renew(&school, "2020-02-24"));
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-02-23"), None);
    for on in ["2020-02-24", "2020-02-25"] {
        assert_eq!(school.asked(AGREES, Occasion::Day, on), renew(&school, on));
    }
    // That the office was late is not the school's fault.
    school.known.fees[0].set_on = day("2020-04-02");
    assert_eq!(school.asked(AGREES, yes, "2020-02-10"), renew(&school, "2020-03-31"));
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-03-30"), None);
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-03-31"), renew(&school, "2020-03-31"));
}

/// D16.
#[test]
fn nobody_is_reminded_of_an_offer_before_it_is_made() {
    let school = offered(Some("2020-02-11"));
    assert_eq!(school.asked("due-renewal-reminds", Occasion::Day, "2020-01-31"), None);
    assert!(school.asked("due-renewal-reminds", Occasion::Day, "2020-02-01").is_some());
}

/// D10: while a list is half read nobody's cover is known, whatever an earlier one said; once it is read, all are told.
#[test]
fn a_list_that_is_half_read_agrees_nothing_and_warns_of_nothing_until_it_is_read() {
    let mut wants = staying().covered("2018-09-01", None);
    let mut member = member().covered("2018-09-01", Some("2019-08-31"));
    wants.known.cover_lists = Lists::HalfRead;
    member.known.cover_lists = Lists::HalfRead;
    assert_eq!(wants.asked(AGREES, Occasion::Day, "2020-02-20"), None);
    assert_eq!(member.asked(WARNS, Occasion::Day, "2019-06-01"), None);

    let read = Event::NationalData("cover".into(), NationalData::DatasetImported(cover_list()));
    assert_eq!(concerned(&read), Concerned::Everybody);
    wants.known.cover_lists = Lists::Read;
    member.known.cover_lists = Lists::Read;
    let read = Occasion::Happened(&read);
    assert_eq!(wants.asked(AGREES, read, "2020-03-31"), renew(&wants, "2020-03-31"));
    assert!(member.asked(WARNS, read, "2019-06-01").is_some());
}

/// D10: what the office recorded by hand is known, though no list was ever read.
#[test]
fn cover_recorded_by_hand_agrees_a_renewal_without_any_list() {
    let mut school = staying();
    school.cover(cover_term(day("2018-09-01"), None));
    assert_eq!(school.known.cover_lists, Lists::NeverRead);
    assert_eq!(school.asked(AGREES, Occasion::Day, "2020-02-20"), renew(&school, "2020-02-20"));
}

fn cover_list() -> Import {
    Import {
        dataset: Dataset::Cover,
        release: None,
        file: "cover.csv".into(),
        sha256: "c".repeat(64),
        layout: "cover".into(),
        public_from: None,
        rows: Rows { read: 1, recorded: 1, ..Rows::default() },
        confirmed: vec![],
    }
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

/// D12: it closed after it had said yes, and nobody can say where it goes on.
#[test]
fn a_school_that_is_no_more_on_the_first_day_is_not_renewed() {
    let closed = |on| staying().covered("2018-09-01", None).closed(on);
    for on in [None, Some("2020-02-20"), Some("2020-04-01")] {
        assert_eq!(closed(on).asked(AGREES, Occasion::Day, "2020-03-01"), None, "{on:?}");
    }
    let in_its_course = closed(Some("2020-08-31"));
    let asked = in_its_course.asked(AGREES, Occasion::Day, "2020-03-01");
    assert_eq!(asked, renew(&in_its_course, "2020-03-01"));
}

/// R10.
#[test]
fn without_a_fee_no_renewal_is_agreed_and_that_is_said() {
    let mut school = staying().covered("2018-09-01", None);
    school.known.fees.clear();
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

/// D10: between the agreement and 1 April, and also where that becomes known when the new year runs.
#[test]
fn cover_that_ends_before_an_agreed_year_warns() {
    let renewed = staying().covered("2018-09-01", None).after(AGREES, Occasion::Day, "2020-02-20");
    let school = renewed.covered("2018-09-01", Some("2020-03-31"));
    for on in ["2020-03-01", "2020-04-05"] {
        let warning = Command::WarnOfCover { ends_on: day("2020-03-31"), on: day(on) };
        assert_eq!(school.asked(WARNS, Occasion::Day, on), Some(warning));
    }
    let mut joined = School::new(SCHOOL)
        .covered("2014-09-01", Some("2019-03-31"))
        .having(Command::RecordRunning { from: day("2019-04-01"), year: year("2019-20") });
    let asked = joined.asked(WARNS, Occasion::Day, "2019-04-01").unwrap();
    joined.ask(asked).unwrap();
    assert_eq!(joined.known.membership.cover_ends_on, Some(day("2019-03-31")));
}

/// D10: a list that is read late warns late, within the year, and never of years gone by.
#[test]
fn cover_that_ended_already_warns_in_its_year() {
    let school = member().covered("2018-09-01", Some("2019-08-31"));
    assert!(school.asked(WARNS, Occasion::Day, "2019-10-01").is_some());
    let long_ago = member().covered("2012-09-01", Some("2014-08-31"));
    assert_eq!(long_ago.asked(WARNS, Occasion::Day, "2019-10-01"), None);
}
