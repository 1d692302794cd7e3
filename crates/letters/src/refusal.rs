//! Why a letter says no.

/// The fact that forbids it, as a sentence.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("the letter was sent, and is not sent twice")]
    AlreadySent,
    #[error(
        "the letter is in doubt: sending began and nobody saw it end; say first whether it went"
    )]
    InDoubt,
    #[error("the letter is withheld; lift that first")]
    Withheld,
    #[error("the letter is not withheld")]
    NotWithheld,
    #[error("the letter is not in doubt: nothing began that was not seen to end")]
    NotInDoubt,
    #[error("say why: the reason is kept for ever")]
    ReasonMissing,
    #[error("the reason has {length} characters; at most {longest} are kept")]
    ReasonTooLong { length: usize, longest: usize },
    #[error("the reason holds a character that is not text (a line break, an escape)")]
    NotText,
    #[error(
        "this letter is about something else: its id does not follow from what it is said to be"
    )]
    AnotherLetter,
}
