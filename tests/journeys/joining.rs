//! From an invitation, or none, to the first day of membership (R4 to R9).

use app::{Failure, Noted, RestsOn, What, Who, no_progress};
use chrono::NaiveDate;
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::membership::{Advice, Command, Decision, JoiningTerms, Role, Verdict};
use membership::{Membership, Outcome};
use national_data::File;
use national_data::sample::Nation;
use projections::memberships::{Application, Invitation, Terms};
use schools::Register;

use crate::journeys::world::{World, day, question};
use crate::journeys::{FEBRUARY, FILES};

const MARCH: &str = "2019-03-12";

pub(crate) fn year() -> LeadingEdgeYear {
    "2019-20".parse().unwrap()
}

/// A nation's national data and its review of February, on record in March.
#[track_caller]
pub(crate) fn reviewed(nation: &Nation) -> World {
    let mut world = World::of(nation, "2018-02-01");
    for (_, file) in FILES {
        world.import(file);
    }
    world.adopt();
    let reviewed = world.on(FEBRUARY).review(&question("2019-20", None, FEBRUARY));
    world.record(&reviewed);
    world.on(MARCH);
    world
}

/// Everybody is invited who is to be, with an answer due by the end of March.
#[track_caller]
fn invited(nation: &Nation) -> World {
    let mut world = reviewed(nation);
    let until = Some(day("2019-03-31"));
    let invite = async |office: &mut app::Office| {
        office.invite(year(), until, None, &no_progress).await.unwrap()
    };
    let invitations = world.on("2019-03-01").at_office(invite);
    assert_eq!(invitations.answer_by, until);
    let authorities: usize = invitations.by_local_authority.values().sum();
    assert_eq!(authorities, invitations.invited.len());
    world.on(MARCH);
    world
}

/// Open schools of which the review found something, ascending by URN.
#[track_caller]
pub(crate) fn found(
    world: &mut World,
    like: impl Fn(&projections::findings::Row) -> bool,
) -> Vec<Urn> {
    let read = world.desk().read_store();
    let (_, findings) = read.review(year()).unwrap().unwrap();
    let is_open = |urn: Urn| {
        read.school(urn).unwrap().is_some_and(|school| school.status != Some(Register::Closed))
    };
    let urns = findings.iter().filter(|finding| like(finding)).map(|finding| finding.urn);
    urns.filter(|urn| is_open(*urn)).collect()
}

/// The first of them that SSAT covers on a day, or does not.
#[track_caller]
fn with_cover(world: &mut World, urns: &[Urn], on: &str, covered: bool) -> Urn {
    let desk = world.desk();
    let is_covered =
        |urn: &Urn| desk.cover_on(*urn, day(on)).unwrap().covers(day(on)).is_ok() == covered;
    *urns.iter().find(|urn| is_covered(urn)).expect("another nation has one")
}

#[track_caller]
fn apply(world: &mut World, urn: Urn) -> app::Applied {
    world
        .at_office(async |office| office.apply(urn, year(), Role::Headteacher, None).await.unwrap())
}

/// A membership that runs already makes a school one whose headteacher may decide (R37, R38).
#[track_caller]
pub(crate) fn make_members(world: &mut World, urns: &[Urn]) {
    for urn in urns {
        let command = Command::RecordRunning { from: day("2015-04-01"), year: year().previous() };
        world.at_office(async |office| {
            let asked = office.asked(CommandId::mint());
            office.ask::<Membership>(&urn.to_string(), command, asked).await.unwrap();
            office.settle(&no_progress).await.unwrap();
        });
    }
}

#[track_caller]
fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    let failure = answer.unwrap_err();
    assert!(failure.is_refusal(), "{failure}");
    failure.to_string()
}

/// R4.
#[test]
fn an_invited_school_applies_without_evidence_and_the_same_application_twice_is_one() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.invited);
    let urn = with_cover(&mut world, &urns, "2019-04-01", true);
    let applied = apply(&mut world, urn);
    assert_eq!((applied.noted, applied.case.advice), (Noted::New, Advice::Eligible));
    assert!(matches!(applied.case.rests_on, RestsOn::Invitation(_)));
    assert_eq!(applied.case.stage, Application::Prepared);
    assert_eq!(applied.case.next.unwrap().who, Who::Office);

    let before = world.head();
    assert_eq!(apply(&mut world, urn).noted, Noted::Already);
    assert_eq!(world.head(), before);
    let answers = world.desk().invited(year()).unwrap();
    let taken = answers.iter().filter(|invitation| invitation.answer == Invitation::Taken);
    assert_eq!(taken.map(|invitation| invitation.urn).collect::<Vec<_>>(), [urn]);

    for _ in 0..2 {
        let accept = async |office: &mut app::Office| {
            office.accept(urn, None, JoiningTerms::FullPackage, vec![], None).await.unwrap()
        };
        let acceptance = world.at_office(accept);
        assert_eq!((acceptance.first_day, acceptance.missed), (day("2019-04-01"), vec![]));
    }
    assert_eq!(world.head(), before + 1, "accepted twice is accepted once");
}

/// R4: whatever day the extension is dated on, nobody can answer by one that is past.
#[test]
fn an_invitation_is_extended_to_a_day_that_is_not_past() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = [found(&mut world, |finding| finding.invited)[0]];
    world.on("2019-04-20");
    let mut extend = |until: &str| {
        world.at_office(async |office| {
            let on = Some(day("2019-04-01"));
            let until = day(until);
            let nobody = &no_progress;
            office.extend_invitations(&urns, year(), until, "the governors", on, nobody).await
        })
    };
    let refused = refusal(extend("2019-04-19"));
    assert!(
        refused.starts_with("19 Apr 2019 is past") && refused.contains("20 Apr 2019"),
        "{refused}"
    );
    for noted in [Noted::New, Noted::Already] {
        assert_eq!(extend("2019-04-20").unwrap()[0].noted, noted);
    }
}

/// R5, R16: a profile answers for one school what a review as at that day answers for it among all.
#[test]
fn a_school_that_was_not_invited_is_told_what_a_review_would_find() {
    let mut world = invited(&Nation::generate(11, 400));
    let document = world.document(&question("2019-20", None, MARCH));
    let mut told = std::collections::BTreeSet::new();
    for (urns, advice) in [
        (found(&mut world, |it| it.eligible && !it.invited), Advice::Eligible),
        (
            found(&mut world, |it| !it.eligible && it.outcome == Outcome::Referral),
            Advice::EvidenceNeeded,
        ),
        (found(&mut world, |it| it.outcome == Outcome::NotEligible), Advice::Refer),
        (found(&mut world, |it| !it.eligible && it.outcome == Outcome::Judgement), Advice::Refer),
    ] {
        for urn in urns.into_iter().take(5) {
            let case = apply(&mut world, urn).case;
            assert_eq!(case.advice, advice, "{urn}");
            let RestsOn::Profile(profile) = case.rests_on else { panic!("{urn} was not invited") };
            let found = document.schools.iter().find(|school| school.urn == urn).unwrap();
            assert_eq!(&profile.school, found);
            told.insert(format!("{:?}", case.stage));
        }
    }
    assert_eq!(told.len(), 3, "{told:?}");
}

/// R4: an invitation that was declined, or not answered in time, is none; the school may apply on its profile.
#[test]
fn an_invitation_declined_or_past_its_day_is_not_applied_by() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.invited);
    let (declines, answers_late) = (urns[0], urns[1]);
    for noted in [Noted::New, Noted::Already] {
        let decline = async |office: &mut app::Office| {
            office.decline_invitation(declines, year(), Some("no time".into()), None).await.unwrap()
        };
        assert_eq!(world.at_office(decline), noted);
    }
    let case = apply(&mut world, declines).case;
    assert!(matches!(case.rests_on, RestsOn::Profile(_)));
    let case = apply(world.on("2019-04-01"), answers_late).case;
    assert!(matches!(case.rests_on, RestsOn::Profile(_)));
    assert_eq!(case.advice, Advice::Eligible, "it is eligible all the same");
}

/// R4: the day the school answered on decides, and not the day its letter was opened on.
#[test]
fn a_letter_that_was_in_time_counts_though_the_invitation_has_expired() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.invited);
    let (applies, declines) = (urns[0], urns[1]);
    world.on("2019-04-05");
    for urn in [applies, declines] {
        let command = Command::ExpireInvitation { year: year(), on: day("2019-04-01") };
        world.at_office(async |office| {
            let asked = office.asked(CommandId::mint());
            office.ask::<Membership>(&urn.to_string(), command, asked).await.unwrap();
            office.settle(&no_progress).await.unwrap();
        });
    }
    let answered_on = Some(day("2019-03-31"));
    let applied = world.at_office(async |office| {
        office.apply(applies, year(), Role::Headteacher, answered_on).await.unwrap()
    });
    assert!(matches!(applied.case.rests_on, RestsOn::Invitation(_)));
    assert_eq!(applied.case.stage, Application::Prepared);
    let decline = async |office: &mut app::Office, on| {
        office.decline_invitation(declines, year(), None, on).await
    };
    let late = world.at_office(async |office| decline(office, None).await);
    assert!(refusal(late).contains("was to be answered by 31 Mar 2019"));
    assert_eq!(
        world.at_office(async |office| decline(office, answered_on).await).unwrap(),
        Noted::New
    );
    let answers = world.desk().invited(year()).unwrap();
    let answer = |urn| answers.iter().find(|it| it.urn == urn).unwrap().answer;
    assert_eq!((answer(applies), answer(declines)), (Invitation::Taken, Invitation::Declined));
}

/// R4: nor does an invitation outlast its day for a school that took it once and withdrew.
#[test]
fn who_comes_back_after_the_last_day_to_answer_comes_on_its_profile() {
    let mut world = invited(&Nation::generate(11, 400));
    let urn = found(&mut world, |finding| finding.invited)[0];
    assert!(matches!(apply(&mut world, urn).case.rests_on, RestsOn::Invitation(_)));
    world.at_office(async |office| office.withdraw(urn, None, None).await.unwrap());
    let case = apply(world.on("2019-12-02"), urn).case;
    assert!(matches!(case.rests_on, RestsOn::Profile(_)));
}

/// D12.
#[test]
fn a_school_that_closed_is_told_which_came_after_it() {
    let mut world = invited(&Nation::generate(11, 400));
    let invitations = world.desk().invitations(year()).unwrap();
    let closed = invitations.closed.first().expect("another nation has one");
    let (urn, successor) = (closed.urn, closed.successor.unwrap());
    let refused = world
        .at_office(async |office| refusal(office.apply(urn, year(), Role::Office, None).await));
    let expected = format!("; {successor} came after it and may apply");
    assert!(refused.starts_with(&urn.to_string()) && refused.ends_with(&expected), "{refused}");
}

/// R7, D10.
#[test]
fn without_ssat_cover_on_the_first_day_it_is_prepared_and_not_accepted() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.invited);
    let urn = with_cover(&mut world, &urns, "2019-04-01", false);
    let case = apply(&mut world, urn).case;
    assert_eq!(case.next.unwrap().who, Who::School, "it is to see to its SSAT membership");
    let before = world.head();
    let accept = async |office: &mut app::Office| {
        office.accept(urn, None, JoiningTerms::FullPackage, vec![], None).await
    };
    let refused = refusal(world.at_office(accept));
    assert!(refused.contains("prepared, not accepted: it is not a member"), "{refused}");
    assert_eq!(world.head(), before);

    let list = format!("urn,from,until,via_trust\n{urn},2019-04-01,2020-03-31,\n");
    world.import_file(&File::from_bytes("ssat-cover-march.csv", list), What::Cover, None);
    assert_eq!(world.at_office(accept).unwrap().first_day, day("2019-04-01"));
}

/// R9, D11.
#[test]
fn a_late_joiner_has_three_ways_in_and_is_told_what_it_missed() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.eligible && !finding.invited);
    let urn = with_cover(&mut world, &urns, "2020-04-01", true);
    world.on("2020-01-13");
    apply(&mut world, urn);
    let february = Some(day("2020-02-01"));
    let ways = world.desk().ways_in(urn, february, None).unwrap();
    let told: Vec<(Terms, NaiveDate, i64, i64)> =
        ways.ways.iter().map(|way| (way.terms, way.first_day, way.days, way.of_days)).collect();
    assert_eq!(
        told,
        [
            (Terms::FullPackage, day("2020-02-01"), 60, 366),
            (Terms::AgreedTerms, day("2020-02-01"), 60, 366),
            (Terms::FromNextApril, day("2020-04-01"), 365, 365),
        ]
    );
    let missed = "1 Apr 2019 to 31 Jan 2020 (306 of the year's 366 days)";
    assert_eq!(ways.missed, [missed]);

    let agreed = |approver: &str| JoiningTerms::AgreedTerms {
        fee_pence: 60_000,
        reason: "joins for the summer term".to_owned(),
        approver: approver.to_owned(),
    };
    let accept = |world: &mut World, terms: JoiningTerms, first_day: Option<NaiveDate>| {
        world.at_office(async |office| {
            let missed = vec!["the conference of November".to_owned()];
            office.accept(urn, first_day, terms, missed, None).await
        })
    };
    let refused = refusal(accept(&mut world, agreed(" "), february));
    assert!(refused.contains("agreed terms need their reason and who approved them"), "{refused}");
    let acceptance = accept(&mut world, agreed("minute 12"), february).unwrap();
    assert_eq!(acceptance.missed, [missed, "the conference of November"]);
    let refused = refusal(accept(&mut world, JoiningTerms::FullPackage, february));
    assert!(refused.contains("was accepted on 13 Jan 2020"), "{refused}");

    let other = urns.into_iter().filter(|it| *it != urn).collect::<Vec<_>>();
    let other = with_cover(&mut world, &other, "2020-04-01", true);
    apply(&mut world, other);
    let waits = world.at_office(async |office| {
        office.accept(other, None, JoiningTerms::FromNextApril, vec![], None).await.unwrap()
    });
    assert_eq!((waits.first_day, waits.missed), (day("2020-04-01"), vec![]));
}

/// R11: nobody becomes a member of a year that is past, whatever day is written on it.
#[test]
fn in_a_year_that_is_over_no_way_is_open_and_none_is_taken() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.eligible && !finding.invited);
    let urn = with_cover(&mut world, &urns, "2020-04-01", true);
    world.on("2020-01-13");
    apply(&mut world, urn);
    let ways = |world: &mut World, on: Option<NaiveDate>| -> Vec<Terms> {
        let ways = world.desk().ways_in(urn, None, on).unwrap();
        ways.ways.into_iter().map(|way| way.terms).collect()
    };
    let then = Some(day("2020-02-01"));
    world.on("2020-06-22");
    assert_eq!(
        ways(&mut world, None),
        [Terms::FromNextApril],
        "the year that it applied for is over"
    );
    assert_eq!(ways(&mut world, then).len(), 3, "it was decided then, and no day has begun since");
    world.on("2021-04-01");
    world.at_office(async |office| office.begin_days(None, &no_progress).await.unwrap());
    assert_eq!((ways(&mut world, None), ways(&mut world, then)), (vec![], vec![]));
    for (terms, ended) in
        [(JoiningTerms::FullPackage, "31 Mar 2020"), (JoiningTerms::FromNextApril, "31 Mar 2021")]
    {
        let refused = refusal(
            world.at_office(async |office| office.accept(urn, None, terms, vec![], then).await),
        );
        assert!(refused.contains(&format!("ended on {ended}")), "{refused}");
    }
}

/// R6, R37.
#[test]
fn the_steering_group_decides_without_those_who_have_an_interest_and_only_as_members() {
    let mut world = invited(&Nation::generate(11, 400));
    let urn = found(&mut world, |finding| finding.outcome == Outcome::NotEligible)[0];
    let members = found(&mut world, |finding| finding.invited)[..3].to_vec();
    let outside = found(&mut world, |finding| finding.invited)[3];
    make_members(&mut world, &members);
    apply(&mut world, urn);
    let meeting = day("2019-03-14");
    world.at_office(async |office| {
        let (question, why) = ("Is its case strong?".to_owned(), "top quartile".to_owned());
        office.refer(urn, question, why, day("2019-03-13"), None).await.unwrap();
        office.defer(urn, meeting, "the results are wanted".to_owned(), None).await.unwrap();
        let refused = refusal(office.declare_interest(urn, outside, None).await);
        assert!(refused.contains("was no member school on 12 Mar 2019"), "{refused}");
        office.declare_interest(urn, members[0], None).await.unwrap();
    });
    let packs = world.desk().packs(meeting).unwrap();
    assert_eq!(packs.iter().map(|pack| pack.school.urn).collect::<Vec<_>>(), [urn]);

    world.on("2019-03-14");
    let decide = |world: &mut World, by: &[Urn]| {
        let decision = Decision {
            verdict: Verdict::Declined,
            reasons: "no evidence of it".to_owned(),
            minute: "item 3".to_owned(),
            decided_by: by.iter().copied().collect(),
            on: meeting,
        };
        world.at_office(async |office| office.decide(urn, decision).await)
    };
    let refused = refusal(decide(&mut world, &[members[1], outside]));
    assert!(refused.starts_with(&format!("{outside} ")), "{refused}");
    let refused = refusal(decide(&mut world, &members));
    assert!(refused.contains("declared an interest"), "{refused}");
    assert_eq!(decide(&mut world, &members[1..]).unwrap(), Noted::New);
    assert_eq!(decide(&mut world, &members[1..]).unwrap(), Noted::Already);

    let case = world.desk().case(urn).unwrap();
    let decided = case.decision.unwrap();
    let by: Vec<Urn> = decided.decided_by.iter().map(|school| school.urn).collect();
    assert_eq!((case.stage, by), (Application::Declined, members[1..].to_vec()));
    assert_eq!(case.next, None);
    assert_eq!(case.referral.unwrap().deferrals.len(), 1);
}

/// D5, R12.
#[test]
fn a_member_on_whom_the_review_does_not_decide_is_before_the_meeting_too() {
    let mut world = invited(&Nation::generate(11, 400));
    let undecided = found(&mut world, |finding| finding.outcome == Outcome::Judgement)[0];
    let clear = found(&mut world, |finding| finding.outcome == Outcome::Renew)[0];
    make_members(&mut world, &[undecided, clear]);
    let [pack] = &world.desk().packs(day("2019-03-14")).unwrap()[..] else {
        panic!("one school is undecided")
    };
    assert_eq!(pack.school.urn, undecided);
    let app::Matter::Judgement(judged) = &pack.matter else { panic!("it is a member") };
    assert_eq!((judged.year, judged.outcome), (year(), Outcome::Judgement));
    assert_eq!((judged.judgement.is_none(), judged.until), (true, Some(day("2019-03-31"))));
    // What it failed is on the page, and beside it the years it failed in.
    let failed = pack.criteria.clauses.iter().filter(|clause| clause.rule == "R13");
    assert_eq!(failed.count(), pack.results.len());
    let nation = pack.results[0].nation.unwrap();
    let document = world.document(&question("2019-20", None, MARCH));
    assert_eq!(nation.threshold, document.threshold.unwrap().value, "R3: the threshold recorded");
    assert!(nation.p10 < nation.p25 && nation.p25 < nation.median && nation.p75 < nation.p90);
}

#[test]
fn the_list_puts_first_what_has_waited_longest() {
    let mut world = invited(&Nation::generate(11, 400));
    let urns = found(&mut world, |finding| finding.outcome == Outcome::Referral);
    let (asked, applied_later, withdrawn) = (urns[0], urns[1], urns[2]);
    for urn in [asked, withdrawn] {
        apply(&mut world, urn);
    }
    world.at_office(async |office| {
        let due = day("2019-03-13");
        office.request_evidence(asked, "results by subject".into(), due, None).await.unwrap();
        office.withdraw(withdrawn, None, None).await.unwrap();
    });
    apply(world.on("2019-03-20"), applied_later);
    let all = app::ApplicationsAsked::default();
    let lines = world.desk().applications(&all).unwrap();
    let listed: Vec<(Urn, bool)> =
        lines.iter().map(|line| (line.urn, line.next.as_ref().unwrap().overdue)).collect();
    assert_eq!(listed, [(asked, true), (applied_later, false)]);
    let closed = app::ApplicationsAsked {
        stages: vec![Application::Withdrawn],
        ..app::ApplicationsAsked::default()
    };
    let lines = world.desk().applications(&closed).unwrap();
    assert_eq!(lines.iter().map(|line| line.urn).collect::<Vec<_>>(), [withdrawn]);
}
