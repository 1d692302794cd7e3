//! For what a school is written to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray, VariantNames};

/// What a person is to the office, at a school.  One person a role and school at a time.
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
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// The headteacher: who is invited, told what was decided, offered the coming year.
    Head,
    /// Whom the office turns to in everything else.
    Main,
    /// Who is sent invoices.
    Finance,
}

impl Role {
    /// As people say it: `finance contact`.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Main => "main contact",
            Self::Finance => "finance contact",
        }
    }
}
