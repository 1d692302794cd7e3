mod read_back;
mod two_years;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{Cell, Grade, Release, Withheld};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::school::{census, day};
use super::*;

/// As many secondary schools as England has.
const ENGLAND: usize = 3_350;

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn text_of(nation: &Nation, name: &str) -> String {
    let (_, bytes) = nation.files().into_iter().find(|(file, _)| file == name).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The cells of one column of a file in UTF-8.
fn column(nation: &Nation, file: &str, name: &str) -> Vec<String> {
    let text = text_of(nation, file);
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let place = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|record| record.unwrap()[place].to_owned()).collect()
}

fn share(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

#[test]
fn the_same_seed_and_size_give_the_same_bytes() {
    let first = Nation::with_primaries(7, 60).files();
    assert_eq!(first, Nation::with_primaries(7, 60).files());
    let another = Nation::with_primaries(8, 60).files();
    for ((name, bytes), (_, others)) in first.iter().zip(&another) {
        assert_ne!(bytes, others, "{name} does not depend on the seed");
    }
}

/// Written down once: another platform, or another release of a library, must come to the same bytes.  A change of the
/// sample itself changes this digest, and is said in the commit.
#[test]
fn the_bytes_are_the_same_on_every_platform() {
    let mut digest = Sha256::new();
    for (name, bytes) in Nation::with_primaries(2018, 100).files() {
        digest.update(name);
        digest.update(bytes);
    }
    let hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "ae093b92a45c3933aed7a3c9f43ebefbdfaba63196fe889360e88f072b92d1f6");
}

#[test]
fn primary_schools_leave_every_table_as_it_was() {
    let (without, with) = (Nation::generate(7, 90), Nation::with_primaries(7, 90));
    for ((name, bytes), (_, others)) in without.files().iter().zip(&with.files()) {
        let tables = name.contains("ks4") || name.contains("cover");
        assert_eq!(bytes == others, tables, "{name}");
    }
    assert!(with.truth().register.len() > without.truth().register.len() + 5 * 90);
    for (urn, details) in &without.truth().register {
        assert_eq!(with.truth().register.get(urn), Some(details));
    }
}

#[test]
fn progress_8_is_spread_as_in_the_national_record() {
    let nation = Nation::generate(2018, ENGLAND);
    let truth = nation.truth();
    for year in ["2015/16", "2016/17", "2017/18"] {
        let release = release(&format!("{year} final"));
        let mut scores: Vec<f64> = truth
            .population(release)
            .map(|(_, _, score)| f64::from(score.hundredths()) / 100.0)
            .collect();
        scores.sort_by(f64::total_cmp);
        let many = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / many;
        let deviation =
            (scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / many).sqrt();
        let upper_quarter = scores[scores.len() * 3 / 4];
        let significant = truth
            .population(release)
            .filter(|(_, examined, _)| {
                let lower = examined.figures.lower.and_then(Cell::published);
                lower.is_some_and(|lower| lower.hundredths() > 0)
            })
            .count();
        assert!((3_000..3_400).contains(&scores.len()), "{year}: population {}", scores.len());
        assert!((-0.07..0.02).contains(&mean), "{year}: mean {mean}");
        assert!((0.42..0.49).contains(&deviation), "{year}: deviation {deviation}");
        assert!((0.22..0.31).contains(&upper_quarter), "{year}: percentile {upper_quarter}");
        let significant = share(significant, scores.len());
        assert!((0.26..0.33).contains(&significant), "{year}: significant {significant}");
    }
}

#[test]
fn limits_are_as_wide_as_the_cohort_is_small() {
    let nation = Nation::generate(3, 400);
    let mut seen = 0;
    for (_, examined, score) in nation.truth().population(release("2017/18 final")) {
        let [lower, upper] = [examined.figures.lower, examined.figures.upper]
            .map(|limit| limit.and_then(Cell::published).unwrap().hundredths());
        let pupils = examined.figures.pupils.and_then(Cell::published).unwrap();
        assert!(
            ((upper + lower) - 2 * score.hundredths()).abs() <= 1,
            "limits stand around the score"
        );
        let half = f64::from(upper - lower) / 200.0;
        let pupil = half * f64::from(pupils).sqrt() / 1.96;
        assert!((1.15..1.75).contains(&pupil), "{pupils} pupils, half width {half}");
        seen += 1;
    }
    assert!(seen > 350);
}

#[test]
fn the_final_release_changes_most_scores_a_little_and_a_few_a_lot() {
    let nation = Nation::generate(2018, ENGLAND);
    let tables = &nation.truth().tables;
    let last = &tables[&release("2016/17 final")];
    let (mut same, mut little, mut lot, mut gained) = (0, 0, 0, 0);
    for (urn, examined) in &tables[&release("2016/17 provisional")] {
        let after = last[urn].figures.progress8.and_then(Cell::published);
        match (examined.figures.progress8.and_then(Cell::published), after) {
            (Some(before), Some(after)) => match (after.hundredths() - before.hundredths()).abs() {
                0 => same += 1,
                1..=5 => little += 1,
                _ => lot += 1,
            },
            (None, Some(_)) => gained += 1,
            (Some(_), None) => panic!("{urn} lost its score"),
            (None, None) => {}
        }
    }
    let all = same + little + lot;
    assert!((0.10..0.16).contains(&share(same, all)), "{same} of {all} unchanged");
    assert!((0.04..0.08).contains(&share(lot, all)), "{lot} of {all} changed by much");
    assert!(gained > 0, "some scores are published in January only");
}

#[test]
fn grades_are_spread_as_in_the_national_record() {
    let nation = Nation::generate(2018, ENGLAND);
    let truth = nation.truth();
    let as_at = day(2018, 3, 31);
    let mut counts: BTreeMap<Option<Grade>, usize> = BTreeMap::new();
    for (urn, _, _) in truth.population(release("2017/18 final")) {
        *counts.entry(truth.own_grade(urn, as_at)).or_default() += 1;
    }
    let all = counts.values().sum();
    for (grade, bounds) in [
        (Some(Grade::Outstanding), 0.13..0.18),
        (Some(Grade::Good), 0.44..0.50),
        (Some(Grade::RequiresImprovement), 0.11..0.16),
        (Some(Grade::Inadequate), 0.045..0.075),
        (None, 0.15..0.21),
    ] {
        let share = share(counts[&grade], all);
        assert!(bounds.contains(&share), "{grade:?}: {share}");
    }
}

/// Of the schools without a grade of their own, most have one to carry over (D6), and some have two predecessors and
/// therefore none.
#[test]
fn most_schools_without_a_grade_have_a_predecessor_with_one() {
    let nation = Nation::generate(2018, ENGLAND);
    let truth = nation.truth();
    let as_at = day(2018, 3, 31);
    let (mut carried, mut none, mut two) = (0, 0, 0);
    for (urn, _, _) in truth.population(release("2017/18 final")) {
        if truth.own_grade(urn, as_at).is_some() {
            continue;
        }
        match truth.predecessors.get(&urn).map(Vec::as_slice) {
            Some([only]) if truth.own_grade(only.predecessor, as_at).is_some() => carried += 1,
            Some([_, _, ..]) => two += 1,
            _ => none += 1,
        }
    }
    assert!(carried > 300 && none > 5 && two >= 1, "{carried} carried, {none} none, {two} two");
}

#[test]
fn a_twentieth_of_the_secondary_schools_changes_its_urn_each_year() {
    let nation = Nation::generate(2018, ENGLAND);
    let tables = &nation.truth().tables;
    for (before, after) in [("2015/16", "2016/17"), ("2016/17", "2017/18")] {
        let after = &tables[&release(&format!("{after} final"))];
        let population: Vec<_> =
            nation.truth().population(release(&format!("{before} final"))).collect();
        let gone = population.iter().filter(|(urn, _, _)| !after.contains_key(urn)).count();
        let gone = share(gone, population.len());
        assert!((0.035..0.075).contains(&gone), "after {before}: {gone}");
    }
}

#[test]
fn withheld_cells_have_the_codes_of_their_release() {
    let nation = Nation::generate(2018, ENGLAND);
    let counts = |standing: &str| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        let table = &nation.truth().tables[&release(&format!("2016/17 {standing}"))];
        for examined in table.values() {
            if let Some(Cell::Withheld(code)) = examined.figures.progress8 {
                *counts.entry(code.into()).or_default() += 1;
            }
        }
        counts
    };
    let (provisional, last) = (counts("provisional"), counts("final"));
    let of = |counts: &BTreeMap<&str, usize>, code: Withheld| {
        counts.get(<&str>::from(code)).copied().unwrap_or(0)
    };
    assert!((1_100..1_500).contains(&of(&provisional, Withheld::NotApplicable)));
    assert_eq!(of(&provisional, Withheld::NotPublished), 0);
    assert_eq!(of(&last, Withheld::NotApplicable), 0, "independents have another code in January");
    assert!((1_100..1_500).contains(&of(&last, Withheld::NotPublished)));
    for counts in [&provisional, &last] {
        assert!((180..330).contains(&of(counts, Withheld::NoEntries)));
        assert!((100..220).contains(&of(counts, Withheld::Suppressed)));
        assert!((1..40).contains(&of(counts, Withheld::LowCoverage)));
        assert!((120..300).contains(&of(counts, Withheld::Blank)));
    }
}

#[test]
fn an_empty_cell_is_a_space_in_the_older_provisional_tables_and_nothing_in_the_others() {
    let nation = Nation::generate(5, 200);
    for (file, blank) in [
        ("2015-2016_england_ks4provisional.csv", " "),
        ("2016-2017_england_ks4provisional.csv", " "),
        ("2016-2017_england_ks4final.csv", ""),
        ("2017-2018_england_ks4provisional.csv", ""),
    ] {
        let cells: BTreeSet<String> = column(&nation, file, "URN").into_iter().collect();
        assert!(cells.contains(blank), "{file} has totals, which have no URN");
        assert_eq!(cells.iter().filter(|cell| cell.trim().is_empty()).count(), 1, "{file}");
    }
}

#[test]
fn every_table_has_a_total_for_every_authority_and_two_for_the_nation() {
    let nation = Nation::generate(5, 200);
    for layout in &LAYOUTS {
        let types = column(&nation, &layout.file_name(), "RECTYPE");
        let of = |record_type: &str| types.iter().filter(|cell| *cell == record_type).count();
        assert_eq!([of("4"), of("5"), of("7")], [152, 1, 1], "{}", layout.file_name());
        let schools = nation.truth().tables[&layout.release()].len();
        assert_eq!(of("1") + of("2"), schools, "{}", layout.file_name());
    }
}

#[test]
fn the_layouts_drift_as_they_did() {
    let nation = Nation::generate(5, 3);
    let first_line = |file| text_of(&nation, file).lines().next().unwrap().to_owned();
    let older = first_line("2016-2017_england_ks4provisional.csv");
    assert!(
        older.starts_with("\u{feff}RECTYPE,LEA,ESTAB,SCHNAME,URN,ICLOSE,NFTYPE,TPUP,ATT8SCR,P8MEA")
    );
    let newer = first_line("2017-2018_england_ks4provisional.csv");
    assert!(newer.starts_with("\u{feff}RECTYPE,LEA,ESTAB,URN,SCHNAME,ICLOSE"));
    assert!(newer.contains(",P8MEA_ORIG,"));
}

#[test]
fn the_inspection_history_has_the_flaws_of_the_real_one() {
    let nation = Nation::generate(5, 300);
    let text = text_of(&nation, "ofsted_ratings.csv");
    let mut ratings: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let [urn, rating, on] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        ratings.entry((urn, on)).or_default().push(rating);
        assert!(rating != "Satisfactory" || on < "20120901", "{line}");
        assert!(rating != "Requires Improvement" || on >= "20120901", "{line}");
    }
    let twice = ratings.values().filter(|ratings| ratings.len() == 2);
    let (same, different): (Vec<_>, Vec<_>) = twice.partition(|ratings| ratings[0] == ratings[1]);
    assert_eq!(same.len() as u64, nation.truth().repeated_inspections);
    assert_eq!(different.len(), 1);
    assert!(ratings.keys().any(|(_, on)| *on > "20190401"), "some are later than any review");
}

#[test]
fn about_a_third_of_the_secondary_schools_has_ssat_cover() {
    let nation = Nation::generate(2018, 1_000);
    let truth = nation.truth();
    let on: NaiveDate = day(2018, 4, 1);
    let (mut covered, mut all) = (0, 0);
    for (urn, _, _) in truth.population(release("2017/18 final")) {
        all += 1;
        let covers =
            |cover: &Covered| cover.from <= on && cover.until.is_none_or(|until| until >= on);
        covered += usize::from(truth.cover.get(&urn).is_some_and(|list| list.iter().any(covers)));
    }
    assert!((0.26..0.38).contains(&share(covered, all)), "{covered} of {all}");
    assert!(truth.cover.values().flatten().any(|cover| cover.via_trust.is_some()));
}

#[test]
fn the_register_says_what_it_says_in_windows_1252() {
    let nation = Nation::with_primaries(5, 40);
    for (name, bytes) in nation.files().into_iter().filter(|(name, _)| name.contains("edubase")) {
        assert!(bytes.contains(&0x92), "{name} has a typographic apostrophe");
        assert!(String::from_utf8(bytes.clone()).is_err(), "{name} is not UTF-8");
        assert!(
            !bytes.windows(2).any(|pair| pair == b"&#"),
            "{name}: a letter the code page lacks"
        );
    }
}

#[test]
fn files_are_written_where_they_are_asked_for_or_the_place_is_named() {
    let nation = Nation::generate(5, 5);
    let dir = tempfile::tempdir().unwrap();
    let paths = nation.write_to(&dir.path().join("new/folder")).unwrap();
    for (path, (name, bytes)) in paths.iter().zip(nation.files()) {
        assert_eq!(path.file_name().unwrap().to_str(), Some(name.as_str()));
        assert_eq!(fs::read(path).unwrap(), bytes);
    }
    assert_eq!(paths.len(), 10);
    let error = nation.write_to(&paths[0]).unwrap_err();
    assert!(error.to_string().contains("2015-2016"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_nation_of_any_size_is_whole(seed in any::<u64>(), secondaries in 0_usize..150) {
        let nation = Nation::with_primaries(seed, secondaries);
        prop_assert_eq!(nation.files().len(), 10);
        let open = nation.schools.iter().filter(|school| {
            school.is_state_funded_mainstream() && school.is_open_on(census(2018))
        });
        prop_assert_eq!(open.count(), secondaries);
        prop_assert_eq!(nation.truth().register.len(), nation.schools.len(), "no URN is given twice");
        let mut numbers = BTreeSet::new();
        for school in &nation.schools {
            prop_assert!((80_000..=656_000).contains(&school.site.easting));
            prop_assert!((5_000..=658_000).contains(&school.site.northing));
            prop_assert_eq!(school.closed.is_some(), school.status == ::schools::Register::Closed);
            prop_assert!(school.opened.zip(school.closed).is_none_or(|(from, until)| from < until));
            if school.closed.is_none() {
                prop_assert!(numbers.insert(school.laestab()), "two open schools with one LAESTAB");
            }
            for descent in &school.descent {
                let before = &nation.schools[descent.from];
                prop_assert_eq!(before.closed.map(|last| last.succ_opt().unwrap()), Some(descent.on));
            }
        }
        for cover in nation.truth().cover.values().flatten() {
            prop_assert!(cover.until.is_none_or(|until| until >= cover.from));
        }
        for table in nation.truth().tables.values() {
            prop_assert!(table.keys().all(|urn| nation.truth().register.contains_key(urn)));
        }
    }
}
