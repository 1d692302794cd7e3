//! JSON as people read it, and always the same for the same: what a thing is stands first, what it refers to last.

use serde_json::{Map, Value};

const FIRST: &[&str] = &[
    "$schema",
    "$id",
    "asyncapi",
    "id",
    "name",
    "title",
    "info",
    "description",
    "summary",
    "x-aggregate",
    "x-rules",
    "x-personal-data",
    "address",
    "action",
    "type",
    "format",
    "const",
    "enum",
];
const LAST: &[&str] = &["required", "examples", "components", "$defs"];
/// What is no longer than this, in characters, stands in one line.
const SHORT: usize = 100;

pub(super) fn written(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

/// In one line.
pub(super) fn short(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = sorted(fields)
                .into_iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name), short(value)));
            let fields: Vec<String> = fields.collect();
            if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

fn write(value: &Value, depth: usize, text: &mut String) {
    let line = short(value);
    let nested = matches!(value, Value::Object(_) | Value::Array(_));
    if !nested || line.chars().count() + 2 * depth <= SHORT {
        text.push_str(&line);
        return;
    }
    let (begin, end) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    text.push(begin);
    match value {
        Value::Object(fields) => {
            for (place, (name, value)) in sorted(fields).into_iter().enumerate() {
                begin_line(place, depth + 1, text);
                text.push_str(&Value::from(name).to_string());
                text.push_str(": ");
                write(value, depth + 1, text);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                begin_line(place, depth + 1, text);
                write(item, depth + 1, text);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(end);
}

fn begin_line(place: usize, depth: usize, text: &mut String) {
    text.push_str(if place == 0 { "\n" } else { ",\n" });
    text.push_str(&"  ".repeat(depth));
}

fn sorted(fields: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let rank = |name: &str| {
        let first = FIRST.iter().position(|it| *it == name);
        let last = LAST.iter().position(|it| *it == name);
        first.or(last.map(|place| FIRST.len() + 1 + place)).unwrap_or(FIRST.len())
    };
    let mut fields: Vec<(&str, &Value)> =
        fields.iter().map(|(name, value)| (name.as_str(), value)).collect();
    fields.sort_by(|(one, _), (other, _)| (rank(one), *one).cmp(&(rank(other), *other)));
    fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_the_same() {
        let value = json!({
            "$defs": { "A": { "type": "string" } },
            "type": "object",
            "properties": { "a": { "$ref": "#/$defs/A", "description": "a \"long\" one ".repeat(12) }, "b": [] },
            "title": "T",
            "examples": [{ "a": "x", "c": null, "d": [1, -2.5, true] }, {}],
        });
        let text = written(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        let place = |name: &str| text.find(&format!("\"{name}\":")).unwrap();
        assert!(place("title") < place("type") && place("type") < place("properties"));
        assert!(place("properties") < place("examples") && place("examples") < place("$defs"));
        assert_eq!(written(&serde_json::from_str(&text).unwrap()), text);
    }
}
