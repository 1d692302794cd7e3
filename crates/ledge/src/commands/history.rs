//! `ledge history`: everything that happened to a school, in order.

use app::Failure;
use chrono::SecondsFormat;
use kernel::Day;
use serde_json::json;

use super::desk;
use crate::cli::{Global, History};
use crate::outcome::Outcome;
use crate::output::{document, lines, table};

pub(crate) fn run(global: &Global, asked: &History) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let read = desk.read_store();
    let timeline = read.timeline(asked.urn, desk.journal()).map_err(Failure::from)?;
    if timeline.is_empty() {
        return Err(Failure::NoSuchSchool { urn: asked.urn }.into());
    }
    if global.json {
        let entries: Vec<_> = timeline
            .iter()
            .map(|recorded| {
                json!({
                    "position": recorded.position,
                    "recorded_at": recorded.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
                    "effective_on": recorded.effective_on,
                    "actor": recorded.actor,
                    "what": recorded.event.sentence(),
                })
            })
            .collect();
        document(&entries)?;
        return Ok(Outcome::Done);
    }
    let school = read.school(asked.urn).map_err(Failure::from)?;
    let name = school.and_then(|school| school.name).unwrap_or_default();
    lines(format!("{} {name}", asked.urn))?;
    let rows = timeline.iter().map(|recorded| {
        vec![
            recorded.position.to_string(),
            Day(recorded.effective_on).to_string(),
            Day(app::clock::day_of(recorded.recorded_at)).to_string(),
            recorded.actor.clone(),
            recorded.event.sentence(),
        ]
    });
    lines(table(&["position", "effective", "recorded", "by", "what"], &[0], rows))?;
    Ok(Outcome::Done)
}
