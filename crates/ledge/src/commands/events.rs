//! `ledge events`: the events themselves, and as they come.

mod catalogue;

use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

use anyhow::Context;
use app::Folder;
use chrono::SecondsFormat;
use journal::{Entry, Follower, Reader};
use projections::{Event, PUBLISHED};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::{Events, EventsCommand, Global};
use crate::outcome::Outcome;
use crate::output::error_text;

pub(crate) async fn run(global: &Global, asked: &Events) -> anyhow::Result<Outcome> {
    if let Some(EventsCommand::Catalogue(asked)) = &asked.command {
        return catalogue::run(global, asked);
    }
    let reader = Folder::at(&global.folder()).reader()?;
    if let Some(begin) = asked.stream.as_deref().filter(|begin| !may_begin_a_stream(begin))
        && !global.quiet
    {
        error_text(&format!(
            "ledge: note: no context of this program has a stream that begins with `{begin}`: they begin with {}",
            PUBLISHED.map(|published| published.aggregate).join(", ")
        ));
    }
    let mut left = asked.limit.unwrap_or(u64::MAX);
    let upto = reader.head()?;
    let printed = print_until(global, asked, &reader, upto, &mut left)?;
    if printed.is_continue() && asked.follow {
        follow(global, asked, reader, upto, left).await?;
    }
    Ok(Outcome::Done)
}

/// Whether one of this program's streams could begin so.  (The journal may hold those of other services, too.)
fn may_begin_a_stream(begin: &str) -> bool {
    PUBLISHED.iter().any(|published| {
        let stream = format!("{}.", published.aggregate);
        stream.starts_with(begin) || begin.starts_with(&stream)
    })
}

fn print_until(
    global: &Global,
    asked: &Events,
    reader: &Reader,
    upto: u64,
    left: &mut u64,
) -> anyhow::Result<ControlFlow<()>> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    let mut ended = ControlFlow::Continue(());
    reader.for_each(asked.after, upto, |entry| {
        if *left == 0 {
            ended = ControlFlow::Break(());
        } else if wanted(asked, entry.stream, entry.event_type) {
            *left -= 1;
            if let Err(error) = print(global, &entry.to_entry(), &mut out) {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        ended
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    out.flush()?;
    Ok(ended)
}

async fn follow(
    global: &Global,
    asked: &Events,
    reader: Reader,
    after: u64,
    mut left: u64,
) -> anyhow::Result<()> {
    /// Events taken from the journal at once.
    const PORTION: usize = 1_000;
    let mut follower = Follower::new(reader, after.max(asked.after));
    let mut portion = vec![];
    while left > 0 {
        follower.next(PORTION, &mut portion).await?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        for entry in portion.iter().filter(|entry| wanted(asked, &entry.stream, &entry.event_type))
        {
            if left == 0 {
                break;
            }
            left -= 1;
            print(global, entry, &mut out)?;
        }
        out.flush()?;
    }
    Ok(())
}

fn wanted(asked: &Events, stream: &str, event_type: &str) -> bool {
    (asked.types.is_empty() || asked.types.iter().any(|it| it == event_type))
        && asked.stream.as_ref().is_none_or(|begin| stream.starts_with(begin.as_str()))
}

fn print(global: &Global, entry: &Entry, out: &mut impl Write) -> anyhow::Result<()> {
    if global.json {
        serde_json::to_writer(&mut *out, &CloudEvent::of(entry)?)?;
        writeln!(out)?;
    } else {
        let sentence = match Event::decode(&entry.stream, &entry.payload)? {
            Some(event) => event.sentence(),
            None => entry.payload.clone(),
        };
        writeln!(
            out,
            "{:>8}  {}  {}  {}  {}: {sentence}",
            entry.position,
            entry.recorded_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            entry.effective_on,
            entry.stream,
            entry.event_type,
        )?;
    }
    Ok(())
}

/// The envelope outside this program: CloudEvents 1.0, JSON format.  (Its own attribute names are lower-case letters and
/// digits, by that standard.)
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: String,
    r#type: String,
    subject: &'a str,
    time: String,
    datacontenttype: &'static str,
    position: u64,
    version: u64,
    effectivedate: String,
    actor: &'a str,
    commandid: String,
    correlationid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    causationid: Option<String>,
    schemaversion: u16,
    data: &'a RawValue,
}

impl<'a> CloudEvent<'a> {
    fn of(entry: &'a Entry) -> anyhow::Result<Self> {
        let context = entry.stream.split('.').next().unwrap_or_default();
        let data = serde_json::from_str(&entry.payload).with_context(|| {
            format!("the payload of the event at position {} is not JSON", entry.position)
        })?;
        Ok(Self {
            specversion: "1.0",
            id: entry.id.to_string(),
            source: format!("/ledge/{context}"),
            r#type: format!("{context}.{}", entry.event_type),
            subject: &entry.stream,
            time: entry.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            datacontenttype: "application/json",
            position: entry.position,
            version: entry.version,
            effectivedate: entry.effective_on.to_string(),
            actor: &entry.actor,
            commandid: entry.command.to_string(),
            correlationid: entry.correlation.to_string(),
            causationid: entry.causation.map(|id| id.to_string()),
            schemaversion: entry.schema,
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_that_no_stream_has_is_known() {
        for begin in ["", "sch", "schools.", "schools.school.1000", "membership.review.2019-20"] {
            assert!(may_begin_a_stream(begin), "{begin}");
        }
        for begin in ["grants.", "school.", "schools.college", "membership.reviews.2019-20"] {
            assert!(!may_begin_a_stream(begin), "{begin}");
        }
    }
}
