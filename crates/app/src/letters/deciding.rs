//! What the office decides about letters: not to send one, to send it after all, and what became of one in doubt.

use chrono::NaiveDate;
use kernel::{CommandId, LetterId};
use letters::Letter;
use letters::letter::commands::{Command, Wish};
use letters::letter::{Found, Transport};
use projections::letters::{Row, State};
use serde::Serialize;

use crate::{Failure, Office, no_progress};

/// What was decided, letter by letter.
#[derive(Clone, Debug, Serialize)]
pub struct Decided {
    pub letters: Vec<LetterId>,
    pub events: usize,
}

impl Office {
    /// Withholds letters: those that are due, or failed, do not go; those withheld before stay so.
    ///
    /// # Errors
    /// One was sent or is in doubt, or the reason is none; what was withheld by then stays so.
    pub async fn withhold_letters(
        &mut self,
        letters: &[LetterId],
        reason: &str,
        on: NaiveDate,
    ) -> Result<Decided, Failure> {
        let wish = |_: &Row| Wish::Withhold { reason: reason.to_owned(), on };
        self.decide_on(letters, wish).await
    }

    /// Lets letters go after all that were withheld.
    ///
    /// # Errors
    /// One is not withheld, or the reason is none.
    pub async fn release_letters(
        &mut self,
        letters: &[LetterId],
        reason: &str,
        on: NaiveDate,
    ) -> Result<Decided, Failure> {
        let wish = |_: &Row| Wish::Release { reason: reason.to_owned(), on };
        self.decide_on(letters, wish).await
    }

    /// Says what became of a letter in doubt.
    ///
    /// # Errors
    /// It is not in doubt, or the reason is none; or it is said not to have gone and lies in the outbox, from where it would
    /// go beside the one that is due again.
    pub async fn resolve_letter(
        &mut self,
        letter: LetterId,
        found: Found,
        reason: &str,
        on: NaiveDate,
    ) -> Result<Decided, Failure> {
        let is_in_doubt = self.desk.letter_row(letter)?.state == State::InDoubt;
        if found == Found::ItDidNot && is_in_doubt && self.desk.post.lies_there(letter) {
            return Err(Failure::Refused(format!(
                "the letter lies in the outbox, from where it goes: take `{}` away first, or say that it went",
                self.desk.post.file(letter).display()
            )));
        }
        let wish = |_: &Row| Wish::Resolve { found, reason: reason.to_owned(), on };
        self.decide_on(&[letter], wish).await
    }

    /// A letter in doubt that lies in the outbox was put there: nobody needs to say so.  One that does not may have been taken
    /// from there, and is left to somebody who knows.
    pub(super) async fn resolve_what_lies_there(&mut self, on: NaiveDate) -> Result<(), Failure> {
        let mut there = vec![];
        for row in self.desk.read.letters()? {
            let outbox = row.transport == Some(Transport::Outbox);
            if row.state == State::InDoubt && outbox && self.desk.post.lies_there(row.letter) {
                there.push(row.letter);
            }
        }
        if there.is_empty() {
            return Ok(());
        }
        let reason = "the file is in the outbox";
        let wish = |_: &Row| Wish::Resolve { found: Found::ItWent, reason: reason.to_owned(), on };
        self.decide_on(&there, wish).await?;
        Ok(())
    }

    async fn decide_on(
        &mut self,
        letters: &[LetterId],
        wish: impl Fn(&Row) -> Wish,
    ) -> Result<Decided, Failure> {
        let rows = letters
            .iter()
            .map(|letter| self.desk.letter_row(*letter))
            .collect::<Result<Vec<Row>, Failure>>()?;
        let mut events = 0;
        for row in &rows {
            events += self.ask_letter(row, wish(row)).await?;
        }
        self.settle(&no_progress).await?;
        Ok(Decided { letters: letters.to_vec(), events })
    }

    /// Asks a letter, under an id of its own: asked twice, it is two wishes.
    pub(super) async fn ask_letter(&self, row: &Row, wish: Wish) -> Result<usize, Failure> {
        let command = Command { letter: row.letter, about: row.about(), wish };
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Letter>(&row.letter.to_string(), command, asked).await?;
        Ok(done.events.len())
    }
}
