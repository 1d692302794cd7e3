//! The network's past (R38), successors (D12), and the roll.

use super::*;
use crate::{Only, RollFilter, RollSort};

const HEAD: &str = "urn,from,until,reason,year\n";

/// *Member since* and *continuous since* differ after a gap.
#[tokio::test]
async fn a_school_that_came_back_after_a_gap_is_continuous_since_its_return() {
    let mut story = Story::on("2019-02-01").await;
    let list = format!(
        "{HEAD}{FIRST},2015-04-01,,,2018-19\n{FIRST},2005-04-01,2010-03-31,its own wish,\n"
    );
    let read = story.import_members(&list).await.unwrap();
    assert_eq!((read.past, read.running, read.unchanged), (1, 1, 0));
    assert_eq!(read.not_on_record, [number(FIRST)]);
    let page = story.office.desk().member(number(FIRST)).unwrap();
    assert_eq!(page.member_since, Some(day("2005-04-01")));
    assert_eq!(page.continuous_since, Some(day("2015-04-01")));
    assert_eq!(page.terms.len(), 9, "five years, and four");
    story.ends().await;
}

/// Also once what ran is over.
#[tokio::test]
async fn the_same_list_again_changes_nothing() {
    let mut story = Story::on("2019-02-01").await;
    let list = format!(
        "{HEAD}{FIRST},2015-04-01,,,2018-19\n{FIRST},2005-04-01,2010-03-31,its own wish,\n"
    );
    story.import_members(&list).await.unwrap();
    let head = story.head();
    assert_eq!(story.import_members(&list).await.unwrap().unchanged, 2);
    assert_eq!(story.head(), head);
    story.comes("2019-04-01").await;
    assert_eq!(story.stands(FIRST).0, Standing::Left);
    let head = story.head();
    assert_eq!(story.import_members(&list).await.unwrap().unchanged, 2);
    assert_eq!(story.head(), head);
    story.ends().await;
}

#[tokio::test]
async fn a_list_with_faults_is_refused_whole_with_all_of_them() {
    let mut story = Story::on("2019-02-01").await;
    let head = story.head();
    let list = format!(
        "{HEAD}100003,2005-04-01,2010-03-31,left,\n100003,2009-04-01,2012-03-31,left,\n\
         100004,2001-04-01,2004-03-31,left,\n100005,2019-04-01,,,2019-20\n100006,2015-04-01,,,2020-21\n\
         100007,2015-04-01,2019-03-31,left,\n"
    );
    let Failure::Faults(faults) = story.import_members(&list).await.unwrap_err() else { panic!() };
    let places: Vec<(u64, &str)> =
        faults.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    assert_eq!(places, [(3, ""), (4, ""), (5, "from"), (6, "year"), (7, "until")]);
    let told = faults.to_string();
    assert!(
        told.contains("line 3: 100003: it was a member from 1 Apr 2005 to 31 Mar 2010"),
        "{told}"
    );
    assert_eq!(story.head(), head);
    let file = File::from_bytes("members.csv", list);
    assert!(story.office.desk().check_members(&file, &no_progress).await.is_err());
    story.ends().await;
}

#[tokio::test]
async fn a_check_says_what_would_be_and_writes_nothing() {
    let story = Story::on("2019-02-01").await;
    let head = story.head();
    let file = File::from_bytes("members.csv", format!("{HEAD}{FIRST},2015-04-01,,,2018-19\n"));
    let checked = story.office.desk().check_members(&file, &no_progress).await.unwrap();
    assert_eq!((checked.running, checked.checked_only, checked.position), (1, true, head));
    assert_eq!(story.head(), head);
    story.ends().await;
}

/// D12: of the schools that a split made, the office says which goes on.
#[tokio::test]
async fn of_several_successors_the_office_chooses() {
    let mut story = Story::on("2018-11-05").await;
    story.with_members(1).await;
    let closed: BTreeMap<u32, &str> = [(FIRST, "2018-10-31")].into();
    story.register(3, &closed).await;
    let links = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n\
         100003,100004,School 100004,Successor - Split School,01-11-2018\n\
         100003,100005,School 100005,Successor - Split School,01-11-2018\n";
    story.import("links.csv", links.into(), What::Links).await;
    story.comes("2018-11-06").await;
    let closed = RollFilter { only: vec![Only::Closed], ..RollFilter::default() };
    let roll = story.office.desk().roll(&closed, RollSort::Name).unwrap();
    let [school] = roll.schools.as_slice() else { panic!("{roll:?}") };
    let after = school.closed.clone().unwrap().successors;
    assert_eq!(after, [number(100_004), number(100_005)], "nobody but the office decides");

    let from = day("2018-11-01");
    let stranger = story.office.carry_over(number(FIRST), number(100_009), from).await;
    let told = stranger.unwrap_err().to_string();
    assert!(told.ends_with("on record are 100004, 100005"), "{told}");
    // In the membership, but before the term that runs, and not the register's day.
    let slip = story.office.carry_over(number(FIRST), number(100_005), day("2016-11-01")).await;
    let told = slip.unwrap_err().to_string();
    assert!(told.contains("began on 1 Apr 2018, and the register gives 1 Nov 2018"), "{told}");
    let carried = story.office.carry_over(number(FIRST), number(100_005), from).await.unwrap();
    assert!(carried.taken_over);
    let row = story.row(100_005);
    assert_eq!((row.standing, row.continuous_since), (Standing::Member, Some(day("2015-04-01"))));
    assert_eq!(row.predecessor, Some(number(FIRST)));
    let other = story.office.carry_over(number(FIRST), number(100_004), from).await.unwrap_err();
    assert!(other.to_string().contains("carried over to 100005"), "{other}");
    story.ends().await;
}

#[tokio::test]
async fn the_roll_finds_who_must_be_seen_to() {
    let mut story = Story::on("2018-11-05").await;
    story.with_members(3).await;
    story.covered(&[(FIRST, ""), (FIRST + 1, "2018-12-31")]).await;
    story.inspected(&[(FIRST + 2, "Inadequate", "2018-10-02", "2018-11-01")]).await;
    let urns = |filter: RollFilter| -> Vec<u32> {
        let roll = story.office.desk().roll(&filter, RollSort::Urn).unwrap();
        assert_eq!(roll.counts.schools, roll.schools.len());
        roll.schools.iter().map(|school| school.urn.number()).collect()
    };
    let only = |only| RollFilter { only: vec![only], ..RollFilter::default() };
    assert_eq!(urns(RollFilter::default()), [FIRST, FIRST + 1, FIRST + 2]);
    assert_eq!(urns(only(Only::WithoutCover)), [FIRST + 1, FIRST + 2]);
    assert_eq!(urns(only(Only::Marked)), [FIRST + 2]);
    assert_eq!(urns(only(Only::Closed)), [0; 0]);
    let of = |year: &str| RollFilter { year: Some(year.parse().unwrap()), ..RollFilter::default() };
    assert_eq!(urns(of("2016-17")).len(), 3);
    assert_eq!(urns(of("2014-15")).len(), 0);
    story.ends().await;
}
