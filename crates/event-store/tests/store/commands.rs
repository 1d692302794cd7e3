use event_store::{Asked, Error, Failure};
use kernel::{CommandId, EventId};

use crate::purse::{Command, Purse, TooLittle, ask, asked, day, open};

#[tokio::test]
async fn what_is_paid_in_can_be_spent_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let paid = ask(&store, "a", Command::PayIn(vec![50, 20])).await.unwrap();
    assert_eq!((paid.position, paid.version, paid.events.len(), paid.repeated), (2, 2, 2, false));
    assert!(matches!(
        ask(&store, "a", Command::Spend(71)).await,
        Err(Error::Refused(TooLittle(70)))
    ));
    let spent = ask(&store, "a", Command::Spend(70)).await.unwrap();
    assert_eq!((spent.position, spent.version), (3, 3));
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 0, movements: 3 });
}

#[tokio::test]
async fn a_wish_already_fulfilled_answers_where_the_stream_stands() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let nothing = ask(&store, "a", Command::LookInside).await.unwrap();
    assert_eq!((nothing.position, nothing.version, nothing.events.len()), (0, 0, 0));
    ask(&store, "b", Command::PayIn(vec![1, 1, 1])).await.unwrap();
    ask(&store, "a", Command::PayIn(vec![1])).await.unwrap();
    ask(&store, "b", Command::PayIn(vec![1])).await.unwrap();
    let nothing = ask(&store, "a", Command::LookInside).await.unwrap();
    assert_eq!((nothing.position, nothing.version, nothing.repeated), (4, 1, false));
    assert_eq!(store.journal().head(), 5);
}

#[tokio::test]
async fn a_command_asked_again_answers_the_first_result_also_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let wish = asked(CommandId::mint());
    let coins = Command::PayIn(vec![5, 6, 7]);
    let first = store.execute::<Purse>("a", coins.clone(), wish.clone()).await.unwrap();
    ask(&store, "b", Command::PayIn(vec![9])).await.unwrap();
    ask(&store, "a", Command::Spend(8)).await.unwrap();

    let again = store.execute::<Purse>("a", coins.clone(), wish.clone()).await.unwrap();
    assert!(again.repeated && !first.repeated);
    assert_eq!((again.position, again.version, &again.events), (3, 3, &first.events));
    store.close().await.unwrap();

    let store = open(directory.path());
    assert_eq!(store.execute::<Purse>("a", coins.clone(), wish.clone()).await.unwrap(), again);
    // The wish is one of this purse: in another it is another.
    assert!(!store.execute::<Purse>("b", coins, wish).await.unwrap().repeated);
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 10, movements: 4 });
}

#[tokio::test]
async fn a_repeated_command_is_recognised_before_it_could_be_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![10])).await.unwrap();
    let wish = asked(CommandId::mint());
    let first = store.execute::<Purse>("a", Command::Spend(10), wish.clone()).await.unwrap();
    let again = store.execute::<Purse>("a", Command::Spend(10), wish).await.unwrap();
    assert_eq!((again.events, again.repeated), (first.events, true));
}

#[tokio::test]
async fn a_refusal_after_events_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![10])).await.unwrap();
    let refused = ask(&store, "a", Command::SpendHastily(11)).await;
    assert!(matches!(refused, Err(Error::Refused(TooLittle(10)))));
    assert_eq!(store.load::<Purse>("a").await.unwrap(), Purse { pence: 10, movements: 1 });
    let spent = ask(&store, "a", Command::SpendHastily(10)).await.unwrap();
    assert_eq!((spent.position, spent.version), (2, 2));
}

#[tokio::test]
async fn no_event_is_applied_twice_however_the_aggregate_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for _ in 0..7 {
        ask(&store, "a", Command::PayIn(vec![1; 100])).await.unwrap();
        assert!(store.look("a", |purse: &Purse| purse.pence % 100 == 0).await.unwrap());
    }
    let whole = Purse { pence: 700, movements: 700 };
    assert_eq!(store.load::<Purse>("a").await.unwrap(), whole, "from the cache");
    store.close().await.unwrap();
    let store = open(directory.path());
    assert_eq!(
        store.load::<Purse>("a").await.unwrap(),
        whole,
        "from the snapshot and what followed"
    );
    store.close().await.unwrap();
    std::fs::remove_dir_all(directory.path().join("heads.sled")).unwrap();
    let store = open(directory.path());
    assert_eq!(store.load::<Purse>("a").await.unwrap(), whole, "from its stream alone");
}

#[tokio::test]
async fn an_event_says_who_when_why_and_from_which_day() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let cause = EventId::mint();
    let wish = Asked {
        command: CommandId::mint(),
        actor: "bursar".to_owned(),
        correlation: Some(CommandId::derived(&["the whole story"])),
        causation: Some(cause),
        effective_on: day("2019-06-30"),
    };
    let done = store
        .execute::<Purse>("a", Command::PayInOn(3, day("2018-12-24")), wish.clone())
        .await
        .unwrap();
    let plain = asked(CommandId::mint());
    let spent = store.execute::<Purse>("a", Command::Spend(1), plain.clone()).await.unwrap();

    let reader = store.journal().reader().unwrap();
    let paid = reader.event(done.position).unwrap().unwrap();
    assert_eq!(paid.stream, "tests.purse.a");
    assert_eq!(
        (paid.version, paid.previous, paid.event_type.as_str(), paid.schema),
        (1, 0, "Paid", 1)
    );
    assert_eq!(paid.payload, r#"{"Paid":{"pence":3,"on":"2018-12-24"}}"#);
    assert_eq!((paid.actor.as_str(), paid.command), ("bursar", wish.command.uuid()));
    assert_eq!(paid.correlation, CommandId::derived(&["the whole story"]).uuid());
    assert_eq!(paid.causation, Some(cause.uuid()));
    assert_eq!(EventId::from(paid.id), done.events[0]);
    assert_eq!(paid.recorded_at.to_rfc3339(), "2019-04-01T00:00:01+00:00");
    assert_eq!(paid.effective_on, day("2018-12-24"), "the event knows its own day");

    let spent = reader.event(spent.position).unwrap().unwrap();
    assert_eq!(spent.correlation, plain.command.uuid(), "the command begins its own story");
    assert_eq!((spent.causation, spent.effective_on), (None, day("2019-04-01")));
}

#[tokio::test]
async fn an_id_that_could_not_be_a_subject_is_refused_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for id in ["", "a.b", "a b", "a>", "café", &"x".repeat(129)] {
        let failure = ask(&store, id, Command::LookInside).await.unwrap_err();
        assert!(matches!(&failure, Error::Failure(Failure::BadId { .. })), "{failure}");
        assert!(failure.to_string().contains("letters, digits"), "{failure}");
    }
}

#[tokio::test]
async fn a_second_opener_is_refused_while_the_first_works_and_harms_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![1])).await.unwrap();
    let Err(second) = event_store::EventStore::open(directory.path(), crate::purse::clock()) else {
        panic!("there are two writers");
    };
    let Failure::Journal { source: journal::Failure::Held { .. }, .. } = second else {
        panic!("refused for another reason: {second}");
    };
    ask(&store, "a", Command::PayIn(vec![1])).await.unwrap();
    store.close().await.unwrap();
    assert_eq!(open(directory.path()).load::<Purse>("a").await.unwrap().pence, 2);
}

#[tokio::test]
async fn a_bookmark_lasts_and_never_leads() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    ask(&store, "a", Command::PayIn(vec![1; 10])).await.unwrap();
    assert_eq!(store.bookmark("roll").unwrap(), 0);
    store.move_bookmark("roll", 7);
    store.move_bookmark("diary", 9000);
    assert_eq!((store.bookmark("roll").unwrap(), store.bookmark("diary").unwrap()), (7, 10));
    store.close().await.unwrap();

    let store = open(directory.path());
    assert_eq!((store.bookmark("roll").unwrap(), store.bookmark("diary").unwrap()), (7, 10));
    store.move_bookmark("roll", 0);
    drop(store);
    assert_eq!(open(directory.path()).bookmark("roll").unwrap(), 0);
}

#[tokio::test]
async fn a_closed_store_refuses_its_other_clones() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let clone = store.clone();
    store.close().await.unwrap();
    let late = ask(&clone, "a", Command::PayIn(vec![1])).await.unwrap_err();
    assert!(matches!(late, Error::Failure(Failure::Journal { .. })), "{late}");
}
