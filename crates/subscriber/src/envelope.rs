use std::fmt::Display;
use std::str::FromStr;

use async_nats::HeaderMap;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use uuid::Uuid;

use crate::{Failure, headers};

/// What stands around an event, with who, when and why (R39): CloudEvents 1.0 (R40), in binary mode on NATS, where each attribute is a header `ce-<name>`
/// and the payload is the event's JSON alone.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Envelope {
    /// The event's own id (v7); also the `Nats-Msg-Id`.
    pub id: Uuid,
    /// `<context>.<aggregate>.<id>`: the stream, which is the attribute `subject`.
    pub stream: String,
    /// Past tense with its noun: `OfstedDowngraded`; the attribute `type` has its context before it.
    pub event_type: String,
    /// When it was recorded, in whole microseconds.
    pub recorded_at: DateTime<Utc>,
    /// Its place in the journal, dense, from 1: what to remember, to know a repeat.
    pub position: u64,
    /// Its place in its stream, dense, from 1.
    pub version: u64,
    /// From which day on it is true in the world.
    pub effective_on: NaiveDate,
    /// Who asked for it.
    pub actor: String,
    /// The command that asked for it.
    pub command: Uuid,
    /// The first wish that it followed from, however far back.
    pub correlation: Uuid,
    /// The event that made somebody ask for it, if an event did.
    pub causation: Option<Uuid>,
    /// The version of the payload's shape, from 1.
    pub schema: u16,
}

/// What a header's value is written with a percent sign for: everything but the visible characters of ASCII, and among
/// those the quotation mark and the percent sign (CloudEvents, HTTP protocol binding, 3.1.3.2).
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

impl Envelope {
    /// The context that decided it: `membership`.
    #[must_use]
    pub fn context(&self) -> &str {
        self.stream.split('.').next().unwrap_or_default()
    }

    /// As headers of a NATS message, its message id among them.
    #[must_use]
    pub fn to_headers(&self) -> HeaderMap {
        let mut to = HeaderMap::new();
        let id = self.id.to_string();
        let context = self.context();
        to.insert(headers::SPECVERSION, headers::CLOUD_EVENTS);
        to.insert(headers::ID, id.as_str());
        to.insert(headers::SOURCE, format!("/ledge/{context}"));
        to.insert(headers::TYPE, format!("{context}.{}", self.event_type));
        to.insert(headers::SUBJECT, self.stream.as_str());
        to.insert(headers::TIME, self.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true));
        to.insert(headers::POSITION, self.position.to_string());
        to.insert(headers::VERSION, self.version.to_string());
        to.insert(headers::EFFECTIVE_DATE, self.effective_on.to_string());
        to.insert(headers::ACTOR, utf8_percent_encode(&self.actor, ENCODED).to_string());
        to.insert(headers::COMMAND_ID, self.command.to_string());
        to.insert(headers::CORRELATION_ID, self.correlation.to_string());
        if let Some(causation) = self.causation {
            to.insert(headers::CAUSATION_ID, causation.to_string());
        }
        to.insert(headers::SCHEMA_VERSION, self.schema.to_string());
        to.insert(headers::DATA_CONTENT_TYPE, headers::JSON);
        to.insert(headers::CONTENT_TYPE, headers::JSON);
        to.insert(headers::NATS_MESSAGE_ID, id);
        to
    }

    /// Out of a message's headers.  `sequence` is the message's place in the NATS stream, for the failure to name.
    ///
    /// # Errors
    /// The header that is missing or cannot be read.
    pub fn of_headers(from: &HeaderMap, sequence: u64) -> Result<Self, Failure> {
        let read = Read { headers: from, sequence };
        let context_and_type = read.text(headers::TYPE)?;
        let event_type =
            context_and_type.split_once('.').map_or(context_and_type, |(_, event)| event);
        Ok(Self {
            id: read.parse(headers::ID)?,
            stream: read.text(headers::SUBJECT)?.to_owned(),
            event_type: event_type.to_owned(),
            recorded_at: read.parse::<DateTime<Utc>>(headers::TIME)?,
            position: read.parse(headers::POSITION)?,
            version: read.parse(headers::VERSION)?,
            effective_on: read.parse(headers::EFFECTIVE_DATE)?,
            actor: percent_decode_str(read.text(headers::ACTOR)?)
                .decode_utf8()
                .map_err(|error| read.unreadable(headers::ACTOR, &error))?
                .into_owned(),
            command: read.parse(headers::COMMAND_ID)?,
            correlation: read.parse(headers::CORRELATION_ID)?,
            causation: match from.get(headers::CAUSATION_ID) {
                Some(_) => Some(read.parse(headers::CAUSATION_ID)?),
                None => None,
            },
            schema: read.parse(headers::SCHEMA_VERSION)?,
        })
    }
}

struct Read<'a> {
    headers: &'a HeaderMap,
    sequence: u64,
}

impl<'a> Read<'a> {
    fn text(&self, header: &'static str) -> Result<&'a str, Failure> {
        let value = self.headers.get(header);
        let sequence = self.sequence;
        value.map(|value| value.as_str()).ok_or(Failure::NoHeader { sequence, header })
    }

    fn parse<T: FromStr<Err: Display>>(&self, header: &'static str) -> Result<T, Failure> {
        self.text(header)?.parse().map_err(|error| self.unreadable(header, &error))
    }

    fn unreadable(&self, header: &'static str, why: &dyn Display) -> Failure {
        let found = self.headers.get(header).map_or("", |value| value.as_str()).to_owned();
        Failure::Header { sequence: self.sequence, header, found, why: why.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            id: Uuid::from_u128(1),
            stream: "schools.school.100003".to_owned(),
            event_type: "OfstedDowngraded".to_owned(),
            recorded_at: "2019-02-28T09:30:00.000125Z".parse().unwrap(),
            position: 7,
            version: 2,
            effective_on: "2019-02-14".parse().unwrap(),
            actor: "Bürgermeister, 100 % \"sure\"\r\nnats".to_owned(),
            command: Uuid::from_u128(2),
            correlation: Uuid::from_u128(3),
            causation: None,
            schema: 1,
        }
    }

    #[test]
    fn what_comes_out_of_the_headers_is_what_went_in() {
        let with_a_cause = Envelope { causation: Some(Uuid::from_u128(4)), ..envelope() };
        for sent in [envelope(), with_a_cause] {
            assert_eq!(Envelope::of_headers(&sent.to_headers(), 1).unwrap(), sent);
        }
    }

    #[test]
    fn every_header_that_is_documented_is_written_and_no_other() {
        let sent = Envelope { causation: Some(Uuid::from_u128(4)), ..envelope() }.to_headers();
        let mut written: Vec<String> = sent.iter().map(|(name, _)| name.to_string()).collect();
        let mut documented: Vec<&str> = headers::HEADERS.iter().map(|header| header.name).collect();
        written.sort_unstable();
        documented.sort_unstable();
        assert_eq!(written, documented);
    }

    #[test]
    fn a_header_that_is_missing_or_odd_is_named_with_its_message() {
        let mut sent = envelope().to_headers();
        sent.insert(headers::POSITION, "seven");
        let said = Envelope::of_headers(&sent, 12).unwrap_err().to_string();
        assert!(
            said.contains("12") && said.contains("ce-position") && said.contains("seven"),
            "{said}"
        );
        let said = Envelope::of_headers(&HeaderMap::new(), 12).unwrap_err().to_string();
        assert!(said.contains("12") && said.contains("ce-type"), "{said}");
    }

    #[test]
    fn nothing_that_an_actor_is_called_ends_a_header() {
        let sent = envelope().to_headers();
        let actor = sent.get(headers::ACTOR).unwrap().as_str();
        assert!(actor.bytes().all(|byte| byte.is_ascii_graphic()), "{actor}");
    }
}
