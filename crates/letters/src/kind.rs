use kernel::{LeadingEdgeYear, LetterId, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What a letter is for.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// The school is invited to join (R3).
    Invitation,
    InvitationReminder,
    /// What an applicant is told: whether more is wanted (R4, R5).
    ApplicationReply,
    /// Evidence is asked for (R5, R6).
    EvidenceRequest,
    EvidenceReminder,
    /// The steering group put its decision off.
    Deferral,
    /// The steering group decided that the school may join (R6); what is awaited of it now.
    MayJoin,
    /// The school is accepted, from a day (R7, R9, R10).
    Acceptance,
    /// The school may not join, and why (R6).
    Decline,
    RenewalOffer,
    RenewalReminder,
    /// Ofsted graded it 3 or 4: not eligible to renew, and what the network can do for it until then (R14, R15).
    NotEligible,
    /// The mark is lifted.
    EligibleAgain,
    /// The network does not renew, for another reason than a grade (R12).
    RenewalRefused,
    /// The invoice, with its document attached (R10).
    Invoice,
    /// It is not paid, step by step.
    OverdueInvoice,
}

/// Whom a letter is addressed to: a role at the school, never a name.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Recipient {
    Head,
    Main,
    Finance,
}

/// What a letter says, to which school.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct About {
    pub kind: Kind,
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    /// What tells it from another letter of its kind to the school in the year: a day, the number of an invoice.  Empty: there
    /// is only one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub occasion: String,
}

impl Kind {
    /// To whom such a letter goes first; where that contact is not on record, to the school's main one.
    #[must_use]
    pub fn addressed(self) -> Recipient {
        match self {
            Self::Invitation
            | Self::InvitationReminder
            | Self::ApplicationReply
            | Self::EvidenceRequest
            | Self::EvidenceReminder
            | Self::Deferral
            | Self::MayJoin
            | Self::Acceptance
            | Self::Decline
            | Self::RenewalOffer
            | Self::RenewalReminder
            | Self::NotEligible
            | Self::EligibleAgain
            | Self::RenewalRefused => Recipient::Head,
            Self::Invoice | Self::OverdueInvoice => Recipient::Finance,
        }
    }
}

impl About {
    /// The letter's id: the same news to the same role is the same letter.
    #[must_use]
    pub fn id(&self) -> LetterId {
        let role = <&str>::from(self.kind.addressed());
        LetterId::derived(&[
            "letter",
            self.kind.into(),
            &self.urn.to_string(),
            &self.year.to_string(),
            &self.occasion,
            role,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(kind: Kind, urn: &str, occasion: &str) -> About {
        let year = "2019-20".parse().unwrap();
        About { kind, urn: urn.parse().unwrap(), year, occasion: occasion.to_owned() }
    }

    #[test]
    fn the_same_news_is_one_letter_and_other_news_another() {
        let letter = about(Kind::Invitation, "100003", "");
        assert_eq!(letter.id(), letter.clone().id());
        for other in [
            about(Kind::RenewalOffer, "100003", ""),
            about(Kind::Invitation, "100004", ""),
            about(Kind::Invitation, "100003", "2019-03-01"),
            About { year: "2020-21".parse().unwrap(), ..letter.clone() },
        ] {
            assert_ne!(letter.id(), other.id(), "{other:?}");
        }
    }

    /// An id that changed would make every letter that was sent due once more.
    #[test]
    fn the_id_of_a_letter_never_changes() {
        assert_eq!(
            about(Kind::Invitation, "100003", "").id().to_string(),
            "eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3"
        );
    }
}
