//! The schools invited to join (R3).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Progress8, Release, Urn};
use membership::membership::{Event as Membership, Invitation};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Invitations {
    /// By position.
    held: BTreeMap<u64, Held>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub actor: String,
    pub year: LeadingEdgeYear,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    #[serde(with = "columns::day")]
    pub invited_on: NaiveDate,
    pub name: String,
    pub grade: Option<Grade>,
    pub progress8: Option<Progress8>,
    pub release: Option<Release>,
    pub threshold: Option<i32>,
    #[serde(with = "columns::day")]
    pub reviewed_as_at: NaiveDate,
    #[serde(with = "columns::optional_day")]
    pub answer_by: Option<NaiveDate>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "invitations",
        key: &["position"],
        ddl: "\
CREATE TABLE invitations (
  position       INTEGER PRIMARY KEY, -- of the event in the journal
  recorded_at    INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  actor          TEXT NOT NULL,       -- who invited it
  year           TEXT NOT NULL,       -- the Leading Edge year, as 2019-20
  urn            INTEGER NOT NULL,
  invited_on     TEXT NOT NULL,
  name           TEXT NOT NULL,
  grade          INTEGER,             -- the overall grade it rests on, 1 or 2
  progress8      INTEGER,             -- the score it rests on, in hundredths
  release        TEXT,                -- the release of that score
  threshold      INTEGER,             -- in ten-thousandths
  reviewed_as_at TEXT NOT NULL,       -- the day that the review looked at
  answer_by      TEXT                 -- the last day to answer, as it was extended; NULL: as long as the year
)",
        indexes: &["CREATE INDEX invitations_of ON invitations (urn)"],
    };
}

impl Invitations {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Membership(urn, event) = &recorded.event else { return Ok(()) };
        match event {
            Membership::SchoolInvited(invitation) => {
                let row = Row::of(*urn, invitation, recorded);
                self.held.insert(recorded.position, Held { row, changed: true });
            }
            Membership::InvitationExtended { year, until, .. } => {
                for row in past.rows::<Row>("urn", Key::Number(urn.number()))? {
                    self.held.entry(row.position).or_insert(Held { row, changed: false });
                }
                let this = |held: &&mut Held| held.row.urn == *urn && held.row.year == *year;
                for held in self.held.values_mut().filter(this) {
                    held.row.answer_by = Some(*until);
                    held.changed = true;
                }
            }
            Membership::InvitationDeclined { .. }
            | Membership::InvitationExpired { .. }
            | Membership::SchoolApplied { .. }
            | Membership::ApplicationWithdrawn { .. }
            | Membership::EvidenceRequested { .. }
            | Membership::EvidenceReceived { .. }
            | Membership::ApplicationReferred { .. }
            | Membership::ReferralDeferred { .. }
            | Membership::InterestDeclared { .. }
            | Membership::ReferralDecided { .. }
            | Membership::ApplicationAccepted { .. }
            | Membership::ApplicationDeclined { .. }
            | Membership::MembershipStarted(_)
            | Membership::MarkedNotEligibleToRenew { .. }
            | Membership::EligibilityRestored(_)
            | Membership::ConnectionsOffered { .. }
            | Membership::RenewalOffered { .. }
            | Membership::RenewalAccepted { .. }
            | Membership::MembershipRenewed { .. }
            | Membership::RenewalRefused { .. }
            | Membership::RenewalDeclined { .. }
            | Membership::RenewalDeclineTakenBack { .. }
            | Membership::MembershipLapsed { .. }
            | Membership::MembershipEnded { .. }
            | Membership::MembershipCarriedOver { .. }
            | Membership::MembershipTakenOver { .. }
            | Membership::EarlierMembershipStarted { .. }
            | Membership::EarlierMembershipEnded { .. }
            | Membership::EarlierMembershipRuns { .. }
            | Membership::CoverEnding { .. }
            | Membership::Reminded { .. }
            | Membership::ReminderSkipped { .. } => {}
        }
        Ok(())
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
    fn of(urn: Urn, invitation: &Invitation, recorded: &Recorded) -> Self {
        Self {
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
            actor: recorded.actor.clone(),
            year: invitation.year,
            urn,
            invited_on: invitation.on,
            name: invitation.name.clone(),
            grade: invitation.grade,
            progress8: invitation.progress8,
            release: invitation.release,
            threshold: invitation.threshold,
            reviewed_as_at: invitation.reviewed_as_at,
            answer_by: invitation.until,
        }
    }
}
