//! Publishes the journal, event after event (R40).

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::{ContextBuilder, PublishError, PublishErrorKind};
use async_nats::jetstream::message::StreamMessage;
use async_nats::jetstream::publish::PublishAck;
use async_nats::{Client, HeaderMap, header};
use chrono::{DateTime, Utc};
use futures::stream::FuturesOrdered;
use futures::{FutureExt, StreamExt};
use journal::{Entry, Reader};
use serde::Serialize;
use subscriber::{Envelope, subject};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::{Failure, Keeping};

/// Messages that are on their way at once: enough that the server is never idle while acknowledgements travel.
const ON_THEIR_WAY: usize = 1024;

/// Events read from the journal at once.
const PORTION: usize = 512;

/// How often it is looked whether the stream is as it was left, while nothing happens: the server may have lost it.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);

/// How long an acknowledgement is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two tries: at first hardly, then longer.
const SOON: Duration = Duration::from_millis(50);
const LATE: Duration = Duration::from_secs(5);

/// Publishes the journal, event after event, to a stream of JetStream.
pub struct Emission {
    reader: Reader,
    /// The journal's last durable position.
    head: watch::Receiver<u64>,
    link: Link,
    emitted: watch::Sender<Emitted>,
}

/// The way to the stream.
struct Link {
    context: Context,
    keeping: Keeping,
}

/// How far emission is.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Emitted {
    /// The last position that the server acknowledged; `None` before it was asked.
    pub position: Option<u64>,
    /// When that event was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// What is in the way, if something is.
    pub trouble: Option<String>,
}

/// How a session with the server ended.
enum Ended {
    /// We were asked to stop.
    Stopped,
    /// Somebody else wrote, or a message was lost: look where the stream ends, and go on.
    Overtaken,
    /// Nothing happened for a while: look, too.
    Quiet,
}

/// Where the stream ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct End {
    position: u64,
    sequence: u64,
}

/// What the stream ends with, whoever wrote it.
enum Last {
    None { sequence: u64 },
    Message { sequence: u64, message: Box<StreamMessage> },
}

/// A message on its way.
struct Sent {
    position: u64,
    sequence: u64,
    recorded_at: DateTime<Utc>,
    answer: Result<PublishAck, PublishError>,
}

impl Emission {
    /// Emits what `reader` reads, up to the position that `head` tells, which is a [`journal::Journal::watch`].
    #[must_use]
    pub fn new(
        reader: Reader,
        head: watch::Receiver<u64>,
        client: Client,
        keeping: Keeping,
    ) -> Self {
        let context = ContextBuilder::new()
            .timeout(PATIENCE)
            .ack_timeout(PATIENCE)
            .max_ack_inflight(2 * ON_THEIR_WAY)
            .build(client);
        Self { reader, head, link: Link { context, keeping }, emitted: watch::Sender::default() }
    }

    /// How far it is, whenever that changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Emitted> {
        self.emitted.subscribe()
    }

    /// Emits until `stop` resolves or the journal closes.  What is in the way is told by [`Emission::watch`] and tried again.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop.fuse());
        let mut wait = SOON;
        loop {
            let before = self.emitted.borrow().position;
            let ended = self.session(&mut stop).await;
            let progressed = self.emitted.borrow().position > before;
            match ended {
                Ok(Ended::Stopped) => return,
                Ok(Ended::Quiet) => {
                    wait = SOON;
                    continue;
                }
                Ok(Ended::Overtaken) => {
                    tracing::debug!("emission looks again where the stream ends");
                }
                Err(failure) => self.tell(&failure),
            }
            wait = if progressed { SOON } else { (wait * 2).min(LATE) };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    async fn session(
        &mut self,
        stop: &mut (impl Future<Output = ()> + Unpin),
    ) -> Result<Ended, Failure> {
        let end = tokio::select! {
            () = &mut *stop => return Ok(Ended::Stopped),
            last = self.link.last() => self.end(last?)?,
        };
        let recorded_at = self.reader.event(end.position)?.map(|entry| entry.recorded_at);
        let idle = end.position >= *self.head.borrow();
        self.emitted.send_modify(|emitted| {
            // What was in the way is gone when something was emitted, or there is nothing to emit.
            let trouble = emitted.trouble.take().filter(|_| !idle);
            *emitted = Emitted { position: Some(end.position), recorded_at, trouble };
        });

        let mut read = Portion { events: vec![], next: 0, position: end.position };
        let mut sequence = end.sequence;
        let mut answers = FuturesOrdered::new();
        let mut stopping = false;
        // Until the first was acknowledged, nobody knows whether any will be.
        let mut at_once = 1;
        loop {
            while !stopping && answers.len() < at_once {
                let head = *self.head.borrow_and_update();
                let Some(entry) = read.next(&self.reader, head)? else { break };
                let sent = self.link.publish(entry, sequence).await?;
                sequence += 1;
                let (position, recorded_at) = (entry.position, entry.recorded_at);
                answers.push_back(async move {
                    Sent { position, sequence, recorded_at, answer: sent.await }
                });
            }
            if stopping && answers.is_empty() {
                return Ok(Ended::Stopped);
            }
            tokio::select! {
                biased;
                Some(sent) = answers.next(), if !answers.is_empty() => {
                    if !self.acknowledged(sent)? {
                        return Ok(Ended::Overtaken);
                    }
                    at_once = ON_THEIR_WAY;
                }
                // What is on its way is waited for, so that the next start need not ask again.
                () = &mut *stop, if !stopping => stopping = true,
                changed = self.head.changed(), if !stopping && answers.len() < at_once => {
                    stopping = changed.is_err();
                }
                () = tokio::time::sleep(BETWEEN_LOOKS), if answers.is_empty() => {
                    return Ok(Ended::Quiet);
                }
            }
        }
    }

    /// Takes down what the server said; whether emission can go on from there.
    fn acknowledged(&self, sent: Sent) -> Result<bool, Failure> {
        match sent.answer {
            Ok(ack) if ack.sequence == sent.sequence => {
                self.emitted.send_modify(|emitted| {
                    emitted.position = Some(sent.position);
                    emitted.recorded_at = Some(sent.recorded_at);
                    emitted.trouble = None;
                });
                Ok(true)
            }
            // It is there already, elsewhere.
            Ok(_) => Ok(false),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Ok(false),
            Err(error) => {
                let doing = format!("emit the event at position {}", sent.position);
                Err(Failure::nats(doing)(error))
            }
        }
    }

    /// Where the stream ends, which must be an event of this journal.
    fn end(&self, last: Last) -> Result<End, Failure> {
        let (sequence, message) = match last {
            Last::None { sequence } => return Ok(End { position: 0, sequence }),
            Last::Message { sequence, message } => (sequence, message),
        };
        let stream = || self.link.keeping.stream.clone();
        let foreign = |found| Failure::Foreign { stream: stream(), sequence, found };
        let envelope = Envelope::of_headers(&message.headers, sequence)
            .map_err(|_| foreign(format!("no event (its subject is {})", message.subject)))?;
        let position = envelope.position;
        match self.reader.event(position)? {
            Some(entry) if entry.id == envelope.id => Ok(End { position, sequence }),
            Some(_) => Err(foreign(format!("event {} at position {position}", envelope.id))),
            None => {
                let head = self.reader.head()?;
                Err(Failure::Ahead { stream: stream(), emitted: position, head })
            }
        }
    }

    /// Says what is in the way, once for each thing.
    fn tell(&self, failure: &Failure) {
        let said = failure.in_full();
        self.emitted.send_if_modified(|emitted| {
            let new = emitted.trouble.as_ref() != Some(&said);
            if new {
                tracing::warn!(trouble = said, "events are not emitted; they will be");
                emitted.trouble = Some(said);
            }
            new
        });
    }
}

impl Link {
    /// What the stream ends with; the stream is made where there is none.
    async fn last(&self) -> Result<Last, Failure> {
        let mut stream = self.keeping.open(&self.context).await?;
        let state = self.keeping.info(&mut stream).await?.state;
        let sequence = state.last_sequence;
        if state.messages == 0 {
            return Ok(Last::None { sequence });
        }
        let doing = || format!("read the last message of the stream {}", self.keeping.stream);
        let message = stream.get_raw_message(sequence).await.map_err(Failure::nats(doing()))?;
        Ok(Last::Message { sequence, message: Box::new(message) })
    }

    /// Hands one event to the server, on the condition that `last` is the sequence of the stream's last message.
    async fn publish(
        &self,
        entry: &Entry,
        last: u64,
    ) -> Result<impl Future<Output = Result<PublishAck, PublishError>> + Send + use<>, Failure>
    {
        let doing = || format!("emit the event at position {}", entry.position);
        let subject = subject(&entry.stream, &entry.event_type);
        let payload = entry.payload.clone().into();
        let publishing = self.context.publish_with_headers(subject, headers(entry, last), payload);
        // A client that is not connected takes so many messages and then makes us wait.
        let sent = timeout(PATIENCE, publishing).await.map_err(Failure::nats(doing()))?;
        Ok(sent.map_err(Failure::nats(doing()))?.into_future())
    }
}

/// Events that were read and not yet published.
struct Portion {
    events: Vec<Entry>,
    next: usize,
    /// Of the last event taken.
    position: u64,
}

impl Portion {
    fn next(&mut self, reader: &Reader, head: u64) -> Result<Option<&Entry>, Failure> {
        if self.next == self.events.len() {
            self.next = 0;
            self.events.clear();
            if self.position < head {
                reader.read(self.position, PORTION, &mut self.events)?;
            }
        }
        let taken = self.events.get(self.next);
        if let Some(entry) = taken {
            self.next += 1;
            self.position = entry.position;
        }
        Ok(taken)
    }
}

/// The envelope as headers, and the condition on the stream's end.
fn headers(entry: &Entry, last: u64) -> HeaderMap {
    let mut headers = envelope(entry).to_headers();
    headers.insert(header::NATS_EXPECTED_LAST_SEQUENCE, last.to_string());
    headers
}

/// What stands around the event outside the journal.
#[must_use]
pub fn envelope(entry: &Entry) -> Envelope {
    Envelope {
        id: entry.id,
        stream: entry.stream.clone(),
        event_type: entry.event_type.clone(),
        recorded_at: entry.recorded_at,
        position: entry.position,
        version: entry.version,
        effective_on: entry.effective_on,
        actor: entry.actor.clone(),
        command: entry.command,
        correlation: entry.correlation,
        causation: entry.causation,
        schema: entry.schema,
    }
}
