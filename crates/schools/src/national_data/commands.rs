//! What may be asked of a published dataset.

use kernel::Threshold;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::national_data::{Abandoned, Begun, Import};

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Take down that a file is about to be taken down, so that what it says is known to be incomplete until it is whole.
    BeginImport(Begun),
    /// Take down that a file was read to its end and everything in it is recorded.
    RecordImport(Import),
    /// Give up a file that was begun and will not be read to its end; what of it is recorded stays.
    AbandonImport(Abandoned),
    /// Take down the threshold that follows from the dataset.
    RecordThreshold(Threshold),
}
