//! What holds after any history of commands.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use cqrs_es::Aggregate;
use kernel::{Area, CardGrade, Cell, Grade, Outcome, Progress8, Release, SchoolKind, Withheld};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use strum::VariantArray;

use super::{day, predecessor, release, results, source, succeeded};
use crate::school::{Command, Event, Fact, Inspection, School, Succession};
use crate::{Details, Figures, Register, Results};

/// Asks, takes down what follows, and answers it; a refusal is answered with nothing.
fn ask(school: &mut School, command: Command) -> Vec<Event> {
    let events = school.decide(command).unwrap_or_default();
    events.iter().for_each(|event| school.apply(event.clone()));
    events
}

fn record(commands: impl IntoIterator<Item = Command>) -> (School, Vec<Event>) {
    let mut school = School::default();
    let events = commands.into_iter().flat_map(|command| ask(&mut school, command)).collect();
    (school, events)
}

/// The last statement for each inspection day, as readers take it.
fn as_read(events: &[Event]) -> BTreeMap<NaiveDate, (Outcome, Option<NaiveDate>, Option<Grade>)> {
    events
        .iter()
        .filter_map(|event| if let Event::OfstedInspected(it) = event { Some(it) } else { None })
        .map(|it| (it.inspected_on, (it.outcome.clone(), it.published_on, it.also_printed)))
        .collect()
}

/// Of the graded ones the last to become public, with its day and its overall grade.
fn newest(
    heard: &BTreeMap<NaiveDate, (Outcome, NaiveDate)>,
) -> Option<(NaiveDate, NaiveDate, Option<Grade>)> {
    let graded = heard.iter().filter(|(_, (outcome, _))| outcome.is_graded());
    let newest = graded.max_by_key(|(day, (_, public_from))| (*public_from, **day));
    newest.map(|(day, (outcome, public_from))| (*public_from, *day, outcome.overall()))
}

/// What was told of an inspection before a newer one without an overall grade depends on which was read first.
fn without_turns(mut school: School) -> School {
    school.inspections.told = None;
    school
}

/// Few days, so that histories meet.
fn days() -> impl Strategy<Value = NaiveDate> {
    (0..6_u64).prop_map(|months| day("2016-01-10") + Days::new(months * 30))
}

fn cells() -> impl Strategy<Value = Option<Cell<Progress8>>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(Cell::Withheld(Withheld::Suppressed))),
        3 => (0..3_i32).prop_map(|it| Some(Cell::Published(Progress8::from_hundredths(it)))),
    ]
}

fn some_figures() -> impl Strategy<Value = Figures> {
    (cells(), cells()).prop_map(|(progress8, lower)| Figures {
        progress8,
        lower,
        ..Figures::default()
    })
}

fn releases() -> impl Strategy<Value = Release> {
    select(vec![
        "2016/17 provisional",
        "2016/17 revised",
        "2016/17 final",
        "2017/18 provisional",
        "2017/18 final",
    ])
    .prop_map(release)
}

fn rows() -> impl Strategy<Value = Results> {
    let kinds = option::of(select(vec![SchoolKind::CY, SchoolKind::ACC]));
    (releases(), some_figures(), kinds)
        .prop_map(|(of, figures, kind)| Results { kind, ..results(&of.to_string(), figures) })
}

fn details() -> impl Strategy<Value = Details> {
    let names = option::of(select(vec!["Hill Top", "Old Hill"]).prop_map(str::to_owned));
    let kinds = option::of(select(vec![SchoolKind::CY, SchoolKind::ACC]));
    (names, kinds, option::of(days())).prop_map(|(name, kind, opened_on)| Details {
        name,
        kind,
        opened_on,
        ..Details::default()
    })
}

fn grades() -> impl Strategy<Value = Grade> {
    select(Grade::VARIANTS)
}

fn graded_outcomes() -> impl Strategy<Value = Outcome> {
    let areas = select(vec![Area::QualityOfEducation, Area::SixthForm]);
    let card_areas = select(vec![Area::Inclusion, Area::Achievement]);
    prop_oneof![
        4 => grades().prop_map(Outcome::Overall),
        1 => proptest::collection::btree_map(areas, grades(), 1..3).prop_map(Outcome::Areas),
        1 => proptest::collection::btree_map(card_areas, select(CardGrade::VARIANTS), 1..3)
            .prop_map(Outcome::ReportCard),
    ]
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        5 => graded_outcomes(),
        1 => Just(Outcome::Ungraded("School remains Good".into())),
    ]
}

fn inspections() -> impl Strategy<Value = Inspection> {
    (days(), option::of(1..90_u64), outcomes(), option::weighted(0.1, grades())).prop_map(
        |(inspected_on, after, outcome, also_printed)| Inspection {
            inspected_on,
            published_on: after.map(|after| inspected_on + Days::new(after)),
            outcome,
            also_printed,
            source: source("ofsted.csv"),
        },
    )
}

fn links() -> impl Strategy<Value = Command> {
    let numbers = select(vec!["103001", "103002", "136290"]);
    let successions = select(vec![Succession::Converted, Succession::Merged, Succession::Split]);
    let dates = select(vec![None, Some("2011-04-01"), Some("2012-09-01")]);
    vec((numbers, dates, successions), 1..3).prop_map(|links| {
        let links: Vec<_> =
            links.into_iter().map(|(of, on, how)| predecessor(of, on, how)).collect();
        succeeded(links)
    })
}

/// Everything a file can say.
fn statements() -> impl Strategy<Value = Command> {
    let cover = (days(), option::of(days()), Just(None));
    prop_oneof![
        (details(), days()).prop_map(|(details, public_from)| Command::Register {
            details,
            public_from,
            source: source("register.csv"),
        }),
        (option::of(days()), days()).prop_map(|(on, public_from)| Command::Close {
            on,
            public_from,
            source: source("register.csv"),
        }),
        rows().prop_map(Command::RecordResults),
        vec(inspections(), 1..4).prop_map(Command::RecordInspections),
        links(),
        cover.prop_map(|(from, until, via_trust)| Command::RecordCover {
            from,
            until,
            via_trust,
            source: source("cover.csv"),
        }),
    ]
}

/// Everything that can be asked, mostly by files.
fn commands() -> impl Strategy<Value = Command> {
    let reason = || "a letter".to_owned();
    prop_oneof![
        6 => statements(),
        1 => (releases(), some_figures()).prop_map(move |(release, figures)| {
            Command::CorrectResults { release, figures, reason: reason() }
        }),
        1 => (days(), option::of(outcomes())).prop_map(move |(inspected_on, outcome)| {
            Command::CorrectInspection { inspected_on, outcome, reason: reason() }
        }),
    ]
}

proptest! {
    #[test]
    fn asking_twice_changes_nothing(history in vec(commands(), 0..12), again in commands()) {
        let (mut school, _) = record(history);
        ask(&mut school, again.clone());
        prop_assert_eq!(ask(&mut school, again), vec![]);
    }

    /// Events and snapshots go through JSON, and come back as the same record.
    #[test]
    fn a_replay_is_the_record(history in vec(commands(), 0..12)) {
        let (school, events) = record(history);
        let mut replayed = School::default();
        for event in events {
            let written = serde_json::to_string(&event).unwrap();
            replayed.apply(serde_json::from_str(&written).unwrap());
        }
        let snapshot = serde_json::to_string(&school).unwrap();
        prop_assert_eq!(&serde_json::from_str::<School>(&snapshot).unwrap(), &school);
        prop_assert_eq!(replayed, school);
    }

    /// A record is empty only when nothing happened.
    #[test]
    fn whatever_is_recorded_leaves_a_trace(history in vec(commands(), 0..4)) {
        let (school, events) = record(history);
        prop_assert_eq!(school == School::default(), events.is_empty());
    }

    #[test]
    fn the_order_of_inspections_does_not_change_what_is_known(
        first in vec(inspections(), 1..8),
        turns in vec(any::<Index>(), 8),
        in_one_file in any::<bool>(),
    ) {
        // Of two wordings of an ungraded inspection the first stands, so only one wording is made here.
        let mut turned = first.clone();
        turns.iter().enumerate().for_each(|(at, turn)| {
            let at = at % turned.len();
            let other = turn.index(turned.len());
            turned.swap(at, other);
        });
        let (school, events) = record(first.into_iter().map(|it| Command::RecordInspections(vec![it])));
        let turned: Vec<Command> = if in_one_file {
            vec![Command::RecordInspections(turned)]
        } else {
            turned.into_iter().map(|it| Command::RecordInspections(vec![it])).collect()
        };
        let (same, others) = record(turned);
        prop_assert_eq!(without_turns(same), without_turns(school));
        prop_assert_eq!(as_read(&others), as_read(&events));
    }

    /// R14: of all statements about one inspection none is better than what counts.
    #[test]
    fn the_poorer_grade_counts(said in vec(inspections(), 1..8)) {
        let (_, events) = record([Command::RecordInspections(said.clone())]);
        let known = as_read(&events);
        for it in said {
            if let (Some(grade), Some(counts)) = (it.outcome.overall(), known[&it.inspected_on].0.overall()) {
                prop_assert!(counts >= grade);
            }
            prop_assert!(!it.outcome.is_graded() || known[&it.inspected_on].0.is_graded());
        }
    }

    /// R14: whoever listens to the turns alone knows the grade that stands, after each command.
    #[test]
    fn the_grade_told_last_is_that_of_the_newest_graded_inspection(history in vec(commands(), 0..12)) {
        let mut school = School::default();
        let mut heard: BTreeMap<NaiveDate, (Outcome, NaiveDate)> = BTreeMap::new();
        let mut told: Option<Grade> = None;
        for command in history {
            for event in ask(&mut school, command) {
                match event {
                    Event::OfstedInspected(it) => {
                        let public_from = it.public_from();
                        heard.insert(it.inspected_on, (it.outcome, public_from));
                    }
                    Event::FactCorrected { fact: Fact::Inspection { inspected_on, to, .. }, .. } => {
                        // Withdrawn, it keeps its publication day for when it is put back.
                        let public_from = heard[&inspected_on].1;
                        let outcome = to.unwrap_or(Outcome::Ungraded("withdrawn".into()));
                        heard.insert(inspected_on, (outcome, public_from));
                    }
                    Event::OfstedUpgraded { from, to, inspected_on, published_on }
                    | Event::OfstedDowngraded { from, to, inspected_on, published_on } => {
                        prop_assert_eq!(told, Some(from));
                        prop_assert_ne!(from, to);
                        prop_assert_eq!(
                            newest(&heard),
                            Some((published_on, inspected_on, Some(to)))
                        );
                        told = Some(to);
                    }
                    Event::FactCorrected { fact: Fact::Results { .. }, .. }
                    | Event::SchoolRegistered { .. }
                    | Event::SchoolDetailsCorrected { .. }
                    | Event::SchoolClosed { .. }
                    | Event::SchoolConverted(_)
                    | Event::SchoolsMerged(_)
                    | Event::SchoolSplit(_)
                    | Event::ResultsPublished(_)
                    | Event::ResultsRevised { .. }
                    | Event::SsatCoverRecorded { .. } => {}
                }
                told = told.or_else(|| newest(&heard)?.2);
            }
            if let Some((_, _, Some(stands))) = newest(&heard) {
                prop_assert_eq!(told, Some(stands));
            }
        }
    }

    /// Whatever the order in which files are read, one of each day, every day has the same details.  (A value comes in
    /// one run of days: where it goes and comes back, a file that only repeated it left nothing, and one of the days
    /// between that is read afterwards cannot know of it.)
    #[test]
    fn the_order_of_files_does_not_change_what_counts_on_any_day(
        files in vec((option::of(0..3_usize), option::of(0..3_usize), option::of(0..4_usize)), 1..7),
        turns in vec(any::<Index>(), 7),
    ) {
        let (mut names, mut towns, mut states) = (Run::default(), Run::default(), Run::default());
        let files: Vec<Command> = files
            .into_iter()
            .enumerate()
            .map(|(nth, (name, town, state))| Command::Register {
                details: Details {
                    name: name.map(|step| format!("Name {}", names.next(step))),
                    town: town.map(|step| format!("Town {}", towns.next(step))),
                    ..state.map(|step| open_or_closing(states.next(step))).unwrap_or_default()
                },
                public_from: day("2016-01-10") + Days::new(nth as u64),
                source: source("register.csv"),
            })
            .collect();
        let mut turned = files.clone();
        turns.iter().enumerate().for_each(|(at, turn)| {
            let at = at % turned.len();
            let other = turn.index(turned.len());
            turned.swap(at, other);
        });
        prop_assert_eq!(details_day_by_day(turned), details_day_by_day(files));
    }

    /// D4: read in whatever order, one file a release, each release has the figures its file gave.
    #[test]
    fn each_release_keeps_its_own_figures(rows in vec(rows(), 1..8)) {
        let mut seen = BTreeSet::new();
        let rows: Vec<Results> = rows.into_iter().filter(|row| seen.insert(row.release)).collect();
        let mut school = School::default();
        let mut figures: BTreeMap<Release, Figures> = BTreeMap::new();
        for row in &rows {
            if let Some(vouched) = school.confirmed_by(row) {
                prop_assert!(vouched < row.release);
                figures.insert(row.release, figures[&vouched]);
            }
            for event in ask(&mut school, Command::RecordResults(row.clone())) {
                if let Event::ResultsPublished(it) | Event::ResultsRevised { results: it, .. } = event {
                    figures.insert(it.release, it.figures);
                }
            }
        }
        let given: BTreeMap<Release, Figures> = rows.iter().map(|it| (it.release, it.figures)).collect();
        prop_assert_eq!(&figures, &given);
        // Read again, a file says at most in so many words what it only confirmed before; and then nothing any more.
        let mut again = vec![];
        for row in rows.iter().cycle().take(rows.len() * 2) {
            again.push(ask(&mut school, Command::RecordResults(row.clone())));
        }
        for event in again.iter().flatten() {
            let Event::ResultsRevised { results, .. } = event else {
                return Err(TestCaseError::fail(format!("{event:?}")));
            };
            prop_assert_eq!(results.figures, figures[&results.release]);
        }
        prop_assert!(again[rows.len()..].iter().all(Vec::is_empty));
    }

    /// D17: whatever was read before, reading it again leaves what was corrected last.
    #[test]
    fn no_file_read_before_a_correction_undoes_it(
        row in rows(),
        inspection in inspections(),
        figures in some_figures(),
        outcome in option::of(outcomes()),
    ) {
        let files =
            || [Command::RecordResults(row.clone()), Command::RecordInspections(vec![inspection.clone()])];
        let (mut school, _) = record(files());
        let reason = || "a letter".to_owned();
        ask(&mut school, Command::CorrectResults { release: row.release, figures, reason: reason() });
        let inspected_on = inspection.inspected_on;
        ask(&mut school, Command::CorrectInspection { inspected_on, outcome, reason: reason() });
        for file in files() {
            prop_assert_eq!(ask(&mut school, file), vec![]);
        }
    }
}

/// Values that come one after the other and never return.
#[derive(Default)]
struct Run(usize);

impl Run {
    fn next(&mut self, step: usize) -> usize {
        self.0 += usize::from(step == 0);
        self.0
    }
}

/// Yet to open, to close on a day, open after all, closed.
fn open_or_closing(nth: usize) -> Details {
    let (status, closed_on) = match nth {
        0 => (Register::ProposedToOpen, None),
        1 => (Register::ProposedToClose, Some(day("2017-01-01"))),
        2 => (Register::Open, None),
        _ => (Register::Closed, Some(day("2018-08-31"))),
    };
    Details { status: Some(status), closed_on, ..Details::default() }
}

/// As a reader sees them on each day: later files laid over earlier ones.
fn details_day_by_day(files: Vec<Command>) -> Vec<Details> {
    let (_, events) = record(files);
    let mut layers: Vec<(NaiveDate, Details)> = events
        .into_iter()
        .filter_map(|event| {
            let (Event::SchoolRegistered { details, public_from, .. }
            | Event::SchoolDetailsCorrected { changes: details, public_from, .. }) = event
            else {
                return None;
            };
            Some((public_from, details))
        })
        .collect();
    layers.sort_by_key(|(public_from, _)| *public_from);
    (0..7)
        .map(|nth| day("2016-01-10") + Days::new(nth))
        .map(|on| {
            let by_then = layers.iter().filter(|(public_from, _)| *public_from <= on);
            by_then.fold(Details::default(), |mut known, (_, newer)| {
                known.overlay(newer);
                known
            })
        })
        .collect()
}
