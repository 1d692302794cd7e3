//! What lies on the disk of letters: files for another program to send, and sealed copies of what went.
//!
//! Invariants:
//! - under its name a file is there whole or not at all, and its owner alone may read it;
//! - what was being written when the program ended is gone when the next office opens;
//! - a copy is on the disk for good before the event names it, and opens for as long as the person is not forgotten.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use kernel::{LetterId, Sealed};
use serde::Serialize;
use sha2::Digest;

use crate::documents::{make_private_dir, private_file, sync_dir};
use crate::{Failure, Folder};

/// The name of what is not whole yet.
const COMING: &str = ".coming";

/// A file that may tell of somebody who was forgotten, and that could not be removed: that is tried again whenever the office
/// opens.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Unremoved {
    pub path: PathBuf,
    pub why: String,
}

/// Where letters lie.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    outbox: PathBuf,
    copies: PathBuf,
}

/// What lies in the place of a copy.
pub(super) enum Lying {
    AsKept(Sealed),
    /// Something that has another hash.
    Altered,
    Nothing,
}

impl Post {
    pub(crate) fn of(folder: &Folder) -> Self {
        Self { outbox: folder.outbox.clone(), copies: folder.copies.clone() }
    }

    /// The folder of sealed copies, each named by its SHA-256.
    pub(crate) fn copies(&self) -> &Path {
        &self.copies
    }

    /// Puts a letter into the outbox.
    pub(super) fn put(&self, letter: LetterId, message: &[u8]) -> io::Result<()> {
        write_whole(&self.outbox, &self.file(letter), message)
    }

    /// Whether a letter lies in the outbox: then it was put there, whatever happened since.
    pub(super) fn lies_there(&self, letter: LetterId) -> bool {
        self.file(letter).exists()
    }

    /// What lies in the outbox of a letter.
    pub(super) fn lying(&self, letter: LetterId) -> io::Result<Vec<u8>> {
        fs::read(self.file(letter))
    }

    /// Keeps a sealed copy, and answers the SHA-256 by which it is found.
    pub(super) fn keep(&self, sealed: &Sealed) -> Result<String, Failure> {
        let text = serde_json::to_vec(sealed).map_err(Failure::Unwritable)?;
        let sha256 = hash(&text);
        let path = self.copies.join(&sha256);
        write_whole(&self.copies, &path, &text).map_err(cannot(&path))?;
        Ok(sha256)
    }

    /// What lies there of a copy, held against the hash by which it is found.
    pub(super) fn copy(&self, sha256: &str) -> Result<Lying, Failure> {
        let path = self.copies.join(sha256);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lying::Nothing),
            read => read.map_err(|source| Failure::Unreadable {
                path: path.display().to_string(),
                source,
            })?,
        };
        if hash(&text) != sha256 {
            return Ok(Lying::Altered);
        }
        Ok(serde_json::from_slice(&text).map_or(Lying::Altered, Lying::AsKept))
    }

    /// A copy as people name it, from the office's folder on.
    pub(super) fn copy_named(&self, sha256: &str) -> PathBuf {
        Path::new(self.copies.file_name().unwrap_or_default()).join(sha256)
    }

    /// The names of all copies that lie there, of those that are whole.
    pub(super) fn all_copies(&self) -> Result<Vec<String>, Failure> {
        let unreadable =
            |source| Failure::Unreadable { path: self.copies.display().to_string(), source };
        let entries = match fs::read_dir(&self.copies) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            entries => entries.map_err(unreadable)?,
        };
        let mut names = vec![];
        for entry in entries {
            let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Takes away what was being written when the program ended: nobody else writes here while an office is open.
    pub(super) fn clear_unfinished(&self) -> Vec<Unremoved> {
        [&self.outbox, &self.copies]
            .into_iter()
            .filter_map(|folder| remove(&folder.join(COMING)))
            .collect()
    }

    /// Takes a letter out of the outbox.
    pub(super) fn clear(&self, letter: LetterId) -> Option<Unremoved> {
        remove(&self.file(letter))
    }

    /// Takes away a copy.
    pub(super) fn clear_copy(&self, sha256: &str) -> Option<Unremoved> {
        remove(&self.copies.join(sha256))
    }

    /// Where a letter lies in the outbox, or would.
    pub(super) fn file(&self, letter: LetterId) -> PathBuf {
        self.outbox.join(format!("{letter}.eml"))
    }
}

fn hash(text: &[u8]) -> String {
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Under another name until it would survive a loss of power.
pub(super) fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_private_dir(folder)?;
    let coming = folder.join(COMING);
    match fs::remove_file(&coming) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let written = private_file(&coming).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&coming, path)
    });
    if written.is_err() {
        // It says as much of somebody as the whole does.
        let _ = fs::remove_file(&coming);
    }
    written.and_then(|()| sync_dir(folder))
}

/// Also where nothing lies there it is gone.
fn remove(path: &Path) -> Option<Unremoved> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Some(Unremoved { path: path.to_owned(), why: error.to_string() })
        }
        Ok(()) | Err(_) => None,
    }
}

fn cannot(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::File { path: path.display().to_string(), source }
}
