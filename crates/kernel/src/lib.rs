//! The words every context shares, and nothing else.
//!
//! A type is admitted only when two contexts say the same word and mean the same thing.

mod dated;
mod grade;
mod id;
mod kind;
mod money;
mod progress8;
mod published;
mod sealed;
mod source;
mod threshold;
mod urn;
mod year;

pub use dated::{Dated, Day};
pub use grade::{Area, CardGrade, Grade, NotAGrade, Outcome};
pub use id::{CommandId, EventId, LetterId, PersonId};
pub use kind::{NotAKind, RecordType, SchoolKind};
pub use money::pounds;
pub use progress8::{Cell, NotProgress8, Progress8, Withheld};
pub use published::Published;
pub use sealed::Sealed;
pub use source::{Release, Source, Standing};
pub use threshold::Threshold;
pub use urn::{NotAUrn, Urn};
pub use year::{AcademicYear, LeadingEdgeYear, NotAYear};
