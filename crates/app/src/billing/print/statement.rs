//! What a statement says, the same on a page and on paper.

use kernel::{Day, pounds};
use projections::ledger_entries::Kind;

use crate::billing::{Statement, StatementLine};

pub(super) struct StatementWords {
    /// What the last figure is.
    pub(super) closes: String,
    /// How to pay, where anything is owed.
    pub(super) pay: Option<String>,
    /// What the schools that went before owe (D12).
    pub(super) before: Vec<String>,
}

/// An entry, in words.
pub(super) struct Line {
    pub(super) day: String,
    pub(super) entry: String,
    pub(super) invoice: String,
    pub(super) billed: String,
    pub(super) paid: String,
    pub(super) owed: String,
}

impl StatementWords {
    pub(super) fn of(it: &Statement) -> Self {
        let until = Day(it.until).to_string();
        let closes = match it.closing_pence {
            ..0 => format!("To be paid back to you at the end of {until}"),
            _ => format!("Owed at the end of {until}"),
        };
        let pay = it.supplier.as_ref().filter(|_| it.closing_pence > 0).map(|supplier| {
        format!(
            "Please pay {}, sort code {}, account {}, with the number of the invoice as the reference.",
            supplier.account_name, supplier.sort_code, supplier.account_number
        )
    });
        let before = it.before.iter().map(|before| {
        format!(
            "The membership of {} went on at this school; it is billed apart, and owed {} then.",
            before.urn,
            pounds(before.open_pence)
        )
    });
        Self { closes, pay, before: before.collect() }
    }
}

impl Line {
    pub(super) fn of(line: &StatementLine) -> Self {
        let document = line.document.as_deref().unwrap_or_default();
        let entry = match line.kind {
            Kind::Invoice => "Invoice".to_owned(),
            Kind::Payment => "Payment, thank you".to_owned(),
            Kind::Reversal => "Payment that was not made".to_owned(),
            Kind::CreditNote => format!("Credit note {document}"),
            Kind::Refund => "Paid back to you".to_owned(),
        };
        let words = line.words.as_ref().map_or_else(String::new, |words| format!(" ({words})"));
        let (mut billed, mut paid) = (String::new(), String::new());
        match line.amount_pence {
            ..0 => paid = pounds(-line.amount_pence),
            pence => billed = pounds(pence),
        }
        Self {
            day: Day(line.on).to_string(),
            entry: format!("{entry}{words}"),
            invoice: line.invoice.to_string(),
            billed,
            paid,
            owed: pounds(line.balance_pence),
        }
    }
}
