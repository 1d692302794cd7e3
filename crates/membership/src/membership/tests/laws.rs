//! What holds after any history of commands.

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::membership::{
    Carried, Departure, EndReason, Left, Renewal, Standing, Step, Term, WhyRefused,
};

/// Days at which something turns, over four years.
const DAYS: [&str; 16] = [
    "2018-03-20",
    "2018-04-01",
    "2018-09-01",
    "2019-01-14",
    "2019-02-01",
    "2019-03-31",
    "2019-04-01",
    "2019-07-19",
    "2019-09-01",
    "2020-02-01",
    "2020-02-20",
    "2020-03-31",
    "2020-04-01",
    "2021-02-01",
    "2021-03-31",
    "2021-04-01",
];

/// One wish of each kind, on a day; `turn` chooses among its forms.
#[derive(Clone, Copy, Debug)]
struct Wish {
    kind: u8,
    on: NaiveDate,
    turn: u8,
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (0..KINDS, 0..DAYS.len(), 0..4_u8).prop_map(|(kind, at, turn)| Wish {
        kind,
        on: day(DAYS[at]),
        turn,
    });
    // Mostly in the order of the days, as in an office; and sometimes not.
    (vec(wish, 0..120), prop::bool::weighted(0.8)).prop_map(|(mut wishes, in_order)| {
        if in_order {
            wishes.sort_by_key(|wish| wish.on);
        }
        wishes
    })
}

const KINDS: u8 = 37;

impl Wish {
    fn command(self) -> Command {
        let Self { kind, on, turn } = self;
        let this = LeadingEdgeYear::containing(on);
        let year = if turn % 2 == 0 { this } else { this.next() };
        let reason = (turn > 1).then(|| "a reason".to_owned());
        let graded = |grade| Grading {
            grade: Grade::try_from(grade).unwrap(),
            inspected_on: on,
            published_on: on,
            source: None,
        };
        match kind {
            0 => Command::Invite(Invitation {
                year,
                on,
                until: (turn > 1).then_some(on),
                ..invitation()
            }),
            1 => Command::DeclineInvitation { year, reason, on },
            2 => Command::ExpireInvitation { year, on },
            3 | 33 => Command::Apply { year, by: Role::Headteacher, how: how(turn), on },
            4 => Command::Withdraw { reason, on },
            5 => Command::RequestEvidence { what: "results".into(), due: on, on },
            6 => Command::ReceiveEvidence {
                documents: vec![document(if turn % 2 == 0 { 'a' } else { 'b' })],
                on,
            },
            7 => Command::Refer {
                question: "strong enough?".into(),
                why: "below".into(),
                meeting_on: on,
                on,
            },
            8 => Command::Defer { to: on, why: "more is wanted".into(), on },
            9 => Command::DeclareInterest { school: urn(100_010), on },
            10 => Command::DecideReferral(Decision {
                verdict: if turn == 0 { Verdict::Declined } else { Verdict::Accepted },
                decided_by: BTreeSet::from([urn(if turn > 2 { 100_010 } else { 100_020 })]),
                on,
                ..decision(Verdict::Accepted)
            }),
            11 | 34 => Command::Accept(Acceptance {
                first_day: if turn == 0 { on } else { year.first_day() },
                terms: if turn == 3 {
                    JoiningTerms::FromNextApril
                } else {
                    JoiningTerms::FullPackage
                },
                missed: vec![],
                cover: cover(turn),
                on,
            }),
            12 => Command::DeclineApplication { reasons: "below".into(), on },
            13 | 35 => Command::Start { year, fee_pence: FEE, on },
            14 => Command::MarkNotEligible(graded(3 + turn % 2)),
            15 => Command::LiftMark(graded(1 + turn % 2)),
            16 => Command::OfferConnections { areas: BTreeSet::from(["behaviour".into()]), on },
            17 | 18 => Command::OfferRenewal {
                year: this.next(),
                offer: Offer { answer_by: (turn > 1).then_some(on), on, ..offer() },
            },
            19 => Command::AcceptRenewal { year: this.next(), by: Role::Governors, on },
            20 | 21 => Command::Renew { year: this.next(), cover: cover(turn), fee_pence: FEE, on },
            22 => Command::RefuseRenewal {
                year: this.next(),
                why: if turn == 0 { WhyRefused::Marked } else { WhyRefused::NoCover },
                on,
            },
            23 => Command::DeclineRenewal { year: this.next(), reason, on },
            24 => Command::TakeBackDecline { year: this.next(), reason: "after all".into(), on },
            25 => Command::Lapse { year: this.previous(), cover: None, on },
            26 if turn == 0 => Command::End { reason: EndReason::Closed, on },
            27 if turn == 0 => Command::CarryOver { to: urn(140_003), on },
            28 if turn == 0 => Command::TakeOver { from: urn(100_003), carried: carried(this), on },
            29 => Command::RecordPast {
                from: this.previous().first_day(),
                last_day: this.previous().last_day(),
                reason: "left".into(),
            },
            30 => Command::RecordRunning { from: on, year: this },
            31 => Command::WarnOfCover { ends_on: on, on },
            36 => Command::ExtendInvitation {
                year,
                until: on + chrono::Days::new(20),
                reason: "asked for".into(),
                on,
            },
            _ => Command::Remind { step: Step::Evidence, due: on, on },
        }
    }
}

fn how(turn: u8) -> How {
    match turn {
        0 => How::ByInvitation,
        1 => below_criteria(),
        _ => on_its_profile(&school().graded(1)),
    }
}

fn cover(turn: u8) -> Cover {
    if turn == 1 {
        return Cover::None;
    }
    Cover::Covered {
        from: day("2018-01-01"),
        until: None,
        via_trust: None,
        source: source("cover.csv", 2),
    }
}

fn carried(year: LeadingEdgeYear) -> Carried {
    Carried {
        year,
        from: year.first_day(),
        until: year.last_day(),
        renewed_on: None,
        member_since: day("2010-04-01"),
        continuous_since: day("2012-04-01"),
        mark: None,
        renewal: Renewal::NotOffered,
    }
}

fn term(membership: &Membership) -> Option<Term> {
    match &membership.standing {
        Standing::Member(member) => Some(member.term),
        Standing::Outside | Standing::Left(_) => None,
    }
}

/// What is so at any moment, whatever was asked.
fn is_consistent(membership: &Membership) -> Result<(), TestCaseError> {
    let mut periods: Vec<_> =
        membership.history.periods.iter().map(|(from, last)| (*from, *last)).collect();
    if let Standing::Member(member) = &membership.standing {
        let Term { year, from, until, .. } = member.term;
        prop_assert_eq!(until, year.last_day(), "a term ends on 31 March (R11)");
        prop_assert!(year.first_day() <= from && from <= until && member.from <= from);
        periods.push((member.from, until));
        let since = membership.history.continuous_since(member.from);
        prop_assert!(membership.history.member_since(member.from) <= since);
        prop_assert!(since <= member.from);
    }
    if membership.history.taken_over.is_empty() {
        periods.sort();
        for pair in periods.windows(2) {
            prop_assert!(pair[0].1 < pair[1].0, "one membership at a time: {:?}", pair);
        }
    }
    Ok(())
}

/// A term once agreed is never shortened but by the school's own end (R15, D12).
fn was_not_shortened(before: Option<Term>, after: &Membership) -> Result<(), TestCaseError> {
    let Some(before) = before else { return Ok(()) };
    match &after.standing {
        Standing::Outside => prop_assert!(false, "a member does not become a stranger"),
        Standing::Member(member) => prop_assert!(member.term.until >= before.until),
        Standing::Left(Left { last_day, why: Departure::Lapsed(_), .. }) => {
            prop_assert_eq!(*last_day, before.until);
        }
        Standing::Left(Left { last_day, why, .. }) => {
            prop_assert!(*last_day <= before.until);
            prop_assert!(matches!(why, Departure::Ended(_) | Departure::CarriedOver(_)));
        }
    }
    Ok(())
}

/// Nobody joins or stays without cover (R7, D10), nor stays with a mark that counts (R14).
fn is_deserved(before: &Membership, event: &Event) -> Result<(), TestCaseError> {
    if let Event::ApplicationAccepted { acceptance, .. } = event {
        prop_assert_eq!(acceptance.cover.covers(acceptance.first_day), Ok(()));
    }
    if let Event::MembershipRenewed { year, cover, .. } = event {
        prop_assert_eq!(cover.covers(year.first_day()), Ok(()));
        let Standing::Member(member) = &before.standing else {
            return Err(TestCaseError::fail("only a member renews"));
        };
        prop_assert_eq!(member.mark_for(*year), None);
        prop_assert!(matches!(member.renewal, Renewal::Accepted(_)), "the school said yes");
        prop_assert_eq!(*year, member.term.year.next());
    }
    Ok(())
}

/// Nothing that is done about an application is dated before it.
fn follows_its_application(before: &Membership, event: &Event) -> Result<(), TestCaseError> {
    let Some(application) = &before.application else { return Ok(()) };
    let about = matches!(
        event,
        Event::ApplicationWithdrawn { .. }
            | Event::EvidenceRequested { .. }
            | Event::EvidenceReceived { .. }
            | Event::ApplicationReferred { .. }
            | Event::ReferralDeferred { .. }
            | Event::InterestDeclared { .. }
            | Event::ReferralDecided { .. }
            | Event::ApplicationAccepted { .. }
            | Event::ApplicationDeclined { .. }
    );
    prop_assert!(!about || kernel::Dated::effective_on(event) >= Some(application.on));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_history_of_commands_keeps_the_invariants(wishes in wishes()) {
        let mut membership = Membership::default();
        let mut happened = vec![];
        for wish in wishes {
            let command = wish.command();
            let before = term(&membership);
            let Ok(events) = membership.decide(command.clone()) else { continue };
            for event in events {
                is_deserved(&membership, &event)?;
                follows_its_application(&membership, &event)?;
                membership.apply(event.clone());
                happened.push(event);
            }
            is_consistent(&membership)?;
            was_not_shortened(before, &membership)?;
            prop_assert_eq!(membership.decide(command), Ok(vec![]), "asking twice changes nothing");
        }
        let read: Vec<Event> = happened
            .iter()
            .map(|event| serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap())
            .collect();
        prop_assert_eq!(&Membership::of(read), &membership, "a replay gives the same");
        let snapshot = serde_json::to_string(&membership).unwrap();
        prop_assert_eq!(serde_json::from_str::<Membership>(&snapshot).unwrap(), membership);
    }
}

/// The law above says nothing where nothing happens: from these wishes every kind of event follows somewhere.
#[test]
fn the_wishes_lead_everywhere() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..600 {
        let mut membership = Membership::default();
        for wish in wishes().new_tree(&mut runner).unwrap().current() {
            for event in membership.decide(wish.command()).unwrap_or_default() {
                seen.insert(<&str>::from(&event));
                membership.apply(event);
            }
        }
    }
    let missing: Vec<_> = Event::VARIANTS.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}");
}
