//! A year under other criteria, beside the year on record (R42).

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::journeys::on_record::a_nation_on_record;
use crate::program::{Program, repository, said};

const YEAR: &str = "--year=2019-20";

/// A nation with its review of 2019-20 on record.
fn reviewed() -> Program {
    a_nation_on_record(200)
}

#[test]
fn another_percentile_changes_the_invitations_by_exactly_the_schools_between_the_two() {
    let program = reviewed();
    program.run(&["invite", YEAR]);
    let before = head(&program);
    for (percentile, reached) in [("--percentile=90", false), ("--percentile=60", true)] {
        let told = program.json(&["what-if", YEAR, percentile, "--json"]);
        let (recorded, other) = (threshold(&told, "recorded"), threshold(&told, "what_if"));
        let (low, high) = if reached { (other, recorded) } else { (recorded, other) };
        // Recounted from the findings, by their own figures.
        let between = format!(
            "SELECT urn FROM review_findings WHERE year = '2019-20' AND left_at IS NULL AND grade <= 2 \
             AND progress8 / 100.0 >= {low} AND progress8 / 100.0 < {high}"
        );
        let expected = urns(&program, &between);
        let changed = told["changed"].as_array().unwrap();
        let found: BTreeSet<String> = changed.iter().map(|it| text(&it["urn"])).collect();
        assert!(!expected.is_empty());
        assert_eq!(found, expected, "{percentile}");
        for school in changed {
            assert_eq!(school["what_if"]["invited"], reached);
            assert_eq!(school["recorded"]["outcome"], school["what_if"]["outcome"]);
            let clause = &school["why"][0]["clause"];
            assert_eq!(
                (&clause["rule"], &school["why"][0]["answer"]),
                (&"R3".into(), &"invited".into())
            );
            assert_eq!(clause["result"], if reached { "passed" } else { "failed" });
        }
        let count = |side: &str| told["population"][side]["invited"].as_i64().unwrap();
        let in_population = changed.iter().filter(|it| is_in_population(&program, it)).count();
        let moved = i64::try_from(in_population).unwrap() * if reached { 1 } else { -1 };
        assert_eq!(count("what_if") - count("recorded"), moved);
        let invitations = &told["invitations"];
        assert!(invitations["sent"].as_u64().unwrap() > 0);
        let (more, fewer) =
            (&invitations["would_have_gone_out"], &invitations["would_not_have_gone_out"]);
        assert_eq!((more != 0, fewer != 0), (reached, !reached), "{told}");
        let ways = told["percentile"]["ways"].as_array().unwrap();
        assert_eq!((ways.len(), &told["percentile"]["from"]), (1, &75.into()));
    }
    assert_eq!(head(&program), before, "nothing was written");
}

#[test]
fn members_who_would_no_longer_be_renewed_are_told_first_with_how_they_stand() {
    let program = reviewed();
    let renewed = urns(
        &program,
        "SELECT urn FROM review_findings WHERE year = '2019-20' AND grade = 2 \
         AND outcome IN ('renew', 'renew_noted_dip') AND left_at IS NULL ORDER BY urn DESC LIMIT 3",
    );
    let running = r#"{"RecordRunning":{"from":"2015-04-01","year":"2026-27"}}"#;
    for urn in &renewed {
        program.run(&["ask", "membership.membership", urn, running]);
    }
    let criteria = fs::read_to_string(repository().join("deploy/criteria/2018-19.toml")).unwrap();
    let stricter = program.folder().join("stricter.toml");
    let changed =
        criteria.replace("not_eligible_grades = [3, 4]", "not_eligible_grades = [2, 3, 4]");
    fs::write(&stricter, changed).unwrap();
    let criteria = ["--criteria", stricter.to_str().unwrap()];

    let out = program.folder().join("changes.csv");
    let file = ["--out", out.to_str().unwrap()];
    let what_if = [&["what-if", YEAR][..], &criteria].concat();
    let told = program.json(&[&what_if[..], &file, &["--json"]].concat());
    let changed = told["changed"].as_array().unwrap();
    let first: BTreeSet<String> = changed[..3].iter().map(|it| text(&it["urn"])).collect();
    assert_eq!(first, renewed);
    for member in &changed[..3] {
        assert_eq!(member["no_longer_renewed"], true);
        assert_eq!(member["member"]["since"], "2015-04-01");
        assert_eq!(member["what_if"]["outcome"], "not_eligible");
        let why = &member["why"][0];
        assert_eq!((&why["answer"], &why["clause"]["rule"]), (&"outcome".into(), &"R14".into()));
    }
    assert!(changed.len() > 3 && changed[3..].iter().all(|it| it["member"].is_null()));
    assert_eq!(told["members_on"], "2019-03-31");
    let members = &told["members"];
    assert_eq!(
        (&members["recorded"]["schools"], &members["what_if"]["not_eligible"]),
        (&3.into(), &3.into())
    );
    assert_eq!(told["what_if"]["on_record"], false);
    assert!(text(&told["what_if"]["run"]).ends_with("what if: stricter.toml"));

    // The file has them all, in the same order.
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_path(&out).unwrap().into_records().map(Result::unwrap).collect();
    let listed: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    let expected: Vec<String> = changed.iter().map(|it| text(&it["urn"])).collect();
    assert_eq!(listed, expected);
    assert_eq!((&rows[0][2], &rows[0][4], &rows[0][10]), ("true", "true", "not_eligible"));

    let printed = program.run(&[&what_if[..], &["--show=1"]].concat());
    for words in [
        "Members that would no longer be renewed: 3, the first 1:",
        "since 1 Apr 2015",
        "of the 3 members of 31 Mar 2019 reviewed",
        "R14: not graded 2, 3 or 4",
    ] {
        assert!(printed.contains(words), "{words}\n{printed}");
    }
    let again = program.command(&[&what_if[..], &file].concat()).output().unwrap();
    assert_eq!(again.status.code(), Some(3), "{}", said(&again));
}

#[test]
fn what_became_known_since_the_review_is_told_apart_from_what_was_asked() {
    let program = reviewed();
    let inspected = &program.json(&[
        "sql",
        "SELECT i.urn, max(i.inspected_on) AS day FROM inspections i JOIN review_findings f USING (urn) \
         WHERE f.year = '2019-20' AND f.grade = 1 AND f.inspected = 'here' AND i.urn NOT IN \
         (SELECT urn FROM inspections WHERE grade IS NOT NULL AND grade <> 1) GROUP BY 1 LIMIT 1",
        "--json",
    ])[0];
    let (urn, day) = (inspected["urn"].to_string(), text(&inspected["day"]));
    let correction = format!(
        r#"{{"CorrectInspection":{{"inspected_on":"{day}","outcome":{{"overall":4}},"reason":"of the school next door"}}}}"#
    );
    program.run(&["ask", "schools.school", &urn, &correction]);
    let told = program.json(&["what-if", YEAR, "--percentile=90", "--json"]);
    let changed = told["changed"].as_array().unwrap();
    for school in changed {
        let since = text(&school["urn"]) == urn;
        let because = if since { "facts_known_since" } else { "what_was_asked" };
        assert_eq!(school["because"], because, "{school}");
    }
    assert!(changed.iter().any(|it| text(&it["urn"]) == urn), "{urn} {day}");
}

#[test]
fn without_a_review_on_record_the_criteria_in_force_stand_for_it() {
    let program = reviewed();
    let told = program.json(&[
        "what-if",
        "--year=2018-19",
        "--percentile=90",
        "--as-at=2018-02-28",
        "--json",
    ]);
    let on_record = urns(&program, "SELECT urn FROM review_findings WHERE year = '2018-19'");
    assert_eq!(told["recorded"]["on_record"], !on_record.is_empty());
    for (arguments, code, words) in [
        (&["what-if", YEAR][..], 2, "--percentile"),
        (&["what-if", YEAR, "--percentile=100"], 2, "100"),
        (&["what-if", "--year=2015-16", "--results=2016/17"], 3, "not on record"),
        (&["what-if", "--year=2015-16", "--percentile=80", "--as-at=2015-02-28"], 3, "no criteria"),
    ] {
        let output = program.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(words), "{words}: {}", said(&output));
    }
}

fn threshold(told: &Value, side: &str) -> f64 {
    told[side]["threshold"].as_f64().unwrap()
}

fn is_in_population(program: &Program, school: &Value) -> bool {
    let query = format!(
        "SELECT urn FROM review_findings WHERE year = '2019-20' AND in_population AND urn = {}",
        text(&school["urn"])
    );
    !urns(program, &query).is_empty()
}

#[track_caller]
fn urns(program: &Program, query: &str) -> BTreeSet<String> {
    let rows = program.json(&["sql", query, "--json"]);
    rows.as_array().unwrap().iter().map(|row| row["urn"].to_string()).collect()
}

fn head(program: &Program) -> u64 {
    app::Folder::at(program.folder()).reader().unwrap().head().unwrap()
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
