//! A year of the office, from the provisional results in October to a correction in March.

use std::collections::BTreeSet;

use app::{
    Crossing, Decides, Difference, Direction, Document, Line as CrossedLine, Recording,
    ReviewQuestion, What,
};
use kernel::{Cell, Grade, Outcome as Graded, Progress8, Release, Urn};
use membership::Outcome;
use membership::criteria::{Adoption, Condition};
use national_data::File;
use national_data::sample::{Inspected, Nation, Truth};
use schools::Register;
use schools::school::Command;

use crate::journeys::FEBRUARY;
use crate::journeys::by_hand::{Recount, assert_same, changed, line_told, told};
use crate::journeys::world::{World, criteria, day, question};

const YEARS: [&str; 3] = ["2017/18 final", "2016/17 final", "2015/16 final"];

fn nation() -> Nation {
    Nation::generate(11, 400)
}

fn asked() -> ReviewQuestion {
    question("2019-20", None, FEBRUARY)
}

fn recount(truth: &Truth) -> Recount<'_> {
    Recount::of(truth, "2017/18 final", FEBRUARY, &YEARS)
}

/// The years before, and this year's provisional results, as of October.
#[track_caller]
fn october(nation: &Nation) -> World {
    let mut world = World::of(nation, "2018-02-01");
    for table in ["2015-2016_england_ks4final.csv", "2016-2017_england_ks4final.csv"] {
        world.import(table);
    }
    assert_eq!(world.adopt(), 1);
    world.on("2018-10-15").import("2017-2018_england_ks4provisional.csv");
    world
}

/// All that is published by the end of January.
#[track_caller]
fn january(nation: &Nation) -> World {
    let mut world = october(nation);
    world.on("2019-01-31").import("2017-2018_england_ks4final.csv");
    world.on("2019-02-04").import("edubasealldata20190131.csv");
    world.import("ofsted_ratings.csv");
    world.import("links_edubasealldata20190131.csv");
    world.import("ssat-cover.csv");
    world
}

/// The year's review, recorded on the last of February.
#[track_caller]
fn february(nation: &Nation) -> World {
    let mut world = january(nation);
    let reviewed = world.on(FEBRUARY).review(&asked());
    assert!(matches!(world.record(&reviewed), Recording::Events(events) if events > 0));
    world
}

/// D4.
#[test]
fn provisional_results_can_be_looked_at_and_decide_nothing() {
    let nation = nation();
    let mut world = october(&nation);
    world.import("ofsted_ratings.csv");
    let before = world.head();

    let asked = question("2019-20", Some("2017/18"), "2018-10-31");
    let preview = world.on("2018-10-31").review(&asked);
    assert_eq!(preview.standing, Decides::OnlyProvisional);
    assert_eq!(world.record(&preview), Recording::Preview);

    let line = Recount::of(nation.truth(), "2017/18 provisional", "2018-10-31", &[]).line();
    let document = Document::of(&preview, Recording::Preview);
    assert_eq!(line_told(document.threshold.as_ref().unwrap()), line);
    assert!(!document.decides);
    // Not asked for by name, it is not even looked at: nothing of the year decides yet.
    let unnamed = world.document(&question("2019-20", None, "2018-10-31"));
    assert_eq!((unnamed.results, unnamed.threshold), (None, None));
    assert_eq!(world.head(), before, "looking is not recorded");
}

#[test]
fn a_final_release_over_a_provisional_one_writes_only_what_changed() {
    let nation = nation();
    let mut world = october(&nation);
    let before = world.head();
    let imported = world.on("2019-01-31").import("2017-2018_england_ks4final.csv");

    let truth = nation.truth();
    let table = |release: &str| &truth.tables[&release.parse::<Release>().unwrap()];
    let (provisional, last) = (table("2017/18 provisional"), table("2017/18 final"));
    let same = |urn: &Urn| provisional.get(urn).map(|row| row.figures);
    let revised = last
        .iter()
        .filter(|(urn, row)| same(urn).is_some_and(|figures| figures != row.figures))
        .count();
    let published = last.keys().filter(|urn| same(urn).is_none()).count();
    let confirmed = last.len() - revised - published;
    assert!(revised > 0 && confirmed > 0, "{revised} revised, {confirmed} confirmed");

    let mut counted = world.counted_after(before);
    let mut of = |event: &str| counted.remove(event).unwrap_or(0);
    assert_eq!(of("ResultsRevised"), revised);
    assert_eq!(of("ResultsPublished"), published);
    assert_eq!((of("ImportBegun"), of("DatasetImported")), (1, 1));
    assert_eq!(of("ThresholdComputed"), 1);
    // Town and postcode are printed in January only, and ICLOSE may have changed.
    let details = of("SchoolDetailsCorrected");
    assert!(details > 0 && details < last.len() / 4, "{details} details corrected");
    assert!(counted.is_empty(), "{counted:?}");
    assert_eq!(imported.events, world.head() - before);
    let row = world.desk().read_store().imports().unwrap().pop().unwrap();
    assert_eq!(row.confirmed, confirmed as u64);
}

#[test]
fn a_final_release_says_who_crossed_a_line() {
    let nation = nation();
    let mut world = october(&nation);
    let imported = world.on("2019-01-31").import("2017-2018_england_ks4final.csv");

    let told: BTreeSet<(Urn, &str, &str)> = imported.crossed.iter().map(named).collect();
    assert_eq!(told.len(), imported.crossed.len(), "a school is told twice");
    assert_eq!(told, crossed(nation.truth()));
    assert!(
        told.iter().any(|(_, line, _)| *line == "threshold"),
        "nobody crossed: choose a nation"
    );
    assert!(imported.crossed.iter().all(|one| one.since.to_string() == "2017/18 provisional"));
}

/// R2, R3, R12 to R14; D2, D3, D5, D6.
#[test]
fn the_review_answers_for_every_school_what_a_recount_answers() {
    let nation = nation();
    let mut world = february(&nation);
    let document = world.document(&asked());
    let recount = recount(nation.truth());

    assert_eq!(line_told(document.threshold.as_ref().unwrap()), recount.line());
    assert_same(&told(&document.schools), &recount.answers());
    assert_eq!(document.counts, recount.counts());
    // The nation has every kind of answer, or the recount proves little.
    let outcomes: BTreeSet<String> =
        document.schools.iter().map(|school| school.outcome.to_string()).collect();
    assert_eq!(outcomes.len(), 5, "{outcomes:?}");
    assert!(document.counts.carried_over > 0 && document.counts.not_inspected > 0);
    assert_ne!(document.counts.eligible, document.counts.invited, "D1: they are two questions");
}

#[test]
fn a_review_repeated_on_the_same_facts_records_nothing() {
    let nation = nation();
    let mut world = february(&nation);
    let before = world.head();
    let again = world.on("2019-03-01").review(&asked());
    assert_eq!(world.record(&again), Recording::Events(0));
    assert_eq!(world.head(), before);
}

/// R3, R4.
#[test]
fn invitations_go_to_the_schools_that_the_review_found_and_go_once() {
    let nation = nation();
    let mut world = february(&nation);
    let year = asked().year;
    let before = world.head();
    let invited = world.on("2019-03-01").invite(year);

    // A school that has closed meanwhile is told of, and not written to (D12).
    let register = &nation.truth().register;
    let (closed, due): (Vec<Urn>, Vec<Urn>) = recount(nation.truth())
        .answers()
        .into_iter()
        .filter(|(_, answers)| answers.invited)
        .map(|(urn, _)| urn)
        .partition(|urn| register[urn].status == Some(Register::Closed));
    assert!(!closed.is_empty(), "nobody closed: choose a nation");
    let urns: Vec<Urn> = invited.invited.iter().map(|invitee| invitee.urn).collect();
    assert_eq!(urns, due);
    let told: Vec<Urn> = invited.closed.iter().map(|school| school.urn).collect();
    assert_eq!(told, closed);
    assert_eq!(world.head() - before, due.len() as u64);

    let again = world.on("2019-03-02").invite(year);
    assert_eq!((again.invited.len(), again.already), (0, due.len()));
    assert_eq!(world.head() - before, due.len() as u64);
}

/// R42, D6: what is published in March was not so in February.
#[test]
fn an_inspection_published_later_changes_nothing_as_at_an_earlier_day() {
    let nation = nation();
    let mut world = february(&nation);
    let before = world.document(&asked());
    let urn = a_good_school_on_its_own(&nation);
    let csv = format!(
        "URN,Overall effectiveness,Inspection start date,Publication date\n\
         {urn},4,12/02/2019,15/03/2019\n"
    );
    let file = File::from_bytes("inspections_march.csv", csv);
    world.on("2019-03-20").import_file(&file, What::Ofsted, None);

    assert_same_answers(&world.document(&asked()), &before);
    let in_march = world.document(&question("2019-20", None, "2019-03-20"));
    let mut recount = Recount::of(nation.truth(), "2017/18 final", "2019-03-20", &YEARS);
    let inspected =
        Inspected { on: day("2019-02-12"), grade: Grade::Inadequate, also_printed: None };
    recount.inspections.get_mut(&urn).unwrap().push(inspected);
    assert_same(&told(&in_march.schools), &recount.answers());
    let school = in_march.schools.iter().find(|school| school.urn == urn).unwrap();
    assert_eq!((school.grade, school.outcome), (Some(Grade::Inadequate), Outcome::NotEligible));
    assert_eq!(world.counted_after(0)["OfstedDowngraded"], downgrades(&nation) + 1);
}

/// D17.
#[test]
fn a_corrected_fact_flags_what_was_decided_on_it_and_changes_no_decision() {
    let nation = nation();
    let mut world = february(&nation);
    let urn = a_good_school_on_its_own(&nation);
    let before = world.document(&asked());
    let recorded = finding(&mut world, urn);
    correct(&mut world, &nation, urn);

    let now = finding(&mut world, urn);
    let why = now.0.unwrap();
    assert!(why.contains("25 Mar 2019"), "{why}");
    assert_eq!(recorded.0, None);
    assert_eq!((now.1, now.2, now.3), (recorded.1, recorded.2, recorded.3));
    let (_, findings) = world.desk().read_store().review(asked().year).unwrap().unwrap();
    let flagged: Vec<Urn> = findings
        .iter()
        .filter(|finding| finding.decided_on_old_data.is_some())
        .map(|finding| finding.urn)
        .collect();
    assert_eq!(flagged, [urn]);

    // As the office knew it before the correction, and as it knows it now (recorded time).
    let known_on = |on| ReviewQuestion { as_known_on: Some(day(on)), ..asked() };
    assert_same_answers(&world.document(&known_on("2019-03-24")), &before);
    let known_now = world.document(&known_on("2019-03-25"));
    assert_eq!(changed(&told(&known_now.schools), &told(&before.schools)), BTreeSet::from([urn]));
}

/// R12, D17.
#[test]
fn a_review_repeated_on_a_corrected_fact_records_only_what_differs() {
    let nation = nation();
    let mut world = february(&nation);
    let urn = a_good_school_on_its_own(&nation);
    correct(&mut world, &nation, urn);
    let before = world.head();

    let again = world.on("2019-03-26").review(&asked());
    assert_eq!(world.record(&again), Recording::Events(2));
    let streams: Vec<String> =
        world.recorded_after(before).into_iter().map(|entry| entry.event_type).collect();
    assert_eq!(streams, ["AnnualReviewRepeated", "SchoolReviewed"]);
    let now = finding(&mut world, urn);
    assert_eq!((now.0, now.3), (None, Outcome::NotEligible), "decided on what is so now");

    let mut recount = recount(nation.truth());
    let newest = newest_inspection(&nation, urn);
    for inspected in recount.inspections.get_mut(&urn).unwrap() {
        if inspected.on == newest {
            inspected.grade = Grade::RequiresImprovement;
        }
    }
    assert_same(&told(&world.document(&asked()).schools), &recount.answers());
}

/// R1, R42.
#[test]
fn other_criteria_write_nothing_and_the_difference_names_the_schools_they_answer_differently() {
    let nation = nation();
    let mut world = february(&nation);
    let before = world.head();
    let recorded = world.document(&asked());

    let mut stricter = criteria();
    for way in &mut stricter.terms.invited.any {
        for condition in &mut way.all {
            if let Condition::Percentile(percentile) = condition {
                *percentile = 80;
            }
        }
    }
    let mut no_dips = criteria();
    no_dips.terms.staying.dips = 0;
    let what_ifs: [(Adoption, Recount<'_>); 2] = [
        (stricter, Recount { percentile: 80, ..recount(nation.truth()) }),
        (no_dips, Recount { dips: 0, ..recount(nation.truth()) }),
    ];
    for (adoption, recount) in what_ifs {
        let what_if = ReviewQuestion { criteria: Some(adoption), ..asked() };
        let reviewed = world.review(&what_if);
        assert_eq!(world.record(&reviewed), Recording::Preview);
        let document = Document::of(&reviewed, Recording::Preview);
        assert_same(&told(&document.schools), &recount.answers());

        let difference = Difference::between(&document, &recorded);
        let named: BTreeSet<Urn> = difference.schools.iter().map(|change| change.urn).collect();
        let expected = changed(&recount.answers(), &self::recount(nation.truth()).answers());
        assert!(!expected.is_empty());
        assert_eq!(named, expected);
        assert_eq!(difference.this.counts, recount.counts());
    }
    assert_eq!(world.head(), before);
    assert_eq!(world.adoptions().len(), 1);
}

/// The flag of a school's finding on record, and its three answers.
#[track_caller]
fn finding(world: &mut World, urn: Urn) -> (Option<String>, bool, bool, Outcome) {
    let mut findings = world.desk().read_store().findings_of(urn).unwrap();
    assert_eq!(findings.len(), 1);
    let finding = findings.remove(0);
    (finding.decided_on_old_data, finding.eligible, finding.invited, finding.outcome)
}

/// Its newest inspection turns out to have been graded 3.
#[track_caller]
fn correct(world: &mut World, nation: &Nation, urn: Urn) {
    let correction = Command::CorrectInspection {
        inspected_on: newest_inspection(nation, urn),
        outcome: Some(Graded::Overall(Grade::RequiresImprovement)),
        reason: "the report was misread".to_owned(),
    };
    let before = world.head();
    world.on("2019-03-25").ask_school(urn, correction);
    let told: Vec<String> =
        world.recorded_after(before).into_iter().map(|entry| entry.event_type).collect();
    assert_eq!(told, ["FactCorrected", "OfstedDowngraded"], "from 2, as told before, to 3");
}

/// A school that is graded Good by an inspection of its own, renews and is invited, and whose grade nobody carries on.
#[track_caller]
fn a_good_school_on_its_own(nation: &Nation) -> Urn {
    let carried: BTreeSet<Urn> =
        nation.truth().predecessors.values().flatten().map(|link| link.predecessor).collect();
    let answers = recount(nation.truth()).answers();
    let fits = answers.iter().find(|(urn, school)| {
        school.grade == Some(Grade::Good)
            && school.carried_from.is_none()
            && school.invited
            && school.outcome == Outcome::Renew
            && !carried.contains(urn)
            // Nothing is known of it after the day of the review.
            && newest_inspection(nation, **urn) <= day(FEBRUARY)
    });
    *fits.expect("a nation of this size has such a school").0
}

fn newest_inspection(nation: &Nation, urn: Urn) -> chrono::NaiveDate {
    nation.truth().inspections[&urn].iter().map(|inspected| inspected.on).max().unwrap()
}

/// How often a grade was poorer than the one before it.
fn downgrades(nation: &Nation) -> usize {
    let inspections = nation.truth().inspections.values();
    inspections
        .map(|list| {
            let mut grades: Vec<_> = list.iter().map(|it| (it.on, it.grade)).collect();
            grades.sort_unstable();
            grades.windows(2).filter(|pair| pair[1].1 > pair[0].1).count()
        })
        .sum()
}

fn named(crossing: &Crossing) -> (Urn, &'static str, &'static str) {
    let line = match crossing.line {
        CrossedLine::Threshold => "threshold",
        CrossedLine::Significance => "significance",
    };
    let direction = match crossing.direction {
        Direction::In => "in",
        Direction::Out => "out",
    };
    (crossing.urn, line, direction)
}

/// Who stands on the other side of a line in the final release than in the provisional one, counted by hand.
fn crossed(truth: &Truth) -> BTreeSet<(Urn, &'static str, &'static str)> {
    let side = |release: &str| -> Vec<(Urn, bool, Option<bool>)> {
        let line = Recount::of(truth, release, FEBRUARY, &[]).line();
        let members = truth.population(release.parse().unwrap());
        members
            .map(|(urn, row, score)| {
                let lower = row.figures.lower.and_then(Cell::published);
                let above = i64::from(score.hundredths()) * 100 >= line.value;
                (urn, above, lower.map(|lower| lower > Progress8::ZERO))
            })
            .collect()
    };
    let before = side("2017/18 provisional");
    let mut crossed = BTreeSet::new();
    for (urn, above, significant) in side("2017/18 final") {
        let Some((_, was_above, was_significant)) = before.iter().find(|it| it.0 == urn) else {
            continue;
        };
        let direction = |now: bool| if now { "in" } else { "out" };
        if above != *was_above {
            crossed.insert((urn, "threshold", direction(above)));
        }
        if let (Some(now), Some(was)) = (significant, *was_significant)
            && now != was
        {
            crossed.insert((urn, "significance", direction(now)));
        }
    }
    crossed
}

#[track_caller]
fn assert_same_answers(one: &Document, other: &Document) {
    assert_same(&told(&one.schools), &told(&other.schools));
    assert_eq!(one.threshold, other.threshold);
    assert_eq!(one.counts, other.counts);
    assert_eq!(one.schools, other.schools, "clause by clause");
}
