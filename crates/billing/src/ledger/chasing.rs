//! What is not paid in time (R10).

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::ledger::{Event, Ledger};
use crate::{InvoiceNumber, Refusal};

/// Reminders of an overdue invoice, each sent once, in this order.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    Eq,
    Hash,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
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

    /// So many days after the day it was due: one week, two, and thirty days.
    const fn days_after_due(self) -> u64 {
        match self {
            Self::First => 7,
            Self::Second => 14,
            Self::Last => 30,
        }
    }

    /// The step to be taken on a day, after the one that was taken last and its day: the next in order, and as long after
    /// that one as it is meant to be, so that a school never hears of two at once where the days began late.  `None`: it
    /// is too early, or none is left.
    #[must_use]
    pub fn to_take(
        due_on: NaiveDate,
        last: Option<(Self, NaiveDate)>,
        on: NaiveDate,
    ) -> Option<Self> {
        let step = match last {
            None => Self::First,
            Some((Self::First, _)) => Self::Second,
            Some((Self::Second, _)) => Self::Last,
            Some((Self::Last, _)) => return None,
        };
        let days = step.days_after_due();
        let from = due_on.checked_add_days(Days::new(days))?;
        let from = match last {
            None => from,
            Some((before, day)) => {
                let apart = days.saturating_sub(before.days_after_due());
                from.max(day.checked_add_days(Days::new(apart))?)
            }
        };
        (from <= on).then_some(step)
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

    /// Step by step; from the first again where it was settled since, and is open once more.
    pub(super) fn remind(
        &self,
        number: InvoiceNumber,
        step: Step,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let account = self.account_on(number, on)?;
        if account.open_pence <= 0 || account.reminded.is_some_and(|(last, _)| last >= step) {
            return Ok(vec![]);
        }
        let (urn, due_on, open_pence) = (account.urn, account.due_on, account.open_pence);
        if Step::to_take(due_on, account.reminded, on) != Some(step) {
            return Err(Refusal::StepTooEarly { number, step, on });
        }
        Ok(vec![Event::InvoiceReminded { number, urn, step, due_on, open_pence, on }])
    }
}
