//! Letters: what is due, to whom it would go, and what became of it (P6, P19).

use chrono::NaiveDate;
use contacts::{Details, Role};
use kernel::{LeadingEdgeYear, LetterId, PersonId, Urn};
use letters::letter::Transport;
use letters::{Kind, Recipient};
use projections::letters::{Row, State};
use serde::Serialize;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::{Desk, Failure};

mod bills;
mod copies;
mod deciding;
mod handing;
mod holding;
mod known;
mod message;
mod paper;
mod plain;
mod post;
mod preview;
mod reply;
mod samples;
mod sending;
mod settings;
mod smtp;
mod verifying;
mod words;

pub use copies::{Copy, HeldLetter};
pub use deciding::Decided as LettersDecided;
pub use handing::Via;
pub(crate) use holding::Hold;
pub use holding::{Resumed, WentSince};
pub use message::{KIND_HEADER, LETTER_HEADER, SCHOOL_HEADER};
pub(crate) use post::Post;
pub use post::Unremoved;
pub use preview::LetterShown;
pub use samples::samples as letter_samples;
pub use sending::{Failed as LettersFailed, Posted, Posting, Route as LetterRoute};
pub use settings::{InTheClear, LetterSettings, PASSWORD_VARIABLE, Security, Sender, Server};
pub use verifying::{CopyFault, VerifiedCopies, WrongCopy};

/// What fell due longer ago than so many days is not sent with the others: it is named, or asked for by its day.  An
/// invoice never is: as long as it is open, the school is to have it.
pub const OLD_AFTER_DAYS: u64 = 28;

/// Of a letter that its id says went.
const WENT_BEFORE: &str = "it went before this office was put back from a backup";

/// Where a letter stands, as the office asks for it.
#[derive(
    Clone,
    Copy,
    Debug,
    Display,
    EnumIter,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Stands {
    /// It goes when letters are sent next.
    Due,
    /// It could not be sent for the moment, and goes when letters are sent next.
    Postponed,
    /// It is due, and nobody is on record to have it.
    NoAddress,
    /// It is due, and what is sealed of whoever would have it cannot be opened.
    KeyMissing,
    /// It fell due so long ago that it is not sent with the others.
    Old,
    /// What it says is no longer so.
    Overtaken,
    /// Sending began and nobody saw it end.
    InDoubt,
    /// The server will not take it, or did not too often.
    Failed,
    Withheld,
    Sent,
}

/// Which letters; an empty list leaves that alone.
#[derive(Clone, Debug, Default)]
pub struct LettersAsked {
    pub kinds: Vec<Kind>,
    pub states: Vec<Stands>,
    pub urns: Vec<Urn>,
    /// These and no others, however old.
    pub letters: Vec<LetterId>,
    /// Those that fell due on this day or later, however old.
    pub since: Option<NaiveDate>,
    /// Those that fell due before this day.
    pub before: Option<NaiveDate>,
}

/// One letter as the office looks at it.
#[derive(Clone, Debug, Serialize)]
pub struct LetterLine {
    pub letter: LetterId,
    pub kind: Kind,
    pub urn: Urn,
    pub school: String,
    pub year: LeadingEdgeYear,
    pub stands: Stands,
    /// What the server replied, a reason, or what has overtaken it.
    pub why: Option<String>,
    pub due_on: NaiveDate,
    /// The last day on which what it asks for can be done.
    pub answer_by: Option<NaiveDate>,
    /// Who would have it; of one that went, who had it.  `null`: nobody is on record, they were forgotten, or their key is
    /// missing.
    pub to: Option<Addressee>,
    pub attempts: u32,
    /// The day it was sent or withheld, or failed last.
    pub acted_on: Option<NaiveDate>,
    pub transport: Option<Transport>,
    pub message_id: Option<String>,
}

/// Who has a letter, and as whom.
#[derive(Clone, Serialize)]
pub struct Addressee {
    pub person: PersonId,
    pub role: Recipient,
    pub name: String,
    pub email: String,
}

impl Desk {
    /// The letters that were asked for, as they stand on a day; oldest first.
    ///
    /// # Errors
    /// The read models or the keys cannot be read.
    pub fn letters(&self, asked: &LettersAsked, on: NaiveDate) -> Result<Vec<LetterLine>, Failure> {
        self.letter_lines(&self.read.letters()?, asked, on)
    }

    fn letter_lines(
        &self,
        rows: &[Row],
        asked: &LettersAsked,
        on: NaiveDate,
    ) -> Result<Vec<LetterLine>, Failure> {
        let mut lines = vec![];
        for row in rows {
            if asked.lets_through(row) {
                let line = self.letter_line(row, asked, on)?;
                if asked.states.is_empty() || asked.states.contains(&line.stands) {
                    lines.push(line);
                }
            }
        }
        Ok(lines)
    }

    /// A letter on record.
    pub(crate) fn letter_row(&self, letter: LetterId) -> Result<Row, Failure> {
        self.read.letter(letter)?.ok_or_else(|| {
            Failure::Refused(format!("there is no letter {letter}: `ledge letter list` has all"))
        })
    }

    fn letter_line(
        &self,
        row: &Row,
        asked: &LettersAsked,
        on: NaiveDate,
    ) -> Result<LetterLine, Failure> {
        let mut overtaken = row.overtaken_by(on);
        if row.is_open() && self.went_before(row.letter)? {
            overtaken = Some(WENT_BEFORE.to_owned());
        }
        let to = match row.person.filter(|_| !row.is_open()) {
            Some(person) => self.had_it(person, row.role.unwrap_or(row.addressed)),
            None => self.would_have_it(row, on).map(|it| it.map(|(addressee, _)| addressee)),
        };
        // One key that is missing must not hide all other letters.
        let (to, key_missing) = match to {
            Err(failure @ (Failure::KeyMissing { .. } | Failure::NotOpened { .. })) => {
                (None, Some(failure.to_string()))
            }
            to => (to?, None),
        };
        let may_be_old =
            row.kind != Kind::Invoice && asked.letters.is_empty() && asked.since.is_none();
        let old = may_be_old && is_old(row.due_on, on);
        let stands = match row.state {
            State::InDoubt => Stands::InDoubt,
            State::Sent => Stands::Sent,
            State::Withheld => Stands::Withheld,
            State::Due | State::Postponed | State::Failed if overtaken.is_some() => {
                Stands::Overtaken
            }
            State::Due | State::Postponed if old => Stands::Old,
            State::Due | State::Postponed | State::Failed if key_missing.is_some() => {
                Stands::KeyMissing
            }
            State::Due | State::Postponed if to.is_none() => Stands::NoAddress,
            State::Due => Stands::Due,
            State::Postponed => Stands::Postponed,
            State::Failed => Stands::Failed,
        };
        Ok(LetterLine {
            letter: row.letter,
            kind: row.kind,
            urn: row.urn,
            school: self.school_name(row.urn)?,
            year: row.year,
            stands,
            why: overtaken.or(key_missing).or_else(|| row.said.clone()),
            due_on: row.due_on,
            answer_by: row.answer_by,
            to,
            attempts: row.attempts,
            acted_on: row.acted_on,
            transport: row.transport,
            message_id: row.message_id.clone(),
        })
    }

    /// Who would have a letter on a day: whoever has the role it is for, or else the school's main contact.
    pub(crate) fn would_have_it(
        &self,
        row: &Row,
        on: NaiveDate,
    ) -> Result<Option<(Addressee, Details)>, Failure> {
        let own = match row.addressed {
            Recipient::Head => Some((Role::Head, Recipient::Head)),
            Recipient::Finance => Some((Role::Finance, Recipient::Finance)),
            Recipient::Main => None,
        };
        for (role, recipient) in own.into_iter().chain([(Role::Main, Recipient::Main)]) {
            let contact = self.contact_of(row.urn, role, on)?;
            if let Some((person, details)) =
                contact.and_then(|contact| Some((contact.person, contact.details?)))
            {
                return Ok(Some((Addressee::of(person, recipient, &details), details)));
            }
        }
        Ok(None)
    }

    fn had_it(&self, person: PersonId, role: Recipient) -> Result<Option<Addressee>, Failure> {
        let rows = self.read.roles_of(person)?;
        let Some(sealed) = rows.first().and_then(|row| row.sealed.as_ref()) else {
            return Ok(None);
        };
        Ok(self.details(sealed)?.map(|details| Addressee::of(person, role, &details)))
    }
}

impl LettersAsked {
    fn lets_through(&self, row: &Row) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&row.kind))
            && (self.urns.is_empty() || self.urns.contains(&row.urn))
            && (self.letters.is_empty() || self.letters.contains(&row.letter))
            && self.since.is_none_or(|since| row.due_on >= since)
            && self.before.is_none_or(|before| row.due_on < before)
    }
}

impl Addressee {
    fn of(person: PersonId, role: Recipient, details: &Details) -> Self {
        Self { person, role, name: details.name.clone(), email: details.email.clone() }
    }
}

/// Whose it is, and no more.
impl std::fmt::Debug for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Addressee").field("person", &self.person).finish_non_exhaustive()
    }
}

fn is_old(due_on: NaiveDate, on: NaiveDate) -> bool {
    due_on.checked_add_days(chrono::Days::new(OLD_AFTER_DAYS)).is_some_and(|last| last < on)
}

#[cfg(test)]
mod tests;
