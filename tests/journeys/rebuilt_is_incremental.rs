//! R41: read models that were kept up event by event are those that a rebuild makes, whatever was lost on the way.

use national_data::sample::Nation;

use crate::journeys::tables::{assert_same_tables, tables};
use crate::journeys::world::{World, question};
use crate::journeys::{FEBRUARY, FILES};

#[test]
fn rebuilt_read_models_equal_those_kept_up_through_the_year() {
    let nation = nation();
    let mut world = World::of(&nation, "2018-02-01");
    a_year(&mut world, |_| {});
    assert_rebuild_differs_nowhere(&mut world);
}

#[test]
fn losing_what_is_derived_between_any_two_steps_changes_nothing() {
    let nation = nation();
    let mut kept = World::of(&nation, "2018-02-01");
    a_year(&mut kept, |_| {});
    let mut lost = World::of(&nation, "2018-02-01");
    a_year(&mut lost, World::lose_what_is_derived);
    assert_rebuild_differs_nowhere(&mut lost);
    assert_eq!(lost.counted_after(0), kept.counted_after(0));
    assert_same_tables(&tables(lost.folder()), &tables(kept.folder()));
}

/// Also when the read models themselves go, half way.
#[test]
fn losing_the_read_models_half_way_changes_nothing() {
    let nation = nation();
    let mut kept = World::of(&nation, "2018-02-01");
    a_year(&mut kept, |_| {});
    let mut lost = World::of(&nation, "2018-02-01");
    a_year(&mut lost, World::lose_the_read_models);
    assert_rebuild_differs_nowhere(&mut lost);
    assert_same_tables(&tables(lost.folder()), &tables(kept.folder()));
}

fn nation() -> Nation {
    Nation::with_primaries(7, 120)
}

/// Everything an office does in a year; `between` happens after each step.
#[track_caller]
fn a_year(world: &mut World, between: impl Fn(&mut World)) {
    for (on, name) in FILES {
        world.on(on).import(name);
        between(world);
    }
    world.adopt();
    between(world);
    for (on, year, as_at) in
        [("2019-02-05", "2018-19", "2018-02-28"), ("2019-02-28", "2019-20", FEBRUARY)]
    {
        let reviewed = world.on(on).review(&question(year, None, as_at));
        world.record(&reviewed);
        between(world);
    }
    world.on("2019-03-01").invite("2019-20".parse().unwrap());
    between(world);
    let (_, findings) =
        world.desk().read_store().review("2019-20".parse().unwrap()).unwrap().unwrap();
    let decided = findings.iter().find(|finding| finding.grade.is_some() && finding.invited);
    let urn = decided.unwrap().urn;
    let inspected_on = world.desk().read_store().school(urn).unwrap().unwrap().inspected_on;
    let correction = schools::school::Command::CorrectInspection {
        inspected_on: inspected_on.unwrap(),
        outcome: None,
        reason: "it was of the school next door".to_owned(),
    };
    world.on("2019-03-25").ask_school(urn, correction);
    between(world);
    let reviewed = world.review(&question("2019-20", None, FEBRUARY));
    world.record(&reviewed);
    between(world);
}

#[track_caller]
fn assert_rebuild_differs_nowhere(world: &mut World) {
    let desk = world.desk();
    let rebuilt = desk.read_store().rebuild_beside(desk.journal(), &|_| {}).unwrap();
    let differences = desk.read_store().differences(&rebuilt).unwrap();
    let first: Vec<_> = differences.iter().take(10).collect();
    assert!(differences.is_empty(), "{} differences: {first:#?}", differences.len());
    assert_eq!(desk.read_store().verify(desk.journal(), &|_| {}).unwrap(), None);
}
