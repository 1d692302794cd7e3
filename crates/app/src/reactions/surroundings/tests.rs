use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{CommandId, Grade, Outcome, Source, Urn};
use membership::Membership;
use membership::membership::Command;
use policies::{Known, Stands};
use projections::Event;
use schools::School;
use schools::school::{Command as SchoolCommand, Inspection, Predecessor, Succession};

use super::Surroundings;
use crate::{Office, no_progress};

const BEFORE: &str = "100003";
const ALSO_BEFORE: &str = "100004";
const AFTER: &str = "100005";

/// D6: what is published later says nothing yet, and the day on which it does is not missed.
#[tokio::test]
async fn the_grade_is_that_of_the_day() {
    let mut record = Record::empty();
    record.is_a_member(BEFORE).await;
    record.inspected(BEFORE, "2016-05-03", "2016-06-01", Grade::Outstanding).await;
    record.inspected(BEFORE, "2019-02-20", "2019-03-28", Grade::RequiresImprovement).await;
    let mut surroundings = Surroundings::default();
    for (on, grade, published) in [
        ("2016-05-31", None, None),
        ("2019-03-27", Some(Grade::Outstanding), Some("2016-06-01")),
        ("2019-03-28", Some(Grade::RequiresImprovement), Some("2019-03-28")),
        ("2019-04-05", Some(Grade::RequiresImprovement), Some("2019-03-28")),
    ] {
        let grading = record.look_up(&mut surroundings, BEFORE, on).grading.clone();
        assert_eq!(grading.as_ref().map(|it| it.grade), grade, "{on}");
        assert_eq!(grading.map(|it| it.published_on), published.map(day), "{on}");
    }
    // What is the same on the next day is not looked up again; an earlier day is.
    assert!(surroundings.of(urn(BEFORE), day("2019-06-01")).is_some());
    assert!(surroundings.of(urn(BEFORE), day("2019-03-27")).is_none());
}

/// D6, D12: two predecessors, and nobody can say whose grade it would carry.
#[tokio::test]
async fn a_grade_is_carried_over_from_one_predecessor_and_not_from_two() {
    let mut record = Record::empty();
    record.is_a_member(AFTER).await;
    record.inspected(BEFORE, "2016-05-03", "2016-06-01", Grade::Good).await;
    record.came_from(AFTER, BEFORE, Some("2018-09-01")).await;
    let known = record.look_up(&mut Surroundings::default(), AFTER, "2019-03-01").clone();
    assert_eq!(known.grading.map(|it| it.grade), Some(Grade::Good));
    // Before the link counts there is no predecessor.
    let earlier = record.look_up(&mut Surroundings::default(), AFTER, "2018-08-31").clone();
    assert_eq!(earlier.grading, None);

    record.came_from(AFTER, ALSO_BEFORE, None).await;
    let known = record.look_up(&mut Surroundings::default(), AFTER, "2019-03-01").clone();
    assert_eq!((known.grading.clone(), known.predecessors), (None, 2));
}

#[tokio::test]
async fn what_came_after_is_known_with_who_else_went_there() {
    let mut record = Record::empty();
    record.is_a_member(BEFORE).await;
    record.is_a_member(ALSO_BEFORE).await;
    record.came_from(AFTER, BEFORE, Some("2018-09-01")).await;
    record.came_from(AFTER, BEFORE, Some("2018-08-01")).await;
    record.came_from(AFTER, ALSO_BEFORE, None).await;
    let mut surroundings = Surroundings::default();
    let known = record.look_up(&mut surroundings, BEFORE, "2019-03-01");
    let [after] = known.successors.as_slice() else { panic!("{:?}", known.successors) };
    assert_eq!((after.urn, after.from), (urn(AFTER), Some(day("2018-08-01"))));
    assert_eq!((after.stands, after.members.len()), (Stands::Free, 2));

    // What happens to one of them is heeded for all that rest on it.
    let event = record.is_a_member(AFTER).await;
    surroundings.heed(&event);
    assert!(surroundings.of(urn(BEFORE), day("2019-03-01")).is_none());
    let known = record.look_up(&mut surroundings, BEFORE, "2019-03-01");
    assert_eq!(known.successors[0].stands, Stands::Member);
}

#[tokio::test]
async fn of_a_school_never_dealt_with_an_empty_row_is_known() {
    let record = Record::empty();
    let known = record.look_up(&mut Surroundings::default(), AFTER, "2019-03-01").clone();
    assert_eq!(known.membership, projections::memberships::Row::unknown(urn(AFTER)));
    assert_eq!(known.cover_lists, projections::cover::Lists::NeverRead);
}

struct Record {
    office: Office,
    _folder: tempfile::TempDir,
}

impl Record {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now: DateTime<Utc> = "2019-04-10T12:00:00Z".parse().unwrap();
        let office =
            Office::open(folder.path(), Arc::new(move || now), "office", &no_progress).unwrap();
        Self { office, _folder: folder }
    }

    /// Answers the event that says so.
    async fn is_a_member(&mut self, school: &str) -> Event {
        let year = "2018-19".parse().unwrap();
        let command = Command::RecordRunning { from: day("2015-04-01"), year };
        let asked = self.office.asked(CommandId::mint());
        let done = self.office.ask::<Membership>(school, command, asked).await.unwrap();
        self.office.catch_up(&no_progress).unwrap();
        let entry = self.office.desk().journal().event(done.position).unwrap().unwrap();
        Event::decode(&entry.stream, &entry.payload).unwrap().unwrap()
    }

    async fn inspected(&mut self, school: &str, on: &str, published: &str, grade: Grade) {
        let inspection = Inspection {
            inspected_on: day(on),
            published_on: Some(day(published)),
            outcome: Outcome::Overall(grade),
            also_printed: None,
            source: source(),
        };
        self.ask(school, SchoolCommand::RecordInspections(vec![inspection])).await;
    }

    async fn came_from(&mut self, school: &str, predecessor: &str, established_on: Option<&str>) {
        let predecessor = Predecessor {
            urn: urn(predecessor),
            succession: Succession::Merged,
            established_on: established_on.map(day),
            source: source(),
        };
        let predecessors = vec![predecessor];
        let school_urn = urn(school);
        self.ask(school, SchoolCommand::RecordPredecessors { school: school_urn, predecessors })
            .await;
    }

    async fn ask(&mut self, school: &str, command: SchoolCommand) {
        let asked = self.office.asked(CommandId::mint());
        self.office.ask::<School>(school, command, asked).await.unwrap();
        self.office.catch_up(&no_progress).unwrap();
    }

    fn look_up<'a>(&self, surroundings: &'a mut Surroundings, school: &str, on: &str) -> &'a Known {
        let (urn, on) = (urn(school), day(on));
        surroundings.look_up(self.office.desk().read_store(), [(urn, on)]).unwrap();
        surroundings.of(urn, on).unwrap()
    }
}

fn source() -> Source {
    Source { file: "by-hand.csv".to_owned(), sha256: "0123456789ab".to_owned(), line: 2 }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}
