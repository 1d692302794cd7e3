//! What may become of a published schema.
//!
//! Two kinds of readers rest on it.  Who reads history needs every event that was ever written to fit the new schema, too:
//! nothing may become narrower.  Who reads events by the old schema needs what it promised of every new event: no field may
//! go, be left out or be something else.  So what may come is an optional field, a value of an enumeration, an alternative
//! beside others of its kind; a reader was told to pass over those.  Anything else is another event.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::event::name_of;

#[cfg(test)]
mod tests;

/// One thing that a reader could not bear, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The way to it: `.SchoolRegistered.details.name`, and `[]` for what is in a list.
    pub at: String,
    pub what: Broken,
}

/// In what way a promise is broken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Broken {
    /// A field is gone.
    FieldGone,
    /// A field that could be missing must be there.
    NowRequired,
    /// A field that was always there may be missing.
    NowOptional,
    /// A field that nobody has known must be there.
    NewAndRequired,
    /// It may be something of a kind that it never was: `null`, a text.
    Becomes(String),
    /// It can no longer be what it could: a kind, a value, an alternative.
    NoLonger(String),
    /// A bound, a pattern or a format is another and lets less in.
    Narrower(&'static str),
    /// It begins to hold personal data.
    Personal,
}

/// Whatever of `after` breaks what `before` promised; both are schemas of the catalogue.
#[must_use]
pub fn faults(before: &Value, after: &Value) -> Vec<Fault> {
    let mut comparison = Comparison { before, after, seen: BTreeSet::new(), faults: vec![] };
    comparison.schemas(before, after, "");
    let personal = |schema: &Value| schema.get("x-personal-data") == Some(&Value::Bool(true));
    if personal(after) && !personal(before) {
        comparison.fault("", Broken::Personal);
    }
    comparison.faults
}

/// Bounds that let less in as they rise, and those that do as they fall.
const RISING: [&str; 4] = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const FALLING: [&str; 4] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];
/// What may go, and may not come or change.
const EXACT: [&str; 4] = ["pattern", "format", "contentEncoding", "uniqueItems"];

struct Comparison<'a> {
    before: &'a Value,
    after: &'a Value,
    /// Pairs of definitions that were compared, or are being.
    seen: BTreeSet<(&'a str, &'a str)>,
    faults: Vec<Fault>,
}

impl<'a> Comparison<'a> {
    fn fault(&mut self, at: &str, what: Broken) {
        self.faults.push(Fault { at: at.to_owned(), what });
    }

    fn schemas(&mut self, before: &'a Value, after: &'a Value, at: &str) {
        if let (Some(one), Some(other)) = (reference(before), reference(after))
            && !self.seen.insert((one, other))
        {
            return;
        }
        let (mut were, mut are) = (vec![], vec![]);
        alternatives(before, self.before, &mut were);
        alternatives(after, self.after, &mut are);
        for old in &were {
            self.alternative(old, &were, &are, at);
        }
        // Another of a kind is news of that kind; another kind is a surprise.
        for new in &are {
            let kind = new.kind;
            if !were.iter().any(|old| old.kind == kind) {
                self.fault(at, Broken::Becomes(new.to_string()));
            }
        }
    }

    /// Among the alternatives of today there must be one that is still this one.
    fn alternative(
        &mut self,
        old: &Alternative<'a>,
        were: &[Alternative<'a>],
        are: &[Alternative<'a>],
        at: &str,
    ) {
        if old.values().is_some_and(|values| {
            values.iter().all(|value| are.iter().any(|new| new.admits(value)))
        }) {
            return;
        }
        let objects = |of: &[Alternative<'a>]| of.iter().filter(|it| it.kind == "object").count();
        let only = objects(were) == 1 && objects(are) == 1;
        let is_like =
            |new: &&Alternative<'a>| old.kind == new.kind && (only || old.shares_a_field(new));
        let alike: Vec<&Alternative<'a>> = are.iter().filter(is_like).collect();
        let mut least: Option<Vec<Fault>> = None;
        let (known, seen) = (self.faults.len(), self.seen.clone());
        for new in alike {
            self.seen.clone_from(&seen);
            self.one(old, new, at);
            let faults = self.faults.split_off(known);
            if faults.is_empty() {
                return;
            }
            if least.as_ref().is_none_or(|least| faults.len() < least.len()) {
                least = Some(faults);
            }
        }
        match least {
            Some(faults) => self.faults.extend(faults),
            None => self.fault(at, Broken::NoLonger(old.to_string())),
        }
    }

    fn one(&mut self, old: &Alternative<'a>, new: &Alternative<'a>, at: &str) {
        match (old.values(), new.values()) {
            (Some(values), _) => {
                for value in values.into_iter().filter(|value| !new.admits(value)) {
                    self.fault(at, Broken::NoLonger(value.to_string()));
                }
                return;
            }
            (None, Some(_)) => self.fault(at, Broken::Narrower("enum")),
            (None, None) => {}
        }
        self.bounds(old.fields, new.fields, at);
        self.properties(old.fields, new.fields, at);
        for of_each in ["items", "additionalProperties"] {
            let within = format!("{at}[]");
            match (old.fields.get(of_each), new.fields.get(of_each)) {
                (Some(old), Some(new)) => self.schemas(old, new, &within),
                (None, Some(_)) => self.fault(&within, Broken::Narrower(of_each)),
                (Some(Value::Bool(_)) | None, None) => {}
                (Some(_), None) => self.fault(&within, Broken::Becomes("anything".to_owned())),
            }
        }
        self.places(old.fields, new.fields, at);
    }

    fn bounds(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &str) {
        let number = |fields: &Map<String, Value>, name: &str| fields.get(name)?.as_f64();
        let narrower = |name: &str, rising: bool| match (number(old, name), number(new, name)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => {
                if rising {
                    new > old
                } else {
                    new < old
                }
            }
        };
        let mut narrowed: Vec<&'static str> = vec![];
        narrowed.extend(RISING.into_iter().filter(|name| narrower(name, true)));
        narrowed.extend(FALLING.into_iter().filter(|name| narrower(name, false)));
        let changed = |name: &str| new.get(name).is_some_and(|new| old.get(name) != Some(new));
        narrowed.extend(EXACT.into_iter().filter(|name| changed(name)));
        for name in narrowed {
            self.fault(at, Broken::Narrower(name));
        }
    }

    fn properties(&mut self, old: &'a Map<String, Value>, new: &'a Map<String, Value>, at: &str) {
        let (fields, now) = (properties(old), properties(new));
        let (required, now_required) = (required(old), required(new));
        for (name, before) in &fields {
            let within = format!("{at}.{name}");
            let Some((_, after)) = now.iter().find(|(it, _)| it == name) else {
                self.fault(&within, Broken::FieldGone);
                continue;
            };
            match (required.contains(name), now_required.contains(name)) {
                (false, true) => self.fault(&within, Broken::NowRequired),
                (true, false) => self.fault(&within, Broken::NowOptional),
                (true, true) | (false, false) => {}
            }
            self.schemas(before, after, &within);
        }
        for name in now_required {
            if !fields.iter().any(|(it, _)| *it == name) {
                self.fault(&format!("{at}.{name}"), Broken::NewAndRequired);
            }
        }
    }

    /// A list whose items each have their own schema.
    fn places(&mut self, old: &'a Map<String, Value>, new: &'a Map<String, Value>, at: &str) {
        let of = |fields: &'a Map<String, Value>| {
            fields
                .get("prefixItems")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                .unwrap_or_default()
        };
        let (old, new) = (of(old), of(new));
        if old.len() != new.len() {
            self.fault(at, Broken::Narrower("prefixItems"));
        }
        for (place, (old, new)) in old.iter().zip(new).enumerate() {
            self.schemas(old, new, &format!("{at}[{place}]"));
        }
    }
}

/// One of the things that a schema lets in, of a single JSON type.
#[derive(Clone, Copy)]
struct Alternative<'a> {
    kind: &'a str,
    fields: &'a Map<String, Value>,
}

/// A schema's alternatives: those of `oneOf` and `anyOf`, and one for each of several types.
fn alternatives<'a>(schema: &'a Value, document: &'a Value, found: &mut Vec<Alternative<'a>>) {
    let Value::Object(fields) = schema else { return };
    if let Some(definition) = reference(schema).and_then(|name| document.get("$defs")?.get(name)) {
        return alternatives(definition, document, found);
    }
    for any in ["oneOf", "anyOf", "allOf"] {
        if let Some(Value::Array(several)) = fields.get(any) {
            return several.iter().for_each(|one| alternatives(one, document, found));
        }
    }
    match fields.get("type") {
        Some(Value::String(kind)) => found.push(Alternative { kind, fields }),
        Some(Value::Array(kinds)) => found.extend(
            kinds.iter().filter_map(Value::as_str).map(|kind| Alternative { kind, fields }),
        ),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            let kind = fields.get("const").map_or("any", kind_of);
            found.push(Alternative { kind, fields });
        }
    }
}

impl<'a> Alternative<'a> {
    /// Where only some values are let in: those of its kind.
    fn values(&self) -> Option<Vec<&'a Value>> {
        match (self.fields.get("const"), self.fields.get("enum")) {
            (Some(value), _) => Some(vec![value]),
            (None, Some(Value::Array(values))) => {
                Some(values.iter().filter(|value| kind_of(value) == self.kind).collect())
            }
            (None, _) => None,
        }
    }

    fn admits(&self, value: &Value) -> bool {
        self.kind == kind_of(value) && self.values().is_none_or(|values| values.contains(&value))
    }

    /// Whether the other could be this one of several, changed: as an object, it has a field that this one always had.
    fn shares_a_field(&self, other: &Self) -> bool {
        let always = required(self.fields);
        self.kind != "object"
            || always.is_empty()
            || properties(other.fields).iter().any(|(name, _)| always.contains(name))
    }
}

impl fmt::Display for Alternative<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.values(), required(self.fields).first()) {
            (Some(values), _) => {
                let values: Vec<String> = values.into_iter().map(ToString::to_string).collect();
                f.write_str(&values.join(" or "))
            }
            (None, Some(tag)) if self.kind == "object" => write!(f, "an object with `{tag}`"),
            (None, _) => f.write_str(self.kind),
        }
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str).and_then(name_of)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn properties(fields: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let properties = fields.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema)).collect()
}

fn required(fields: &Map<String, Value>) -> BTreeSet<&str> {
    let required = fields.get("required").and_then(Value::as_array);
    required.into_iter().flatten().filter_map(Value::as_str).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "`{}` ", self.at.trim_start_matches('.'))?;
        }
        self.what.fmt(f)
    }
}

/// What is broken, and what would be right.
impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldGone => f.write_str("is gone: readers rest on it; leave it where it is"),
            Self::NowRequired => f.write_str(
                "must be there now: events that were written without it would not fit; leave it optional",
            ),
            Self::NowOptional => f.write_str(
                "may be missing now: readers rest on it; go on writing it, or tell another event",
            ),
            Self::NewAndRequired => f.write_str(
                "is new and must be there: events that were written before would not fit; make it optional \
                 (#[serde(default, skip_serializing_if = ...)])",
            ),
            Self::Becomes(kind) => write!(
                f,
                "may be {kind} now, which it never was: add a field beside it, or tell another event"
            ),
            Self::NoLonger(kind) => write!(
                f,
                "can no longer be {kind}: it is in events that were written; leave it, also where it is not written \
                 any more"
            ),
            Self::Narrower(bound) => write!(
                f,
                "lets less in than before ({bound}): events that were written may not fit; leave it as wide as it was"
            ),
            Self::Personal => f.write_str(
                "holds personal data now, and readers were told that it does not: tell another event",
            ),
        }
    }
}
