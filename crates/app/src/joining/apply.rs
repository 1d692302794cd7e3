//! Applying: by an invitation (R4), or on the data profile (R5).

use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear, Urn};
use membership::membership::{Command, How, Role};
use projections::memberships::Invitation;
use schools::Register;
use serde::Serialize;

use super::case::invitation_for;
use super::next::is_closed;
use super::{Case, Noted};
use crate::{Desk, Failure, Office};

/// An application as it stands once it was made.
#[derive(Clone, Debug, Serialize)]
pub struct Applied {
    pub noted: Noted,
    #[serde(flatten)]
    pub case: Case,
}

impl Office {
    /// A school applies to join for a year: by its invitation where it holds one, which needs no evidence (R4), and else on
    /// what was public of it by the day, held against the criteria in force (R5).  The same application twice is one.
    ///
    /// # Errors
    /// The school is not on record, is closed, is a member, or has an application for another year open; no criteria were
    /// in force.
    pub async fn apply(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        by: Role,
        on: Option<NaiveDate>,
    ) -> Result<Applied, Failure> {
        let on = self.day(on)?;
        let noted = match self.desk().how_it_applies(urn, year, on)? {
            Some(how) => self.ask_to_join(urn, Command::Apply { year, by, how, on }).await?,
            None => Noted::Already,
        };
        Ok(Applied { noted, case: self.desk().case_told(urn, on)? })
    }
}

impl Desk {
    /// What an application would rest on.  `None`: one for the year is open, and rests on what it rests on.
    fn how_it_applies(
        &self,
        urn: Urn,
        year: LeadingEdgeYear,
        on: NaiveDate,
    ) -> Result<Option<How>, Failure> {
        self.must_be_open(urn, on)?;
        let row = self.read.membership(urn)?;
        let open = row.filter(|row| row.application_year == Some(year));
        if open.and_then(|row| row.application).is_some_and(|stage| !is_closed(stage)) {
            return Ok(None);
        }
        let events = self.events_of(urn)?;
        let may_take = match invitation_for(&events, year) {
            // It cannot have applied by one that was made later.
            Some((invitation, _)) if on < invitation.on => false,
            Some((_, Invitation::Declined)) | None => false,
            // The day the school answered on decides, and not whether the calendar has spoken since.
            Some((invitation, Invitation::Open | Invitation::Taken | Invitation::Expired)) => {
                invitation.is_in_time(on)
            }
        };
        if may_take {
            return Ok(Some(How::ByInvitation));
        }
        Ok(Some(How::OnItsProfile(Box::new(self.profile(urn, year, on)?))))
    }

    /// A school that is no more cannot apply, though perhaps the one that came after it can (D12).
    fn must_be_open(&self, urn: Urn, on: NaiveDate) -> Result<(), Failure> {
        let Some(school) = self.read.school(urn)? else {
            return Err(Failure::NoSuchSchool { urn });
        };
        let is_closed = school.status == Some(Register::Closed)
            && school.closed_on.is_none_or(|closed_on| closed_on <= on);
        if !is_closed {
            return Ok(());
        }
        let name = self.school_name(urn)?;
        let day = school.closed_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
        let after = school
            .successor
            .map_or_else(String::new, |urn| format!("; {urn} came after it and may apply"));
        Err(Failure::Refused(format!("{urn} {name} closed{day}{after}")))
    }
}
