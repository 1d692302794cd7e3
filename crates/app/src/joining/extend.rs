//! Invitations that may be answered for longer (R4).

use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, Day, LeadingEdgeYear, Urn};
use membership::Membership;
use membership::membership::Command;
use serde::Serialize;

use super::Noted;
use crate::office::AT_ONCE;
use crate::staying::Rehearsal;
use crate::{Failure, Office, Progress};

/// An invitation, and by when it may be answered now.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Extended {
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub answer_by: NaiveDate,
    /// Whether it had that day before.
    pub noted: Noted,
}

impl Office {
    /// Gives schools a later last day to answer their invitations; those that had expired are open again, and reminders are
    /// counted from the new day.  Either all are extended, or, where one cannot be, none.
    ///
    /// # Errors
    /// A day that is past; and all that is refused, school by school: it was not invited, has answered, or the day is no
    /// later one.
    pub async fn extend_invitations(
        &mut self,
        urns: &[Urn],
        year: LeadingEdgeYear,
        until: NaiveDate,
        reason: &str,
        on: Option<NaiveDate>,
        progress: Progress<'_>,
    ) -> Result<Vec<Extended>, Failure> {
        let today = self.last_day()?.unwrap_or_else(|| self.today());
        let on = self.day(on)?;
        if until < today {
            return Err(Failure::Refused(format!(
                "{} is past: nobody can answer by it; name {} or a later day",
                Day(until),
                Day(today)
            )));
        }
        let command = Command::ExtendInvitation { year, until, reason: reason.to_owned(), on };
        let (mut rehearsal, mut refused) = (Rehearsal::default(), vec![]);
        for urn in urns {
            if let Err(why) = rehearsal.ask(self.desk(), *urn, command.clone()).await? {
                refused.push(format!("{urn}: {why}"));
            }
        }
        if !refused.is_empty() {
            let refused = refused.join("; ");
            return Err(Failure::Refused(format!("{refused}; nothing was extended")));
        }
        let office = &*self;
        let extend = |urn: Urn| {
            let (command, asked) = (command.clone(), office.asked(CommandId::mint()));
            async move {
                let done = office.ask::<Membership>(&urn.to_string(), command, asked).await?;
                let noted = if done.events.is_empty() { Noted::Already } else { Noted::New };
                Ok::<_, Failure>(Extended { urn, year, answer_by: until, noted })
            }
        };
        let extended: Vec<Extended> =
            stream::iter(urns.iter().copied()).map(extend).buffered(AT_ONCE).try_collect().await?;
        self.settle(progress).await?;
        Ok(extended)
    }
}
