//! What has happened to a person's record.  Every shape here is also a line in `events/person.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, Sealed, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::Role;
use crate::person::Reason;

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// A person whom nobody here knew has a role at a school (R39).
    ContactAdded { urn: Urn, role: Role, from: NaiveDate, details: Sealed },
    /// What is known of a person is otherwise, or has changed (R39).
    ContactCorrected { details: Sealed, on: NaiveDate },
    /// A person took a role at a school (R39).
    RoleTaken { urn: Urn, role: Role, from: NaiveDate },
    /// A person has a role until a day, and no longer (R39). `until` is the last day; the day before the first: they
    /// never had it.
    RoleEnded { urn: Urn, role: Role, until: NaiveDate },
    /// A person is known no more (R39). The key under which they were sealed goes next.
    PersonForgotten { reason: Reason, on: NaiveDate },
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        <&str>::from(self).to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    /// None for what a role's first and last day say: the office knows of them from the day they are entered, and a day to
    /// come is no day on which something was known.
    fn effective_on(&self) -> Option<NaiveDate> {
        match self {
            Self::ContactAdded { .. } | Self::RoleTaken { .. } | Self::RoleEnded { .. } => None,
            Self::ContactCorrected { on, .. } | Self::PersonForgotten { on, .. } => Some(*on),
        }
    }
}
