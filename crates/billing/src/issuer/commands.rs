//! What may be asked of the issuer.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::issuer::Terms;

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Take down who bills from now on, and on what terms (R10, D13).
    Adopt(Terms),
    /// A VAT return was filed, to the end of a day.
    FileVatReturn { until: NaiveDate, on: NaiveDate },
    /// The last VAT return is open again.
    ReopenVatReturn { reason: String, on: NaiveDate },
}
