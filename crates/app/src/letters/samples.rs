//! One letter of each kind to a school that there is not, so that the words can be read before anything is due.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use contacts::Details;
use kernel::{Grade, LeadingEdgeYear, NotAUrn, Progress8, Source, Urn};
use letters::{About, Kind};
use membership::Outcome;
use membership::facts::Cover;
use membership::membership::{
    Acceptance, Advice, Decision, Event as Membership, Grading, How, Invitation, JoiningTerms,
    Offer, Role, Step, Verdict, WhyRefused,
};
use strum::IntoEnumIterator;

use super::known::days;
use super::message::frame;
use super::plain;
use super::preview::LetterShown;
use super::settings::Sender;
use super::words::{Known, written};
use crate::Failure;

mod bills;
mod clauses;

const SCHOOL: &str = "Hill Top School";
const URN: &str = "100003";

/// A letter of each kind, from the office that is named.
///
/// # Errors
/// A template cannot be filled in.
pub fn samples(sender: &Sender) -> Result<Vec<LetterShown>, Failure> {
    let urn: Urn = URN.parse().map_err(|error: NotAUrn| Failure::Refused(error.to_string()))?;
    let mut samples = vec![];
    for kind in Kind::iter() {
        let paper = match bills::event(kind, year(), urn) {
            Some(event) => super::bills::written(&event, &bills::bill(SCHOOL)),
            None => match event(kind) {
                Some(event) => written(kind, &event, &known(kind, urn)),
                None => Ok(None),
            },
        };
        let Some(paper) = paper.map_err(Failure::Template)? else { continue };
        let about = About { kind, urn, year: year(), occasion: String::new() };
        let to = Details::of("Dr Zoë Hill", "head@hilltop.example", None, Some("Dear Dr Hill"));
        let frame = frame(&about, SCHOOL, sender, to.ok().as_ref());
        samples.push(LetterShown {
            kind,
            line: None,
            text: paper.text(&frame).map_err(Failure::Template)?,
            html: paper.html(&frame).map_err(Failure::Template)?,
            subject: paper.subject,
        });
    }
    Ok(samples)
}

fn event(kind: Kind) -> Option<Membership> {
    let year = year();
    let reminded = |step, due| Membership::Reminded { step, due, on: day(2019, 3, 1) };
    let decision = |verdict, reasons: &str| Membership::ReferralDecided {
        year,
        decision: Decision {
            verdict,
            reasons: reasons.to_owned(),
            minute: "Steering group, 28 February 2019, item 4".to_owned(),
            decided_by: BTreeSet::new(),
            on: day(2019, 2, 28),
        },
    };
    Some(match kind {
        Kind::Invitation => Membership::SchoolInvited(Invitation {
            year,
            on: day(2019, 2, 20),
            name: SCHOOL.to_owned(),
            grade: Some(Grade::Good),
            progress8: Some(Progress8::from_hundredths(31)),
            release: None,
            threshold: Some(2_300),
            reviewed_as_at: day(2019, 2, 14),
            until: Some(day(2019, 3, 20)),
        }),
        Kind::InvitationReminder => reminded(Step::InvitationAnswer, day(2019, 3, 20)),
        Kind::ApplicationReply => Membership::SchoolApplied {
            year,
            by: Role::Headteacher,
            how: How::ByInvitation,
            advice: Advice::Refer,
            on: day(2019, 2, 25),
        },
        Kind::EvidenceRequest => Membership::EvidenceRequested {
            year,
            what: "Progress 8 of the last three years with its confidence limits, and the destinations of leavers"
                .to_owned(),
            due: day(2019, 3, 29),
            on: day(2019, 3, 1),
        },
        Kind::EvidenceReminder => reminded(Step::Evidence, day(2019, 3, 29)),
        Kind::Deferral => Membership::ReferralDeferred {
            year,
            from: day(2019, 2, 28),
            to: day(2019, 4, 25),
            why: "the group wants to see the final results first".to_owned(),
            on: day(2019, 2, 28),
        },
        Kind::MayJoin => decision(
            Verdict::Accepted,
            "three years of results in line with the top quarter, and a strong account of how they came about",
        ),
        Kind::Acceptance => Membership::ApplicationAccepted {
            year,
            acceptance: Acceptance {
                first_day: day(2019, 10, 14),
                terms: JoiningTerms::AgreedTerms {
                    fee_pence: 80_000,
                    reason: "joined half-way through the year".to_owned(),
                    approver: "steering group".to_owned(),
                },
                missed: vec!["the leadership conference of 26 June 2019".to_owned()],
                cover: Cover::Covered {
                    from: day(2018, 9, 1),
                    until: Some(day(2020, 8, 31)),
                    via_trust: None,
                    source: Source { file: "ssat-cover.csv".to_owned(), sha256: String::new(), line: 2 },
                },
                on: day(2019, 10, 7),
            },
        },
        Kind::Decline => decision(
            Verdict::Declined,
            "the evidence is of one year only, in which the results were not in line with the top quarter",
        ),
        Kind::RenewalOffer => Membership::RenewalOffered {
            year,
            offer: Offer {
                outcome: Outcome::RenewNotedDip,
                judgement: None,
                answer_by: Some(day(2019, 3, 15)),
                on: day(2019, 2, 20),
            },
        },
        Kind::RenewalReminder => reminded(Step::RenewalAnswer, day(2019, 3, 15)),
        Kind::NotEligible => Membership::MarkedNotEligibleToRenew {
            grading: grading(Grade::RequiresImprovement),
            counts_for: year,
            renewed_on: None,
        },
        Kind::EligibleAgain => Membership::EligibilityRestored(grading(Grade::Good)),
        Kind::RenewalRefused => Membership::RenewalRefused {
            year,
            why: WhyRefused::Judgement {
                reason: "three of the last three published years below the criteria, without signs of a turn".to_owned(),
                minute: "Steering group, 28 February 2019, item 7".to_owned(),
            },
            mark: None,
            on: day(2019, 3, 1),
        },
        Kind::Invoice | Kind::OverdueInvoice => return None,
    })
}

fn known(kind: Kind, urn: Urn) -> Known {
    let facts = plain::facts(clauses::told(kind, SCHOOL, urn).iter());
    let areas = ["attendance", "the teaching of mathematics"];
    Known {
        school: SCHOOL.to_owned(),
        year: year(),
        days: days(year()),
        fee: Some("£1,600.00".to_owned()),
        facts,
        areas: areas.map(str::to_owned).to_vec(),
    }
}

fn grading(grade: Grade) -> Grading {
    Grading { grade, inspected_on: day(2018, 11, 6), published_on: day(2018, 12, 4), source: None }
}

fn year() -> LeadingEdgeYear {
    LeadingEdgeYear::containing(day(2019, 4, 1))
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        Sender {
            name: "Programme office".into(),
            address: "office@network.example".into(),
            reply_to: None,
            signature: vec!["The programme office".into()],
            postal_address: "1 High Street".into(),
        }
    }

    #[test]
    fn there_is_a_sample_of_every_kind_with_a_subject_of_its_own() {
        let samples = samples(&sender()).unwrap();
        assert_eq!(samples.len(), Kind::iter().count());
        let subjects: BTreeSet<&str> = samples.iter().map(|it| it.subject.as_str()).collect();
        assert_eq!(subjects.len(), samples.len(), "{subjects:?}");
    }

    /// Whoever reads one form reads what the other says.
    #[test]
    fn both_forms_of_a_letter_say_the_same() {
        for sample in samples(&sender()).unwrap() {
            let (_, html) = sample.html.split_once("<h1>").unwrap();
            let words = |text: &str| -> Vec<String> {
                let letters = |c: char| c.is_alphanumeric() || c == ' ';
                let text: String = text.chars().map(|c| if letters(c) { c } else { ' ' }).collect();
                text.split_whitespace().map(str::to_lowercase).collect()
            };
            let mut bare = String::new();
            let mut is_tag = false;
            for c in html.replace("&#39;", "'").replace("&#38;", "&").chars() {
                match c {
                    '<' => is_tag = true,
                    '>' => {
                        is_tag = false;
                        bare.push(' ');
                    }
                    c if !is_tag => bare.push(c),
                    _ => {}
                }
            }
            let text = format!("{}\n{}", sample.subject, sample.text);
            assert_eq!(words(&bare), words(&text), "{}", sample.kind);
        }
    }

    #[test]
    fn plain_text_fits_its_lines() {
        for sample in samples(&sender()).unwrap() {
            let longest = sample.text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= 72, "{}: {longest}", sample.kind);
        }
    }
}
