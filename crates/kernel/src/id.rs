use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

ids! {
    /// One recorded event.
    EventId,
    /// One wish: the same id asked again is the same wish, and answers with its first result.
    CommandId,
    /// A letter that falls due: the same news to the same school is one letter.
    LetterId,
    /// A person whom the office deals with.  It says nothing of the person, and outlives what was known of them.
    PersonId,
}

impl CommandId {
    /// The id of a wish that follows from something else (a row of a file, an event): asked again after a crash it is
    /// the same id, so it acts once.  `from` names the wish, most general part first.
    #[must_use]
    pub fn derived(from: &[&str]) -> Self {
        Self(derived(from))
    }
}

impl LetterId {
    /// The id of a letter that follows from what happened.  `from` names the letter, most general part first.
    #[must_use]
    pub fn derived(from: &[&str]) -> Self {
        Self(derived(from))
    }
}

fn derived(from: &[&str]) -> Uuid {
    /// Chosen once for this program; a different namespace would make every old wish new.
    const NAMESPACE: Uuid = Uuid::from_u128(0x6c65_6467_652d_5eed_8000_2003_2011_2018);
    // The separator cannot occur in a part, so ["ab", "c"] and ["a", "bc"] differ.
    Uuid::new_v5(&NAMESPACE, from.join("\u{1f}").as_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $Id:ident,)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        pub struct $Id(Uuid);

        impl $Id {
            /// Mints a fresh, time-ordered id.  Only the edges of the system do this.
            #[must_use]
            #[expect(clippy::disallowed_methods, reason = "the one place ids are minted")]
            pub fn mint() -> Self {
                Self(Uuid::now_v7())
            }

            #[must_use]
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $Id {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $Id {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Ok(Self(text.parse()?))
            }
        }

        impl fmt::Display for $Id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+ };
}
use ids;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_wish_has_the_same_id_and_another_has_another() {
        let id = CommandId::derived(&["import", "9ab1", "100003"]);
        assert_eq!(id, CommandId::derived(&["import", "9ab1", "100003"]));
        assert_ne!(id, CommandId::derived(&["import", "9ab11", "00003"]));
    }
}
