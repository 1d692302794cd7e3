//! The program against a recount that shares nothing with it: `recount/recount.py`, from the raw files.
//!
//! On the real files, and on a small nation made of the edges that the real files do not have (a grade carried over,
//! two predecessors, a link of later date, two grades on one day, results exactly at nought, a threshold between two
//! scores), whose answers were worked out by hand.

pub(crate) mod billing;
pub(crate) mod retention;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::{Program, national_files, repository, said};

const RESULTS: &str = "ks4/2017-18/final_base_feat_gcse_2018.csv";
const PROVISIONAL: &str = "ks4/2016-17/england_ks4provisional.csv";
const INSPECTIONS: &str = "ofsted/ofsted_ratings_2018.csv";
const LINKS: &str = "register/links_edubasealldata20250422.csv";

/// What both say of a school, in the words of the answers worked out by hand.
const ANSWERS: [&str; 7] =
    ["in_population", "eligible", "invited", "outcome", "grade", "carried_from", "progress8"];
/// And what only the recount has so: the program says it in a clause.
const WITHHELD: &str = "withheld";
const RESULTS_OF_A_CLAUSE: [&str; 3] = ["passed", "failed", "no data"];

/// What is known of a release of results: the figures the rules were written against.
struct Known {
    release: &'static str,
    file: &'static str,
    population: u32,
    value: f64,
    on_or_above: u32,
    tied: u32,
    significant: u32,
}

const KNOWN: [Known; 2] = [
    Known {
        release: "2016/17 provisional",
        file: PROVISIONAL,
        population: 3_110,
        value: 0.26,
        on_or_above: 788,
        tied: 18,
        significant: 919,
    },
    Known {
        release: "2017/18 final",
        file: RESULTS,
        population: 3_150,
        value: 0.27,
        on_or_above: 805,
        tied: 21,
        significant: 951,
    },
];

impl Known {
    #[track_caller]
    fn assert_found(&self, threshold: &Value, significant: &Value) {
        let found = ["population", "on_or_above", "tied"].map(|name| threshold[name].as_u64());
        let known = [self.population, self.on_or_above, self.tied].map(|it| Some(u64::from(it)));
        assert_eq!(found, known, "{}", self.release);
        assert_eq!(significant.as_u64(), Some(u64::from(self.significant)), "{}", self.release);
    }
}

#[test]
fn the_recount_gives_the_answers_worked_out_by_hand() {
    let edges = edges();
    let recount = recount(&[edges.as_os_str().to_str().unwrap()]);
    let columns: Vec<&str> = ANSWERS.iter().copied().chain([WITHHELD]).collect();
    let text = std::fs::read_to_string(edges.join("worked-by-hand.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    assert_eq!(header[1..], columns);
    let by_hand: BTreeMap<String, Vec<String>> = lines
        .map(|fields| {
            let answers = fields[1..].iter().map(|field| plain(&Value::from(*field))).collect();
            (fields[0].to_owned(), answers)
        })
        .collect();
    let recounted: BTreeMap<String, Vec<String>> = schools(&recount)
        .into_iter()
        .map(|(urn, school)| (urn, columns.iter().map(|column| plain(&school[column])).collect()))
        .collect();
    assert_eq!(recounted, by_hand);
    let threshold = &recount["threshold"];
    assert_eq!(
        ["population", "value", "on_or_above", "tied"].map(|field| plain(&threshold[field])),
        ["10.0000", "0.2675", "3.0000", "0.0000"],
        "the seventh score is 0.26, the eighth 0.27, and rank 6.75 lies three quarters of the way"
    );
}

#[test]
fn the_recount_gives_the_thresholds_known_of_the_real_files() {
    let Some(files) = national_files("the_recount_gives_the_thresholds_known_of_the_real_files")
    else {
        return;
    };
    for known in KNOWN {
        let answer = recount(&["--threshold-only", files.join(known.file).to_str().unwrap()]);
        known.assert_found(&answer["threshold"], &answer["counts"]["significant"]);
        assert_eq!(answer["threshold"]["value"], known.value, "{}", known.file);
    }
}

#[test]
fn the_program_finds_the_thresholds_known_of_the_real_files() {
    let Some(files) = national_files("the_program_finds_the_thresholds_known_of_the_real_files")
    else {
        return;
    };
    let program = Program::on_an_empty_folder();
    for known in KNOWN {
        let file = files.join(known.file);
        let (year, standing) = known.release.split_once(' ').unwrap();
        let imported = program.json(&[
            "import",
            "ks4",
            file.to_str().unwrap(),
            "--year",
            year,
            "--release",
            standing,
            "--json",
        ]);
        let threshold = &imported["threshold"];
        assert_eq!(threshold["release"], known.release);
        known.assert_found(threshold, &threshold["significant"]);
    }
}

#[test]
fn the_program_agrees_with_the_recount_on_a_small_nation_of_edges() {
    assert_agreement(&edges());
}

#[test]
fn the_program_agrees_with_the_recount_on_the_real_files() {
    if let Some(files) = national_files("the_program_agrees_with_the_recount_on_the_real_files") {
        assert_agreement(&files);
    }
}

/// Holds the program's review of 2019-20 as at 28 February 2019 against the recount's, school by school.
fn assert_agreement(files: &Path) {
    let reviewed = review(files);
    let recounted = recount(&[files.to_str().unwrap()]);
    let mut differences = vec![];
    for part in ["threshold", "counts"] {
        for (name, expected) in recounted[part].as_object().unwrap() {
            let actual = &reviewed[part][name];
            if plain(actual) != plain(expected) {
                differences.push(format!("{part}.{name}: {actual}, recounted {expected}"));
            }
        }
    }
    if reviewed["year"] != recounted["year"] {
        differences.push(format!("year: {}", reviewed["year"]));
    }
    let (reviewed, recounted) = (schools(&reviewed), schools(&recounted));
    let urns: BTreeSet<&String> = reviewed.keys().chain(recounted.keys()).collect();
    for urn in urns {
        match (reviewed.get(urn), recounted.get(urn)) {
            (Some(school), Some(expected)) => compare(urn, school, expected, &mut differences),
            (None, Some(_)) => differences.push(format!("{urn}: not reviewed")),
            (Some(_), None) => differences.push(format!("{urn}: reviewed, and not in the results")),
            (None, None) => {}
        }
    }
    let first: Vec<_> = differences.iter().take(40).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), first.join("\n"));
}

/// The order of a first year: load, adopt, review.
fn review(files: &Path) -> Value {
    let program = Program::on_an_empty_folder();
    let path = |file: &str| files.join(file).to_str().unwrap().to_owned();
    let criteria = repository().join("deploy/criteria/2018-19.toml");
    program.run(&["import", "ks4", &path(RESULTS), "--year", "2017/18", "--release", "final"]);
    program.run(&["import", "ofsted", &path(INSPECTIONS)]);
    program.run(&["import", "links", &path(LINKS)]);
    program.run(&["criteria", "adopt", criteria.to_str().unwrap()]);
    program.json(&[
        "review",
        "--year",
        "2019-20",
        "--results",
        "2017/18",
        "--as-at",
        "2019-02-28",
        "--json",
    ])
}

fn compare(urn: &str, school: &Value, expected: &Value, differences: &mut Vec<String>) {
    for answer in ANSWERS.iter().chain(&["name"]) {
        if plain(&school[answer]) != plain(&expected[answer]) {
            differences.push(format!(
                "{urn} {answer}: {}, recounted {}",
                school[answer], expected[answer]
            ));
        }
    }
    let no_clauses = vec![];
    let clauses = school["clauses"].as_array().unwrap_or(&no_clauses);
    for clause in clauses {
        let result = clause["result"].as_str().unwrap_or_default();
        if !RESULTS_OF_A_CLAUSE.contains(&result) || clause["rule"].as_str().is_none() {
            differences.push(format!("{urn}: not a clause: {clause}"));
        }
    }
    if let Some(code) = expected[WITHHELD].as_str() {
        let says = |clause: &Value| clause["actual"].as_str().is_some_and(|it| it.contains(code));
        if !clauses.iter().any(says) {
            differences.push(format!("{urn}: no clause says {code}"));
        }
    }
    for (file, lines) in expected["read_at"].as_object().unwrap() {
        let lines: Vec<u64> = lines.as_array().unwrap().iter().filter_map(Value::as_u64).collect();
        let explained = clauses
            .iter()
            .any(|clause| lines.iter().any(|line| names(&clause["source"], file, *line)));
        if !lines.is_empty() && !explained {
            differences.push(format!("{urn}: no clause names {file} line {lines:?}"));
        }
    }
}

/// Whether a clause's source is this line of this file.
fn names(source: &Value, file: &str, line: u64) -> bool {
    source.as_str() == Some(&format!("{file} line {line}"))
}

/// The schools of a review, by URN (which is text).
fn schools(review: &Value) -> BTreeMap<String, Value> {
    let list = review["schools"].as_array().unwrap();
    let by_urn: BTreeMap<String, Value> = list
        .iter()
        .map(|school| (school["urn"].as_str().unwrap().to_owned(), school.clone()))
        .collect();
    assert_eq!(by_urn.len(), list.len(), "a school is there twice");
    by_urn
}

/// A value as it is compared: a number is a number however it is written (`0.3`, `"0.30"`), nothing is nothing (`null`,
/// an empty field), and yes and no are true and false.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) => format!("{number:.4}"),
            Err(_) => text.clone(),
        },
        Value::Number(number) => format!("{:.4}", number.as_f64().unwrap()),
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn edges() -> PathBuf {
    repository().join("tests/recount/edges")
}

fn recount(arguments: &[&str]) -> Value {
    let script = repository().join("tests/recount/recount.py");
    let output = Command::new("python3").arg("-B").arg(&script).args(arguments).output();
    let output = output.unwrap_or_else(|error| {
        panic!("python3, which the recount is written in, does not start: {error}")
    });
    assert!(output.status.success(), "{} {arguments:?}\n{}", script.display(), said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}
