//! What may be asked of the calendar.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// A day has come, in London.  One that has begun already begins no second time.
    Begin { on: NaiveDate },
}
