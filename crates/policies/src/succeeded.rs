//! What a succession means for a membership, for the policies that ask it on (D12).

use chrono::NaiveDate;
use schools::school::Succession;

use crate::known::{Known, Registered, Successor};

/// The one school that came after, once it has, with its first day.
///
/// Nothing of a split, also where only one of its schools is known so far: who goes on is for the office to say.
pub(crate) fn only_successor(school: &Known, on: NaiveDate) -> Option<(&Successor, NaiveDate)> {
    let [successor] = school.successors.as_slice() else { return None };
    let one = match successor.succession {
        Succession::Converted | Succession::Merged | Succession::Amalgamated => true,
        Succession::Split => false,
    };
    let first_day = successor.from.or_else(|| after_closing(school.registered, on))?;
    (one && first_day <= on).then_some((successor, first_day))
}

/// Where the link has no day: the one after the school closed.  A school that is open still has not been succeeded yet,
/// whatever the link says.
fn after_closing(registered: Registered, on: NaiveDate) -> Option<NaiveDate> {
    match registered {
        Registered::Open => None,
        Registered::Closed(Some(last_day)) => last_day.succ_opt(),
        Registered::Closed(None) => Some(on),
    }
}
