//! What each review found of each school, clause by clause, and whether a fact it rested on was wrong (R16, D17).

mod old_data;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{Day, Grade, LeadingEdgeYear, Progress8, Source, Urn, Withheld};
use membership::finding::Inspected;
use membership::review::{Event as Review, Verdict};
use membership::{Clause, Finding, Outcome};
use schools::national_data::Event as NationalData;
use schools::school::Predecessor;
use serde::{Deserialize, Serialize};

use crate::columns::split;
use crate::known::Known;
use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns, predecessors, reviews};
use old_data::OldData;

#[derive(Debug, Default)]
pub struct Findings {
    /// Those seen so far, written or not: a new file is made without looking up what it was given.
    held: BTreeMap<(LeadingEdgeYear, Urn), Row>,
    changed: BTreeSet<(LeadingEdgeYear, Urn)>,
    /// The day that the last run of each year's review looked at.
    as_at: BTreeMap<LeadingEdgeYear, NaiveDate>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub year: LeadingEdgeYear,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub name: String,
    pub in_population: bool,
    pub eligible: bool,
    pub invited: bool,
    pub outcome: Outcome,
    pub inspected: Inspected,
    pub grade: Option<Grade>,
    #[serde(with = "columns::optional_urn")]
    pub carried_from: Option<Urn>,
    pub progress8: Option<Progress8>,
    pub progress8_code: Option<Withheld>,
    pub lower: Option<Progress8>,
    pub lower_code: Option<Withheld>,
    pub clauses: String,
    pub verdict: Option<Verdict>,
    pub verdict_reason: Option<String>,
    pub verdict_minute: Option<String>,
    #[serde(with = "columns::optional_day")]
    pub verdict_on: Option<NaiveDate>,
    pub verdict_at: Option<u64>,
    pub position: u64,
    pub left_at: Option<u64>,
    pub decided_on_old_data: Option<String>,
}

/// What a finding rests on: lines of files, and that there is no other predecessor than the one whose grade it carries.
#[derive(Debug)]
pub(crate) struct Rests {
    pub(crate) year: LeadingEdgeYear,
    pub(crate) sources: Vec<Source>,
    pub(crate) carried_from: Option<Urn>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "review_findings",
        key: &["year", "urn"],
        ddl: "\
CREATE TABLE review_findings (
  year                TEXT NOT NULL,    -- the Leading Edge year, as 2019-20
  urn                 INTEGER NOT NULL,
  name                TEXT NOT NULL,
  in_population       INTEGER NOT NULL, -- 1: the threshold was taken over it
  eligible            INTEGER NOT NULL, -- 1: it may join
  invited             INTEGER NOT NULL, -- 1: it is invited
  outcome             TEXT NOT NULL,    -- may it stay: renew, renew_noted_dip, judgement, not_eligible or referral
  inspected           TEXT NOT NULL,    -- whose grade is in force: here, at_predecessor or not_yet
  grade               INTEGER,          -- the overall grade the answers rest on, 1 to 4
  carried_from        INTEGER,          -- the predecessor that grade was given to
  progress8           INTEGER,          -- in the release reviewed, in hundredths
  progress8_code      TEXT,             -- why there is no value
  lower               INTEGER,          -- lower 95% confidence limit, in hundredths
  lower_code          TEXT,
  clauses             TEXT NOT NULL,    -- rule, way, needed, actual, value, source, date and result of each, as JSON
  verdict             TEXT,             -- the steering group's judgement: eligible or not_eligible
  verdict_reason      TEXT,
  verdict_minute      TEXT,             -- where it is written down
  verdict_on          TEXT,
  verdict_at          INTEGER,          -- of the event in the journal that recorded the judgement
  position            INTEGER NOT NULL, -- of the event in the journal that found it
  left_at             INTEGER,          -- of the event since which the school is no longer in the review
  decided_on_old_data TEXT,             -- which fact it rested on became known otherwise since, and when
  PRIMARY KEY (year, urn)
)",
        indexes: &["CREATE INDEX review_findings_of ON review_findings (urn)"],
    };
}

impl Row {
    /// # Errors
    /// The clauses are not what this program wrote.
    pub fn clauses(&self) -> Result<Vec<Clause>, serde_json::Error> {
        serde_json::from_str(&self.clauses)
    }

    pub(crate) fn rests(&self) -> Rests {
        let clauses = self.clauses().unwrap_or_default();
        Rests { year: self.year, sources: sources(&clauses), carried_from: self.carried_from }
    }
}

impl Findings {
    /// Before results and inspections are applied: here the version that is about to be replaced must still be known.
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        match &recorded.event {
            Event::Review(year, event) => self.review(*year, event, recorded, known, past),
            Event::School(urn, event) => {
                for old in old_data::by_event(known.school(*urn, past)?, *urn, event) {
                    self.flag(*urn, &old, recorded, known, past)?;
                }
                match predecessors::succession(&recorded.event) {
                    Some((_, found)) => self.flag_carried_over(*urn, found, recorded, known, past),
                    None => Ok(()),
                }
            }
            Event::NationalData(_, NationalData::DatasetImported(import)) => {
                for (urn, line) in &import.confirmed {
                    for old in old_data::by_import(known.school(*urn, past)?, import, *line) {
                        self.flag(*urn, &old, recorded, known, past)?;
                    }
                }
                Ok(())
            }
            Event::NationalData(..)
            | Event::Criteria(..)
            | Event::Membership(..)
            | Event::Fee(..)
            | Event::Ledger(..)
            | Event::Issuer(_)
            | Event::Customer(..)
            | Event::Calendar(_)
            | Event::Parked(..)
            | Event::Letter(..)
            | Event::Person(..) => Ok(()),
        }
    }

    fn review<P: Past>(
        &mut self,
        year: LeadingEdgeYear,
        event: &Review,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        match event {
            Review::SchoolReviewed(finding) => {
                let mut row = found(year, finding, recorded.position);
                let school = known.school(finding.urn, past)?;
                if school.has_finding(year)
                    && let Some(was) = self.row(year, finding.urn, past)?
                {
                    // What the steering group judged stays on record beside a new finding.
                    row.verdict = was.verdict;
                    row.verdict_reason.clone_from(&was.verdict_reason);
                    row.verdict_minute.clone_from(&was.verdict_minute);
                    row.verdict_on = was.verdict_on;
                    row.verdict_at = was.verdict_at;
                }
                school.hold_finding(row.rests());
                self.held.insert((year, finding.urn), row);
                self.changed.insert((year, finding.urn));
            }
            Review::SchoolLeftReview { urn } => {
                if let Some(row) = self.row(year, *urn, past)? {
                    row.left_at = Some(recorded.position);
                }
            }
            Review::JudgementRecorded { urn, verdict, reason, minute, on } => {
                if let Some(row) = self.row(year, *urn, past)? {
                    row.verdict = Some(*verdict);
                    row.verdict_reason = Some(reason.clone());
                    row.verdict_minute = Some(minute.clone());
                    row.verdict_on = Some(*on);
                    row.verdict_at = Some(recorded.position);
                }
            }
            Review::AnnualReviewOpened(basis) | Review::AnnualReviewRepeated(basis) => {
                self.as_at.insert(year, basis.as_at);
            }
            Review::AnnualReviewClosed { .. } => {}
        }
        Ok(())
    }

    /// A fact may be what the school's own findings rest on, or, carried over, those of its successors (D6).
    fn flag<P: Past>(
        &mut self,
        urn: Urn,
        old: &OldData,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let mut concerned = vec![urn];
        concerned.extend_from_slice(known.school(urn, past)?.successors());
        for urn in concerned {
            for year in known.school(urn, past)?.resting_on(&old.sources) {
                self.note(year, urn, &old.what, recorded, past)?;
            }
        }
        Ok(())
    }

    /// Of two predecessors no grade is carried over (D6): a second one that counted on the review's day already was left
    /// out.
    fn flag_carried_over<P: Past>(
        &mut self,
        urn: Urn,
        found: &Predecessor,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let carried: Vec<(LeadingEdgeYear, Urn)> = known
            .school(urn, past)?
            .findings()
            .iter()
            .filter_map(|finding| Some((finding.year, finding.carried_from?)))
            .filter(|(_, from)| *from != found.urn)
            .collect();
        for (year, from) in carried {
            let as_at = self.as_at(year, past)?;
            let counted = found.established_on.is_none_or(|day| as_at.is_none_or(|it| day <= it));
            if counted {
                let what = format!("{} became known as a predecessor beside {from}", found.urn);
                self.note(year, urn, &what, recorded, past)?;
            }
        }
        Ok(())
    }

    /// The day that the last run of the year's review looked at.
    fn as_at<P: Past>(
        &mut self,
        year: LeadingEdgeYear,
        past: &mut P,
    ) -> Result<Option<NaiveDate>, P::Error> {
        if let Some(as_at) = self.as_at.get(&year) {
            return Ok(Some(*as_at));
        }
        let row = past.rows::<reviews::Row>("year", Key::Text(&year.to_string()))?.pop();
        let as_at = row.map(|row| row.as_at);
        self.as_at.extend(as_at.map(|as_at| (year, as_at)));
        Ok(as_at)
    }

    fn note<P: Past>(
        &mut self,
        year: LeadingEdgeYear,
        urn: Urn,
        what: &str,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Some(row) = self.row(year, urn, past)? else { return Ok(()) };
        // In UTC, and saying so: the day in London may be another.
        let at = recorded.recorded_at;
        let what = format!("{what} (recorded {} {})", Day(at.date_naive()), at.format("%H:%MZ"));
        row.decided_on_old_data = Some(match row.decided_on_old_data.take() {
            Some(before) => format!("{before}; {what}"),
            None => what,
        });
        Ok(())
    }

    /// A finding's row, to be changed.
    fn row<P: Past>(
        &mut self,
        year: LeadingEdgeYear,
        urn: Urn,
        past: &mut P,
    ) -> Result<Option<&mut Row>, P::Error> {
        use std::collections::btree_map::Entry;
        let row = match self.held.entry((year, urn)) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let rows = past.rows::<Row>("urn", Key::Number(urn.number()))?;
                let Some(row) = rows.into_iter().find(|row| row.year == year) else {
                    return Ok(None);
                };
                place.insert(row)
            }
        };
        self.changed.insert((year, urn));
        Ok(Some(row))
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for key in std::mem::take(&mut self.changed) {
            self.held.get(&key).map_or(Ok(()), |row| sink.put(row))?;
        }
        Ok(())
    }

    /// How much is held, in facts: a finding with its clauses is about as large as eight of them.
    pub(crate) fn weight(&self) -> usize {
        8 * self.held.len()
    }

    /// Only after [`Findings::write`].
    pub(crate) fn forget(&mut self) {
        self.held.clear();
    }
}

fn found(year: LeadingEdgeYear, finding: &Finding, position: u64) -> Row {
    let (progress8, progress8_code) = split(finding.progress8);
    let (lower, lower_code) = split(finding.lower);
    Row {
        year,
        urn: finding.urn,
        name: finding.name.clone(),
        in_population: finding.in_population,
        eligible: finding.eligible,
        invited: finding.invited,
        outcome: finding.outcome,
        inspected: finding.inspected,
        grade: finding.grade,
        carried_from: finding.carried_from,
        progress8,
        progress8_code,
        lower,
        lower_code,
        clauses: columns::json(&finding.clauses),
        verdict: None,
        verdict_reason: None,
        verdict_minute: None,
        verdict_on: None,
        verdict_at: None,
        position,
        left_at: None,
        decided_on_old_data: None,
    }
}

fn sources(clauses: &[Clause]) -> Vec<Source> {
    let mut sources: Vec<Source> =
        clauses.iter().filter_map(|clause| clause.source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}
