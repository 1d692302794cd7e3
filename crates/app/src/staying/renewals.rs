//! Where every member stands with its renewal for a year: what the review on record, the steering group, Ofsted and the
//! school itself have said so far (R12 to R14).

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{Day, Grade, LeadingEdgeYear, Urn};
use membership::finding::Answer;
use membership::membership::{Judged, WhyRefused};
use membership::review::Verdict;
use membership::{Clause, Outcome};
use projections::findings;
use projections::memberships::{self, Departure, Renewal};
use projections::schools::Row as School;
use schools::Register;
use serde::Serialize;
use strum::VariantArray;

use crate::{Desk, Failure};

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
    /// Whether what was clear was done, or only looked at.
    pub made: bool,
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
            Self::Lapsed => "lapsed without an agreement",
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
        let mut schools = vec![];
        for row in self.read.memberships()?.iter().filter(|row| is_concerned(row, year)) {
            let school = self.read.school(row.urn)?;
            let seen = Seen {
                year,
                on,
                reviewed_as_at: review.as_at,
                old_data,
                finding: found.get(&row.urn),
                school: school.as_ref(),
            };
            schools.push(renewing(row, &seen)?);
        }
        let mut renewals = Renewals {
            year,
            reviewed_as_at: review.as_at,
            review_closed_on: review.closed_on,
            answer_by: None,
            counts: vec![],
            schools,
            made: false,
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
            let gone = row.departure.is_none_or(|departure| {
                matches!(
                    departure,
                    Departure::Closed
                        | Departure::Merged
                        | Departure::CarriedOver
                        | Departure::Earlier
                )
            });
            !gone && (spoken_of || row.year.map(LeadingEdgeYear::next) == Some(year))
        }
        memberships::Standing::Outside => false,
    }
}

pub(super) fn renewing(row: &memberships::Row, seen: &Seen<'_>) -> Result<Renewing, Failure> {
    let name = seen.school.and_then(|school| school.name.clone());
    let (stands, why, wish) = stands(row, seen)?;
    let spoken_of = row.renewal_year == Some(seen.year);
    let answer_by = row.renewal_answer_by.filter(|_| spoken_of && stands == Stands::Offered);
    Ok(Renewing {
        urn: row.urn,
        name: name
            .or_else(|| seen.finding.map(|finding| finding.name.clone()))
            .or_else(|| row.name.clone())
            .unwrap_or_default(),
        stands,
        outcome: seen.finding.map(|finding| finding.outcome),
        why,
        answer_by,
        days_left: answer_by.map(|day| (day - seen.on).num_days()),
        wish,
        at: (row.position, seen.finding.map_or(0, |finding| finding.position)),
    })
}

type Found = (Stands, Option<String>, Option<Wish>);

/// First what the school and the network have said already, then the mark, then the register, then the review.
fn stands(row: &memberships::Row, seen: &Seen<'_>) -> Result<Found, Failure> {
    let said = row.renewal.filter(|_| row.renewal_year == Some(seen.year));
    if row.standing == memberships::Standing::Left {
        return Ok(match said {
            Some(Renewal::Refused) => (Stands::Refused, refused(row), None),
            Some(Renewal::Declined) => (Stands::Declined, row.last_reason.clone(), None),
            Some(Renewal::Offered | Renewal::Accepted | Renewal::Agreed) | None => {
                (Stands::Lapsed, row.last_reason.clone(), None)
            }
        });
    }
    match said {
        Some(Renewal::Agreed) => return Ok((Stands::Agreed, None, None)),
        Some(Renewal::Declined) => return Ok((Stands::Declined, row.last_reason.clone(), None)),
        Some(Renewal::Offered | Renewal::Accepted | Renewal::Refused) | None => {}
    }
    let term_until = row.term_until.unwrap_or(NaiveDate::MAX);
    if seen.on > term_until || row.year.map(LeadingEdgeYear::next) != Some(seen.year) {
        let why = format!("its membership is agreed until {}", Day(term_until));
        return Ok((Stands::TermOver, Some(why), None));
    }
    let found = found(row, seen)?;
    Ok(match said {
        None | Some(Renewal::Agreed | Renewal::Declined) => found,
        Some(Renewal::Refused) => after_refusal(row, found),
        Some(said @ (Renewal::Offered | Renewal::Accepted)) => after_offer(said, found),
    })
}

/// What the mark, the register, the review and the steering group come to, whatever was said to the school so far.
fn found(row: &memberships::Row, seen: &Seen<'_>) -> Result<Found, Failure> {
    if let Some(counts_for) = row.mark_counts_for.filter(|counts_for| *counts_for <= seen.year) {
        let why = mark(row, counts_for);
        return Ok((Stands::ToRefuseMarked, Some(why), Some(Wish::Refuse(WhyRefused::Marked))));
    }
    if let Some(school) = seen.school.filter(|school| school.status == Some(Register::Closed)) {
        return Ok((Stands::Closed, Some(closed(school)), None));
    }
    let Some(finding) = seen.finding else {
        let why = format!("the review as at {} did not look at it", Day(seen.reviewed_as_at));
        return Ok((Stands::NotReviewed, Some(why), None));
    };
    if let Some(why) = graded_since(finding, seen) {
        return Ok((Stands::GradedSince, Some(why), None));
    }
    if seen.old_data == OldData::HeldBack
        && let Some(why) = &finding.decided_on_old_data
    {
        return Ok((Stands::OnOldData, Some(why.clone()), None));
    }
    by_review(finding)
}

fn by_review(finding: &findings::Row) -> Result<Found, Failure> {
    let outcome = finding.outcome;
    let offer = |judgement| Some(Wish::Offer { outcome, judgement });
    Ok(match outcome {
        Outcome::Renew => (Stands::ToOffer, None, offer(None)),
        Outcome::RenewNotedDip => (Stands::ToOfferNotedDip, Some(dip(finding)?), offer(None)),
        Outcome::NotEligible => (
            Stands::ToRefuseNotEligible,
            finding.grade.map(|grade| format!("Ofsted graded it {grade}")),
            Some(Wish::Refuse(WhyRefused::NotEligible)),
        ),
        Outcome::Judgement | Outcome::Referral => match judged(finding) {
            None => (Stands::AwaitsJudgement, Some(outcome.in_words().to_owned()), None),
            Some(judged) => {
                let why = format!("{} ({})", judged.reason, judged.minute);
                match judged.verdict {
                    Verdict::Eligible => (Stands::ToOfferJudged, Some(why), offer(Some(judged))),
                    Verdict::NotEligible => {
                        let Judged { reason, minute, .. } = judged;
                        let refuse = Wish::Refuse(WhyRefused::Judgement { reason, minute });
                        (Stands::ToRefuseJudged, Some(why), Some(refuse))
                    }
                }
            }
        },
    })
}

/// A refusal for a mark that a regrade has lifted is the only one that is taken up again by itself (D9).
fn after_refusal(row: &memberships::Row, found: Found) -> Found {
    let (now, _, wish) = &found;
    let by_mark = row.renewal_refused == Some(Departure::RefusedMark);
    match wish {
        _ if by_mark && *now != Stands::ToRefuseMarked => found,
        Some(Wish::Offer { .. }) => said_otherwise("refused", found),
        Some(Wish::Refuse(_)) | None => (Stands::Refused, refused(row), None),
    }
}

/// A grade of 3 or 4 bars what is not agreed yet (D9).  A review that was run again does not: what the school was told
/// stands until somebody looks at it (D17).
fn after_offer(said: Renewal, found: Found) -> Found {
    let so_far = if said == Renewal::Accepted { Stands::Accepted } else { Stands::Offered };
    let (stands, why, wish) = found;
    match (&wish, stands) {
        (Some(Wish::Refuse(WhyRefused::Marked)), _) | (None, Stands::Closed) => (stands, why, wish),
        // Kept, so that a school that is named can be offered it again, with another day to answer by.
        (Some(Wish::Offer { .. }), _) => (so_far, why, wish.filter(|_| said == Renewal::Offered)),
        (Some(Wish::Refuse(_)), _) | (None, Stands::AwaitsJudgement) => {
            said_otherwise("offered", (stands, why, wish))
        }
        (None, _) => {
            let why = why.map_or_else(String::new, |why| format!(" ({why})"));
            (so_far, Some(format!("{}{why}", stands.in_words())), None)
        }
    }
}

fn said_otherwise(was: &str, (stands, why, wish): Found) -> Found {
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    let why = format!("was {was}; now {}{why}", stands.in_words());
    (Stands::SaidOtherwise, Some(why), wish)
}

fn refused(row: &memberships::Row) -> Option<String> {
    Some(match row.renewal_refused? {
        Departure::RefusedMark => "Ofsted grade of 3 or 4".to_owned(),
        Departure::RefusedReview => "criteria no longer met".to_owned(),
        Departure::RefusedCover => "no SSAT membership".to_owned(),
        Departure::RefusedJudgement => "judgement of the steering group".to_owned(),
        Departure::NotRenewed
        | Departure::Declined
        | Departure::Closed
        | Departure::Merged
        | Departure::CarriedOver
        | Departure::Earlier => return None,
    })
}

pub(super) fn mark(row: &memberships::Row, counts_for: LeadingEdgeYear) -> String {
    let grade = row.mark_grade.map_or_else(String::new, |grade| format!("{grade}, "));
    let published = row.mark_published_on.map_or_else(String::new, |day| Day(day).to_string());
    format!("Ofsted: {grade}published {published}; bars {counts_for}")
}

pub(super) fn closed(school: &School) -> String {
    let on = school.closed_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
    let after = match (school.successor, school.successors) {
        (Some(urn), _) => format!("; {urn} came after it"),
        (None, 0) => "; nothing on record came after it".to_owned(),
        (None, several) => format!("; {several} schools came after it"),
    };
    format!("closed{on}{after}")
}

/// A grade that was public only after the day that the review looked at, where it is on the other side of what may renew
/// (R14).  (Grades of a predecessor are seen by running the review again.)
fn graded_since(finding: &findings::Row, seen: &Seen<'_>) -> Option<String> {
    let school = seen.school?;
    let (now, from) = (school.grade?, school.grade_public_from?);
    let may_renew = |grade: Grade| grade < Grade::RequiresImprovement;
    let differs = finding.grade.is_none_or(|then| may_renew(then) != may_renew(now));
    let since = from > seen.reviewed_as_at && from <= seen.on;
    (since && differs).then(|| {
        format!(
            "graded {now}, published {}, after the day that the review looked at ({}): run the review again",
            Day(from),
            Day(seen.reviewed_as_at)
        )
    })
}

fn judged(finding: &findings::Row) -> Option<Judged> {
    Some(Judged {
        verdict: finding.verdict?,
        reason: finding.verdict_reason.clone()?,
        minute: finding.verdict_minute.clone()?,
    })
}

/// The year that fell short, as the finding's clauses say it.
fn dip(finding: &findings::Row) -> Result<String, Failure> {
    let clauses = finding
        .clauses()
        .map_err(|source| Failure::Undecodable { position: finding.position, source })?;
    let fell_short = |clause: &&Clause| clause.rule == "R13" && clause.result == Answer::Failed;
    let years: Vec<String> =
        clauses.iter().filter(fell_short).map(|clause| clause.actual.clone()).collect();
    Ok(years.join("; "))
}
