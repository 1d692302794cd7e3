//! The two ways in which letters leave the office.

use contacts::Details;
use kernel::LetterId;
use letters::letter::Transport;
use lettre::Message;

use super::post::Post;
use super::settings::{InTheClear, LetterSettings};
use super::smtp::Smtp;
use crate::Failure;

/// By which way letters are to leave.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Via {
    /// As files for another program to send.
    Outbox,
    Smtp(InTheClear),
}

/// What came of handing a letter over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Handed {
    /// It went; the server said so.
    Taken(String),
    /// It did not go, and may the next time.
    NotNow(String),
    /// It did not go, and will not.
    Never(String),
    /// It may have gone.
    Unknown(String),
}

/// A way that is open.
pub(super) enum Way {
    Outbox(Post),
    Smtp(Box<Smtp>),
}

impl Way {
    /// `password` is the one of the environment, for where no file has it.
    pub(super) fn open(
        via: Via,
        settings: &LetterSettings,
        password: Option<String>,
        post: &Post,
    ) -> Result<Self, Failure> {
        Ok(match via {
            Via::Outbox => Self::Outbox(post.clone()),
            Via::Smtp(in_the_clear) => {
                let server = settings.smtp.as_ref().ok_or_else(|| {
                    Failure::Refused(
                        "`letters.toml` has no [smtp]: without a server letters go to the outbox alone"
                            .to_owned(),
                    )
                })?;
                let smtp = Smtp::of(server, &settings.sender, in_the_clear, password)?;
                Self::Smtp(Box::new(smtp))
            }
        })
    }

    pub(super) fn transport(&self) -> Transport {
        match self {
            Self::Outbox(_) => Transport::Outbox,
            Self::Smtp(_) => Transport::Smtp,
        }
    }

    /// Whether a letter can be handed over now.
    pub(super) fn ready(&mut self) -> Result<(), Failure> {
        match self {
            Self::Outbox(_) => Ok(()),
            Self::Smtp(smtp) => smtp.ready(),
        }
    }

    pub(super) fn hand_over(&mut self, letter: LetterId, message: &Message) -> Handed {
        match self {
            Self::Outbox(post) => match post.put(letter, &message.formatted()) {
                Ok(()) => Handed::Taken("in the outbox".to_owned()),
                // A file is put in its place whole, and the next attempt puts the same one there.
                Err(error) if post.lies_there(letter) => Handed::Unknown(error.to_string()),
                Err(error) => Handed::NotNow(format!("the outbox: {error}")),
            },
            Self::Smtp(smtp) => smtp.hand_over(message),
        }
    }

    pub(super) fn close(self) {
        match self {
            Self::Outbox(_) => {}
            Self::Smtp(mut smtp) => smtp.part(),
        }
    }
}

impl Handed {
    /// Whether whoever was handed it answered, so that the next can be handed over in the same way.
    pub(super) fn is_an_answer(&self) -> bool {
        matches!(self, Self::Taken(_) | Self::NotNow(_) | Self::Never(_))
    }
}

/// What a server said, without whom it said it of: it goes into an event, and stays there for ever.
pub(super) fn without_addresses(reply: &str, to: &Details) -> String {
    let email = to.email.to_lowercase();
    let local = email.split('@').next().unwrap_or_default().to_owned();
    let names: Vec<String> = to.name.to_lowercase().split_whitespace().map(bare).collect();
    let tells = |word: &str| {
        let word = word.to_lowercase();
        word.contains('@')
            || word.split(|c: char| !c.is_alphanumeric() && !"._+-'".contains(c)).any(|part| {
                let part = bare(part);
                !part.is_empty() && (part == local || (part.len() > 2 && names.contains(&part)))
            })
    };
    let words = reply.split_whitespace();
    let words = words.map(|word| if tells(word) { "(recipient)" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_kept_without_whom_it_is_about() {
        let to = Details::of("Dr Ann O'Hill", "ann.hill@school.example", None, None).unwrap();
        for (reply, kept) in [
            (
                "550 5.1.1 <ann.hill@school.example>: user unknown",
                "550 5.1.1 (recipient) user unknown",
            ),
            ("550 no mailbox ANN.HILL here", "550 no mailbox (recipient) here"),
            (
                "550 mailbox of Ann\r\nO'Hill is full",
                "550 mailbox of (recipient) (recipient) is full",
            ),
            ("421 4.3.2 try again later", "421 4.3.2 try again later"),
        ] {
            assert_eq!(without_addresses(reply, &to), kept);
        }
    }
}
