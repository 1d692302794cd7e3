//! Texts that very many rows have in common: the name of the file they come from, and its hash.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is kept once, however many rows have it.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Shared(Arc<str>);

/// Where texts are kept once.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    all: HashSet<Arc<str>>,
    /// The texts asked for last: rows of one file come one after the other.
    last: [Option<Shared>; 2],
}

impl Texts {
    pub(crate) fn shared(&mut self, text: &str) -> Shared {
        if let Some(shared) = self.last.iter().flatten().find(|last| ***last == *text) {
            return shared.clone();
        }
        let shared = match self.all.get(text) {
            Some(kept) => Shared(Arc::clone(kept)),
            None => {
                let kept: Arc<str> = text.into();
                self.all.insert(Arc::clone(&kept));
                Shared(kept)
            }
        };
        self.last = [Some(shared.clone()), self.last[0].take()];
        shared
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once() {
        let mut texts = Texts::default();
        let words = ["a.csv", "0123", "b.csv", "4567", "c.csv"];
        let first = words.map(|word| texts.shared(word));
        for (word, first) in words.iter().zip(first) {
            let again = texts.shared(word);
            assert!(Arc::ptr_eq(&first.0, &again.0));
            assert_eq!(&*again, *word);
        }
    }
}
