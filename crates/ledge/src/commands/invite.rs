//! `ledge invite`: the schools that a recorded review found.

use std::sync::Arc;

use app::Invitations;
use kernel::Day;

use super::{at_work, desk};
use crate::cli::{Global, Invite};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print, table};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Invite) -> anyhow::Result<Outcome> {
    let invitations = if asked.preview {
        desk(global)?.invitations(asked.year)?
    } else {
        let bar = Arc::new(Bar::new(global));
        at_work(global, &bar, async |office, progress| {
            Ok(office.invite(asked.year, asked.answer_by, asked.on.on, progress).await?)
        })
        .await?
    };
    print(global, &invitations, tell)?;
    Ok(Outcome::Done)
}

fn tell(invitations: &Invitations) -> anyhow::Result<()> {
    if !invitations.made && !invitations.invited.is_empty() {
        let rows = invitations.invited.iter().map(|invitee| {
            vec![
                invitee.urn.to_string(),
                invitee.name.clone(),
                invitee.grade.map_or_else(|| "none".to_owned(), |grade| grade.to_string()),
                invitee.progress8.map_or_else(String::new, |score| score.to_string()),
            ]
        });
        lines(table(&["URN", "school", "grade", "Progress 8"], &[3], rows))?;
    }
    let done = if invitations.made { "invited" } else { "would be invited" };
    let until = invitations
        .answer_by
        .map_or_else(String::new, |day| format!(", to be answered by {}", Day(day)));
    lines(format!(
        "{} {done} for {}{until}.",
        counted(invitations.invited.len() as u64, "school"),
        invitations.year,
    ))?;
    if !invitations.made && !invitations.by_local_authority.is_empty() {
        let authorities = invitations.by_local_authority.iter().map(|(name, schools)| {
            let name = if name.is_empty() { "(not on record)" } else { name };
            format!("{name} {schools}")
        });
        lines(format!("By local authority: {}.", authorities.collect::<Vec<_>>().join(", ")))?;
    }
    lines(format!(
        "Besides: {} invited already, {} a member or gone, {} on the way in already, {} closed.",
        grouped(invitations.already as u64),
        grouped(invitations.members as u64),
        grouped(invitations.joining as u64),
        grouped(invitations.closed.len() as u64),
    ))?;
    for closed in &invitations.closed {
        let on = closed.closed_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
        let now = closed.successor.map_or_else(String::new, |urn| format!("; {urn} came after it"));
        lines(format!("Not invited: {} {} closed{on}{now}.", closed.urn, closed.name))?;
    }
    Ok(())
}
