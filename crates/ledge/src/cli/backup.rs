//! What may be typed of backups.

use std::path::PathBuf;

use clap::Args;

const BACKUP: &str = "\
Examples:
  ledge backup --out backup-2019-03-31
  ledge --data backup-2019-03-31 verify       the copy is an office's folder

It has the journal, the documents, the sealed copies of letters that went, and
letters.toml.  The keys of contacts are not in it.  Copy their file apart, and
keep that copy for a shorter time: whoever is forgotten is known for as long as
it is there.

To restore, copy the whole folder to a new place, with the keys in it as keys/.
Letters are held there until `ledge letter resume` is told what went since the
backup was taken.";

#[derive(Args, Debug)]
#[command(after_help = BACKUP)]
pub(crate) struct Backup {
    /// The folder to make; it must not be there yet.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}
