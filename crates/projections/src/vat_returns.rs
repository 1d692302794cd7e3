//! The VAT returns that were filed: nothing is dated into them any more (D13).

use std::collections::BTreeMap;

use billing::issuer::Event as Issuer;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct VatReturns {
    changed: BTreeMap<u64, Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    #[serde(with = "columns::day")]
    pub last_day: NaiveDate,
    #[serde(with = "columns::day")]
    pub filed_on: NaiveDate,
    pub recorded_at: i64,
    #[serde(with = "columns::optional_day")]
    pub reopened_on: Option<NaiveDate>,
    pub reason: Option<String>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "vat_returns",
        key: &["position"],
        ddl: "\
CREATE TABLE vat_returns (
  position    INTEGER PRIMARY KEY, -- of the event in the journal
  last_day    TEXT NOT NULL,       -- no invoice and no credit note is dated on it or before it
  filed_on    TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  reopened_on TEXT,                -- it closes nothing since then
  reason      TEXT                 -- why it was opened again
)",
        indexes: &[],
    };
}

/// The last day of the returns that are filed and were not opened again.
#[must_use]
pub fn filed_until(rows: &[Row]) -> Option<NaiveDate> {
    rows.iter().filter(|row| row.reopened_on.is_none()).map(|row| row.last_day).max()
}

impl VatReturns {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Issuer(event) = &recorded.event else { return Ok(()) };
        match event {
            Issuer::VatReturnFiled { until, on } => {
                let row = Row {
                    position: recorded.position,
                    last_day: *until,
                    filed_on: *on,
                    recorded_at: recorded.recorded_at.timestamp_micros(),
                    reopened_on: None,
                    reason: None,
                };
                self.changed.insert(row.position, row);
            }
            Issuer::VatReturnReopened { until, reason, on } => {
                for row in past.rows::<Row>("last_day", Key::Text(&until.to_string()))? {
                    self.changed.entry(row.position).or_insert(row);
                }
                let reopened = self
                    .changed
                    .values_mut()
                    .filter(|row| row.last_day == *until && row.reopened_on.is_none());
                for row in reopened {
                    row.reopened_on = Some(*on);
                    row.reason = Some(reason.clone());
                }
            }
            Issuer::IssuerAdopted(_) => {}
        }
        Ok(())
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        std::mem::take(&mut self.changed).values().try_for_each(|row| sink.put(row))
    }
}
