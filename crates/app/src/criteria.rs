//! The steering group's criteria: read from a file, adopted, in force until the next are (R1).

use std::path::Path;

use chrono::NaiveDate;
use kernel::{CommandId, Day, LeadingEdgeYear};
use membership::criteria::{Adoption, Command, CriteriaFile};
use projections::criteria::{Kind, Row, as_they_stand};

use crate::office::known_on;
use crate::{Desk, Failure, Office};

/// Reads a criteria file (TOML).
///
/// # Errors
/// It cannot be read, or what is wrong with it, with its line and column.
pub fn read_criteria(path: &Path) -> Result<Adoption, Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|source| Failure::Unreadable { path: shown.clone(), source })?;
    let file: CriteriaFile = toml::from_str(&text).map_err(|wrong| {
        let (line, column) = wrong.span().map(|span| place(&text, span.start)).unzip();
        // The parser's message may have lines of its own.
        let why = wrong.message().split('\n').map(str::trim).collect::<Vec<_>>().join("; ");
        Failure::CriteriaFile { file: shown.clone(), line, column, why }
    })?;
    let adoption = Adoption::from(file);
    adoption.terms.fit().map_err(|why| Failure::CriteriaFile {
        file: shown,
        line: None,
        column: None,
        why: why.to_string(),
    })?;
    Ok(adoption)
}

/// The line and the character in it at which a byte of a text stands, both counted from 1.
pub(crate) fn place(text: &str, byte: usize) -> (u64, u64) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() as u64 + 1;
    (line, column)
}

/// A decision on record.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Adopted {
    #[serde(flatten)]
    pub adoption: Adoption,
    /// Whether it was adopted, amended by a later decision, or taken down wrongly before and corrected.
    pub kind: Kind,
    /// Why it was amended or corrected.
    pub reason: Option<String>,
    /// The day, on record until then, of the decision that a correction takes the place of.
    pub corrects: Option<NaiveDate>,
}

impl Desk {
    /// Every record of a decision made by the end of a day, in the order they were made.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn adoptions(&self, as_known_on: Option<NaiveDate>) -> Result<Vec<Adopted>, Failure> {
        self.rows(as_known_on)?.map(Adopted::of).collect()
    }

    /// The decision in force for a year: of those on its criteria, or else on those of the newest year before it, the
    /// latest taken by the day.
    ///
    /// # Errors
    /// None had been adopted by then.
    pub fn decision_in_force(
        &self,
        year: LeadingEdgeYear,
        as_at: NaiveDate,
        as_known_on: Option<NaiveDate>,
    ) -> Result<Adopted, Failure> {
        as_they_stand(self.rows(as_known_on)?)
            .into_iter()
            .filter(|row| row.year <= year && row.adopted_on <= as_at)
            .max_by_key(|row| (row.year, row.adopted_on))
            .ok_or(Failure::NoCriteria { year, as_at, as_known_on })
            .and_then(Adopted::of)
    }

    /// The criteria of that decision.
    ///
    /// # Errors
    /// None had been adopted by then.
    pub fn criteria_in_force(
        &self,
        year: LeadingEdgeYear,
        as_at: NaiveDate,
        as_known_on: Option<NaiveDate>,
    ) -> Result<Adoption, Failure> {
        Ok(self.decision_in_force(year, as_at, as_known_on)?.adoption)
    }

    fn rows(&self, as_known_on: Option<NaiveDate>) -> Result<impl Iterator<Item = Row>, Failure> {
        let known = known_on(as_known_on).map_or(i64::MAX, |instant| instant.timestamp_micros());
        Ok(self.read.criteria()?.into_iter().filter(move |row| row.recorded_at <= known))
    }
}

impl Adopted {
    fn of(row: Row) -> Result<Self, Failure> {
        let adoption = row
            .adoption()
            .map_err(|source| Failure::Undecodable { position: row.position, source })?;
        Ok(Self { adoption, kind: row.kind, reason: row.reason, corrects: row.corrects })
    }
}

impl Office {
    /// Records that the steering group adopted criteria.  Answers how many events that was: 0 where they are adopted
    /// already.
    ///
    /// # Errors
    /// Others are adopted for the year already: amend or correct them.
    pub async fn adopt(&mut self, adoption: Adoption) -> Result<usize, Failure> {
        self.decide_criteria(adoption.year, adoption.adopted_on, Command::Adopt(adoption)).await
    }

    /// Records that the steering group changed criteria by a later decision, and why.
    ///
    /// # Errors
    /// Nothing was adopted for the year, the decision is not a later one, or no reason is given.
    pub async fn amend(&mut self, adoption: Adoption, reason: String) -> Result<usize, Failure> {
        let (year, on) = (adoption.year, adoption.adopted_on);
        self.decide_criteria(year, on, Command::Amend { adoption, reason }).await
    }

    /// Records how a decision was taken that had been taken down wrongly, and why that is known (D17).  `decided_on` is
    /// the day on record of the decision, where it is not the last one.
    ///
    /// # Errors
    /// There is no such decision, it would change places with another, or no reason is given.
    pub async fn correct_criteria(
        &mut self,
        adoption: Adoption,
        decided_on: Option<NaiveDate>,
        reason: String,
    ) -> Result<usize, Failure> {
        let (year, on) = (adoption.year, adoption.adopted_on);
        self.decide_criteria(year, on, Command::Correct { adoption, decided_on, reason }).await
    }

    /// A decision is taken down once it was taken.
    async fn decide_criteria(
        &mut self,
        year: LeadingEdgeYear,
        on: NaiveDate,
        command: Command,
    ) -> Result<usize, Failure> {
        let today = self.today();
        if on > today {
            return Err(Failure::Refused(format!(
                "`adopted_on` is {}, and today is {}: a decision is taken down once it was taken",
                Day(on),
                Day(today)
            )));
        }
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<membership::Criteria>(&year.to_string(), command, asked).await?;
        self.settle(&crate::no_progress).await?;
        Ok(done.events.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use chrono::{DateTime, Utc};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn as_shipped() -> Adoption {
        read_criteria(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/criteria/2018-19.toml"),
        )
        .unwrap()
    }

    /// The criteria of 2018-19 with so many dips, decided on a day.
    fn decided(on: &str, dips: u8) -> Adoption {
        let mut adoption = Adoption { adopted_on: day(on), ..as_shipped() };
        adoption.terms.staying.dips = dips;
        adoption
    }

    /// A folder, and a clock that is set.
    struct World {
        folder: tempfile::TempDir,
        now: Arc<Mutex<DateTime<Utc>>>,
        runtime: tokio::runtime::Runtime,
    }

    impl World {
        fn new() -> Self {
            Self {
                folder: tempfile::tempdir().unwrap(),
                now: Arc::default(),
                runtime: tokio::runtime::Builder::new_multi_thread().build().unwrap(),
            }
        }

        fn office(&self, today: &str) -> Office {
            *self.now.lock().unwrap() = day(today).and_hms_opt(9, 0, 0).unwrap().and_utc();
            let now = Arc::clone(&self.now);
            let clock = Arc::new(move || *now.lock().unwrap());
            Office::open(self.folder.path(), clock, "office", &crate::no_progress).unwrap()
        }

        fn wait<T>(&self, work: impl Future<Output = T>) -> T {
            self.runtime.block_on(work)
        }
    }

    /// The decision of 2018-19 that counts as at a day, as known on another: its day and its dips.
    fn in_force(office: &Office, as_at: &str, known_on: Option<&str>) -> (NaiveDate, u8) {
        let year = as_shipped().year;
        let adoption =
            office.desk().criteria_in_force(year, day(as_at), known_on.map(day)).unwrap();
        (adoption.adopted_on, adoption.terms.staying.dips)
    }

    #[test]
    fn an_amendment_leaves_the_past_alone_and_a_correction_restates_it() {
        let world = World::new();
        let mut office = world.office("2018-02-01");
        assert_eq!(world.wait(office.adopt(decided("2017-11-01", 1))).unwrap(), 1);
        let amended = decided("2018-01-15", 0);
        assert_eq!(world.wait(office.amend(amended, "So decided".into())).unwrap(), 1);
        assert_eq!(in_force(&office, "2018-01-14", None), (day("2017-11-01"), 1));
        assert_eq!(in_force(&office, "2018-01-15", None), (day("2018-01-15"), 0));
        world.wait(office.close()).unwrap();

        let mut office = world.office("2018-03-01");
        let right = decided("2017-12-01", 2);
        let first = Some(day("2017-11-01"));
        for events in [1, 0] {
            let correct = office.correct_criteria(right.clone(), first, "As minuted".into());
            assert_eq!(world.wait(correct).unwrap(), events);
        }
        assert_eq!(in_force(&office, "2018-01-14", None), (day("2017-12-01"), 2));
        assert_eq!(in_force(&office, "2018-01-15", None), (day("2018-01-15"), 0));
        // What was wrong on record decides nothing any more, but is what was known then.
        let year = as_shipped().year;
        assert!(office.desk().criteria_in_force(year, day("2017-11-15"), None).is_err());
        assert_eq!(in_force(&office, "2017-11-15", Some("2018-02-01")), (day("2017-11-01"), 1));
        let kinds: Vec<Kind> =
            office.desk().adoptions(None).unwrap().iter().map(|adopted| adopted.kind).collect();
        assert_eq!(kinds, [Kind::Adopted, Kind::Amended, Kind::Corrected]);
        world.wait(office.close()).unwrap();
    }

    #[test]
    fn a_decision_is_taken_down_once_it_was_taken() {
        let world = World::new();
        let mut office = world.office("2017-10-31");
        let refused = |refusal: Failure| {
            assert_eq!(
                refusal.to_string(),
                "`adopted_on` is 1 Nov 2017, and today is 31 Oct 2017: a decision is taken down once it was taken"
            );
        };
        refused(world.wait(office.adopt(as_shipped())).unwrap_err());
        world.wait(office.adopt(decided("2017-10-31", 1))).unwrap();
        refused(
            world.wait(office.amend(decided("2017-11-01", 0), "So decided".into())).unwrap_err(),
        );
        let correct = office.correct_criteria(as_shipped(), None, "So minuted".into());
        refused(world.wait(correct).unwrap_err());
        world.wait(office.close()).unwrap();
    }
}
