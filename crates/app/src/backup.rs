//! A copy of what cannot be made anew: the journal, the documents, the copies of letters, and what says who writes them.  Not
//! the keys of people: a copy of them lives apart, and shorter, or nobody who was forgotten would be (R39).

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::documents::{make_private_dir, private_file, sync_dir};
use crate::letters::Post;
use crate::{CopyFault, Desk, DocumentFault, Documents, Failure, Folder, Progress};

/// A copy that was made and checked.
#[derive(Clone, Debug, Serialize)]
pub struct Backup {
    pub folder: PathBuf,
    pub events: u64,
    /// The hash of the last event, in hex: the same hash, the same events.
    pub last_hash: String,
    pub documents: u64,
    /// Sealed copies of letters that went.
    pub letters: u64,
    /// Everything that does not fit, in the copy as in what was copied.
    pub faults: Vec<String>,
}

impl Desk {
    /// Copies the journal and then the documents, and the sealed copies of letters, to a folder that is not there yet, and checks
    /// the copy.  The office may be at work: the copy is of one moment, and every file that its events name was there before
    /// them.
    ///
    /// # Errors
    /// Something is there already, or the copy cannot be made; then nothing is there under that name.
    pub fn back_up(&self, out: &Path, progress: Progress<'_>) -> Result<Backup, Failure> {
        if fs::symlink_metadata(out).is_ok() {
            return Err(Failure::Refused(format!(
                "`{}` is there already; a backup is made in a new folder",
                out.display()
            )));
        }
        let cannot = |source| Failure::File { path: out.display().to_string(), source };
        let beside = out.parent().filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new("."));
        // Under a name that nobody else has; what a backup leaves that was killed is for somebody to remove who knows.
        let mut prefix = out.file_name().unwrap_or(out.as_os_str()).to_owned();
        prefix.push(".part-");
        let unfinished =
            tempfile::Builder::new().prefix(&prefix).tempdir_in(beside).map_err(cannot)?;
        let part = unfinished.path().join("backup");
        make_private_dir(&part).map_err(cannot)?;
        let made = self.copy_into(&part, progress);
        made.and_then(|made| {
            sync_dir(&part)
                .and_then(|()| fs::rename(&part, out))
                .and_then(|()| sync_dir(beside))
                .map_err(cannot)?;
            Ok(Backup { folder: out.to_owned(), ..made })
        })
    }

    fn copy_into(&self, dir: &Path, progress: Progress<'_>) -> Result<Backup, Failure> {
        let copy = Folder::at(dir);
        // Those that are named now are named in the copy, too.
        let named = self.read.documents()?;
        progress("copying the journal", 0, 0);
        self.journal.copy_to(&copy.journal)?;
        let documents = self.documents.copy_to(&copy.documents, progress)?;
        let letters = if self.post.copies().exists() {
            let what = "copying the copies of letters";
            let sent = Documents::at(self.post.copies().to_owned());
            sent.copy_all_to(what, &copy.copies, progress)?
        } else {
            0
        };
        // What nobody could type anew from memory; and whoever puts the copy back is to be asked what went since.
        copy_where_it_is(&self.settings, &copy.letter_settings)?;
        copy_where_it_is(&self.hold.went, &copy.letters_went)?;
        copy.hold().take()?;
        let verified = journal::verify(&copy.journal, &mut |done, total| {
            progress("checking the copy", done, total);
        })?;
        let received = Documents::at(copy.documents.clone()).verify(&named, progress)?;
        let faults = verified.faults.iter().map(ToString::to_string);
        let sent = self.verify_copies_in(&Post::of(&copy), verified.events, progress)?;
        let unsent = sent.faults.iter().map(CopyFault::to_string);
        let lost = received.faults.iter().map(DocumentFault::to_string);
        // What was made beside it for the reading.
        for end in ["-wal", "-shm"] {
            let mut beside = copy.journal.as_os_str().to_owned();
            beside.push(end);
            let _ = fs::remove_file(beside);
        }
        Ok(Backup {
            folder: dir.to_owned(),
            events: verified.events,
            last_hash: verified.last_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            documents,
            letters,
            faults: faults.chain(lost).chain(unsent).collect(),
        })
    }
}

fn copy_where_it_is(from: &Path, into: &Path) -> Result<(), Failure> {
    let copied = fs::read(from).and_then(|bytes| {
        let mut file = private_file(into)?;
        file.write_all(&bytes)?;
        file.sync_all()
    });
    match copied {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        copied => {
            copied.map_err(|source| Failure::File { path: into.display().to_string(), source })
        }
    }
}
