//! How schools are billed, where that is not as the register names them.

use std::collections::BTreeMap;

use billing::customer::Event as Customer;
use billing::ledger::Billed;
use chrono::NaiveDate;
use kernel::Urn;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Customers {
    changed: BTreeMap<Urn, Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub billed_name: Option<String>,
    pub billed_address: Option<String>,
    #[serde(with = "columns::day")]
    pub set_on: NaiveDate,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "customers",
        key: &["urn"],
        ddl: "\
CREATE TABLE customers (
  urn            INTEGER PRIMARY KEY,
  billed_name    TEXT,             -- the name it is billed under, such as its trust's; NULL: its own, as the register has it
  billed_address TEXT,             -- its lines, a line each; NULL: the register's
  set_on         TEXT NOT NULL,
  position       INTEGER NOT NULL, -- of the event in the journal, the last one
  recorded_at    INTEGER NOT NULL  -- of that event, microseconds since 1970-01-01 UTC
)",
        indexes: &[],
    };
}

impl Row {
    /// Whom its invoices name; `None`: as the register does.
    #[must_use]
    pub fn billed(&self) -> Option<Billed> {
        let name = self.billed_name.clone()?;
        let address = self.billed_address.as_deref().unwrap_or_default();
        Some(Billed { name, address: address.lines().map(str::to_owned).collect() })
    }
}

impl Customers {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Customer(urn, event) = &recorded.event else { return };
        let (billed, set_on) = match event {
            Customer::BillingAddressSet { billed, on } => (Some(billed), *on),
            Customer::BillingAddressCleared { on } => (None, *on),
        };
        let row = Row {
            urn: *urn,
            billed_name: billed.map(|it| it.name.clone()),
            billed_address: billed.map(|it| it.address.join("\n")),
            set_on,
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        };
        self.changed.insert(*urn, row);
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        std::mem::take(&mut self.changed).values().try_for_each(|row| sink.put(row))
    }
}
