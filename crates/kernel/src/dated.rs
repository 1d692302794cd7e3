use chrono::NaiveDate;

/// A calendar day as the office writes it on paper and screen: `5 Apr 2018`.  (In data it is `2018-04-05`.)
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Day(pub NaiveDate);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.format("%-d %b %Y").fmt(f)
    }
}

/// An event that knows from which day on it was true in the world, also when that was long before it was recorded (R38).
///
/// `None` means: from the day the command named, which is the day it was recorded unless someone said otherwise.
pub trait Dated {
    /// The first day on which the world could know this (a publication, an adoption), not the day we heard of it.
    fn effective_on(&self) -> Option<NaiveDate>;
}
