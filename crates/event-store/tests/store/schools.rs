//! The store with an aggregate of the office.

use chrono::Days;
use schools::School;
use schools::school::Command;

use crate::purse::{asked, day, open};

/// Cover that is extended by a day at a time.
fn cover(days: u64) -> Command {
    Command::RecordCover {
        from: day("2003-09-01"),
        until: Some(day("2003-09-30") + Days::new(days)),
        via_trust: None,
        source: kernel::Source {
            file: "cover.csv".to_owned(),
            sha256: "0123456789ab".to_owned(),
            line: days + 2,
        },
    }
}

#[tokio::test]
async fn a_school_is_the_same_from_the_cache_its_snapshot_and_its_stream() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let wishes: Vec<_> = (0..230_u64)
        .map(|days| kernel::CommandId::derived(&["cover", &days.to_string()]))
        .collect();
    for (days, wish) in (0..).zip(&wishes) {
        store.execute::<School>("100003", cover(days), asked(*wish)).await.unwrap();
    }
    let school = store.load::<School>("100003").await.unwrap();
    assert_ne!(school, School::default());
    store.close().await.unwrap();

    for derived in ["kept", "deleted"] {
        if derived == "deleted" {
            std::fs::remove_dir_all(directory.path().join("heads.sled")).unwrap();
        }
        let store = open(directory.path());
        assert_eq!(store.load::<School>("100003").await.unwrap(), school, "{derived}");
        // The file read once more: every row is a wish that was answered.
        for (days, wish) in (0..).zip(&wishes) {
            let again = store.execute::<School>("100003", cover(days), asked(*wish)).await.unwrap();
            assert_eq!((again.repeated, again.version), (true, days + 1));
        }
        assert_eq!(store.journal().head(), 230);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_event_that_knows_its_day_is_effective_from_it() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let done = store
        .execute::<School>("100003", cover(1), asked(kernel::CommandId::mint()))
        .await
        .unwrap();
    let entry = store.journal().reader().unwrap().event(done.position).unwrap().unwrap();
    assert_eq!(
        (entry.stream.as_str(), entry.event_type.as_str()),
        ("schools.school.100003", "SsatCoverRecorded")
    );
    assert!(
        entry.payload.starts_with(r#"{"SsatCoverRecorded":{"from":"2003-09-01""#),
        "{}",
        entry.payload
    );
    assert_eq!(entry.effective_on, day("2003-09-01"));
}
