//! Holds the copies of letters against the events that name them: is what went still as it went (R39)?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;

use contacts::person::Event as Person;
use kernel::{LetterId, PersonId};
use letters::letter::Event as Letter;
use projections::Event;
use serde::Serialize;

use super::copies::Kept;
use super::post::{Lying, Post};
use crate::{Desk, Failure, Progress};

/// What was found of the sealed copies of letters.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VerifiedCopies {
    /// Copies that events name, one for each attempt to send a letter.
    pub named: u64,
    /// Of these, those that were opened and are as they went.
    pub as_they_went: u64,
    /// Those that nobody can read any more, because whoever had the letter was forgotten.
    pub forgotten: u64,
    /// Those that are as they were kept, and could not be opened here: the key of whoever had the letter is not at hand.
    pub unopened: u64,
    pub faults: Vec<CopyFault>,
    /// Files that no event names: a sending that was broken off before it began.
    pub unnamed: Vec<PathBuf>,
}

/// A copy that is not as it should be.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CopyFault {
    pub letter: LetterId,
    /// From the office's folder on.
    pub path: PathBuf,
    pub wrong: WrongCopy,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongCopy {
    Missing,
    /// It has other bytes than were kept.
    Altered,
    /// It has the bytes that were kept, and does not open as the copy of this letter.
    Another,
    /// The file cannot be read, and why.
    Unreadable(String),
}

/// What the events say that there should be.
#[derive(Default)]
struct Named {
    copies: BTreeMap<String, (LetterId, PersonId)>,
    forgotten: BTreeSet<PersonId>,
}

impl Desk {
    /// Holds every copy of a letter that an event names against its hash, and opens it where the key is at hand.
    ///
    /// # Errors
    /// The journal, the keys or the folder cannot be read.
    pub fn verify_copies(&self, progress: Progress<'_>) -> Result<VerifiedCopies, Failure> {
        self.verify_copies_in(&self.post, self.journal.head()?, progress)
    }

    /// The same of the copies in a folder, which are to be those of the events up to a position.
    pub(crate) fn verify_copies_in(
        &self,
        post: &Post,
        upto: u64,
        progress: Progress<'_>,
    ) -> Result<VerifiedCopies, Failure> {
        let Named { copies, forgotten } = self.copies_named(upto, progress)?;
        let mut verified =
            VerifiedCopies { named: copies.len() as u64, ..VerifiedCopies::default() };
        for (done, (sha256, (letter, person))) in copies.iter().enumerate() {
            progress("checking the copies of letters", done as u64, verified.named);
            let wrong = match post.copy(sha256) {
                Ok(Lying::AsKept(sealed)) => match self.keys.opened(*letter, *person, &sealed) {
                    Ok(Kept::AsItWent(_)) => {
                        verified.as_they_went += 1;
                        continue;
                    }
                    Ok(Kept::Forgotten) => {
                        verified.forgotten += 1;
                        continue;
                    }
                    Ok(Kept::Missing | Kept::Altered | Kept::Another) => WrongCopy::Another,
                    Err(Failure::KeyMissing { .. }) => {
                        verified.unopened += 1;
                        continue;
                    }
                    Err(failure) => return Err(failure),
                },
                Ok(Lying::Altered) => WrongCopy::Altered,
                Ok(Lying::Nothing) if forgotten.contains(person) => {
                    verified.forgotten += 1;
                    continue;
                }
                Ok(Lying::Nothing) => WrongCopy::Missing,
                Err(Failure::Unreadable { source, .. }) => {
                    WrongCopy::Unreadable(source.to_string())
                }
                Err(failure) => return Err(failure),
            };
            verified.faults.push(CopyFault {
                letter: *letter,
                path: post.copy_named(sha256),
                wrong,
            });
        }
        let lying = post.all_copies()?.into_iter();
        let unnamed = lying.filter(|name| !copies.contains_key(name));
        verified.unnamed = unnamed.map(|name| post.copy_named(&name)).collect();
        Ok(verified)
    }

    /// The copies that events up to a position name, and everybody who was forgotten by now: a file is taken away after that
    /// was recorded.
    fn copies_named(&self, upto: u64, progress: Progress<'_>) -> Result<Named, Failure> {
        let mut named = Named::default();
        let head = self.journal.head()?;
        let mut failure = None;
        self.journal.for_each(0, head, |entry| {
            let position = entry.position;
            if position.is_multiple_of(10_000) {
                progress("looking for letters in the journal", position, head);
            }
            let tells = ["letters.letter.", "contacts.person."];
            if !tells.iter().any(|stream| entry.stream.starts_with(stream)) {
                return ControlFlow::Continue(());
            }
            match Event::decode(entry.stream, entry.payload) {
                Ok(Some(Event::Letter(letter, Letter::SendingBegan { sending, .. })))
                    if position <= upto =>
                {
                    named.copies.insert(sending.copy, (letter, sending.to));
                }
                Ok(Some(Event::Person(person, Person::PersonForgotten { .. }))) => {
                    named.forgotten.insert(person);
                }
                Ok(_) => {}
                Err(source) => {
                    failure = Some(Failure::NotUnderstood { position, source });
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })?;
        failure.map_or(Ok(named), Err)
    }
}

impl fmt::Display for CopyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { letter, path, wrong } = self;
        let path = path.display();
        match wrong {
            WrongCopy::Missing => {
                write!(
                    f,
                    "the copy of the letter {letter} is missing: restore `{path}` from a backup"
                )
            }
            WrongCopy::Altered => write!(
                f,
                "the copy of the letter {letter} is not as it was kept: restore `{path}` from a backup"
            ),
            WrongCopy::Another => {
                write!(
                    f,
                    "`{path}` does not open as the copy of the letter {letter}: it is another's"
                )
            }
            WrongCopy::Unreadable(why) => {
                write!(f, "the copy of the letter {letter}, `{path}`, cannot be read: {why}")
            }
        }
    }
}
