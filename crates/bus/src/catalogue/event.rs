//! One event's own schema, out of the schema of its aggregate's.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Published;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Defect;

/// The mark of a schema that only stands where personal data do.
const PERSONAL: &str = "x-personal-data";

/// One kind of event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) context: &'static str,
    /// `<context>.<aggregate>`.
    pub(crate) aggregate: &'static str,
    /// What its stream's id is, in a few words.
    pub(crate) id: &'static str,
    pub(crate) name: String,
    /// What happened, in sentences.
    pub(crate) says: String,
    /// The rules it serves, as they are named in what it says.
    pub(crate) rules: Vec<String>,
    /// Whether a person is in it, sealed.
    pub(crate) personal: bool,
    /// The payload: an object whose only field is the event's name.
    pub(crate) schema: Map<String, Value>,
    /// What it refers to, by name.
    pub(crate) definitions: BTreeMap<String, Value>,
    /// Every shape it was ever written in; the last one is today's.
    pub(crate) examples: Vec<Value>,
}

/// The events of an aggregate, in the order of their enum.
pub(crate) fn events_of(published: &Published, defects: &mut Vec<Defect>) -> Vec<Event> {
    let wrong = |what: &str| Defect { of: published.aggregate.to_owned(), what: what.to_owned() };
    // Whatever this program reads: events that were written long ago lack what is written today.
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let mut schema = (published.events)(&mut generator).to_value();
    let mut definitions: BTreeMap<String, Value> =
        generator.take_definitions(true).into_iter().collect();
    open(&mut schema);
    definitions.values_mut().for_each(open);
    let mut shapes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in published.shapes.lines() {
        match serde_json::from_str::<Map<String, Value>>(line) {
            Ok(shape) => {
                let name = shape.keys().next().cloned().unwrap_or_default();
                shapes.entry(name).or_default().push(Value::Object(shape));
            }
            Err(why) => {
                defects.push(wrong(&format!("has a shape that is no event: {why}: {line}")));
            }
        }
    }
    let Some(Value::Array(variants)) = schema.get("oneOf") else {
        defects.push(wrong("has events that are not one of several, each an object of its name"));
        return vec![];
    };
    let mut events = vec![];
    for variant in variants {
        let name = variant["required"][0].as_str();
        let (Some(name), Value::Object(schema)) = (name, variant) else {
            defects.push(wrong("has an event that is not an object of its name"));
            continue;
        };
        let event = Event::of(
            published,
            name,
            schema.clone(),
            &definitions,
            shapes.remove(name).unwrap_or_default(),
        );
        defects.extend(event.defects());
        events.push(event);
    }
    events
}

impl Event {
    fn of(
        published: &Published,
        name: &str,
        schema: Map<String, Value>,
        all: &BTreeMap<String, Value>,
        examples: Vec<Value>,
    ) -> Self {
        let mut definitions = BTreeMap::new();
        reachable(&Value::Object(schema.clone()), all, &mut definitions);
        let says = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            context: published.context(),
            aggregate: published.aggregate,
            id: published.id,
            name: name.to_owned(),
            rules: rules(&says),
            says,
            personal: definitions.values().any(|it| it.get(PERSONAL) == Some(&Value::Bool(true))),
            schema,
            definitions,
            examples,
        }
    }

    /// Where its schema stands in the catalogue's folder.
    pub(crate) fn path(&self) -> String {
        format!("{}/{}.json", self.context, self.name)
    }

    /// Its type, as CloudEvents has it.
    pub(crate) fn kind(&self) -> String {
        format!("{}.{}", self.context, self.name)
    }

    /// The JSON Schema of its payload.
    pub(crate) fn document(&self) -> Value {
        let mut document = self.schema.clone();
        document.extend([
            ("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema")),
            ("$id".to_owned(), json!(format!("urn:ledge:event:{}", self.kind()))),
            ("title".to_owned(), json!(self.name)),
            ("x-aggregate".to_owned(), json!(self.aggregate)),
            ("x-rules".to_owned(), json!(self.rules)),
            (PERSONAL.to_owned(), json!(self.personal)),
            ("examples".to_owned(), json!(self.examples)),
        ]);
        if !self.definitions.is_empty() {
            document.insert("$defs".to_owned(), json!(self.definitions));
        }
        Value::Object(document)
    }

    pub(crate) fn defect(&self, what: &str) -> Defect {
        Defect { of: format!("{}: {}", self.aggregate, self.name), what: what.to_owned() }
    }

    fn defects(&self) -> Vec<Defect> {
        let lacks = [
            (self.says.is_empty(), "does not say what happened: give it a doc comment"),
            (
                !self.says.is_empty() && self.rules.is_empty(),
                "names no rule that it serves: name one in its doc comment, such as (R12)",
            ),
            (self.examples.is_empty(), "has no example: give it a line in its aggregate's shapes"),
        ];
        lacks.iter().filter(|(lacking, _)| *lacking).map(|(_, what)| self.defect(what)).collect()
    }
}

/// The rules and decisions that a text names: `R3`, `D12`.
fn rules(text: &str) -> Vec<String> {
    let words = || text.split(|c: char| !c.is_alphanumeric());
    let numbered = |kind: char| -> BTreeSet<u32> {
        words().filter_map(|word| word.strip_prefix(kind)?.parse().ok()).collect()
    };
    ['R', 'D']
        .into_iter()
        .flat_map(|kind| numbered(kind).into_iter().map(move |number| format!("{kind}{number}")))
        .collect()
}

/// Takes away what a reader must not count on: that there will never be another field, and the width of a number in the
/// program that wrote it.  (What it can be at least and at most stays.)
fn open(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("additionalProperties") == Some(&Value::Bool(false)) {
                fields.remove("additionalProperties");
            }
            let width = |format: &str| {
                format.starts_with("uint") || format.starts_with("int") || format == "double"
            };
            if fields.get("format").and_then(Value::as_str).is_some_and(width) {
                fields.remove("format");
            }
            // What the program takes for a field that is missing is its own affair.
            fields.remove("default");
            if let Some(Value::String(words)) = fields.get_mut("description") {
                *words = in_plain_words(words);
            }
            fields.values_mut().for_each(open);
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The words of a doc comment for those who know JSON and not the program: in one line, without links into its source.
fn in_plain_words(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace("`None`", "`null` or missing").replace("[`", "`").replace("`]", "`")
}

/// Gathers what a schema refers to, and what that refers to.
fn reachable(schema: &Value, all: &BTreeMap<String, Value>, found: &mut BTreeMap<String, Value>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(name_of);
            if let Some((name, definition)) = name.and_then(|name| all.get_key_value(name))
                && found.insert(name.clone(), definition.clone()).is_none()
            {
                reachable(definition, all, found);
            }
            fields.values().for_each(|value| reachable(value, all, found));
        }
        Value::Array(items) => items.iter().for_each(|item| reachable(item, all, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The definition that a reference names.
pub(crate) fn name_of(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/$defs/")
}
