//! Policies told of schools: what they ask, and that it is never refused.

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Urn};
use membership::finding::Outcome;
use membership::membership::{
    Acceptance, Command, Event as Membership, Grading, Invitation, JoiningTerms, Offer, Role,
};

use crate::tests::school::{FEE, School};
use crate::{Occasion, POLICIES, Successor};

mod answering;
mod billing;
mod ending;
mod grades;
mod joining;
mod laws;
mod nation;
mod school;
mod staying;

const SCHOOL: u32 = 100_003;
const SUCCESSOR: u32 = 140_003;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year(text: &str) -> LeadingEdgeYear {
    text.parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn grading(grade: u8, inspected: &str, published: &str) -> Grading {
    Grading {
        grade: Grade::try_from(grade).unwrap(),
        inspected_on: day(inspected),
        published_on: day(published),
        source: None,
    }
}

fn invitation(answer_by: Option<&str>) -> Command {
    Command::Invite(Invitation { until: answer_by.map(day), ..reviewed() })
}

/// What an invitation rests on.
fn reviewed() -> Invitation {
    Invitation {
        year: year("2019-20"),
        on: day("2019-03-01"),
        name: "Hill Top".into(),
        grade: Some(Grade::Good),
        progress8: None,
        release: None,
        threshold: None,
        reviewed_as_at: day("2019-02-28"),
        until: None,
    }
}

/// As in an application that was once recorded: below the criteria.
fn on_its_profile(on: NaiveDate) -> Command {
    let shapes = include_str!("../../membership/events/membership.jsonl");
    let line = shapes.lines().find(|line| line.contains(r#""advice":"refer""#)).unwrap();
    let Membership::SchoolApplied { how, .. } = serde_json::from_str(line).unwrap() else {
        panic!("not an application: {line}");
    };
    Command::Apply { year: LeadingEdgeYear::containing(on), by: Role::Trust, how, on }
}

/// Invited for 2019-20, applied, and accepted from a day.
fn accepted(first_day: &str, on: &str) -> School {
    applied().accepted_from(first_day, on)
}

/// Invited for 2019-20, and applied.
fn applied() -> School {
    School::new(SCHOOL).covered("2018-09-01", None).having(invitation(None)).having(
        Command::Apply {
            year: year("2019-20"),
            by: Role::Headteacher,
            how: membership::membership::How::ByInvitation,
            on: day("2019-03-10"),
        },
    )
}

/// A member since 1 April 2005, of whom the network has been told to the end of 2019-20.
fn member() -> School {
    School::new(SCHOOL)
        .having(Command::RecordRunning { from: day("2005-04-01"), year: year("2019-20") })
}

/// One that was offered 2020-21, and wants it.
fn staying() -> School {
    offered(Some("2020-03-01")).having(Command::AcceptRenewal {
        year: year("2020-21"),
        by: Role::Governors,
        on: day("2020-02-10"),
    })
}

fn offered(answer_by: Option<&str>) -> School {
    let offer = Offer {
        outcome: Outcome::Renew,
        judgement: None,
        answer_by: answer_by.map(day),
        on: day("2020-02-01"),
    };
    member().having(Command::OfferRenewal { year: year("2020-21"), offer })
}

#[test]
fn no_two_policies_ask_under_one_name() {
    let mut names: Vec<_> = POLICIES.iter().map(|policy| policy.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), POLICIES.len());
}

/// Names go into the ids of what was asked: another name would ask all of it again.
#[test]
fn a_policy_is_named_as_its_file() {
    for policy in POLICIES {
        let file = format!("src/{}.rs", policy.name.replace('-', "_"));
        let place = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
        assert!(place.exists(), "there is no {file}");
    }
}
