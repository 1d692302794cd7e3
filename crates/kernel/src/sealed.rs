use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::PersonId;

/// What is known of a person, sealed under a key that is this person's alone and lies outside the journal.
///
/// Personal data stand in an event in this form and no other: where the key is gone, so are they, wherever the event was
/// copied to.
#[derive(Clone, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[schemars(extend("x-personal-data" = true))]
pub struct Sealed {
    pub person: PersonId,
    /// Drawn by chance for this seal, never used again under the same key.
    #[serde(with = "nonce")]
    #[schemars(with = "String", length(equal = 32), extend("contentEncoding" = "base64"))]
    pub nonce: [u8; Self::NONCE],
    /// What was sealed, and the tag by which a changed byte is found.
    #[serde(with = "bytes")]
    #[schemars(with = "String", extend("contentEncoding" = "base64"))]
    pub ciphertext: Vec<u8>,
}

impl Sealed {
    /// The length of a nonce, in bytes.
    pub const NONCE: usize = 24;
}

/// Whose it is, and no more.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("person", &self.person).finish_non_exhaustive()
    }
}

/// Bytes as base64 text.
mod bytes {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

mod nonce {
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    use super::{Sealed, bytes};

    pub(super) fn serialize<S: Serializer>(
        nonce: &[u8; Sealed::NONCE],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bytes::serialize(nonce, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; Sealed::NONCE], D::Error> {
        let bytes = bytes::deserialize(deserializer)?;
        bytes.try_into().map_err(|_| D::Error::custom("a nonce has 24 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_written_as_base64_and_read_back() {
        let sealed = Sealed {
            person: "0190c0de-0000-7000-8000-000000000001".parse().unwrap(),
            nonce: [7; Sealed::NONCE],
            ciphertext: vec![0, 255, 16],
        };
        let text = serde_json::to_string(&sealed).unwrap();
        assert!(text.contains(r#""ciphertext":"AP8Q""#), "{text}");
        assert_eq!(serde_json::from_str::<Sealed>(&text).unwrap(), sealed);
        assert!(serde_json::from_str::<Sealed>(&text.replace("AP8Q", "AP8")).is_err());
        let short = text.replacen("Bwc", "", 1);
        assert!(serde_json::from_str::<Sealed>(&short).is_err());
        assert!(!format!("{sealed:?}").contains("255"), "{sealed:?}");
    }
}
