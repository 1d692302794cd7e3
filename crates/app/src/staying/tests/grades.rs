//! Ofsted grades while a school is a member (R14, R15, D9).

use super::*;

/// R15: Ofsted 3 in July; a member to 31 March, offered connections, not eligible to renew.
#[tokio::test]
async fn a_grade_of_3_in_july_leaves_a_member_one_to_the_last_of_march() {
    let mut story = Story::on("2018-07-20").await;
    story.with_members(1).await;
    story.inspected(&[(FIRST, "Requires improvement", "2018-06-20", "2018-07-18")]).await;
    let page = story.office.desk().member(number(FIRST)).unwrap();
    assert_eq!(page.marked_for, Some(coming()));
    assert!(page.connections.contains_key("overall effectiveness"), "{:?}", page.connections);
    let areas = ["leadership".to_owned()].into();
    let today = story.office.today();
    story.office.connect(number(FIRST), areas, today).await.unwrap();
    assert_eq!(story.office.desk().member(number(FIRST)).unwrap().connections.len(), 2);

    story.comes("2019-02-28").await;
    story.results(&[FINE]).await;
    story.review().await;
    assert_eq!(stand(&story.offer().await), [Stands::ToRefuseMarked]);
    story.comes("2019-03-31").await;
    assert_eq!(story.stands(FIRST).0, Standing::Member);
    story.comes("2019-04-01").await;
    let (standing, renewal, until) = story.stands(FIRST);
    assert_eq!((standing, renewal), (Standing::Left, Some(Renewal::Refused)));
    assert_eq!(until, Some(day("2019-03-31")));
    assert_eq!(stand(&story.renewals()), [Stands::Refused]);
    story.ends().await;
}

/// D9: 3 in May and 2 in February; eligible again, and both in its history.
#[tokio::test]
async fn a_grade_of_3_in_may_and_of_2_in_february_may_renew() {
    let mut story = Story::on("2018-05-10").await;
    story.with_members(1).await;
    story.inspected(&[(FIRST, "Requires improvement", "2018-04-10", "2018-05-08")]).await;
    story.comes("2019-02-28").await;
    story.inspected(&[(FIRST, "Good", "2019-01-15", "2019-02-12")]).await;
    story.results(&[FINE]).await;
    story.review().await;
    let page = story.office.desk().member(number(FIRST)).unwrap();
    assert_eq!((page.marks.len(), page.marked_for), (2, None));
    assert_eq!(stand(&story.offer().await), [Stands::ToOffer]);
    story.ends().await;
}

/// D9: what was refused for a mark is offered once a better grade has lifted it, after another review.
#[tokio::test]
async fn a_refusal_for_a_mark_is_taken_up_again_when_the_mark_is_lifted() {
    let mut story = Story::on("2018-05-10").await;
    story.with_members(1).await;
    story.inspected(&[(FIRST, "Requires improvement", "2018-04-10", "2018-05-08")]).await;
    story.comes("2019-02-28").await;
    story.results(&[FINE]).await;
    story.review().await;
    story.offer().await;
    story.comes("2019-03-08").await;
    story.inspected(&[(FIRST, "Good", "2019-02-15", "2019-03-07")]).await;
    let held = story.offer().await;
    assert_eq!(stand(&held), [Stands::GradedSince], "{:?}", held.schools);
    story.review().await;
    assert_eq!(stand(&story.offer().await), [Stands::ToOffer]);
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Offered));
    story.ends().await;
}

/// D9: inspected in March and published in May, after the renewal was agreed: it counts for the next.
#[tokio::test]
async fn a_grade_published_after_the_renewal_counts_next_time() {
    let mut story = Story::on("2019-02-28").await;
    story.with_members(1).await;
    story.results(&[FINE]).await;
    story.all_good(1).await;
    story.covered(&[(FIRST, "")]).await;
    story.review().await;
    story.offer().await;
    assert_eq!(story.accept(FIRST).await, super::super::Became::Agreed);
    story.comes("2019-05-20").await;
    story.inspected(&[(FIRST, "Requires improvement", "2019-03-12", "2019-05-14")]).await;
    let row = story.row(FIRST);
    assert_eq!((row.standing, row.term_until), (Standing::Member, Some(day("2020-03-31"))));
    assert_eq!(row.mark_counts_for, Some(coming().next()));
    assert_eq!(stand(&story.renewals()), [Stands::Agreed]);
    story.ends().await;
}

/// A grade of 3 between the offer and the agreement bars it, also where the school said yes.
#[tokio::test]
async fn a_mark_since_the_offer_counts() {
    let mut story = Story::on("2019-02-20").await;
    story.with_members(1).await;
    story.results(&[FINE]).await;
    story.all_good(1).await;
    story.review().await;
    story.offer().await;
    assert_eq!(story.accept(FIRST).await, super::super::Became::AwaitsCover);
    story.comes("2019-03-08").await;
    story.inspected(&[(FIRST, "Inadequate", "2019-02-15", "2019-03-07")]).await;
    story.covered(&[(FIRST, "")]).await;
    assert_eq!(story.row(FIRST).renewal, Some(Renewal::Accepted), "the grade bars it");
    assert_eq!(stand(&story.offer().await), [Stands::ToRefuseMarked]);
    assert_eq!(stand(&story.renewals()), [Stands::Refused]);
    story.ends().await;
}
