//! What may be typed of letters.

use std::fmt::Display;
use std::path::PathBuf;

use app::LetterStands;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use kernel::{LetterId, Urn};
use letters::Kind;
use strum::IntoEnumIterator;

use super::day;

#[derive(Debug, Subcommand)]
pub(crate) enum LetterCommand {
    /// The letters that what happened calls for, and what became of each.
    #[command(after_help = LIST)]
    List(ListLetters),
    /// A letter as it would be read, before it goes.
    #[command(after_help = SHOW)]
    Show(ShowLetter),
    /// A letter of each kind to a school that there is not, as text and as a page.
    #[command(after_help = SAMPLES)]
    Samples {
        /// The folder to write them to; what is there of these names is written over.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Send the letters that are due: to the outbox, or through a mail server.
    ///
    /// No letter goes twice.  What could not be sent for the moment goes the next time; of what is in doubt somebody has to
    /// say whether it went.
    #[command(after_help = SEND)]
    Send(SendLetters),
    /// Do not send letters that are due, for a reason: a correction that nobody needs to be told of.
    #[command(after_help = WITHHOLD)]
    Withhold(WithholdLetters),
    /// Let a letter go after all that was withheld.
    #[command(after_help = RELEASE)]
    Release {
        /// The letter, by the id that `ledge letter list` shows.
        letter: LetterId,
        /// Why; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Say what became of a letter in doubt: sending began, and nobody saw it end.
    #[command(after_help = RESOLVE)]
    Resolve {
        /// The letter, by the id that `ledge letter list` shows.
        letter: LetterId,
        /// Whether it went.  One that did not is due again.
        #[arg(long, value_enum)]
        found: FoundOut,
        /// How that is known; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Let letters go again in an office that was put back from a backup.
    ///
    /// Such an office holds its letters: what went since the backup was taken is not in its journal, and would go again.  Say
    /// what went; everything else that is due goes when letters are sent next.
    #[command(after_help = RESUME)]
    Resume(ResumeLetters),
    /// The copy of a letter that went, as it went.
    #[command(after_help = COPY)]
    Copy {
        /// The letter, by the id that `ledge letter list` shows.
        letter: LetterId,
        /// The file to write it to, which must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Which letters.
#[derive(Args, Clone, Debug)]
pub(crate) struct Which {
    /// Only of this kind, such as invitation; may be given several times.
    #[arg(long = "kind", value_name = "KIND", value_parser = kind)]
    pub(crate) kinds: Vec<Kind>,
    /// Only to this school; may be given several times.
    #[arg(long = "urn", value_name = "URN")]
    pub(crate) urns: Vec<Urn>,
    /// Only what fell due on this day or later, however long ago that is.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) since: Option<NaiveDate>,
    /// Only what fell due before this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) before: Option<NaiveDate>,
}

#[derive(Args, Debug)]
pub(crate) struct ListLetters {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Only what stands so, such as due or in-doubt; may be given several times.
    #[arg(long = "state", value_name = "STATE", value_parser = stands)]
    pub(crate) states: Vec<LetterStands>,
    /// List at most so many (text only; `--json` has all); 0 only counts them.
    #[arg(long, value_name = "LETTERS", default_value_t = 50)]
    pub(crate) limit: usize,
}

#[derive(Args, Debug)]
pub(crate) struct ShowLetter {
    /// The letter, by the id that `ledge letter list` shows.
    pub(crate) letter: LetterId,
    /// Its page instead of its text.
    #[arg(long)]
    pub(crate) html: bool,
    /// Write it to this file; otherwise to standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct SendLetters {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Only this letter, however long ago it fell due; may be given several times.
    #[arg(long = "letter", value_name = "ID")]
    pub(crate) letters: Vec<LetterId>,
    /// Count and list, and send nothing.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Send them only if they are so many: as many as the preview counted.
    #[arg(long, value_name = "LETTERS", conflicts_with = "preview")]
    pub(crate) expect: Option<usize>,
    /// Letters that failed before, too.
    #[arg(long)]
    pub(crate) failed: bool,
    /// Through the mail server that `letters.toml` names, instead of as files in the outbox.
    #[arg(long)]
    pub(crate) smtp: bool,
    /// Speak in the clear to a mail server on another machine, too.
    #[arg(long, requires = "smtp")]
    pub(crate) allow_plain: bool,
    /// List at most so many (text only; `--json` has all).
    #[arg(long, value_name = "LETTERS", default_value_t = 20)]
    pub(crate) show: usize,
}

#[derive(Args, Debug)]
pub(crate) struct ResumeLetters {
    /// A file with the ids of letters that went since the backup was taken, whatever else stands in it; may be given several
    /// times.
    #[arg(long, value_name = "FILE", required_unless_present = "nothing_went")]
    pub(crate) went: Vec<PathBuf>,
    /// No letter went since the backup was taken.
    #[arg(long, conflicts_with = "went")]
    pub(crate) nothing_went: bool,
    /// Count, and let nothing go.
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Args, Debug)]
pub(crate) struct WithholdLetters {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Only this letter; may be given several times.
    #[arg(long = "letter", value_name = "ID")]
    pub(crate) letters: Vec<LetterId>,
    /// Why; kept for ever and not sealed: name no person.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Count and list, and withhold nothing.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Withhold them only if they are so many: as many as the preview counted.
    #[arg(long, value_name = "LETTERS", conflicts_with = "preview")]
    pub(crate) expect: Option<usize>,
}

/// What somebody found out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FoundOut {
    /// Whoever it was for has it, or will.
    ItWent,
    /// Nobody has it: it is due again.
    ItDidNot,
}

fn kind(text: &str) -> Result<Kind, String> {
    one_of(text, Kind::iter())
}

fn stands(text: &str) -> Result<LetterStands, String> {
    one_of(text, LetterStands::iter())
}

/// One of these by its name, with dashes as they are typed.
fn one_of<T: Display>(text: &str, mut all: impl Iterator<Item = T> + Clone) -> Result<T, String> {
    let typed = |one: &T| one.to_string().replace('_', "-");
    let names: Vec<String> = all.clone().map(|one| typed(&one)).collect();
    all.find(|one| typed(one) == text)
        .ok_or_else(|| format!("`{text}` is not one of {}", names.join(", ")))
}

pub(super) const LETTER: &str = "\
Examples:
  ledge letter list --state due
  ledge letter send --kind invitation --preview
  ledge letter send --kind invitation --expect 74 --smtp
  ledge letter withhold --urn 137083 --reason \"told on the telephone\"
`letters.toml` in the office's folder says who writes, and through which
server: begin with deploy/letters.toml.";

const LIST: &str = "\
Examples:
  ledge letter list --state due --state no-address
  ledge letter list --kind renewal-offer --since 2019-02-01
  ledge letter list --urn 137083 --json";

const SHOW: &str = "\
Examples:
  ledge letter show eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3
  ledge letter show eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3 --html --out a.html";

const SAMPLES: &str = "\
Examples:
  ledge letter samples --out letters";

const SEND: &str = "\
Examples:
  ledge letter send --preview
  ledge letter send --kind invitation --expect 74        files in the outbox
  ledge letter send --kind invitation --expect 74 --smtp
  ledge letter send --letter eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3 --smtp
One letter is sent as it is asked for; more need --expect and their number.";

const WITHHOLD: &str = "\
Examples:
  ledge letter withhold --kind renewal-offer --urn 137083 \\
      --reason \"the offer was made again with another day\"
  ledge letter withhold --before 2019-01-01 --reason \"sent on paper\" --preview";

const RELEASE: &str = "\
Examples:
  ledge letter release eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3 \\
      --reason \"it was right after all\"";

const RESOLVE: &str = "\
Examples:
  ledge letter resolve eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3 \\
      --found it-went --reason \"it is in the server's log\"
  ledge letter resolve eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3 \\
      --found it-did-not --reason \"asked the school\"";

const RESUME: &str = "\
Examples:
  ledge letter resume --went delivered.log --preview
  ledge letter resume --went delivered.log --went outbox-names.txt
  ledge letter resume --nothing-went
The id of a letter is the first part of its Message-ID and the name of its file
in the outbox.  Give only what tells of letters that were delivered.";

const COPY: &str = "\
Examples:
  ledge letter copy eae9c6c8-c082-5b5e-b803-ac1b2ee94fd3 --out sent.eml";
