//! What may be asked of how a school is billed.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ledger::Billed;

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Bill it under this name and at this address, such as its trust's, until something else is said.
    SetAddress { billed: Billed, on: NaiveDate },
    /// Bill it as the register names it again.
    ClearAddress { on: NaiveDate },
}
