//! The copy of what went, sealed under the key of whoever had it: who is forgotten takes it along.

use std::fmt;

use chrono::NaiveDate;
use kernel::{LetterId, PersonId, Urn};
use letters::Kind;
use letters::letter::Event as Letter;
use projections::Event;
use projections::letters::Row;
use serde::Serialize;
use zeroize::Zeroizing;

use super::post::Unremoved;
use crate::{Desk, Failure, Office};

/// What is sealed in a copy.
pub(super) const SENT: &str = "sent letter";

/// A letter as it went, as a message of RFC 5322.
pub struct Copy {
    pub message: Zeroizing<Vec<u8>>,
}

/// A letter that somebody had.
#[derive(Clone, Serialize)]
pub struct HeldLetter {
    pub letter: LetterId,
    pub kind: Kind,
    pub urn: Urn,
    pub on: Option<NaiveDate>,
    /// As it went; `null`: it did not, or the copy is not there any more.
    pub message: Option<String>,
}

/// Which it is, and no more.
impl fmt::Debug for HeldLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldLetter").field("letter", &self.letter).finish_non_exhaustive()
    }
}

impl Desk {
    /// The letters that a person had.
    pub(crate) fn letters_of(&self, person: PersonId) -> Result<Vec<HeldLetter>, Failure> {
        let mut letters = vec![];
        for row in self.read.letters()?.into_iter().filter(|row| row.person == Some(person)) {
            let sealed = row.copy.as_deref().map(|sha256| self.post.copy(sha256)).transpose()?;
            let opened =
                sealed.flatten().map(|sealed| self.keys.open(&sealed, SENT)).transpose()?;
            let message = opened.flatten();
            letters.push(HeldLetter {
                letter: row.letter,
                kind: row.kind,
                urn: row.urn,
                on: row.acted_on,
                message: message.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            });
        }
        Ok(letters)
    }

    /// The letter as it was sent last.
    ///
    /// # Errors
    /// It was not sent; whoever had it was forgotten; or the copy is not there any more.
    pub fn letter_copy(&self, letter: LetterId) -> Result<Copy, Failure> {
        let row = self.letter_row(letter)?;
        let Some(sha256) = row.copy else {
            return Err(Failure::Refused(format!("the letter {letter} was never sent")));
        };
        let gone = || Failure::Refused(format!("whoever had the letter {letter} was forgotten"));
        let Some(sealed) = self.post.copy(&sha256)? else {
            let person = row.person.map(|person| self.is_forgotten(person)).transpose()?;
            return Err(match person {
                Some(true) => gone(),
                Some(false) | None => Failure::Refused(format!(
                    "the copy {sha256} is missing: restore the office's folder"
                )),
            });
        };
        let message = self.keys.open(&sealed, SENT)?.ok_or_else(gone)?;
        Ok(Copy { message })
    }

    fn is_forgotten(&self, person: PersonId) -> Result<bool, Failure> {
        Ok(self.read.roles_of(person)?.first().is_some_and(|row| row.forgotten_on.is_some()))
    }
}

impl Office {
    /// Takes away whatever letters of these people lie outside the journal, and what was not written to its end, whosever it
    /// is.  Answers what could not be removed.
    pub(crate) fn clear_letters(&self, people: &[PersonId]) -> Result<Vec<Unremoved>, Failure> {
        let post = &self.desk.post;
        let mut unremoved = post.clear_unfinished();
        for row in self.desk.read.letters_begun_for(people)? {
            let begun = self.begun(&row)?;
            let is_theirs = |(person, _): &&(PersonId, String)| people.contains(person);
            let copies = begun.iter().filter(is_theirs).map(|(_, copy)| copy);
            let mut copies = copies.peekable();
            if copies.peek().is_some() && !self.is_anothers(&row, people) {
                unremoved.extend(post.clear(row.letter));
            }
            unremoved.extend(copies.filter_map(|copy| post.clear_copy(copy)));
        }
        Ok(unremoved)
    }

    /// Everybody for whom sending a letter ever began, with the copy of what they were to have.
    fn begun(&self, row: &Row) -> Result<Vec<(PersonId, String)>, Failure> {
        if row.attempts <= 1 {
            return Ok(row.person.zip(row.copy.clone()).into_iter().collect());
        }
        let head = self.store.journal().stream_head(&format!("letters.letter.{}", row.letter))?;
        let mut begun = vec![];
        for entry in self.desk.journal.stream_back(head.position)? {
            let position = entry.position;
            let event = Event::decode(&entry.stream, &entry.payload)
                .map_err(|source| Failure::NotUnderstood { position, source })?;
            if let Some(Event::Letter(_, Letter::SendingBegan { sending, .. })) = event {
                begun.push((sending.to, sending.copy));
            }
        }
        Ok(begun)
    }

    /// Whether what lies in the outbox is the letter to somebody who had it after these people: it is theirs, and stays, where
    /// it is what their copy says.
    fn is_anothers(&self, row: &Row, people: &[PersonId]) -> bool {
        if row.person.is_none_or(|person| people.contains(&person)) {
            return false;
        }
        match (self.desk.letter_copy(row.letter), self.desk.post.lying(row.letter)) {
            (Ok(copy), Ok(lying)) => *copy.message == lying,
            (Ok(_) | Err(_), _) => false,
        }
    }
}
