use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use journal::{Append, AppendError, Appended, NewEvent};
use kernel::{Dated, EventId};

use crate::answers::Answer;
use crate::known::Known;
use crate::{Asked, Done, Error, EventStore, Failure, stream};

/// After a conflict a command is decided anew so many times.
const RETRIES: usize = 2;

impl EventStore {
    /// Loads the aggregate, lets it decide, and answers when what it decided is durable.
    ///
    /// Commands on one aggregate wait for each other; on different ones they run side by side and share the journal's
    /// transactions.  A call that is abandoned (its future dropped) may or may not have happened: ask again.
    ///
    /// # Errors
    /// [`Error::Refused`] is the aggregate's own no, and nothing was recorded; [`Error::Conflict`] and
    /// [`Error::Failure`]: the same command may be asked again under the same id, and acts once.
    pub async fn execute<A>(
        &self,
        id: &str,
        command: A::Command,
        asked: Asked,
    ) -> Result<Done, Error<A::Error>>
    where
        A: Aggregate<Services = ()> + 'static,
        A::Command: Clone,
        A::Event: Dated,
    {
        let stream = stream::name::<A>(id)?;
        let _turn = self.shared.turns.take(&stream).await;
        for _ in 0..=RETRIES {
            let known = self.recall::<A>(&stream).await?;
            if let Some(answer) = known.answers.find(asked.command) {
                self.shared.cache.put(stream, known);
                return Ok(self.answered_before(answer)?);
            }
            match self.attempt(&stream, known, command.clone(), &asked).await {
                Err(Error::Conflict { .. }) => {}
                answered => return answered,
            }
        }
        Err(Error::Conflict { stream: stream.to_string() })
    }

    async fn attempt<A>(
        &self,
        stream: &Arc<str>,
        mut known: Box<Known<A>>,
        command: A::Command,
        asked: &Asked,
    ) -> Result<Done, Error<A::Error>>
    where
        A: Aggregate<Services = ()> + 'static,
        A::Event: Dated,
    {
        let sink = EventSink::default();
        let decided = known.aggregate.handle(command, &(), &sink).await;
        let events = sink.collect().await;
        if let Err(refusal) = decided {
            // Events written before the refusal are in the aggregate already, and in no stream.
            if events.is_empty() {
                self.shared.cache.put(Arc::clone(stream), known);
            }
            return Err(Error::Refused(refusal));
        }
        if events.is_empty() {
            let head = known.head;
            self.shared.cache.put(Arc::clone(stream), known);
            let (position, version) = (head.position, head.version);
            return Ok(Done { position, version, events: Vec::new(), repeated: false });
        }
        match self.commit_decided(stream, known, &events, asked).await {
            Ok((answer, events)) => {
                let Answer { position, version, .. } = answer;
                Ok(Done { position, version, events, repeated: false })
            }
            Err(AppendedNot::Conflict) => Err(Error::Conflict { stream: stream.to_string() }),
            Err(AppendedNot::Failure(failure)) => Err(failure.into()),
        }
    }

    /// Appends what `known` decided and has applied already; keeps it only when that succeeds.
    pub(crate) async fn commit_decided<A>(
        &self,
        stream: &Arc<str>,
        mut known: Box<Known<A>>,
        events: &[A::Event],
        asked: &Asked,
    ) -> Result<(Answer, Vec<EventId>), AppendedNot>
    where
        A: Aggregate + 'static,
        A::Event: Dated,
    {
        let mut ids = Vec::with_capacity(events.len());
        let mut payloads = 0;
        let mut news = Vec::with_capacity(events.len());
        for event in events {
            let id = EventId::mint();
            let new = new_event(stream, event, id, asked)?;
            ids.push(id);
            payloads += new.payload.len();
            news.push(new);
        }
        let append = Append {
            stream: stream.to_string(),
            expected: known.head.version,
            recorded_at: (self.shared.clock)(),
            actor: asked.actor.clone(),
            command: asked.command.uuid(),
            correlation: asked.correlation.unwrap_or(asked.command).uuid(),
            causation: asked.causation.map(EventId::uuid),
            events: news,
        };
        let Appended { first, last: position, version } =
            self.journal().append(append).await.map_err(|error| match error {
                AppendError::Conflict { .. } => AppendedNot::Conflict,
                AppendError::Failure(source) => {
                    let operation = format!("appending to {stream}");
                    AppendedNot::Failure(Failure::Journal { operation, source })
                }
            })?;
        let events = u32::try_from(position - first + 1).unwrap_or(u32::MAX);
        let answer = Answer { position, version, events };
        known.committed(asked.command, answer, payloads);
        self.shared.derived.offer(stream, &mut known);
        self.shared.cache.put(Arc::clone(stream), known);
        Ok((answer, ids))
    }

    fn answered_before(&self, answer: Answer) -> Result<Done, Failure> {
        let Answer { position, version, .. } = answer;
        let entries = self.shared.readers.range(answer.first_position(), position)?;
        let events = entries.into_iter().map(|entry| EventId::from(entry.id)).collect();
        Ok(Done { position, version, events, repeated: true })
    }
}

/// Why decided events are not in the journal, as far as is known.
pub(crate) enum AppendedNot {
    Conflict,
    Failure(Failure),
}

impl From<Failure> for AppendedNot {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

fn new_event<E: DomainEvent + Dated>(
    stream: &str,
    event: &E,
    id: EventId,
    asked: &Asked,
) -> Result<NewEvent, Failure> {
    let event_type = event.event_type();
    let said = event.event_version();
    let schema = match said.parse() {
        Ok(schema) if schema > 0 => schema,
        _ => return Err(Failure::BadSchema { stream: stream.to_owned(), event_type, said }),
    };
    let payload = match serde_json::to_string(event) {
        Ok(payload) => payload,
        Err(source) => {
            return Err(Failure::Unwritable { stream: stream.to_owned(), event_type, source });
        }
    };
    let effective_on = event.effective_on().unwrap_or(asked.effective_on);
    Ok(NewEvent { event_type, schema, id: id.uuid(), effective_on, payload })
}
