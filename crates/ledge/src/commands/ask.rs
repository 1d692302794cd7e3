//! `ledge ask`: a context is asked directly, with its command as JSON.

use std::io::Read;
use std::sync::Arc;

use anyhow::Context;
use app::{Failure, Office};
use cqrs_es::Aggregate;
use event_store::Done;
use kernel::{CommandId, Dated};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::office;
use crate::cli::{Ask, Global};
use crate::outcome::Outcome;
use crate::output::{document, grouped, lines};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Ask) -> anyhow::Result<Outcome> {
    let command = match asked.command.as_str() {
        "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("reading the command from standard input")?;
            text
        }
        text => text.to_owned(),
    };
    let wish = Wish {
        id: asked.id,
        command,
        command_id: asked.command_id.unwrap_or_else(CommandId::mint),
    };
    let bar = Arc::new(Bar::new(global));
    let mut office = office(global, &bar)?;
    let done = match asked.aggregate.as_str() {
        schools::School::TYPE => wish.ask::<schools::School>(&office).await,
        schools::NationalData::TYPE => wish.ask::<schools::NationalData>(&office).await,
        membership::Criteria::TYPE => wish.ask::<membership::Criteria>(&office).await,
        membership::Review::TYPE => wish.ask::<membership::Review>(&office).await,
        membership::Membership::TYPE => wish.ask::<membership::Membership>(&office).await,
        other => Err(Failure::Refused(format!(
            "`{other}` is not an aggregate: {}, {}, {}, {} or {}",
            schools::School::TYPE,
            schools::NationalData::TYPE,
            membership::Criteria::TYPE,
            membership::Review::TYPE,
            membership::Membership::TYPE,
        ))),
    };
    if done.is_ok() {
        office.catch_up(&app::no_progress)?;
    }
    office.close().await?;
    tell(global, &wish, &done?)?;
    Ok(Outcome::Done)
}

struct Wish {
    id: String,
    command: String,
    command_id: CommandId,
}

impl Wish {
    async fn ask<A>(&self, office: &Office) -> Result<Done, Failure>
    where
        A: Aggregate<Services = ()> + 'static,
        A::Command: Clone + DeserializeOwned,
        A::Event: Dated,
    {
        let command = serde_json::from_str(&self.command).map_err(|why| {
            Failure::Refused(format!("the command is not one that {} knows: {why}", A::TYPE))
        })?;
        office.ask::<A>(&self.id, command, office.asked(self.command_id)).await
    }
}

fn tell(global: &Global, wish: &Wish, done: &Done) -> anyhow::Result<()> {
    if global.json {
        let events: Vec<String> = done.events.iter().map(ToString::to_string).collect();
        return document(&json!({
            "command_id": wish.command_id.to_string(),
            "position": done.position,
            "version": done.version,
            "events": events,
            "repeated": done.repeated,
        }));
    }
    let position = grouped(done.position);
    match (done.events.len(), done.repeated) {
        (0, _) => lines("Nothing happened: it is so already."),
        (events, false) => lines(format!(
            "{events} events recorded; the stream is at version {}, position {position}.",
            done.version
        )),
        (events, true) => lines(format!(
            "This very wish was fulfilled before, with {events} events, at position {position}."
        )),
    }
}
