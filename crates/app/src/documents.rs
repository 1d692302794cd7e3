//! What schools give as evidence, kept outside the log: a file each, found by its SHA-256 (R5, R6).
//!
//! Invariants:
//! - a document is on the disk for good before any event names it;
//! - the same document twice is one file, and a file is never written over with anything else;
//! - nobody but the office reads it: it may say much of pupils.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use membership::membership::{Document, Sha256};
use serde::Serialize;
use sha2::Digest;

use crate::{Failure, Progress};

/// The longest document that is taken, in bytes: 50 MB.
pub const LONGEST_DOCUMENT: u64 = 50_000_000;

/// Where documents are kept.
#[derive(Clone, Debug)]
pub struct Documents {
    dir: PathBuf,
}

/// A document that is on the disk for good.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) document: Document,
    /// Whether it was kept before.
    pub(crate) was_there: bool,
}

/// Whether the documents are as they were received.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedDocuments {
    /// Documents that events name.
    pub named: u64,
    pub faults: Vec<DocumentFault>,
    /// Files that no event names, as a receipt that was interrupted leaves them: no fault.
    pub unnamed: Vec<String>,
}

/// What is wrong with a document that an event names.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DocumentFault {
    pub sha256: String,
    /// As the school called it.
    pub name: String,
    pub wrong: Wrong,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    Missing,
    /// It has other bytes than those received.
    Altered,
    /// It cannot be read, and why.
    Unreadable(String),
}

impl Documents {
    #[must_use]
    pub fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Takes a copy of a file, and answers when it would survive a loss of power.
    ///
    /// # Errors
    /// It is a folder, empty, or longer than [`LONGEST_DOCUMENT`]; or the disk says no.
    pub(crate) fn keep(&self, path: &Path) -> Result<Kept, Failure> {
        let mut from = readable(path)?;
        self.make_dir().map_err(cannot_make(&self.dir))?;
        let incoming = self.dir.join("incoming");
        let copied = self.copy_in(&mut from, path, &incoming);
        if copied.is_err() {
            // What was copied in part is nobody's; the next to come in takes its place anyway.
            let _ = fs::remove_file(&incoming);
        }
        let (sha256, bytes) = copied?;
        let kept = self.path(&sha256);
        let was_there = kept.exists();
        // A name is put in place whole or not at all; were it there, altered, it would be mended.
        fs::rename(&incoming, &kept)
            .and_then(|()| sync_dir(&self.dir))
            .map_err(cannot_make(&kept))?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let media_type = media_type(path).to_owned();
        Ok(Kept { document: Document { name, media_type, bytes, sha256 }, was_there })
    }

    /// A folder outlives a loss of power once the one it is in is synchronised.  Whoever made it may not have come to that, so it is
    /// done each time; one that was there, as a copy put back, is made private.
    fn make_dir(&self) -> io::Result<()> {
        make_private_dir(&self.dir)?;
        make_private(&self.dir)?;
        self.dir.parent().map_or(Ok(()), sync_dir)
    }

    fn copy_in(
        &self,
        from: &mut File,
        path: &Path,
        incoming: &Path,
    ) -> Result<(Sha256, u64), Failure> {
        match fs::remove_file(incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(cannot_make(incoming)(error));
            }
            Ok(()) | Err(_) => {}
        }
        let mut into = private_file(incoming).map_err(cannot_make(incoming))?;
        // One byte more than is taken shows that it is too long, however long it has become since it was opened.
        let limited = from.take(LONGEST_DOCUMENT + 1);
        let (sha256, bytes) = copy(limited, &mut into).map_err(|error| match error {
            Copy::Reading(source) => unreadable(path, source),
            Copy::Writing(source) => cannot_make(incoming)(source),
        })?;
        fits(path, bytes)?;
        make_read_only(&into).and_then(|()| into.sync_all()).map_err(cannot_make(incoming))?;
        Ok((sha256, bytes))
    }

    /// Takes back what was kept for an event that was not recorded after all.
    pub(crate) fn forget(&self, kept: &[Kept]) {
        for kept in kept.iter().filter(|kept| !kept.was_there) {
            // One that stays is a file that no event names; `verify` tells of it.
            let _ = fs::remove_file(self.path(&kept.document.sha256));
        }
    }

    /// Copies a document out again, to a file that is not there yet.
    ///
    /// # Errors
    /// It is missing or altered, or `out` is there already or cannot be made.
    pub fn hand_out(&self, sha256: &Sha256, out: &Path) -> Result<u64, Failure> {
        let mut from = File::open(self.path(sha256)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Failure::Refused(format!("the document {sha256} is missing: restore `documents/`"))
            }
            _ => unreadable(&self.path(sha256), error),
        })?;
        let mut into = private_file(out).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::Refused(format!("`{}` is there already; name another", out.display()))
            }
            _ => cannot_make(out)(error),
        })?;
        let copied = copy(&mut from, &mut into).map_err(|error| match error {
            Copy::Reading(source) => unreadable(&self.path(sha256), source),
            Copy::Writing(source) => cannot_make(out)(source),
        });
        match copied {
            Ok((found, bytes)) if found == *sha256 => Ok(bytes),
            other => {
                let _ = fs::remove_file(out);
                other.and_then(|_| {
                    Err(Failure::Refused(format!(
                        "the document {sha256} is not what was received: restore `documents/`"
                    )))
                })
            }
        }
    }

    /// Copies every document to another folder, and answers how many that were when they are on the disk.  What is not whole
    /// yet, whose name begins with a dot, stays behind.
    ///
    /// # Errors
    /// One cannot be read, or not be written there.
    pub(crate) fn copy_to(&self, dir: &Path, progress: Progress<'_>) -> Result<u64, Failure> {
        self.copy_all_to("copying the documents", dir, progress)
    }

    pub(crate) fn copy_all_to(
        &self,
        what: &str,
        dir: &Path,
        progress: Progress<'_>,
    ) -> Result<u64, Failure> {
        let mut files = self.files()?;
        files.retain(|name| !name.starts_with('.'));
        make_private_dir(dir).map_err(cannot_make(dir))?;
        let total = files.len() as u64;
        let mut copied = 0;
        for (done, name) in (1..).zip(&files) {
            let (from, into) = (self.dir.join(name), dir.join(name));
            let mut source = match File::open(&from) {
                // It was taken away meanwhile, with the person it told of: whoever checks the copy knows whether it may.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                source => source.map_err(|error| unreadable(&from, error))?,
            };
            let mut kept = private_file(&into).map_err(cannot_make(&into))?;
            copy(&mut source, &mut kept).map_err(|error| match error {
                Copy::Reading(error) => unreadable(&from, error),
                Copy::Writing(error) => cannot_make(&into)(error),
            })?;
            make_read_only(&kept).and_then(|()| kept.sync_all()).map_err(cannot_make(&into))?;
            copied += 1;
            progress(what, done, total);
        }
        sync_dir(dir).map_err(cannot_make(dir))?;
        Ok(copied)
    }

    /// Holds every document that an event names against its hash.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(crate) fn verify(
        &self,
        named: &[projections::documents::Row],
        progress: Progress<'_>,
    ) -> Result<VerifiedDocuments, Failure> {
        let mut seen = BTreeSet::new();
        let mut faults = vec![];
        for row in named {
            if !seen.insert(row.sha256.as_str()) {
                continue;
            }
            if let Some(wrong) = self.wrong(&row.sha256) {
                let (sha256, name) = (row.sha256.clone(), row.name.clone());
                faults.push(DocumentFault { sha256, name, wrong });
            }
            progress("checking the documents", seen.len() as u64, named.len() as u64);
        }
        let unnamed = self.files()?.into_iter().filter(|file| !seen.contains(file.as_str()));
        Ok(VerifiedDocuments { named: seen.len() as u64, faults, unnamed: unnamed.collect() })
    }

    fn wrong(&self, sha256: &str) -> Option<Wrong> {
        let copied = File::open(self.dir.join(sha256))
            .and_then(|mut file| copy(&mut file, &mut io::sink()).map_err(io::Error::from));
        match copied {
            Ok((found, _)) if found.to_string() == sha256 => None,
            Ok(_) => Some(Wrong::Altered),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Wrong::Missing),
            Err(error) => Some(Wrong::Unreadable(error.to_string())),
        }
    }

    /// The names of what is kept, in order.
    fn files(&self) -> Result<Vec<String>, Failure> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            other => other.map_err(|source| unreadable(&self.dir, source))?,
        };
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()
            .map_err(|source| unreadable(&self.dir, source))?;
        names.sort_unstable();
        Ok(names)
    }

    fn path(&self, sha256: &Sha256) -> PathBuf {
        self.dir.join(sha256.to_string())
    }
}

impl fmt::Display for DocumentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sha256, name, wrong } = self;
        match wrong {
            Wrong::Missing => write!(f, "document {sha256} ({name}) is missing"),
            Wrong::Altered => write!(f, "document {sha256} ({name}) is not what was received"),
            Wrong::Unreadable(why) => {
                write!(f, "document {sha256} ({name}) cannot be read: {why}")
            }
        }
    }
}

/// On which side a copy failed.
enum Copy {
    Reading(io::Error),
    Writing(io::Error),
}

impl From<Copy> for io::Error {
    fn from(copy: Copy) -> Self {
        match copy {
            Copy::Reading(error) | Copy::Writing(error) => error,
        }
    }
}

/// Copies to the end, and answers the hash and how many bytes it was.
fn copy(mut from: impl Read, into: &mut impl Write) -> Result<(Sha256, u64), Copy> {
    let mut hash = sha2::Sha256::new();
    let mut bytes = 0;
    let mut part = vec![0; 64 * 1024];
    loop {
        let read = match from.read(&mut part) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Copy::Reading(error)),
        };
        let read = part.get(..read).unwrap_or_default();
        hash.update(read);
        into.write_all(read).map_err(Copy::Writing)?;
        bytes += read.len() as u64;
    }
    let digits = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // 32 bytes are 64 digits, whatever they are.
    let sha256 = digits.parse().map_err(|why| Copy::Reading(io::Error::other(why)))?;
    Ok((sha256, bytes))
}

fn readable(path: &Path) -> Result<File, Failure> {
    let found = fs::metadata(path).map_err(|source| unreadable(path, source))?;
    if !found.is_file() {
        return Err(Failure::Refused(format!(
            "`{}` is no file: name the documents one by one",
            path.display()
        )));
    }
    fits(path, found.len())?;
    File::open(path).map_err(|source| unreadable(path, source))
}

fn fits(path: &Path, bytes: u64) -> Result<(), Failure> {
    match bytes {
        0 => Err(Failure::Refused(format!("`{}` is empty", path.display()))),
        1..=LONGEST_DOCUMENT => Ok(()),
        _ => Err(Failure::Refused(format!(
            "`{}` is longer than the {} MB that a document may have",
            path.display(),
            LONGEST_DOCUMENT / 1_000_000
        ))),
    }
}

fn unreadable(path: &Path, source: io::Error) -> Failure {
    Failure::Unreadable { path: path.display().to_string(), source }
}

fn cannot_make(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::File { path: path.display().to_string(), source }
}

/// What is known by its ending; whoever is handed anything else should look at it as bytes.
fn media_type(path: &Path) -> &'static str {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "csv" => "text/csv",
        "txt" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        _ => "application/octet-stream",
    }
}

#[cfg(unix)]
pub(crate) fn make_private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn make_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

/// A new file that its owner alone may read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_read_only(file: &File) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(true);
    file.set_permissions(permissions)
}

/// A name that was put in place outlives a loss of power once its folder is synchronised.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}
