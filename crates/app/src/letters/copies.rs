//! The copy of what went, sealed under the key of whoever had it: who is forgotten takes it along.

use std::fmt;

use chrono::NaiveDate;
use kernel::{LetterId, PersonId, Sealed, Urn};
use letters::Kind;
use letters::letter::Event as Letter;
use projections::Event;
use projections::letters::Row;
use serde::Serialize;
use zeroize::Zeroizing;

use super::post::{Lying, Unremoved};
use crate::keys::Keys;
use crate::{Desk, Failure, Office};

/// What is sealed in a copy, before the letter that it is of.
const SENT: &str = "sent letter";

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
    /// As it went; `null`: it did not, or the copy cannot be read.
    pub message: Option<String>,
    /// Why the copy of one that went cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
}

/// What a copy turned out to be.
pub(super) enum Kept {
    AsItWent(Zeroizing<Vec<u8>>),
    /// Whoever had the letter was forgotten: nobody reads it any more.
    Forgotten,
    Missing,
    /// It has other bytes than the event says.
    Altered,
    /// It has the bytes that the event says, and is the copy of something else.
    Another,
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
            let kept = row.copy.as_deref().map(|sha256| self.kept(row.letter, person, sha256));
            let read = kept.transpose()?.map(|kept| self.read_out(row.letter, kept));
            let (message, unread) = match read {
                Some(Ok(bytes)) => (Some(String::from_utf8_lossy(&bytes).into_owned()), None),
                Some(Err(why)) => (None, Some(why)),
                None => (None, None),
            };
            let Row { letter, kind, urn, acted_on: on, .. } = row;
            letters.push(HeldLetter { letter, kind, urn, on, message, unread });
        }
        Ok(letters)
    }

    /// The letter as it was sent last.
    ///
    /// # Errors
    /// It was not sent; whoever had it was forgotten; or the copy is not there any more, or not as it was kept.
    pub fn letter_copy(&self, letter: LetterId) -> Result<Copy, Failure> {
        let row = self.letter_row(letter)?;
        let Some((person, sha256)) = row.person.zip(row.copy) else {
            return Err(Failure::Refused(format!("the letter {letter} was never sent")));
        };
        let kept = self.kept(letter, person, &sha256)?;
        let message = self.read_out(letter, kept).map_err(Failure::Refused)?;
        Ok(Copy { message })
    }

    /// Reads a copy, holding it against the hash that the event names and the letter that it is to be of.
    pub(super) fn kept(
        &self,
        letter: LetterId,
        person: PersonId,
        sha256: &str,
    ) -> Result<Kept, Failure> {
        match self.post.copy(sha256)? {
            Lying::AsKept(sealed) => self.keys.opened(letter, person, &sealed),
            Lying::Altered => Ok(Kept::Altered),
            Lying::Nothing if self.is_forgotten(person)? => Ok(Kept::Forgotten),
            Lying::Nothing => Ok(Kept::Missing),
        }
    }

    fn read_out(&self, letter: LetterId, kept: Kept) -> Result<Zeroizing<Vec<u8>>, String> {
        let folder = self.post.copies().display();
        Err(match kept {
            Kept::AsItWent(message) => return Ok(message),
            Kept::Forgotten => format!("whoever had the letter {letter} was forgotten"),
            Kept::Missing => format!(
                "the copy of the letter {letter} is missing: restore `{folder}` from a backup"
            ),
            Kept::Altered => format!(
                "the copy of the letter {letter} is not as it was kept: restore `{folder}` from a backup"
            ),
            Kept::Another => format!(
                "what was kept as the copy of the letter {letter} is the copy of something else"
            ),
        })
    }

    fn is_forgotten(&self, person: PersonId) -> Result<bool, Failure> {
        Ok(self.read.roles_of(person)?.first().is_some_and(|row| row.forgotten_on.is_some()))
    }
}

impl Keys {
    /// Seals a letter under the key of whoever has it, as that letter and no other.
    pub(super) fn seal_letter(
        &self,
        letter: LetterId,
        person: PersonId,
        message: &[u8],
    ) -> Result<Sealed, Failure> {
        self.seal(person, &of(letter), message)
    }

    /// What a sealed copy turns out to be, of which the bytes are as they were kept.
    pub(super) fn opened(
        &self,
        letter: LetterId,
        person: PersonId,
        sealed: &Sealed,
    ) -> Result<Kept, Failure> {
        if sealed.person != person {
            return Ok(Kept::Another);
        }
        // What was kept by an earlier version says of itself that it is a letter, and not which: its hash does.
        let opened = match self.open(sealed, &of(letter)) {
            Err(Failure::NotOpened { .. }) => self.open(sealed, SENT),
            opened => opened,
        };
        match opened {
            Ok(Some(message)) => Ok(Kept::AsItWent(message)),
            Ok(None) => Ok(Kept::Forgotten),
            Err(Failure::NotOpened { .. }) => Ok(Kept::Another),
            Err(failure) => Err(failure),
        }
    }
}

/// What is sealed in the copy of a letter: laid in the place of another's it does not open.
fn of(letter: LetterId) -> String {
    format!("{SENT} {letter}")
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
