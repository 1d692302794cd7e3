//! Answers where the file cannot be written.

use std::error::Error;

use journal::Reader;

use crate::open::not_made;
use crate::{Failure, Journal, ReadStore};

/// The file cannot be written here, and answers are as of the position that it is at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Behind {
    /// The position that answers are as of.
    pub position: u64,
    /// The position asked for.
    pub asked: u64,
    /// What keeps the file from being written.
    pub why: String,
}

impl ReadStore {
    /// As [`ReadStore::catch_up`], for whoever only looks things up: where the file cannot be written (somebody else's
    /// folder, a medium for reading only, a full disk), answers are as of the position it is at, and
    /// [`ReadStore::behind`] says so.  Nothing may be decided on such answers.
    ///
    /// # Errors
    /// As there; [`Failure::NotMade`] when there is nothing of this journal to answer from.
    pub fn catch_up_if_writable(
        &mut self,
        journal: &Reader,
        upto: u64,
        progress: &dyn Fn(u64),
    ) -> Result<u64, Failure> {
        let failure = match self.catch_up(journal, upto, progress) {
            Err(failure) if failure.is_unwritable() => failure,
            other => return other,
        };
        self.refresh()?;
        if self.checked == Journal::NotCheckedYet {
            return Err(not_made(&self.place, "the ones there are of another journal", failure));
        }
        let position = self.position()?;
        if position == 0 {
            return Err(not_made(&self.place, "there are none yet", failure));
        }
        let behind = Behind { position, asked: upto, why: told(&failure) };
        tracing::warn!("{behind}");
        self.behind = Some(behind);
        Ok(position)
    }

    /// `None`, unless the file could not be brought up to date when that was last asked of it.
    #[must_use]
    pub fn behind(&self) -> Option<&Behind> {
        self.behind.as_ref()
    }
}

/// `the read models cannot be brought up to date; answers are as of event 3 of 5: ...`
impl std::fmt::Display for Behind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the read models cannot be brought up to date; answers are as of event {} of {}: {}",
            self.position, self.asked, self.why
        )
    }
}

/// A failure with its causes, in one line.
fn told(failure: &Failure) -> String {
    let mut told = failure.to_string();
    let mut cause = failure.source();
    while let Some(why) = cause {
        told.push_str(&format!(": {why}"));
        cause = why.source();
    }
    told
}
