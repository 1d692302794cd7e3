//! What each year costs (R10), decision by decision.

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use membership::fee::Event as Fee;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Fees {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub year: LeadingEdgeYear,
    pub fee_pence: u64,
    pub minute: String,
    #[serde(with = "columns::day")]
    pub set_on: NaiveDate,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "fees",
        key: &["position"],
        ddl: "\
CREATE TABLE fees (
  position    INTEGER PRIMARY KEY, -- of the event in the journal; the last one for a year counts
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  year        TEXT NOT NULL,       -- the Leading Edge year, as 2019-20; it holds for later years without one of their own
  fee_pence   INTEGER NOT NULL,    -- of the full package, without VAT
  minute      TEXT NOT NULL,
  set_on      TEXT NOT NULL
)",
        indexes: &[],
    };
}

/// The decision by which a year costs what it costs, of all that were made: the last on the year itself, or else on the
/// last year before it that has one (R10).
#[must_use]
pub fn of_year(decisions: &[Row], year: LeadingEdgeYear) -> Option<&Row> {
    decisions.iter().filter(|row| row.year <= year).max_by_key(|row| (row.year, row.position))
}

impl Fees {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        if let Event::Fee(_, Fee::FeeSet(price)) = &recorded.event {
            self.new.push(Row {
                position: recorded.position,
                recorded_at: recorded.recorded_at.timestamp_micros(),
                year: price.year,
                fee_pence: price.fee_pence,
                minute: price.minute.clone(),
                set_on: price.on,
            });
        }
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(position: u64, year: &str, fee_pence: u64) -> Row {
        let (minute, set_on) = (format!("minute {position}"), NaiveDate::MIN);
        Row { position, recorded_at: 0, year: year.parse().unwrap(), fee_pence, minute, set_on }
    }

    #[test]
    fn a_year_costs_what_was_last_decided_for_it_or_else_for_the_last_year_before_it() {
        let decisions = [
            decided(1, "2018-19", 150_000),
            decided(2, "2020-21", 170_000),
            decided(3, "2018-19", 160_000),
        ];
        let fee = |year: &str| {
            of_year(&decisions, year.parse().unwrap()).map(|row| (row.position, row.fee_pence))
        };
        assert_eq!(fee("2017-18"), None);
        assert_eq!(fee("2018-19"), Some((3, 160_000)));
        assert_eq!(fee("2019-20"), Some((3, 160_000)));
        assert_eq!(fee("2021-22"), Some((2, 170_000)));
    }
}
