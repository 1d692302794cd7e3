//! The readers on the files as the nation published them, with the figures that were counted from them independently.
//!
//! The files are not part of the repository: they are looked for under `$LEDGE_SHARED_DATA`, or beside the repository in
//! `../shared/data`.  Where they are not, each test says so and passes.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use kernel::{Cell, Grade, Progress8, RecordType, Release, SchoolKind, Withheld};
use national_data::{File, Ks4Row, Reading, cover, ks4, links, locations, names, ofsted, register};
use schools::school::Succession;
use schools::{Phase, Register};

/// Opens a national file, or says loudly that it is not here.
fn national(path: &str) -> Option<File> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("LEDGE_SHARED_DATA").map_or(beside, PathBuf::from);
    let found = File::open(&folder.join(path)).ok();
    if found.is_none() {
        let test = std::thread::current();
        eprintln!(
            "NOT RUN: {}: there is no {path} under {}; set LEDGE_SHARED_DATA",
            test.name().unwrap_or("a test"),
            folder.display()
        );
    }
    found
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn tables(path: &str, name: &str) -> Option<Reading<Ks4Row>> {
    Some(ks4(&national(path)?, release(name), day("2018-01-31")).unwrap())
}

/// How often each value or code stands in the column of Progress 8.
fn codes(rows: &[Ks4Row]) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for row in rows {
        let code = match row.results.figures.progress8.unwrap() {
            Cell::Published(_) => "a score".to_owned(),
            Cell::Withheld(code) => code.to_string(),
        };
        *codes.entry(code).or_default() += 1;
    }
    codes
}

/// State-funded mainstream schools with a score: how many, how many score this much or more, how many exactly this, and
/// how many have a lower limit above nought.
fn population(rows: &[Ks4Row], hundredths: i32) -> (usize, usize, usize, usize) {
    let scores: Vec<_> = rows
        .iter()
        .filter(|row| row.results.record_type == Some(RecordType::Mainstream))
        .filter(|row| {
            row.results.kind.is_some_and(|kind| SchoolKind::STATE_FUNDED_MAINSTREAM.contains(&kind))
        })
        .filter_map(|row| {
            let figures = row.results.figures;
            Some((figures.progress8?.published()?, figures.lower.and_then(Cell::published)))
        })
        .collect();
    let line = Progress8::from_hundredths(hundredths);
    (
        scores.len(),
        scores.iter().filter(|(score, _)| *score >= line).count(),
        scores.iter().filter(|(score, _)| *score == line).count(),
        scores.iter().filter(|(_, lower)| *lower > Some(Progress8::ZERO)).count(),
    )
}

#[test]
fn the_provisional_tables_of_2016_17_are_read_whole() {
    let Some(reading) = tables("ks4/2016-17/england_ks4provisional.csv", "2016/17 provisional")
    else {
        return;
    };
    let counts = reading.counts;
    assert_eq!(
        (counts.read, counts.passed_over, counts.repeated, counts.contradicting),
        (5_547, 154, 0, 0)
    );
    assert_eq!(reading.rows.len(), 4_254 + 1_139);
    assert_eq!(population(&reading.rows, 26), (3_110, 788, 18, 919));
    let codes = codes(&reading.rows);
    for (code, rows) in [("NA", 1_278), ("NE", 253), ("SUPP", 144), ("LOWCOV", 8)] {
        assert_eq!(codes[code], rows, "{code}");
    }
    // Of the 244 blank cells of the column two are on rows of totals.
    assert_eq!(codes["BLANK"], 242);

    let first = &reading.rows[0];
    assert_eq!((first.urn.to_string().as_str(), first.results.source.line), ("100003", 2));
    assert_eq!(first.details.name.as_deref(), Some("City of London School"));
    assert_eq!(first.details.laestab.unwrap().to_string(), "201/6007");
    assert_eq!(first.details.status, Some(Register::Open));
    assert_eq!(first.details.postcode, None, "the file has no such column");
    assert_eq!(first.results.kind, Some(SchoolKind::IND));
    assert_eq!(first.results.figures.pupils, Some(Cell::Withheld(Withheld::NotApplicable)));
}

#[test]
fn the_final_tables_of_2017_18_are_read_from_a_subset_that_prints_whole_numbers_as_floats() {
    let Some(reading) = tables("ks4/2017-18/final_base_feat_gcse_2018.csv", "2017/18 final") else {
        return;
    };
    assert_eq!(reading.counts.read, 3_165);
    assert_eq!(reading.rows.len(), 3_165);
    assert!(
        reading.layout.starts_with("KS4 performance tables, 75 columns, header "),
        "{}",
        reading.layout
    );
    assert_eq!(population(&reading.rows, 27), (3_150, 805, 21, 951));
    let first = &reading.rows[0];
    assert_eq!(first.urn.to_string(), "100049");
    assert_eq!(first.details.laestab.unwrap().to_string(), "202/4104");
    assert_eq!(first.details.postcode.as_deref(), Some("NW3 2BQ"));
    let figures = first.results.figures;
    assert_eq!(figures.pupils, Some(Cell::Published(197)));
    assert_eq!(figures.progress8, Some(Cell::Published(Progress8::from_hundredths(-10))));
    assert_eq!(figures.lower, Some(Cell::Published(Progress8::from_hundredths(-28))));
    let kinds = |kind| reading.rows.iter().filter(|row| row.results.kind == Some(kind)).count();
    assert_eq!(
        (kinds(SchoolKind::ACC), kinds(SchoolKind::UTC), kinds(SchoolKind::FESI)),
        (1_430, 44, 15)
    );
}

#[test]
fn subsets_renamed_by_their_publisher_are_read_by_their_own_names() {
    for (path, name, rows, scores) in [
        ("ks4/2016-17/ks4_perf_2017.csv", "2016/17 final", 5_399, 3_511),
        ("ks4/2017-18/ks4_perf_2018.csv", "2017/18 final", 5_519, 3_541),
    ] {
        let Some(reading) = tables(path, name) else { return };
        assert_eq!((reading.rows.len(), reading.counts.read), (rows, rows as u64), "{path}");
        assert_eq!(codes(&reading.rows)["a score"], scores, "{path}");
        assert_eq!(codes(&reading.rows)["BLANK"], rows - scores, "{path}");
        for row in &reading.rows {
            assert_eq!(
                (row.results.kind, row.results.record_type, row.results.figures.lower),
                (None, None, None)
            );
        }
    }
}

#[test]
fn a_file_that_names_another_year_is_refused_in_one_sentence() {
    let Some(file) = national("ks4/2017-18/ks4_perf_2018.csv") else { return };
    let faults = ks4(&file, release("2016/17 final"), day("2018-01-31")).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "ks4_perf_2018.csv line 2, column Academic Year: `2018` is not 2016/17, the year that the release was said to \
         be of (written 2017 here)"
    );
}

#[test]
fn the_workbook_of_515_columns_is_read() {
    let Some(file) = national("layouts/dfe-ebi-scenario1-ks4.xlsx") else { return };
    let reading = ks4(&file, release("2022/23 final"), day("2024-01-31")).unwrap();
    assert_eq!((reading.rows.len(), reading.counts.read), (60, 60));
    assert!(
        reading.layout.starts_with("KS4 performance tables, 515 columns"),
        "{}",
        reading.layout
    );
    let codes = codes(&reading.rows);
    assert_eq!((codes["NE"], codes["NP"], codes["SUPP"], codes["a score"]), (28, 14, 3, 15));
    // Floats are stored with noise (-1.1000000000000001).
    let noisy = Some(Cell::Published(Progress8::from_hundredths(-110)));
    assert_eq!(reading.rows.iter().filter(|row| row.results.figures.upper == noisy).count(), 2);
}

#[test]
fn the_inspections_are_read_with_their_repeats_and_their_one_contradiction() {
    let Some(file) = national("ofsted/ofsted_ratings_2018.csv") else { return };
    let reading = ofsted(&file).unwrap();
    let counts = reading.counts;
    assert_eq!(
        (counts.read, counts.passed_over, counts.repeated, counts.contradicting),
        (60_134, 0, 2, 1)
    );
    assert_eq!(reading.rows.len(), 20_614);
    let inspections: Vec<_> = reading.rows.iter().flat_map(|row| &row.inspections).collect();
    assert_eq!(inspections.len(), 60_131);
    let graded =
        |grade| inspections.iter().filter(|one| one.outcome.overall() == Some(grade)).count();
    assert_eq!(graded(Grade::Outstanding), 6_630);
    assert_eq!(graded(Grade::Good), 32_157);
    // `Satisfactory` and `Requires Improvement` are one grade; one repeat and the contradiction are of it.
    assert_eq!(graded(Grade::RequiresImprovement), 9_845 + 8_451 - 2);
    assert_eq!(graded(Grade::Inadequate), 3_051 - 1);
    let days: BTreeSet<_> = inspections.iter().map(|one| one.inspected_on).collect();
    assert_eq!((days.first(), days.last()), (Some(&day("2005-09-12")), Some(&day("2020-02-26"))));
    assert!(inspections.iter().all(|one| one.published_on.is_none() && one.also_printed.is_none()));
    let notes: Vec<_> = reading.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "line 46764: repeats line 46763",
            "line 49009: repeats line 49008",
            "line 54403: the same school and day as line 54402: `Satisfactory` where that has `Requires improvement`, \
             which is the same grade",
        ]
    );
    for row in &reading.rows {
        assert!(row.inspections.is_sorted_by_key(|inspection| inspection.inspected_on));
    }
}

#[test]
fn the_school_register_is_read_from_its_workbook() {
    let Some(file) = national("register/2017-2018_england_spine.xlsx") else { return };
    let reading = register(&file, day("2019-12-31")).unwrap();
    assert_eq!((reading.rows.len(), reading.counts.read), (26_078, 26_078));
    let status =
        |status| reading.rows.iter().filter(|row| row.details.status == Some(status)).count();
    assert_eq!(
        (status(Register::Open), status(Register::Closed), status(Register::ProposedToClose)),
        (23_786, 2_146, 146)
    );
    let closed_on = reading.rows.iter().filter(|row| row.details.closed_on.is_some()).count();
    assert_eq!(closed_on, 2_146, "each closed school has its day, and no other");
    let opened_on = reading.rows.iter().filter(|row| row.details.opened_on.is_some()).count();
    assert_eq!(opened_on, 26_078 - 23_896);
    let kind = |kind| reading.rows.iter().filter(|row| row.details.kind == Some(kind)).count();
    assert_eq!(
        (kind(SchoolKind::CY), kind(SchoolKind::ACC), kind(SchoolKind::SS)),
        (7_316, 5_792, 32)
    );
    let phase = |phase| reading.rows.iter().filter(|row| row.details.phase == Some(phase)).count();
    assert_eq!(
        (phase(Phase::Primary), phase(Phase::Secondary) >= 4_322, phase(Phase::SixteenPlus)),
        (19_219, true, 347)
    );
    assert!(phase(Phase::MiddleDeemedSecondary) >= 110);

    let first = &reading.rows[0];
    assert_eq!((first.urn.to_string().as_str(), first.source.line), ("100000", 2));
    assert_eq!(first.details.laestab.unwrap().to_string(), "201/3614");
    assert_eq!(first.details.name.as_deref(), Some("Sir John Cass's Foundation Primary School"));
    assert_eq!(first.details.postcode.as_deref(), Some("EC3A 5DE"));
    assert_eq!(reading.notes, [], "no closure lies after the day");

    let early = register(&file, day("2018-09-01")).unwrap();
    assert!(
        early.notes[0].to_string().contains("closed as of a day after 2018-09-01"),
        "{:?}",
        early.notes
    );
}

#[test]
fn the_140_columns_of_gias_are_read() {
    let Some(file) = national("layouts/dfe-ebi-scenario1-gias.csv") else { return };
    let reading = register(&file, day("2024-05-01")).unwrap();
    assert_eq!(reading.rows.len(), 60);
    assert!(reading.layout.contains("140 columns"), "{}", reading.layout);
    let details = &reading.rows[0].details;
    assert_eq!(details.kind, Some(SchoolKind::AC));
    assert_eq!((details.phase, details.status), (Some(Phase::Secondary), Some(Register::Open)));
    assert_eq!((details.opened_on, details.closed_on), (Some(day("1993-05-29")), None));
    assert_eq!((details.ukprn, details.town.as_deref()), (Some(10_000_001), Some("Test Town")));
    assert_eq!(details.local_authority.as_deref(), Some("Test LA Name"));
    let place = details.location.unwrap();
    assert!(
        (place.latitude - 51_514_000).abs() < 2_000 && (place.longitude + 77_500).abs() < 2_000,
        "{place:?}"
    );
}

#[test]
fn the_links_of_the_register_are_read_kind_by_kind() {
    let Some(file) = national("register/links_edubasealldata20250422.csv") else { return };
    let reading = links(&file).unwrap();
    assert_eq!(reading.counts.read, 33_801);
    assert_eq!(reading.counts.passed_over, 111 + 135 + 57 + 15 + 9 + 9 + 5 + 3 + 3);
    let kind = |succession| {
        reading.rows.iter().filter(|row| row.predecessor.succession == succession).count()
    };
    assert_eq!(kind(Succession::Converted), 16_451 + 16_264);
    assert_eq!(kind(Succession::Merged), 184 + 230);
    assert_eq!(kind(Succession::Amalgamated), 110 + 123);
    assert_eq!(kind(Succession::Split), 48 + 44);
    let pairs: BTreeSet<_> =
        reading.rows.iter().map(|row| (row.successor, row.predecessor.urn)).collect();
    assert_eq!(pairs.len(), 16_854, "both directions are united");
    let notes: Vec<_> = reading.notes.iter().map(ToString::to_string).collect();
    assert!(
        notes.iter().any(|note| note.contains("135 rows passed over: `Sixth Form Centre School`")),
        "{notes:?}"
    );
    // Its names are in Windows-1252, although all that is read here is plain.
    assert!(notes[0].contains("Windows-1252"), "{notes:?}");
    let merged = &reading.rows[0];
    assert_eq!((merged.successor.number(), merged.predecessor.urn.number()), (100_006, 134_643));
    assert_eq!(merged.predecessor.established_on, Some(day("2022-01-01")));
    let turned = &reading.rows[2];
    assert_eq!((turned.successor.number(), turned.predecessor.urn.number()), (132_245, 100_016));
    assert_eq!(turned.predecessor.established_on, None);
}

#[test]
fn links_that_end_in_thousands_of_blank_lines_are_read() {
    let Some(file) = national("layouts/dfe-ebi-scenario1-gias_links.csv") else { return };
    let reading = links(&file).unwrap();
    assert_eq!((reading.counts.read, reading.counts.passed_over, reading.rows.len()), (60, 4, 56));
    assert!(
        reading.notes.iter().any(|note| note.text == "32299 blank rows"),
        "{:?}",
        reading.notes
    );
}

#[test]
fn names_are_read_in_the_encoding_they_were_published_in() {
    let Some(file) = national("register/schoolnames20180801.csv") else { return };
    let reading = names(&file).unwrap();
    assert_eq!(reading.rows.len(), 47_021);
    let name = |wanted: &str| {
        reading
            .rows
            .iter()
            .filter(|row| row.details.name.as_deref().unwrap().contains(wanted))
            .count()
    };
    assert!(name("’") > 0, "typographic apostrophes");
    assert!(name("à Becket") > 0);
    assert_eq!(name("\u{fffd}"), 0);
}

#[test]
fn coordinates_are_read_as_whole_millionths_of_a_degree() {
    let Some(file) = national("register/school_locations_2018-19.csv") else { return };
    let reading = locations(&file).unwrap();
    assert_eq!(reading.rows.len(), 4_311);
    let place = reading.rows[0].details.location.unwrap();
    assert_eq!((place.latitude, place.longitude), (51_519_129, -94_509));
    for row in &reading.rows {
        let place = row.details.location.unwrap();
        assert!(
            (49_800_000..56_000_000).contains(&place.latitude)
                && (-6_500_000..2_000_000).contains(&place.longitude),
            "{row:?}"
        );
    }
}

#[test]
fn a_file_given_in_place_of_another_is_recognised() {
    let Some(file) = national("ofsted/ofsted_ratings_2018.csv") else { return };
    let refusals = [
        ks4(&file, release("2017/18 final"), day("2019-01-31")).unwrap_err(),
        register(&file, day("2019-01-31")).unwrap_err(),
        links(&file).unwrap_err(),
        names(&file).unwrap_err(),
        locations(&file).unwrap_err(),
        cover(&file).unwrap_err(),
    ];
    for faults in refusals {
        let text = faults.to_string();
        assert!(
            text.contains("the header has no column")
                && text.contains("columns of Ofsted inspections"),
            "{text}"
        );
    }
}
