//! What became of a letter.

use ::letters::letter::{Event as Letter, Failing, Found, Transport};
use kernel::Day;

pub(super) fn told(event: &Letter) -> String {
    let kind = event.about().kind.to_string().replace('_', " ");
    let year = event.about().year;
    match event {
        Letter::SendingBegan { sending, .. } => {
            let how = match sending.transport {
                Transport::Outbox => "to the outbox",
                Transport::Smtp => "by SMTP",
            };
            let role = sending.role;
            format!("A letter ({kind}, {year}) to its {role} contact was handed over {how}")
        }
        Letter::LetterSent { reply, on, .. } => {
            let reply = reply.as_ref().map_or_else(String::new, |reply| format!(" ({reply})"));
            format!("The letter ({kind}, {year}) went on {}{reply}", Day(*on))
        }
        Letter::SendingFailed { how, reply, .. } => {
            let then = match how {
                Failing::Postponed => "it is tried again",
                Failing::Refused => "it is not tried again",
                Failing::GivenUp => "it was tried too often",
            };
            format!("The letter ({kind}, {year}) did not go, and {then}: {reply}")
        }
        Letter::LetterWithheld { reason, .. } => {
            format!("The letter ({kind}, {year}) is withheld: {reason}")
        }
        Letter::LetterReleased { reason, .. } => {
            format!("The letter ({kind}, {year}) is to go after all: {reason}")
        }
        Letter::DoubtResolved { found, reason, .. } => {
            let found = match found {
                Found::ItWent => "it went",
                Found::ItDidNot => "it did not go",
            };
            format!(
                "Of the letter ({kind}, {year}) in doubt it is known now that {found}: {reason}"
            )
        }
    }
}
