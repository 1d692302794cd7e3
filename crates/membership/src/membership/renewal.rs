//! Renewal for the coming year (R12 to R14, D5, D9, D10).

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::facts::Cover;
use crate::finding::Outcome;
use crate::membership::{Departure, Event, Left, Member, Membership, Role, Standing};
use crate::refusal::{Refusal, not_before};
use crate::{fee, review};

/// An offer to renew, with what it rests on.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Offer {
    /// What the annual review found; `renew_noted_dip` is kept and told (R13).
    pub outcome: Outcome,
    /// What the steering group judged, where the outcome left it to them (D5).
    pub judgement: Option<Judged>,
    /// The day by which the school is asked to answer.  A later answer counts while its year runs.
    pub answer_by: Option<NaiveDate>,
    pub on: NaiveDate,
}

/// The steering group's judgement, as the annual review has it.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Judged {
    pub verdict: review::Verdict,
    pub reason: String,
    pub minute: String,
}

/// How far the renewal for the year after a term has come.  Once agreed, it is the term.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Renewal {
    NotOffered,
    Offered(Offer),
    /// The school said yes; SSAT cover is awaited.
    Accepted(Offer),
    Refused(WhyRefused),
    /// The school said no.  What the network had said before stays known: it stands again once the no is taken back.
    Declined {
        reason: Option<String>,
        on: NaiveDate,
        offer: Option<Offer>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<Box<WhyRefused>>,
    },
}

/// Why the network does not renew.
#[derive(Clone, Debug, Deserialize, Display, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyRefused {
    /// Ofsted graded it 3 or 4 (R14).
    #[strum(serialize = "Ofsted grade of 3 or 4")]
    Marked,
    /// The annual review found that it no longer meets the criteria (R12).
    #[strum(serialize = "criteria no longer met")]
    NotEligible,
    /// The steering group judged so (D5).
    #[strum(serialize = "judgement of the steering group ({minute}), {reason}")]
    Judgement { reason: String, minute: String },
    /// No SSAT cover on the first day (R7, D10).
    #[strum(serialize = "no SSAT membership")]
    NoCover,
}

impl Membership {
    pub(super) fn offer_renewal(
        &self,
        year: LeadingEdgeYear,
        offer: Offer,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(member) = self.renewable(year, offer.on)? else { return Ok(vec![]) };
        let coming = LeadingEdgeYear::containing(offer.on).next();
        if year != coming {
            return Err(Refusal::NotTheComingYear { year, coming });
        }
        match &member.renewal {
            Renewal::NotOffered | Renewal::Refused(_) => {}
            Renewal::Offered(before) if before.says(&offer) => return Ok(vec![]),
            Renewal::Offered(_) => {}
            Renewal::Accepted(_) => return Ok(vec![]),
            Renewal::Declined { on, .. } => return Err(Refusal::RenewalDeclined { on: *on }),
        }
        member.is_not_marked_for(year)?;
        offer.is_earned(year)?;
        Ok(vec![Event::RenewalOffered { year, offer }])
    }

    pub(super) fn accept_renewal(
        &self,
        year: LeadingEdgeYear,
        by: Role,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(member) = self.renewable(year, on)? else { return Ok(vec![]) };
        match &member.renewal {
            Renewal::Accepted(_) => return Ok(vec![]),
            Renewal::Offered(_) | Renewal::NotOffered | Renewal::Refused(_) => {}
            Renewal::Declined { on, .. } => return Err(Refusal::RenewalDeclined { on: *on }),
        }
        member.is_not_marked_for(year)?;
        member.was_offered(year)?;
        member.offer_precedes(on)?;
        Ok(vec![Event::RenewalAccepted { year, by, on }])
    }

    /// Only what the school said yes to is agreed.  A grade of 3 or 4 published between offer and agreement bars it: the year was not agreed yet (D9).
    pub(super) fn renew(
        &self,
        year: LeadingEdgeYear,
        cover: Cover,
        fee_pence: u64,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(member) = self.renewable(year, on)? else { return Ok(vec![]) };
        member.is_not_marked_for(year)?;
        member.was_accepted(year)?;
        fee::fits(fee_pence)?;
        let (from, until) = (year.first_day(), year.last_day());
        cover
            .covers(from)
            .map_err(|why| Refusal::NotRenewedWithoutCover { first_day: from, why })?;
        Ok(vec![Event::MembershipRenewed { year, from, until, fee_pence, cover, on }])
    }

    pub(super) fn refuse_renewal(
        &self,
        year: LeadingEdgeYear,
        why: WhyRefused,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let member = self.not_renewed(year, on)?;
        match &member.renewal {
            Renewal::Refused(before) if *before == why => return Ok(vec![]),
            Renewal::Declined { on, .. } => return Err(Refusal::RenewalDeclined { on: *on }),
            Renewal::Refused(_)
            | Renewal::NotOffered
            | Renewal::Offered(_)
            | Renewal::Accepted(_) => {}
        }
        let mark = member.mark_for(year).map(|mark| mark.grading.clone());
        match &why {
            WhyRefused::Marked if mark.is_none() => return Err(Refusal::NotMarked { year }),
            WhyRefused::Judgement { reason, .. } if reason.trim().is_empty() => {
                return Err(Refusal::ReasonMissing);
            }
            WhyRefused::Judgement { minute, .. } if minute.trim().is_empty() => {
                return Err(Refusal::MinuteMissing);
            }
            WhyRefused::Marked
            | WhyRefused::NotEligible
            | WhyRefused::Judgement { .. }
            | WhyRefused::NoCover => {}
        }
        member.offer_precedes(on)?;
        let mark = mark.filter(|_| why == WhyRefused::Marked);
        Ok(vec![Event::RenewalRefused { year, why, mark, on }])
    }

    pub(super) fn decline_renewal(
        &self,
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let member = self.not_renewed(year, on)?;
        match &member.renewal {
            Renewal::Declined { .. } => Ok(vec![]),
            Renewal::NotOffered
            | Renewal::Offered(_)
            | Renewal::Accepted(_)
            | Renewal::Refused(_) => {
                member.offer_precedes(on)?;
                Ok(vec![Event::RenewalDeclined { year, reason, on }])
            }
        }
    }

    pub(super) fn take_back_decline(
        &self,
        year: LeadingEdgeYear,
        reason: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(member) = self.renewable(year, on)? else { return Ok(vec![]) };
        match &member.renewal {
            Renewal::Declined { .. } if reason.trim().is_empty() => Err(Refusal::WhyMissing),
            Renewal::Declined { on: declined_on, .. } => {
                not_before(*declined_on, "the school declined on", on)?;
                Ok(vec![Event::RenewalDeclineTakenBack { year, reason, on }])
            }
            Renewal::NotOffered
            | Renewal::Offered(_)
            | Renewal::Accepted(_)
            | Renewal::Refused(_) => Ok(vec![]),
        }
    }

    /// The member whose renewal for a year is open on a day; `None`: the year is agreed already.
    fn renewable(&self, year: LeadingEdgeYear, on: NaiveDate) -> Result<Option<&Member>, Refusal> {
        let member = self.member_that_may_renew(year)?;
        let coming = member.term.year.next();
        if year < coming {
            return Ok(None);
        }
        if year > coming {
            return Err(Refusal::NotTheComingYear { year, coming });
        }
        if on > member.term.until {
            return Err(Refusal::TermOver { until: member.term.until });
        }
        Ok(Some(member))
    }

    /// Who lapsed for want of an answer is told what is left to do (R11).
    fn member_that_may_renew(&self, year: LeadingEdgeYear) -> Result<&Member, Refusal> {
        match &self.standing {
            Standing::Left(Left { last_day, why: Departure::Lapsed(why), .. })
                if last_day.succ_opt() == Some(year.first_day()) =>
            {
                Err(Refusal::LapsedBefore { year, why: why.clone() })
            }
            Standing::Left(_) | Standing::Outside | Standing::Member(_) => self.member(),
        }
    }

    fn not_renewed(&self, year: LeadingEdgeYear, on: NaiveDate) -> Result<&Member, Refusal> {
        let until = self.member_that_may_renew(year)?.term.until;
        self.renewable(year, on)?.ok_or(Refusal::AlreadyRenewed { until })
    }
}

impl Member {
    fn is_not_marked_for(&self, year: LeadingEdgeYear) -> Result<(), Refusal> {
        match self.mark_for(year) {
            Some(mark) => Err(Refusal::Marked {
                year,
                grade: mark.grading.grade,
                published_on: mark.grading.published_on,
            }),
            None => Ok(()),
        }
    }

    fn was_offered(&self, year: LeadingEdgeYear) -> Result<(), Refusal> {
        match &self.renewal {
            Renewal::Offered(_) | Renewal::Accepted(_) => Ok(()),
            Renewal::NotOffered | Renewal::Refused(_) => Err(Refusal::NotOffered { year }),
            Renewal::Declined { on, .. } => Err(Refusal::RenewalDeclined { on: *on }),
        }
    }

    fn was_accepted(&self, year: LeadingEdgeYear) -> Result<(), Refusal> {
        self.was_offered(year)?;
        match &self.renewal {
            Renewal::Accepted(_) => Ok(()),
            Renewal::Offered(_)
            | Renewal::NotOffered
            | Renewal::Refused(_)
            | Renewal::Declined { .. } => Err(Refusal::NotAnswered { year }),
        }
    }

    /// A changed offer keeps the day of the first: what answers that one may be entered later.
    pub(super) fn offered(&mut self, offer: Offer) {
        let before = self.offered_on.filter(|_| matches!(self.renewal, Renewal::Offered(_)));
        self.offered_on = Some(before.map_or(offer.on, |day| day.min(offer.on)));
        self.answer_by = offer.answer_by;
        self.renewal = Renewal::Offered(offer);
    }

    /// No answer, and no refusal, is dated before the offer, nor before the membership where nothing was offered.
    fn offer_precedes(&self, on: NaiveDate) -> Result<(), Refusal> {
        not_before(self.from, "the membership began on", on)?;
        match &self.renewal {
            Renewal::Offered(offer) | Renewal::Accepted(offer) => {
                let offered_on = self.offered_on.unwrap_or(offer.on);
                not_before(offered_on, "renewal was offered on", on)
            }
            Renewal::NotOffered | Renewal::Refused(_) | Renewal::Declined { .. } => Ok(()),
        }
    }
}

impl Renewal {
    pub(super) fn accepted(self) -> Self {
        match self {
            Self::Offered(offer) => Self::Accepted(offer),
            other @ (Self::NotOffered
            | Self::Accepted(_)
            | Self::Refused(_)
            | Self::Declined { .. }) => other,
        }
    }

    pub(super) fn declined(self, reason: Option<String>, on: NaiveDate) -> Self {
        let (offer, refused) = self.said_by_the_network();
        Self::Declined { reason, on, offer, refused: refused.map(Box::new) }
    }

    /// As it was before the school declined: offered, refused, or neither.
    pub(super) fn reopened(self) -> Self {
        match self.said_by_the_network() {
            (_, Some(why)) => Self::Refused(why),
            (Some(offer), None) => Self::Offered(offer),
            (None, None) => Self::NotOffered,
        }
    }

    pub(super) fn answer_by(&self) -> Option<NaiveDate> {
        match self {
            Self::Offered(offer) | Self::Accepted(offer) => offer.answer_by,
            Self::Declined { offer, .. } => offer.as_ref()?.answer_by,
            Self::NotOffered | Self::Refused(_) => None,
        }
    }

    /// The offer, or else the refusal, that the school has its answer to.
    fn said_by_the_network(self) -> (Option<Offer>, Option<WhyRefused>) {
        match self {
            Self::Offered(offer) | Self::Accepted(offer) => (Some(offer), None),
            Self::Refused(why) => (None, Some(why)),
            Self::Declined { offer, refused, .. } => (offer, refused.map(|why| *why)),
            Self::NotOffered => (None, None),
        }
    }
}

impl Offer {
    /// Whether another offer says the same, whenever it was made.
    fn says(&self, other: &Self) -> bool {
        (self.outcome, &self.judgement, self.answer_by)
            == (other.outcome, &other.judgement, other.answer_by)
    }

    /// A dip is kept and noted (R13); what the data leave open needs the steering group's judgement (D5).
    fn is_earned(&self, year: LeadingEdgeYear) -> Result<(), Refusal> {
        match (self.outcome, &self.judgement) {
            (Outcome::Renew | Outcome::RenewNotedDip, _) => {}
            (Outcome::NotEligible, _) => return Err(Refusal::ReviewedNotEligible { year }),
            (outcome @ (Outcome::Judgement | Outcome::Referral), None) => {
                return Err(Refusal::NotJudged { outcome });
            }
            (Outcome::Judgement | Outcome::Referral, Some(judged)) => judged.is_favourable()?,
        }
        match self.answer_by {
            Some(until) if until < self.on => Err(Refusal::AnswerDueBeforeAsked { until }),
            Some(_) | None => Ok(()),
        }
    }
}

impl Judged {
    fn is_favourable(&self) -> Result<(), Refusal> {
        if self.reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        if self.minute.trim().is_empty() {
            return Err(Refusal::MinuteMissing);
        }
        match self.verdict {
            review::Verdict::Eligible => Ok(()),
            review::Verdict::NotEligible => {
                Err(Refusal::JudgedNotEligible { minute: self.minute.clone() })
            }
        }
    }
}
