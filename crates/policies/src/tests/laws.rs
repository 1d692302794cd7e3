//! What holds whatever happens, and in whatever order the policies are told of it.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use kernel::{Source, Urn};
use membership::membership::{Document, EndReason, How, WhyRefused};
use proptest::collection::vec;
use proptest::prelude::*;
use schools::school::Succession;

use super::nation::{Act, Manner, Nation};
use super::school::cover_term;
use super::{
    Acceptance, Command, Grade, Grading, Invitation, JoiningTerms, LeadingEdgeYear, Membership,
    Offer, Outcome, Role, day, on_its_profile, reviewed, urn,
};
use crate::Registered;

/// Two schools that may become one, that one, and another that may come of a split.
const SCHOOLS: [u32; 4] = [100_003, 100_004, 140_003, 140_004];
const FIRST_DAY: &str = "2019-01-02";
const DAYS: u64 = 830;

/// `turn` chooses among the forms of a kind.
#[derive(Clone, Copy, Debug)]
struct Wish {
    after: u64,
    school: usize,
    kind: u8,
    turn: u8,
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (0..DAYS, 0..SCHOOLS.len(), 0..KINDS, 0..4_u8)
        .prop_map(|(after, school, kind, turn)| Wish { after, school, kind, turn });
    // Whoever becomes a member is asked for most.
    let early = (0..120_u64, 0..SCHOOLS.len(), prop::sample::select(vec![0_u8, 1, 6, 20]), 0..4_u8)
        .prop_map(|(after, school, kind, turn)| Wish { after, school, kind, turn });
    (vec(early, 0..12), vec(wish, 0..90)).prop_map(|(early, later)| {
        let mut wishes = [early, later].concat();
        wishes.sort_by_key(|wish| wish.after);
        wishes
    })
}

const KINDS: u8 = 30;

impl Wish {
    fn urn(self) -> Urn {
        urn(SCHOOLS[self.school])
    }

    /// Accepted is only who applied, and by invitation only who was invited.
    fn acts(self) -> Vec<Act> {
        let first = match self.kind {
            3 | 4 => vec![2, self.kind],
            6 | 7 => vec![2, 3, self.kind],
            kind => vec![kind],
        };
        first.into_iter().map(|kind| Self { kind, ..self }.act()).collect()
    }

    fn act(self) -> Act {
        let Self { after, kind, turn, .. } = self;
        let on = on(after);
        let later = |days| on + Days::new(days);
        let this = LeadingEdgeYear::containing(on);
        let coming = this.next();
        let asked = match kind {
            0 | 1 => Command::RecordRunning { from: on - Days::new(900), year: this },
            2 => Command::Invite(Invitation {
                year: if turn % 2 == 0 { this } else { coming },
                on,
                until: (turn > 0).then(|| later(30)),
                ..reviewed()
            }),
            3 | 4 => Command::Apply {
                year: if turn % 2 == 0 { this } else { coming },
                by: Role::Governors,
                how: How::ByInvitation,
                on,
            },
            5 => on_its_profile(on),
            6 | 7 => Command::Accept(Acceptance {
                first_day: if turn % 2 == 0 { on } else { coming.first_day() },
                terms: JoiningTerms::FullPackage,
                missed: vec![],
                cover: membership::facts::Cover::Covered {
                    from: day("2018-09-01"),
                    until: None,
                    via_trust: None,
                    source: source(),
                },
                on,
            }),
            8 | 9 => Command::OfferRenewal {
                year: coming,
                offer: Offer {
                    outcome: Outcome::Renew,
                    judgement: None,
                    answer_by: (turn > 0).then(|| later(25)),
                    on,
                },
            },
            10 | 11 => Command::AcceptRenewal { year: coming, by: Role::Governors, on },
            12 => Command::DeclineRenewal { year: coming, reason: None, on },
            13 => Command::TakeBackDecline { year: coming, reason: "after all".into(), on },
            14 => Command::RefuseRenewal { year: coming, why: WhyRefused::NotEligible, on },
            15 => Command::RequestEvidence { what: "results".into(), due: later(10), on },
            16 => Command::ReceiveEvidence { documents: vec![document(turn)], on },
            17 => Command::Withdraw { reason: None, on },
            18 => Command::RecordPast {
                from: this.previous().first_day(),
                last_day: if turn > 2 { later(90) } else { on - Days::new(u64::from(turn) * 40) },
                reason: "left".into(),
            },
            19 if turn == 0 => Command::End { reason: EndReason::Closed, on },
            20 | 21 => {
                return Act::Covered(cover_term(
                    on - Days::new(u64::from(turn) * 100),
                    (turn > 1).then(|| later(u64::from(turn) * 60)),
                ));
            }
            22..=24 => {
                return Act::Inspected(Grading {
                    grade: Grade::try_from(1 + turn).unwrap(),
                    inspected_on: on - Days::new(20),
                    published_on: if after % 2 == 0 { on } else { later(5) },
                    source: None,
                });
            }
            25 => return Act::NotInspected,
            26 => {
                return Act::Registered(match turn {
                    0 => Registered::Open,
                    1 => Registered::Closed(None),
                    2 => Registered::Closed(Some(on - Days::new(30))),
                    _ => Registered::Closed(Some(later(10))),
                });
            }
            _ => {
                let (by, succession) = match kind {
                    27 => (SCHOOLS[2], Succession::Converted),
                    28 => (SCHOOLS[2], Succession::Amalgamated),
                    _ => (SCHOOLS[3], Succession::Split),
                };
                let from = (turn > 0).then(|| on + Days::new(20) - Days::new(u64::from(turn) * 15));
                return Act::Succeeded { by: urn(by), succession, from };
            }
        };
        Act::Asked(Box::new(asked))
    }
}

fn on(after: u64) -> NaiveDate {
    day(FIRST_DAY) + Days::new(after)
}

fn source() -> Source {
    Source { file: "cover.csv".into(), sha256: "0123456789ab".into(), line: 2 }
}

fn document(turn: u8) -> Document {
    Document {
        name: "results.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: 48_213,
        sha256: turn.to_string().repeat(64).parse().unwrap(),
    }
}

/// Every day begins, and the wishes come in the course of theirs.
fn lived(wishes: &[Wish], manner: Manner) -> Nation {
    let mut nation = Nation::of(&SCHOOLS, manner);
    for after in 0..=DAYS {
        nation.begin(on(after));
        for wish in wishes.iter().filter(|wish| wish.after == after) {
            for act in wish.acts() {
                nation.act(wish.urn(), act, on(after));
            }
        }
    }
    nation
}

const IN_ORDER: Manner = Manner { last_first: false, times: 1 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nothing asked is refused and it always ends (both are checked where the policies are told); told twice, last first,
    /// or all of it once more, it comes to the same.
    #[test]
    fn however_they_are_told_the_policies_come_to_the_same(wishes in wishes()) {
        let mut nation = lived(&wishes, IN_ORDER);
        for manner in [Manner { times: 2, ..IN_ORDER }, Manner { last_first: true, ..IN_ORDER }] {
            let otherwise = lived(&wishes, manner);
            prop_assert_eq!(otherwise.memberships(), nation.memberships());
            prop_assert_eq!(otherwise.billed(), nation.billed());
        }
        let before = nation.happened();
        nation.tell_all_again(on(DAYS));
        prop_assert_eq!(nation.happened(), before, "told again, nothing follows");
    }
}

/// The law above says nothing where nothing happens: everything that policies ask for follows somewhere.
#[test]
fn the_wishes_lead_to_all_that_policies_ask_for() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut could_not = 0;
    for _ in 0..150 {
        let wishes = wishes().new_tree(&mut runner).unwrap().current();
        let nation = lived(&wishes, IN_ORDER);
        seen.extend(nation.histories().map(<&str>::from));
        let merged = |event: &&Membership| {
            let reason = EndReason::MergedInto(urn(SCHOOLS[2]));
            matches!(event, Membership::MembershipEnded { reason: why, .. } if *why == reason)
        };
        seen.extend(nation.histories().find(merged).map(|_| "merged"));
        seen.extend(nation.ledgered().map(<&str>::from));
        could_not += nation.cannot.len();
    }
    for wanted in [
        "MembershipStarted",
        "MembershipRenewed",
        "MarkedNotEligibleToRenew",
        "EligibilityRestored",
        "ConnectionsOffered",
        "MembershipLapsed",
        "MembershipEnded",
        "merged",
        "MembershipCarriedOver",
        "MembershipTakenOver",
        "InvitationExpired",
        "Reminded",
        "ReminderSkipped",
        "CoverEnding",
        "InvoiceRaised",
        "InvoiceOverdue",
        "InvoiceReminded",
    ] {
        assert!(seen.contains(wanted), "{wanted} never followed: {seen:?}");
    }
    assert!(could_not > 0, "a policy that could not was never met");
}
