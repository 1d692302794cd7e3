//! What every journal promises, however it is kept: each function takes a fresh one.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use journal::{AppendError, Appended, Failure, Head, Journal};
use tempfile::TempDir;

use crate::story::{append, everything, moment, open};

/// Runs each promise on a fresh journal in a file.
macro_rules! promises {
    ($($promise:ident)+) => {
        mod in_a_file {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let folder = super::TempDir::new().unwrap();
                super::$promise(super::open(&folder.path().join("journal.sqlite"))).await;
            })+
        }
    };
}

promises! {
    a_fresh_journal_is_empty
    an_append_is_read_back_field_by_field
    positions_and_versions_are_dense
    an_append_is_recorded_whole_or_not_at_all
    the_wrong_version_is_a_conflict_and_changes_nothing
    of_many_who_saw_the_same_version_one_wins
    an_append_of_nothing_writes_nothing
    recorded_time_never_goes_back
    a_stream_is_read_back_from_its_head
    what_no_journal_can_hold_is_refused_by_name
    followers_are_told_what_is_durable
    heads_are_kept_until_they_are_released
    a_closed_journal_takes_nothing_more
}

async fn a_fresh_journal_is_empty(journal: Journal) {
    let reader = journal.reader().unwrap();
    assert_eq!((journal.head(), reader.head().unwrap()), (0, 0));
    assert_eq!(everything(&reader), []);
    assert_eq!(reader.event(1).unwrap(), None);
    assert_eq!(reader.event(0).unwrap(), None);
    assert_eq!(reader.stream_back(0).unwrap(), []);
    assert_eq!(
        journal.stream_head("schools.school.100003").unwrap(),
        Head { position: 0, version: 0 }
    );
}

async fn an_append_is_read_back_field_by_field(journal: Journal) {
    let wish = append("schools.school.100003", 0, 2);
    let appended = journal.append(wish.clone()).await.unwrap();
    assert_eq!(appended, Appended { first: 1, last: 2, version: 2 });
    let entries = everything(&journal.reader().unwrap());
    assert_eq!(entries.len(), 2);
    for (number, (entry, event)) in (1..).zip(entries.iter().zip(&wish.events)) {
        assert_eq!((entry.position, entry.version, entry.previous), (number, number, number - 1));
        assert_eq!((&entry.stream, &entry.actor), (&wish.stream, &wish.actor));
        assert_eq!(entry.recorded_at, wish.recorded_at);
        assert_eq!(
            (entry.command, entry.correlation, entry.causation),
            (wish.command, wish.correlation, wish.causation)
        );
        assert_eq!(
            (&entry.event_type, entry.schema, entry.id),
            (&event.event_type, event.schema, event.id)
        );
        assert_eq!((entry.effective_on, &entry.payload), (event.effective_on, &event.payload));
    }
    assert_ne!(entries[0].hash, entries[1].hash);
    assert_eq!(journal.reader().unwrap().event(2).unwrap().as_ref(), entries.last());
}

async fn positions_and_versions_are_dense(journal: Journal) {
    let mut tasks = Vec::new();
    for task in 0..16 {
        let journal = journal.clone();
        tasks.push(tokio::spawn(async move {
            let stream = format!("schools.school.{task}");
            let mut version = 0;
            for count in [1, 3, 1, 2, 5, 1, 1] {
                version = journal.append(append(&stream, version, count)).await.unwrap().version;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let entries = everything(&journal.reader().unwrap());
    assert_eq!(entries.len(), 16 * 14);
    let mut heads: HashMap<&str, Head> = HashMap::new();
    for (position, entry) in (1..).zip(&entries) {
        let head = heads.entry(&entry.stream).or_default();
        assert_eq!(
            (entry.position, entry.version, entry.previous),
            (position, head.version + 1, head.position)
        );
        *head = Head { position, version: entry.version };
    }
    for (stream, head) in heads {
        assert_eq!(journal.stream_head(stream).unwrap(), head);
    }
}

async fn an_append_is_recorded_whole_or_not_at_all(journal: Journal) {
    let mut wish = append("schools.school.100003", 0, 3);
    wish.events[2].payload = "{".to_owned();
    let refused = journal.append(wish).await.unwrap_err();
    assert!(matches!(refused, AppendError::Failure(Failure::Unfit { .. })), "{refused}");
    assert_eq!(journal.head(), 0);
    assert_eq!(everything(&journal.reader().unwrap()), []);
}

async fn the_wrong_version_is_a_conflict_and_changes_nothing(journal: Journal) {
    journal.append(append("schools.school.100003", 0, 2)).await.unwrap();
    for expected in [0, 1, 3] {
        let error = journal.append(append("schools.school.100003", expected, 1)).await.unwrap_err();
        let AppendError::Conflict { stream, expected: seen, actual } = error else {
            panic!("{error}")
        };
        assert_eq!((stream.as_str(), seen, actual), ("schools.school.100003", expected, 2));
    }
    assert_eq!(journal.head(), 2);
    journal.append(append("schools.school.100003", 2, 1)).await.unwrap();
    assert_eq!(journal.head(), 3);
}

async fn of_many_who_saw_the_same_version_one_wins(journal: Journal) {
    let mut version = 0;
    for _ in 0..50 {
        let rivals: Vec<_> = (0..16)
            .map(|_| {
                let journal = journal.clone();
                tokio::spawn(async move {
                    journal.append(append("schools.school.100003", version, 1)).await
                })
            })
            .collect();
        let mut won = 0;
        for rival in rivals {
            match rival.await.unwrap() {
                Ok(_) => won += 1,
                Err(AppendError::Conflict { actual, .. }) => assert_eq!(actual, version + 1),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(won, 1);
        version += 1;
    }
    assert_eq!(journal.head(), version);
}

async fn an_append_of_nothing_writes_nothing(journal: Journal) {
    journal.append(append("schools.school.100001", 0, 1)).await.unwrap();
    journal.append(append("schools.school.100003", 0, 1)).await.unwrap();
    let answer = journal.append(append("schools.school.100001", 1, 0)).await.unwrap();
    assert_eq!(answer, Appended { first: 1, last: 1, version: 1 });
    let answer = journal.append(append("schools.school.100009", 0, 0)).await.unwrap();
    assert_eq!(answer, Appended { first: 0, last: 0, version: 0 });
    let error = journal.append(append("schools.school.100001", 4, 0)).await.unwrap_err();
    assert!(matches!(error, AppendError::Conflict { expected: 4, actual: 1, .. }), "{error}");
    assert_eq!(journal.head(), 2);
}

async fn recorded_time_never_goes_back(journal: Journal) {
    for (version, second) in [5, 3, 5, 9, 1].into_iter().enumerate() {
        let mut wish = append("schools.school.100003", version as u64, 1);
        // Half a microsecond does not survive.
        wish.recorded_at = moment(second) + chrono::TimeDelta::nanoseconds(1_500);
        journal.append(wish).await.unwrap();
    }
    let times: Vec<_> =
        everything(&journal.reader().unwrap()).iter().map(|entry| entry.recorded_at).collect();
    let micro = chrono::TimeDelta::microseconds(1);
    assert_eq!(times, [5, 5, 5, 9, 9].map(|second| moment(second) + micro));
}

async fn a_stream_is_read_back_from_its_head(journal: Journal) {
    let streams = ["schools.school.1", "schools.school.10", "membership.review.1"];
    for version in 0..20 {
        for stream in streams {
            journal.append(append(stream, version, 1)).await.unwrap();
        }
    }
    let reader = journal.reader().unwrap();
    let all = everything(&reader);
    for stream in streams {
        let head = journal.stream_head(stream).unwrap();
        let of_stream: Vec<_> =
            all.iter().filter(|entry| entry.stream == stream).cloned().collect();
        assert_eq!(reader.stream_back(head.position).unwrap(), of_stream);
        assert_eq!(reader.stream_since(head.position, 17).unwrap(), of_stream[17..]);
        assert_eq!(reader.stream_since(head.position, 20).unwrap(), []);
        assert_eq!(
            reader.stream_back(of_stream[4].position).unwrap(),
            of_stream[..5],
            "as it was then"
        );
    }
    let mut some = Vec::new();
    reader.read(10, 5, &mut some).unwrap();
    assert_eq!(some, all[10..15]);
    let mut seen = Vec::new();
    let last = reader.for_each(50, 1_000, |entry| {
        seen.push(entry.to_entry());
        if entry.position == 55 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((last.unwrap(), seen.as_slice()), (55, &all[50..55]));
    assert_eq!(reader.for_each(50, 1_000, |_| ControlFlow::Continue(())).unwrap(), 60);
    assert_eq!(reader.for_each(60, 1_000, |_| ControlFlow::Continue(())).unwrap(), 60);
}

async fn what_no_journal_can_hold_is_refused_by_name(journal: Journal) {
    let mut no_json = append("schools.school.100003", 0, 1);
    no_json.events[0].payload = "{\"open".to_owned();
    let mut no_day = append("schools.school.100003", 0, 1);
    no_day.events[0].effective_on = chrono::NaiveDate::MAX;
    let mut too_much = append("schools.school.100003", 0, 1);
    too_much.events[0].payload = format!("\"{}\"", "x".repeat(65 << 20));
    let no_stream = append("", 0, 1);
    for (wish, says) in [
        (no_json, "is not JSON"),
        (no_day, "year of four digits"),
        (too_much, "at most"),
        (no_stream, "has a name"),
    ] {
        let error = journal.append(wish).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(journal.head(), 0);
}

async fn followers_are_told_what_is_durable(journal: Journal) {
    let mut watch = journal.watch();
    let writing = tokio::spawn({
        let journal = journal.clone();
        async move {
            for version in 0..100 {
                journal.append(append("schools.school.100003", version, 1)).await.unwrap();
            }
        }
    });
    let reader = journal.reader().unwrap();
    let mut head = 0;
    while head < 100 {
        head = *watch.wait_for(|now| *now > head).await.unwrap();
        assert!(reader.head().unwrap() >= head, "told of position {head} before it could be read");
    }
    writing.await.unwrap();
}

async fn heads_are_kept_until_they_are_released(journal: Journal) {
    journal.append(append("schools.school.1", 0, 2)).await.unwrap();
    journal.append(append("schools.school.2", 0, 1)).await.unwrap();
    let (covered, mut heads) = journal.changed_heads();
    heads.sort();
    let (first, second) = (Head { position: 2, version: 2 }, Head { position: 3, version: 1 });
    assert_eq!(covered, 3);
    assert_eq!(
        heads,
        [("schools.school.1".to_owned(), first), ("schools.school.2".to_owned(), second)]
    );
    journal.append(append("schools.school.2", 1, 1)).await.unwrap();
    journal.release_heads(covered);
    let later = Head { position: 4, version: 2 };
    assert_eq!(journal.changed_heads(), (4, vec![("schools.school.2".to_owned(), later)]));
    assert_eq!(journal.stream_head("schools.school.2").unwrap(), later);
}

async fn a_closed_journal_takes_nothing_more(journal: Journal) {
    let other = journal.clone();
    let waiting: Vec<_> = (0..40)
        .map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move {
                journal.append(append(&format!("schools.school.{number}"), 0, 1)).await
            })
        })
        .collect();
    journal.close().await.unwrap();
    let mut recorded = 0;
    for answer in waiting {
        match answer.await.unwrap() {
            Ok(_) => recorded += 1,
            Err(AppendError::Failure(Failure::Closed)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    let error = other.append(append("schools.school.100003", 0, 1)).await.unwrap_err();
    assert!(matches!(error, AppendError::Failure(Failure::Closed)), "{error}");
    assert_eq!(everything(&other.reader().unwrap()).len(), recorded);
}

#[test]
fn a_journal_can_be_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send>() {}
    shared::<Journal>();
    shared::<Arc<Failure>>();
    sent::<journal::Reader>();
    sent::<journal::Follower>();
}
