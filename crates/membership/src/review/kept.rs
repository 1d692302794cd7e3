//! What a review keeps of each finding.

use std::io;

use serde::{Deserialize, Serialize};

use crate::review::counts::Counted;
use crate::{Finding, Outcome};

/// Enough of a finding to know whether a new one differs, whether it may be judged, and what it counts for.  (A tuple,
/// because a snapshot has thousands.)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Kept(Counted, Digest);

impl Kept {
    pub(super) fn of(finding: &Finding) -> Self {
        Self(Counted::of(finding), Digest::of(finding))
    }

    pub(super) fn outcome(self) -> Outcome {
        self.0.outcome
    }

    pub(super) fn counted(self) -> Counted {
        self.0
    }
}

/// FNV-1a, 64 bits, over the finding as it is recorded (JSON): the same for every build and machine, unlike the standard
/// library's hashers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Digest(u64);

impl Digest {
    /// The offset basis and prime of FNV-1a for 64 bits (Fowler, Noll and Vo; RFC 9923).
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    fn of(finding: &Finding) -> Self {
        let mut digest = Self(Self::BASIS);
        // Neither a finding (its only map keys are fields) nor this writer can fail; were that ever to change, half a
        // digest still differs from the digest kept, and the finding would be recorded again.
        let _ = serde_json::to_writer(&mut digest, finding);
        digest
    }
}

impl io::Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(Self::PRIME);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Digest;

    /// The test values that its authors publish.
    #[test]
    fn the_digest_is_fnv_1a() {
        for (text, expected) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            let mut digest = Digest(Digest::BASIS);
            digest.write_all(text.as_bytes()).unwrap();
            assert_eq!(digest, Digest(expected), "{text}");
        }
    }
}
