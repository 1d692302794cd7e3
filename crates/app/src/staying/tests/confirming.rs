//! The annual review confirmed (R12, R13, D5, D17).

use schools::School;
use schools::school::Command;

use super::*;
use crate::{Offering, What};

/// R13, D5: a school with results that fell short in one year stays; in two the steering group judges; and a year of which
/// nothing was published counts neither way.
#[tokio::test]
async fn one_bad_year_is_kept_two_are_judged_and_a_year_without_data_is_neither() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(6).await;
    let withheld = ["SUPP", "-0.10", "0.10"];
    story.results(&[FINE, ONE_DIP, TWO_DIPS, withheld, TWO_DIPS, FINE]).await;
    story.all_good(4).await;
    // Asked for no results (D5); the last one was never inspected (D6).
    story.inspected(&[(FIRST + 4, "Outstanding", "2014-03-04", "2014-04-04")]).await;
    story.review().await;

    let offered = story.offer().await;
    assert_eq!(
        stand(&offered),
        [
            Stands::ToOffer,
            Stands::ToOfferNotedDip,
            Stands::AwaitsJudgement,
            Stands::ToOfferNotedDip,
            Stands::ToOffer,
            Stands::AwaitsJudgement,
        ]
    );
    let dip = offered.schools[1].why.clone().unwrap();
    assert!(dip.contains("2016/17"), "{dip}");
    assert_eq!(offered.schools[5].why.as_deref(), Some("referral"));
    let head = story.head();
    assert_eq!(stand(&story.offer().await)[0], Stands::Offered);
    assert_eq!(story.head(), head, "asked again, nothing is new");

    story.judge(FIRST + 2, Verdict::Eligible).await;
    story.judge(FIRST + 5, Verdict::NotEligible).await;
    let judged = story.offer().await;
    assert_eq!(stand(&judged)[2], Stands::ToOfferJudged);
    assert_eq!(stand(&judged)[5], Stands::ToRefuseJudged);
    let stands = story.renewals();
    assert_eq!(stand(&stands)[2], Stands::Offered);
    assert_eq!(stand(&stands)[5], Stands::Refused);
    assert_eq!(stands.schools[5].why.as_deref(), Some("judgement of the steering group"));
    story.ends().await;
}

/// D17: nothing is sent on a fact that is known otherwise since, unless somebody says so.
#[tokio::test]
async fn what_was_decided_on_old_data_is_held_back_and_what_was_offered_stays_offered() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(2).await;
    story.results(&[FINE, FINE]).await;
    story.all_good(2).await;
    story.review().await;
    let correct = |figures: &str| Command::CorrectResults {
        release: "2017/18 final".parse().unwrap(),
        figures: schools::Figures {
            lower: Some(kernel::Cell::Published(figures.parse().unwrap())),
            ..schools::Figures::default()
        },
        reason: "the school's own figures".into(),
    };
    let today = story.office.today();
    let one = |schools: Vec<u32>, old_data| Offering {
        year: coming(),
        answer_by: None,
        on: today,
        schools: schools.into_iter().map(number).collect(),
        old_data,
    };
    let only = one(vec![FIRST], OldData::HeldBack);
    story.office.confirm_review(&only, &no_progress).await.unwrap();
    for urn in [FIRST, FIRST + 1] {
        let asked = story.office.asked(kernel::CommandId::mint());
        let id = urn.to_string();
        story.office.ask::<School>(&id, correct("-0.20"), asked).await.unwrap();
    }
    story.office.settle(&no_progress).await.unwrap();

    let held = story.offer().await;
    assert_eq!(stand(&held), [Stands::Offered, Stands::OnOldData]);
    for school in &held.schools {
        assert!(school.why.as_ref().unwrap().contains("the school's own figures"), "{school:?}");
    }
    let refused = story.office.close_review(coming(), today, &no_progress).await.unwrap_err();
    assert!(refused.to_string().contains("1 member waits: 100004"), "{refused}");
    let in_spite = one(vec![], OldData::InSpite);
    story.office.confirm_review(&in_spite, &no_progress).await.unwrap();
    assert_eq!(stand(&story.renewals()), [Stands::Offered, Stands::Offered]);
    story.ends().await;
}

/// A member that the review cannot speak of is listed with what is in the way, and never passed over.
#[tokio::test]
async fn members_that_the_review_does_not_speak_of_are_listed_and_keep_it_open() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(4).await;
    story.results(&[FINE, FINE, FINE]).await;
    story.all_good(4).await;
    // Neither a row in the results, nor open when it was reviewed.
    let closed: BTreeMap<u32, &str> = [(FIRST + 3, "2018-08-31")].into();
    story.register(4, &closed).await;
    story.review().await;
    story.comes("2019-03-10").await;
    story.inspected(&[(FIRST + 2, "Inadequate", "2019-02-01", "2019-03-05")]).await;
    let renewals = story.renewals();
    assert_eq!(
        stand(&renewals),
        [Stands::ToOffer, Stands::ToOffer, Stands::ToRefuseMarked, Stands::Closed],
        "a file of links may yet say what the closed school went into"
    );

    let today = story.office.today();
    let not_yet = story.office.close_review(coming(), today, &no_progress).await.unwrap_err();
    let told = not_yet.to_string();
    assert!(told.contains("4 members wait") && told.contains("100005 School 100005"), "{told}");
    let elsewhere = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n900000,900001,Elsewhere,Successor,01-09-2018\n";
    story.import("links.csv", elsewhere.into(), What::Links).await;
    story.comes("2019-03-11").await;
    let today = story.office.today();
    assert_eq!(stand(&story.renewals())[3], Stands::Gone, "nothing came after it");
    story.offer().await;
    let closed = story.office.close_review(coming(), today, &no_progress).await.unwrap();
    assert_eq!(closed.review_closed_on, Some(today));
    let late = story.office.judge(
        coming(),
        number(FIRST),
        Verdict::Eligible,
        "late".into(),
        "minute 8".into(),
        today,
    );
    assert!(late.await.unwrap_err().to_string().contains("the review was closed"));
    story.ends().await;
}

/// A successor that no table and no register had when the review was run.
#[tokio::test]
async fn a_member_outside_the_review_is_held_back_until_it_is_reviewed() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(1).await;
    story.results(&[FINE]).await;
    story.all_good(1).await;
    story.review().await;
    story
        .import_members("urn,from,until,reason,year\n100004,2015-04-01,,,2018-19\n")
        .await
        .unwrap();
    let renewals = story.offer().await;
    assert_eq!(stand(&renewals), [Stands::ToOffer, Stands::NotReviewed]);
    assert!(renewals.schools[1].why.as_ref().unwrap().contains("28 Feb 2019"));
    assert_eq!(story.row(FIRST + 1).renewal, None);
    // By hand the office can always say no.
    let today = story.office.today();
    let why = membership::membership::WhyRefused::NotEligible;
    story.office.refuse_renewal(number(FIRST + 1), coming(), why, today).await.unwrap();
    assert_eq!(stand(&story.renewals()), [Stands::Offered, Stands::Refused]);
    story.ends().await;
}

/// R16: what is on record is refused against only by the steering group, with its reason and minute.
#[tokio::test]
async fn a_refusal_by_hand_that_the_record_contradicts_is_the_steering_groups_and_then_stands() {
    use membership::membership::WhyRefused;
    let mut story = Story::on("2019-02-28").await;
    story.with_members(2).await;
    story.results(&[FINE, TWO_DIPS]).await;
    story.all_good(2).await;
    story.covered(&[(FIRST, "")]).await;
    story.review().await;
    let (today, head) = (story.office.today(), story.head());
    for (urn, why, told) in [
        (FIRST, WhyRefused::NoCover, "its SSAT membership covers 1 Apr 2019"),
        (FIRST, WhyRefused::NotEligible, "the review of 2019-20 on record says"),
        (FIRST + 1, WhyRefused::NotEligible, "the review of 2019-20 on record says"),
    ] {
        let refused = story.office.refuse_renewal(number(urn), coming(), why, today).await;
        let refused = refused.unwrap_err();
        assert!(refused.is_refusal() && refused.to_string().contains(told), "{refused}");
        assert!(refused.to_string().contains("with its reason and minute"), "{refused}");
    }
    assert_eq!(story.head(), head);

    let judgement = WhyRefused::Judgement { reason: "unpaid".into(), minute: "minute 9".into() };
    for (urn, why) in [(FIRST, judgement), (FIRST + 1, WhyRefused::NoCover)] {
        story.office.refuse_renewal(number(urn), coming(), why, today).await.unwrap();
    }
    assert_eq!(stand(&story.offer().await), [Stands::Refused, Stands::Refused]);
    story.office.close_review(coming(), today, &no_progress).await.unwrap();
    assert_eq!(stand(&story.renewals()), [Stands::Refused, Stands::Refused]);
    let named = Offering {
        year: coming(),
        answer_by: None,
        on: today,
        schools: vec![number(FIRST)],
        old_data: OldData::HeldBack,
    };
    story.office.confirm_review(&named, &no_progress).await.unwrap();
    assert_eq!(stand(&story.renewals()), [Stands::Offered, Stands::Refused]);
    story.ends().await;
}

/// The steering group thinks better of it, on the same day.
#[tokio::test]
async fn what_is_judged_otherwise_after_a_refusal_is_held_back_for_a_person() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(1).await;
    story.results(&[TWO_DIPS]).await;
    story.all_good(1).await;
    story.review().await;
    story.judge(FIRST, Verdict::NotEligible).await;
    story.offer().await;
    assert_eq!(stand(&story.renewals()), [Stands::Refused]);
    story.judge(FIRST, Verdict::Eligible).await;
    assert_eq!(stand(&story.renewals()), [Stands::SaidOtherwise]);
    story.ends().await;
}

/// An offer rests on the review of its day; another review later is told, and changes nothing by itself (D17).
#[tokio::test]
async fn a_review_that_says_otherwise_later_takes_no_offer_back_by_itself() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(1).await;
    story.results(&[FINE]).await;
    story.all_good(1).await;
    story.review().await;
    story.offer().await;
    story.results(&[TWO_DIPS]).await;
    story.review().await;
    let renewals = story.offer().await;
    assert_eq!(stand(&renewals), [Stands::SaidOtherwise]);
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Offered));
    story.judge(FIRST, Verdict::NotEligible).await;
    assert_eq!(stand(&story.offer().await), [Stands::SaidOtherwise]);
    // The office names the school, and what was judged is done.
    let today = story.office.today();
    let named = Offering {
        year: coming(),
        answer_by: None,
        on: today,
        schools: vec![number(FIRST)],
        old_data: OldData::HeldBack,
    };
    story.office.confirm_review(&named, &no_progress).await.unwrap();
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Refused));
    story.ends().await;
}

#[tokio::test]
async fn only_the_coming_year_is_offered_and_only_with_its_review() {
    let mut story = Story::on("2019-02-28").await;
    let today = story.office.today();
    let missing = story.office.offer_renewals(coming(), None, today, &no_progress).await;
    assert!(matches!(missing, Err(Failure::NoReview(year)) if year == coming()));
    let far = story.office.offer_renewals(coming().next(), None, today, &no_progress).await;
    let far = far.unwrap_err();
    assert!(far.is_refusal() && far.to_string().contains("that is 2019-20"), "{far}");
    let past = Some(day("2019-02-27"));
    let past = story.office.offer_renewals(coming(), past, today, &no_progress).await.unwrap_err();
    assert!(past.to_string().contains("27 Feb 2019"), "{past}");
    story.ends().await;
}

/// An offer that stands keeps its day, unless its school is named; both are said.
#[tokio::test]
async fn another_day_to_answer_by_is_given_to_the_schools_that_are_named() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(2).await;
    story.results(&[FINE, FINE]).await;
    story.all_good(2).await;
    story.review().await;
    let before = story.offer().await;
    assert!(before.kept.is_empty() && before.made_again.is_empty());
    let mut offering = Offering {
        year: coming(),
        answer_by: Some(day("2019-03-20")),
        on: story.office.today(),
        schools: vec![],
        old_data: OldData::HeldBack,
    };
    let bulk = story.office.confirm_review(&offering, &no_progress).await.unwrap();
    assert_eq!(bulk.kept, [number(FIRST), number(FIRST + 1)]);
    offering.schools = vec![number(FIRST)];
    let named = story.office.confirm_review(&offering, &no_progress).await.unwrap();
    assert_eq!((named.made_again, named.kept), (vec![number(FIRST)], vec![]));
    assert_eq!(story.row(FIRST).renewal_answer_by, offering.answer_by);
    story.ends().await;
}
