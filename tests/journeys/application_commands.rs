//! Applications on the command line: every step answers people and programs, and the pack is a page.

use std::fs;
use std::path::Path;

use kernel::LeadingEdgeYear;
use serde_json::Value;

use crate::journeys::on_record::a_nation_on_record;
use crate::program::{Program, said};

const REFUSED: i32 = 3;
const FAULTY: i32 = 4;

/// A sample nation, where somebody is a member and somebody applies on its profile.
struct Office {
    program: Program,
    year: String,
    applicant: String,
    members: Vec<String>,
}

impl Office {
    #[track_caller]
    fn new() -> Self {
        let program = a_nation_on_record(60);
        let today = app::clock::day_of((app::clock::wall())());
        let year = LeadingEdgeYear::containing(today).to_string();
        let of = |sql: &str| -> Vec<String> {
            let rows = program.json(&["sql", sql, "--json"]);
            let rows = rows.as_array().unwrap().iter();
            rows.map(|row| row["urn"].as_i64().unwrap().to_string()).collect()
        };
        let members = of("SELECT urn FROM invitations LIMIT 3");
        let running = format!(r#"{{"RecordRunning":{{"from":"2015-04-01","year":"{year}"}}}}"#);
        for urn in &members {
            program.run(&["ask", "membership.membership", urn, &running]);
        }
        let applicant = of(
            "SELECT f.urn FROM review_findings f JOIN schools s USING (urn)
             WHERE f.year = '2019-20' AND f.outcome = 'not_eligible' AND s.status = 'open' LIMIT 1",
        );
        let [applicant] = <[String; 1]>::try_from(applicant).unwrap();
        Self { program, year, applicant, members }
    }

    /// A step of the application, for programs.
    #[track_caller]
    fn step(&self, step: &str, arguments: &[&str]) -> Value {
        let words = ["application", step, self.applicant.as_str()];
        self.program.json(&[&words[..], arguments, &["--json"]].concat())
    }

    fn paper(&self, name: &str) -> String {
        let path = self.program.folder().join(name);
        fs::write(&path, name).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn an_application_is_led_to_its_decision_and_every_step_answers_programs() {
    let office = Office::new();
    let (program, year) = (&office.program, office.year.as_str());
    let today = app::clock::day_of((app::clock::wall())()).to_string();
    for noted in ["new", "already"] {
        let applied = office.step("apply", &["--year", year, "--by", "senior-leader"]);
        assert_eq!((text(&applied["noted"]), text(&applied["advice"])), (noted, "refer"));
    }
    let asked = office.step("ask", &["--what", "results by subject", "--due", "2100-01-31"]);
    assert_eq!((text(&asked["stage"]), text(&asked["next"]["who"])), ("evidence_asked", "school"));
    let (one, two) = (office.paper("results <b>of 2018.pdf"), office.paper("subjects.csv"));
    let received = office.step("receive", &[&one, &two, &one]);
    assert_eq!(
        (received["received"].as_array().unwrap().len(), &received["already"]),
        (2, &1.into())
    );
    let hash = text(&received["received"][1]["sha256"]).to_owned();

    let refer = ["--question", "Is it <strong>?", "--why", "a case", "--meeting", &today];
    assert_eq!(office.step("refer", &refer)["stage"], "referred");
    let interest = office.step("interest", &["--school", &office.members[0]]);
    assert_eq!(interest["interests"][0]["school"]["urn"], office.members[0].as_str());
    let page = program.folder().join("pack.html");
    let out = ["--out", page.to_str().unwrap()];
    assert_eq!(office.step("pack", &out)["schools"], 1);
    assert_a_page(&page, &["Is it &#60;strong&#62;?", "results &#60;b&#62;of 2018.pdf"]);
    let meeting = program.json(&["application", "pack", "--meeting", &today, "--json"]);
    assert_eq!(meeting[0]["school"]["urn"], office.applicant.as_str());

    let by = format!("{},{}", office.members[1], office.members[2]);
    let decide = ["--verdict=accepted", "--reasons=strong", "--minute=item 3", "--by", &by];
    let decided = office.step("decide", &decide);
    assert_eq!(
        (text(&decided["stage"]), text(&decided["decision"]["minute"])),
        ("prepared", "item 3")
    );
    let shown = office.step("show", &[]);
    assert_eq!(shown["documents"][1]["sha256"], hash.as_str());
    let ways = office.step("accept", &["--preview"]);
    assert!(ways["ways"].as_array().unwrap().len() >= 2);
    let copy = program.folder().join("copy.csv");
    let handed = office.step("document", &[&hash[..12], "--out", copy.to_str().unwrap()]);
    assert_eq!(handed["document"]["name"], "subjects.csv");
    assert_eq!(fs::read_to_string(&copy).unwrap(), "subjects.csv");

    let listed = program.json(&["application", "list", "--stage", "prepared", "--json"]);
    assert_eq!(listed[0]["urn"], office.applicant.as_str());
    assert_eq!(
        program.json(&["invitation", "list", "--year=2019-20", "--declined", "--json"]),
        Value::Array(vec![])
    );
    assert_eq!(office.step("withdraw", &["--reason", "other plans"])["stage"], "withdrawn");
    for words in [&["show"][..], &["pack"]] {
        let told = program.run(&[&["application"], words, &[&office.applicant]].concat());
        assert!(told.contains("Is it <strong>?"), "{told}");
    }
}

#[test]
fn a_pack_replaces_no_file_unasked_and_the_offices_own_never() {
    let office = Office::new();
    office.step("apply", &["--year", &office.year]);
    let refused = |out: &Path, more: &[&str], why: &str| {
        let out = out.to_str().unwrap();
        let words = ["application", "pack", office.applicant.as_str(), "--out", out];
        let output = office.program.command(&[&words[..], more].concat()).output().unwrap();
        let told = said(&output);
        assert_eq!(output.status.code(), Some(REFUSED), "{told}");
        assert!(told.contains(why), "{told}");
    };
    let journal = office.program.folder().join("journal.sqlite");
    refused(&journal, &[], "is there already; name another file, or say --force");
    refused(&journal, &["--force"], "lies among the office's own files");
    assert!(fs::read(&journal).unwrap().starts_with(b"SQLite format 3\0"));
    office.program.run(&["verify"]);

    let elsewhere = tempfile::tempdir().unwrap();
    let [page, theirs] =
        ["page.html", "page.html.unfinished"].map(|name| elsewhere.path().join(name));
    for file in [&page, &theirs] {
        fs::write(file, "a report").unwrap();
    }
    refused(&page, &[], "is there already");
    assert_eq!(fs::read_to_string(&page).unwrap(), "a report");
    office.step("pack", &["--out", page.to_str().unwrap(), "--force"]);
    assert!(fs::read_to_string(&page).unwrap().starts_with("<!"));
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "a report", "it is nobody's to write over");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&page).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it may name people");
    }
}

#[test]
fn what_may_not_be_is_refused_with_the_school_and_the_reason() {
    let office = Office::new();
    let (applicant, year) = (office.applicant.as_str(), office.year.as_str());
    let member = office.members[0].as_str();
    office.step("apply", &["--year", year]);
    for (arguments, why) in [
        (&["apply", member, "--year", year][..], "a member renews and does not apply"),
        (&["apply", "999999", "--year", year], "999999 is not a school on record"),
        (&["accept", applicant], "not accepted: whether it is eligible is not shown"),
        (&["receive", applicant, "not-there.pdf"], "cannot read `not-there.pdf`"),
        (&["show", member], "it has no application"),
        (&["pack", "--meeting", "2030-01-01"], "nothing is before the steering group's meeting"),
        (&["ask", applicant, "--what=it", "--due=2018-01-01"], "an answer cannot be due"),
        (&["withdraw", applicant, "--on=2100-01-01"], "has not come yet"),
    ] {
        let words = [&["application"], arguments].concat();
        let output = office.program.command(&words).output().unwrap();
        assert_eq!(output.status.code(), Some(REFUSED), "{}", said(&output));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(why), "{arguments:?}: {told}");
    }
    let terms = ["application", "accept", applicant, "--fee=80000"];
    assert_eq!(office.program.command(&terms).output().unwrap().status.code(), Some(2));
}

#[test]
fn verify_names_a_document_that_is_gone() {
    let office = Office::new();
    office.step("apply", &["--year", &office.year]);
    let received = office.step("receive", &[&office.paper("results.pdf")]);
    let hash = text(&received["received"][0]["sha256"]).to_owned();
    let verified = office.program.json(&["verify", "--json"]);
    assert_eq!(verified["documents"]["named"], 1);
    fs::remove_file(office.program.folder().join("documents").join(&hash)).unwrap();
    let output = office.program.command(&["verify"]).output().unwrap();
    assert_eq!(output.status.code(), Some(FAULTY), "{}", said(&output));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains(&format!("FAULT: document {hash} (results.pdf) is missing")), "{told}");
}

/// One file that needs nothing else, escapes what people wrote, and says in words what it draws.
#[track_caller]
fn assert_a_page(path: &Path, escaped: &[&str]) {
    let html = fs::read_to_string(path).unwrap();
    for never in ["<script", "<b>of", "http://", "https://", " src=", "@import"] {
        assert!(!html.contains(never), "{never}");
    }
    for always in ["<html lang=\"en-GB\">", "<main>", "<desc", "scope=\"col\"", "@media print"] {
        assert!(html.contains(always), "{always}");
    }
    for text in escaped {
        assert!(html.contains(text), "{text}");
    }
    assert_eq!(html.matches("<article").count(), 1);
}
