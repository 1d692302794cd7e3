//! What may be asked of a year's fee.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fee::Price;

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Set what the year costs (R10); it is also the fee of the years after it, until another is set.
    Set(Price),
}
