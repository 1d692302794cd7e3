//! What was charged and credited, line by line, with its VAT (D13).

use billing::ledger::Event as Ledger;
use billing::{InvoiceNumber, VatRate};
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};

use crate::invoices::signed;
use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct VatLines {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub line: u32,
    pub document: String,
    pub invoice: InvoiceNumber,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub what: String,
    pub net_pence: i64,
    pub vat_basis_points: VatRate,
    pub vat_pence: i64,
    #[serde(with = "columns::day")]
    pub tax_point: NaiveDate,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "vat_lines",
        key: &["position", "line"],
        ddl: "\
CREATE TABLE vat_lines (
  position         INTEGER NOT NULL, -- of the event in the journal
  line             INTEGER NOT NULL, -- its place on the invoice, from 1
  document         TEXT NOT NULL,    -- the number of the invoice, LE-2018-0001, or of the credit note, LE-2018-C0001
  invoice          TEXT NOT NULL,    -- the invoice, also of a credit note
  urn              INTEGER NOT NULL, -- the school that was billed
  year             TEXT NOT NULL,    -- the Leading Edge year of the ledger, as 2019-20
  what             TEXT NOT NULL,
  net_pence        INTEGER NOT NULL, -- less than nothing where it was credited
  vat_basis_points INTEGER NOT NULL, -- the rate: 2000 is 20%
  vat_pence        INTEGER NOT NULL, -- of this line, rounded half up; less than nothing where it was credited
  tax_point        TEXT NOT NULL,    -- the day of the document
  recorded_at      INTEGER NOT NULL, -- microseconds since 1970-01-01 UTC: when it was entered, however it is dated
  PRIMARY KEY (position, line)
) WITHOUT ROWID",
        indexes: &[
            "CREATE INDEX vat_lines_by_day ON vat_lines (tax_point)",
            "CREATE INDEX vat_lines_of ON vat_lines (document)",
        ],
    };
}

impl VatLines {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Ledger(year, event) = &recorded.event else { return };
        let Some(number) = event.number() else { return };
        let row = |line, what: &str, rate, tax_point| Row {
            position: recorded.position,
            line,
            document: String::new(),
            invoice: number,
            urn: event.urn(),
            year: *year,
            what: what.to_owned(),
            net_pence: 0,
            vat_basis_points: rate,
            vat_pence: 0,
            tax_point,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        };
        match event {
            Ledger::InvoiceRaised(invoice) => {
                for (line, charge) in (1..).zip(&invoice.charges) {
                    self.new.push(Row {
                        document: invoice.number.to_string(),
                        net_pence: signed(charge.net_pence),
                        vat_pence: signed(charge.vat_pence),
                        ..row(line, &charge.what, charge.vat_basis_points, invoice.raised_on)
                    });
                }
            }
            Ledger::CreditNoteIssued(note) => {
                for credited in &note.lines {
                    self.new.push(Row {
                        document: note.number.to_string(),
                        net_pence: -signed(credited.net_pence),
                        vat_pence: -signed(credited.vat_pence),
                        ..row(credited.line, &credited.what, credited.vat_basis_points, note.on)
                    });
                }
            }
            Ledger::PurchaseOrderRecorded { .. }
            | Ledger::PurchaseOrderGiven { .. }
            | Ledger::PurchaseOrderWithdrawn { .. }
            | Ledger::PaymentReceived { .. }
            | Ledger::PaymentReversed { .. }
            | Ledger::RefundPaid { .. }
            | Ledger::InvoiceSettled { .. }
            | Ledger::InvoiceOverdue { .. }
            | Ledger::InvoiceReminded { .. } => {}
        }
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
