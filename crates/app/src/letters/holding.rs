//! An office that was put back from a backup holds its letters: what went since the backup was taken is not in its journal, and
//! would go again.  Somebody says what went, by the ids of the letters, and then they go.
//!
//! Two small files beside the journal: one that holds letters, and one that lists those that went.  The id of a letter follows from
//! what it says, so that a letter of the list does not go either when what calls for it is only entered once more.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kernel::LetterId;
use serde::Serialize;

use super::post::write_whole;
use crate::{Desk, Failure, Office};

/// What the file says that holds letters, for whoever looks into it.
const HELD: &str = "This office was put back from a backup, and holds its letters: those that went since the backup was taken would \
                    go again.\nSay what went with `ledge letter resume`; do not delete this file.\n";

/// Of a file that is looked through for ids: the longest that is taken, in bytes.
const LONGEST_LOG: u64 = 1 << 30;

/// Where an office keeps that its letters are held, and which went before it was put back.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    pub(crate) held: PathBuf,
    pub(crate) went: PathBuf,
}

/// What somebody says went since the backup was taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WentSince {
    Nothing,
    /// The letters whose ids stand in these files, whatever else does: a list, or what of a mail server's log tells of letters
    /// that were delivered.
    In(Vec<PathBuf>),
}

/// What letting letters go again comes to.
#[derive(Clone, Debug, Serialize)]
pub struct Resumed {
    /// Ids of letters that were found in the files.
    pub found: usize,
    /// Of these, letters that the office has as due or put off: they do not go.
    pub kept_back: Vec<LetterId>,
    /// Of these, letters that nothing on record calls for as yet; they will not go either.
    pub unknown: usize,
    /// Open letters that are not kept back; of those, old ones go only where they are named.
    pub due: usize,
}

impl Hold {
    /// Holds letters from now on; they may be held already.
    pub(crate) fn take(&self) -> Result<(), Failure> {
        if self.held.exists() {
            return Ok(());
        }
        let folder = self.held.parent().unwrap_or(Path::new("."));
        write_whole(folder, &self.held, HELD.as_bytes()).map_err(cannot(&self.held))
    }

    /// Held, or about to be by the first office that opens.
    pub(crate) fn is_on(&self) -> bool {
        let folder = self.held.parent().unwrap_or(Path::new("."));
        self.held.exists() || event_store::seems_put_back(folder).unwrap_or(false)
    }

    /// The letters that went before the office was put back.
    pub(crate) fn went(&self) -> Result<BTreeSet<LetterId>, Failure> {
        match fs::read(&self.went) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
            read => Ok(ids_in(&read.map_err(unreadable(&self.went))?)),
        }
    }

    fn resume(&self, went: &BTreeSet<LetterId>) -> Result<(), Failure> {
        let lines: String = went.iter().map(|letter| format!("{letter}\n")).collect();
        let folder = self.went.parent().unwrap_or(Path::new("."));
        write_whole(folder, &self.went, lines.as_bytes()).map_err(cannot(&self.went))?;
        match fs::remove_file(&self.held) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot(&self.held)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl Desk {
    /// Why no letter goes for now.  `None`: letters go.
    #[must_use]
    pub fn letters_held(&self) -> Option<String> {
        self.hold.is_on().then(|| {
            "letters are held: this office was put back from a backup, and what went since the backup was taken would go again; say \
             what went with `ledge letter resume --went FILE`, or that nothing did with `--nothing-went`"
                .to_owned()
        })
    }

    /// Whether a letter went before the office was put back.
    pub(super) fn went_before(&self, letter: LetterId) -> Result<bool, Failure> {
        if let Some(went) = self.went.get() {
            return Ok(went.contains(&letter));
        }
        let went = self.hold.went()?;
        Ok(self.went.get_or_init(|| went).contains(&letter))
    }

    /// What letting letters go again would come to.
    ///
    /// # Errors
    /// Letters are not held; a file cannot be read, or has no id of a letter.
    pub fn check_resume(&self, since: &WentSince) -> Result<Resumed, Failure> {
        Ok(self.resuming(since)?.0)
    }

    fn resuming(&self, since: &WentSince) -> Result<(Resumed, BTreeSet<LetterId>), Failure> {
        if !self.hold.is_on() {
            return Err(Failure::Refused(
                "letters are not held: they go as they are due".to_owned(),
            ));
        }
        let mut found = BTreeSet::new();
        if let WentSince::In(files) = since {
            for file in files {
                let ids = ids_in(&read_log(file)?);
                if ids.is_empty() {
                    return Err(Failure::Refused(format!(
                        "`{}` has no id of a letter: what is wanted has ids such as the one in \
                         `Message-ID: <eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3@network.example>`",
                        file.display()
                    )));
                }
                found.extend(ids);
            }
        }
        let mut went = self.hold.went()?;
        went.extend(&found);
        let rows = self.read.letters()?;
        let open = rows.iter().filter(|row| row.is_open()).map(|row| row.letter);
        let (kept_back, due): (Vec<LetterId>, Vec<LetterId>) =
            open.partition(|letter| went.contains(letter));
        let on_record: BTreeSet<LetterId> = rows.iter().map(|row| row.letter).collect();
        let unknown = found.difference(&on_record).count();
        Ok((Resumed { found: found.len(), kept_back, unknown, due: due.len() }, went))
    }
}

impl Office {
    /// Lets letters go again in an office that was put back from a backup, but for those that went since the backup was taken.
    ///
    /// # Errors
    /// As [`Desk::check_resume`]; or the list cannot be written.
    pub fn resume_letters(&mut self, since: &WentSince) -> Result<Resumed, Failure> {
        let (resumed, went) = self.desk.resuming(since)?;
        self.desk.hold.resume(&went)?;
        self.desk.went = std::cell::OnceCell::new();
        Ok(resumed)
    }
}

/// Every id that stands in a text, whatever stands around it.
fn ids_in(text: &[u8]) -> BTreeSet<LetterId> {
    const LENGTH: usize = 36;
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    text.split(|byte| !is_part(byte))
        .filter(|word| word.len() == LENGTH)
        .filter_map(|word| std::str::from_utf8(word).ok()?.parse().ok())
        .collect()
}

fn read_log(file: &Path) -> Result<Vec<u8>, Failure> {
    let found = fs::metadata(file).map_err(unreadable(file))?;
    if !found.is_file() || found.len() > LONGEST_LOG {
        return Err(Failure::Refused(format!(
            "`{}` is no file, or longer than 1 GB: give the part of it that is about these days",
            file.display()
        )));
    }
    fs::read(file).map_err(unreadable(file))
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::Unreadable { path: path.display().to_string(), source }
}

fn cannot(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::File { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::ids_in;

    #[test]
    fn ids_are_found_whatever_stands_around_them() {
        let log = "Nov 3 postfix: message-id=<eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3@network.example>\n\
                   outbox/0b0b9c1e-6a5e-5c8f-9a37-7a2f4f0b7f11.eml, F3A9C6C8C0825B5EB803AC1B2EE94FD3\n\
                   eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3\n";
        let found: Vec<String> = ids_in(log.as_bytes()).iter().map(ToString::to_string).collect();
        let expected =
            ["0b0b9c1e-6a5e-5c8f-9a37-7a2f4f0b7f11", "eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3"];
        assert_eq!(found, expected);
    }
}
