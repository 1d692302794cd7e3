//! A letter as it would be read, before it goes.

use kernel::LetterId;
use letters::Kind;
use serde::Serialize;

use super::message::frame;
use super::settings::Sender;
use super::{Addressee, LetterLine, LettersAsked};
use crate::{Desk, Failure};

/// A letter in both its forms.
#[derive(Clone, Debug, Serialize)]
pub struct LetterShown {
    pub kind: Kind,
    /// How it stands; `null`: a sample.
    pub line: Option<LetterLine>,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Desk {
    /// A letter as it would go today.
    ///
    /// # Errors
    /// There is none of this id, or it speaks of something that is not on record.
    pub fn show_letter(&self, letter: LetterId, sender: &Sender) -> Result<LetterShown, Failure> {
        let row = self.letter_row(letter)?;
        let today = self.today();
        let paper = self.paper(&row)?;
        let to = self.would_have_it(&row, today)?;
        let school = self.school_name(row.urn)?;
        let frame = frame(&row.about(), &school, sender, to.as_ref().map(|(_, details)| details));
        let asked = LettersAsked { letters: vec![letter], ..LettersAsked::default() };
        let mut line = self.letter_line(&row, &asked, today)?;
        line.to = line.to.or(to.map(|(addressee, _): (Addressee, _)| addressee));
        Ok(LetterShown {
            kind: row.kind,
            line: Some(line),
            text: paper.text(&frame).map_err(Failure::Template)?,
            html: paper.html(&frame).map_err(Failure::Template)?,
            subject: paper.subject,
        })
    }
}
