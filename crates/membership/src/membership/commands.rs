//! What may be asked of a school's membership.

use serde::{Deserialize, Serialize};

use crate::membership::Invitation;

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Command {
    /// Invite the school for a year (R3).
    Invite(Invitation),
}
