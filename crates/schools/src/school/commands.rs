//! What may be asked of a school's record.

use chrono::NaiveDate;
use kernel::{Outcome, Release, Source, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::school::{Inspection, Predecessor};
use crate::{Details, Figures, Results};

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Take down what a file says of the school: registers it the first time, corrects its details after that.  It counts
    /// from the day the file became public, until the next file that says otherwise.
    Register { details: Details, public_from: NaiveDate, source: Source },
    /// Take down that the school closed.  `on` is absent where the register gives no date.
    Close { on: Option<NaiveDate>, public_from: NaiveDate, source: Source },
    /// Take down the school's results in one release.
    RecordResults(Results),
    /// Take down inspections, in any order.
    RecordInspections(Vec<Inspection>),
    /// Take down schools that `school`, whose record this is, succeeded.  (A record does not know its own URN; it is
    /// named so that a school that is said to succeed itself is refused.)
    RecordPredecessors { school: Urn, predecessors: Vec<Predecessor> },
    /// Take down membership of the SSAT Secondary Network (D10): both days inclusive; no `until` means open-ended.
    RecordCover {
        from: NaiveDate,
        until: Option<NaiveDate>,
        via_trust: Option<String>,
        source: Source,
    },
    /// The figures of a release were wrong as recorded (D17).  A cell that is not named stays as it is.  A release that
    /// only confirmed a less final one is corrected by its own name.
    CorrectResults { release: Release, figures: Figures, reason: String },
    /// An inspection was wrong as recorded; no outcome means it was not an inspection of this school (D17).
    CorrectInspection { inspected_on: NaiveDate, outcome: Option<Outcome>, reason: String },
}
