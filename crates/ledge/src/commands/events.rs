//! `ledge events`: the events themselves, and as they come.

mod catalogue;

use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

use anyhow::Context;
use app::Folder;
use bus::envelope;
use chrono::SecondsFormat;
use journal::{Follower, Reader};
use projections::{Event, PUBLISHED};
use serde::Serialize;
use serde_json::value::RawValue;
use subscriber::{Envelope, Filter, Start, Subscription};

use crate::cli::{Events, EventsCommand, Global};
use crate::outcome::Outcome;
use crate::output::error_text;

pub(crate) async fn run(global: &Global, asked: &Events) -> anyhow::Result<Outcome> {
    if let Some(EventsCommand::Catalogue(asked)) = &asked.command {
        return catalogue::run(global, asked);
    }
    if let Some(begin) = asked.stream.as_deref().filter(|begin| !may_begin_a_stream(begin))
        && !global.quiet
    {
        error_text(&format!(
            "ledge: note: no context of this program has a stream that begins with `{begin}`: they begin with {}",
            PUBLISHED.map(|published| published.aggregate).join(", ")
        ));
    }
    let mut left = asked.limit.unwrap_or(u64::MAX);
    if asked.from_nats {
        follow_on_nats(global, asked, left).await?;
        return Ok(Outcome::Done);
    }
    let reader = Folder::at(&global.folder()).reader()?;
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
            let entry = entry.to_entry();
            if let Err(error) = print(global, &envelope(&entry), &entry.payload, &mut out) {
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
            print(global, &envelope(entry), &entry.payload, &mut out)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// The same from the stream on NATS, which whoever serves the office emits to.
async fn follow_on_nats(global: &Global, asked: &Events, mut left: u64) -> anyhow::Result<()> {
    let access = asked.nats.access("ledge-events").context("no NATS server is named")?;
    let client = access.connect().await?;
    let named: Vec<Filter<'_>> =
        asked.types.iter().map(|it| Filter { event: Some(it), ..Filter::default() }).collect();
    let stream = &asked.nats.nats_stream;
    let start = Start::After(asked.after);
    let mut subscription = Subscription::replay(&client, stream, &named, start).await?;
    while left > 0 {
        let received = subscription.next().await?;
        let envelope = &received.envelope;
        if !wanted(asked, &envelope.stream, &envelope.event_type) {
            continue;
        }
        left -= 1;
        let payload = std::str::from_utf8(received.payload()).with_context(|| {
            format!("the payload of the event at position {} is no text", envelope.position)
        })?;
        print(global, envelope, payload, &mut std::io::stdout().lock())?;
    }
    Ok(())
}

fn wanted(asked: &Events, stream: &str, event_type: &str) -> bool {
    (asked.types.is_empty() || asked.types.iter().any(|it| it == event_type))
        && asked.stream.as_ref().is_none_or(|begin| stream.starts_with(begin.as_str()))
}

fn print(
    global: &Global,
    envelope: &Envelope,
    payload: &str,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if global.json {
        serde_json::to_writer(&mut *out, &CloudEvent::of(envelope, payload)?)?;
        writeln!(out)?;
    } else {
        let sentence = match Event::decode(&envelope.stream, payload)? {
            Some(event) => event.sentence(),
            None => payload.to_owned(),
        };
        writeln!(
            out,
            "{:>8}  {}  {}  {}  {}: {sentence}",
            envelope.position,
            envelope.recorded_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            envelope.effective_on,
            envelope.stream,
            envelope.event_type,
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
    fn of(envelope: &'a Envelope, payload: &'a str) -> anyhow::Result<Self> {
        let context = envelope.context();
        let data = serde_json::from_str(payload).with_context(|| {
            format!("the payload of the event at position {} is not JSON", envelope.position)
        })?;
        Ok(Self {
            specversion: "1.0",
            id: envelope.id.to_string(),
            source: format!("/ledge/{context}"),
            r#type: format!("{context}.{}", envelope.event_type),
            subject: &envelope.stream,
            time: envelope.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            datacontenttype: "application/json",
            position: envelope.position,
            version: envelope.version,
            effectivedate: envelope.effective_on.to_string(),
            actor: &envelope.actor,
            commandid: envelope.command.to_string(),
            correlationid: envelope.correlation.to_string(),
            causationid: envelope.causation.map(|id| id.to_string()),
            schemaversion: envelope.schema,
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
