//! What is awaited of an application, and of whom.

use chrono::NaiveDate;
use kernel::{Day, Urn};
use projections::memberships::{Application, Row};
use serde::Serialize;
use strum::Display;

use crate::{Desk, Failure};

/// The next step of an open application.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Next {
    pub who: Who,
    pub what: String,
    /// The day by which, or on which; `None`: now.
    pub by: Option<NaiveDate>,
    /// Whether that day is past.
    pub overdue: bool,
}

/// Of whom something is awaited.
#[derive(Clone, Copy, Debug, Display, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    #[strum(serialize = "the office")]
    Office,
    #[strum(serialize = "the school")]
    School,
    #[strum(serialize = "the steering group")]
    SteeringGroup,
    /// Nobody: the day comes by itself.
    #[strum(serialize = "the calendar")]
    Calendar,
}

impl Desk {
    /// What is awaited of a school's last application, told on a day; `None`: nothing, it is closed.
    pub(super) fn next_step(&self, row: &Row, today: NaiveDate) -> Result<Option<Next>, Failure> {
        let Some(stage) = row.application else { return Ok(None) };
        let now = |who, what: &str| Next { who, what: what.to_owned(), by: None, overdue: false };
        let by = |who, what: String, day| Next { who, what, by: Some(day), overdue: day < today };
        Ok(Some(match stage {
            Application::EvidenceNeeded => {
                now(Who::Office, "ask for evidence, or refer it to the steering group")
            }
            Application::BelowCriteria => now(
                Who::Office,
                "ask for evidence and refer it to the steering group, or decline it",
            ),
            Application::EvidenceAsked => match row.evidence_due {
                Some(due) => by(Who::School, "send the evidence".to_owned(), due),
                None => now(Who::School, "send the evidence"),
            },
            Application::EvidenceReceived => {
                now(Who::Office, "look at the evidence and refer it to the steering group")
            }
            Application::Referred => match row.meeting_on {
                Some(meeting) if meeting < today => by(
                    Who::Office,
                    "take down what the meeting decided, or defer it".to_owned(),
                    meeting,
                ),
                Some(meeting) => by(Who::SteeringGroup, "decide".to_owned(), meeting),
                None => now(Who::SteeringGroup, "decide"),
            },
            Application::Prepared => self.acceptance_awaits(row, today)?,
            Application::Accepted => match row.first_day {
                Some(first_day) => Next {
                    overdue: false,
                    ..by(Who::Calendar, "its membership starts".to_owned(), first_day)
                },
                None => now(Who::Calendar, "its membership starts"),
            },
            Application::Declined | Application::Withdrawn | Application::Joined => {
                return Ok(None);
            }
        }))
    }

    /// Acceptance needs SSAT cover on the first day (R7, D10).
    fn acceptance_awaits(&self, row: &Row, today: NaiveDate) -> Result<Next, Failure> {
        let now = |who, what| Next { who, what, by: None, overdue: false };
        let year = row.application_year;
        if let Some(year) = year.filter(|year| year.last_day() < today) {
            return Ok(now(Who::Office, format!("{year} is over: decline it, with that reason")));
        }
        let first_day = year.map_or(today, |year| year.first_day().max(today));
        let cover = self.cover_on(row.urn, first_day)?;
        Ok(match cover.covers(first_day) {
            Ok(()) => {
                now(Who::Office, format!("accept it; its first day would be {}", Day(first_day)))
            }
            Err(why) => {
                now(Who::School, format!("see to its SSAT membership on {}: {why}", Day(first_day)))
            }
        })
    }

    /// The last application's row of a school, where it has one.
    pub(super) fn application_row(&self, urn: Urn) -> Result<Option<Row>, Failure> {
        Ok(self.read.membership(urn)?.filter(|row| row.application.is_some()))
    }
}

/// Whether an application is past changing, but for a new one.
pub(super) fn is_closed(stage: Application) -> bool {
    match stage {
        Application::Declined | Application::Withdrawn | Application::Joined => true,
        Application::EvidenceNeeded
        | Application::BelowCriteria
        | Application::EvidenceAsked
        | Application::EvidenceReceived
        | Application::Referred
        | Application::Prepared
        | Application::Accepted => false,
    }
}
