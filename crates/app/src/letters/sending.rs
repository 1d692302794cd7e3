//! Sending: one letter after the other, each on record before it is handed over and after.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use chrono::NaiveDate;
use kernel::{Day, LetterId};
use letters::Kind;
use letters::letter::Sending;
use letters::letter::commands::Wish;
use lettre::Message;
use projections::letters::Row;
use serde::Serialize;

use super::handing::{Handed, Via, Way};
use super::message::{frame, message, message_id};
use super::settings::{LetterSettings, Sender};
use super::{Addressee, LetterLine, LettersAsked, Stands, WENT_BEFORE, is_old};
use crate::{Desk, Failure, Office, Progress};

/// After so many letters in a row that nobody took, or of which nobody knows, the rest is left for another time.
const ENOUGH: usize = 5;

/// What would be sent.
#[derive(Clone, Debug, Serialize)]
pub struct Posting {
    pub letters: Vec<LetterLine>,
    pub by_kind: BTreeMap<Kind, usize>,
    /// How many people have one.
    pub people: usize,
    /// How many mailboxes they go to: several people may share one.
    pub mailboxes: usize,
    /// Letters that were asked for and do not go: for want of an address, overtaken, failed, in doubt.
    pub left: Vec<LetterLine>,
    /// Of these, how many more fell due too long ago to be listed.
    pub old: usize,
    /// Why none of them goes for now.
    pub held: Option<String>,
}

/// What was sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Posted {
    pub sent: Vec<LetterId>,
    /// Tried again the next time letters are sent.
    pub postponed: Vec<LetterId>,
    pub failed: Vec<LetterId>,
    /// Somebody has to say what became of them.
    pub in_doubt: Vec<LetterId>,
    /// What the server said of each, in its own words: they may name people, are told here and are kept nowhere.
    pub replies: Vec<(LetterId, String)>,
    /// Letters that could not be written, and why; they stay due.
    pub unwritten: Vec<(LetterId, String)>,
    /// Letters that were left for another time.
    pub left: usize,
    /// Why the rest was left.
    pub stopped: Option<String>,
    pub seconds: f64,
}

impl Desk {
    /// What would be sent of what was asked for; with `failed`, also what failed before.
    ///
    /// # Errors
    /// One that was named is not on record, or does not go, and why; the read models or the keys cannot be read.
    pub fn posting(
        &self,
        asked: &LettersAsked,
        failed: Failed,
        on: NaiveDate,
    ) -> Result<Posting, Failure> {
        let goes = |line: &LetterLine| match line.stands {
            Stands::Due | Stands::Postponed => true,
            Stands::Failed => failed == Failed::Again && line.to.is_some(),
            Stands::NoAddress
            | Stands::KeyMissing
            | Stands::Old
            | Stands::Overtaken
            | Stands::InDoubt
            | Stands::Withheld
            | Stands::Sent => false,
        };
        let rows = self.read.letters_not_sent()?;
        let (letters, mut left): (Vec<LetterLine>, Vec<LetterLine>) =
            self.letter_lines(&rows, asked, on)?.into_iter().partition(goes);
        for named in &asked.letters {
            if !letters.iter().any(|line| line.letter == *named) {
                return Err(self.why_not(*named, asked, on)?);
            }
        }
        let all = left.len();
        // What was overtaken long ago is no news to anybody.
        left.retain(|line| match line.stands {
            Stands::Old => false,
            Stands::Overtaken => !is_old(line.due_on, on),
            Stands::Due
            | Stands::Postponed
            | Stands::NoAddress
            | Stands::KeyMissing
            | Stands::InDoubt
            | Stands::Failed
            | Stands::Withheld
            | Stands::Sent => true,
        });
        let old = all - left.len();
        let mut by_kind = BTreeMap::new();
        for line in &letters {
            *by_kind.entry(line.kind).or_default() += 1;
        }
        let to = || letters.iter().filter_map(|line| line.to.as_ref());
        let people = to().map(|to| to.person).collect::<BTreeSet<_>>().len();
        let mailboxes = to().map(|to| to.email.to_ascii_lowercase()).collect::<BTreeSet<_>>().len();
        Ok(Posting { letters, by_kind, people, mailboxes, left, old, held: self.letters_held() })
    }
}

impl Desk {
    /// Why a letter that was named does not go.
    fn why_not(
        &self,
        letter: LetterId,
        asked: &LettersAsked,
        on: NaiveDate,
    ) -> Result<Failure, Failure> {
        let row = self.letter_row(letter)?;
        let LetterLine { stands, why, acted_on, .. } = self.letter_line(&row, asked, on)?;
        let day = acted_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        let told = match stands {
            Stands::Due | Stands::Postponed | Stands::Old => {
                "is not of the kind, the school or the days that were asked for beside it"
                    .to_owned()
            }
            Stands::NoAddress => "has nobody on record to go to: `ledge contact add`".to_owned(),
            Stands::KeyMissing => format!("cannot be addressed{why}"),
            Stands::Overtaken => format!("is overtaken{why}"),
            Stands::InDoubt => {
                "is in doubt: `ledge letter resolve` says what became of it".to_owned()
            }
            Stands::Failed => format!("failed{day}{why}; with --failed it is tried again"),
            Stands::Withheld => format!("is withheld{day}{why}: `ledge letter release` lets it go"),
            Stands::Sent => format!("went{day} and does not go again"),
        };
        Ok(Failure::Refused(format!("the letter {letter} {told}")))
    }
}

/// Whether what failed is sent again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failed {
    Stays,
    Again,
}

/// How letters leave the office.  (Nothing prints it: it has a password.)
pub struct Route<'a> {
    /// Who writes, and through which server.
    pub settings: &'a LetterSettings,
    pub via: Via,
    /// Goes before the password file that the settings name.
    pub password: Option<String>,
}

impl Office {
    /// Sends what a posting has, one letter after the other, until `stop` says so.  Stopped or killed anywhere, no letter goes
    /// twice: sent again, the rest goes.
    ///
    /// # Errors
    /// Letters are held; the server cannot be reached, before anything was sent; or what happened cannot be recorded.
    pub async fn send_letters(
        &mut self,
        posting: &Posting,
        route: Route<'_>,
        on: NaiveDate,
        stop: &(dyn Fn() -> bool + Send + Sync),
        progress: Progress<'_>,
    ) -> Result<Posted, Failure> {
        if let Some(why) = self.desk.letters_held() {
            return Err(Failure::Refused(why));
        }
        let began = Instant::now();
        let Route { settings, via, password } = route;
        let mut way = Way::open(via, settings, password, &self.desk.post)?;
        way.ready()?;
        self.resolve_what_lies_there(on).await?;
        let mut posted = Posted::default();
        let mut in_a_row = 0;
        let total = posting.letters.len();
        for (done, line) in posting.letters.iter().enumerate() {
            progress("sending letters", done as u64, total as u64);
            let stopped = if stop() {
                Some("it was interrupted".to_owned())
            } else if in_a_row >= ENOUGH {
                Some(format!("{ENOUGH} letters in a row were not taken"))
            } else {
                way.ready().err().map(|failure| told(&failure))
            };
            if stopped.is_some() {
                posted.left = total - done;
                posted.stopped = stopped;
                break;
            }
            let (again, went) =
                self.send(line.letter, &settings.sender, way, on, &mut posted).await?;
            way = again;
            in_a_row = if went { 0 } else { in_a_row + 1 };
        }
        way.close();
        progress("sending letters", (total - posted.left) as u64, total as u64);
        self.settle(&crate::no_progress).await?;
        posted.seconds = began.elapsed().as_secs_f64();
        Ok(posted)
    }

    /// One letter, from the last look at it to the end.  Answers the way, and whether whoever was handed it took it or said no to
    /// it alone.
    async fn send(
        &self,
        letter: LetterId,
        sender: &Sender,
        mut way: Way,
        on: NaiveDate,
        posted: &mut Posted,
    ) -> Result<(Way, bool), Failure> {
        let row = self.desk.letter_row(letter)?;
        let (addressee, message) = match self.compose(&row, sender, on) {
            Ok(composed) => composed,
            Err(failure)
                if failure.is_refusal()
                    || matches!(
                        failure,
                        Failure::KeyMissing { .. } | Failure::NotOpened { .. }
                    ) =>
            {
                posted.unwritten.push((letter, failure.to_string()));
                return Ok((way, true));
            }
            Err(failure) => return Err(failure),
        };
        let sealed = self.desk.keys.seal_letter(letter, addressee.person, &message.formatted())?;
        let sending = Sending {
            to: addressee.person,
            role: addressee.role,
            transport: way.transport(),
            message_id: message_id(letter, sender),
            copy: self.desk.post.keep(&sealed)?,
            on,
        };
        // From here on it is on record that it may have gone.
        match self.ask_letter(&row, Wish::Begin(sending)).await {
            Ok(_) => {}
            Err(failure) if failure.is_refusal() => {
                posted.unwritten.push((letter, failure.to_string()));
                return Ok((way, true));
            }
            Err(failure) => return Err(failure),
        }
        // A server may take its time; nobody else is to wait for it.
        let handing = tokio::task::spawn_blocking(move || {
            let handed = way.hand_over(letter, &message);
            (way, handed)
        });
        let (way, handed) = handing.await.map_err(|_| Failure::HandingOver)?;
        let reply = handed.reply().kept.clone();
        posted.replies.extend(handed.reply().whole.clone().map(|whole| (letter, whole)));
        let went = match &handed {
            Handed::Taken(_) => {
                self.ask_letter(&row, Wish::Sent { reply: Some(reply), on }).await?;
                posted.sent.push(letter);
                true
            }
            Handed::NotNow(_) => {
                self.ask_letter(&row, Wish::FailForNow { reply, on }).await?;
                posted.postponed.push(letter);
                false
            }
            Handed::Never(_) => {
                self.ask_letter(&row, Wish::Fail { reply, on }).await?;
                posted.failed.push(letter);
                true
            }
            // Nothing is known, and nothing is recorded: what began and has no end is in doubt.
            Handed::Unknown(_) => {
                posted.in_doubt.push(letter);
                false
            }
        };
        Ok((way, went))
    }

    fn compose(
        &self,
        row: &Row,
        sender: &Sender,
        on: NaiveDate,
    ) -> Result<(Addressee, Message), Failure> {
        let desk = &self.desk;
        if let Some(why) = row.overtaken_by(on) {
            return Err(Failure::Refused(why));
        }
        if desk.went_before(row.letter)? {
            return Err(Failure::Refused(WENT_BEFORE.to_owned()));
        }
        let Some((addressee, details)) = desk.would_have_it(row, on)? else {
            return Err(Failure::Refused("nobody is on record to have it".to_owned()));
        };
        let paper = desk.paper(row)?;
        let school = desk.school_name(row.urn)?;
        let frame = frame(&row.about(), &school, sender, Some(&details));
        let enclosed = desk.enclosed(row, addressee.person)?;
        let message = message(row, &paper, &frame, sender, &details, enclosed, desk.now())?;
        Ok((addressee, message))
    }
}

fn told(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
