//! Which letters an event calls for, and which it overtakes.

use std::collections::BTreeMap;

use billing::InvoiceNumber;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, LetterId, Urn};
use letters::{About, Kind};
use membership::membership::{Event as Membership, JoiningTerms, Step, Verdict, WhyRefused};

use super::{Held, Row, State};
use crate::Recorded;

/// What an event means for the letters of its school.
pub(super) enum News {
    /// One falls due.
    Due {
        kind: Kind,
        year: LeadingEdgeYear,
        occasion: String,
        on: NaiveDate,
        /// The last day on which what it asks for can be done.
        answer_by: Option<NaiveDate>,
    },
    /// One that reminds of another, which says of which year.
    Reminder { kind: Kind, of: Kind, by: NaiveDate, on: NaiveDate },
    /// The mark is lifted: who was told of the mark is told of that.
    Lifted { occasion: String, on: NaiveDate },
    /// Those of these kinds that nobody has yet are no longer so; of one year, or of any.
    Overtaken(&'static [Kind], Option<LeadingEdgeYear>, &'static str),
    /// Those of an invoice that nobody has yet are no longer so.
    OfInvoice(&'static [Kind], InvoiceNumber, &'static str),
    /// Something is to be paid on an invoice after all: the school is to have it.
    OpenAgain(InvoiceNumber),
}

const INVITED: &[Kind] = &[Kind::Invitation, Kind::InvitationReminder];
const EVIDENCE: &[Kind] = &[Kind::EvidenceRequest, Kind::EvidenceReminder];
const APPLYING: &[Kind] = &[
    Kind::ApplicationReply,
    Kind::EvidenceRequest,
    Kind::EvidenceReminder,
    Kind::Deferral,
    Kind::MayJoin,
];
/// And what it was told in the end.
const APPLIED: &[Kind] = &[
    Kind::ApplicationReply,
    Kind::EvidenceRequest,
    Kind::EvidenceReminder,
    Kind::Deferral,
    Kind::MayJoin,
    Kind::Acceptance,
];
const OFFERED: &[Kind] = &[Kind::RenewalOffer, Kind::RenewalReminder];
const STAYING: &[Kind] = &[
    Kind::RenewalOffer,
    Kind::RenewalReminder,
    Kind::NotEligible,
    Kind::EligibleAgain,
    Kind::RenewalRefused,
];

/// What it means, in order: what is overtaken goes before what takes its place.
pub(super) fn news(event: &Membership, recorded: &Recorded) -> Vec<News> {
    use News::Overtaken;
    // What follows from a file falls due when the office knows it, however long the file was on its way.
    let known_on = recorded.recorded_at.date_naive();
    match event {
        Membership::SchoolInvited(it) => {
            vec![due(Kind::Invitation, it.year, String::new(), it.on, it.until)]
        }
        // What was sent says another day.
        Membership::InvitationExtended { year, until, on, .. } => vec![
            Overtaken(INVITED, Some(*year), "the invitation was extended"),
            due(Kind::Invitation, *year, until.to_string(), *on, Some(*until)),
        ],
        Membership::InvitationDeclined { year, .. } => {
            vec![Overtaken(INVITED, Some(*year), "the school has declined")]
        }
        Membership::InvitationExpired { year, .. } => {
            vec![Overtaken(INVITED, Some(*year), "the invitation has expired")]
        }
        Membership::SchoolApplied { year, on, .. } => vec![
            Overtaken(INVITED, Some(*year), "the school has applied"),
            Overtaken(APPLIED, None, "the school has applied again"),
            due(Kind::ApplicationReply, *year, on.to_string(), *on, None),
        ],
        Membership::ApplicationWithdrawn { .. } => {
            vec![Overtaken(APPLIED, None, "the application was withdrawn")]
        }
        Membership::EvidenceRequested { year, due: by, on, .. } => vec![
            Overtaken(EVIDENCE, None, "something else was asked for since"),
            due(Kind::EvidenceRequest, *year, format!("{on} {by}"), *on, Some(*by)),
        ],
        Membership::EvidenceReceived { .. } => {
            vec![Overtaken(EVIDENCE, None, "evidence was received")]
        }
        Membership::ReferralDeferred { year, to, on, .. } => vec![
            Overtaken(&[Kind::Deferral], None, "it was put off again"),
            due(Kind::Deferral, *year, to.to_string(), *on, Some(*to)),
        ],
        Membership::ReferralDecided { year, decision } => {
            let kind = match decision.verdict {
                Verdict::Accepted => Kind::MayJoin,
                Verdict::Declined => Kind::Decline,
            };
            vec![
                Overtaken(APPLYING, None, "the steering group has decided"),
                due(kind, *year, decision.on.to_string(), decision.on, None),
            ]
        }
        Membership::ApplicationAccepted { year, acceptance } => {
            let on = acceptance.on;
            vec![
                Overtaken(APPLIED, None, "the school is accepted"),
                due(
                    Kind::Acceptance,
                    *year,
                    occasion(acceptance.first_day, &acceptance.terms),
                    on,
                    None,
                ),
            ]
        }
        Membership::ApplicationDeclined { year, on, .. } => vec![
            Overtaken(APPLIED, None, "the application was declined"),
            due(Kind::Decline, *year, on.to_string(), *on, None),
        ],
        Membership::MarkedNotEligibleToRenew { grading, counts_for, .. } => vec![
            Overtaken(&[Kind::EligibleAgain], None, "it was graded 3 or 4 again"),
            Overtaken(OFFERED, Some(*counts_for), "it was graded 3 or 4 since"),
            due(Kind::NotEligible, *counts_for, grading.inspected_on.to_string(), known_on, None),
        ],
        Membership::EligibilityRestored(grading) => vec![
            Overtaken(&[Kind::NotEligible], None, "it was graded 1 or 2 since"),
            News::Lifted { occasion: grading.inspected_on.to_string(), on: known_on },
        ],
        Membership::RenewalOffered { year, offer } => vec![
            Overtaken(&[Kind::RenewalRefused], Some(*year), "renewal is offered after all"),
            Overtaken(OFFERED, Some(*year), "renewal was offered anew"),
            due(Kind::RenewalOffer, *year, offer.on.to_string(), offer.on, offer.answer_by),
        ],
        Membership::RenewalAccepted { year, .. } => {
            vec![Overtaken(OFFERED, Some(*year), "the school has accepted")]
        }
        Membership::MembershipRenewed { year, .. } => {
            vec![Overtaken(OFFERED, Some(*year), "the membership is renewed")]
        }
        Membership::RenewalDeclined { year, .. } => {
            vec![Overtaken(OFFERED, Some(*year), "the school has declined")]
        }
        Membership::RenewalRefused { year, why, mark, on } => {
            let offered = Overtaken(OFFERED, Some(*year), "the network does not renew");
            vec![
                offered,
                match (why, mark) {
                    // The school was told so when it was marked, or is told so now: nobody gets two.
                    (WhyRefused::Marked, Some(grading)) => {
                        due(Kind::NotEligible, *year, grading.inspected_on.to_string(), *on, None)
                    }
                    (
                        WhyRefused::Marked
                        | WhyRefused::NotEligible
                        | WhyRefused::Judgement { .. }
                        | WhyRefused::NoCover,
                        _,
                    ) => due(Kind::RenewalRefused, *year, on.to_string(), *on, None),
                },
            ]
        }
        Membership::Reminded { step, due: by, on } => {
            let (kind, of) = match step {
                Step::InvitationAnswer => (Kind::InvitationReminder, Kind::Invitation),
                Step::Evidence => (Kind::EvidenceReminder, Kind::EvidenceRequest),
                Step::RenewalAnswer => (Kind::RenewalReminder, Kind::RenewalOffer),
            };
            vec![News::Reminder { kind, of, by: *by, on: *on }]
        }
        Membership::MembershipLapsed { .. } => {
            vec![Overtaken(STAYING, None, "the membership has lapsed")]
        }
        Membership::MembershipEnded { .. } => {
            vec![Overtaken(STAYING, None, "the school is no more")]
        }
        Membership::MembershipCarriedOver { .. } => {
            vec![Overtaken(STAYING, None, "the membership goes on at the successor")]
        }
        Membership::ApplicationReferred { .. }
        | Membership::InterestDeclared { .. }
        | Membership::MembershipStarted(_)
        | Membership::ConnectionsOffered { .. }
        | Membership::RenewalDeclineTakenBack { .. }
        | Membership::MembershipTakenOver { .. }
        | Membership::EarlierMembershipStarted { .. }
        | Membership::EarlierMembershipEnded { .. }
        | Membership::EarlierMembershipRuns { .. }
        | Membership::CoverEnding { .. }
        | Membership::ReminderSkipped { .. } => vec![],
    }
}

pub(super) fn take_down(
    letters: &mut BTreeMap<LetterId, Held>,
    urn: Urn,
    news: News,
    recorded: &Recorded,
) {
    match news {
        News::Due { kind, year, occasion, on, answer_by } => {
            let about = About { kind, urn, year, occasion };
            let row = Row { answer_by, ..Row::due(about, recorded, on) };
            match letters.get_mut(&row.letter) {
                // Nobody gets two: what was sent, withheld or is in doubt stays as it is.
                Some(held) if !held.row.is_open() => {}
                Some(held) => {
                    held.row.calls_for = row.calls_for;
                    held.row.due_on = row.due_on;
                    held.row.answer_by = row.answer_by;
                    held.row.overtaken = None;
                    held.touched(recorded);
                }
                None => {
                    letters.insert(row.letter, Held { row, changed: true });
                }
            }
        }
        News::Reminder { kind, of, by, on } => {
            let reminded = |row: &&Row| row.kind == of && row.answer_by == Some(by);
            let of = letters.values().map(|held| &held.row).rfind(reminded);
            let year = of.map_or(LeadingEdgeYear::containing(by).next(), |row| row.year);
            let due = due(kind, year, by.to_string(), on, Some(by));
            take_down(letters, urn, due, recorded);
        }
        News::Lifted { occasion, on } => {
            let rows = letters.values().map(|held| &held.row);
            let told = rows.filter(|row| {
                row.kind == Kind::NotEligible && matches!(row.state, State::Sent | State::InDoubt)
            });
            if let Some(year) = told.map(|row| row.year).max() {
                let due = due(Kind::EligibleAgain, year, occasion, on, None);
                take_down(letters, urn, due, recorded);
            }
        }
        News::Overtaken(kinds, year, why) => {
            let of_year = |row: &Row| year.is_none_or(|year| row.year == year);
            overtake(letters, kinds, of_year, why, recorded);
        }
        News::OfInvoice(kinds, number, why) => {
            let number = number.to_string();
            let of_it = |row: &Row| row.occasion.split(' ').next() == Some(number.as_str());
            overtake(letters, kinds, of_it, why, recorded);
        }
        News::OpenAgain(number) => {
            let number = number.to_string();
            let overtaken = |row: &Row| {
                row.kind == Kind::Invoice && row.occasion == number && row.overtaken.is_some()
            };
            for held in letters.values_mut().filter(|held| overtaken(&held.row)) {
                held.row.overtaken = None;
                held.touched(recorded);
            }
        }
    }
}

fn overtake(
    letters: &mut BTreeMap<LetterId, Held>,
    kinds: &[Kind],
    of: impl Fn(&Row) -> bool,
    why: &str,
    recorded: &Recorded,
) {
    for held in letters.values_mut() {
        let row = &held.row;
        let unsent = row.state != State::Sent && row.overtaken.is_none();
        if unsent && kinds.contains(&row.kind) && of(row) {
            held.row.overtaken = Some(why.to_owned());
            held.touched(recorded);
        }
    }
}

impl Held {
    fn touched(&mut self, recorded: &Recorded) {
        self.row.position = recorded.position;
        self.row.recorded_at = recorded.recorded_at.timestamp_micros();
        self.changed = true;
    }
}

fn due(
    kind: Kind,
    year: LeadingEdgeYear,
    occasion: String,
    on: NaiveDate,
    answer_by: Option<NaiveDate>,
) -> News {
    News::Due { kind, year, occasion, on, answer_by }
}

/// Accepted on other terms, or from another day, a school is told anew.
fn occasion(first_day: NaiveDate, terms: &JoiningTerms) -> String {
    match terms {
        JoiningTerms::FullPackage | JoiningTerms::FromNextApril => first_day.to_string(),
        JoiningTerms::AgreedTerms { fee_pence, .. } => format!("{first_day} {fee_pence}"),
    }
}
