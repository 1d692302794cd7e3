use std::pin::Pin;
use std::time::Duration;

use async_nats::Client;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::stream::Stream as NatsStream;
use async_nats::jetstream::{self, AckKind, Message};
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt};
use serde::de::DeserializeOwned;

use crate::{ALL, Envelope, Failure, Filter, headers};

/// The stream that the office emits to, where it is told no other name.
pub const STREAM: &str = "LEDGE";

/// How long the server waits for an acknowledgement before it hands out the event again, while nobody says that it is
/// still being worked at.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two tries to subscribe anew.
const SOON: Duration = Duration::from_millis(100);
const LATE: Duration = Duration::from_secs(5);

/// Where to begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Start {
    /// With what happens from now on.
    Now,
    /// After this position of the journal; after 0 is from the beginning.
    After(u64),
    /// With what was recorded at this instant or later.
    Recorded(DateTime<Utc>),
}

/// The events that a service asked for, as they come.
pub struct Subscription {
    wanted: Wanted,
    messages: Messages,
    /// Events up to here are not wanted.
    after: u64,
    /// Of the event that was handed out last.
    last: Option<u64>,
}

type Messages = Pin<Box<dyn Stream<Item = Result<Message, Failure>> + Send>>;

/// What was asked for, to ask again.
struct Wanted {
    client: Client,
    stream: String,
    /// The name under which the server remembers it, if it does.
    service: Option<String>,
    filter: (String, Vec<String>),
}

/// One event.
#[derive(Debug)]
pub struct Received {
    pub envelope: Envelope,
    message: Message,
    remembered: bool,
}

impl Subscription {
    /// A subscription that the server remembers under the service's name: events come in order, one at a time, each after
    /// the one before was acknowledged, and after any stop it goes on where it was.  `from` is where it begins when it is
    /// made; one that is there already goes on.  Its filters can be changed: what was passed over by then does not come.
    ///
    /// # Errors
    /// The server cannot be reached, has no such stream, or does not allow it.
    pub async fn durable(
        client: &Client,
        stream: &str,
        service: &str,
        filters: &[Filter<'_>],
        start: Start,
    ) -> Result<Self, Failure> {
        Self::of(Wanted::of(client, stream, Some(service), filters), start).await
    }

    /// A subscription for a service that keeps the position itself, best in one transaction with what it made of the
    /// event: as fast as the server reads, and nothing to acknowledge.
    ///
    /// # Errors
    /// As [`Subscription::durable`].
    pub async fn replay(
        client: &Client,
        stream: &str,
        filters: &[Filter<'_>],
        start: Start,
    ) -> Result<Self, Failure> {
        Self::of(Wanted::of(client, stream, None, filters), start).await
    }

    async fn of(wanted: Wanted, start: Start) -> Result<Self, Failure> {
        let (messages, after) = wanted.ask(start).await?;
        Ok(Self { wanted, messages, after, last: None })
    }

    /// The next event, waiting for it: also for a server that went, or lost what it had and is given it again.  Dropped while it
    /// waits, none is lost.
    ///
    /// # Errors
    /// A message is no event.
    pub async fn next(&mut self) -> Result<Received, Failure> {
        loop {
            let message = match self.messages.next().await {
                Some(Ok(message)) => message,
                Some(Err(failure)) => {
                    self.ask_again(&failure).await;
                    continue;
                }
                None => {
                    let ended = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it ended");
                    self.ask_again(&Failure::nats("go on with the subscription")(ended)).await;
                    continue;
                }
            };
            let sequence = message
                .info()
                .map(|info| info.stream_sequence)
                .map_err(|source| Failure::Nats { doing: "place a message".to_owned(), source })?;
            let headers = message.headers.as_ref();
            let envelope = headers.map_or_else(
                || Err(Failure::NoHeader { sequence, header: headers::ID }),
                |headers| Envelope::of_headers(headers, sequence),
            )?;
            let remembered = self.wanted.service.is_some();
            let received = Received { envelope, message, remembered };
            if received.envelope.position > self.after {
                self.last = Some(received.envelope.position);
                return Ok(received);
            }
            received.acknowledge().await?;
        }
    }

    /// Subscribes anew where it was, for as long as that takes.  What was handed out last may come again where it has to be
    /// acknowledged: nobody knows whether it was.
    async fn ask_again(&mut self, failure: &Failure) {
        tracing::warn!(%failure, after = self.last, "the subscription broke off; it is made again");
        let again = if self.wanted.service.is_some() { 1 } else { 0 };
        let start = Start::After(self.last.map_or(self.after, |last| last - again));
        let mut wait = SOON;
        loop {
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LATE);
            match self.wanted.ask(start).await {
                Ok((messages, after)) => {
                    self.messages = messages;
                    self.after = after;
                    return;
                }
                Err(failure) => tracing::debug!(%failure, "not yet"),
            }
        }
    }
}

impl Wanted {
    fn of(client: &Client, stream: &str, service: Option<&str>, filters: &[Filter<'_>]) -> Self {
        Self {
            client: client.clone(),
            stream: stream.to_owned(),
            service: service.map(str::to_owned),
            filter: subjects(filters),
        }
    }

    /// The messages from `start` on, and the position up to which nothing is wanted.
    async fn ask(&self, start: Start) -> Result<(Messages, u64), Failure> {
        let stream = find(&self.client, &self.stream).await?;
        let (filter_subject, filter_subjects) = self.filter.clone();
        let Some(service) = &self.service else {
            let (deliver_policy, after) = place(&stream, start).await?;
            let config = pull::OrderedConfig {
                deliver_policy,
                filter_subject,
                filter_subjects,
                ..pull::OrderedConfig::default()
            };
            let doing = "subscribe to the events";
            let consumer = stream.create_consumer(config).await.map_err(Failure::nats(doing))?;
            let messages = consumer.messages().await.map_err(Failure::nats(doing))?;
            return Ok((readable(messages), after));
        };
        let doing = || format!("subscribe to the events as {service}");
        let (deliver_policy, after) = match stream.get_consumer::<pull::Config>(service).await {
            Ok(there) => (there.cached_info().config.deliver_policy, 0),
            Err(_) => place(&stream, start).await?,
        };
        let config = pull::Config {
            durable_name: Some(service.clone()),
            deliver_policy,
            ack_policy: AckPolicy::Explicit,
            ack_wait: PATIENCE,
            // With more than one on their way, what was not acknowledged would come again after its successors.
            max_ack_pending: 1,
            filter_subject,
            filter_subjects,
            ..pull::Config::default()
        };
        let consumer = stream.create_consumer(config).await.map_err(Failure::nats(doing()))?;
        let messages = consumer
            .stream()
            .max_messages_per_batch(1)
            .messages()
            .await
            .map_err(Failure::nats(doing()))?;
        Ok((readable(messages), after))
    }
}

fn readable<E: std::error::Error + Send + Sync + 'static>(
    messages: impl Stream<Item = Result<Message, E>> + Send + 'static,
) -> Messages {
    Box::pin(messages.map(|next| next.map_err(Failure::nats("read the next event"))))
}

impl Received {
    /// The event as its context has it.
    ///
    /// # Errors
    /// It is not one of that context's: the failure names its position.
    pub fn decode<E: DeserializeOwned>(&self) -> Result<E, Failure> {
        serde_json::from_slice(self.payload()).map_err(|source| Failure::Payload {
            position: self.envelope.position,
            stream: self.envelope.stream.clone(),
            event_type: self.envelope.event_type.clone(),
            source,
        })
    }

    /// JSON.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.message.payload
    }

    /// Says that it was dealt with: the next one comes, and this one not again.
    ///
    /// # Errors
    /// The server cannot be told: this event may come again.
    pub async fn acknowledge(self) -> Result<(), Failure> {
        self.tell(None).await
    }

    /// Gives it back: it comes again at once.
    ///
    /// # Errors
    /// The server cannot be told: it comes again, but later.
    pub async fn give_back(self) -> Result<(), Failure> {
        self.tell(Some(AckKind::Nak(None))).await
    }

    async fn tell(&self, kind: Option<AckKind>) -> Result<(), Failure> {
        if !self.remembered {
            return Ok(());
        }
        let told = match kind {
            // The server's own answer is waited for, so that what this says is so.
            None => self.message.double_ack().await,
            Some(kind) => self.message.ack_with(kind).await,
        };
        told.map_err(|source| Failure::Nats {
            doing: format!("acknowledge the event at position {}", self.envelope.position),
            source,
        })
    }
}

/// The one subject that is asked for, or else all of them: one alone stands in the subject of the request, so that the server
/// can be told to allow that one and no other.
fn subjects(filters: &[Filter<'_>]) -> (String, Vec<String>) {
    match filters {
        [] => (ALL.to_owned(), vec![]),
        [one] => (one.to_string(), vec![]),
        filters => (String::new(), filters.iter().map(ToString::to_string).collect()),
    }
}

async fn find(client: &Client, stream: &str) -> Result<NatsStream, Failure> {
    let doing = || format!("find the stream {stream}, which the office makes when it first emits");
    jetstream::new(client.clone()).get_stream(stream).await.map_err(Failure::nats(doing()))
}

/// Where in the stream to begin, and the position up to which nothing is wanted.
async fn place(stream: &NatsStream, from: Start) -> Result<(DeliverPolicy, u64), Failure> {
    let state = &stream.cached_info().state;
    Ok(match from {
        Start::Now => (DeliverPolicy::New, 0),
        Start::After(0) => (DeliverPolicy::All, 0),
        Start::After(position) if state.messages == 0 => (DeliverPolicy::All, position),
        Start::After(position) => {
            // The office emits every position, in order, and nothing is removed: two messages lie as far apart as their
            // positions do.
            let first = envelope(stream, state.first_sequence).await?.position;
            let start_sequence =
                state.first_sequence + position.saturating_add(1).saturating_sub(first);
            (DeliverPolicy::ByStartSequence { start_sequence }, position)
        }
        Start::Recorded(_) if state.messages == 0 => (DeliverPolicy::All, 0),
        Start::Recorded(instant) => {
            // Not by the server's time: that is when history was emitted.
            let (mut low, mut high) = (state.first_sequence, state.last_sequence + 1);
            while low < high {
                let middle = low + (high - low) / 2;
                if envelope(stream, middle).await?.recorded_at < instant {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            (DeliverPolicy::ByStartSequence { start_sequence: low }, 0)
        }
    })
}

async fn envelope(stream: &NatsStream, sequence: u64) -> Result<Envelope, Failure> {
    let doing = || format!("read message {sequence} of the stream");
    let message = stream.direct_get(sequence).await.map_err(Failure::nats(doing()))?;
    Envelope::of_headers(&message.headers, sequence)
}
