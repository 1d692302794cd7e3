//! Invitations: the schools that a recorded review found, once each (R3, R4).

use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, Grade, LeadingEdgeYear, Progress8, Release, Urn};
use membership::membership::{Command, Invitation};
use membership::{Membership, review::Basis};
use projections::memberships::Row;
use schools::Register;
use serde::{Serialize, Serializer};

use crate::{Desk, Failure, Office, Progress};

/// Schools asked at once, as in an import.
const AT_ONCE: usize = 512;

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
        let (due, members): (Vec<_>, Vec<_>) = others.into_iter().partition(|finding| {
            let at = sheet.binary_search_by_key(&finding.urn, |row| row.urn);
            at.ok().and_then(|at| sheet.get(at)).is_none_or(Row::may_be_invited)
        });
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
            closed: vec![],
            made: false,
        };
        for finding in due {
            let school = self.read.school(finding.urn)?;
            match school.filter(|school| school.status == Some(Register::Closed)) {
                Some(school) => invitations.closed.push(Closed {
                    urn: finding.urn,
                    name: finding.name,
                    closed_on: school.closed_on,
                    successor: school.successor,
                }),
                None => invitations.invited.push(Invitee {
                    urn: finding.urn,
                    name: finding.name,
                    grade: finding.grade,
                    progress8: finding.progress8,
                }),
            }
        }
        Ok((basis, invitations))
    }
}

impl Office {
    /// Invites the schools that the recorded review of a year found, but for those invited already.
    ///
    /// # Errors
    /// The review must be on record.
    pub async fn invite(
        &mut self,
        year: LeadingEdgeYear,
        progress: Progress<'_>,
    ) -> Result<Invitations, Failure> {
        let (basis, mut invitations) = self.desk().due(year)?;
        let total = invitations.invited.len() as u64;
        let mut answers = stream::iter(&invitations.invited)
            .map(|invitee| self.invite_one(&basis, invitee))
            .buffered(AT_ONCE);
        let mut done = 0;
        while answers.try_next().await?.is_some() {
            done += 1;
            progress("inviting", done, total);
        }
        drop(answers);
        invitations.made = true;
        self.settle(progress).await?;
        Ok(invitations)
    }

    async fn invite_one(&self, basis: &Basis, invitee: &Invitee) -> Result<(), Failure> {
        let invitation = Invitation {
            year: basis.year,
            on: self.today(),
            name: invitee.name.clone(),
            grade: invitee.grade,
            progress8: invitee.progress8,
            release: basis.threshold.as_ref().map(|threshold| threshold.release),
            threshold: basis.threshold.as_ref().map(|threshold| threshold.value),
            reviewed_as_at: basis.as_at,
            until: None,
        };
        let urn = invitee.urn.to_string();
        let wish = CommandId::derived(&["invite", &basis.year.to_string(), &urn]);
        self.ask::<Membership>(&urn, Command::Invite(invitation), self.asked(wish)).await?;
        Ok(())
    }
}
