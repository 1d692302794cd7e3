//! One school's page: how it stands, year by year, and what happens next and when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Urn};
use membership::Outcome;
use membership::membership::Event;
use projections::cover;
use projections::memberships::{Application, Departure, Invitation, Renewal, Row, Standing, Terms};
use serde::Serialize;

use super::renewals::{OldData, Stands};
use super::roll::{ClosedSchool, Covered, name_of};
use super::terms::AgreedTerm;
use crate::billing::Owed;
use crate::{Desk, Failure, ParkedReaction};

/// A school, as the network knows it.
#[derive(Clone, Debug, Serialize)]
pub struct MemberPage {
    pub urn: Urn,
    pub name: String,
    pub standing: Standing,
    pub member_since: Option<NaiveDate>,
    pub continuous_since: Option<NaiveDate>,
    /// How it joined, where it joined under this system.
    pub joined_on: Option<Terms>,
    /// The memberships agreed, year by year, oldest first.
    pub terms: Vec<AgreedTerm>,
    pub last_day: Option<NaiveDate>,
    pub departure: Option<Departure>,
    /// The last reason that anybody gave.
    pub last_reason: Option<String>,
    pub predecessor: Option<Urn>,
    pub successor: Option<Urn>,
    /// Every grade that marked it or lifted a mark, oldest first.
    pub marks: Vec<MarkTold>,
    /// Whether it is not eligible to renew now, and from which year on.
    pub marked_for: Option<LeadingEdgeYear>,
    pub renewal: Option<RenewalTold>,
    /// The last invitation.
    pub invitation: Option<InvitationTold>,
    /// The last application.
    pub application: Option<ApplicationTold>,
    /// What could not be done for it, and why, as far as it is still to be done.
    pub parked: Option<ParkedReaction>,
    pub cover: CoverPage,
    /// The areas in which connections were offered, and since when (R15).
    pub connections: BTreeMap<String, NaiveDate>,
    pub closed: Option<ClosedSchool>,
    /// What it owes, and on which invoices.
    pub owed: Owed,
    pub next: Vec<NextStep>,
}

/// A grade that marked the school as not eligible to renew, or lifted that (R14, D9).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct MarkTold {
    pub grade: Grade,
    pub inspected_on: NaiveDate,
    pub published_on: NaiveDate,
    /// The first year it bars; `None`: it lifted a mark.
    pub bars: Option<LeadingEdgeYear>,
}

/// The renewal that is spoken of.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RenewalTold {
    pub year: LeadingEdgeYear,
    pub stage: Renewal,
    pub offered_on: Option<NaiveDate>,
    /// What the review found, where an offer rests on it.
    pub outcome: Option<Outcome>,
    pub answer_by: Option<NaiveDate>,
    pub refused: Option<Departure>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct InvitationTold {
    pub year: LeadingEdgeYear,
    pub stage: Invitation,
    pub answer_by: Option<NaiveDate>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ApplicationTold {
    pub year: LeadingEdgeYear,
    pub stage: Application,
    pub applied_on: Option<NaiveDate>,
    /// Of membership, as accepted.
    pub first_day: Option<NaiveDate>,
}

/// SSAT cover (D10).
#[derive(Clone, Debug, Serialize)]
pub struct CoverPage {
    /// The first day of the coming year.
    pub first_day: NaiveDate,
    pub on_first_day: Covered,
    /// What stands of what was said, by first day.
    pub terms: Vec<CoverSpell>,
    /// Where it was warned that cover ends inside the year.
    pub ends_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CoverSpell {
    pub from: NaiveDate,
    /// `None`: open-ended.
    pub until: Option<NaiveDate>,
    pub via_trust: Option<String>,
}

/// What happens next; without a day, as soon as what it waits for is there.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NextStep {
    pub on: Option<NaiveDate>,
    pub what: String,
}

impl Desk {
    /// # Errors
    /// A school that the network never dealt with.
    pub fn member(&self, urn: Urn) -> Result<MemberPage, Failure> {
        let school = self.read.school(urn)?;
        let Some(row) = self.read.membership(urn)? else {
            return Err(if school.is_none() {
                Failure::NoSuchSchool { urn }
            } else {
                Failure::Refused(format!(
                    "{urn} is no member, was none, and was neither invited nor has it applied"
                ))
            });
        };
        let timeline = self.read.timeline(urn, &self.journal)?;
        let events: Vec<&Event> = timeline
            .iter()
            .filter_map(|recorded| match &recorded.event {
                projections::Event::Membership(of, event) if *of == urn => Some(event),
                _ => None,
            })
            .collect();
        let terms = self.read.terms_of(urn)?;
        let closed = self.closed(school.as_ref())?;
        let cover = self.cover_page(&row)?;
        let mut next = self.next(&row, &cover, closed.as_ref())?;
        let mut parked = self.parked()?.into_iter().find(|parked| parked.urn == urn);
        if let Some(it) = &parked
            && !self.is_still_wanted(it)?
        {
            let what = format!("what waits for it is told to it: `ledge parked retry {urn}`");
            next.push(NextStep { on: None, what });
            parked = None;
        }
        Ok(MemberPage {
            urn,
            name: name_of(&row, school.as_ref()),
            standing: row.standing,
            member_since: row.member_since,
            continuous_since: row.continuous_since,
            joined_on: row.terms,
            terms: terms.into_iter().map(AgreedTerm::from).collect(),
            last_day: row.last_day,
            departure: row.departure,
            last_reason: row.last_reason.clone(),
            predecessor: row.predecessor,
            successor: row.successor,
            marks: events.iter().filter_map(|event| mark(event)).collect(),
            marked_for: row.mark_counts_for,
            renewal: renewal(&row, &events),
            invitation: invitation(&row),
            application: application(&row),
            parked,
            cover,
            connections: connections(&events),
            closed,
            owed: self.owed(urn)?,
            next,
        })
    }

    fn cover_page(&self, row: &Row) -> Result<CoverPage, Failure> {
        let told = self.read.cover_told()?;
        let first_day = LeadingEdgeYear::containing(self.today()).next().first_day();
        let spell = |term: &cover::Row| CoverSpell {
            from: term.covered_from,
            until: term.covered_until,
            via_trust: term.via_trust.clone(),
        };
        Ok(CoverPage {
            first_day,
            on_first_day: Covered::on(&told, row.urn, first_day),
            terms: cover::terms(told.statements(row.urn)).map(spell).collect(),
            ends_on: row.cover_ends_on,
        })
    }

    fn next(
        &self,
        row: &Row,
        cover: &CoverPage,
        closed: Option<&ClosedSchool>,
    ) -> Result<Vec<NextStep>, Failure> {
        let step = |on: Option<NaiveDate>, what: String| NextStep { on, what };
        let mut next = vec![];
        if row.standing != Standing::Member {
            next.extend(
                row.successor.map(|urn| step(None, format!("its membership is {urn}'s now"))),
            );
            let accepted = row.application == Some(Application::Accepted);
            next.extend(
                row.first_day
                    .filter(|_| accepted)
                    .map(|day| step(Some(day), "its membership starts, as accepted".to_owned())),
            );
            if let Some(year) = row.invitation_year
                && row.invitation == Some(Invitation::Open)
            {
                let what = format!("it answers its invitation for {year}");
                next.push(step(row.invitation_answer_by, what));
            }
            return Ok(next);
        }
        let (Some(last), Some(until)) = (row.year, row.term_until) else { return Ok(next) };
        let year = last.next();
        next.extend(row.cover_ends_on.map(|day| {
            step(Some(day), "its SSAT cover ends; the Leading Edge year runs on (D10)".to_owned())
        }));
        if closed.is_some() {
            let what = "the office sorts out who goes on with its membership (D12)";
            next.push(step(None, what.to_owned()));
        }
        let said = row.renewal.filter(|_| row.renewal_year == Some(year));
        let lapses = |why: &str| step(until.succ_opt(), format!("it lapses{why}"));
        match said {
            Some(Renewal::Declined) => next.push(lapses(": its own wish")),
            Some(Renewal::Refused) => next.push(lapses(": renewal was refused")),
            Some(Renewal::Offered) => {
                let what = format!("it answers its offer of renewal for {year}");
                next.push(step(row.renewal_answer_by, what));
                next.push(lapses(" unless its renewal is agreed"));
            }
            Some(Renewal::Accepted) => {
                let missing = match cover.on_first_day {
                    Covered::Covered => "the year's fee is set",
                    Covered::NotCovered | Covered::Unknown => "SSAT covers its first day",
                };
                next.push(step(
                    None,
                    format!("its renewal for {year} is agreed as soon as {missing}"),
                ));
                next.push(lapses(" unless its renewal is agreed"));
            }
            Some(Renewal::Agreed) | None => {
                next.push(step(None, self.awaited(row.urn, year)?));
                next.push(lapses(" unless its renewal is agreed"));
            }
        }
        next.sort_by_key(|step| step.on.unwrap_or(NaiveDate::MAX));
        Ok(next)
    }

    /// What a renewal waits for that was neither offered nor refused.
    fn awaited(&self, urn: Urn, year: LeadingEdgeYear) -> Result<String, Failure> {
        if self.read.review(year)?.is_none() {
            return Ok(format!("renewal for {year} is offered when its review is on record"));
        }
        let renewals = self.renewals(year, self.today(), OldData::HeldBack)?;
        let school = renewals.schools.into_iter().find(|school| school.urn == urn);
        Ok(match school {
            Some(school) => {
                let why = school.why.map_or_else(String::new, |why| format!(" ({why})"));
                let stands = school.stands;
                let words = if stands == Stands::Agreed { "agreed" } else { stands.in_words() };
                format!("renewal for {year}: {words}{why}")
            }
            None => format!("renewal for {year} is not open"),
        })
    }
}

fn mark(event: &Event) -> Option<MarkTold> {
    let (grading, bars) = match event {
        Event::MarkedNotEligibleToRenew { grading, counts_for, .. } => (grading, Some(*counts_for)),
        Event::EligibilityRestored(grading) => (grading, None),
        _ => return None,
    };
    let (grade, inspected_on, published_on) =
        (grading.grade, grading.inspected_on, grading.published_on);
    Some(MarkTold { grade, inspected_on, published_on, bars })
}

fn renewal(row: &Row, events: &[&Event]) -> Option<RenewalTold> {
    let year = row.renewal_year?;
    let outcome = events.iter().rev().find_map(|event| match event {
        Event::RenewalOffered { year: of, offer } if *of == year => Some(offer.outcome),
        _ => None,
    });
    Some(RenewalTold {
        year,
        stage: row.renewal?,
        offered_on: row.renewal_offered_on,
        outcome: outcome.filter(|_| row.renewal_offered_on.is_some()),
        answer_by: row.renewal_answer_by,
        refused: row.renewal_refused.filter(|_| row.renewal == Some(Renewal::Refused)),
    })
}

fn invitation(row: &Row) -> Option<InvitationTold> {
    let (year, stage) = (row.invitation_year?, row.invitation?);
    Some(InvitationTold { year, stage, answer_by: row.invitation_answer_by })
}

fn application(row: &Row) -> Option<ApplicationTold> {
    let (year, stage) = (row.application_year?, row.application?);
    let (applied_on, first_day) = (row.applied_on, row.first_day);
    Some(ApplicationTold { year, stage, applied_on, first_day })
}

/// A regrade ends what was offered for the grade before it, so the last first day counts.
fn connections(events: &[&Event]) -> BTreeMap<String, NaiveDate> {
    let mut offered = BTreeMap::new();
    for event in events {
        match event {
            Event::ConnectionsOffered { areas, on } => {
                for area in areas {
                    offered.entry(area.clone()).or_insert(*on);
                }
            }
            Event::EligibilityRestored(_) => offered.clear(),
            _ => {}
        }
    }
    offered
}
