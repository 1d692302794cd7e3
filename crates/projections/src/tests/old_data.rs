//! Findings that rested on what was known otherwise afterwards (D17).

use chrono::{NaiveDate, TimeDelta};
use kernel::{Cell, Grade, LeadingEdgeYear, Outcome};
use membership::criteria::{
    Adoption, Condition, Staying, Terms, Way, Ways, Without, WithoutOverallGrade, WithoutProgress8,
    terms,
};
use membership::review::{Basis, Event as Review};
use schools::school::{Event as School, Inspection, Predecessor, Succession};
use schools::{Figures, Results};

use super::{
    corrected, day, graded, history, imported, linked, published, recorded, release, reviewed,
    rows_of, school, scored, source, urn, year,
};
use crate::collected::Collected;
use crate::{Event, findings};

fn flags(rows: &Collected) -> Vec<Option<String>> {
    rows.rows::<findings::Row>().into_iter().map(|row| row.decided_on_old_data).collect()
}

#[test]
fn a_finding_that_rested_on_a_wrong_fact_is_flagged_and_not_changed() {
    let before =
        [published(100_003, "2017/18 final", scored(31), 7), reviewed(100_003, None, &[7])];
    let as_found: Vec<findings::Row> = rows_of(before.clone()).rows();
    let rows = rows_of(before.into_iter().chain([corrected(100_003, "2017/18 final", 31, 13)]));
    let mut now: Vec<findings::Row> = rows.rows();
    assert_eq!(
        now[0].decided_on_old_data.take().as_deref(),
        Some("2017/18 final was corrected: digits swapped (recorded 4 Feb 2019 09:00Z)")
    );
    assert_eq!(now, as_found);
}

#[test]
fn a_finding_that_did_not_rest_on_the_fact_is_left_alone() {
    let rows = rows_of([
        published(100_003, "2016/17 final", scored(31), 6),
        published(100_003, "2017/18 final", scored(31), 7),
        reviewed(100_003, None, &[7]),
        corrected(100_003, "2016/17 final", 31, 13),
        published(100_003, "2018/19 final", scored(1), 8),
    ]);
    assert_eq!(flags(&rows), [None]);
}

#[test]
fn a_finding_made_after_the_correction_is_not_on_old_data() {
    let rows = rows_of([
        published(100_003, "2017/18 final", scored(31), 7),
        reviewed(100_003, None, &[7]),
        corrected(100_003, "2017/18 final", 31, 13),
        reviewed(100_003, None, &[7]),
    ]);
    assert_eq!(flags(&rows), [None]);
}

#[test]
fn a_revision_flags_the_findings_on_the_release_it_revises() {
    let revised = School::ResultsRevised {
        results: Results {
            release: release("2017/18 final"),
            figures: scored(30),
            kind: None,
            record_type: None,
            public_from: day("2019-04-30"),
            source: source(9),
        },
        from: scored(31),
        from_release: release("2017/18 revised"),
    };
    let rows = rows_of([
        published(100_003, "2017/18 revised", scored(31), 7),
        reviewed(100_003, None, &[7]),
        school(100_003, revised),
    ]);
    let flag = flags(&rows).remove(0).unwrap();
    assert!(flag.starts_with("2017/18 revised was revised by 2017/18 final"), "{flag}");
}

#[test]
fn a_corrected_inspection_flags_the_findings_of_the_school_it_was_carried_to() {
    let rows = rows_of([
        graded(100_003, "2014-05-03", Grade::Good, 5),
        linked(100_049, 100_003),
        reviewed(100_049, Some(100_003), &[5]),
        reviewed(100_050, None, &[6]),
        graded(100_003, "2014-05-03", Grade::Inadequate, 8),
    ]);
    let flags = flags(&rows);
    let flag = flags[0].as_ref().unwrap();
    assert!(flag.starts_with("the inspection of 100003 on 3 May 2014 was stated anew"), "{flag}");
    assert_eq!(flags[1], None);
}

fn dated(number: u32, on: &str, published_on: &str, line: u64) -> Event {
    school(
        number,
        School::OfstedInspected(Inspection {
            inspected_on: day(on),
            published_on: Some(day(published_on)),
            outcome: Outcome::Overall(Grade::Outstanding),
            also_printed: None,
            source: source(line),
        }),
    )
}

#[test]
fn a_publication_day_learnt_later_flags_what_was_decided_on_another() {
    let rows = rows_of([
        graded(100_003, "2018-02-20", Grade::Outstanding, 5),
        reviewed(100_003, None, &[5]),
        dated(100_003, "2018-02-20", "2018-03-25", 6),
    ]);
    let flag = flags(&rows).remove(0).unwrap();
    assert!(
        flag.starts_with(
            "the inspection of 100003 on 20 Feb 2018 was public from 25 Mar 2018, not from 20 Feb 2018"
        ),
        "{flag}"
    );
    let same = rows_of([
        dated(100_003, "2018-02-20", "2018-03-25", 5),
        reviewed(100_003, None, &[5]),
        graded(100_003, "2018-02-20", Grade::Outstanding, 6),
    ]);
    assert_eq!(flags(&same), [None], "a file without the day says nothing about it");
}

/// What a finding rests on may have been stated again since, alike in all that it looked at.
#[test]
fn a_finding_is_flagged_by_whatever_line_it_names() {
    let pupils = Figures { pupils: Some(Cell::Published(180)), ..scored(31) };
    let restated = School::ResultsRevised {
        results: revised("2017/18 final", pupils, 8),
        from: scored(31),
        from_release: release("2017/18 final"),
    };
    let events = [
        published(100_003, "2017/18 final", scored(31), 7),
        graded(100_003, "2014-05-03", Grade::Outstanding, 5),
        reviewed(100_003, None, &[7, 5]),
        school(100_003, restated),
        graded(100_003, "2014-05-03", Grade::Outstanding, 6),
    ];
    assert_eq!(flags(&rows_of(events.clone())), [None]);
    for news in [
        corrected(100_003, "2017/18 final", 31, 13),
        graded(100_003, "2014-05-03", Grade::Inadequate, 9),
    ] {
        let events: Vec<Event> = events.iter().cloned().chain([news]).collect();
        for rows in [rows_of(events.clone()), Collected::in_batches(&history(events), 1, 0)] {
            assert!(flags(&rows)[0].is_some());
        }
    }
}

fn revised(of: &str, figures: Figures, line: u64) -> Results {
    Results {
        release: release(of),
        figures,
        kind: None,
        record_type: None,
        public_from: day("2019-04-30"),
        source: source(line),
    }
}

/// The school's own record names the release it was compared with, not the one that vouched for it.
#[test]
fn another_value_for_a_release_that_was_confirmed_flags_what_rests_on_the_confirmation() {
    let confirmed = || {
        let mut finding = reviewed(100_003, None, &[]);
        if let Event::Review(_, Review::SchoolReviewed(finding)) = &mut finding {
            finding.clauses = vec![membership::Clause {
                rule: "R2".into(),
                way: None,
                value: None,
                needed: "needed".into(),
                actual: "actual".into(),
                source: Some(kernel::Source {
                    file: "final.csv".into(),
                    sha256: "ba9876543210".into(),
                    line: 17,
                }),
                date: None,
                result: membership::Answer::Passed,
            }];
        }
        [
            published(100_003, "2017/18 provisional", scored(30), 1),
            imported("2017/18 revised", &[(100_003, 17)]),
            finding,
        ]
    };
    for of in ["2017/18 revised", "2017/18 final"] {
        let news = School::ResultsRevised {
            results: revised(of, scored(-150), 9),
            from: scored(30),
            from_release: release("2017/18 provisional"),
        };
        let rows = rows_of(confirmed().into_iter().chain([school(100_003, news)]));
        let flag = flags(&rows).remove(0).unwrap();
        assert!(flag.starts_with(&format!("2017/18 revised was revised by {of}")), "{flag}");
    }
}

#[test]
fn a_release_that_vouches_for_other_figures_flags_what_rested_on_the_ones_before() {
    let of_another_line = School::ResultsRevised {
        results: revised("2017/18 revised", scored(40), 9),
        from: scored(30),
        from_release: release("2017/18 provisional"),
    };
    let rows = rows_of([
        published(100_003, "2017/18 provisional", scored(30), 1),
        reviewed(100_003, None, &[1]),
        school(100_003, of_another_line),
        imported("2017/18 final", &[(100_003, 17)]),
    ]);
    let flag = flags(&rows).remove(0).unwrap();
    assert!(flag.contains("2017/18 provisional was revised by 2017/18 final"), "{flag}");
}

fn basis(as_at: NaiveDate) -> Basis {
    let of: LeadingEdgeYear = year();
    let ways = |condition| Ways { any: vec![Way { name: "only".into(), all: vec![condition] }] };
    let terms = Terms {
        eligible: ways(Condition::SignificantResults),
        invited: ways(Condition::Percentile(75)),
        population: terms::Population { kinds: vec![kernel::SchoolKind::ACC] },
        staying: Staying { not_eligible_grades: vec![], published_years: 3, dips: 1 },
        without: Without {
            progress8: WithoutProgress8::Refer,
            overall_grade: WithoutOverallGrade::Refer,
        },
    };
    let criteria =
        Adoption { year: of, adopted_on: day("2018-03-01"), minute: "minute 7".into(), terms };
    Basis { year: of, as_at, release: None, criteria, threshold: None }
}

/// D6: of two predecessors no grade is carried over.
#[test]
fn a_second_predecessor_learnt_later_flags_a_grade_that_was_carried_over() {
    let link = |established_on: Option<&str>| {
        school(
            100_049,
            School::SchoolsMerged(Predecessor {
                urn: urn(100_050),
                succession: Succession::Merged,
                established_on: established_on.map(day),
                source: source(2),
            }),
        )
    };
    let flagged = |news: Event| {
        let events = [
            Event::Review(year(), Review::AnnualReviewOpened(basis(day("2019-02-28")))),
            graded(100_003, "2014-05-03", Grade::Good, 5),
            linked(100_049, 100_003),
            reviewed(100_049, Some(100_003), &[5]),
            news,
        ];
        let rows = rows_of(events.clone());
        assert_eq!(flags(&rows), flags(&Collected::in_batches(&history(events), 1, 0)));
        flags(&rows).remove(0)
    };
    for established_on in [None, Some("2019-02-28")] {
        let flag = flagged(link(established_on)).unwrap();
        assert!(flag.starts_with("100050 became known as a predecessor beside 100003"), "{flag}");
    }
    assert_eq!(flagged(link(Some("2019-03-01"))), None, "it did not count on that day yet");
    assert_eq!(flagged(linked(100_049, 100_003)), None, "the same one again");
}

/// In summer the day in London begins an hour before that of UTC.
#[test]
fn a_flag_says_when_in_utc() {
    let mut history = history([
        published(100_003, "2017/18 final", scored(31), 7),
        reviewed(100_003, None, &[7]),
    ]);
    let mut news = recorded(3, corrected(100_003, "2017/18 final", 31, 13));
    news.recorded_at =
        day("2019-06-30").and_hms_opt(23, 0, 0).unwrap().and_utc() + TimeDelta::minutes(30);
    history.push(news);
    let flag = flags(&Collected::of(&history)).remove(0).unwrap();
    assert!(flag.ends_with("(recorded 30 Jun 2019 23:30Z)"), "{flag}");
}
