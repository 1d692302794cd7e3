//! The way of one school, told as stories.

use std::collections::BTreeSet;

use kernel::{Grade, LeadingEdgeYear};
use scenario::given;
use strum::VariantNames;

use super::{
    Acceptance, Advice, Command, Decision, Document, Event, Grading, How, Invitation, JoiningTerms,
    Membership, Offer, Profile, Role, Started, Verdict,
};
use crate::facts::Cover;
use crate::finding::{Outcome, find};
use crate::samples::{basis, day, release, school, score, source, urn};
use crate::{Refusal, SchoolFacts};

mod applying;
mod dating;
mod ending;
mod inviting;
mod joining;
mod laws;
mod marking;
mod past;
mod referring;
mod reminding;
mod renewing;
mod succeeding;

/// The year of these stories.
fn year() -> LeadingEdgeYear {
    "2019-20".parse().unwrap()
}

fn coming() -> LeadingEdgeYear {
    year().next()
}

fn invitation() -> Invitation {
    Invitation {
        year: year(),
        on: day("2019-03-01"),
        name: "Hill Top".into(),
        grade: Some(Grade::Good),
        progress8: Some(score("0.31")),
        release: Some(release("2017/18 final")),
        threshold: Some(2_700),
        reviewed_as_at: day("2019-02-28"),
        until: None,
    }
}

fn invited() -> Event {
    Event::SchoolInvited(invitation())
}

fn on_its_profile(facts: &SchoolFacts) -> How {
    How::OnItsProfile(Box::new(Profile {
        finding: find(&basis(), facts),
        criteria: "2018-19".parse().unwrap(),
        as_at: basis().as_at,
        release: basis().release,
    }))
}

/// Good, with results that decide against it.
fn below_criteria() -> How {
    on_its_profile(&school().graded(2).results([
        ("-0.31", "-0.50"),
        ("-0.31", "-0.50"),
        ("-0.31", "-0.50"),
    ]))
}

fn apply(how: How) -> Command {
    Command::Apply { year: year(), by: Role::Headteacher, how, on: day("2019-03-10") }
}

fn applied(how: How, advice: Advice) -> Event {
    let on = day("2019-03-10");
    Event::SchoolApplied { year: year(), by: Role::Headteacher, how, advice, on }
}

fn applied_by_invitation() -> [Event; 2] {
    [invited(), applied(How::ByInvitation, Advice::Eligible)]
}

fn covered() -> Cover {
    Cover::Covered {
        from: day("2018-09-01"),
        until: Some(day("2021-08-31")),
        via_trust: None,
        source: source("cover.csv", 2),
    }
}

fn acceptance() -> Acceptance {
    Acceptance {
        first_day: day("2019-04-01"),
        terms: JoiningTerms::FullPackage,
        missed: vec![],
        cover: covered(),
        on: day("2019-03-15"),
    }
}

fn accepted() -> Event {
    Event::ApplicationAccepted { year: year(), acceptance: acceptance() }
}

fn started() -> Event {
    started_on("2019-04-01")
}

fn started_on(on: &str) -> Event {
    Event::MembershipStarted(Started {
        year: year(),
        from: day("2019-04-01"),
        until: day("2020-03-31"),
        terms: JoiningTerms::FullPackage,
        missed: vec![],
        fee_pence: FEE,
        member_since: day("2019-04-01"),
        continuous_since: day("2019-04-01"),
        on: Some(day(on)),
    })
}

const FEE: u64 = 160_000;

/// A member of 2019-20, its first year.
fn member() -> Vec<Event> {
    applied_by_invitation().into_iter().chain([accepted(), started()]).collect()
}

fn then(mut history: Vec<Event>, more: impl IntoIterator<Item = Event>) -> Vec<Event> {
    history.extend(more);
    history
}

fn offer() -> Offer {
    Offer {
        outcome: Outcome::Renew,
        judgement: None,
        answer_by: Some(day("2020-03-01")),
        on: day("2020-02-01"),
    }
}

fn offered() -> Event {
    Event::RenewalOffered { year: coming(), offer: offer() }
}

fn said_yes() -> Event {
    Event::RenewalAccepted { year: coming(), by: Role::Headteacher, on: day("2020-02-15") }
}

fn renew() -> Command {
    renew_on("2020-02-20")
}

fn renew_on(on: &str) -> Command {
    Command::Renew { year: coming(), cover: covered(), fee_pence: FEE, on: day(on) }
}

fn renewed() -> Event {
    Event::MembershipRenewed {
        year: coming(),
        from: day("2020-04-01"),
        until: day("2021-03-31"),
        fee_pence: FEE,
        cover: covered(),
        on: day("2020-02-20"),
    }
}

fn grading(grade: u8, inspected: &str, published: &str) -> Grading {
    Grading {
        grade: Grade::try_from(grade).unwrap(),
        inspected_on: day(inspected),
        published_on: day(published),
        source: Some(source("Management_information.csv", 12)),
    }
}

fn marked(grading: Grading) -> Event {
    Event::MarkedNotEligibleToRenew { grading, counts_for: coming(), renewed_on: None }
}

fn document(letter: char) -> Document {
    Document {
        name: format!("results-{letter}.pdf"),
        media_type: "application/pdf".into(),
        bytes: 48_213,
        sha256: letter.to_string().repeat(64).parse().unwrap(),
    }
}

fn received(letter: char) -> Event {
    let on = day("2019-03-20");
    Event::EvidenceReceived { year: year(), documents: vec![document(letter)], on }
}

fn referred() -> Event {
    Event::ApplicationReferred {
        year: year(),
        question: "Is its case strong enough?".into(),
        why: "below the criteria".into(),
        meeting_on: day("2019-05-14"),
        on: day("2019-03-25"),
    }
}

fn decision(verdict: Verdict) -> Decision {
    Decision {
        verdict,
        reasons: "The sixth form's results are in the top quartile".into(),
        minute: "Minutes of 14 May 2019, item 3".into(),
        decided_by: BTreeSet::from([urn(100_010), urn(100_020)]),
        on: day("2019-05-14"),
    }
}

#[test]
fn every_shape_is_still_read() {
    let shapes = include_str!("../../events/membership.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}

/// The whole way, command by command: invited, a member for two years, gone by its own wish.
#[test]
fn a_school_goes_the_whole_way() {
    let mut history: Vec<Event> = vec![];
    for (command, follows) in [
        (Command::Invite(invitation()), invited()),
        (apply(How::ByInvitation), applied(How::ByInvitation, Advice::Eligible)),
        (Command::Accept(acceptance()), accepted()),
        (Command::Start { year: year(), fee_pence: FEE, on: day("2019-04-01") }, started()),
        (Command::OfferRenewal { year: coming(), offer: offer() }, offered()),
        (
            Command::AcceptRenewal { year: coming(), by: Role::Headteacher, on: day("2020-02-15") },
            said_yes(),
        ),
        (renew(), renewed()),
        (
            Command::DeclineRenewal { year: coming().next(), reason: None, on: day("2021-01-10") },
            Event::RenewalDeclined { year: coming().next(), reason: None, on: day("2021-01-10") },
        ),
        (
            Command::Lapse { year: coming(), cover: None, on: day("2021-04-01") },
            Event::MembershipLapsed {
                last_day: day("2021-03-31"),
                reason: super::LapseReason::Declined(None),
                on: day("2021-04-01"),
            },
        ),
    ] {
        given::<Membership>(history.clone()).when(command.clone()).then([follows.clone()]);
        history.push(follows);
        given::<Membership>(history.clone()).when(command).then([]);
    }
}

impl Membership {
    /// As a history leaves it.
    fn of(history: impl IntoIterator<Item = Event>) -> Self {
        history.into_iter().fold(Self::default(), |mut membership, event| {
            membership.take_down(event);
            membership
        })
    }
}
