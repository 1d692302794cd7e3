//! What the readers make of a sample nation is what was put into it.

use std::collections::BTreeMap;

use kernel::{Outcome, Urn};
use proptest::prelude::*;

use super::super::school::register_day;
use super::super::{Covered, Examined, Inspected, LAYOUTS, Nation, Succeeded};
use crate::{Faults, File, Reading, cover, ks4, links, ofsted, register};

fn file(nation: &Nation, named: &str) -> File {
    let (name, bytes) = nation.files().into_iter().find(|(name, _)| name == named).unwrap();
    File::from_bytes(name, bytes)
}

fn read<T>(reading: Result<Reading<T>, Faults>) -> Reading<T> {
    reading.unwrap_or_else(|faults| panic!("{faults}"))
}

/// The smallest nations have nothing to say in some files, and a reader takes a file without rows for a mistake.
fn refused_as_empty<T>(reading: Result<Reading<T>, Faults>) {
    match reading {
        Err(faults) => assert!(faults.to_string().contains("no row"), "{faults}"),
        Ok(_) => panic!("a file without rows was read"),
    }
}

fn tables_are_read_back(nation: &Nation) {
    for layout in &LAYOUTS {
        let release = layout.release();
        let public_from = release.year.final_public_from();
        let name = layout.file_name();
        let reading = read(ks4(&file(nation, &name), release, public_from));
        let truth = &nation.truth().tables[&release];
        assert_eq!(reading.counts.passed_over, 152 + 2, "{name}: totals");
        assert_eq!(reading.counts.read, truth.len() as u64 + 154, "{name}");
        assert_eq!((reading.counts.repeated, reading.counts.contradicting), (0, 0), "{name}");
        let told: BTreeMap<Urn, Examined> = reading
            .rows
            .into_iter()
            .map(|row| {
                assert_eq!(row.results.release, release);
                let examined = Examined {
                    name: row.details.name.unwrap(),
                    laestab: row.details.laestab,
                    kind: row.results.kind.unwrap(),
                    record_type: row.results.record_type.unwrap(),
                    figures: row.results.figures,
                };
                (row.urn, examined)
            })
            .collect();
        assert_eq!(&told, truth, "{name}");
    }
}

fn inspections_are_read_back(nation: &Nation) {
    let truth = nation.truth();
    let reading = ofsted(&file(nation, "ofsted_ratings.csv"));
    if truth.inspections.is_empty() {
        return refused_as_empty(reading);
    }
    let reading = read(reading);
    let contradicting =
        truth.inspections.values().flatten().filter(|line| line.also_printed.is_some()).count();
    assert_eq!(reading.counts.repeated, truth.repeated_inspections);
    assert_eq!(reading.counts.contradicting, contradicting as u64);
    let told: BTreeMap<Urn, Vec<Inspected>> = reading
        .rows
        .into_iter()
        .map(|row| {
            let newest_first = row.inspections.iter().rev().map(|inspection| {
                let Outcome::Overall(grade) = inspection.outcome else {
                    panic!("{:?}", inspection.outcome)
                };
                let also_printed = inspection.also_printed;
                Inspected { on: inspection.inspected_on, grade, also_printed }
            });
            (row.urn, newest_first.collect())
        })
        .collect();
    assert_eq!(&told, &truth.inspections);
}

fn the_register_is_read_back(nation: &Nation) {
    let reading = read(register(&file(nation, "edubasealldata20190131.csv"), register_day()));
    let truth = &nation.truth().register;
    assert_eq!(reading.rows.len(), truth.len());
    for mut row in reading.rows {
        let place = row.details.location.take().unwrap();
        assert!((49_850_000..=55_830_000).contains(&place.latitude), "{}: {place:?}", row.urn);
        assert!((-6_500_000..=1_850_000).contains(&place.longitude), "{}: {place:?}", row.urn);
        assert_eq!(Some(&row.details), truth.get(&row.urn), "{}", row.urn);
    }
}

fn links_are_read_back(nation: &Nation) {
    let truth = nation.truth();
    let reading = links(&file(nation, "links_edubasealldata20190131.csv"));
    if truth.predecessors.is_empty() && truth.other_links.is_empty() {
        return refused_as_empty(reading);
    }
    let reading = read(reading);
    assert_eq!(reading.counts.passed_over, truth.other_links.values().sum::<u64>());
    let mut told: BTreeMap<Urn, Vec<Succeeded>> = BTreeMap::new();
    for row in reading.rows {
        let known = told.entry(row.successor).or_default();
        let predecessor = row.predecessor.urn;
        match known.iter_mut().find(|succeeded| succeeded.predecessor == predecessor) {
            Some(succeeded) => succeeded.rows += 1,
            None => known.push(Succeeded {
                predecessor,
                succession: row.predecessor.succession,
                on: row.predecessor.established_on,
                rows: 1,
            }),
        }
    }
    for succeeded in told.values_mut() {
        succeeded.sort_by_key(|one| one.predecessor);
    }
    assert_eq!(told, truth.predecessors);
}

fn cover_is_read_back(nation: &Nation) {
    let reading = cover(&file(nation, "ssat-cover.csv"));
    if nation.truth().cover.is_empty() {
        return refused_as_empty(reading);
    }
    let reading = read(reading);
    let mut told: BTreeMap<Urn, Vec<Covered>> = BTreeMap::new();
    for row in reading.rows {
        let covered = Covered { from: row.from, until: row.until, via_trust: row.via_trust };
        told.entry(row.urn).or_default().push(covered);
    }
    assert_eq!(&told, &nation.truth().cover);
}

#[test]
fn a_nation_with_primary_schools_is_read_back_as_it_was_made() {
    let nation = Nation::with_primaries(2018, 1_000);
    tables_are_read_back(&nation);
    inspections_are_read_back(&nation);
    the_register_is_read_back(&nation);
    links_are_read_back(&nation);
    cover_is_read_back(&nation);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_nation_is_read_back_as_it_was_made(seed in any::<u64>(), secondaries in 1_usize..60) {
        let nation = Nation::generate(seed, secondaries);
        tables_are_read_back(&nation);
        inspections_are_read_back(&nation);
        the_register_is_read_back(&nation);
        links_are_read_back(&nation);
        cover_is_read_back(&nation);
    }
}
