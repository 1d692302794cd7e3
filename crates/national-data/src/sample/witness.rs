use std::collections::BTreeMap;

use kernel::Urn;
use schools::{Details, Figures};

use super::Nation;
use super::ks4::{LATER_LAYOUTS, LAYOUTS};
use super::links::Link;
use super::results::Sheet;
use super::school::School;
use super::truth::{Covered, Examined, Inspected, Succeeded, Truth};

/// Tells what is in the nation, from the schools themselves and not from the files.
pub(super) fn tell(nation: &Nation) -> Truth {
    let schools = &nation.schools;
    let mut truth = Truth {
        register: schools.iter().map(|school| (school.urn(), details(school))).collect(),
        ..Truth::default()
    };
    for layout in LAYOUTS.iter().chain(&LATER_LAYOUTS) {
        let of_summer = |(summer, _): &&(i32, _)| *summer == layout.examined_in;
        let Some((_, rows)) = nation.results.iter().find(of_summer) else { continue };
        let table = rows
            .iter()
            .filter_map(|row| {
                let school = &schools[row.school];
                let examined = Examined {
                    name: school.name.clone(),
                    laestab: school.laestab(),
                    kind: school.kind,
                    record_type: school.record_type?,
                    figures: figures(layout.sheet(row)),
                };
                Some((school.urn(), examined))
            })
            .collect();
        truth.tables.insert(layout.release(), table);
    }
    for line in &nation.inspections {
        truth.repeated_inspections += u64::from(line.repeated);
        truth.inspections.entry(schools[line.school].urn()).or_default().push(Inspected {
            on: line.on,
            grade: line.grade,
            also_printed: line.also_printed,
        });
    }
    for link in &nation.links {
        match link.means {
            Some(_) => succession(schools, link, &mut truth.predecessors),
            None => *truth.other_links.entry(link.kind.to_owned()).or_default() += 1,
        }
    }
    for succeeded in truth.predecessors.values_mut() {
        succeeded.sort_by_key(|one| one.predecessor);
    }
    for cover in &nation.cover {
        truth.cover.entry(schools[cover.school].urn()).or_default().push(Covered {
            from: cover.from,
            until: cover.until,
            via_trust: cover.via_trust.map(|trust| nation.trusts[trust].clone()),
        });
    }
    truth
}

fn details(school: &School) -> Details {
    Details {
        name: Some(school.register_name()),
        laestab: school.laestab(),
        ukprn: school.ukprn,
        kind: Some(school.kind),
        record_type: None,
        phase: Some(school.phase),
        status: Some(school.status),
        local_authority: Some(school.authority().name.to_owned()),
        street: Some(vec![school.site.street.clone()]),
        town: Some(school.site.town.clone()),
        postcode: Some(school.site.postcode.clone()),
        opened_on: school.opened,
        closed_on: school.closed,
        location: None,
    }
}

fn figures(sheet: &Sheet) -> Figures {
    Figures {
        progress8: Some(sheet.progress8),
        lower: Some(sheet.lower),
        upper: Some(sheet.upper),
        pupils: Some(sheet.pupils),
    }
}

fn succession(schools: &[School], link: &Link, told: &mut BTreeMap<Urn, Vec<Succeeded>>) {
    let Some(means) = link.means else { return };
    let predecessor = schools[means.predecessor].urn();
    let known = told.entry(schools[means.successor].urn()).or_default();
    match known.iter_mut().find(|succeeded| succeeded.predecessor == predecessor) {
        Some(succeeded) => succeeded.rows += 1,
        None => known.push(Succeeded {
            predecessor,
            succession: means.succession,
            on: link.on,
            rows: 1,
        }),
    }
}
