//! `ledge ask`: a context is asked directly, with its command as JSON.

use std::io::Read;
use std::sync::Arc;

use anyhow::Context;
use app::{Failure, Office};
use chrono::NaiveDate;
use cqrs_es::Aggregate;
use event_store::Done;
use kernel::{CommandId, Dated, Day, LeadingEdgeYear, Urn};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::at_work;
use crate::cli::{Ask, Global};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
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
    let aggregate = asked.aggregate.as_str();
    wish.named_as(aggregate)?;
    let bar = Arc::new(Bar::new(global));
    let done = at_work(global, &bar, async |office, _| {
        Ok(match aggregate {
            schools::School::TYPE => wish.ask::<schools::School>(office).await?,
            schools::NationalData::TYPE => wish.ask::<schools::NationalData>(office).await?,
            membership::Criteria::TYPE => wish.ask::<membership::Criteria>(office).await?,
            membership::Review::TYPE => wish.ask::<membership::Review>(office).await?,
            membership::Membership::TYPE => wish.ask::<membership::Membership>(office).await?,
            membership::Fee::TYPE => wish.ask::<membership::Fee>(office).await?,
            other => return Err(unknown(other).into()),
        })
    })
    .await?;
    tell(global, &wish, &done)?;
    Ok(Outcome::Done)
}

struct Wish {
    id: String,
    command: String,
    command_id: CommandId,
}

fn unknown(aggregate: &str) -> Failure {
    Failure::Refused(format!(
        "`{aggregate}` is not an aggregate that can be asked: {}, {}, {}, {}, {} or {}",
        schools::School::TYPE,
        schools::NationalData::TYPE,
        membership::Criteria::TYPE,
        membership::Review::TYPE,
        membership::Membership::TYPE,
        membership::Fee::TYPE,
    ))
}

impl Wish {
    /// Refuses an id that names no aggregate of its kind: what would be recorded under it, no read model could place.
    fn named_as(&self, aggregate: &str) -> Result<(), Failure> {
        let id = self.id.as_str();
        let refused = match aggregate {
            schools::School::TYPE | membership::Membership::TYPE => {
                id.parse::<Urn>().err().map(|why| why.to_string())
            }
            membership::Criteria::TYPE | membership::Review::TYPE | membership::Fee::TYPE => {
                id.parse::<LeadingEdgeYear>().err().map(|why| why.to_string())
            }
            schools::NationalData::TYPE => (!is_a_name(id)).then(|| {
                format!("`{id}` is not the name of a dataset: letters, digits and `-`, as ks4-2017-18-final")
            }),
            // A day begins when what came before it is done, and what is parked goes away by being done.
            routine::Calendar::TYPE => Some("days begin with `ledge day`".to_owned()),
            // Who they are must not be typed where others read it, and is sealed before it is recorded.
            contacts::Person::TYPE => Some("contacts are seen to with `ledge contact`".to_owned()),
            letters::Letter::TYPE => Some("letters are seen to with `ledge letter`".to_owned()),
            routine::Parked::TYPE => Some("what is parked is seen to with `ledge parked`".to_owned()),
            // A ledger's numbers are given by one who knows its year, and what it bills must be a school's.
            billing::Ledger::TYPE | billing::Issuer::TYPE | billing::Customer::TYPE => {
                Some("ledgers are written with `ledge invoice` and `ledge payment`".to_owned())
            }
            other => return Err(unknown(other)),
        };
        refused.map_or(Ok(()), |why| Err(Failure::Refused(why)))
    }

    async fn ask<A>(&self, office: &Office) -> Result<Done, Failure>
    where
        A: Aggregate<Services = ()> + 'static,
        A::Command: Clone + DeserializeOwned,
        A::Event: Dated,
    {
        let unknown = |why: serde_json::Error| {
            Failure::Refused(format!("the command is not one that {} knows: {why}", A::TYPE))
        };
        let command = serde_json::from_str(&self.command).map_err(unknown)?;
        let value: Value = serde_json::from_str(&self.command).map_err(unknown)?;
        if let Some(on) = days_of_doing(&value).into_iter().max().filter(|on| *on > office.today())
        {
            return Err(Failure::Refused(format!(
                "{} has not come yet: nothing was done on it",
                Day(on)
            )));
        }
        office.ask::<A>(&self.id, command, office.asked(self.command_id)).await
    }
}

/// The days on which a command says that something was done: every `on` in it.
fn days_of_doing(command: &Value) -> Vec<NaiveDate> {
    match command {
        Value::Object(fields) => {
            let own = fields.get("on").and_then(Value::as_str).and_then(|on| on.parse().ok());
            own.into_iter().chain(fields.values().flat_map(days_of_doing)).collect()
        }
        Value::Array(values) => values.iter().flat_map(days_of_doing).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![],
    }
}

fn is_a_name(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
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
            "{} recorded; the stream is at version {}, position {position}.",
            counted(events as u64, "event"),
            done.version
        )),
        (events, true) => lines(format!(
            "This was asked before under the same id, and done then with {}, at position {position}; nothing was written \
             now.",
            counted(events as u64, "event"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_names_nothing_is_refused_with_what_would_be_right() {
        let named = |aggregate: &str, id: &str| {
            let wish = Wish {
                id: id.to_owned(),
                command: String::new(),
                command_id: CommandId::derived(&["test"]),
            };
            wish.named_as(aggregate).map_err(|why| {
                assert!(why.is_refusal());
                why.to_string()
            })
        };
        for (aggregate, right, wrong, says) in [
            ("schools.school", "100003", "12", "not a URN"),
            ("membership.membership", "100003", "2019-20", "not a URN"),
            ("membership.criteria", "2018-19", "100003", "not a Leading Edge year"),
            ("membership.review", "2018-19", "2018/19", "not a Leading Edge year"),
            (
                "schools.national_data",
                "ks4-2017-18-final",
                "ks4 2017/18",
                "not the name of a dataset",
            ),
        ] {
            assert_eq!(named(aggregate, right), Ok(()));
            assert!(named(aggregate, wrong).unwrap_err().contains(says), "{aggregate} {wrong}");
        }
        assert!(named("schools.college", "100003").unwrap_err().contains("not an aggregate"));
    }
}
