//! The memberships that were agreed with one school, from what happened to it.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::Event;
use serde::Serialize;

/// A membership's days within a Leading Edge year; before this system, within several.  Both days inclusive.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct AgreedTerm {
    /// `None`: before this system, where it is over.
    pub year: Option<LeadingEdgeYear>,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub how: Began,
    /// Of the year, in whole pence without VAT.
    pub fee_pence: Option<u64>,
    /// Why it went no further, once it did not.
    pub ended: Option<String>,
    /// The school at which it began, where it was taken over from there.
    pub from_school: Option<Urn>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Began {
    Joined,
    Renewed,
    TakenOver,
    /// Before this system (R38).
    Earlier,
}

/// In the order of their days, whenever they were recorded.
pub(super) fn terms(events: &[&Event]) -> Vec<AgreedTerm> {
    let mut terms: Vec<AgreedTerm> = vec![];
    for event in events {
        match event {
            Event::MembershipStarted(started) => terms.push(AgreedTerm {
                fee_pence: Some(started.fee_pence),
                ..agreed(Some(started.year), started.from, started.until, Began::Joined)
            }),
            Event::MembershipRenewed { year, from, until, fee_pence, .. } => {
                terms.push(AgreedTerm {
                    fee_pence: Some(*fee_pence),
                    ..agreed(Some(*year), *from, *until, Began::Renewed)
                });
            }
            Event::MembershipTakenOver { from, carried, .. } => terms.push(AgreedTerm {
                from_school: Some(*from),
                ..agreed(Some(carried.year), carried.from, carried.until, Began::TakenOver)
            }),
            Event::EarlierMembershipRuns { from, year, until, .. } => {
                terms.push(agreed(Some(*year), *from, *until, Began::Earlier));
            }
            Event::EarlierMembershipEnded { from, last_day, reason } => {
                let ended = Some(reason.clone());
                terms.push(AgreedTerm { ended, ..agreed(None, *from, *last_day, Began::Earlier) });
            }
            Event::MembershipLapsed { last_day, reason, .. } => {
                end(&mut terms, *last_day, &format!("lapsed: {reason}"));
            }
            Event::MembershipEnded { reason, on } => {
                let why = match reason {
                    membership::membership::EndReason::Closed => "the school closed".to_owned(),
                    membership::membership::EndReason::MergedInto(urn) => {
                        format!("the school went into {urn}")
                    }
                };
                end(&mut terms, *on, &why);
            }
            Event::MembershipCarriedOver { to, on, .. } => {
                end(&mut terms, on.pred_opt().unwrap_or(*on), &format!("goes on at {to}"));
            }
            _ => {}
        }
    }
    terms.sort_by_key(|term| term.from);
    terms
}

fn agreed(
    year: Option<LeadingEdgeYear>,
    from: NaiveDate,
    until: NaiveDate,
    how: Began,
) -> AgreedTerm {
    AgreedTerm { year, from, until, how, fee_pence: None, ended: None, from_school: None }
}

/// What ends is the last term that was running then.  A year that was agreed and had not begun never came.
fn end(terms: &mut Vec<AgreedTerm>, last_day: NaiveDate, why: &str) {
    terms.retain(|term| term.from <= last_day);
    let running = terms.iter_mut().filter(|term| term.ended.is_none() && term.until >= last_day);
    if let Some(term) = running.max_by_key(|term| term.from) {
        term.until = last_day;
        term.ended = Some(why.to_owned());
    }
}
