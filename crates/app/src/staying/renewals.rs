//! Where every member stands with its renewal for a year: what the review on record, the steering group, Ofsted and the
//! school itself have said so far (R12 to R14).

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::Outcome;
use membership::membership::{Judged, WhyRefused};
use projections::findings;
use projections::memberships::{self, Departure, Renewal};
use projections::schools::Row as School;
use serde::Serialize;
use strum::VariantArray;

use super::roll::Covered;
use super::waiting::{self, MembersWaiting};
use crate::{Desk, Failure};

mod stands;

use stands::renewing;

/// The renewals of a year, school by school.
#[derive(Clone, Debug, Serialize)]
pub struct Renewals {
    pub year: LeadingEdgeYear,
    /// What the review on record looked at.
    pub reviewed_as_at: NaiveDate,
    /// Whether the review is closed, and since when.
    pub review_closed_on: Option<NaiveDate>,
    /// The day by which offers made now are to be answered.
    pub answer_by: Option<NaiveDate>,
    /// How many schools stand where; states in which none does are left out.
    pub counts: Vec<Count>,
    /// Ascending by URN.
    pub schools: Vec<Renewing>,
    /// Offers that are made again, with another day to answer by.
    pub made_again: Vec<Urn>,
    /// Offers without an answer that keep the day they have, or none, though another was asked for.
    pub kept: Vec<Urn>,
    /// Whether what was clear was done, or only looked at.
    pub made: bool,
    /// The members that wait as the 31 March before the year nears.
    pub waiting: Option<MembersWaiting>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Count {
    pub stands: Stands,
    pub schools: usize,
}

/// One member, and where its renewal stands.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Renewing {
    pub urn: Urn,
    pub name: String,
    pub stands: Stands,
    /// What the review on record found.  `None`: it did not look at the school.
    pub outcome: Option<Outcome>,
    /// Whatever a person should know: the dip, the mark, who judged, what is in the way.
    pub why: Option<String>,
    /// The day by which the offer that stands is to be answered.
    pub answer_by: Option<NaiveDate>,
    /// Until then, from the day that is asked about; below 0: since then.
    pub days_left: Option<i64>,
    /// Whether SSAT covers the first day of the year (R7, D10).
    pub cover: Covered,
    #[serde(skip)]
    pub(super) wish: Option<Wish>,
    /// Where the membership and the finding stood when this was found: the same place makes the same wish.
    #[serde(skip)]
    pub(super) at: (u64, u64),
}

/// Where a renewal stands: first what is clear and can be done now, then what waits for somebody, then what is done.
#[derive(
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Stands {
    /// To be offered: it meets the criteria.
    ToOffer,
    /// To be offered, with one year's dip told (R13).
    ToOfferNotedDip,
    /// To be offered, as the steering group judged (D5).
    ToOfferJudged,
    /// To be refused: Ofsted graded it 3 or 4 (R14).
    ToRefuseMarked,
    /// To be refused: the review found that it no longer meets the criteria (R12).
    ToRefuseNotEligible,
    /// To be refused, as the steering group judged (D5).
    ToRefuseJudged,

    /// The data leave it to the steering group, which has not judged.
    AwaitsJudgement,
    /// A fact that the review rested on became known otherwise since (D17).
    OnOldData,
    /// Graded since the day that the review looked at, on the other side of what may renew: the review is run again.
    GradedSince,
    /// The review on record did not look at it: a new URN, or a kind of school that was not reviewed.
    NotReviewed,
    /// The register says that it closed; who goes on with the membership is for the office to sort out (D12).
    Closed,
    /// It was offered or refused, and the review or the steering group says otherwise since.
    SaidOtherwise,
    /// Its last year is over, and 1 April has not been begun.
    TermOver,

    /// Offered; the school has not answered.
    Offered,
    /// The school said yes; agreed as soon as SSAT covers the first day (R7) and the year's fee is set (R10).
    Accepted,
    Agreed,
    Refused,
    /// The school leaves of its own wish.
    Declined,
    /// It left on 31 March without an agreement.
    Lapsed,
    /// It closed, or went into another school, in the course of the year before.
    Gone,
}

/// What is to be asked of a membership.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Wish {
    Offer { outcome: Outcome, judgement: Option<Judged> },
    Refuse(WhyRefused),
}

/// What is known of the review and the register beside a membership.
pub(super) struct Seen<'a> {
    pub(super) year: LeadingEdgeYear,
    pub(super) on: NaiveDate,
    pub(super) reviewed_as_at: NaiveDate,
    pub(super) old_data: OldData,
    pub(super) finding: Option<&'a findings::Row>,
    pub(super) school: Option<&'a School>,
    pub(super) cover: Covered,
    /// Whether a fee is set for the year, or for one before it (R10).
    pub(super) has_fee: bool,
}

/// What becomes of members whose finding rests on a fact that is known otherwise since (D17).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OldData {
    /// They wait until the review was run again.
    #[default]
    HeldBack,
    /// The office takes the finding as it is.
    InSpite,
}

impl Stands {
    /// Whether there is something clear to be done.
    #[must_use]
    pub fn is_clear(self) -> bool {
        self <= Self::ToRefuseJudged
    }

    /// Whether somebody must look at it before anything can be done.
    #[must_use]
    pub fn waits(self) -> bool {
        (Self::AwaitsJudgement..=Self::TermOver).contains(&self)
    }

    /// As people are told.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ToOffer => "to be offered renewal",
            Self::ToOfferNotedDip => "to be offered renewal, with a dip noted",
            Self::ToOfferJudged => "to be offered renewal, as judged",
            Self::ToRefuseMarked => "to be refused: Ofsted grade of 3 or 4",
            Self::ToRefuseNotEligible => "to be refused: criteria no longer met",
            Self::ToRefuseJudged => "to be refused, as judged",
            Self::AwaitsJudgement => "waiting for the steering group",
            Self::OnOldData => "held back: decided on old data",
            Self::GradedSince => "held back: graded since the review",
            Self::NotReviewed => "held back: not in the review",
            Self::Closed => "held back: the register says it closed",
            Self::SaidOtherwise => "held back: the review says otherwise since",
            Self::TermOver => "held back: its year is over",
            Self::Offered => "offered, no answer yet",
            Self::Accepted => "accepted, waiting for SSAT cover or the fee",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Declined => "declined by the school",
            Self::Lapsed => "not renewed: lapsed without an agreement",
            Self::Gone => "closed or merged in the course of the year before",
        }
    }
}

impl Renewals {
    /// The schools that stand somewhere.
    pub fn that(&self, stand: impl Fn(Stands) -> bool) -> impl Iterator<Item = &Renewing> {
        self.schools.iter().filter(move |school| stand(school.stands))
    }

    pub(super) fn count(&mut self) {
        let count = |stands: &Stands| {
            let schools = self.that(|other| other == *stands).count();
            (schools > 0).then_some(Count { stands: *stands, schools })
        };
        self.counts = Stands::VARIANTS.iter().filter_map(count).collect();
    }
}

impl Desk {
    /// Where the renewal of every member stands for a year, on a day; today's members, and those that left at the end of
    /// the year before it.
    ///
    /// # Errors
    /// The review must be on record.
    pub fn renewals(
        &self,
        year: LeadingEdgeYear,
        on: NaiveDate,
        old_data: OldData,
    ) -> Result<Renewals, Failure> {
        let (review, found) = self.read.review(year)?.ok_or(Failure::NoReview(year))?;
        let found: HashMap<Urn, findings::Row> =
            found.into_iter().map(|finding| (finding.urn, finding)).collect();
        let cover = self.read.cover_told()?;
        let has_fee = self.fee_of(year)?.is_some();
        let mut schools = vec![];
        let rows = self.read.memberships()?;
        for row in rows.iter().filter(|row| is_concerned(row, year)) {
            let school = self.read.school(row.urn)?;
            let seen = Seen {
                year,
                on,
                reviewed_as_at: review.as_at,
                old_data,
                finding: found.get(&row.urn),
                school: school.as_ref(),
                cover: Covered::on(&cover, row.urn, year.first_day()),
                has_fee,
            };
            schools.push(renewing(row, &seen)?);
        }
        let known = waiting::Known { year, on, is_reviewed: true, has_fee, cover: &cover };
        let mut renewals = Renewals {
            year,
            reviewed_as_at: review.as_at,
            review_closed_on: review.closed_on,
            answer_by: None,
            counts: vec![],
            schools,
            made_again: vec![],
            kept: vec![],
            made: false,
            waiting: MembersWaiting::of(&rows, &known),
        };
        renewals.count();
        Ok(renewals)
    }
}

/// Members whose renewal for the year is open or agreed, and schools that left without one.
fn is_concerned(row: &memberships::Row, year: LeadingEdgeYear) -> bool {
    let spoken_of = row.renewal_year == Some(year);
    match row.standing {
        memberships::Standing::Member => {
            let agreed = spoken_of && row.renewal == Some(Renewal::Agreed);
            agreed || row.year.is_some_and(|last| last < year)
        }
        memberships::Standing::Left => {
            let before = row.year.map(LeadingEdgeYear::next) == Some(year);
            match row.departure {
                // It is counted where it goes on.
                Some(Departure::CarriedOver | Departure::Earlier) | None => false,
                Some(Departure::Closed | Departure::Merged) => before,
                Some(_) => spoken_of || before,
            }
        }
        memberships::Standing::Outside => false,
    }
}
