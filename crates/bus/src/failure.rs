use thiserror::Error;

/// What is in the way of emission.  It is tried again; commands do not wait for it.
#[derive(Debug, Error)]
pub enum Failure {
    /// The server cannot be reached, or does not do what it was asked.
    #[error("cannot {doing}")]
    Nats { doing: String, source: Box<dyn std::error::Error + Send + Sync> },

    /// A server that ignores what it does not know would accept what must be refused.
    #[error(
        "the NATS server is {found}; emission needs {needed} or newer, which keeps to the conditions it is given"
    )]
    TooOld { found: String, needed: &'static str },

    /// A stream with the name is there, and would lose events or change them.
    #[error("the stream {stream} is not as it must be: {wrong}; change it, or name another stream")]
    Stream { stream: String, wrong: String },

    /// What is in the stream was not emitted by this journal.
    #[error(
        "the stream {stream} holds what this journal did not emit: its message {sequence} is {found}; name another stream, or delete that one if nobody needs it"
    )]
    Foreign { stream: String, sequence: u64, found: String },

    /// The journal lost its end, or was restored from a backup that is older than what was emitted.
    #[error(
        "the stream {stream} is ahead of this journal: it ends with position {emitted}, and the journal with {head}. A journal that was restored from a backup emits to a stream of its own (name another one); services that acted on what was lost have to be told"
    )]
    Ahead { stream: String, emitted: u64, head: u64 },

    /// The journal cannot be read.
    #[error("cannot read the journal")]
    Journal(#[from] journal::Failure),
}

impl Failure {
    pub(crate) fn nats<E: std::error::Error + Send + Sync + 'static>(
        doing: impl Into<String>,
    ) -> impl FnOnce(E) -> Self {
        move |source| Self::Nats { doing: doing.into(), source: Box::new(source) }
    }

    /// The sentence and its causes in one line.
    #[must_use]
    pub fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let said = error.to_string();
            if !text.ends_with(&said) {
                text.push_str(": ");
                text.push_str(&said);
            }
            cause = error.source();
        }
        text
    }
}
