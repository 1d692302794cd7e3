//! What people typed that is not sealed: reasons, minutes, billing addresses, references.  It outlives whoever it names, so it
//! is looked through while the name can still be opened.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::ControlFlow;

use contacts::Details;
use kernel::Urn;
use projections::Event;
use serde::Serialize;
use serde_json::Value;

use crate::{Desk, Failure};

/// What forgetting somebody leaves in the journal, where nothing can be taken out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Unsealed {
    /// Texts that have the person's name, address or number in them, word for word.
    pub naming: Vec<UnsealedText>,
    /// How many other texts people typed of the schools at which they had a role: a first name, or another spelling, is found
    /// by reading alone.
    pub others: usize,
}

/// A text that is not sealed.
#[derive(Clone, Serialize)]
pub struct UnsealedText {
    /// Of the event in the journal.
    pub position: u64,
    #[serde(rename = "type")]
    pub event_type: String,
    pub urn: Option<Urn>,
    pub text: String,
}

/// Where it stands, and not what it says.
impl fmt::Debug for UnsealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsealedText").field("position", &self.position).finish_non_exhaustive()
    }
}

/// The fields into which people type what they like.
const TYPED: [&str; 10] = [
    "reason",
    "reasons",
    "why",
    "what",
    "question",
    "minute",
    "approver",
    "reply",
    "reference",
    "billed",
];

impl Desk {
    /// Goes through what people typed and is not sealed, for somebody who was known by these details over time and had roles at
    /// these schools.
    pub(super) fn unsealed(
        &self,
        known: &[Details],
        schools: &BTreeSet<Urn>,
    ) -> Result<Unsealed, Failure> {
        let sought: BTreeSet<String> = known.iter().flat_map(sought).collect();
        let (mut unsealed, mut failure) = (Unsealed::default(), None);
        self.journal.for_each(0, self.journal.head()?, |entry| {
            let has_texts = !["contacts.", "routine.calendar."]
                .iter()
                .any(|context| entry.stream.starts_with(context));
            // Of the record of schools people type only why it is corrected, and most of a journal is that record.
            let is_record = entry.stream.starts_with("schools.");
            if !has_texts || is_record && !entry.payload.contains("\"reason\"") {
                return ControlFlow::Continue(());
            }
            let position = entry.position;
            let urn = match Event::decode(entry.stream, entry.payload) {
                Ok(Some(event)) => event.school(),
                Ok(None) => return ControlFlow::Continue(()),
                Err(source) => {
                    failure = Some(Failure::NotUnderstood { position, source });
                    return ControlFlow::Break(());
                }
            };
            // It was decoded, so it is JSON.
            let payload: Value = serde_json::from_str(entry.payload).unwrap_or_default();
            let is_theirs = urn.is_some_and(|urn| schools.contains(&urn));
            each_text(&payload, false, &mut |text, typed| {
                if !typed {
                    return;
                }
                let small = text.to_lowercase();
                if sought.iter().any(|it| has_word(&small, it)) {
                    let (event_type, text) = (entry.event_type.to_owned(), text.to_owned());
                    unsealed.naming.push(UnsealedText { position, event_type, urn, text });
                } else if is_theirs {
                    unsealed.others += 1;
                }
            });
            ControlFlow::Continue(())
        })?;
        failure.map_or(Ok(unsealed), Err)
    }
}

/// Whether it stands in a text as a word, or as words, of its own.
fn has_word(text: &str, sought: &str) -> bool {
    let is_part = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    text.match_indices(sought).any(|(at, found)| {
        let after = text.get(at + found.len()..).and_then(|rest| rest.chars().next());
        let before = text.get(..at).and_then(|begin| begin.chars().next_back());
        !is_part(before) && !is_part(after)
    })
}

/// In small letters.
fn sought(details: &Details) -> Vec<String> {
    let Details { name, email, phone, salutation } = details;
    [Some(name), Some(email), phone.as_ref(), salutation.as_ref()]
        .into_iter()
        .flatten()
        .map(|text| text.to_lowercase())
        .collect()
}

/// Every text of a payload, and whether it is in a field into which people type.
fn each_text(value: &Value, typed: bool, tell: &mut impl FnMut(&str, bool)) {
    match value {
        Value::String(text) => tell(text, typed),
        Value::Array(values) => values.iter().for_each(|value| each_text(value, typed, tell)),
        Value::Object(fields) => {
            for (name, value) in fields {
                each_text(value, typed || TYPED.contains(&name.as_str()), tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word_and_not_within_one() {
        for (text, is_there) in [
            ("agreed with al stone", true),
            ("(al stone)", true),
            ("al stone's own words", true),
            ("al stones", false),
            ("royal stone", false),
            ("ask al stone, al stones and others", true),
        ] {
            assert_eq!(has_word(text, "al stone"), is_there, "{text}");
        }
    }
}
