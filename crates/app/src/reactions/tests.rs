use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kernel::{CommandId, Grade, LeadingEdgeYear, Outcome, Source, Urn};
use membership::fee::Price;
use membership::membership::Command;
use membership::{Fee, Membership};
use policies::{Asking, Cannot, Known, Occasion, POLICIES, Policy, concerned};
use schools::school::Inspection;
use schools::{NationalData, School};

use super::Reactions;
use crate::{Failure, Named, Office, no_progress};

mod moving_on;

/// Warns of cover day by day; for one school only once a fee is known.
const WARNS: &[Policy] = &[Policy { name: "warns-daily", react: warns_daily }];

/// Asks what is always refused, and then as above.
const PRESSES: &[Policy] = &[Policy { name: "lapses-early", react: lapses_early }, WARNS[0]];

const THIS: &str = "100003";
const OTHER: &str = "100004";

fn warns_daily(occasion: Occasion<'_>, on: NaiveDate, school: &Known) -> Answer {
    if !occasion.is_a_day() {
        return Ok(None);
    }
    if school.membership.urn == urn(THIS) {
        school.fee_of(LeadingEdgeYear::containing(on))?;
    }
    Ok(Some(Asking::Membership {
        urn: school.membership.urn,
        command: Command::WarnOfCover { ends_on: on, on },
    }))
}

fn lapses_early(occasion: Occasion<'_>, on: NaiveDate, school: &Known) -> Answer {
    if !occasion.is_a_day() {
        return Ok(None);
    }
    let year = LeadingEdgeYear::containing(on);
    let asking = Asking::Membership {
        urn: school.membership.urn,
        command: Command::Lapse { year, cover: None, on },
    };
    Ok(Some(asking).filter(|asking| asking.urn() == urn(OTHER)))
}

type Answer = Result<Option<Asking>, Cannot>;

#[tokio::test]
async fn what_a_day_brings_happens_once_also_where_the_bookmark_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-04-02")).await;
    office.begin_days(Some(day("2019-03-31")), &no_progress).await.unwrap();
    let begun = office.begin_days(None, &no_progress).await.unwrap();
    let brought = |index: usize| begun.days[index].brought.clone().into_iter().collect::<Vec<_>>();
    assert_eq!(begun.days.len(), 2);
    assert_eq!(brought(0), [("MembershipLapsed".to_owned(), 2)]);
    assert_eq!(brought(1), []);
    let head = office.desk().journal().head().unwrap();
    office.close().await.unwrap();

    std::fs::remove_dir_all(folder.path().join("heads.sled")).unwrap();
    let mut office = office_of(&open(folder.path(), "2019-04-02"), POLICIES);
    office.settle(&no_progress).await.unwrap();
    assert!(office.begin_days(None, &no_progress).await.unwrap().days.is_empty());
    assert_eq!(office.desk().journal().head().unwrap(), head);
}

#[tokio::test]
async fn what_is_asked_says_which_policy_asked_on_which_event_and_on_which_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-04-05")).await;
    office.begin_days(Some(day("2019-04-01")), &no_progress).await.unwrap();
    let journal = office.desk().journal();
    let lapsed = journal.event(journal.head().unwrap()).unwrap().unwrap();
    let began = journal.event(journal.head().unwrap() - 2).unwrap().unwrap();
    assert_eq!(
        (began.event_type.as_str(), lapsed.event_type.as_str()),
        ("DayBegan", "MembershipLapsed")
    );
    assert_eq!(lapsed.actor, "policy year-end-lapses");
    assert_eq!((lapsed.causation, lapsed.correlation), (Some(began.id), began.correlation));
    assert_eq!(lapsed.effective_on, day("2019-04-01"));
}

#[tokio::test]
async fn days_begin_one_after_the_other_and_none_that_has_not_come() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    office.reactions = Reactions::of(WARNS, concerned);
    let refused = office.begin_days(Some(day("2019-03-21")), &no_progress).await.unwrap_err();
    assert!(matches!(refused, Failure::DayToCome { .. }), "{refused}");
    let first = office.begin_days(Some(day("2019-03-17")), &no_progress).await.unwrap();
    assert_eq!(first.days.iter().map(|day| day.on).collect::<Vec<_>>(), [day("2019-03-17")]);
    let rest = office.begin_days(None, &no_progress).await.unwrap();
    let days: Vec<_> = rest.days.iter().map(|day| day.on.to_string()).collect();
    assert_eq!(days, ["2019-03-18", "2019-03-19", "2019-03-20"]);
    assert!(
        office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap().days.is_empty()
    );
    assert_eq!(warned(&office, OTHER), ["2019-03-17", "2019-03-18", "2019-03-19", "2019-03-20"]);
}

/// D16: what the days between bring is not passed over.
#[tokio::test]
async fn nothing_is_entered_of_a_day_that_has_not_begun_once_days_begin() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    assert_eq!(office.day(None).unwrap(), day("2019-03-20"));
    office.begin_days(Some(day("2019-03-17")), &no_progress).await.unwrap();
    assert_eq!(office.day(Some(day("2019-03-17"))).unwrap(), day("2019-03-17"));
    for named in [None, Some(day("2019-03-18"))] {
        let refused = office.day(named).unwrap_err();
        assert!(matches!(refused, Failure::DayNotBegun { .. }) && refused.is_refusal());
        let until = named.unwrap_or(day("2019-03-20"));
        assert!(
            refused.to_string().ends_with(&format!("`ledge day --until {until}`")),
            "{refused}"
        );
    }
    office.begin_days(None, &no_progress).await.unwrap();
    assert_eq!(office.day(None).unwrap(), day("2019-03-20"));
}

#[tokio::test]
async fn one_school_that_cannot_be_done_waits_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let clock = open(folder.path(), "2019-03-20");
    let mut office = with_two_members(&clock).await;
    office.reactions = Reactions::of(WARNS, concerned);
    office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap();
    office.begin_days(None, &no_progress).await.unwrap();
    assert_eq!(warned(&office, OTHER), ["2019-03-18", "2019-03-19", "2019-03-20"]);
    assert_eq!(warned(&office, THIS), [""; 0]);
    assert_eq!(office.parked_meanwhile().unwrap().len(), 1);
    let parked = office.desk().parked().unwrap();
    let [parked] = parked.as_slice() else { panic!("{parked:?}") };
    assert_eq!((parked.urn, parked.policy.as_str(), parked.waiting), (urn(THIS), "warns-daily", 2));
    assert_eq!((parked.since, parked.attempts), (day("2019-03-18"), 1));
    assert!(parked.why.contains("no fee is set for 2018-19"), "{}", parked.why);

    let tried = office.retry_parked(urn(THIS), &no_progress).await.unwrap();
    assert_eq!(tried.left.unwrap().attempts, 2);
    assert_eq!(warned(&office, THIS), [""; 0]);

    set_fee(&office).await;
    // Also where another program comes to it.
    office.close().await.unwrap();
    let mut office = office_of(&clock, WARNS);
    office.settle(&no_progress).await.unwrap();
    assert_eq!(warned(&office, THIS), [""; 0]);
    let tried = office.retry_parked(urn(THIS), &no_progress).await.unwrap();
    assert_eq!(tried.left, None);
    assert_eq!(warned(&office, THIS), ["2019-03-18", "2019-03-19", "2019-03-20"]);
    let refused = office.retry_parked(urn(THIS), &no_progress).await.unwrap_err();
    assert_eq!(refused.to_string(), "nothing is parked for this school");
}

#[tokio::test]
async fn what_is_dismissed_stays_undone_and_what_waited_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    office.reactions = Reactions::of(WARNS, concerned);
    office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap();
    office.begin_days(None, &no_progress).await.unwrap();
    set_fee(&office).await;
    office.settle(&no_progress).await.unwrap();
    let refused = office.dismiss_parked(urn(THIS), " ".into(), &no_progress).await.unwrap_err();
    assert!(refused.is_refusal());
    assert_eq!(warned(&office, THIS), [""; 0]);
    let reason = "warned by letter".to_owned();
    let tried = office.dismiss_parked(urn(THIS), reason, &no_progress).await.unwrap();
    assert_eq!(tried.left, None);
    let came: Vec<_> = tried.came.iter().map(|it| (it.urn, it.on, it.what.as_str())).collect();
    assert_eq!(came.len(), 2, "{came:?}");
    for ((school, on, what), expected) in came.iter().zip(["2019-03-19", "2019-03-20"]) {
        assert_eq!((*school, *on), (urn(THIS), day(expected)));
        assert!(what.contains("SSAT"), "{what}");
    }
    assert_eq!(warned(&office, THIS), ["2019-03-19", "2019-03-20"]);
    // Told again from the day on, it is not done after all.
    office.reactions = Reactions::of(WARNS, concerned);
    office.settle(&no_progress).await.unwrap();
    assert_eq!(warned(&office, THIS), ["2019-03-19", "2019-03-20"]);
}

/// Else a person would have to say the same of every day that waits, and of every day that comes.
#[tokio::test]
async fn what_is_dismissed_is_so_for_all_that_waits_and_on_the_days_to_come() {
    let folder = tempfile::tempdir().unwrap();
    let place = open(folder.path(), "2019-03-20");
    let mut office = with_two_members(&place).await;
    office.reactions = Reactions::of(WARNS, concerned);
    office.begin_days(Some(day("2019-03-17")), &no_progress).await.unwrap();
    office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap();
    let reason = "the fee is to come".to_owned();
    assert_eq!(office.dismiss_parked(urn(THIS), reason, &no_progress).await.unwrap().left, None);
    let begun = office.begin_days(Some(day("2019-03-19")), &no_progress).await.unwrap();
    assert_eq!(begun.parked, []);
    // Once its obstacle is gone, the next day does it; also where another program comes to it.
    set_fee(&office).await;
    office.close().await.unwrap();
    let mut office = office_of(&place, WARNS);
    assert_eq!(office.begin_days(None, &no_progress).await.unwrap().parked, []);
    assert_eq!(warned(&office, THIS), ["2019-03-20"]);
}

#[tokio::test]
async fn a_refusal_is_parked_at_once_with_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    set_fee(&office).await;
    office.reactions = Reactions::of(PRESSES, concerned);
    let begun = office.begin_days(None, &no_progress).await.unwrap();
    let [parked] = begun.parked.as_slice() else { panic!("{:?}", begun.parked) };
    assert_eq!((parked.urn, parked.attempts), (urn(OTHER), 1));
    assert!(parked.why.contains("31 Mar 2019"), "{}", parked.why);
    // Nor is anything else of the event done for it.
    assert_eq!((warned(&office, OTHER).len(), warned(&office, THIS).len()), (0, 1));
}

/// What never comes holds up nothing for ever.
#[tokio::test]
async fn a_half_read_file_that_is_given_up_holds_up_nothing_and_what_it_said_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap();
    let (file, sha256) = begin_to_read(&office).await;
    inspected(&office, "2018-10-02", Grade::RequiresImprovement).await;
    let refused = office.begin_days(None, &no_progress).await.unwrap_err();
    assert!(refused.to_string().contains("`ledge import give-up \"ofsted.csv\""), "{refused}");
    assert_eq!(marked(&office), 0);

    let named = |file: &str| Named { file: file.to_owned(), ..Named::default() };
    let meant = named("register.csv");
    let elsewhere = office.give_up_import(&meant, "gone".into(), &no_progress);
    let elsewhere = elsewhere.await.unwrap_err().to_string();
    assert!(elsewhere.contains("what is: ofsted.csv (0123456789ab)"), "{elsewhere}");
    let meant = named(&file);
    let unsaid = office.give_up_import(&meant, " ".into(), &no_progress).await;
    assert!(unsaid.unwrap_err().is_refusal());
    let meant = named(&sha256);
    let given_up = office.give_up_import(&meant, "cut off".into(), &no_progress);
    let given_up = given_up.await.unwrap();
    assert_eq!(given_up.begun_on, day("2019-03-20"));
    assert_eq!(given_up.schools.len() as u64, given_up.facts);
    assert_eq!(marked(&office), 1, "what was recorded stays, and is told");
    assert_eq!(office.begin_days(None, &no_progress).await.unwrap().days.len(), 2);
    let meant = named(&file);
    let none = office.give_up_import(&meant, "cut off".into(), &no_progress);
    let none = none.await.unwrap_err();
    assert!(none.to_string().contains("no file is half read"), "{none}");
    // It is found after all, and holds up what follows until it is whole.
    begin_to_read(&office).await;
    inspected(&office, "2019-01-15", Grade::Good).await;
    office.settle(&no_progress).await.unwrap();
    assert_eq!(restored(&office), 0);
}

/// D9: a grade is bettered further down in a file, and reading it stops in between.
#[tokio::test]
async fn half_a_file_decides_nothing() {
    use schools::national_data::{Command, Dataset, Import, Rows};
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap();
    let (file, sha256) = begin_to_read(&office).await;
    inspected(&office, "2018-10-02", Grade::RequiresImprovement).await;
    office.settle(&no_progress).await.unwrap();
    assert_eq!(marked(&office), 0);
    let refused = office.begin_days(None, &no_progress).await.unwrap_err();
    assert!(refused.is_refusal());
    assert!(refused.to_string().contains("ofsted.csv is half read"), "{refused}");
    // A day that has begun is no new one.
    office.begin_days(Some(day("2019-03-18")), &no_progress).await.unwrap();

    inspected(&office, "2019-01-15", Grade::Good).await;
    let import = Import {
        dataset: Dataset::Ofsted,
        release: None,
        file,
        sha256,
        layout: "a".into(),
        public_from: None,
        rows: Rows::default(),
        confirmed: vec![],
    };
    let asked = office.asked(CommandId::mint());
    office.ask::<NationalData>("ofsted", Command::RecordImport(import), asked).await.unwrap();
    assert_eq!(office.begin_days(None, &no_progress).await.unwrap().days.len(), 2);
    assert_eq!(marked(&office), 0);
    inspected(&office, "2019-03-05", Grade::Inadequate).await;
    office.settle(&no_progress).await.unwrap();
    assert_eq!(marked(&office), 1);
}

async fn inspected(office: &Office, on: &str, grade: Grade) {
    let inspection = Inspection {
        inspected_on: day(on),
        published_on: Some(day(on)),
        outcome: Outcome::Overall(grade),
        also_printed: None,
        source: Source { file: "ofsted.csv".into(), sha256: "0123456789ab".into(), line: 2 },
    };
    let command = schools::school::Command::RecordInspections(vec![inspection]);
    office.ask::<School>(THIS, command, office.asked(CommandId::mint())).await.unwrap();
}

/// The name and the SHA-256 of a file of inspections that is half read from now on.
async fn begin_to_read(office: &Office) -> (String, String) {
    use schools::national_data::{Begun, Command, Dataset};
    let begun = Begun {
        dataset: Dataset::Ofsted,
        release: None,
        file: "ofsted.csv".to_owned(),
        sha256: "0123456789ab".to_owned(),
        public_from: None,
    };
    let asked = office.asked(CommandId::mint());
    let command = Command::BeginImport(begun.clone());
    let done = office.ask::<NationalData>("ofsted", command, asked).await.unwrap();
    assert_eq!(done.events.len(), 1);
    (begun.file, begun.sha256)
}

fn marked(office: &Office) -> usize {
    recorded(office, "MarkedNotEligibleToRenew")
}

fn restored(office: &Office) -> usize {
    recorded(office, "EligibilityRestored")
}

fn recorded(office: &Office, event_type: &str) -> usize {
    let mut entries = vec![];
    office.desk().journal().read(0, usize::MAX >> 1, &mut entries).unwrap();
    entries.iter().filter(|it| it.event_type == event_type).count()
}

struct Place<'a> {
    folder: &'a Path,
    now: DateTime<Utc>,
}

/// R11, D16: 31 March is the last day and 1 April is not, in London's time: in summer it is an hour ahead of UTC.
#[tokio::test]
async fn a_membership_lapses_when_1_april_has_come_to_london() {
    for (time, last, lapsed) in [("22:59", "2019-03-31", 0), ("23:01", "2019-04-01", 2)] {
        let folder = tempfile::tempdir().unwrap();
        let office = with_two_members(&open(folder.path(), "2019-03-30")).await;
        office.close().await.unwrap();
        let late = format!("2019-03-31T{time}:00Z").parse().unwrap();
        let mut office = office_of(&Place { folder: folder.path(), now: late }, POLICIES);
        let begun = office.begin_days(None, &no_progress).await.unwrap();
        assert_eq!(begun.last, Some(day(last)), "{time}");
        let lapses = begun.days.iter().filter_map(|day| day.brought.get("MembershipLapsed"));
        assert_eq!(lapses.sum::<u64>(), lapsed, "{time}");
        office.close().await.unwrap();
    }
}

fn open<'a>(folder: &'a Path, today: &str) -> Place<'a> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    Place { folder, now: day(today).and_time(noon).and_utc() }
}

fn office_of(place: &Place<'_>, policies: &'static [Policy]) -> Office {
    let now = place.now;
    let mut office =
        Office::open(place.folder, Arc::new(move || now), "office", &no_progress).unwrap();
    office.reactions = Reactions::of(policies, concerned);
    office
}

/// Both until 31 March 2019.
async fn with_two_members(place: &Place<'_>) -> Office {
    let mut office = office_of(place, POLICIES);
    for school in [THIS, OTHER] {
        let year = "2018-19".parse().unwrap();
        let command = Command::RecordRunning { from: day("2015-04-01"), year };
        let asked = office.asked(CommandId::mint());
        office.ask::<Membership>(school, command, asked).await.unwrap();
    }
    office.settle(&no_progress).await.unwrap();
    office
}

async fn set_fee(office: &Office) {
    let price = Price {
        year: "2018-19".parse().unwrap(),
        fee_pence: 160_000,
        minute: "minute 3".into(),
        on: office.today(),
    };
    let asked = office.asked(CommandId::mint());
    office.ask::<Fee>("2018-19", membership::fee::Command::Set(price), asked).await.unwrap();
}

/// The days of which a school was warned, in the order of its history.
fn warned(office: &Office, school: &str) -> Vec<String> {
    let mut warned = vec![];
    let mut entries = vec![];
    office.desk().journal().read(0, usize::MAX >> 1, &mut entries).unwrap();
    for entry in entries {
        if entry.event_type == "CoverEnding" && entry.stream.ends_with(school) {
            warned.push(entry.effective_on.to_string());
        }
    }
    warned
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}
