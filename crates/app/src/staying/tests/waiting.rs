use projections::memberships::Departure;

use super::*;

/// R11, R12: the office is told while there is time, and afterwards what it was that was wanting.
#[tokio::test]
async fn the_office_is_told_who_waits_from_1_february_and_a_lapse_says_what_was_wanting() {
    let mut story = Story::on("2019-01-31").await;
    story.with_members(5).await;
    story.all_good(5).await;
    story.results(&[FINE, FINE, FINE, FINE, TWO_DIPS]).await;
    story.comes("2019-01-31").await;
    let waiting = |story: &Story| {
        let today = story.office.today();
        story.office.desk().members_waiting(today).unwrap()
    };
    assert_eq!(waiting(&story), None);
    story.comes("2019-02-01").await;
    let told = waiting(&story).unwrap();
    assert_eq!((told.without_offer.len(), told.count(), told.is_reviewed), (5, 5, false));

    story.review().await;
    story.offer().await;
    let told = waiting(&story).unwrap();
    assert!(told.is_reviewed);
    assert_eq!(told.without_offer, [number(FIRST + 4)], "its judgement is awaited");
    assert_eq!(told.unanswered.len(), 4);

    story.covered(&[(FIRST, "")]).await;
    story.accept(FIRST).await;
    story.accept(FIRST + 2).await;
    let today = story.office.today();
    story.office.decline_renewal(number(FIRST + 3), coming(), None, today).await.unwrap();
    let told = waiting(&story).unwrap();
    assert_eq!(told.unanswered, [number(FIRST + 1)]);
    assert_eq!(told.without_cover, [number(FIRST + 2)]);
    assert_eq!(told.count(), 3, "neither who is renewed nor who leaves of its own wish");
    assert_eq!(story.renewals().waiting.as_ref(), Some(&told));

    *story.now.lock().unwrap() = noon("2019-03-31");
    let begun = story.office.begin_days(None, &no_progress).await.unwrap();
    assert_eq!(begun.waiting, Some(told));
    story.comes("2019-04-01").await;
    assert_eq!(waiting(&story), None);
    let left = |urn| story.row(urn).departure;
    assert_eq!(left(FIRST + 1), Some(Departure::Unanswered));
    assert_eq!(left(FIRST + 2), Some(Departure::RefusedCover));
    assert_eq!(left(FIRST + 4), Some(Departure::NeverOffered));
    story.ends().await;
}
