use std::fmt::Write;
use std::path::Path;

use kernel::Source;
use sha2::{Digest, Sha256};

/// A file as it was found: its name, its fingerprint and every byte of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Without its folder.
    pub name: String,
    /// SHA-256 of all bytes, 64 hex digits.
    pub sha256: String,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    /// Reads the whole file into memory.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Ok(Self::from_bytes(name, std::fs::read(path)?))
    }

    #[must_use]
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { name: name.into(), sha256: hex(&Sha256::digest(&bytes)), bytes }
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// One line of this file, as facts name it.
    #[must_use]
    pub fn source(&self, line: u64) -> Source {
        Source {
            file: self.name.clone(),
            sha256: self.sha256.get(..12).unwrap_or_default().to_owned(),
            line,
        }
    }
}

pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_without_the_folder_and_by_its_sha256() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.csv");
        std::fs::write(&path, "abc").unwrap();
        let file = File::open(&path).unwrap();
        assert_eq!(file.name, "one.csv");
        assert_eq!(file.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(file.source(3).sha256, "ba7816bf8f01");
        assert!(File::open(&folder.path().join("none.csv")).is_err());
    }
}
