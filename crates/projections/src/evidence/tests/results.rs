//! The years looked at, the threshold and its population (D3 to D5).

use kernel::{Cell, Progress8, RecordType, Release, SchoolKind, Withheld};
use membership::SchoolFacts;
use schools::school::{Event as School, Fact};
use schools::{Details, Figures, Results};

use super::{A, B, C, Story, day, question, recorded_on, results, reviewed, scored, source};
use crate::Question;
use crate::collected::Collected;

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
    assert_eq!(threshold.significant, Some(1), "0.30 - 0.20 is above 0, 0.20 - 0.20 is not");
    assert_eq!(threshold.files, ["0123456789ab"]);
    assert_eq!(evidence.facts(&question(Some("2017/18 final"), "2019-02-28")).len(), 4);
}

/// D5: a year in which nobody has a score, as 2019/20, was not published: it uses up none of the years, nor is it the
/// newest.
#[test]
fn tables_without_a_score_are_not_a_published_year() {
    let withheld = |code| Figures { progress8: Some(Cell::Withheld(code)), ..Figures::default() };
    let special = Results {
        kind: Some(SchoolKind::ACCS),
        record_type: Some(RecordType::Special),
        ..results("2019/20 final", scored(10), "2021-01-31")
    };
    let mut story = Story::default()
        .then(
            A,
            School::ResultsPublished(results(
                "2019/20 final",
                withheld(Withheld::NotPublished),
                "2021-01-31",
            )),
        )
        .then(B, School::ResultsPublished(special));
    for (release, public_from) in [
        ("2016/17 final", "2018-01-31"),
        ("2017/18 final", "2019-01-31"),
        ("2018/19 final", "2020-01-31"),
    ] {
        story = story.then(A, School::ResultsPublished(results(release, scored(10), public_from)));
    }
    let published: Vec<String> =
        story.evidence("2021-02-28").deciding_releases().iter().map(ToString::to_string).collect();
    assert_eq!(published, ["2018/19 final", "2017/18 final", "2016/17 final"]);
    assert_eq!(story.evidence("2021-02-28").releases().len(), 4);
    // Nor is it a year looked at when it is asked for by name; its schools are reviewed all the same.
    for release in [None, Some("2019/20 final")] {
        let facts = story.evidence("2021-02-28").facts(&question(release, "2021-02-28"));
        let years: Vec<String> =
            facts[0].years.iter().map(|year| year.release.to_string()).collect();
        assert_eq!(years, published);
        assert_eq!(facts.len(), if release.is_some() { 2 } else { 1 });
    }
}

/// A score is published whoever cannot tell what kind of school it is.
#[test]
fn a_year_with_scores_of_schools_of_unknown_kind_is_published() {
    let silent = Results {
        kind: None,
        record_type: None,
        ..results("2017/18 final", scored(31), "2019-01-31")
    };
    let story = Story::default().then(A, School::ResultsPublished(silent));
    assert_eq!(story.evidence("2019-02-28").deciding_releases().len(), 1);
}

/// Criteria may let the newest published year stand in for one that nobody published.
#[test]
fn the_population_is_that_of_the_thresholds_release_where_none_was_reviewed() {
    let evidence = reviewed().evidence("2022-02-28");
    let of = |population: Option<&str>| {
        let population = population.map(|release| release.parse().unwrap());
        let question = Question { population, ..question(None, "2022-02-28") };
        evidence.facts(&question).iter().map(|facts| facts.in_population).collect::<Vec<_>>()
    };
    assert_eq!(of(Some("2017/18 final")), [true]);
    assert_eq!(of(None), [false]);
}

/// The final release confirmed the provisional one; the revised one between them was read afterwards.
#[test]
fn a_correction_of_a_confirmed_release_changes_the_cells_it_names_and_no_others() {
    let named = Figures { lower: published(5), ..Figures::default() };
    let story = Story::default()
        .then(A, School::ResultsPublished(results("2017/18 provisional", scored(48), "2018-10-15")))
        .imported("2017/18 final", "2019-01-31", &[(A, 4711)])
        .then(
            A,
            School::ResultsRevised {
                results: results("2017/18 revised", scored(-150), "2019-01-31"),
                from: scored(48),
                from_release: "2017/18 provisional".parse().unwrap(),
            },
        )
        .then(
            A,
            School::FactCorrected {
                fact: Fact::Results {
                    release: "2017/18 final".parse().unwrap(),
                    from: Figures::default(),
                    to: named,
                },
                reason: "DfE's letter".into(),
            },
        );
    let facts = story.of_a("2019-02-28");
    let figures = facts.years[0].figures.as_ref().unwrap();
    assert_eq!((figures.progress8, figures.lower), (published(48), published(5)));
}

/// The school's own record does not know what its final release confirmed.
#[test]
fn a_file_without_a_column_leaves_the_cells_that_its_release_confirmed() {
    let story = Story::default()
        .then(A, School::ResultsPublished(results("2017/18 provisional", scored(48), "2018-10-15")))
        .imported("2017/18 final", "2019-01-31", &[(A, 4711)])
        .then(
            A,
            School::ResultsRevised {
                results: Results {
                    kind: None,
                    ..results(
                        "2017/18 final",
                        Figures { lower: published(5), ..Figures::default() },
                        "2019-01-31",
                    )
                },
                from: scored(48),
                from_release: "2017/18 provisional".parse().unwrap(),
            },
        );
    let facts = story.of_a("2019-02-28");
    assert!(facts.in_population);
    let figures = facts.years[0].figures.as_ref().unwrap();
    assert_eq!((figures.progress8, figures.lower), (published(48), published(5)));
}
