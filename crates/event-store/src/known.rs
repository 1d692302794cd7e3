use cqrs_es::Aggregate;
use journal::{Entry, Head};
use kernel::CommandId;
use uuid::Uuid;

use crate::Failure;
use crate::answers::{Answer, Answers};
use crate::derived::take;

/// An aggregate as its stream has made it, with the commands it has answered.
pub(crate) struct Known<A> {
    pub(crate) aggregate: A,
    /// The last event in it.
    pub(crate) head: Head,
    pub(crate) answers: Answers,
    /// Bytes of the payloads that went into it: about what its state may hold at most.
    payloads: usize,
    /// Version of the newest snapshot; 0: none.
    snapshot: u64,
}

impl<A: Aggregate> Default for Known<A> {
    fn default() -> Self {
        Self {
            aggregate: A::default(),
            head: Head { position: 0, version: 0 },
            answers: Answers::default(),
            payloads: 0,
            snapshot: 0,
        }
    }
}

impl<A: Aggregate> Known<A> {
    /// Applies what was recorded after [`Known::head`].
    ///
    /// # Errors
    /// An event that is not next in its stream, or is none of the aggregate's; then this is no longer of use.
    pub(crate) fn catch_up(&mut self, entries: Vec<Entry>) -> Result<(), Failure> {
        for entry in entries {
            let expected = self.head.version + 1;
            if entry.version != expected {
                let Entry { stream, version: found, position, .. } = entry;
                return Err(Failure::OutOfOrder { stream, expected, found, position });
            }
            self.aggregate.apply(decode::<A>(&entry)?);
            self.note(entry.command, entry.position, entry.version, entry.payload.len());
        }
        Ok(())
    }

    /// Moves on over events that the aggregate has applied itself, while it decided them.
    pub(crate) fn committed(&mut self, command: CommandId, answer: Answer, payloads: usize) {
        self.answers.insert(command, answer);
        self.payloads += payloads;
        self.head = Head { position: answer.position, version: answer.version };
    }

    /// About how many bytes of memory this takes.
    pub(crate) fn weight(&self) -> usize {
        // An answer is 40 bytes in a table that is between half and seven eighths full.
        size_of::<Self>() + self.payloads + self.answers.len() * 64
    }

    /// Whether enough was recorded since the last snapshot for the next: 200 events, and for long streams an eighth of
    /// them, so that writing snapshots costs no more than in proportion to the stream.
    pub(crate) fn snapshot_due(&self) -> bool {
        const EVENTS: u64 = 200;
        self.head.version - self.snapshot >= EVENTS.max(self.head.version / 8)
    }

    /// Bytes from which [`Known::restore`] makes the same; nothing when the state has no JSON form.
    pub(crate) fn snapshot(&mut self) -> Option<Vec<u8>> {
        self.snapshot = self.head.version;
        let mut bytes = Vec::new();
        bytes.extend(self.head.position.to_le_bytes());
        bytes.extend(self.head.version.to_le_bytes());
        bytes.extend((self.payloads as u64).to_le_bytes());
        self.answers.write(&mut bytes);
        if let Err(error) = serde_json::to_writer(&mut bytes, &self.aggregate) {
            tracing::warn!(aggregate = A::TYPE, %error, "the state has no JSON form, so there are no snapshots of it");
            return None;
        }
        Some(bytes)
    }

    pub(crate) fn restore(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let position = u64::from_le_bytes(take(from)?);
        let version = u64::from_le_bytes(take(from)?);
        let payloads = usize::try_from(u64::from_le_bytes(take(from)?)).ok()?;
        let answers = Answers::read(from)?;
        let aggregate = serde_json::from_slice(from).ok()?;
        let head = Head { position, version };
        Some(Self { aggregate, head, answers, payloads, snapshot: version })
    }

    fn note(&mut self, command: Uuid, position: u64, version: u64, payload: usize) {
        self.answers.note(command, position, version);
        self.payloads += payload;
        self.head = Head { position, version };
    }
}

/// The one place where a recorded payload becomes an event again.
pub(crate) fn decode<A: Aggregate>(entry: &Entry) -> Result<A::Event, Failure> {
    serde_json::from_str(&entry.payload).map_err(|source| Failure::Undecodable {
        stream: entry.stream.clone(),
        version: entry.version,
        position: entry.position,
        event_type: entry.event_type.clone(),
        source,
    })
}
