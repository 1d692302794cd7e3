//! The same store for [`cqrs_es::CqrsFramework`] and whatever else is written for cqrs-es.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use chrono_tz::Europe::London;
use cqrs_es::{Aggregate, AggregateContext, AggregateError, EventEnvelope};
use journal::Entry;
use kernel::{CommandId, Dated, EventId};

use crate::execute::AppendedNot;
use crate::failure::While;
use crate::known::{Known, decode};
use crate::{Asked, EventStore, Failure, stream};

/// What the metadata of cqrs-es calls what [`Asked`] calls by name.  All are text.
///
/// Given to `commit`, every key may be absent: then the command has an id of its own (so that asking twice is two
/// wishes), the actor is `unnamed`, and the day is today in London (D16).  In an envelope all but
/// [`CAUSATION`](metadata::CAUSATION) are there.
pub mod metadata {
    /// A UUID; asked again of the same aggregate it records nothing and answers the first envelopes.
    pub const COMMAND: &str = "command_id";
    pub const ACTOR: &str = "actor";
    /// A UUID.
    pub const CORRELATION: &str = "correlation_id";
    /// A UUID.
    pub const CAUSATION: &str = "causation_id";
    /// A day, `2018-04-05`.
    pub const EFFECTIVE_ON: &str = "effective_on";
    /// An instant in UTC, RFC 3339 (only in envelopes).
    pub const RECORDED_AT: &str = "recorded_at";
    /// A UUID (only in envelopes).
    pub const EVENT: &str = "event_id";
    /// In the journal (only in envelopes).
    pub const POSITION: &str = "position";
}

/// An aggregate between `load_aggregate` and `commit`.
pub struct Context<A> {
    stream: Arc<str>,
    known: Box<Known<A>>,
}

impl<A: Aggregate> AggregateContext<A> for Context<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.known.aggregate
    }
}

impl<A> cqrs_es::EventStore<A> for EventStore
where
    A: Aggregate + 'static,
    A::Event: Dated,
{
    type AC = Context<A>;

    async fn load_events(
        &self,
        id: &str,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let stream = stream::name::<A>(id).map_err(unexpected)?;
        let head = self
            .journal()
            .stream_head(&stream)
            .while_(|| format!("finding the last event of {stream}"))
            .map_err(unexpected)?;
        let entries = self
            .shared
            .readers
            .read(|| format!("reading {stream}"), |reader| reader.stream_back(head.position))
            .map_err(unexpected)?;
        envelopes(entries)
    }

    /// Does not wait its turn: of two contexts of one aggregate the second to commit has a conflict.
    async fn load_aggregate(&self, id: &str) -> Result<Context<A>, AggregateError<A::Error>> {
        let stream = stream::name::<A>(id).map_err(unexpected)?;
        let known = self.recall::<A>(&stream).await.map_err(unexpected)?;
        Ok(Context { stream, known })
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Context<A>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let Context { stream, known } = context;
        let asked =
            self.asked(&metadata).map_err(|error| AggregateError::UnexpectedError(error.into()))?;
        let answer = match known.answers.find(asked.command) {
            // The aggregate has applied events that are not recorded, so it is not kept.
            Some(answer) => answer,
            None if events.is_empty() => {
                self.shared.cache.put(stream, known);
                return Ok(Vec::new());
            }
            None => match self.commit_decided(&stream, known, &events, &asked).await {
                Ok((answer, _)) => answer,
                Err(AppendedNot::Conflict) => return Err(AggregateError::AggregateConflict),
                Err(AppendedNot::Failure(failure)) => return Err(unexpected(failure)),
            },
        };
        let entries = self
            .shared
            .readers
            .range(answer.first_position(), answer.position)
            .map_err(unexpected)?;
        envelopes(entries)
    }
}

impl EventStore {
    fn asked(&self, metadata: &HashMap<String, String>) -> Result<Asked, Unreadable> {
        let command = read(metadata, metadata::COMMAND)?;
        let effective_on = read(metadata, metadata::EFFECTIVE_ON)?;
        Ok(Asked {
            command: command.unwrap_or_else(CommandId::mint),
            actor: metadata.get(metadata::ACTOR).map_or("unnamed", String::as_str).to_owned(),
            correlation: read(metadata, metadata::CORRELATION)?,
            causation: read::<EventId>(metadata, metadata::CAUSATION)?,
            effective_on: effective_on
                .unwrap_or_else(|| (self.shared.clock)().with_timezone(&London).date_naive()),
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the metadata's `{key}` is `{said}`, which is none")]
struct Unreadable {
    key: &'static str,
    said: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

fn read<T>(metadata: &HashMap<String, String>, key: &'static str) -> Result<Option<T>, Unreadable>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let Some(said) = metadata.get(key) else { return Ok(None) };
    said.parse().map(Some).map_err(|source: T::Err| Unreadable {
        key,
        said: said.clone(),
        source: source.into(),
    })
}

fn envelopes<A: Aggregate>(
    entries: Vec<Entry>,
) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
    entries.into_iter().map(|entry| envelope(entry).map_err(unexpected)).collect()
}

fn envelope<A: Aggregate>(entry: Entry) -> Result<EventEnvelope<A>, Failure> {
    let payload = decode::<A>(&entry)?;
    let mut metadata = HashMap::from([
        (metadata::COMMAND.to_owned(), entry.command.to_string()),
        (metadata::ACTOR.to_owned(), entry.actor),
        (metadata::CORRELATION.to_owned(), entry.correlation.to_string()),
        (metadata::EFFECTIVE_ON.to_owned(), entry.effective_on.to_string()),
        (metadata::RECORDED_AT.to_owned(), entry.recorded_at.to_rfc3339()),
        (metadata::EVENT.to_owned(), entry.id.to_string()),
        (metadata::POSITION.to_owned(), entry.position.to_string()),
    ]);
    metadata.extend(entry.causation.map(|id| (metadata::CAUSATION.to_owned(), id.to_string())));
    let aggregate_id = stream::id::<A>(&entry.stream).to_owned();
    let sequence = usize::try_from(entry.version).unwrap_or(usize::MAX);
    Ok(EventEnvelope { aggregate_id, sequence, payload, metadata })
}

fn unexpected<E: std::error::Error>(failure: Failure) -> AggregateError<E> {
    match failure {
        Failure::Undecodable { .. } => AggregateError::DeserializationError(failure.into()),
        Failure::Journal { .. } => AggregateError::DatabaseConnectionError(failure.into()),
        failure => AggregateError::UnexpectedError(failure.into()),
    }
}
