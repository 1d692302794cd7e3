//! What an event's message carries in its headers: CloudEvents 1.0 in binary mode, the payload being the event's JSON as it was
//! recorded (R39, R40).
//!
//! A header is text.  Its names are those of CloudEvents after `ce-`; what CloudEvents does not know is an extension, in
//! lower-case letters and digits as it asks for, and under the same name as in `ledge events --json`.

/// The event's own id: a repeated event has the same one, so it is known again.
pub const ID: &str = "ce-id";
pub const SOURCE: &str = "ce-source";
pub const SPECVERSION: &str = "ce-specversion";
pub const TYPE: &str = "ce-type";
pub const SUBJECT: &str = "ce-subject";
pub const TIME: &str = "ce-time";
pub const DATA_CONTENT_TYPE: &str = "ce-datacontenttype";
/// Beside [`DATA_CONTENT_TYPE`], and the same: libraries look for one or the other.
pub const CONTENT_TYPE: &str = "content-type";
pub const POSITION: &str = "ce-position";
pub const VERSION: &str = "ce-version";
pub const EFFECTIVE_DATE: &str = "ce-effectivedate";
pub const ACTOR: &str = "ce-actor";
pub const COMMAND_ID: &str = "ce-commandid";
pub const CORRELATION_ID: &str = "ce-correlationid";
pub const CAUSATION_ID: &str = "ce-causationid";
pub const SCHEMA_VERSION: &str = "ce-schemaversion";
/// By which the stream knows an event that was published before; the same text as [`ID`].
pub const NATS_MESSAGE_ID: &str = "Nats-Msg-Id";

/// What [`SPECVERSION`] says.
pub const CLOUD_EVENTS: &str = "1.0";
/// What [`DATA_CONTENT_TYPE`] and [`CONTENT_TYPE`] say.
pub const JSON: &str = "application/json";

/// A header of an event's message.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub name: &'static str,
    pub says: &'static str,
    pub presence: Presence,
    pub text: Text,
    pub example: &'static str,
}

/// Whether every event has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    Always,
    Sometimes,
}

/// What kind of text a header's value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Text {
    /// Exactly this.
    Fixed(&'static str),
    /// A whole number from 1, in digits.
    Count,
    Uuid,
    /// `2019-03-04`.
    Day,
    /// RFC 3339 in UTC, with microseconds.
    Instant,
    /// Words of people or names, percent-encoded where they are not plain.
    Words,
}

/// Every header that an event's message has.
pub const HEADERS: [Header; 17] = [
    always(SPECVERSION, "The version of CloudEvents.", Text::Fixed(CLOUD_EVENTS), CLOUD_EVENTS),
    always(
        ID,
        "The event's own id (UUID v7). An event that comes twice has the same one.",
        Text::Uuid,
        "0194f6a0-0000-7000-8000-000000000001",
    ),
    always(SOURCE, "The context it comes from: `/ledge/<context>`.", Text::Words, "/ledge/schools"),
    always(TYPE, "What happened: `<context>.<Event>`.", Text::Words, "schools.OfstedDowngraded"),
    always(
        SUBJECT,
        "To what it happened, the event's stream: `<context>.<aggregate>.<id>`.",
        Text::Words,
        "schools.school.100003",
    ),
    always(
        TIME,
        "When this office recorded it; it never goes back along the positions.",
        Text::Instant,
        "2019-03-04T09:30:00.000000Z",
    ),
    always(DATA_CONTENT_TYPE, "What the payload is.", Text::Fixed(JSON), JSON),
    always(CONTENT_TYPE, "The same, where a library looks for it.", Text::Fixed(JSON), JSON),
    always(
        POSITION,
        "Its place among all events of the office, from 1 without a gap. Keep the last one you took in: what is not \
         after it came before.",
        Text::Count,
        "4711",
    ),
    always(VERSION, "Its place in its stream, from 1 without a gap.", Text::Count, "3"),
    always(
        EFFECTIVE_DATE,
        "From which day on it is true in the world, or could be known; often before it was recorded.",
        Text::Day,
        "2019-02-11",
    ),
    always(
        ACTOR,
        "Who asked for it; percent-encoded where it is not plain.",
        Text::Words,
        "office",
    ),
    always(
        COMMAND_ID,
        "The wish that it came of. Events of one wish stand together.",
        Text::Uuid,
        "0194f6a0-0000-7000-8000-000000000002",
    ),
    always(
        CORRELATION_ID,
        "The first wish that it followed from, however far back.",
        Text::Uuid,
        "0194f6a0-0000-7000-8000-000000000002",
    ),
    Header {
        name: CAUSATION_ID,
        says: "The event that made somebody ask for this one. Absent: no event did.",
        presence: Presence::Sometimes,
        text: Text::Uuid,
        example: "0194f6a0-0000-7000-8000-000000000003",
    },
    always(SCHEMA_VERSION, "The version of the payload's shape, from 1.", Text::Count, "1"),
    always(
        NATS_MESSAGE_ID,
        "The event's id, by which the stream drops what was published twice.",
        Text::Uuid,
        "0194f6a0-0000-7000-8000-000000000001",
    ),
];

const fn always(
    name: &'static str,
    says: &'static str,
    text: Text,
    example: &'static str,
) -> Header {
    Header { name, says, presence: Presence::Always, text, example }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_has_its_own_name() {
        let names: std::collections::BTreeSet<_> = HEADERS.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), HEADERS.len());
        for name in names {
            let cloud_event = name.strip_prefix("ce-").is_none_or(|it| {
                it.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
            assert!(cloud_event, "{name}");
        }
    }
}
