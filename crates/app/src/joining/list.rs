//! The applications, what has waited longest first.

use std::cmp::Reverse;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::memberships::{Application, Row};
use serde::Serialize;

use super::Next;
use super::next::is_closed;
use crate::{Desk, Failure};

/// Which applications.
#[derive(Clone, Debug, Default)]
pub struct ApplicationsAsked {
    pub year: Option<LeadingEdgeYear>,
    /// Any one of these; otherwise every open one.
    pub stages: Vec<Application>,
    /// Only those of which something is awaited by this day.
    pub due_by: Option<NaiveDate>,
    /// Before the steering group's meeting of this day.
    pub meeting_on: Option<NaiveDate>,
}

/// A school's last application.
#[derive(Clone, Debug, Serialize)]
pub struct ApplicationLine {
    pub urn: Urn,
    pub name: String,
    pub year: Option<LeadingEdgeYear>,
    pub stage: Application,
    pub applied_on: Option<NaiveDate>,
    pub meeting_on: Option<NaiveDate>,
    pub next: Option<Next>,
    /// The last reason that anybody gave.
    pub last_reason: Option<String>,
}

impl Desk {
    /// Applications: open ones before closed ones, and of the open ones those first of which something was awaited longest.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn applications(&self, asked: &ApplicationsAsked) -> Result<Vec<ApplicationLine>, Failure> {
        let mut lines = vec![];
        for row in self.read.memberships()? {
            let Some(stage) = row.application.filter(|stage| asked.wants(&row, *stage)) else {
                continue;
            };
            let next = self.next_step(&row, self.today())?;
            let comes_later = |day| match &next {
                Some(next) => next.by.is_some_and(|by| by > day),
                None => true,
            };
            if asked.due_by.is_some_and(comes_later) {
                continue;
            }
            lines.push(ApplicationLine {
                urn: row.urn,
                name: self.school_name(row.urn)?,
                year: row.application_year,
                stage,
                applied_on: row.applied_on,
                meeting_on: row.meeting_on,
                next,
                last_reason: row.last_reason,
            });
        }
        lines.sort_by_key(ApplicationLine::rank);
        Ok(lines)
    }
}

impl ApplicationLine {
    /// What waits without a day has waited since the application was made; of closed ones the newest come first.
    fn rank(&self) -> (bool, Option<NaiveDate>, Reverse<Option<NaiveDate>>, Urn) {
        let closed = is_closed(self.stage);
        let by = self.next.as_ref().and_then(|next| next.by);
        let waits = by.or(self.applied_on).filter(|_| !closed);
        (closed, waits, Reverse(self.applied_on.filter(|_| closed)), self.urn)
    }
}

impl ApplicationsAsked {
    fn wants(&self, row: &Row, stage: Application) -> bool {
        let of_year = self.year.is_none_or(|year| row.application_year == Some(year));
        let of_stage =
            if self.stages.is_empty() { !is_closed(stage) } else { self.stages.contains(&stage) };
        let of_meeting = self.meeting_on.is_none_or(|day| row.meeting_on == Some(day));
        of_year && of_stage && of_meeting
    }
}
