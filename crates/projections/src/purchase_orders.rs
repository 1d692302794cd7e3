//! The purchase orders that schools gave before they were billed, and the invoice that each stands on.

use std::collections::BTreeMap;

use billing::InvoiceNumber;
use billing::ledger::Event as Ledger;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct PurchaseOrders {
    /// `None`: the school gave none for the year.
    held: BTreeMap<(Urn, LeadingEdgeYear), Option<Held>>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub reference: String,
    #[serde(with = "columns::day")]
    pub given_on: NaiveDate,
    pub invoice: Option<InvoiceNumber>,
    #[serde(with = "columns::optional_day")]
    pub withdrawn_on: Option<NaiveDate>,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "purchase_orders",
        key: &["urn", "year"],
        ddl: "\
CREATE TABLE purchase_orders (
  urn          INTEGER NOT NULL,
  year         TEXT NOT NULL,    -- the Leading Edge year of the ledger, as 2019-20
  reference    TEXT NOT NULL,    -- the last one that the school gave before it was billed
  given_on     TEXT NOT NULL,
  invoice      TEXT,             -- the invoice it stands on, as LE-2018-0001; NULL: it waits for the next, or was withdrawn
  withdrawn_on TEXT,
  position     INTEGER NOT NULL, -- of the last event in the journal that changed the row
  recorded_at  INTEGER NOT NULL, -- of that event, microseconds since 1970-01-01 UTC
  PRIMARY KEY (urn, year)
) WITHOUT ROWID",
        indexes: &[],
    };
}

impl Row {
    /// Whether it goes on the next invoice.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.invoice.is_none() && self.withdrawn_on.is_none()
    }
}

impl PurchaseOrders {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Ledger(year, event) = &recorded.event else { return Ok(()) };
        let urn = event.urn();
        let (position, recorded_at) = (recorded.position, recorded.recorded_at.timestamp_micros());
        match event {
            Ledger::PurchaseOrderGiven { reference, on, .. } => {
                let (reference, given_on) = (reference.clone(), *on);
                let (invoice, withdrawn_on, year) = (None, None, *year);
                let row = Row {
                    urn,
                    year,
                    reference,
                    given_on,
                    invoice,
                    withdrawn_on,
                    position,
                    recorded_at,
                };
                self.held.insert((urn, year), Some(Held { row, changed: true }));
            }
            Ledger::PurchaseOrderWithdrawn { on, .. } => {
                let Some(held) = self.held(urn, *year, past)? else { return Ok(()) };
                held.row.withdrawn_on = Some(*on);
                held.changed(position, recorded_at);
            }
            Ledger::InvoiceRaised(invoice) => {
                let Some(held) = self.held(urn, *year, past)? else { return Ok(()) };
                if held.row.waits() && invoice.purchase_order.as_ref() == Some(&held.row.reference)
                {
                    held.row.invoice = Some(invoice.number);
                    held.changed(position, recorded_at);
                }
            }
            Ledger::PurchaseOrderRecorded { .. }
            | Ledger::PaymentReceived { .. }
            | Ledger::PaymentReversed { .. }
            | Ledger::CreditNoteIssued(_)
            | Ledger::RefundPaid { .. }
            | Ledger::InvoiceSettled { .. }
            | Ledger::InvoiceOverdue { .. }
            | Ledger::InvoiceReminded { .. } => {}
        }
        Ok(())
    }

    fn held<P: Past>(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        past: &mut P,
    ) -> Result<Option<&mut Held>, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.held.entry((urn, year)) {
            Entry::Occupied(held) => held.into_mut().as_mut(),
            Entry::Vacant(place) => {
                let rows = past.rows::<Row>("urn", Key::Number(urn.number()))?;
                let row = rows.into_iter().find(|row| row.year == year);
                place.insert(row.map(|row| Held { row, changed: false })).as_mut()
            }
        })
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for held in self.held.values_mut().flatten().filter(|held| held.changed) {
            sink.put(&held.row)?;
            held.changed = false;
        }
        Ok(())
    }
}

impl Held {
    fn changed(&mut self, position: u64, recorded_at: i64) {
        (self.row.position, self.row.recorded_at) = (position, recorded_at);
        self.changed = true;
    }
}
