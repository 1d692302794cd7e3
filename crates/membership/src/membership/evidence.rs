//! Evidence for an application that national data do not decide, or decide against (R5, R6).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::membership::{Application, Event, Membership, Stage};

/// A document that was received.  It is kept outside the log, where it is found by its hash.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Document {
    /// As the school called it, without its folder.  Personal data, perhaps: a file may be named for a person.
    pub name: String,
    /// As in `application/pdf`.
    pub media_type: String,
    pub bytes: u64,
    pub sha256: Sha256,
}

/// The SHA-256 of a document: 64 hex digits, in small letters.
#[derive(
    Clone, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
pub struct Sha256(String);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a SHA-256: 64 hex digits, in small letters")]
pub struct NotASha256(String);

/// What was asked for and what came.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Evidence {
    pub(super) asked: Option<Asked>,
    /// Whether anything came since it was asked for last.
    pub(super) answered: bool,
    pub(super) received: BTreeSet<Sha256>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Asked {
    pub(super) what: String,
    pub(super) due: NaiveDate,
}

impl Membership {
    pub(super) fn request_evidence(
        &self,
        what: String,
        due: NaiveDate,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let application = self.application_wanting_evidence()?;
        let asked = Asked { what, due };
        if application.evidence.asked.as_ref() == Some(&asked) {
            return Ok(vec![]);
        }
        let Asked { what, due } = asked;
        if what.trim().is_empty() {
            return Err(Refusal::NothingAsked);
        }
        if due < on {
            return Err(Refusal::AnswerDueBeforeAsked { until: due });
        }
        application.precedes(on)?;
        Ok(vec![Event::EvidenceRequested { year: application.year, what, due, on }])
    }

    /// Records the documents that are new; the same document twice is one.
    pub(super) fn receive_evidence(
        &self,
        documents: Vec<Document>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let application = self.application_wanting_evidence()?;
        if documents.is_empty() {
            return Err(Refusal::NoDocument);
        }
        let mut known = application.evidence.received.clone();
        let new: Vec<Document> = documents
            .into_iter()
            .filter(|document| known.insert(document.sha256.clone()))
            .collect();
        if new.is_empty() {
            return Ok(vec![]);
        }
        // What came before it was asked for is evidence all the same; what came before the application is not.
        application.precedes(on)?;
        Ok(vec![Event::EvidenceReceived { year: application.year, documents: new, on }])
    }

    /// An invited or eligible school applies without evidence (R4).
    fn application_wanting_evidence(&self) -> Result<&Application, Refusal> {
        let application = self.open_application()?;
        match &application.stage {
            Stage::Considered | Stage::Referred(_) => Ok(application),
            Stage::Accepted(acceptance) => Err(Refusal::AlreadyAccepted { on: acceptance.on }),
            Stage::Prepared | Stage::Joined { .. } | Stage::Declined { .. } | Stage::Withdrawn => {
                Err(Refusal::NoEvidenceNeeded)
            }
        }
    }
}

impl FromStr for Sha256 {
    type Err = NotASha256;

    fn from_str(text: &str) -> Result<Self, NotASha256> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASha256(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Sha256 {
    type Error = NotASha256;

    fn try_from(text: String) -> Result<Self, NotASha256> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(sha256: Sha256) -> Self {
        sha256.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
