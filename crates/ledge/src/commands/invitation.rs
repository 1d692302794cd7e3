//! `ledge invitation`: what became of invitations.

use std::sync::Arc;

use app::{Extended, InvitationLine, Noted};
use kernel::Day;
use projections::memberships::Invitation as Answer;
use serde_json::json;

use super::{at_work, desk_as_of};
use crate::cli::{Global, Invitation, ListInvitations};
use crate::outcome::Outcome;
use crate::output::{counted, document, lines, print, table};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Invitation) -> anyhow::Result<Outcome> {
    match asked {
        Invitation::Decline { urn, year, reason, on } => {
            let noted = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                Ok(office.decline_invitation(urn, year, reason, on.on).await?)
            })
            .await?;
            if global.json {
                document(&json!({ "urn": urn, "year": year, "noted": noted }))?;
            } else if noted == Noted::New {
                lines(format!("{urn} declined its invitation for {year}."))?;
            } else {
                lines(format!("{urn} had declined it before; nothing was written."))?;
            }
        }
        Invitation::Extend { urns, year, answer_by, reason, on } => {
            let extended =
                at_work(global, &Arc::new(Bar::new(global)), async |office, progress| {
                    let until = answer_by;
                    Ok(office
                        .extend_invitations(&urns, year, until, &reason, on.on, progress)
                        .await?)
                })
                .await?;
            print(global, &extended, |extended| extended.iter().try_for_each(tell_extended))?;
        }
        Invitation::List(asked) => {
            let mut invitations = desk_as_of(global, asked.as_of.on).await?.invited(asked.year)?;
            invitations.retain(|invitation| asked.wants(invitation.answer));
            print(global, &invitations, |invitations| tell(&asked, invitations))?;
        }
    }
    Ok(Outcome::Done)
}

fn tell_extended(Extended { urn, year, answer_by, noted }: &Extended) -> anyhow::Result<()> {
    let until = Day(*answer_by);
    lines(match noted {
        Noted::New => format!("{urn} may answer its invitation for {year} until {until}."),
        Noted::Already => format!("{urn} had until {until} before; nothing was written."),
    })
}

impl ListInvitations {
    /// Nothing named, and everything is wanted.
    fn wants(&self, answer: Answer) -> bool {
        let everything = !(self.open || self.expired || self.declined || self.taken);
        everything
            || match answer {
                Answer::Open => self.open,
                Answer::Expired => self.expired,
                Answer::Declined => self.declined,
                Answer::Taken => self.taken,
            }
    }
}

fn tell(asked: &ListInvitations, invitations: &[InvitationLine]) -> anyhow::Result<()> {
    if !invitations.is_empty() {
        let rows = invitations.iter().map(|invitation| {
            vec![
                invitation.urn.to_string(),
                invitation.name.clone(),
                Day(invitation.invited_on).to_string(),
                invitation.answer_by.map_or_else(String::new, |day| Day(day).to_string()),
                word(invitation.answer).to_owned(),
            ]
        });
        lines(table(&["URN", "school", "invited", "answer by", "answer"], &[], rows))?;
    }
    lines(format!("{} for {}.", counted(invitations.len() as u64, "invitation"), asked.year))
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Open => "open",
        Answer::Declined => "declined",
        Answer::Expired => "expired",
        Answer::Taken => "applied",
    }
}
