//! Events in, rows out.

mod old_data;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Cell, Grade, LeadingEdgeYear, Outcome, Progress8, Release, Source, Urn, Withheld};
use membership::finding::Inspected;
use membership::review::{Event as Review, Verdict};
use membership::{Answer, Clause, Finding};
use proptest::prelude::*;
use schools::details::Location;
use schools::national_data::{Begun, Dataset, Event as NationalData, Import, Rows};
use schools::school::{Event as School, Fact, Inspection, Predecessor, Succession};
use schools::{Details, Figures, Register, Results};

use crate::collected::Collected;
use crate::{
    Event, Recorded, begun, findings, imports, inspections, predecessors, results, timeline,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn source(line: u64) -> Source {
    Source { file: "a.csv".into(), sha256: "0123456789ab".into(), line }
}

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn year() -> LeadingEdgeYear {
    "2019-20".parse().unwrap()
}

fn recorded(position: u64, event: Event) -> Recorded {
    let recorded_at: DateTime<Utc> = day("2019-02-01").and_hms_opt(9, 0, 0).unwrap().and_utc();
    Recorded {
        position,
        version: 1,
        recorded_at: recorded_at + Days::new(position),
        effective_on: day("2019-02-01"),
        actor: "office".into(),
        event,
    }
}

fn history(events: impl IntoIterator<Item = Event>) -> Vec<Recorded> {
    (1..).zip(events).map(|(position, event)| recorded(position, event)).collect()
}

fn rows_of(events: impl IntoIterator<Item = Event>) -> Collected {
    Collected::of(&history(events))
}

fn school(number: u32, event: School) -> Event {
    Event::School(urn(number), event)
}

fn scored(hundredths: i32) -> Figures {
    Figures {
        progress8: Some(Cell::Published(Progress8::from_hundredths(hundredths))),
        ..Figures::default()
    }
}

fn published(number: u32, of: &str, figures: Figures, line: u64) -> Event {
    school(
        number,
        School::ResultsPublished(Results {
            release: release(of),
            figures,
            kind: None,
            record_type: None,
            public_from: day("2019-01-31"),
            source: source(line),
        }),
    )
}

fn inspected(number: u32, on: &str, outcome: Outcome, line: u64) -> Event {
    school(
        number,
        School::OfstedInspected(Inspection {
            inspected_on: day(on),
            published_on: None,
            outcome,
            also_printed: None,
            source: source(line),
        }),
    )
}

fn graded(number: u32, on: &str, grade: Grade, line: u64) -> Event {
    inspected(number, on, Outcome::Overall(grade), line)
}

fn row_of(rows: &Collected, number: u32) -> crate::schools::Row {
    let mut found: Vec<crate::schools::Row> = rows.rows();
    found.retain(|row| row.urn == urn(number));
    assert_eq!(found.len(), 1, "one row a URN");
    found.remove(0)
}

#[test]
fn a_school_has_one_row_with_what_the_register_says_last() {
    let details = Details {
        name: Some("St George’s".into()),
        laestab: Some("202/4104".parse().unwrap()),
        postcode: Some("nw32bq".into()),
        status: Some(Register::Open),
        location: Some(Location { latitude: 51_545_100, longitude: -158_600 }),
        ..Details::default()
    };
    let changes = Details { name: Some("St George’s Academy".into()), ..Details::default() };
    let (public_from, source) = (day("2018-01-01"), source(1));
    let rows = rows_of([
        school(100_003, School::SchoolRegistered { details, public_from, source: source.clone() }),
        school(
            100_003,
            School::SchoolDetailsCorrected { changes, public_from, source: source.clone() },
        ),
        school(100_003, School::SchoolClosed { on: Some(day("2018-08-31")), public_from, source }),
    ]);
    let row = row_of(&rows, 100_003);
    assert_eq!(row.name.as_deref(), Some("St George’s Academy"));
    assert_eq!(row.sought.as_deref(), Some("st georges academy"));
    assert_eq!(row.postcode.as_deref(), Some("NW3 2BQ"));
    assert_eq!((row.latitude, row.longitude), (Some(51.5451), Some(-0.1586)));
    assert_eq!((row.status, row.closed_on), (Some(Register::Closed), Some(day("2018-08-31"))));
    assert_eq!(row.position, 3);
    assert_eq!(rows.rows::<crate::details::Row>().len(), 3, "each statement keeps its row");
}

fn stated(details: Details, public_from: &str) -> Event {
    let public_from = day(public_from);
    school(
        100_003,
        School::SchoolDetailsCorrected { changes: details, public_from, source: source(1) },
    )
}

#[test]
fn the_row_has_what_became_public_last_in_whatever_order_files_were_read() {
    let newer = Details {
        name: Some("Hill Top Academy".into()),
        location: Some(Location { latitude: 51_545_100, longitude: -158_600 }),
        ..Details::default()
    };
    let older = Details {
        name: Some("Hill Top".into()),
        town: Some("Hexham".into()),
        location: Some(Location { latitude: 1, longitude: 1 }),
        ..Details::default()
    };
    let events = [stated(newer, "2018-03-01"), stated(older, "2017-03-01")];
    // Written and forgotten between the two, too.
    for rows in [rows_of(events.clone()), Collected::in_batches(&history(events), 1, 0)] {
        let row = row_of(&rows, 100_003);
        assert_eq!(row.name.as_deref(), Some("Hill Top Academy"));
        assert_eq!(row.sought.as_deref(), Some("hill top academy"));
        assert_eq!(row.town.as_deref(), Some("Hexham"), "which only the older one says");
        assert_eq!((row.latitude, row.longitude), (Some(51.5451), Some(-0.1586)));
    }
}

#[test]
fn a_closure_that_was_called_off_leaves_the_row() {
    let status = |status, closed_on: Option<&str>| Details {
        status: Some(status),
        closed_on: closed_on.map(day),
        ..Details::default()
    };
    let foreseen = stated(status(Register::ProposedToClose, Some("2018-08-31")), "2018-03-01");
    let open = stated(status(Register::Open, None), "2018-07-01");
    for events in [[foreseen.clone(), open.clone()], [open, foreseen]] {
        let rows = Collected::in_batches(&history(events), 1, 0);
        let row = row_of(&rows, 100_003);
        assert_eq!((row.status, row.closed_on), (Some(Register::Open), None));
    }
}

#[test]
fn the_row_has_the_newest_grade_by_its_public_day_and_never_an_ungraded_one() {
    let rows = rows_of([
        graded(100_003, "2016-05-03", Grade::Good, 1),
        graded(100_003, "2012-05-03", Grade::Outstanding, 2),
        inspected(100_003, "2018-05-03", Outcome::Ungraded("School remains Good".into()), 3),
    ]);
    let row = row_of(&rows, 100_003);
    assert_eq!((row.grade, row.inspected_on), (Some(Grade::Good), Some(day("2016-05-03"))));
    assert_eq!(row.outcome.as_deref(), Some("2 (Good)"));
    assert_eq!(rows.rows::<inspections::Row>().len(), 3);
}

#[test]
fn the_row_has_the_newest_published_score_and_passes_over_a_code() {
    let suppressed =
        Figures { progress8: Some(Cell::Withheld(Withheld::Suppressed)), ..Figures::default() };
    let rows = rows_of([
        published(100_003, "2017/18 provisional", scored(30), 1),
        published(100_003, "2017/18 final", scored(31), 2),
        published(100_003, "2016/17 final", scored(5), 3),
        published(100_003, "2018/19 final", suppressed, 4),
    ]);
    let row = row_of(&rows, 100_003);
    assert_eq!(row.progress8, Some(Progress8::from_hundredths(31)));
    assert_eq!(row.progress8_release, Some(release("2017/18 final")));
    let codes: Vec<_> = rows.rows::<results::Row>().iter().map(|row| row.progress8_code).collect();
    assert_eq!(codes, [None, None, None, Some(Withheld::Suppressed)]);
}

#[test]
fn a_correction_gives_the_row_its_value_back_and_keeps_what_was_wrong() {
    let rows = rows_of([
        graded(100_003, "2012-05-03", Grade::Outstanding, 1),
        graded(100_003, "2016-05-03", Grade::Inadequate, 2),
        school(
            100_003,
            School::FactCorrected {
                fact: Fact::Inspection {
                    inspected_on: day("2016-05-03"),
                    from: Outcome::Overall(Grade::Inadequate),
                    to: None,
                },
                reason: "another school's".into(),
            },
        ),
    ]);
    assert_eq!(row_of(&rows, 100_003).grade, Some(Grade::Outstanding));
    let statements: Vec<inspections::Row> = rows.rows();
    assert_eq!(statements.len(), 3);
    assert_eq!(statements[1].grade, Some(Grade::Inadequate));
    assert_eq!(statements[2].kind, inspections::Kind::Withdrawn);
    assert_eq!(statements[2].correction.as_deref(), Some("another school's"));
    assert_eq!(statements[2].source(), source(2), "it says which statement it corrects");
}

fn imported(of: &str, confirmed: &[(u32, u64)]) -> Event {
    Event::NationalData(
        of.into(),
        NationalData::DatasetImported(Import {
            dataset: Dataset::Ks4,
            release: Some(release(of)),
            file: "final.csv".into(),
            sha256: "ba9876543210".repeat(5) + "0000",
            layout: "ks4".into(),
            public_from: None,
            rows: Rows { read: 10, ..Rows::default() },
            confirmed: confirmed.iter().map(|(number, line)| (urn(*number), *line)).collect(),
        }),
    )
}

#[test]
fn a_release_that_vouches_for_earlier_figures_has_rows_of_its_own() {
    let rows = rows_of([
        published(100_003, "2017/18 provisional", scored(30), 1),
        imported("2017/18 final", &[(100_003, 17), (100_049, 18)]),
    ]);
    let versions: Vec<results::Row> = rows.rows();
    assert_eq!(
        versions.len(),
        2,
        "of a school without earlier figures there is nothing to vouch for"
    );
    let row = &versions[1];
    assert_eq!((row.release(), row.figures()), (release("2017/18 final"), scored(30)));
    assert_eq!(row.confirms, Some(kernel::Standing::Provisional));
    assert_eq!((&*row.file, row.line, &*row.sha256), ("final.csv", 17, "ba9876543210"));
    assert_eq!(row.public_from, day("2019-01-31"), "as a final release usually is");
    assert_eq!(row_of(&rows, 100_003).progress8_release, Some(release("2017/18 final")));
    let moments: Vec<_> = rows.rows::<timeline::Row>().iter().map(|row| row.position).collect();
    assert_eq!(moments, [1, 2, 2], "it stands in the timelines of those it names");
    let files: Vec<imports::Row> = rows.rows();
    assert_eq!((files[0].rows_read, files[0].confirmed), (10, 2));
}

#[test]
fn a_second_file_that_vouches_for_the_same_figures_adds_nothing() {
    let rows = rows_of([
        published(100_003, "2017/18 provisional", scored(30), 1),
        imported("2017/18 final", &[(100_003, 17)]),
        imported("2017/18 final", &[(100_003, 99)]),
    ]);
    assert_eq!(rows.rows::<results::Row>().len(), 2);
}

#[test]
fn a_release_never_vouches_over_figures_of_its_own() {
    let rows = rows_of([
        published(100_003, "2017/18 provisional", scored(30), 1),
        published(100_003, "2017/18 final", scored(48), 2),
        imported("2017/18 final", &[(100_003, 17)]),
    ]);
    assert_eq!(rows.rows::<results::Row>().len(), 2);
    assert_eq!(row_of(&rows, 100_003).progress8, Some(Progress8::from_hundredths(48)));
}

#[test]
fn a_file_that_is_begun_has_a_row_of_its_own() {
    let rows = rows_of([Event::NationalData(
        "ks4-2017-18-final".into(),
        NationalData::ImportBegun(Begun {
            dataset: Dataset::Ks4,
            release: Some(release("2017/18 final")),
            file: "final.csv".into(),
            sha256: "ba9876543210".repeat(5) + "0000",
            public_from: Some(day("2019-01-31")),
        }),
    )]);
    let begun: Vec<begun::Row> = rows.rows();
    assert_eq!((begun[0].position, begun[0].file.as_str()), (1, "final.csv"));
    assert_eq!(begun[0].release, Some(release("2017/18 final")));
    assert_eq!(begun[0].given_up_at, None);
    assert_eq!(rows.rows::<imports::Row>(), []);
}

fn linked(number: u32, before: u32) -> Event {
    school(
        number,
        School::SchoolConverted(Predecessor {
            urn: urn(before),
            succession: Succession::Converted,
            established_on: None,
            source: source(1),
        }),
    )
}

#[test]
fn a_school_names_the_one_that_came_after_it_and_none_of_several() {
    let one = rows_of([linked(100_049, 100_003), linked(100_049, 100_003)]);
    assert_eq!(row_of(&one, 100_003).successor, Some(urn(100_049)));
    let several = rows_of([linked(100_049, 100_003), linked(100_050, 100_003)]);
    let row = row_of(&several, 100_003);
    assert_eq!((row.successor, row.successors), (None, 2));
    assert_eq!(several.rows::<predecessors::Row>().len(), 2);
    let schools: Vec<_> =
        several.rows::<timeline::Row>().iter().map(|row| row.school.number()).collect();
    assert_eq!(schools.iter().filter(|number| **number == 100_003).count(), 2);
}

fn reviewed(number: u32, carried_from: Option<u32>, lines: &[u64]) -> Event {
    let clause = |line: &u64| Clause {
        rule: "R2".into(),
        way: None,
        value: None,
        needed: "needed".into(),
        actual: "actual".into(),
        source: Some(source(*line)),
        date: None,
        result: Answer::Passed,
    };
    Event::Review(
        year(),
        Review::SchoolReviewed(Finding {
            urn: urn(number),
            name: "Hill Top".into(),
            in_population: true,
            eligible: true,
            invited: true,
            outcome: membership::Outcome::Renew,
            inspected: Inspected::Here,
            grade: Some(Grade::Good),
            carried_from: carried_from.map(urn),
            progress8: None,
            lower: None,
            clauses: lines.iter().map(clause).collect(),
        }),
    )
}

fn corrected(number: u32, of: &str, from: i32, to: i32) -> Event {
    school(
        number,
        School::FactCorrected {
            fact: Fact::Results { release: release(of), from: scored(from), to: scored(to) },
            reason: "digits swapped".into(),
        },
    )
}

#[test]
fn a_judgement_stands_beside_the_finding_and_stays_when_that_is_found_again() {
    let judged = Review::JudgementRecorded {
        urn: urn(100_003),
        verdict: Verdict::Eligible,
        reason: "a strong year".into(),
        minute: "minute 9".into(),
        on: day("2019-03-01"),
    };
    let rows = rows_of([
        reviewed(100_003, None, &[7]),
        Event::Review(year(), judged),
        reviewed(100_003, None, &[8]),
        Event::Review(year(), Review::SchoolLeftReview { urn: urn(100_003) }),
    ]);
    let row: findings::Row = rows.rows().remove(0);
    assert_eq!(row.verdict, Some(Verdict::Eligible));
    assert_eq!((row.position, row.left_at), (3, Some(4)));
    assert_eq!(row.clauses().unwrap()[0].source, Some(source(8)));
}

/// Few schools, releases, days and lines, so that facts meet each other.
fn any_event() -> impl Strategy<Value = Event> {
    let number = || 100_003..100_006_u32;
    let release =
        || prop_oneof![Just("2016/17 final"), Just("2017/18 provisional"), Just("2017/18 final")];
    let on = || prop_oneof![Just("2012-05-03"), Just("2014-05-03"), Just("2016-05-03")];
    let grade = || (1..=4_u8).prop_map(|number| Grade::try_from(number).unwrap());
    prop_oneof![
        (number(), release(), -9..9_i32, 1..4_u64).prop_map(|(number, of, score, line)| published(
            number,
            of,
            scored(score),
            line
        )),
        (number(), on(), grade(), 1..4_u64)
            .prop_map(|(number, on, grade, line)| graded(number, on, grade, line)),
        (number(), release(), -9..9_i32).prop_map(|(number, of, to)| corrected(number, of, 99, to)),
        (number(), number()).prop_map(|(number, before)| linked(number, before)),
        (number(), 1..4_u64).prop_map(|(number, line)| reviewed(number, None, &[line])),
        (release(), number(), 1..4_u64)
            .prop_map(|(of, number, line)| imported(of, &[(number, line)])),
        number().prop_map(|number| {
            Event::Review(year(), Review::SchoolLeftReview { urn: urn(number) })
        }),
        (number(), on(), any::<bool>(), prop::option::of(on())).prop_map(
            |(number, public_from, open, closed_on)| {
                let status = if open { Register::Open } else { Register::ProposedToClose };
                let changes = Details {
                    status: Some(status),
                    closed_on: closed_on.map(day),
                    town: closed_on.map(str::to_owned),
                    ..Details::default()
                };
                let (public_from, source) = (day(public_from), source(1));
                school(number, School::SchoolDetailsCorrected { changes, public_from, source })
            }
        ),
    ]
}

proptest! {
    /// However events are batched, and whatever is forgotten in between, the rows are the same.
    #[test]
    fn rows_depend_on_the_events_alone(
        events in prop::collection::vec(any_event(), 1..60),
        size in 1..20_usize,
        keep in 0..4_usize,
    ) {
        let history = history(events);
        let batched = Collected::in_batches(&history, size, keep).in_order();
        prop_assert_eq!(batched, Collected::of(&history).in_order());
    }
}
