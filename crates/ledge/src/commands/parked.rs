//! `ledge parked`: what the policies could not do, tried again or left undone.

use std::sync::Arc;

use app::{Came, Desk, Dismissal, Failure, ParkedReaction, Tried};
use kernel::Day;
use serde::Serialize;

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
            let looked_at = look(&desk(global)?).await?;
            print(global, &looked_at, |parked| tell_with_outlook(parked))?;
            return Ok(Outcome::Done);
        }
        Some(ParkedCommand::Dismiss { urn, preview: true, .. }) => {
            drop(bar);
            let dismissal = desk(global)?.dismissals(&[urn]).await?.remove(&urn);
            let nothing = || Failure::Refused("nothing is parked for this school".to_owned());
            print(global, &dismissal.ok_or_else(nothing)?, tell_dismissal)?;
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
        Some(ParkedCommand::Dismiss { urn, reason, .. }) => {
            let reason = reason.unwrap_or_default();
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

/// What is parked, and what its dismissal would lead to.
#[derive(Serialize)]
struct LookedAt {
    #[serde(flatten)]
    parked: ParkedReaction,
    if_dismissed: Option<Dismissal>,
}

async fn look(desk: &Desk) -> Result<Vec<LookedAt>, Failure> {
    let parked = desk.parked()?;
    let urns: Vec<_> = parked.iter().map(|it| it.urn).collect();
    let mut dismissals = desk.dismissals(&urns).await?;
    let looked_at = parked.into_iter().map(|parked| {
        let if_dismissed = dismissals.remove(&parked.urn);
        LookedAt { parked, if_dismissed }
    });
    Ok(looked_at.collect())
}

const HEAD: [&str; 8] = ["URN", "school", "policy", "event", "why", "since", "tried", "waiting"];

pub(crate) fn tell(parked: &[ParkedReaction]) -> anyhow::Result<()> {
    if parked.is_empty() {
        return lines("Nothing is parked.");
    }
    lines(table(&HEAD, &[6, 7], parked.iter().map(row)))?;
    what_to_do(parked.len())
}

fn tell_with_outlook(looked_at: &[LookedAt]) -> anyhow::Result<()> {
    if looked_at.is_empty() {
        return lines("Nothing is parked.");
    }
    let rows = looked_at.iter().map(|it| {
        let outlook = it.if_dismissed.as_ref().map(outlook);
        let mut row = row(&it.parked);
        row.push(outlook.unwrap_or_default().join("; "));
        row
    });
    let mut head = HEAD.to_vec();
    head.push("if dismissed");
    lines(table(&head, &[6, 7], rows))?;
    what_to_do(looked_at.len())
}

fn row(it: &ParkedReaction) -> Vec<String> {
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
}

fn what_to_do(parked: usize) -> anyhow::Result<()> {
    let (wait, them) = if parked == 1 { ("waits", "it") } else { ("wait", "them") };
    lines(format!(
        "{} {wait} for an obstacle to go: `ledge parked retry` tries {them} again, `ledge parked dismiss` leaves {them} undone.",
        counted(parked as u64, "school"),
    ))
}

/// What a dismissal would lead to, each in a sentence; reminders are not worth one.
fn outlook(dismissal: &Dismissal) -> Vec<String> {
    let matters =
        |came: &&Came| !matches!(came.event_type.as_str(), "Reminded" | "ReminderSkipped");
    let mut told: Vec<String> =
        dismissal.came.iter().filter(matters).map(|came| came.what.clone()).collect();
    told.extend(dismissal.parked_again.iter().map(|why| format!("parked again: {why}")));
    told.extend(
        dismissal
            .at_year_end
            .iter()
            .map(|came| format!("on {}, as things stand: {}", Day(came.on), came.what)),
    );
    if told.is_empty() {
        told.push("nothing more".to_owned());
    }
    told
}

fn tell_dismissal(dismissal: &Dismissal) -> anyhow::Result<()> {
    for told in outlook(dismissal) {
        lines(format!("{}, if dismissed: {told}.", dismissal.urn))?;
    }
    lines("Nothing was written: a preview.")
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
