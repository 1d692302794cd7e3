//! The two ways in which letters leave the office.

use kernel::LetterId;
use letters::letter::Transport;
use lettre::Message;

use super::post::Post;
use super::reply::Reply;
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
    Taken(Reply),
    /// It did not go, and may the next time.
    NotNow(Reply),
    /// It did not go, and will not.
    Never(Reply),
    /// It may have gone.
    Unknown(Reply),
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
                Ok(()) => Handed::Taken(Reply::ours("in the outbox")),
                // A file is put in its place whole, and the next attempt puts the same one there.
                Err(error) if post.lies_there(letter) => {
                    Handed::Unknown(Reply::ours(&error.to_string()))
                }
                Err(error) => Handed::NotNow(Reply::ours(&format!("the outbox: {error}"))),
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
    /// What was said to it.
    pub(super) fn reply(&self) -> &Reply {
        match self {
            Self::Taken(reply)
            | Self::NotNow(reply)
            | Self::Never(reply)
            | Self::Unknown(reply) => reply,
        }
    }

    /// Whether whoever was handed it answered, so that the next can be handed over in the same way.
    pub(super) fn is_an_answer(&self) -> bool {
        matches!(self, Self::Taken(_) | Self::NotNow(_) | Self::Never(_))
    }
}
