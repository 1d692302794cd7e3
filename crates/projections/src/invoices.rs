//! The invoices, one row each, as they stand (R10).

use std::collections::BTreeMap;

use billing::InvoiceNumber;
use billing::ledger::{Event as Ledger, Invoice, Step};
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Invoices {
    held: BTreeMap<InvoiceNumber, Held>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub number: InvoiceNumber,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub purpose: String,
    pub billed_name: String,
    pub billed_address: String,
    pub net_pence: u64,
    pub vat_pence: u64,
    pub gross_pence: u64,
    pub credited_pence: i64,
    pub paid_pence: i64,
    pub open_pence: i64,
    #[serde(with = "columns::day")]
    pub raised_on: NaiveDate,
    #[serde(with = "columns::day")]
    pub due_on: NaiveDate,
    #[serde(with = "columns::optional_day")]
    pub settled_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub overdue_on: Option<NaiveDate>,
    pub reminded: Option<Step>,
    #[serde(with = "columns::optional_day")]
    pub reminded_on: Option<NaiveDate>,
    pub purchase_order: Option<String>,
    pub raised_at: u64,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "invoices",
        key: &["number"],
        ddl: "\
CREATE TABLE invoices (
  number         TEXT PRIMARY KEY, -- as LE-2018-0001
  urn            INTEGER NOT NULL, -- the school that was billed, under the URN it had then
  year           TEXT NOT NULL,    -- the Leading Edge year of its ledger, as 2019-20
  purpose        TEXT NOT NULL,    -- fee, or the key of what else it is for
  billed_name    TEXT NOT NULL,    -- as printed
  billed_address TEXT NOT NULL,    -- its lines, a line each; empty: none was known
  net_pence      INTEGER NOT NULL,
  vat_pence      INTEGER NOT NULL,
  gross_pence    INTEGER NOT NULL, -- net and VAT
  credited_pence INTEGER NOT NULL, -- by credit notes, with VAT
  paid_pence     INTEGER NOT NULL, -- payments, less what was reversed and what was paid back
  open_pence     INTEGER NOT NULL, -- to be paid still; less than nothing: to be paid back
  raised_on      TEXT NOT NULL,    -- its tax point
  due_on         TEXT NOT NULL,    -- the last day on which it is paid in time
  settled_on     TEXT,             -- since then nothing is open
  overdue_on     TEXT,             -- the day on which it was found past its due day
  reminded       TEXT,             -- the last reminder since it was open: first, second or last
  reminded_on    TEXT,
  purchase_order TEXT,             -- the school's own reference, the last one given
  raised_at      INTEGER NOT NULL, -- of the event in the journal that raised it
  position       INTEGER NOT NULL, -- of the last event in the journal that changed the row
  recorded_at    INTEGER NOT NULL  -- of that event, microseconds since 1970-01-01 UTC
) WITHOUT ROWID",
        indexes: &[
            "CREATE INDEX invoices_of ON invoices (urn)",
            "CREATE INDEX invoices_by_year ON invoices (year, number)",
        ],
    };
}

impl Invoices {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Ledger(year, event) = &recorded.event else { return Ok(()) };
        let Some(number) = event.number() else { return Ok(()) };
        if let Ledger::InvoiceRaised(invoice) = event {
            let row = Row::of(*year, invoice, recorded);
            self.held.insert(number, Held { row, changed: true });
            return Ok(());
        }
        let Some(held) = self.held(number, past)? else { return Ok(()) };
        held.row.take_down(event);
        held.row.position = recorded.position;
        held.row.recorded_at = recorded.recorded_at.timestamp_micros();
        held.changed = true;
        Ok(())
    }

    fn held<P: Past>(
        &mut self,
        number: InvoiceNumber,
        past: &mut P,
    ) -> Result<Option<&mut Held>, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.held.entry(number) {
            Entry::Occupied(held) => Some(held.into_mut()),
            Entry::Vacant(place) => past
                .rows::<Row>("number", Key::Text(&number.to_string()))?
                .pop()
                .map(|row| place.insert(Held { row, changed: false })),
        })
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for held in self.held.values_mut().filter(|held| held.changed) {
            sink.put(&held.row)?;
            held.changed = false;
        }
        Ok(())
    }
}

impl Row {
    fn of(year: LeadingEdgeYear, invoice: &Invoice, recorded: &Recorded) -> Self {
        Self {
            number: invoice.number,
            urn: invoice.urn,
            year,
            purpose: invoice.purpose.to_string(),
            billed_name: invoice.billed.name.clone(),
            billed_address: invoice.billed.address.join("\n"),
            net_pence: invoice.net_pence,
            vat_pence: invoice.vat_pence,
            gross_pence: invoice.gross_pence,
            credited_pence: 0,
            paid_pence: 0,
            open_pence: signed(invoice.gross_pence),
            raised_on: invoice.raised_on,
            due_on: invoice.due_on,
            settled_on: None,
            overdue_on: None,
            reminded: None,
            reminded_on: None,
            purchase_order: invoice.purchase_order.clone(),
            raised_at: recorded.position,
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        }
    }

    /// What is open is counted here, and not as the event says: as at a day of the past, a payment that came before it and
    /// was entered after it counts.
    fn take_down(&mut self, event: &Ledger) {
        match event {
            Ledger::InvoiceRaised(_)
            | Ledger::PurchaseOrderGiven { .. }
            | Ledger::PurchaseOrderWithdrawn { .. } => {}
            Ledger::PurchaseOrderRecorded { reference, .. } => {
                self.purchase_order = Some(reference.clone());
            }
            Ledger::PaymentReceived { amount_pence, .. } => self.paid(signed(*amount_pence)),
            Ledger::PaymentReversed { amount_pence, .. }
            | Ledger::RefundPaid { amount_pence, .. } => {
                self.paid(-signed(*amount_pence));
                if self.open_pence > 0 && self.settled_on.is_some() {
                    self.settled_on = None;
                    self.overdue_on = None;
                    self.reminded = None;
                    self.reminded_on = None;
                }
            }
            Ledger::CreditNoteIssued(note) => {
                self.credited_pence += signed(note.gross_pence);
                self.open_pence -= signed(note.gross_pence);
            }
            Ledger::InvoiceSettled { on, .. } => self.settled_on = Some(*on),
            Ledger::InvoiceOverdue { on, .. } => self.overdue_on = Some(*on),
            Ledger::InvoiceReminded { step, on, .. } => {
                self.reminded = Some(*step);
                self.reminded_on = Some(*on);
            }
        }
    }

    fn paid(&mut self, pence: i64) {
        self.paid_pence += pence;
        self.open_pence -= pence;
    }
}

/// Amounts are bounded far below what either kind of number holds.
pub(crate) fn signed(pence: u64) -> i64 {
    i64::try_from(pence).unwrap_or(i64::MAX)
}
