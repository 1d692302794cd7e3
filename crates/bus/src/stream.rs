use std::time::Duration;

use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::stream::{
    Config, DiscardPolicy, Info, RetentionPolicy, StorageType, Stream,
};
use async_nats::jetstream::{Context, ErrorCode};
use subscriber::ALL;

use crate::Failure;

/// The first server that refuses what it should: conditions on subjects with wildcards, atomic batches.
const NEEDED: &str = "2.12";

/// How the stream is kept, where it has to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Keeping {
    /// Its name.
    pub stream: String,
    /// On how many servers each event is kept: 1, 3 or 5.
    pub replicas: usize,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { stream: subscriber::STREAM.to_owned(), replicas: 1 }
    }
}

impl Keeping {
    /// What the stream has to be like: every event, for good, on the disk, and nobody may remove one.
    fn config(&self) -> Config {
        Config {
            name: self.stream.clone(),
            description: Some("Every event of the office, in the order of its journal".to_owned()),
            subjects: vec![ALL.to_owned()],
            retention: RetentionPolicy::Limits,
            // Were there ever a limit: rather refuse an event, which is emitted later, than lose one.
            discard: DiscardPolicy::New,
            storage: StorageType::File,
            num_replicas: self.replicas,
            duplicate_window: Duration::from_secs(120),
            deny_delete: true,
            deny_purge: true,
            allow_direct: true,
            max_messages: -1,
            max_bytes: -1,
            max_messages_per_subject: -1,
            max_consumers: -1,
            max_message_size: -1,
            ..Config::default()
        }
    }

    /// The stream, made where there is none.
    ///
    /// # Errors
    /// The server is too old or cannot be reached; a stream that is there is not as it must be.
    pub(crate) async fn open(&self, context: &Context) -> Result<Stream, Failure> {
        // Only a server that answers has a version.
        let found = context.get_stream(&self.stream).await;
        let client = context.client();
        if !client.is_server_compatible(2, 12, 0) {
            let found = client.server_info().version;
            if !found.is_empty() {
                return Err(Failure::TooOld { found, needed: NEEDED });
            }
        }
        match found {
            Ok(stream) => match wrong(&stream.cached_info().config).as_slice() {
                [] => Ok(stream),
                wrong => {
                    Err(Failure::Stream { stream: self.stream.clone(), wrong: wrong.join("; ") })
                }
            },
            Err(error) if is_not_there(error.kind()) => context
                .create_stream(self.config())
                .await
                .map_err(Failure::nats(format!("make the stream {}", self.stream))),
            Err(error) => Err(Failure::nats(format!("look at the stream {}", self.stream))(error)),
        }
    }

    pub(crate) async fn info(&self, stream: &mut Stream) -> Result<Info, Failure> {
        let doing = || format!("ask how far the stream {} is", self.stream);
        stream.info().await.cloned().map_err(Failure::nats(doing()))
    }
}

fn is_not_there(kind: GetStreamErrorKind) -> bool {
    matches!(kind, GetStreamErrorKind::JetStream(error) if error.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

/// Every way in which a stream that is there would lose events, or mix them with others.  What only says where and how well
/// it is kept (replicas, placement, compression) is for who runs the servers.
fn wrong(config: &Config) -> Vec<String> {
    let mut wrong = vec![];
    let mut unless = |fine: bool, why: &dyn Fn() -> String| {
        if !fine {
            wrong.push(why());
        }
    };
    unless(config.subjects == [ALL], &|| {
        format!("it takes {}, and should take {ALL} alone", config.subjects.join(", "))
    });
    unless(config.retention == RetentionPolicy::Limits, &|| {
        "it forgets events that were read: its retention should be `limits`".to_owned()
    });
    unless(config.storage == StorageType::File, &|| {
        "it is kept in memory, and should be on the disk".to_owned()
    });
    unless(config.max_age.is_zero(), &|| {
        format!(
            "it forgets events after {} s: it should have no `max_age`",
            config.max_age.as_secs()
        )
    });
    for (limit, name) in [
        (config.max_messages, "max_msgs"),
        (config.max_messages_per_subject, "max_msgs_per_subject"),
    ] {
        unless(limit <= 0, &|| {
            format!("it holds no more than {limit}: it should have no `{name}`")
        });
    }
    unless(config.max_bytes <= 0 || config.discard == DiscardPolicy::New, &|| {
        format!(
            "it forgets the oldest events when it has {} bytes: with a `max_bytes` it should discard `new`",
            config.max_bytes
        )
    });
    unless(!config.no_ack, &|| {
        "it does not acknowledge what it is given: `no_ack` should be off".to_owned()
    });
    unless(!config.sealed, &|| "it is sealed".to_owned());
    unless(config.mirror.is_none() && config.sources.as_ref().is_none_or(Vec::is_empty), &|| {
        "it takes messages from other streams".to_owned()
    });
    unless(config.subject_transform.is_none(), &|| "it changes subjects".to_owned());
    unless(!config.allow_rollup, &|| {
        "a message may replace those before it: `allow_rollup_hdrs` should be off".to_owned()
    });
    unless(!config.allow_message_ttl, &|| {
        "messages may have an end: `allow_msg_ttl` should be off".to_owned()
    });
    unless(config.allow_direct, &|| {
        "who begins at a day cannot find it: `allow_direct` should be on".to_owned()
    });
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_that_is_made_is_as_it_must_be() {
        assert_eq!(wrong(&Keeping::default().config()), Vec::<String>::new());
    }

    #[test]
    fn everything_that_would_lose_an_event_is_named() {
        let fine = Keeping::default().config();
        let cases: [(Config, &str); 6] = [
            (Config { max_age: Duration::from_secs(60), ..fine.clone() }, "max_age"),
            (Config { storage: StorageType::Memory, ..fine.clone() }, "memory"),
            (Config { retention: RetentionPolicy::Interest, ..fine.clone() }, "retention"),
            (Config { max_messages: 10, ..fine.clone() }, "max_msgs"),
            (Config { max_bytes: 10, discard: DiscardPolicy::Old, ..fine.clone() }, "max_bytes"),
            (Config { subjects: vec!["ledge.>".to_owned()], ..fine }, "ledge.*.*.*.*"),
        ];
        for (config, named) in cases {
            let said = wrong(&config);
            assert!(said.len() == 1 && said.iter().any(|why| why.contains(named)), "{said:?}");
        }
    }
}
