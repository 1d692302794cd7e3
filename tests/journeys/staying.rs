//! Staying on the command line: judgements, offers, replies, the roll, in JSON and for people.

use serde_json::Value;

use crate::journeys::on_record::a_nation_on_record;
use crate::program::{Program, said};

const YEAR: &str = "--year=2019-20";
const REVIEWED: &str = "--as-at=2019-02-28";
const OFFERED: &str = "--on=2019-03-01";
const ANSWERED: &str = "--on=2019-03-04";

/// A sample nation whose schools of some outcomes are members until 31 March 2019.
struct Network {
    program: Program,
    /// Of some that the data leave to the steering group.
    judged: Vec<String>,
}

impl Network {
    #[track_caller]
    fn with_members() -> Self {
        let program = a_nation_on_record(120);
        let review = program.json(&["review", YEAR, REVIEWED, "--preview", "--json"]);
        let of = |outcome: &str| -> Vec<String> {
            let schools = review["schools"].as_array().unwrap();
            let found = schools.iter().filter(|school| school["outcome"] == outcome);
            found.take(8).map(|school| text(&school["urn"]).to_owned()).collect()
        };
        let mut list = "urn,from,until,reason,year\n".to_owned();
        for urn in ["renew", "renew_noted_dip", "judgement", "not_eligible"].map(of).concat() {
            list += &format!("{urn},2015-04-01,,,2018-19\n");
        }
        let file = program.folder().join("members.csv");
        std::fs::write(&file, list).unwrap();
        let file = file.to_str().unwrap();
        let checked = program.json(&["member", "import", file, "--check", "--json"]);
        assert_eq!(checked["checked_only"], true);
        let imported = program.json(&["member", "import", file, "--json"]);
        assert_eq!((&imported["running"], &imported["past"]), (&checked["running"], &0.into()));
        let fee = program.json(&[
            "fee",
            "set",
            "--year=2018-19",
            "--pounds=1600",
            "--minute=4",
            "--json",
        ]);
        assert_eq!((&fee["fee_pence"], &fee["events"]), (&160_000.into(), &1.into()));
        Self { judged: of("judgement"), program }
    }

    /// The URNs that stand somewhere.
    #[track_caller]
    fn that(&self, stands: &str) -> Vec<String> {
        self.that_on(ANSWERED, stands)
    }

    /// The URNs that stood somewhere on a day.
    #[track_caller]
    fn that_on(&self, on: &str, stands: &str) -> Vec<String> {
        let renewals = self.program.json(&["renewal", "list", YEAR, on, "--json"]);
        let schools = renewals["schools"].as_array().unwrap().iter();
        let schools = schools.filter(|school| school["stands"] == stands);
        schools.map(|school| text(&school["urn"]).to_owned()).collect()
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.program.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}\n{}", said(&output));
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn a_review_is_confirmed_answered_and_closed_on_the_command_line() {
    let network = Network::with_members();
    let program = &network.program;
    let preview = program.json(&["renewal", "offer", YEAR, OFFERED, "--preview", "--json"]);
    assert_eq!(preview["made"], false);
    let offer = ["renewal", "offer", YEAR, OFFERED, "--answer-by=2019-03-15", "--json"];
    let made = program.json(&offer);
    assert_eq!((&made["made"], &made["answer_by"]), (&true.into(), &"2019-03-15".into()));
    assert_eq!(made["counts"], preview["counts"], "what was looked at is what was done");
    let again = program.json(&offer);
    let clear = again["counts"].as_array().unwrap().iter();
    assert_eq!(clear.filter(|count| text(&count["stands"]).starts_with("to_")).count(), 0);

    let offered = network.that("offered");
    let [first, second, third, rest @ ..] = offered.as_slice() else { panic!("{offered:?}") };
    let accepted = program.json(&["renewal", "accept", first, YEAR, ANSWERED, "--json"]);
    assert_eq!(
        (&accepted[0]["urn"], &accepted[0]["year"]),
        (&first.as_str().into(), &"2019-20".into())
    );
    let declined = program.json(&["renewal", "decline", second, YEAR, ANSWERED, "--json"]);
    assert_eq!(declined["renewal"], "declined");
    let back = ["renewal", "take-back", second, YEAR, ANSWERED, "--reason=a new head", "--json"];
    let back = program.json(&back);
    assert_eq!((&back["renewal"], &back["earlier_yes"]), (&"taken_back".into(), &Value::Null));
    assert!(back["stands"]["offer"]["on"].is_string(), "{back}");
    let refuse = ["renewal", "refuse", third, YEAR, ANSWERED, "--why=no-cover", "--json"];
    assert_eq!(program.json(&refuse)["renewal"], "refused");

    assert!(network.that("refused").contains(third) && !network.that("offered").contains(third));
    assert_eq!(network.that_on(OFFERED, "offered"), offered, "as it stood before they answered");

    let replies = program.folder().join("replies.txt");
    std::fs::write(&replies, format!("# 4 March\n{}\n\n{second}\n", rest.join("\n"))).unwrap();
    let from = ["renewal", "accept", YEAR, ANSWERED, "--from", replies.to_str().unwrap()];
    let all = program.json(&[&from[..], &["--json"]].concat());
    assert_eq!(all.as_array().unwrap().len(), rest.len() + 1);
    std::fs::write(&replies, "100003\nnobody\n").unwrap();
    let told = network.refused(&from);
    assert!(
        told.contains("replies.txt line 2") && told.contains("`nobody` is not a URN"),
        "{told}"
    );

    let waits = network.that("awaits_judgement");
    assert!(!waits.is_empty() && waits.iter().all(|urn| network.judged.contains(urn)));
    let told = network.refused(&["renewal", "close", YEAR, ANSWERED]);
    assert!(told.contains("waiting for the steering group"), "{told}");
    for (place, urn) in waits.iter().enumerate() {
        let verdict = if place == 0 { "--verdict=not-eligible" } else { "--verdict=eligible" };
        let judge = ["judge", urn, YEAR, verdict, "--reason=three years", "--minute=7", "--json"];
        assert_eq!(program.json(&judge)["urn"], urn.as_str());
    }
    program.run(&["renewal", "offer", YEAR, OFFERED]);
    assert!(network.that("refused").contains(&waits[0]));
    let told = program.command(&["explain", &waits[0], YEAR]).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let stays = told.lines().find(|line| line.contains("May it stay?")).unwrap();
    assert!(stays.contains("no: judged not eligible on "), "{told}");
    assert!(stays.contains("(7): three years (the data say: judgement)"), "{told}");
}

/// D16: every day after the first is begun in turn, so a slip in that one is asked about.
#[test]
fn a_first_day_far_back_is_begun_only_where_it_is_meant() {
    let network = Network::with_members();
    let told = network.refused(&["day", "--until=2018-11-24"]);
    assert!(told.contains("24 Nov 2018 is 2,") && told.contains("--first"), "{told}");
    let begun = network.program.json(&["day", "--until=2018-11-24", "--first", "--json"]);
    assert_eq!(begun["last"], "2018-11-24");
    let next = network.program.json(&["day", "--until=2018-11-26", "--json"]);
    assert_eq!(
        next["days"].as_array().unwrap().len(),
        2,
        "it is the first alone that is asked about"
    );
}

#[test]
fn the_roll_and_a_members_page_answer_programs_and_people() {
    let network = Network::with_members();
    let program = &network.program;
    let fees = program.json(&["fee", "show", "--json"]);
    assert_eq!((&fees[0]["fee_pence"], &fees[0]["replaced"]), (&160_000.into(), &false.into()));
    let roll = program.json(&["member", "list", "--json"]);
    let schools = roll["schools"].as_array().unwrap();
    assert_eq!(roll["counts"]["members"], schools.len());
    let urn = text(&schools[0]["urn"]);
    let page = program.json(&["member", "show", urn, "--json"]);
    assert_eq!((&page["urn"], &page["continuous_since"]), (&urn.into(), &"2015-04-01".into()));
    assert_eq!(page["terms"].as_array().unwrap().len(), 4);
    let connect = ["member", "connect", urn, "--area=leadership", "--json"];
    assert_eq!(program.json(&connect)["areas"][0], "leadership");
    let shown = program.run(&["member", "show", urn]);
    for word in ["member since 1 Apr 2015", "leadership", "What happens next", "SSAT"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    let listed = program.run(&["member", "list", "--sort=since", "--limit=3"]);
    assert!(listed.contains(&format!("3 of {} schools.", schools.len())), "{listed}");
    let told = network.refused(&["member", "carry-over", urn, "--to", urn, "--on=2019-01-01"]);
    assert!(told.contains("not on record as coming after"), "{told}");
    network.refused(&["member", "show", "999999"]);
    let faulty = program.folder().join("faulty.csv");
    std::fs::write(&faulty, "urn,from,until,reason,year\n12,soon,,,\n").unwrap();
    let told = network.refused(&["member", "import", faulty.to_str().unwrap(), "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let columns: Vec<&str> = told["error"]["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| text(&fault["column"]))
        .collect();
    assert_eq!(columns, ["urn", "from", "until"]);
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
