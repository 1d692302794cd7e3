//! What is not paid in time (R10).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::ledger::{Event, Ledger};
use crate::{InvoiceNumber, Refusal};

/// Reminders of an overdue invoice, each sent once, in this order.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    First,
    Second,
    Last,
}

impl Step {
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Last];

    /// So long after the day it was due: one week, two, and thirty days.
    #[must_use]
    pub fn after_due(self) -> Days {
        match self {
            Self::First => Days::new(7),
            Self::Second => Days::new(14),
            Self::Last => Days::new(30),
        }
    }

    /// The step that an invoice has come to on a day; `None`: it is too early for any.
    #[must_use]
    pub fn reached(due_on: NaiveDate, on: NaiveDate) -> Option<Self> {
        let reached =
            |step: &&Self| due_on.checked_add_days(step.after_due()).is_some_and(|day| day <= on);
        Self::ALL.iter().rfind(reached).copied()
    }
}

impl Ledger {
    /// Once; and again where it was settled since, and is open once more.
    pub(super) fn mark_overdue(
        &self,
        number: InvoiceNumber,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        if account.overdue || account.open_pence <= 0 {
            return Ok(vec![]);
        }
        let (urn, due_on, open_pence) = (account.urn, account.due_on, account.open_pence);
        if on <= due_on {
            return Err(Refusal::NotOverdue { number, due_on, on });
        }
        Ok(vec![Event::InvoiceOverdue { number, urn, due_on, open_pence, on }])
    }

    /// A step that was passed over, or went before, is not gone back to.
    pub(super) fn remind(
        &self,
        number: InvoiceNumber,
        step: Step,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        if account.open_pence <= 0 || account.reminded.is_some_and(|reminded| reminded >= step) {
            return Ok(vec![]);
        }
        let (urn, due_on, open_pence) = (account.urn, account.due_on, account.open_pence);
        if Step::reached(due_on, on).is_none_or(|reached| reached < step) {
            return Err(Refusal::NotOverdue { number, due_on, on });
        }
        Ok(vec![Event::InvoiceReminded { number, urn, step, due_on, open_pence, on }])
    }
}
