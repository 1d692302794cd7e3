//! Retention against a recount that shares nothing with it: `retention.py`, from the raw events.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command as Process;

use app::{Desk, List, no_progress};
use serde_json::Value;

use crate::program::{executable, repository, said};
use network::Network;

mod by_chance;
mod network;

const LISTS: [(&str, List); 7] = [
    ("members", List::Members),
    ("kept", List::Kept),
    ("new", List::New),
    ("returned", List::Returned),
    ("joined_late", List::JoinedLate),
    ("lost", List::Lost),
    ("undecided", List::Undecided),
];

/// Holds every figure of `ledge retention` on a folder, and the schools behind each, against the recount; answers the
/// figures by year.
#[track_caller]
pub(crate) fn assert_retention_is_as_recounted(folder: &Path) -> BTreeMap<String, Value> {
    let report = Process::new(executable())
        .args(["retention", "--json", "--quiet", "--data"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(report.status.success(), "{}", said(&report));
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let recounted = recount(folder, report["today"].as_str().unwrap());
    let (years, expected) = (by_year(&report), by_year(&recounted));
    let mut differences = vec![];
    assert_eq!(
        years.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>(),
        "the years of the report and of the recount"
    );
    for (year, figures) in &years {
        assert_adds_up(year, figures);
        let (figures, expected) =
            (figures.as_object().unwrap(), expected[year].as_object().unwrap());
        let names: BTreeSet<&String> = figures.keys().chain(expected.keys()).collect();
        for name in names {
            let (figure, other) = (figures.get(name), expected.get(name));
            if figure != other {
                differences.push(format!("{year} {name}: {figure:?}, recounted {other:?}"));
            }
        }
    }
    let desk = Desk::open(folder, app::clock::wall(), &no_progress).unwrap();
    for year in years.keys() {
        for (name, list) in LISTS {
            let listed = desk.retention_list(year.parse().unwrap(), list, None).unwrap();
            let mut listed = serde_json::to_value(&listed).unwrap();
            let schools = listed["schools"].as_array_mut().unwrap();
            for school in schools.iter_mut() {
                school.as_object_mut().unwrap().remove("name");
            }
            let expected = recounted["lists"][year][name].as_array().unwrap();
            for (school, other) in schools.iter().zip(expected) {
                if school != other {
                    differences.push(format!("{year} {name}: {school}\n  recounted {other}"));
                }
            }
            if schools.len() != expected.len() {
                differences.push(format!(
                    "{year} {name}: {} and {}",
                    schools.len(),
                    expected.len()
                ));
            }
        }
    }
    // As it is known once everything is known, from the journal instead of the rows.
    let at_last = Some("2999-12-31".parse().unwrap());
    if let Some(year) = years.keys().last().map(|year| year.parse().unwrap()) {
        assert_eq!(
            desk.retention_list(year, List::Members, at_last).unwrap(),
            desk.retention_list(year, List::Members, None).unwrap()
        );
    }
    let first: Vec<_> = differences.iter().take(20).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), first.join("\n"));
    years
}

fn assert_adds_up(year: &str, figures: &Value) {
    let of = |name: &str| figures[name].as_u64().unwrap();
    assert_eq!(of("members"), of("kept") + of("new") + of("returned"), "{year}");
    assert_eq!(of("members_before"), of("kept") + of("lost") + of("undecided"), "{year}");
    assert_eq!(of("members"), of("at_start") + of("joined_late"), "{year}");
    let reasons = figures["lost_by_reason"].as_object().unwrap();
    assert_eq!(of("lost"), reasons.values().filter_map(Value::as_u64).sum::<u64>(), "{year}");
}

fn by_year(report: &Value) -> BTreeMap<String, Value> {
    let years = report["years"].as_array().unwrap().iter();
    years.map(|year| (year["year"].as_str().unwrap().to_owned(), year.clone())).collect()
}

fn recount(folder: &Path, today: &str) -> Value {
    let script = repository().join("tests/recount/retention.py");
    let output = Process::new("python3").arg("-B").arg(&script).arg(folder).arg(today).output();
    let output = output.unwrap_or_else(|error| {
        panic!("python3, which the recount is written in, does not start: {error}")
    });
    assert!(output.status.success(), "{}\n{}", script.display(), said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The URNs behind a figure, as the program lists them.
#[track_caller]
fn listed(folder: &Path, year: &str, list: &str) -> Vec<String> {
    let output = Process::new(executable())
        .args(["retention", "--json", "--list", list, "--year", year, "--data"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schools = answer["schools"].as_array().unwrap().iter();
    schools
        .map(|school| {
            let urn = school["urn"].as_str().unwrap();
            match school["ending"].as_str().filter(|_| list == "lost") {
                Some(ending) => format!("{urn} {ending}"),
                None => urn.to_owned(),
            }
        })
        .collect()
}

/// Every way in and out, worked out by hand.
#[test]
fn retention_is_as_worked_out_by_hand_and_as_recounted() {
    let network = Network::on_an_empty_folder();
    // Members since before this system, to 31 March 2019.
    let since = [
        (100_001, "2012-04-01"), // goes on and on
        (100_003, "2015-09-01"), // lapses, and returns after a year
        (100_004, "2018-04-01"), // leaves by its own wish
        (100_005, "2017-04-01"), // closes in August 2019
        (100_006, "2017-04-01"), // goes into 100001 in December 2019
        (100_007, "2016-04-01"), // converts in September 2019
        (100_008, "2016-04-01"), // converts on 1 April 2020
        (100_011, "2016-04-01"), // renewed twice, then graded 3
        (100_012, "2016-04-01"), // closes on 31 March 2020, renewed
        (100_013, "2018-09-03"), // nobody has said anything
        (100_015, "2016-04-01"), // loses its SSAT cover
        (100_016, "2016-04-01"), // is judged not eligible
        (100_017, "2016-04-01"), // lapses, and is accepted again as of 1 April
        (100_018, "2016-04-01"), // renewed for 2020-21, and converts before that begins
        (100_020, "2016-04-01"), // reviewed not eligible
    ];
    for (urn, from) in since {
        network.runs(urn, from, "2018-19");
    }
    // A year's history with a gap in it: left in August, and back in January.
    network.past(100_019, "2016-04-01", "2018-08-31", "a merger that came to nothing");
    network.joins(100_019, "2019-01-10", Some(40_000));
    network.past(100_009, "2005-09-01", "2010-03-31", "left");

    for urn in [
        100_001, 100_005, 100_006, 100_007, 100_008, 100_011, 100_012, 100_015, 100_016, 100_018,
        100_019, 100_020,
    ] {
        network.renews(urn, "2019-20", "2019-02-20");
    }
    network.renews(100_011, "2019-20", "2019-02-21");
    network.declines(100_004, "2019-20", Some("the budget"), "2019-02-15");
    for urn in [100_003, 100_004, 100_017] {
        network.lapses(urn, "2018-19", "2019-04-01");
    }
    network.joins(100_009, "2019-04-01", None);
    network.joins(100_010, "2019-04-01", None);
    network.joins(100_017, "2019-04-01", None);
    network.joins(100_002, "2019-10-01", Some(80_000));
    // Told later: it had been a member long ago.
    network.past(100_010, "2004-04-01", "2006-07-31", "left");
    network.ends(100_005, None, "2019-08-31");
    network.ends(100_006, Some(100_001), "2019-12-31");
    network.goes_on_at(100_007, 140_007, "2019-09-01");

    for urn in [100_001, 100_002, 100_008, 100_009, 100_012, 100_017, 100_018, 140_007] {
        network.renews(urn, "2020-21", "2020-02-20");
    }
    network.goes_on_at(100_018, 140_018, "2020-03-02");
    network.ends(100_012, None, "2020-03-31");
    network.is_graded_3(100_011, "2020-01-20");
    network.is_refused(100_015, "2020-21", network::no_cover(), "2020-03-20");
    network.is_refused(100_016, "2020-21", network::judged(), "2020-03-20");
    network.is_refused(100_020, "2020-21", network::reviewed(), "2020-03-20");
    network.goes_on_at(100_008, 140_008, "2020-04-01");
    for urn in [100_010, 100_011, 100_015, 100_016, 100_019, 100_020] {
        network.lapses(urn, "2019-20", "2020-04-01");
    }
    network.joins(100_003, "2020-04-01", None);
    network.joins(100_014, "2020-04-01", None);

    let folder = network.close();
    let years = assert_retention_is_as_recounted(folder.path());
    let figure = |year: &str, name: &str| years[year][name].as_u64().unwrap();
    for (name, by_hand) in [
        ("members", [16, 16, 9]),
        ("at_start", [15, 15, 9]),
        ("at_end", [16, 14, 9]),
        ("joined_late", [1, 1, 0]),
        ("kept", [14, 13, 7]),
        ("new", [2, 1, 1]),
        ("returned", [0, 2, 1]),
        ("members_before", [14, 16, 16]),
        ("at_end_before", [14, 16, 14]),
        ("lost", [0, 2, 9]),
        ("undecided", [0, 1, 0]),
        ("fee_pence", [40_000, 15 * 160_000 + 80_000, 9 * 160_000]),
        ("without_fee", [15, 0, 0]),
    ] {
        let found = ["2018-19", "2019-20", "2020-21"].map(|year| figure(year, name));
        assert_eq!(found, by_hand, "{name}");
    }
    let rates = ["2018-19", "2019-20", "2020-21"].map(|year| years[year]["rate"].as_f64());
    assert_eq!(rates, [Some(100.0), None, Some(50.0)], "none while one is undecided");
    assert_eq!(
        listed(folder.path(), "2019-20", "lost"),
        ["100003 never_offered", "100004 declined"]
    );
    assert_eq!(listed(folder.path(), "2019-20", "undecided"), ["100013"]);
    assert_eq!(listed(folder.path(), "2019-20", "joined-late"), ["100002"]);
    assert_eq!(listed(folder.path(), "2019-20", "returned"), ["100009", "100010"]);
    assert_eq!(
        listed(folder.path(), "2020-21", "kept"),
        ["100001", "100002", "100009", "100017", "140007", "140008", "140018"]
    );
    assert_eq!(
        listed(folder.path(), "2020-21", "lost"),
        [
            "100005 closed",
            "100006 merged",
            "100010 never_offered",
            "100011 refused_mark",
            "100012 closed",
            "100015 refused_cover",
            "100016 refused_judgement",
            "100019 never_offered",
            "100020 refused_review",
        ]
    );
}
