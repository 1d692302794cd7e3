//! `ledge parked`: what the policies could not do, tried again or left undone.

use std::sync::Arc;

use app::{Came, ParkedReaction, Tried};
use kernel::Day;

use super::{desk, in_office};
use crate::cli::{Global, Parked, ParkedCommand};
use crate::outcome::Outcome;
use crate::output::{self, counted, grouped, lines, print, table};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Parked) -> anyhow::Result<Outcome> {
    let bar = Arc::new(Bar::new(global));
    let tried = match asked.command {
        None => {
            drop(bar);
            print(global, &desk(global)?.parked()?, |parked| tell(parked))?;
            return Ok(Outcome::Done);
        }
        Some(ParkedCommand::Retry { urn, .. }) => {
            in_office(global, &bar, async |office, progress| {
                Ok(match urn {
                    Some(urn) => vec![office.retry_parked(urn, progress).await?],
                    None => office.retry_all_parked(progress).await?,
                })
            })
            .await?
        }
        Some(ParkedCommand::Dismiss { urn, reason }) => {
            in_office(global, &bar, async |office, progress| {
                Ok(vec![office.dismiss_parked(urn, reason, progress).await?])
            })
            .await?
        }
    };
    drop(bar);
    print(global, &tried, |tried| tell_tried(tried))?;
    Ok(Outcome::Done)
}

pub(crate) fn tell(parked: &[ParkedReaction]) -> anyhow::Result<()> {
    if parked.is_empty() {
        return lines("Nothing is parked.");
    }
    let rows = parked.iter().map(|it| {
        vec![
            it.urn.to_string(),
            it.name.clone().unwrap_or_default(),
            it.policy.clone(),
            it.event_type.clone(),
            it.why.clone(),
            Day(it.since).to_string(),
            grouped(it.attempts.into()),
            grouped(it.waiting),
        ]
    });
    let head = ["URN", "school", "policy", "event", "why", "since", "tried", "waiting"];
    lines(table(&head, &[6, 7], rows))?;
    let (wait, them) = if parked.len() == 1 { ("waits", "it") } else { ("wait", "them") };
    lines(format!(
        "{} {wait} for an obstacle to go: `ledge parked retry` tries {them} again, `ledge parked dismiss` leaves {them} undone.",
        counted(parked.len() as u64, "school"),
    ))
}

fn tell_tried(tried: &[Tried]) -> anyhow::Result<()> {
    if tried.is_empty() {
        return lines("Nothing is parked.");
    }
    for Tried { urn, came, left } in tried {
        for Came { urn, on, what, .. } in came {
            lines(format!("{urn}: on {}: {what}.", Day(*on)))?;
        }
        lines(match left {
            None => format!("{urn}: nothing waits any more."),
            Some(left) => format!(
                "{urn}: {} still cannot do what follows from {}: {} (tried {}, {} behind it)",
                left.policy,
                left.event_type,
                left.why,
                counted(left.attempts.into(), "time"),
                counted(left.waiting, "occasion"),
            ),
        })?;
    }
    Ok(())
}

/// What was parked by what somebody just did, on standard error: a line for each, or one of JSON.
pub(crate) fn tell_aside(global: &Global, parked: &[ParkedReaction]) {
    if parked.is_empty() {
        return;
    }
    if global.json {
        let text = serde_json::to_string(&serde_json::json!({ "parked": parked }));
        output::error_line(&text.unwrap_or_default());
        return;
    }
    for it in parked {
        let name = it.name.as_deref().map_or_else(String::new, |name| format!(" {name}"));
        output::error_text(&format!("ledge: parked: {}{name}, {}: {}", it.urn, it.policy, it.why));
    }
    output::error_text("What was asked is done; what should follow waits: `ledge parked`.");
}
