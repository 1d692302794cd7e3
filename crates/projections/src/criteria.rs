//! The criteria that were adopted, and each change to them and correction of them (R1, D17).

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use membership::criteria::{Adoption, Event as Decided};
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Criteria {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub actor: String,
    pub year: LeadingEdgeYear,
    #[serde(with = "columns::day")]
    pub adopted_on: NaiveDate,
    pub minute: String,
    pub kind: Kind,
    pub reason: Option<String>,
    #[serde(with = "columns::optional_day")]
    pub corrects: Option<NaiveDate>,
    pub terms: String,
}

/// Which kind of record of a decision.
#[derive(Clone, Copy, Debug, Deserialize, Display, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Adopted,
    /// A later decision.
    Amended,
    /// A decision that had been taken down wrongly, as it was taken.
    Corrected,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "criteria",
        key: &["position"],
        ddl: "\
CREATE TABLE criteria (
  position    INTEGER PRIMARY KEY, -- of the event in the journal
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  actor       TEXT NOT NULL,       -- who took the decision down
  year        TEXT NOT NULL,       -- the Leading Edge year, as 2019-20
  adopted_on  TEXT NOT NULL,       -- the day of the steering group's decision
  minute      TEXT NOT NULL,       -- where the decision is written down
  kind        TEXT NOT NULL,       -- adopted; amended: a later decision; corrected: a decision taken down wrongly before
  reason      TEXT,                -- why it was amended or corrected
  corrects    TEXT,                -- the day, on record until then, of the decision whose place a corrected one takes
  terms       TEXT NOT NULL        -- the criteria, as JSON
)",
        indexes: &[],
    };
}

impl Row {
    /// The decision, as it was taken.
    ///
    /// # Errors
    /// The terms are not what this program wrote.
    pub fn adoption(&self) -> Result<Adoption, serde_json::Error> {
        Ok(Adoption {
            year: self.year,
            adopted_on: self.adopted_on,
            minute: self.minute.clone(),
            terms: serde_json::from_str(&self.terms)?,
        })
    }
}

/// The decisions as they stand: each correction in the place of what it corrects.  `rows` in the order of their positions.
#[must_use]
pub fn as_they_stand(rows: impl IntoIterator<Item = Row>) -> Vec<Row> {
    let mut decisions: Vec<Row> = vec![];
    for row in rows {
        let corrected = row.corrects.and_then(|day| {
            decisions.iter_mut().rfind(|it| it.year == row.year && it.adopted_on == day)
        });
        match corrected {
            Some(decision) => *decision = row,
            None => decisions.push(row),
        }
    }
    decisions
}

impl Criteria {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Criteria(year, event) = &recorded.event else { return };
        let (adoption, kind, reason, corrects) = match event {
            Decided::CriteriaAdopted(adoption) => (adoption, Kind::Adopted, None, None),
            Decided::CriteriaAmended { adoption, reason } => {
                (adoption, Kind::Amended, Some(reason), None)
            }
            Decided::CriteriaCorrected { adoption, corrects, reason } => {
                (adoption, Kind::Corrected, Some(reason), Some(*corrects))
            }
        };
        self.new.push(Row {
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
            actor: recorded.actor.clone(),
            year: *year,
            adopted_on: adoption.adopted_on,
            minute: adoption.minute.clone(),
            kind,
            reason: reason.cloned(),
            corrects,
            terms: columns::json(&adoption.terms),
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(position: u64, kind: Kind, adopted_on: &str, corrects: Option<&str>) -> Row {
        let day = |text: &str| text.parse().unwrap();
        Row {
            position,
            recorded_at: 0,
            actor: "office".into(),
            year: "2018-19".parse().unwrap(),
            adopted_on: day(adopted_on),
            minute: "item 3".into(),
            kind,
            reason: None,
            corrects: corrects.map(day),
            terms: "{}".into(),
        }
    }

    fn standing(rows: &[Row]) -> Vec<u64> {
        as_they_stand(rows.to_vec()).iter().map(|row| row.position).collect()
    }

    #[test]
    fn a_correction_takes_the_place_of_what_it_corrects_and_of_nothing_else() {
        let adopted = row(1, Kind::Adopted, "2017-11-01", None);
        let amended = row(2, Kind::Amended, "2018-01-15", None);
        let first = row(3, Kind::Corrected, "2017-11-02", Some("2017-11-01"));
        let again = row(4, Kind::Corrected, "2017-11-03", Some("2017-11-02"));
        let rows = [adopted, amended, first, again];
        assert_eq!(standing(&rows[..2]), [1, 2]);
        assert_eq!(standing(&rows[..3]), [3, 2]);
        assert_eq!(standing(&rows), [4, 2]);
        let mut another_year = rows[2].clone();
        another_year.year = "2019-20".parse().unwrap();
        assert_eq!(standing(&[rows[0].clone(), another_year]), [1, 3]);
    }
}
