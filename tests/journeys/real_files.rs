//! The files that the nation really published, in the order an office would load them.

use std::path::Path;

use serde_json::Value;

use crate::program::{Program, national_files};

/// Population, threshold on or above, tied; where the file has limits, significant.
type Line = (u64, f64, u64, u64, Option<u64>);

#[test]
fn thresholds_are_those_known_of_each_release_loaded_over_the_one_before() {
    let Some(files) =
        national_files("thresholds_are_those_known_of_each_release_loaded_over_the_one_before")
    else {
        return;
    };
    let program = Program::on_an_empty_folder();
    let tables: [(&str, &str, &str, Line); 3] = [
        (
            "ks4/2016-17/england_ks4provisional.csv",
            "2016/17",
            "provisional",
            (3_110, 0.26, 788, 18, Some(919)),
        ),
        // It does not say what kind of school a row is: the provisional file does, by URN.
        ("ks4/2016-17/ks4_perf_2017.csv", "2016/17", "final", (3_113, 0.26, 786, 20, None)),
        (
            "ks4/2017-18/final_base_feat_gcse_2018.csv",
            "2017/18",
            "final",
            (3_150, 0.27, 805, 21, Some(951)),
        ),
    ];
    for (file, year, release, known) in tables {
        let imported =
            import(&program, &files, &["ks4", file, "--year", year, "--release", release]);
        let threshold = &imported["threshold"];
        let number = |name: &str| threshold[name].as_u64().unwrap();
        let (population, value, on_or_above, tied, significant) = known;
        assert_eq!(
            ["population", "on_or_above", "tied"].map(number),
            [population, on_or_above, tied],
            "{file}"
        );
        assert_eq!(threshold["value"], value, "{file}");
        if let Some(significant) = significant {
            assert_eq!(number("significant"), significant, "{file}");
        }
        if release == "final" && year == "2016/17" {
            let (across_in, across_out) = crossings(&imported);
            assert_eq!((across_in, across_out), (19, 21), "as the published figures have it");
        }
    }
}

#[test]
fn every_file_of_the_nation_loads_and_a_school_is_found_by_whatever_is_known_of_it() {
    let Some(files) = national_files(
        "every_file_of_the_nation_loads_and_a_school_is_found_by_whatever_is_known_of_it",
    ) else {
        return;
    };
    let program = Program::on_an_empty_folder();
    let imports: [&[&str]; 12] = [
        &[
            "ks4",
            "ks4/2016-17/england_ks4provisional.csv",
            "--year=2016/17",
            "--release=provisional",
        ],
        &["ks4", "ks4/2016-17/ks4_perf_2017.csv", "--year=2016/17", "--release=final"],
        &["ks4", "ks4/2017-18/final_base_feat_gcse_2018.csv", "--year=2017/18", "--release=final"],
        &["ks4", "ks4/2017-18/ks4_perf_2018.csv", "--year=2017/18", "--release=final"],
        &["ks4", "layouts/dfe-ebi-scenario1-ks4.xlsx", "--year=2022/23", "--release=final"],
        &["ofsted", "ofsted/ofsted_ratings_2018.csv"],
        &["register", "register/2017-2018_england_spine.xlsx", "--published=2018-09-01"],
        &["register", "layouts/dfe-ebi-scenario1-gias.csv"],
        &["names", "register/schoolnames20180801.csv"],
        &["locations", "register/school_locations_2018-19.csv"],
        &["links", "register/links_edubasealldata20250422.csv"],
        &["links", "layouts/dfe-ebi-scenario1-gias_links.csv"],
    ];
    for words in imports {
        let imported = import(&program, &files, words);
        let events = imported["events"].as_u64().unwrap();
        assert!(events > 0, "{words:?}");
    }
    let verified = program.json(&["verify", "--json"]);
    assert_eq!(
        (&verified["faults"], &verified["read_models"]),
        (&Value::Array(vec![]), &Value::Null)
    );

    let known = program.json(&[
        "sql",
        "SELECT urn, name, laestab, ukprn, postcode FROM schools WHERE laestab IS NOT NULL AND \
         ukprn IS NOT NULL AND postcode IS NOT NULL AND status = 'open' \
         ORDER BY progress8 DESC LIMIT 1",
        "--json",
    ]);
    let school = &known[0];
    let urn = school["urn"].as_u64().unwrap();
    let written = |column: &str| match &school[column] {
        Value::String(text) => text.clone(),
        number => number.to_string(),
    };
    let laestab = written("laestab");
    let postcode = written("postcode");
    let searches = [
        urn.to_string(),
        written("ukprn"),
        laestab.replace('/', ""),
        laestab,
        postcode.to_lowercase().replace(' ', ""),
        postcode,
        written("name").to_uppercase(),
    ];
    for search in searches {
        let found = program.json(&["schools", &search, "--json"]);
        let found = found["schools"].as_array().unwrap();
        let urns: Vec<&str> = found.iter().map(|it| it["urn"].as_str().unwrap()).collect();
        assert!(urns.contains(&urn.to_string().as_str()), "{search}: {urns:?}");
    }
}

#[track_caller]
fn import(program: &Program, files: &Path, words: &[&str]) -> Value {
    let path = files.join(words[1]);
    let mut arguments = vec!["import", words[0], path.to_str().unwrap()];
    arguments.extend(&words[2..]);
    arguments.push("--json");
    program.json(&arguments)
}

/// Who crossed the threshold into the top quarter, and out of it.
fn crossings(imported: &Value) -> (usize, usize) {
    let crossed = imported["crossed"].as_array().unwrap();
    let across = |direction: &str| {
        crossed
            .iter()
            .filter(|it| it["line"] == "threshold" && it["direction"] == direction)
            .count()
    };
    (across("in"), across("out"))
}
