//! What schools answer, and SSAT cover (R7, D10).

use super::super::{Became, Covered, RollFilter, RollSort};
use super::*;
use kernel::{CommandId, Source};
use projections::memberships::Departure;
use schools::national_data::{Begun, Dataset};
use schools::{NationalData, School};

async fn offered(schools: u32) -> Story {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(schools).await;
    story.results(&vec![FINE; schools as usize]).await;
    story.all_good(schools).await;
    story.review().await;
    story.offer().await;
    story
}

#[tokio::test]
async fn renewing_twice_changes_nothing() {
    let mut story = offered(1).await;
    story.covered(&[(FIRST, "")]).await;
    assert_eq!(story.accept(FIRST).await, Became::Agreed);
    let head = story.head();
    assert_eq!(story.accept(FIRST).await, Became::Agreed);
    story.offer().await;
    assert_eq!(story.head(), head);
    assert_eq!(story.stands(FIRST).2, Some(day("2020-03-31")));
    assert_eq!(story.row(FIRST).fee_pence, Some(160_000));
    story.ends().await;
}

/// R7, D10: the yes stands until cover comes.
#[tokio::test]
async fn a_renewal_without_cover_waits_for_it() {
    let mut story = offered(1).await;
    assert_eq!(story.accept(FIRST).await, Became::AwaitsCover);
    let page = story.office.desk().member(number(FIRST)).unwrap();
    let next: Vec<&str> = page.next.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(
        next,
        [
            "it lapses unless its renewal is agreed",
            "its renewal for 2019-20 is agreed as soon as SSAT covers its first day"
        ]
    );
    story.comes("2019-03-20").await;
    story.covered(&[(FIRST, "")]).await;
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Agreed));
    story.ends().await;
}

/// R7: an acceptance that waits says what for.
#[tokio::test]
async fn a_yes_that_waits_says_for_what() {
    let mut story = offered(1).await;
    story.accept(FIRST).await;
    let renewals = story.renewals();
    let why = renewals.schools[0].why.as_deref();
    assert_eq!(why, Some("it waits for a list of SSAT cover"));
    story.covered(&[(FIRST, "2019-03-31")]).await;
    let renewals = story.renewals();
    let why = renewals.schools[0].why.as_deref();
    assert_eq!(why, Some("it waits for SSAT cover on the first day: none is on record"));
    story.ends().await;
}

/// An answer that was given before is not written again, and that is said.
#[tokio::test]
async fn an_answer_given_twice_is_written_once() {
    let mut story = offered(2).await;
    let today = story.office.today();
    for (reason, made) in [(None, 1), (Some("new head".to_owned()), 0)] {
        let declined = story.office.decline_renewal(number(FIRST), coming(), reason, today).await;
        assert_eq!(declined.unwrap(), made);
    }
    let urns = [number(FIRST + 1)];
    for written in [true, false] {
        let by = Role::Headteacher;
        let replies =
            story.office.accept_renewals(&urns, coming(), by, today, &no_progress).await.unwrap();
        assert_eq!(replies[0].written, written);
    }
    story.ends().await;
}

/// What retention counts as refused is refused here too, and a school that closed is not left out of the sum.
#[tokio::test]
async fn after_the_year_every_school_stands_where_retention_counts_it() {
    let mut story = offered(3).await;
    story.covered(&[(FIRST, "2019-03-31"), (FIRST + 1, "")]).await;
    story.accept(FIRST).await;
    story.register(3, &BTreeMap::from([(FIRST + 2, "2019-03-10")])).await;
    story.comes("2019-04-01").await;
    let renewals = story.renewals();
    assert_eq!(stand(&renewals), [Stands::Refused, Stands::Lapsed, Stands::Gone]);
    assert_eq!(renewals.schools[0].why.as_deref(), Some("no SSAT membership"));
    assert_eq!(renewals.schools[2].why.as_deref(), Some("closed"));
    story.ends().await;
}

/// D10: cover that ends inside the year ends nothing; without more of it, nothing is renewed.
#[tokio::test]
async fn cover_that_ends_in_the_middle_of_a_year_warns_and_the_year_runs_on() {
    let mut story = Story::on("2018-11-01").await;
    story.with_members(1).await;
    story.covered(&[(FIRST, "2018-12-31")]).await;
    story.comes("2019-02-28").await;
    let page = story.office.desk().member(number(FIRST)).unwrap();
    assert_eq!(page.cover.ends_on, Some(day("2018-12-31")));
    assert_eq!(story.stands(FIRST).0, Standing::Member);
    story.results(&[FINE]).await;
    story.all_good(1).await;
    story.review().await;
    story.offer().await;
    assert_eq!(story.accept(FIRST).await, Became::AwaitsCover);
    story.comes("2019-04-01").await;
    let row = story.row(FIRST);
    assert_eq!((row.standing, row.departure), (Standing::Left, Some(Departure::RefusedCover)));
    assert_eq!(stand(&story.renewals()), [Stands::Refused]);
    // The first year without a member tells who was lost, and a question about it is one about those who were.
    let years = story.office.desk().retention(None).unwrap().years;
    let last = years.last().unwrap();
    assert_eq!((last.year, last.members, last.lost), (coming(), 0, 1));
    let question = crate::WhatIfQuestion {
        year: coming(),
        criteria: None,
        percentile: Some(80),
        results: None,
        as_at: None,
    };
    let what_if = story.office.desk().what_if(&question).unwrap();
    assert_eq!((what_if.members_on, what_if.members.recorded.schools), (day("2019-03-31"), 1));
    story.ends().await;
}

/// The school leaves by its own decision, or stays after all.
#[tokio::test]
async fn a_no_can_be_taken_back_and_one_that_stands_ends_on_the_last_of_march() {
    let mut story = offered(2).await;
    let today = story.office.today();
    for urn in [FIRST, FIRST + 1] {
        let reason = Some("the budget".to_owned());
        story.office.decline_renewal(number(urn), coming(), reason, today).await.unwrap();
    }
    assert_eq!(stand(&story.offer().await), [Stands::Declined, Stands::Declined]);
    let early = story.office.accept_renewal(number(FIRST), coming(), Role::Trust, today).await;
    assert!(early.unwrap_err().to_string().contains("taken back first"));
    let reason = "a new head".to_owned();
    let back =
        story.office.take_back_decline(number(FIRST), coming(), reason, today).await.unwrap();
    assert!(matches!(back.stands, Some(crate::StandsAgain::Offer { .. })));
    assert_eq!(back.earlier_yes, None);
    assert_eq!(stand(&story.renewals()), [Stands::Offered, Stands::Declined]);
    story.covered(&[(FIRST, "")]).await;
    assert_eq!(story.accept(FIRST).await, Became::Agreed);
    story.comes("2019-04-01").await;
    assert_eq!(story.stands(FIRST).0, Standing::Member);
    assert_eq!(story.row(FIRST + 1).departure, Some(Departure::Declined));
    story.ends().await;
}

#[tokio::test]
async fn many_replies_are_taken_down_together_or_not_at_all() {
    let mut story = offered(3).await;
    story.covered(&[(FIRST, ""), (FIRST + 1, "")]).await;
    let today = story.office.today();
    let urns = |urns: [u32; 3]| urns.map(number);
    let head = story.head();
    let with_a_stranger = urns([FIRST, FIRST + 1, FIRST + 9]);
    let refused = story
        .office
        .accept_renewals(&with_a_stranger, coming(), Role::Office, today, &no_progress)
        .await
        .unwrap_err();
    assert!(refused.to_string().starts_with("100012: it is no member"), "{refused}");
    assert_eq!(story.head(), head);
    let all = urns([FIRST, FIRST + 1, FIRST + 2]);
    let replies = story
        .office
        .accept_renewals(&all, coming(), Role::Office, today, &no_progress)
        .await
        .unwrap();
    let became: Vec<Became> = replies.iter().map(|reply| reply.became).collect();
    assert_eq!(became, [Became::Agreed, Became::Agreed, Became::AwaitsCover]);
    story.ends().await;
}

/// The second of two offers is told apart by its day.
#[tokio::test]
async fn a_school_that_is_named_is_offered_again_with_a_later_day() {
    let mut story = offered(2).await;
    let today = story.office.today();
    let again = crate::Offering {
        year: coming(),
        answer_by: Some(day("2019-03-15")),
        on: today,
        schools: vec![number(FIRST)],
        old_data: OldData::HeldBack,
    };
    story.office.confirm_review(&again, &no_progress).await.unwrap();
    let renewals = story.renewals();
    assert_eq!(stand(&renewals), [Stands::Offered, Stands::Offered]);
    let days: Vec<_> = renewals.schools.iter().map(|school| school.days_left).collect();
    assert_eq!(days, [Some(15), None]);
    let stranger = crate::Offering { schools: vec![number(FIRST + 9)], ..again };
    let refused = story.office.confirm_review(&stranger, &no_progress).await.unwrap_err();
    assert!(refused.to_string().starts_with("100012 is not a school whose"), "{refused}");
    story.ends().await;
}

/// D10: what the office recorded by hand is known of that school, and of no other, though no list was ever read.
#[tokio::test]
async fn cover_recorded_by_hand_agrees_a_renewal_without_any_list() {
    let mut story = offered(2).await;
    let by_hand = schools::school::Command::RecordCover {
        from: day("2014-09-01"),
        until: None,
        via_trust: None,
        source: Source { file: "letter of 1 March".into(), sha256: "0".repeat(12), line: 1 },
    };
    let asked = story.office.asked(CommandId::mint());
    story.office.ask::<School>(&FIRST.to_string(), by_hand, asked).await.unwrap();
    story.office.settle(&no_progress).await.unwrap();
    assert_eq!(story.known(FIRST), (true, Covered::Covered));
    assert_eq!(story.known(FIRST + 1), (false, Covered::Unknown));
    assert_eq!(story.accept(FIRST).await, Became::Agreed);
    assert_eq!(story.accept(FIRST + 1).await, Became::AwaitsCover);
    story.ends().await;
}

/// D10: the rest of a list may change what an earlier one said.
#[tokio::test]
async fn while_a_new_list_is_half_read_nothing_is_agreed_and_nobody_is_warned() {
    let mut story = offered(2).await;
    story.covered(&[(FIRST, ""), (FIRST + 1, "2019-03-20")]).await;
    assert_eq!(story.row(FIRST + 1).cover_ends_on, Some(day("2019-03-20")));
    let text = format!("urn,from,until,via_trust\n{FIRST},2014-09-01,,\n");
    let list = File::from_bytes("spring.csv", text.clone());
    let begun = Begun {
        dataset: Dataset::Cover,
        release: None,
        file: "spring.csv".into(),
        sha256: list.sha256.clone(),
        public_from: None,
    };
    let begin = schools::national_data::Command::BeginImport(begun);
    let asked = story.office.asked(CommandId::mint());
    story.office.ask::<NationalData>("cover", begin, asked).await.unwrap();
    story.office.settle(&no_progress).await.unwrap();
    assert_eq!(story.known(FIRST), (false, Covered::Unknown));
    assert_eq!(story.accept(FIRST).await, Became::AwaitsCover);
    let why = story.office.begin_days(None, &no_progress).await.unwrap_err().to_string();
    assert!(why.contains("while spring.csv is half read"), "{why}");
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Accepted));
    // Nothing in it is new, and its end is what the renewal waited for.
    story.import("spring.csv", text, What::Cover).await;
    assert_eq!(story.known(FIRST), (true, Covered::Covered));
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Agreed));
    story.comes("2019-03-31").await;
    story.ends().await;
}

impl Story {
    /// Whether joining and the roll know that SSAT covers a school on the coming 1 April.
    fn known(&self, urn: u32) -> (bool, Covered) {
        let desk = self.office.desk();
        let joining = desk.cover_on(number(urn), coming().first_day()).unwrap();
        let roll = desk.roll(&RollFilter::default(), RollSort::Urn).unwrap();
        let line = roll.schools.iter().find(|line| line.urn == number(urn)).unwrap();
        (joining.covers(coming().first_day()).is_ok(), line.cover)
    }
}
