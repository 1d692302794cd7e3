//! Where the program writes what it was asked for: standard output, or a file that appears when it is whole.
//!
//! Every command that makes a file makes it here, so that none is written over unasked and the office's own never.

use std::fs;
use std::io::{self, BufWriter, Read, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use app::{Failure, Folder};
use tempfile::{Builder, NamedTempFile};

/// Bytes that are written at once.
const AT_ONCE: usize = 1 << 18;

pub(super) enum Target {
    StandardOutput(BufWriter<Stdout>),
    /// Under another name until it is whole; gone when it never is.
    File {
        part: BufWriter<NamedTempFile>,
        name: PathBuf,
        force: bool,
    },
}

/// Who may read the file that is made.
#[derive(Clone, Copy)]
pub(super) enum Readers {
    /// As any new file.
    Anybody,
    /// It may name people.
    OwnerAlone,
}

pub(super) fn is_standard_output(out: &Path) -> bool {
    out == Path::new("-")
}

impl Target {
    /// Refused where something is in the way.
    pub(super) fn at(
        out: &Path,
        force: bool,
        office: &Folder,
        readers: Readers,
    ) -> anyhow::Result<Self> {
        if is_standard_output(out) {
            return Ok(Self::StandardOutput(BufWriter::with_capacity(AT_ONCE, io::stdout())));
        }
        if let Some(why) = in_the_way(out, force, office)? {
            let file = out.display();
            return Err(Failure::Refused(format!("{file} {why}")).into());
        }
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let beginning = format!(".{}.", out.file_name().unwrap_or_default().to_string_lossy());
        let mut part = Builder::new();
        part.prefix(&beginning).suffix(".part");
        #[cfg(unix)]
        part.permissions(std::os::unix::fs::PermissionsExt::from_mode(match readers {
            Readers::Anybody => 0o666,
            Readers::OwnerAlone => 0o600,
        }));
        let part = part
            .tempfile_in(folder)
            .map_err(|source| Failure::File { path: out.display().to_string(), source })?;
        let part = BufWriter::with_capacity(AT_ONCE, part);
        Ok(Self::File { part, name: out.to_owned(), force })
    }

    /// Gives it its name, and answers how many bytes it has.
    pub(super) fn keep(self) -> anyhow::Result<u64> {
        let (part, name, force) = match self {
            Self::StandardOutput(mut out) => {
                out.flush()?;
                return Ok(0);
            }
            Self::File { part, name, force } => (part, name, force),
        };
        let cannot = || format!("cannot write {}", name.display());
        let part =
            part.into_inner().map_err(io::IntoInnerError::into_error).with_context(cannot)?;
        part.as_file().sync_all().with_context(cannot)?;
        let bytes = part.as_file().metadata().with_context(cannot)?.len();
        let kept = if force { part.persist(&name) } else { part.persist_noclobber(&name) };
        kept.map_err(|failure| failure.error).with_context(cannot)?;
        Ok(bytes)
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::StandardOutput(out) => out.write(bytes),
            Self::File { part, .. } => part.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::StandardOutput(out) => out.flush(),
            Self::File { part, .. } => part.flush(),
        }
    }
}

/// Why nothing is written there.
fn in_the_way(out: &Path, force: bool, office: &Folder) -> anyhow::Result<Option<&'static str>> {
    let there = match fs::symlink_metadata(out) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(Failure::Unreadable { path: out.display().to_string(), source }.into());
        }
    };
    if !there.is_file() {
        return Ok(Some(
            "is there and is not a plain file; name another, or - for standard output",
        ));
    }
    if !force {
        return Ok(Some("is there already; name another file, or say --force"));
    }
    if office.holds(out) {
        return Ok(Some("lies among the office's own files, which nothing is written over"));
    }
    if is_database(out)? {
        return Ok(Some("is a database, which nothing is written over; name another file"));
    }
    Ok(None)
}

fn is_database(file: &Path) -> anyhow::Result<bool> {
    let unreadable = |source| Failure::Unreadable { path: file.display().to_string(), source };
    let mut header = vec![];
    fs::File::open(file)
        .and_then(|file| file.take(16).read_to_end(&mut header))
        .map_err(unreadable)?;
    Ok(header == b"SQLite format 3\0")
}
