use std::fmt;

/// Every event there is.
pub const ALL: &str = "ledge.*.*.*.*";

/// The subject of an event: `ledge.<context>.<aggregate>.<id>.<Event>` (R40).  The stream names its context, aggregate and
/// id already, and none of them has a sign that NATS means something by.
#[must_use]
pub fn subject(stream: &str, event_type: &str) -> String {
    format!("ledge.{stream}.{event_type}")
}

/// Which events are wanted; the server sends no others.  What is not named is anything.
///
/// ```
/// # use subscriber::Filter;
/// let downgrades = Filter { event: Some("OfstedDowngraded"), ..Filter::default() };
/// assert_eq!(downgrades.to_string(), "ledge.*.*.*.OfstedDowngraded");
/// let one_school = Filter { context: Some("schools"), aggregate: Some("school"), id: Some("100003"), event: None };
/// assert_eq!(one_school.to_string(), "ledge.schools.school.100003.*");
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Filter<'a> {
    pub context: Option<&'a str>,
    pub aggregate: Option<&'a str>,
    pub id: Option<&'a str>,
    pub event: Option<&'a str>,
}

impl fmt::Display for Filter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any = |part: Option<&'_ str>| part.unwrap_or("*").to_owned();
        let (context, aggregate) = (any(self.context), any(self.aggregate));
        write!(f, "ledge.{context}.{aggregate}.{}.{}", any(self.id), any(self.event))
    }
}
