//! The AsyncAPI document: where events come, what they carry, who may listen.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Published;
use serde_json::{Map, Value, json};

use super::event::{Event, name_of};
use subscriber::headers::{HEADERS, Header, JSON, Presence, Text};

/// The whole of it, AsyncAPI 3.0.
pub(super) fn document(published: &[Published], events: &[Event]) -> Value {
    let contexts: BTreeSet<&str> = published.iter().map(Published::context).collect();
    let by_context = |part: fn(&str, &[Published], &[Event]) -> Value| -> Map<String, Value> {
        contexts
            .iter()
            .map(|context| ((*context).to_owned(), part(context, published, events)))
            .collect()
    };
    let operations: Map<String, Value> = contexts
        .iter()
        .map(|context| (format!("receive.{context}"), operation(context, events)))
        .collect();
    let messages: Map<String, Value> =
        events.iter().map(|event| (event.kind(), message(event))).collect();
    json!({
        "asyncapi": "3.0.0",
        "id": "urn:ledge:events",
        "info": {
            "title": "Leading Edge: what happens",
            "version": "1.0.0",
            "description": "Every domain event of the office, in the order in which it was recorded, from the first one on. \
                An event comes at least once: the same `ce-id` is the same event, and `ce-position` says where it stands. \
                What an event says never changes; fields may be added, and values of enumerations, so pass over what you \
                do not know.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "defaultContentType": JSON,
        "servers": servers(),
        "channels": by_context(channel),
        "operations": operations,
        "components": {
            "messages": messages,
            "messageTraits": { "envelope": { "headers": { "$ref": "#/components/schemas/Envelope" } } },
            "schemas": schemas(events),
            "securitySchemes": {
                "user": { "type": "userPassword", "description": "A user and a password." },
                "token": {
                    "type": "httpApiKey", "name": "token", "in": "query",
                    "description": "A token, given as NATS takes it: in place of the user.",
                },
                "nkey": {
                    "type": "asymmetricEncryption",
                    "description": "An nkey, or a credentials file with a JWT: the client signs what the server asks.",
                },
                "certificate": { "type": "X509", "description": "A client's own certificate, over TLS." },
            },
        },
    })
}

fn servers() -> Value {
    let security = json!([
        { "$ref": "#/components/securitySchemes/nkey" },
        { "$ref": "#/components/securitySchemes/user" },
        { "$ref": "#/components/securitySchemes/token" },
        { "$ref": "#/components/securitySchemes/certificate" },
    ]);
    json!({
        "office": {
            "host": "{host}:{port}",
            "protocol": "nats",
            "description": "The NATS server to which the office emits. Events stand in one JetStream stream there: LEDGE, where the office is told no other name.",
            "variables": {
                "host": { "default": "localhost", "description": "Where it runs." },
                "port": { "default": "4222", "description": "Its port for clients." },
            },
            "security": security,
        }
    })
}

fn channel(context: &str, published: &[Published], events: &[Event]) -> Value {
    let own = || published.iter().filter(|it| it.context() == context);
    let aggregates: Vec<&str> = own().map(|it| within(it.aggregate)).collect();
    let mut about = vec![];
    let mut ids = vec![];
    for aggregate in own() {
        about.push(format!("`{}`: {}", within(aggregate.aggregate), aggregate.about));
        ids.push(format!("of `{}` {}", within(aggregate.aggregate), aggregate.id));
    }
    let of_context = || events.iter().filter(|event| event.context == context);
    let names: Vec<&str> = of_context().map(|event| event.name.as_str()).collect();
    let messages: Map<String, Value> = of_context()
        .map(|event| {
            let reference = format!("#/components/messages/{}", event.kind());
            (event.name.clone(), json!({ "$ref": reference }))
        })
        .collect();
    json!({
        "address": format!("ledge.{context}.{{aggregate}}.{{id}}.{{event}}"),
        "title": format!("What happens in {context}"),
        "description": about.join(" "),
        "parameters": {
            "aggregate": { "description": "To what kind of thing it happened.", "enum": aggregates },
            "id": { "description": format!("To which one: {}.", ids.join(", ")) },
            "event": { "description": "What happened.", "enum": names },
        },
        "messages": messages,
    })
}

/// The aggregate without its context.
fn within(aggregate: &str) -> &str {
    aggregate.split_once('.').map_or(aggregate, |(_, name)| name)
}

fn operation(context: &str, events: &[Event]) -> Value {
    let messages: Vec<Value> = events
        .iter()
        .filter(|event| event.context == context)
        .map(|event| json!({ "$ref": format!("#/channels/{context}/messages/{}", event.name) }))
        .collect();
    json!({
        "action": "receive",
        "summary": format!("React to what happens in {context}, from now on or from the beginning."),
        "channel": { "$ref": format!("#/channels/{context}") },
        "messages": messages,
    })
}

fn message(event: &Event) -> Value {
    let example = event.examples.last().cloned().unwrap_or_default();
    json!({
        "name": event.kind(),
        "title": event.name,
        "summary": event.says,
        "contentType": JSON,
        "traits": [{ "$ref": "#/components/messageTraits/envelope" }],
        "payload": { "$ref": format!("#/components/schemas/{}", event.kind()) },
        "x-rules": event.rules,
        "x-personal-data": event.personal,
        "x-json-schema": event.path(),
        "examples": [{
            "name": event.name,
            "headers": headers_of(event),
            "payload": example,
        }],
    })
}

/// The headers of an example.
fn headers_of(event: &Event) -> Map<String, Value> {
    HEADERS
        .iter()
        .filter(|header| header.presence == Presence::Always)
        .map(|header| {
            let value = match header.name {
                subscriber::headers::SOURCE => format!("/ledge/{}", event.context),
                subscriber::headers::TYPE => event.kind(),
                subscriber::headers::SUBJECT => format!("{}.{}", event.aggregate, sample(event.id)),
                _ => header.example.to_owned(),
            };
            (header.name.to_owned(), json!(value))
        })
        .collect()
}

/// An id like those that are described so: the one in the description, or one of its kind.
fn sample(id: &str) -> &str {
    match id.split('`').nth(1) {
        Some(given) => given,
        None if id.contains("URN") => "100003",
        None => "0190c0de-0000-7000-8000-000000000001",
    }
}

/// The schemas of every event, and under `<context>.<Name>` what they refer to.
fn schemas(events: &[Event]) -> BTreeMap<String, Value> {
    let mut schemas = BTreeMap::from([("Envelope".to_owned(), envelope())]);
    for event in events {
        let mut schema = Value::Object(event.schema.clone());
        refer(&mut schema, event.aggregate);
        schemas.insert(event.kind(), schema);
        for (name, definition) in &event.definitions {
            let mut definition = definition.clone();
            refer(&mut definition, event.aggregate);
            schemas.insert(format!("{}.{name}", event.aggregate), definition);
        }
    }
    schemas
}

/// Lets references lead to where the schemas stand in the document, in the words of AsyncAPI.
fn refer(schema: &mut Value, aggregate: &str) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = name_of(reference)
            {
                *reference = format!("#/components/schemas/{aggregate}.{name}");
            }
            // AsyncAPI's own schemas say it as JSON Schema did before 2020.
            if let Some(places) = fields.remove("prefixItems") {
                fields.insert("items".to_owned(), places);
            }
            fields.values_mut().for_each(|value| refer(value, aggregate));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, aggregate)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn envelope() -> Value {
    let properties: Map<String, Value> =
        HEADERS.iter().map(|header| (header.name.to_owned(), header_schema(header))).collect();
    let required: Vec<&str> = HEADERS
        .iter()
        .filter(|header| header.presence == Presence::Always)
        .map(|header| header.name)
        .collect();
    json!({
        "type": "object",
        "description": "CloudEvents 1.0 in binary mode: what is said about an event stands in the headers, as text, and the \
            event itself is the payload.",
        "properties": properties,
        "required": required,
    })
}

fn header_schema(header: &Header) -> Value {
    let mut schema = match header.text {
        Text::Fixed(text) => json!({ "const": text }),
        Text::Count => json!({ "pattern": "^[1-9][0-9]*$" }),
        Text::Uuid => json!({ "format": "uuid" }),
        Text::Day => json!({ "format": "date" }),
        Text::Instant => json!({ "format": "date-time" }),
        Text::Words => json!({ "pattern": "^[!-~]*$" }),
    };
    schema["type"] = json!("string");
    schema["description"] = json!(header.says);
    schema["examples"] = json!([header.example]);
    schema
}
