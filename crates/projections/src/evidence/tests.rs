//! Evidence, from events: what is told of a school on a day, and what must not be.

use kernel::{AcademicYear, Cell, Grade, Progress8, RecordType, Release, Withheld};
use membership::facts::Cover;
use proptest::prelude::*;
use schools::national_data::{Event as NationalData, Import, Rows};
use schools::school::{Event as School, Fact, Inspection, Predecessor, Succession};
use schools::{Details, Figures, Phase, Register, Results};

use super::*;
use crate::collected::Collected;
use crate::{Event, Recorded};

const A: &str = "100003";
const B: &str = "100049";
const C: &str = "100050";

/// A history, told one event a line; each is recorded a day after the one before.
#[derive(Default)]
struct Story {
    history: Vec<Recorded>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}

fn source(line: u64) -> kernel::Source {
    kernel::Source { file: "a.csv".into(), sha256: "0123456789ab".into(), line }
}

fn scored(hundredths: i32) -> Figures {
    Figures {
        progress8: Some(Cell::Published(Progress8::from_hundredths(hundredths))),
        lower: Some(Cell::Published(Progress8::from_hundredths(hundredths - 20))),
        ..Figures::default()
    }
}

fn results(release: &str, figures: Figures, public_from: &str) -> Results {
    Results {
        release: release.parse().unwrap(),
        figures,
        kind: Some(SchoolKind::ACC),
        record_type: Some(RecordType::Mainstream),
        public_from: day(public_from),
        source: source(7),
    }
}

fn inspection(inspected_on: &str, published_on: Option<&str>, grade: Grade) -> Inspection {
    Inspection {
        inspected_on: day(inspected_on),
        published_on: published_on.map(day),
        outcome: kernel::Outcome::Overall(grade),
        also_printed: None,
        source: source(9),
    }
}

fn came_from(before: &str, established_on: Option<&str>) -> School {
    School::SchoolConverted(Predecessor {
        urn: urn(before),
        succession: Succession::Converted,
        established_on: established_on.map(day),
        source: source(11),
    })
}

impl Story {
    fn then(mut self, school: &str, event: School) -> Self {
        self.add(Event::School(urn(school), event));
        self
    }

    fn imported(mut self, release: &str, public_from: &str, confirmed: &[(&str, u64)]) -> Self {
        self.add(Event::NationalData(
            release.into(),
            NationalData::DatasetImported(Import {
                dataset: Dataset::Ks4,
                release: Some(release.parse().unwrap()),
                file: "final.csv".into(),
                sha256: "ffffffffffff".repeat(5) + "0000",
                layout: "ks4".into(),
                public_from: Some(day(public_from)),
                rows: Rows::default(),
                confirmed: confirmed.iter().map(|(school, line)| (urn(school), *line)).collect(),
            }),
        ));
        self
    }

    fn add(&mut self, event: Event) {
        let position = self.history.len() as u64 + 1;
        let recorded_at = recorded_on(position);
        self.history.push(Recorded {
            position,
            version: 1,
            recorded_at,
            effective_on: recorded_at.date_naive(),
            actor: "test".into(),
            event,
        });
    }

    fn evidence(&self, as_at: &str) -> Evidence {
        Collected::of(&self.history).evidence(day(as_at), None)
    }

    fn facts(&self, release: &str, as_at: &str) -> Vec<SchoolFacts> {
        self.evidence(as_at).facts(&question(Some(release), as_at))
    }

    /// Of school A, reviewed on 2017/18 final.
    fn of_a(&self, as_at: &str) -> SchoolFacts {
        let facts = self.facts("2017/18 final", as_at);
        facts.into_iter().find(|facts| facts.urn == urn(A)).unwrap()
    }

    fn grade_of_a(&self, as_at: &str) -> Option<(Grade, Option<Urn>)> {
        let fact = self.of_a(as_at).inspection?;
        Some((fact.outcome.overall()?, fact.carried_from))
    }
}

fn recorded_on(position: u64) -> DateTime<Utc> {
    day("2026-01-01").and_hms_opt(0, 0, 0).unwrap().and_utc() + chrono::Days::new(position)
}

fn question(release: Option<&str>, as_at: &str) -> Question {
    Question {
        year: "2019-20".parse().unwrap(),
        as_at: day(as_at),
        release: release.map(|release| release.parse().unwrap()),
        published_years: 3,
        kinds: SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec(),
    }
}

/// School A with results in 2017/18 final, public from 31 January 2019.
fn reviewed() -> Story {
    Story::default()
        .then(A, School::ResultsPublished(results("2017/18 final", scored(31), "2019-01-31")))
}

#[test]
fn an_inspection_counts_from_its_publication_and_not_from_its_day() {
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2016-05-03", None, Grade::Good)))
        .then(
            A,
            School::OfstedInspected(inspection(
                "2019-02-01",
                Some("2019-03-20"),
                Grade::RequiresImprovement,
            )),
        );
    assert_eq!(story.grade_of_a("2019-03-19"), Some((Grade::Good, None)));
    assert_eq!(story.grade_of_a("2019-03-20"), Some((Grade::RequiresImprovement, None)));
}

#[test]
fn of_two_statements_on_one_inspection_the_last_recorded_counts() {
    let poorer = School::OfstedInspected(Inspection {
        also_printed: Some(Grade::Good),
        ..inspection("2016-05-03", None, Grade::RequiresImprovement)
    });
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2016-05-03", None, Grade::Good)))
        .then(A, poorer);
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::RequiresImprovement, None)));
}

#[test]
fn a_publication_day_learnt_later_dates_the_inspection_that_had_none() {
    let undated = School::OfstedInspected(inspection("2019-02-01", None, Grade::Good));
    let dated = School::OfstedInspected(inspection("2019-02-01", Some("2019-03-20"), Grade::Good));
    for story in [
        reviewed().then(A, undated.clone()).then(A, dated.clone()),
        reviewed().then(A, dated).then(A, undated),
    ] {
        assert_eq!(story.grade_of_a("2019-02-28"), None);
        let fact = story.of_a("2019-03-20").inspection.unwrap();
        assert_eq!(fact.published_on, Some(day("2019-03-20")));
    }
}

#[test]
fn the_grade_of_the_one_predecessor_is_carried_over() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Outstanding)))
        .then(A, came_from(B, Some("2016-09-01")));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Outstanding, Some(urn(B)))));
}

#[test]
fn its_own_grade_stands_before_its_predecessors_however_old() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2018-05-03", None, Grade::Outstanding)))
        .then(A, came_from(B, None))
        .then(A, School::OfstedInspected(inspection("2011-05-03", None, Grade::Good)));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, None)));
}

#[test]
fn of_two_predecessors_no_grade_is_carried_over() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, came_from(B, None))
        .then(A, came_from(C, Some("2018-09-01")));
    assert_eq!(story.grade_of_a("2019-02-28"), None);
    let one_only_by_then = story.evidence("2018-08-31").facts(&question(None, "2018-08-31"));
    assert!(one_only_by_then.is_empty(), "no results were public, and no register was read");
}

#[test]
fn a_link_established_after_the_day_does_not_count_yet() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(C, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, came_from(B, None))
        .then(A, came_from(C, Some("2019-03-01")));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, Some(urn(B)))));
    assert_eq!(story.grade_of_a("2019-03-01"), None);
}

#[test]
fn a_link_stated_twice_counts_from_its_earliest_statement() {
    let story = reviewed()
        .then(B, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, came_from(B, Some("2019-09-01")))
        .then(A, came_from(B, None));
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, Some(urn(B)))));
}

#[test]
fn a_grade_is_carried_one_step_only() {
    let story = reviewed()
        .then(C, School::OfstedInspected(inspection("2010-05-03", None, Grade::Good)))
        .then(B, came_from(C, None))
        .then(A, came_from(B, None));
    assert_eq!(story.grade_of_a("2019-02-28"), None);
}

#[test]
fn an_ungraded_inspection_is_a_flag_and_leaves_the_grade() {
    let ungraded = Inspection {
        outcome: kernel::Outcome::Ungraded("School remains Good".into()),
        ..inspection("2019-02-10", None, Grade::Good)
    };
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(A, School::OfstedInspected(ungraded));
    let facts = story.of_a("2019-02-28");
    assert_eq!(facts.inspection.unwrap().inspected_on, day("2014-05-03"));
    assert_eq!(facts.ungraded_since.unwrap().inspected_on, day("2019-02-10"));
    assert_eq!(story.of_a("2019-02-09").ungraded_since, None);
}

#[test]
fn where_the_grade_in_force_is_by_area_the_last_overall_grade_is_told_too() {
    let by_area = Inspection {
        outcome: kernel::Outcome::Areas([(kernel::Area::Inclusion, Grade::Good)].into()),
        ..inspection("2024-11-03", None, Grade::Good)
    };
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Outstanding)))
        .then(A, School::OfstedInspected(by_area));
    let facts = story.of_a("2025-02-28");
    assert_eq!(facts.inspection.unwrap().outcome.overall(), None);
    assert_eq!(facts.last_overall.unwrap().outcome.overall(), Some(Grade::Outstanding));
    assert_eq!(story.of_a("2019-02-28").last_overall, None);
}

#[test]
fn a_corrected_inspection_counts_for_all_days_from_its_recording_on() {
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Good)))
        .then(
            A,
            School::FactCorrected {
                fact: Fact::Inspection {
                    inspected_on: day("2014-05-03"),
                    from: kernel::Outcome::Overall(Grade::Good),
                    to: Some(kernel::Outcome::Overall(Grade::Inadequate)),
                },
                reason: "typed from the wrong line".into(),
            },
        );
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Inadequate, None)));
    let before = Collected::of(&story.history).evidence(day("2019-02-28"), Some(recorded_on(2)));
    let facts = before.facts(&question(Some("2017/18 final"), "2019-02-28"));
    assert_eq!(facts[0].inspection.as_ref().unwrap().outcome.overall(), Some(Grade::Good));
}

#[test]
fn an_inspection_that_was_another_schools_no_longer_counts() {
    let story = reviewed()
        .then(A, School::OfstedInspected(inspection("2010-05-03", None, Grade::Good)))
        .then(A, School::OfstedInspected(inspection("2014-05-03", None, Grade::Inadequate)))
        .then(
            A,
            School::FactCorrected {
                fact: Fact::Inspection {
                    inspected_on: day("2014-05-03"),
                    from: kernel::Outcome::Overall(Grade::Inadequate),
                    to: None,
                },
                reason: "another school's".into(),
            },
        );
    assert_eq!(story.grade_of_a("2019-02-28"), Some((Grade::Good, None)));
}

fn progress8(facts: &SchoolFacts, year: usize) -> Option<Cell<Progress8>> {
    facts.years[year].figures.as_ref()?.progress8
}

fn published(hundredths: i32) -> Option<Cell<Progress8>> {
    Some(Cell::Published(Progress8::from_hundredths(hundredths)))
}

#[test]
fn corrected_results_count_for_all_days_from_their_recording_on() {
    let story = reviewed().then(
        A,
        School::FactCorrected {
            fact: Fact::Results {
                release: "2017/18 final".parse().unwrap(),
                from: scored(31),
                to: scored(13),
            },
            reason: "digits swapped".into(),
        },
    );
    assert_eq!(progress8(&story.of_a("2019-01-31"), 0), published(13));
    let before = Collected::of(&story.history).evidence(day("2019-02-28"), Some(recorded_on(1)));
    let facts = before.facts(&question(Some("2017/18 final"), "2019-02-28"));
    assert_eq!(progress8(&facts[0], 0), published(31));
}

#[test]
fn a_provisional_release_never_decides() {
    let story = Story::default()
        .then(A, School::ResultsPublished(results("2016/17 final", scored(10), "2018-01-31")))
        .then(
            A,
            School::ResultsPublished(results("2017/18 provisional", scored(31), "2018-10-15")),
        );
    let evidence = story.evidence("2019-02-28");
    let release = |text: &str| text.parse::<Release>().unwrap();
    assert_eq!(evidence.deciding_releases(), [release("2016/17 final")]);
    assert_eq!(evidence.releases(), [release("2016/17 final"), release("2017/18 provisional")]);
    // Asked for, it is looked at first all the same; it is a preview.
    let facts = evidence.facts(&question(Some("2017/18 provisional"), "2019-02-28"));
    assert_eq!(progress8(&facts[0], 0), published(31));
    assert_eq!(progress8(&facts[0], 1), published(10));
}

#[test]
fn a_final_release_that_only_confirms_decides_with_its_own_file_and_line() {
    let story = Story::default()
        .then(A, School::ResultsPublished(results("2017/18 provisional", scored(31), "2018-10-15")))
        .imported("2017/18 final", "2019-01-31", &[(A, 4711)]);
    let facts = story.of_a("2019-02-28");
    assert!(facts.in_population);
    let figures = facts.years[0].figures.as_ref().unwrap();
    assert_eq!(figures.progress8, published(31));
    assert_eq!((figures.source.file.as_str(), figures.source.line), ("final.csv", 4711));
    assert_eq!(figures.public_from, day("2019-01-31"));
    assert!(story.evidence("2019-01-30").deciding_releases().is_empty());
}

#[test]
fn a_correction_reaches_the_release_that_had_vouched_for_the_figures() {
    let story = Story::default()
        .then(A, School::ResultsPublished(results("2017/18 provisional", scored(31), "2018-10-15")))
        .imported("2017/18 final", "2019-01-31", &[(A, 4711)])
        .then(
            A,
            School::FactCorrected {
                fact: Fact::Results {
                    release: "2017/18 provisional".parse().unwrap(),
                    from: scored(31),
                    to: scored(13),
                },
                reason: "digits swapped".into(),
            },
        );
    assert_eq!(progress8(&story.of_a("2019-02-28"), 0), published(13));
}

#[test]
fn the_years_looked_at_are_the_last_published_ones_and_none_after_the_one_reviewed() {
    let mut story = Story::default();
    for (release, public_from) in [
        ("2014/15 final", "2016-01-31"),
        ("2015/16 final", "2017-01-31"),
        ("2016/17 revised", "2018-01-31"),
        ("2016/17 final", "2018-04-30"),
        ("2017/18 final", "2019-01-31"),
        ("2018/19 final", "2020-01-31"),
    ] {
        story = story.then(A, School::ResultsPublished(results(release, scored(10), public_from)));
    }
    let of = |as_at: &str| -> Vec<String> {
        story.of_a(as_at).years.iter().map(|year| year.release.to_string()).collect()
    };
    assert_eq!(of("2020-02-28"), ["2017/18 final", "2016/17 final", "2015/16 final"]);
    assert_eq!(of("2019-01-31"), ["2017/18 final", "2016/17 final", "2015/16 final"]);
}

#[test]
fn a_kind_that_a_release_does_not_say_is_taken_from_the_nearest_that_does_or_the_register() {
    let silent = |release: &str, public_from: &str| Results {
        kind: None,
        record_type: None,
        ..results(release, scored(31), public_from)
    };
    let special = Results {
        kind: Some(SchoolKind::ACCS),
        record_type: Some(RecordType::Special),
        ..results("2014/15 final", scored(1), "2016-01-31")
    };
    let register = School::SchoolRegistered {
        details: Details { kind: Some(SchoolKind::IND), ..Details::default() },
        public_from: day("2018-01-01"),
        source: source(1),
    };
    let story = Story::default()
        .then(A, School::ResultsPublished(special))
        .then(A, School::ResultsPublished(results("2016/17 provisional", scored(1), "2017-10-15")))
        .then(A, School::ResultsPublished(silent("2017/18 final", "2019-01-31")))
        .then(B, School::ResultsPublished(silent("2017/18 final", "2019-01-31")))
        .then(B, register)
        .then(C, School::ResultsPublished(silent("2017/18 final", "2019-01-31")));
    let facts = story.facts("2017/18 final", "2019-02-28");
    let in_population: Vec<_> =
        facts.iter().map(|facts| (facts.urn.to_string(), facts.in_population)).collect();
    assert_eq!(in_population, [(A.into(), true), (B.into(), false), (C.into(), false)]);
}

#[test]
fn the_threshold_is_taken_over_the_population_and_names_its_files() {
    let mut story = Story::default();
    for (school, score) in [(A, 10), (B, 20), (C, 30)] {
        story = story.then(
            school,
            School::ResultsPublished(results("2017/18 final", scored(score), "2019-01-31")),
        );
    }
    let suppressed =
        Figures { progress8: Some(Cell::Withheld(Withheld::Suppressed)), ..Figures::default() };
    let story = story.then(
        "100051",
        School::ResultsPublished(results("2017/18 final", suppressed, "2019-01-31")),
    );
    let evidence = story.evidence("2019-02-28");
    let threshold = evidence
        .threshold("2017/18 final".parse().unwrap(), 75, &SchoolKind::STATE_FUNDED_MAINSTREAM)
        .unwrap();
    assert_eq!((threshold.population, threshold.value, threshold.on_or_above), (3, 2_500, 1));
    assert_eq!(threshold.significant, 1, "0.30 - 0.20 is above 0, 0.20 - 0.20 is not");
    assert_eq!(threshold.files, ["0123456789ab"]);
    assert_eq!(evidence.facts(&question(Some("2017/18 final"), "2019-02-28")).len(), 4);
}

#[test]
fn a_secondary_school_of_the_register_is_reviewed_while_it_is_open() {
    let details = Details {
        name: Some("Hill Top".into()),
        phase: Some(Phase::Secondary),
        status: Some(Register::Open),
        opened_on: Some(day("2015-09-01")),
        ..Details::default()
    };
    let story = reviewed()
        .then(
            B,
            School::SchoolRegistered {
                details: details.clone(),
                public_from: day("2016-01-01"),
                source: source(1),
            },
        )
        .then(
            B,
            School::SchoolClosed {
                on: Some(day("2019-08-31")),
                public_from: day("2019-09-15"),
                source: source(1),
            },
        )
        .then(
            C,
            School::SchoolRegistered {
                details: Details { phase: Some(Phase::Primary), ..details },
                public_from: day("2016-01-01"),
                source: source(1),
            },
        );
    let urns = |as_at: &str| -> Vec<String> {
        story.facts("2017/18 final", as_at).iter().map(|facts| facts.urn.to_string()).collect()
    };
    assert_eq!(urns("2019-09-14"), [A, B]);
    assert_eq!(urns("2019-09-15"), [A]);
    assert_eq!(urns("2015-12-31"), [] as [&str; 0]);
}

#[test]
fn cover_is_that_of_the_first_day_of_the_year_and_unknown_without_a_list() {
    let cover = |from: &str, until: Option<&str>| School::SsatCoverRecorded {
        from: day(from),
        until: until.map(day),
        via_trust: None,
        source: source(3),
    };
    assert_eq!(reviewed().of_a("2019-02-28").cover, Cover::Unknown);
    let lapsed = reviewed().then(A, cover("2018-04-01", Some("2019-03-31")));
    assert_eq!(lapsed.of_a("2019-02-28").cover, Cover::None);
    let covered = lapsed.then(A, cover("2018-04-01", Some("2019-04-01"))).of_a("2019-02-28").cover;
    assert!(
        matches!(covered, Cover::Covered { until: Some(until), .. } if until == day("2019-04-01"))
    );
}

/// Any fact of school A, B or C: its public day is between 2016 and 2020.
fn any_fact() -> impl Strategy<Value = (usize, School)> {
    let any_day =
        || (0..1_500_u64).prop_map(|offset| day("2016-01-01") + chrono::Days::new(offset));
    let grade = (1..=4_u8).prop_map(|number| Grade::try_from(number).unwrap());
    let release = (2014..2019_i32, 0..3_usize).prop_map(|(year, standing)| Release {
        year: AcademicYear::ending(year),
        standing: [
            kernel::Standing::Provisional,
            kernel::Standing::Revised,
            kernel::Standing::Final,
        ][standing],
    });
    let inspected = (any_day(), 0..60_u64, grade).prop_map(|(on, wait, grade)| {
        School::OfstedInspected(Inspection {
            published_on: Some(on + chrono::Days::new(wait)),
            ..inspection(&on.to_string(), None, grade)
        })
    });
    let scored = (release, any_day(), -100..100_i32, any::<bool>()).prop_map(
        |(release, public_from, score, says)| {
            School::ResultsPublished(Results {
                kind: says.then_some(SchoolKind::ACC),
                ..results(&release.to_string(), scored(score), &public_from.to_string())
            })
        },
    );
    let linked = (any_day(), 0..3_usize)
        .prop_map(|(on, before)| came_from([A, B, C][before], Some(&on.to_string())));
    let registered =
        (any_day(), any::<bool>()).prop_map(|(public_from, open)| School::SchoolDetailsCorrected {
            changes: Details {
                phase: Some(Phase::Secondary),
                status: Some(if open { Register::Open } else { Register::Closed }),
                kind: Some(SchoolKind::CY),
                ..Details::default()
            },
            public_from,
            source: source(1),
        });
    (0..3_usize, prop_oneof![inspected, scored, linked, registered])
}

proptest! {
    /// Whatever becomes public after a day, and however it is mixed in, the answers as at that day stay.
    #[test]
    fn a_fact_public_later_never_changes_an_earlier_answer(
        facts in prop::collection::vec(any_fact(), 0..40),
        offset in 0..1_500_u64,
    ) {
        let as_at = day("2016-01-01") + chrono::Days::new(offset);
        let mut all = Story::default();
        let mut public_by_then = Story::default();
        for (school, fact) in facts {
            let event = Event::School(urn([A, B, C][school]), fact);
            if event.public_from().is_none_or(|public_from| public_from <= as_at) {
                public_by_then.add(event.clone());
            }
            all.add(event);
        }
        let as_at = as_at.to_string();
        let (all, then) = (all.evidence(&as_at), public_by_then.evidence(&as_at));
        prop_assert_eq!(all.deciding_releases(), then.deciding_releases());
        for release in all.releases().into_iter().map(Some).chain([None]) {
            let question = Question { release, ..question(None, &as_at) };
            prop_assert_eq!(all.facts(&question), then.facts(&question));
        }
    }
}
