//! The words in which the sheet says how far things are.

use membership::membership::{
    Advice, EndReason, JoiningTerms, LapseReason, Renewal as Carried, WhyRefused,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Outside,
    Member,
    Left,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    FullPackage,
    AgreedTerms,
    FromNextApril,
}

/// Why a school is no longer a member, to be counted by.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    NotRenewed,
    NeverOffered,
    Unanswered,
    RefusedMark,
    RefusedReview,
    RefusedJudgement,
    RefusedCover,
    /// The school's own wish.
    Declined,
    Closed,
    Merged,
    CarriedOver,
    /// Before this system began (R38).
    Earlier,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Renewal {
    Offered,
    Accepted,
    Agreed,
    Refused,
    Declined,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Invitation {
    Open,
    Declined,
    /// Nobody answered in time, as far as is known: a letter that was in time still counts (R4).
    Expired,
    /// The school applied by it.
    Taken,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Application {
    EvidenceNeeded,
    BelowCriteria,
    EvidenceAsked,
    EvidenceReceived,
    Referred,
    Prepared,
    Accepted,
    Declined,
    Withdrawn,
    Joined,
}

impl From<&JoiningTerms> for Terms {
    fn from(terms: &JoiningTerms) -> Self {
        match terms {
            JoiningTerms::FullPackage => Self::FullPackage,
            JoiningTerms::AgreedTerms { .. } => Self::AgreedTerms,
            JoiningTerms::FromNextApril => Self::FromNextApril,
        }
    }
}

impl From<Advice> for Application {
    fn from(advice: Advice) -> Self {
        match advice {
            Advice::Eligible => Self::Prepared,
            Advice::EvidenceNeeded => Self::EvidenceNeeded,
            Advice::Refer => Self::BelowCriteria,
        }
    }
}

impl From<&LapseReason> for Departure {
    fn from(reason: &LapseReason) -> Self {
        match reason {
            LapseReason::NotRenewed => Self::NotRenewed,
            LapseReason::NeverOffered => Self::NeverOffered,
            LapseReason::Unanswered => Self::Unanswered,
            LapseReason::Declined(_) => Self::Declined,
            LapseReason::Refused(why) => why.into(),
        }
    }
}

impl From<&WhyRefused> for Departure {
    fn from(why: &WhyRefused) -> Self {
        match why {
            WhyRefused::Marked => Self::RefusedMark,
            WhyRefused::NotEligible => Self::RefusedReview,
            WhyRefused::Judgement { .. } => Self::RefusedJudgement,
            WhyRefused::NoCover => Self::RefusedCover,
        }
    }
}

impl From<EndReason> for Departure {
    fn from(reason: EndReason) -> Self {
        match reason {
            EndReason::Closed => Self::Closed,
            EndReason::MergedInto(_) => Self::Merged,
        }
    }
}

impl Renewal {
    /// How far the renewal of a membership had come when it was taken over.
    pub(super) fn carried(renewal: &Carried) -> Option<Self> {
        match renewal {
            Carried::NotOffered => None,
            Carried::Offered(_) => Some(Self::Offered),
            Carried::Accepted(_) => Some(Self::Accepted),
            Carried::Refused(_) => Some(Self::Refused),
            Carried::Declined { .. } => Some(Self::Declined),
        }
    }
}
