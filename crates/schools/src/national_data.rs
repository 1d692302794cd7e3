//! One published dataset: which files of it were read, and what follows from it.

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{Published, Release, SchoolKind, Threshold, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

pub use commands::Command;
pub use events::Event;

use crate::Refusal;

/// What is known of a dataset: which files were read to their end, and the thresholds that follow.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct NationalData {
    files: Vec<Known>,
    /// The last threshold for each percentile and population.
    thresholds: Vec<Threshold>,
    /// Each time that a file was given up.
    given_up: Vec<(String, Option<Release>)>,
}

/// Bytes of a reason.
const LONGEST_REASON: usize = 1000;

/// A file of the dataset, as it was read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Known {
    sha256: String,
    release: Option<Release>,
    public_from: Option<NaiveDate>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
enum Stage {
    Begun,
    ReadToItsEnd,
    /// Read to its end, the last of its dataset to be, and another was given up since, of which something may stand recorded: it
    /// may be read again, so that what it says stands.
    ToReadAgain,
    /// It may be begun again.
    GivenUp,
}

/// The kinds of file the nation (and the office itself, for its own cover list) publishes.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Dataset {
    /// Key stage 4 performance tables.
    Ks4,
    /// Ofsted inspections.
    Ofsted,
    /// The register of schools.
    Register,
    /// Predecessors and successors.
    Links,
    /// Names alone.
    Names,
    /// Coordinates alone.
    Locations,
    /// Membership of the SSAT Secondary Network.
    Cover,
}

/// A file that is about to be taken down.  Until the [`Import`] follows, what the file says is not whole, and decides
/// nothing.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Begun {
    pub dataset: Dataset,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The file's name, without its folder.
    pub file: String,
    /// SHA-256 of the whole file, 64 hex digits.
    pub sha256: String,
    /// The day from which its facts are taken to be public; a file that was begun is finished with the same day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_from: Option<NaiveDate>,
}

/// A file that was begun and is given up.  What of it is recorded stays, as facts with their file and line; what would have
/// followed from the whole file never does: no release is whole by it, and no list.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Abandoned {
    pub dataset: Dataset,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The file's name, without its folder.
    pub file: String,
    /// SHA-256 of the whole file, 64 hex digits.
    pub sha256: String,
    pub reason: String,
    pub on: NaiveDate,
}

/// One file, read to its end.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Import {
    pub dataset: Dataset,
    /// Only performance tables come in releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The file's name, without its folder.
    pub file: String,
    /// SHA-256 of the whole file, 64 hex digits.
    pub sha256: String,
    /// Which layout the columns were recognised as.
    pub layout: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_from: Option<NaiveDate>,
    pub rows: Rows,
    /// Schools whose figures in this release are those already known from a less final one, with their line: nothing is
    /// recorded for them again, and from here on this release vouches for the figures.  A school that has figures of its
    /// own in this release is not confirmed by it, even where a file only repeats them: see `School::confirmed_by`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<(Urn, u64)>,
}

/// What became of the rows of a file.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Rows {
    /// Rows below the header.
    pub read: u64,
    /// Rows that recorded something new.
    pub recorded: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that are not about one school (totals), or not about succession.
    pub passed_over: u64,
    /// Rows that repeat another row of the file to the letter.
    pub repeated: u64,
    /// Rows that contradict another row of the file (of two ratings the poorer counts).
    pub contradicting: u64,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    NationalData::TYPE,
    "One dataset that the nation published: which file was read, and the threshold computed from it.",
    "the name of the dataset, such as `ks4-2017-18-final`",
    include_str!("../events/national_data.jsonl"),
);

impl NationalData {
    /// Whether this very file was read to its end as this release before, and stands: then there is nothing to record.
    #[must_use]
    pub fn holds(&self, sha256: &str, release: Option<Release>) -> bool {
        self.known(sha256, release).is_some_and(|known| known.stage == Stage::ReadToItsEnd)
    }

    /// Which reading of this very file the next one is, counted from 0: it is read anew where it was given up, and where it may be
    /// read again because another was.
    #[must_use]
    pub fn reading(&self, sha256: &str, release: Option<Release>) -> usize {
        match self.known(sha256, release).map(|known| known.stage) {
            Some(Stage::ToReadAgain) => self.given_up.len(),
            Some(Stage::Begun | Stage::ReadToItsEnd | Stage::GivenUp) | None => {
                let this = |it: &&(String, Option<Release>)| it.0 == sha256 && it.1 == release;
                self.given_up.iter().filter(this).count()
            }
        }
    }

    /// The day that this very file was begun or read with; `None` where it was not, or where its rows have days of
    /// their own.
    #[must_use]
    pub fn public_from(&self, sha256: &str, release: Option<Release>) -> Option<NaiveDate> {
        self.known(sha256, release).and_then(|known| known.public_from)
    }

    fn forget(&mut self, sha256: &str, release: Option<Release>) {
        self.files.retain(|known| known.sha256 != sha256 || known.release != release);
    }

    fn known(&self, sha256: &str, release: Option<Release>) -> Option<&Known> {
        self.files.iter().find(|known| known.sha256 == sha256 && known.release == release)
    }

    /// Every question a dataset can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::BeginImport(begun) => self.begin_import(begun),
            Command::RecordImport(import) => Ok(self.record_import(import)),
            Command::AbandonImport(abandoned) => self.abandon_import(abandoned),
            Command::RecordThreshold(threshold) => Ok(self.record_threshold(threshold)),
        }
    }

    /// A file has one day: read again with another it would say of itself what it did not say before.
    fn begin_import(&self, begun: Begun) -> Result<Vec<Event>, Refusal> {
        match self.known(&begun.sha256, begun.release) {
            None => Ok(vec![Event::ImportBegun(begun)]),
            Some(known) if known.public_from == begun.public_from => match known.stage {
                Stage::GivenUp => Ok(vec![Event::ImportBegun(begun)]),
                Stage::Begun | Stage::ReadToItsEnd | Stage::ToReadAgain => Ok(vec![]),
            },
            Some(known) => {
                Err(Refusal::FileHasAnotherDay { file: begun.file, known: known.public_from })
            }
        }
    }

    /// Only what is half read is given up: a file that was read to its end has said all it says.
    fn abandon_import(&self, abandoned: Abandoned) -> Result<Vec<Event>, Refusal> {
        let known = self.known(&abandoned.sha256, abandoned.release);
        match known.map(|known| known.stage) {
            None => Err(Refusal::NotBegun { sha256: abandoned.sha256 }),
            Some(Stage::ReadToItsEnd | Stage::ToReadAgain) => {
                Err(Refusal::ReadToItsEnd { file: abandoned.file })
            }
            Some(Stage::GivenUp) => Ok(vec![]),
            Some(Stage::Begun) if !is_one_line(&abandoned.reason) => {
                Err(Refusal::WhyGivenUpMissing)
            }
            Some(Stage::Begun) => Ok(vec![Event::ImportAbandoned(abandoned)]),
        }
    }

    /// A file is what is in it: under another name it is the same file.
    fn record_import(&self, import: Import) -> Vec<Event> {
        let known = self.holds(&import.sha256, import.release);
        if known { vec![] } else { vec![Event::DatasetImported(import)] }
    }

    fn record_threshold(&self, threshold: Threshold) -> Vec<Event> {
        let known = self.thresholds.iter().find(|known| is_of_the_same(known, &threshold));
        // The kinds are the same; the order in which they were named says nothing.
        let repeated = known.is_some_and(|known| {
            *known == Threshold { kinds: known.kinds.clone(), ..threshold.clone() }
        });
        if repeated { vec![] } else { vec![Event::ThresholdComputed(threshold)] }
    }
}

impl Aggregate for NationalData {
    const TYPE: &'static str = "schools.national_data";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::ImportBegun(begun) => {
                self.forget(&begun.sha256, begun.release);
                self.files.push(Known {
                    sha256: begun.sha256,
                    release: begun.release,
                    public_from: begun.public_from,
                    stage: Stage::Begun,
                });
            }
            Event::DatasetImported(Import { sha256, release, public_from, .. }) => {
                self.forget(&sha256, release);
                self.files.push(Known { sha256, release, public_from, stage: Stage::ReadToItsEnd });
            }
            Event::ImportAbandoned(Abandoned { sha256, release, .. }) => {
                let this = |it: &&mut Known| it.sha256 == sha256 && it.release == release;
                for known in self.files.iter_mut().filter(this) {
                    known.stage = Stage::GivenUp;
                }
                // The last to be read to its end stands last among those that were.
                let whole =
                    |it: &&mut Known| it.stage == Stage::ReadToItsEnd && it.release == release;
                if let Some(known) = self.files.iter_mut().rev().find(whole) {
                    known.stage = Stage::ToReadAgain;
                }
                self.given_up.push((sha256, release));
            }
            Event::ThresholdComputed(threshold) => {
                self.thresholds.retain(|known| !is_of_the_same(known, &threshold));
                self.thresholds.push(threshold);
            }
        }
    }
}

/// Said, and nothing that a terminal would obey.
fn is_one_line(reason: &str) -> bool {
    !reason.trim().is_empty()
        && reason.len() <= LONGEST_REASON
        && !reason.contains(char::is_control)
}

/// Whether both are the same percentile of the same kinds of school.
fn is_of_the_same(one: &Threshold, other: &Threshold) -> bool {
    let kinds = |of: &Threshold| of.kinds.iter().copied().collect::<BTreeSet<SchoolKind>>();
    one.percentile == other.percentile && kinds(one) == kinds(other)
}
