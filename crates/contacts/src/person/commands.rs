//! What may be asked of a person's record.

use chrono::NaiveDate;
use kernel::{Sealed, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Role;
use crate::person::Reason;

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// A person whom nobody here knew takes a role at a school.
    Add { urn: Urn, role: Role, from: NaiveDate, details: Sealed },
    /// What is known of them is otherwise, or has changed.
    Correct { details: Sealed, on: NaiveDate },
    /// They take a role, at the same school or another.
    Take { urn: Urn, role: Role, from: NaiveDate },
    /// They have a role until a day, and no longer; the day before they took it says that they never had.
    End { urn: Urn, role: Role, until: NaiveDate },
    /// What is known of them is to be known no more.
    Forget { reason: Reason, on: NaiveDate },
}
