//! What follows from what happened follows once, whatever is killed in between, and in order (R39).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use app::{Folder, Office, What, no_progress};
use chrono::NaiveTime;
use kernel::{CommandId, Grade, Outcome, Source, Urn};
use membership::Membership;
use membership::facts::Cover;
use membership::membership::{Acceptance, Command, How, Invitation, JoiningTerms, Offer, Role};
use national_data::File;
use schools::School;
use schools::school::{Command as SchoolCommand, Inspection, Predecessor, Succession};

use crate::journeys::chance::Chance;
use crate::journeys::tables::{assert_same_tables, tables};
use crate::journeys::world::day;
use crate::program::Program;

/// What an office does from there on: days over the turn of the year, and what could not be done for want of a fee.
const STEPS: [&[&str]; 4] = [
    &["day", "--until=2019-04-10", "--lapse"],
    &[
        "ask",
        "membership.fee",
        "2019-20",
        r#"{"Set":{"year":"2019-20","fee_pence":160000,"minute":"minute 3","on":"2019-04-10"}}"#,
    ],
    &["parked", "retry", "--all"],
    &["day", "--until=2019-04-20"],
];

/// R11: who lapses on a 1 April that is caught up is told before it begins.
#[test]
fn nobody_lapses_unawares_on_a_day_that_is_caught_up() {
    let begun = tempfile::tempdir().unwrap();
    an_office_in_march(begun.path());
    let year = Year::copy_of(begun.path());
    let refused = year.program.command(&["day", "--until=2019-04-10"]).output().unwrap();
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{told}");
    assert!(told.contains("lapse after 31 Mar 2019") && told.contains("--lapse"), "{told}");
    year.program.run(&["day", "--until=2019-03-31"]);
    year.program.run(&["day", "--until=2019-04-10"]);
}

#[test]
fn a_turn_of_the_year_killed_at_any_moment_ends_as_if_it_never_was() {
    let begun = tempfile::tempdir().unwrap();
    an_office_in_march(begun.path());
    let never_killed = Year::copy_of(begun.path());
    let recorded = STEPS.map(|step| {
        let before = never_killed.head();
        never_killed.program.run(step);
        never_killed.head() - before
    });
    let expected = never_killed.streams();
    never_killed.assert_the_year_turned();

    let rounds = std::env::var("LEDGE_ROUNDS").map_or(2, |rounds| rounds.parse().unwrap());
    let mut chance = Chance::of_this_run();
    let mut killed = 0;
    for round in 0..rounds {
        let year = Year::copy_of(begun.path());
        for (step, records) in STEPS.into_iter().zip(recorded) {
            // Asked again it is another wish: only what goes on from where it was is killed.
            let times = if step[0] == "ask" { 0 } else { 3 };
            let end = year.head() + records;
            for _ in 0..times {
                let left = end.saturating_sub(year.head());
                killed +=
                    usize::from(year.is_killed_at(step, year.head() + 1 + chance.below(left)));
                if round % 2 == 1 {
                    std::fs::remove_dir_all(year.program.folder().join("heads.sled")).unwrap();
                }
            }
            year.program.run(step);
        }
        for (stream, events) in year.streams() {
            assert_eq!(events, expected.get(&stream).cloned().unwrap_or_default(), "{stream}");
        }
        assert_eq!(year.head(), never_killed.head());
        assert_same_tables(
            &without_attempts(year.program.folder()),
            &without_attempts(never_killed.program.folder()),
        );
    }
    assert!(killed > 0, "every step had ended before it was killed");
}

/// Somebody who asks for something else is told at once what of it could not be done.
#[test]
fn what_somebody_does_that_leads_to_nothing_is_said_on_standard_error() {
    let begun = tempfile::tempdir().unwrap();
    an_office_in_march(begun.path());
    let year = Year::copy_of(begun.path());
    let accepts = r#"{"AcceptRenewal":{"year":"2019-20","by":"headteacher","on":"2019-03-02"}}"#;
    let school = member(5).to_string();
    let offers = r#"{"OfferRenewal":{"year":"2019-20","offer":{"outcome":"renew","judgement":null,"answer_by":null,"on":"2019-03-02"}}}"#;
    year.program.run(&["ask", "membership.membership", &school, offers]);
    let covers = format!(
        r#"{{"RecordCover":{{"from":"2018-04-01","until":null,"via_trust":null,"source":{}}}}}"#,
        serde_json::to_string(&source()).unwrap()
    );
    year.program.run(&["ask", "schools.school", &school, &covers]);
    let asked =
        year.program.command(&["ask", "membership.membership", &school, accepts]).output().unwrap();
    let said = String::from_utf8(asked.stderr).unwrap();
    assert!(asked.status.success(), "{said}");
    let parked =
        format!("ledge: parked: {school}, cover-agrees-renewal: no fee is set for 2019-20");
    assert!(said.contains(&parked), "{said}");
    let listed = year.program.json(&["parked", "--json"]);
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(|it| it["urn"].clone()).collect();
    assert!(listed.contains(&school.into()), "{listed:?}");
}

/// An office's folder, worked on by the program.
struct Year {
    program: Program,
}

type Streams = BTreeMap<String, Vec<String>>;

impl Year {
    #[track_caller]
    fn copy_of(folder: &Path) -> Self {
        let program = Program::on_an_empty_folder();
        copy(folder, program.folder());
        Self { program }
    }

    fn head(&self) -> u64 {
        Folder::at(self.program.folder()).reader().unwrap().head().unwrap()
    }

    /// Starts a step and kills it when the journal has come to `target`, unless it ended before.
    #[track_caller]
    fn is_killed_at(&self, step: &[&str], target: u64) -> bool {
        let mut command = self.program.command(step);
        let mut step = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while step.try_wait().unwrap().is_none() && self.head() < target {
            std::thread::yield_now();
        }
        step.kill().unwrap();
        !step.wait().unwrap().success()
    }

    /// What happened in each stream, in order; of what was parked only what became of it: where an event stands is another
    /// matter in every journal.
    #[track_caller]
    fn streams(&self) -> Streams {
        let mut streams = Streams::new();
        let mut entries = vec![];
        let reader = Folder::at(self.program.folder()).reader().unwrap();
        reader.read(0, usize::MAX >> 1, &mut entries).unwrap();
        for entry in entries {
            let said = if entry.stream.starts_with("routine.parked") {
                entry.event_type
            } else {
                format!(
                    "{} {} {} {}",
                    entry.event_type, entry.payload, entry.actor, entry.effective_on
                )
            };
            streams.entry(entry.stream).or_default().push(said);
        }
        streams
    }

    /// Or else the steps show nothing.
    #[track_caller]
    fn assert_the_year_turned(&self) {
        let counted = self.program.json(&[
            "sql",
            "--json",
            "--journal",
            "SELECT event_type, count(*) AS n FROM journal.events GROUP BY 1",
        ]);
        let counted: BTreeMap<&str, u64> = counted
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["event_type"].as_str().unwrap(), row["n"].as_u64().unwrap()))
            .collect();
        for (event, least) in [
            ("MembershipLapsed", 40),
            // The days are caught up years later, when nobody can answer any more.
            ("ReminderSkipped", 50),
            ("InvitationExpired", 20),
            ("MembershipRenewed", 20),
            ("MembershipStarted", 10),
            ("MembershipTakenOver", 10),
            ("MarkedNotEligibleToRenew", 10),
            ("ConnectionsOffered", 10),
            ("CoverEnding", 20),
            ("ReactionResumed", 30),
        ] {
            assert!(counted.get(event).is_some_and(|n| *n >= least), "{event}: {counted:#?}");
        }
        assert_eq!(self.program.json(&["parked", "--json"]), serde_json::json!([]));
    }
}

/// How often something was tried before it was killed is not the same.
#[track_caller]
fn without_attempts(folder: &Path) -> crate::journeys::tables::Tables {
    let mut tables = tables(folder);
    for table in ["parked", "timeline"] {
        tables.remove(table).unwrap();
    }
    tables
}

/// A hundred members until 31 March and forty invited schools, each with something to come.
#[track_caller]
fn an_office_in_march(folder: &Path) {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    let now = day("2019-03-02").and_time(noon).and_utc();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut office =
            Office::open(folder, Arc::new(move || now), "office", &no_progress).unwrap();
        for index in 0..100 {
            a_member(&office, index).await;
        }
        for index in 0..40 {
            an_invited_school(&office, index).await;
        }
        let cover = (0..100).map(|index| match index % 4 {
            0 => format!("{},2018-04-01,,\n", member(index)),
            2 => format!("{},2018-04-01,2019-03-20,\n", member(index)),
            _ => String::new(),
        });
        let applicants = (0..40).filter(|index| is_applicant(*index));
        let applicants = applicants.map(|index| format!("{},2018-04-01,,\n", invited(index)));
        let lines: String = cover.chain(applicants).collect();
        let list = format!("urn,from,until,via_trust\n{lines}");
        let file = File::from_bytes("ssat-cover.csv".to_owned(), list.into_bytes());
        office.import(&file, What::Cover, None, &no_progress).await.unwrap();
        office.begin_days(None, &no_progress).await.unwrap();
        office.close().await.unwrap();
    });
}

async fn a_member(office: &Office, index: u32) {
    let urn = member(index);
    let running =
        Command::RecordRunning { from: day("2015-04-01"), year: "2018-19".parse().unwrap() };
    ask(office, urn, running).await;
    let year = "2019-20".parse().unwrap();
    let on = office.today();
    let offer = |answer_by: Option<&str>| Command::OfferRenewal {
        year,
        offer: Offer {
            outcome: membership::Outcome::Renew,
            judgement: None,
            answer_by: answer_by.map(day),
            on,
        },
    };
    match index % 8 {
        0 | 4 => {
            ask(office, urn, offer(None)).await;
            ask(office, urn, Command::AcceptRenewal { year, by: Role::Headteacher, on }).await;
        }
        1 | 5 => ask(office, urn, offer(Some("2019-03-30"))).await,
        3 => {
            let predecessor = Predecessor {
                urn,
                succession: Succession::Converted,
                established_on: Some(day("2019-03-25")),
                source: source(),
            };
            let school = (400_000 + index).to_string().parse().unwrap();
            let predecessors = vec![predecessor];
            let came_after = SchoolCommand::RecordPredecessors { school, predecessors };
            ask_school(office, school, came_after).await;
        }
        7 => {
            let inspection = Inspection {
                inspected_on: day("2019-02-20"),
                published_on: Some(day("2019-03-28")),
                outcome: Outcome::Overall(Grade::RequiresImprovement),
                also_printed: None,
                source: source(),
            };
            ask_school(office, urn, SchoolCommand::RecordInspections(vec![inspection])).await;
        }
        _ => {}
    }
}

async fn an_invited_school(office: &Office, index: u32) {
    let urn = invited(index);
    let (year, on) = ("2019-20".parse().unwrap(), office.today());
    let invitation = Invitation {
        year,
        on,
        name: format!("School {index}"),
        grade: Some(Grade::Outstanding),
        progress8: None,
        release: None,
        threshold: None,
        reviewed_as_at: on,
        until: Some(day("2019-04-05")),
    };
    ask(office, urn, Command::Invite(invitation)).await;
    if is_applicant(index) {
        let by = Role::Headteacher;
        ask(office, urn, Command::Apply { year, by, how: How::ByInvitation, on }).await;
        let from = day("2018-04-01");
        let acceptance = Acceptance {
            first_day: year.first_day(),
            terms: JoiningTerms::FullPackage,
            missed: vec![],
            cover: Cover::Covered { from, until: None, via_trust: None, source: source() },
            on,
        };
        ask(office, urn, Command::Accept(acceptance)).await;
    }
}

async fn ask(office: &Office, urn: Urn, command: Command) {
    let asked = office.asked(CommandId::mint());
    office.ask::<Membership>(&urn.to_string(), command, asked).await.unwrap();
}

async fn ask_school(office: &Office, urn: Urn, command: SchoolCommand) {
    let asked = office.asked(CommandId::mint());
    office.ask::<School>(&urn.to_string(), command, asked).await.unwrap();
}

fn member(index: u32) -> Urn {
    (200_000 + index).to_string().parse().unwrap()
}

fn invited(index: u32) -> Urn {
    (300_000 + index).to_string().parse().unwrap()
}

/// Of the invited schools.
fn is_applicant(index: u32) -> bool {
    index.is_multiple_of(4)
}

fn source() -> Source {
    Source { file: "by-hand.csv".to_owned(), sha256: "0123456789ab".to_owned(), line: 2 }
}

/// Of a folder that is not open; the read models are made anew.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("read-models") {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
