use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A school's Unique Reference Number: five or six digits, given once by the register.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[1-9][0-9]{4,5}$"))]
pub struct Urn(u32);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a URN: a URN is five or six digits and does not start with zero")]
pub struct NotAUrn(String);

impl Urn {
    /// For keys of tables; everywhere else a URN is text.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

impl FromStr for Urn {
    type Err = NotAUrn;

    fn from_str(text: &str) -> Result<Self, NotAUrn> {
        match text.parse() {
            Ok(number @ 10_000..=999_999) if text.starts_with(|c| ('1'..='9').contains(&c)) => {
                Ok(Self(number))
            }
            _ => Err(NotAUrn(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Urn {
    type Error = NotAUrn;

    fn try_from(text: String) -> Result<Self, NotAUrn> {
        text.parse()
    }
}

impl From<Urn> for String {
    fn from(urn: Urn) -> Self {
        urn.to_string()
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_or_six_digits_make_a_urn() {
        for text in ["10000", "123456"] {
            assert_eq!(text.parse::<Urn>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn anything_else_does_not() {
        for text in ["", "1234", "1234567", "012345", "12345x", "+12345"] {
            assert_eq!(text.parse::<Urn>(), Err(NotAUrn(text.to_owned())), "{text}");
        }
    }
}
