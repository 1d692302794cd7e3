use std::fmt;

/// An event that nobody could understand from the catalogue, and what it lacks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Defect {
    /// `<context>.<aggregate>`, and the event where it is about one.
    pub of: String,
    /// What is wrong, to be read after the name.
    pub what: String,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.of, self.what)
    }
}
