use membership::membership::{Offer, Role};

use super::*;

const FIRST_DAY: &str = "2019-03-18";

/// Renewal is accepted and covered, and no fee is set: parked for both on the day the school said yes.
async fn accepted_without_a_fee(office: &mut Office) {
    office.begin_days(Some(day(FIRST_DAY)), &no_progress).await.unwrap();
    let on = day(FIRST_DAY);
    for school in [THIS, OTHER] {
        let cover = schools::school::Command::RecordCover {
            from: day("2014-09-01"),
            until: None,
            via_trust: None,
            source: Source { file: "a letter".into(), sha256: "0".repeat(12), line: 1 },
        };
        office.ask::<School>(school, cover, office.asked(CommandId::mint())).await.unwrap();
        office.settle(&no_progress).await.unwrap();
        let offer =
            Offer { outcome: membership::Outcome::Renew, judgement: None, answer_by: None, on };
        for command in [
            Command::OfferRenewal { year: coming(), offer },
            Command::AcceptRenewal { year: coming(), by: Role::Headteacher, on },
        ] {
            let asked = office.asked(CommandId::mint());
            office.ask::<Membership>(school, command, asked).await.unwrap();
        }
    }
    office.settle(&no_progress).await.unwrap();
}

fn coming() -> LeadingEdgeYear {
    "2019-20".parse().unwrap()
}

fn came(tried: &[crate::Came]) -> Vec<(&str, String)> {
    tried.iter().map(|came| (came.event_type.as_str(), came.on.to_string())).collect()
}

/// What ends a membership is told before it is done, and then it is that and nothing else.
#[tokio::test]
async fn what_a_dismissal_leads_to_is_told_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-04-02")).await;
    accepted_without_a_fee(&mut office).await;
    let this = urn(THIS);
    let told = office.desk().dismissals(&[this]).await.unwrap().remove(&this).unwrap();
    assert_eq!((told.came.len(), told.parked_again), (0, None));
    let lapse = told.at_year_end.unwrap();
    assert_eq!((lapse.event_type.as_str(), lapse.on), ("MembershipLapsed", day("2019-04-01")));

    office.begin_days(None, &no_progress).await.unwrap();
    let head = office.desk().journal().head().unwrap();
    let told = office.desk().dismissals(&[this]).await.unwrap().remove(&this).unwrap();
    assert_eq!(came(&told.came), [("MembershipLapsed", "2019-04-01".to_owned())]);
    assert_eq!(told.at_year_end, None);
    assert_eq!(office.desk().journal().head().unwrap(), head, "nothing is written");
    let done = office.dismiss_parked(this, "the head said so".into(), &no_progress).await.unwrap();
    assert_eq!(done.came, told.came);
    assert!(office.desk().dismissals(&[this]).await.unwrap().is_empty());
}

/// Told before 31 March, the year's end comes as it was told, and no day between parks again what was dismissed (R11).
#[tokio::test]
async fn what_is_dismissed_before_31_march_ends_as_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = open(folder.path(), "2019-04-02");
    let mut office = with_two_members(&place).await;
    accepted_without_a_fee(&mut office).await;
    office.begin_days(Some(day("2019-03-20")), &no_progress).await.unwrap();
    let this = urn(THIS);
    let told = office.desk().dismissals(&[this]).await.unwrap().remove(&this).unwrap();
    let lapse = told.at_year_end.unwrap();
    let reason = "its governors said no".to_owned();
    assert_eq!(office.dismiss_parked(this, reason, &no_progress).await.unwrap().left, None);
    // Another program comes to it in the night.
    office.begin_days(Some(day("2019-03-21")), &no_progress).await.unwrap();
    office.close().await.unwrap();
    let mut office = office_of(&place, POLICIES);
    let begun = office.begin_days(None, &no_progress).await.unwrap();
    assert_eq!(begun.parked.iter().map(|it| it.urn).collect::<Vec<_>>(), [urn(OTHER)]);
    let timeline = office.desk().read_store().timeline(this, office.desk().journal()).unwrap();
    let lapses: Vec<_> = timeline
        .iter()
        .filter(|it| it.event.sentence() == lapse.what)
        .map(|it| it.effective_on)
        .collect();
    assert_eq!((lapse.event_type.as_str(), lapses), ("MembershipLapsed", vec![lapse.on]));
}

/// Another yes is another occasion, which nobody has dismissed.
#[tokio::test]
async fn what_was_dismissed_is_parked_again_once_the_membership_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    accepted_without_a_fee(&mut office).await;
    office.begin_days(Some(day("2019-03-19")), &no_progress).await.unwrap();
    let reason = "it may decline".to_owned();
    office.dismiss_parked(urn(THIS), reason, &no_progress).await.unwrap();
    let (on, year) = (day("2019-03-19"), coming());
    for command in [
        Command::DeclineRenewal { year, reason: None, on },
        Command::TakeBackDecline { year, reason: "a mistake".into(), on },
        Command::AcceptRenewal { year, by: Role::Headteacher, on },
    ] {
        let asked = office.asked(CommandId::mint());
        office.ask::<Membership>(THIS, command, asked).await.unwrap();
    }
    office.settle(&no_progress).await.unwrap();
    let parked: Vec<_> = office.desk().parked().unwrap().into_iter().map(|it| it.urn).collect();
    assert_eq!(parked, [urn(THIS), urn(OTHER)]);
}

/// The yes before a no that was taken back is not given again, and what it waited for is told of no more.
#[tokio::test]
async fn a_no_that_is_taken_back_says_what_stands_and_what_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    accepted_without_a_fee(&mut office).await;
    office.begin_days(None, &no_progress).await.unwrap();
    let (this, on, said_on) = (urn(THIS), day("2019-03-20"), day(FIRST_DAY));
    assert!(office.desk().member(this).unwrap().parked.is_some());
    office.decline_renewal(this, coming(), None, on).await.unwrap();
    let reason = || "a new head".to_owned();
    let back = office.take_back_decline(this, coming(), reason(), on).await.unwrap();
    let stands = Some(crate::StandsAgain::Offer { on: said_on, answer_by: None });
    assert_eq!((back.written, back.stands, back.earlier_yes), (true, stands, Some(said_on)));
    let page = office.desk().member(this).unwrap();
    assert_eq!(page.parked, None);
    assert!(page.next.iter().any(|step| step.what.ends_with("`ledge parked retry 100003`")));
    let again = office.take_back_decline(this, coming(), reason(), on).await.unwrap();
    assert!(!again.written);
    assert!(office.desk().member(urn(OTHER)).unwrap().parked.is_some(), "its yes stands");
    office.retry_parked(this, &no_progress).await.unwrap();
    assert_eq!(office.desk().parked().unwrap().len(), 1);
}

/// Once its obstacle is gone, a dismissal still only leaves undone what failed: the days behind it do the same.
#[tokio::test]
async fn where_the_obstacle_is_gone_the_days_behind_what_is_dismissed_do_it_after_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    accepted_without_a_fee(&mut office).await;
    office.begin_days(None, &no_progress).await.unwrap();
    set_fee(&office).await;
    office.settle(&no_progress).await.unwrap();
    let told = office.desk().dismissals(&[urn(THIS)]).await.unwrap();
    assert_eq!(came(&told[&urn(THIS)].came), [("MembershipRenewed", "2019-03-20".to_owned())]);
}

#[tokio::test]
async fn a_fee_says_for_whom_something_is_parked_for_want_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    accepted_without_a_fee(&mut office).await;
    let both = [urn(THIS), urn(OTHER)];
    for (year, waiting) in [("2019-20", &both[..]), ("2018-19", &both), ("2020-21", &[])] {
        let parked = office.desk().parked_for_want_of(year.parse().unwrap()).unwrap();
        assert_eq!(parked, waiting, "{year}");
    }
}

/// All side by side, with what happened since read once, and still each on its own.
#[tokio::test]
async fn what_is_parked_is_tried_again_for_all_schools_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = with_two_members(&open(folder.path(), "2019-03-20")).await;
    assert_eq!(office.retry_all_parked(&no_progress).await.unwrap(), []);
    accepted_without_a_fee(&mut office).await;
    office.begin_days(None, &no_progress).await.unwrap();
    let tried = office.retry_all_parked(&no_progress).await.unwrap();
    let still: Vec<_> = tried
        .iter()
        .map(|it| {
            (it.urn, it.came.len(), it.left.as_ref().map(|left| (left.attempts, left.waiting)))
        })
        .collect();
    assert_eq!(still, [(urn(THIS), 0, Some((2, 2))), (urn(OTHER), 0, Some((2, 2)))]);

    set_fee(&office).await;
    let tried = office.retry_all_parked(&no_progress).await.unwrap();
    assert_eq!(tried.iter().map(|it| it.urn).collect::<Vec<_>>(), [urn(THIS), urn(OTHER)]);
    for it in &tried {
        // On the day of the fee, and not before there was one.
        assert_eq!(came(&it.came), [("MembershipRenewed", "2019-03-20".to_owned())]);
        assert!(it.came.iter().all(|came| came.urn == it.urn));
        assert_eq!(it.left, None);
    }
    assert_eq!(office.desk().parked().unwrap(), []);
    assert_eq!(office.retry_all_parked(&no_progress).await.unwrap(), []);
}
