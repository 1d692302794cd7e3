//! Invitations: the schools that a recorded review found, once each (R3, R4).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, Grade, LeadingEdgeYear, Progress8, Release, Urn};
use membership::membership::{Command, Invitation};
use membership::{Membership, review::Basis};
use projections::memberships::{Application, Invitation as Answered, Row};
use schools::Register;
use serde::{Serialize, Serializer};

use crate::office::AT_ONCE;
use crate::{Desk, Failure, Office, Progress};

/// Whom a year's review would have invited, and who was invited before.
#[derive(Clone, Debug, Serialize)]
pub struct Invitations {
    pub year: LeadingEdgeYear,
    /// What the review on record looked at.
    pub reviewed_as_at: NaiveDate,
    pub release: Option<Release>,
    /// In Progress 8 points.
    pub threshold: Option<f64>,
    /// The schools that are, or would be, invited now; ascending by URN.
    pub invited: Vec<Invitee>,
    /// Schools of the review that hold an invitation for the year already.
    pub already: usize,
    /// Schools that the review would invite and that are members, and offered renewal instead, or are no more.
    pub members: usize,
    /// Schools whose application for the year is prepared or accepted: they need no invitation any more.
    pub joining: usize,
    /// The last day to answer, where one was set; both days inclusive.
    pub answer_by: Option<NaiveDate>,
    /// How many of the invited are in each local authority; where none is on record, under an empty name.
    pub by_local_authority: BTreeMap<String, usize>,
    /// Schools that the review found and that have closed: nobody is there to be invited, and whether a successor is, is
    /// for the office to decide (D12).
    pub closed: Vec<Closed>,
    /// Whether the invitations were made, or only looked at.
    pub made: bool,
}

/// A school that is invited.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Invitee {
    pub urn: Urn,
    pub name: String,
    pub grade: Option<Grade>,
    /// Written in points.
    #[serde(serialize_with = "in_points")]
    pub progress8: Option<Progress8>,
}

/// An invitation on record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct InvitationLine {
    pub urn: Urn,
    pub name: String,
    pub invited_on: NaiveDate,
    pub grade: Option<Grade>,
    /// Written in points.
    #[serde(serialize_with = "in_points")]
    pub progress8: Option<Progress8>,
    /// The last day to answer; `null`: as long as the year.
    pub answer_by: Option<NaiveDate>,
    pub answer: Answered,
}

/// A school that was found, and closed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Closed {
    pub urn: Urn,
    pub name: String,
    pub closed_on: Option<NaiveDate>,
    /// The one school that came after it.
    pub successor: Option<Urn>,
}

fn in_points<S: Serializer>(score: &Option<Progress8>, serializer: S) -> Result<S::Ok, S::Error> {
    score.map(|score| f64::from(score.hundredths()) / 100.0).serialize(serializer)
}

impl Desk {
    /// Whom the recorded review of a year invites.
    ///
    /// # Errors
    /// The review must be on record.
    pub fn invitations(&self, year: LeadingEdgeYear) -> Result<Invitations, Failure> {
        let (_, invitations) = self.due(year)?;
        Ok(invitations)
    }

    fn due(&self, year: LeadingEdgeYear) -> Result<(Basis, Invitations), Failure> {
        let (review, findings) = self.read.review(year)?.ok_or(Failure::NoReview(year))?;
        let basis = review
            .basis()
            .map_err(|source| Failure::Undecodable { position: review.position, source })?;
        let mut before: Vec<Urn> =
            self.read.invitations(year)?.into_iter().map(|row| row.urn).collect();
        before.sort_unstable();
        let (already, others): (Vec<_>, Vec<_>) = findings
            .into_iter()
            .filter(|finding| finding.invited)
            .partition(|finding| before.binary_search(&finding.urn).is_ok());
        let sheet = self.read.memberships()?;
        let row_of = |urn: Urn| {
            let at = sheet.binary_search_by_key(&urn, |row| row.urn);
            at.ok().and_then(|at| sheet.get(at))
        };
        let (others, members): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|finding| row_of(finding.urn).is_none_or(Row::may_be_invited));
        let (due, joining): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|finding| row_of(finding.urn).is_none_or(|row| !is_joining(row, year)));
        let mut invitations = Invitations {
            year,
            reviewed_as_at: basis.as_at,
            release: basis.threshold.as_ref().map(|threshold| threshold.release),
            threshold: basis
                .threshold
                .as_ref()
                .map(|threshold| f64::from(threshold.value) / 10_000.0),
            invited: vec![],
            already: already.len(),
            members: members.len(),
            joining: joining.len(),
            answer_by: None,
            by_local_authority: BTreeMap::new(),
            closed: vec![],
            made: false,
        };
        for finding in due {
            let school = self.read.school(finding.urn)?;
            match school {
                Some(school) if school.status == Some(Register::Closed) => {
                    invitations.closed.push(Closed {
                        urn: finding.urn,
                        name: finding.name,
                        closed_on: school.closed_on,
                        successor: school.successor,
                    });
                }
                school => {
                    let authority = school.and_then(|school| school.local_authority);
                    let authority = authority.unwrap_or_default();
                    *invitations.by_local_authority.entry(authority).or_default() += 1;
                    invitations.invited.push(Invitee {
                        urn: finding.urn,
                        name: finding.name,
                        grade: finding.grade,
                        progress8: finding.progress8,
                    });
                }
            }
        }
        Ok((basis, invitations))
    }
}

impl Desk {
    /// The invitations for a year and what became of them, in the order they were made.
    ///
    /// # Errors
    /// The read models or the journal cannot be read.
    pub fn invited(&self, year: LeadingEdgeYear) -> Result<Vec<InvitationLine>, Failure> {
        let line = |row: projections::invitations::Row| {
            let sheet = self.read.membership(row.urn)?;
            let last = sheet.filter(|sheet| sheet.invitation_year == Some(year));
            // The sheet has only a school's last invitation; what became of an earlier one its history tells.
            let answer = match last.and_then(|sheet| sheet.invitation) {
                Some(answer) => answer,
                None => self.what_became_of(row.urn, year)?,
            };
            Ok(InvitationLine {
                urn: row.urn,
                name: row.name,
                invited_on: row.invited_on,
                grade: row.grade,
                progress8: row.progress8,
                answer_by: row.answer_by,
                answer,
            })
        };
        self.read.invitations(year)?.into_iter().map(line).collect()
    }
}

impl Office {
    /// Invites the schools that the recorded review of a year found, but for those invited already.  `answer_by` is the last
    /// day to answer; without one an invitation stands as long as its year.
    ///
    /// # Errors
    /// The review must be on record; an answer cannot be due before it is asked for.
    pub async fn invite(
        &mut self,
        year: LeadingEdgeYear,
        answer_by: Option<NaiveDate>,
        on: Option<NaiveDate>,
        progress: Progress<'_>,
    ) -> Result<Invitations, Failure> {
        let on = self.day(on)?;
        let (basis, mut invitations) = self.desk().due(year)?;
        let total = invitations.invited.len() as u64;
        let mut answers = stream::iter(&invitations.invited)
            .map(|invitee| self.invite_one(&basis, invitee, answer_by, on))
            .buffered(AT_ONCE);
        let mut done = 0;
        while answers.try_next().await?.is_some() {
            done += 1;
            progress("inviting", done, total);
        }
        drop(answers);
        invitations.made = true;
        invitations.answer_by = answer_by;
        self.settle(progress).await?;
        Ok(invitations)
    }

    async fn invite_one(
        &self,
        basis: &Basis,
        invitee: &Invitee,
        until: Option<NaiveDate>,
        on: NaiveDate,
    ) -> Result<(), Failure> {
        let invitation = Invitation {
            year: basis.year,
            on,
            name: invitee.name.clone(),
            grade: invitee.grade,
            progress8: invitee.progress8,
            release: basis.threshold.as_ref().map(|threshold| threshold.release),
            threshold: basis.threshold.as_ref().map(|threshold| threshold.value),
            reviewed_as_at: basis.as_at,
            until,
        };
        let urn = invitee.urn.to_string();
        let wish = CommandId::derived(&["invite", &basis.year.to_string(), &urn]);
        self.ask::<Membership>(&urn, Command::Invite(invitation), self.asked(wish)).await?;
        Ok(())
    }
}

/// Whether a school's application for a year needs no invitation any more.
fn is_joining(row: &Row, year: LeadingEdgeYear) -> bool {
    let shown = matches!(row.application, Some(Application::Prepared | Application::Accepted));
    let starts = row.first_day.map(LeadingEdgeYear::containing);
    shown && (row.application_year == Some(year) || starts == Some(year))
}
