//! The page for people: every event by its context, what it says and an example.

use std::collections::BTreeSet;
use std::fmt::Write;

use kernel::Published;

use super::event::Event;
use super::text;
use subscriber::headers::{HEADERS, Presence};

const INTRODUCTION: &str = "\
<!-- Written by `ledge events catalogue`; changes by hand are lost. -->
# The events

Everything that happens in the office is an event, and every event can be heard over NATS: on the subject
`ledge.<context>.<aggregate>.<id>.<Event>`, in the order in which it was recorded, from now on or from the first one. This
page, [`asyncapi.json`](asyncapi.json) (AsyncAPI 3) and the JSON Schema of each event follow from the program's own types.

**What you may count on.** An event that is here stays, with every field it has: no field goes, none that could be missing
becomes required, none that was always there may be missing, and none changes what it is. Every shape that was ever written is among
the examples of its schema. **What you must bear with**: events, fields and values of enumerations that you do not know; pass over
them. The same event can come twice: `ce-id` is the same then.

**How to listen.** All events lie in one JetStream stream, `LEDGE` where the office is told no other name. Make a durable pull consumer on
it under the name of your service: the server then remembers how far you are. Ask for what you want with its filter
(`ledge.schools.*.*.OfstedDowngraded`, or `ledge.*.*.*.*` for everything), for history with the deliver policy `all` (or a start sequence), for
what comes with `new`. Let one event be on its way (`max_ack_pending` 1) and acknowledge it when you have acted on it, so that a crash
cannot change the order. Keep `ce-position` with what you make of an event, and you know a repeat. Connect with the inbox prefix
`_INBOX.<your user>`. There are examples in [Python](../examples/python/listen.py) and [JavaScript](../examples/javascript/listen.mjs); services in
Rust use the crate `subscriber`.

A payload is an object with one field, the event's name. URNs are text; money is in whole pence, in a field that ends with
`_pence`; Progress 8 is in whole hundredths; days are London's (`2019-03-31`, inclusive), instants are UTC. What is known of a
person is sealed under a key that never leaves the office; such events are marked.
";

pub(super) fn page(published: &[Published], events: &[Event]) -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(
        "\n## What every event carries\n\n| header | what it says | example |\n|---|---|---|\n",
    );
    for header in HEADERS {
        let absent = if header.presence == Presence::Always { "" } else { " (not always there)" };
        line(
            &mut page,
            &[&format!("`{}`{absent}", header.name), header.says, &format!("`{}`", header.example)],
        );
    }
    let contexts: BTreeSet<&str> = published.iter().map(Published::context).collect();
    for context in contexts {
        page.push_str(&format!("\n## {context}\n"));
        for aggregate in published.iter().filter(|it| it.context() == context) {
            let _ = write!(
                page,
                "\n### {}\n\n{} The id in the subject is {}.\n\n| event | what it says | rule |\n|---|---|---|\n",
                aggregate.aggregate, aggregate.about, aggregate.id,
            );
            for event in events.iter().filter(|it| it.aggregate == aggregate.aggregate) {
                row(&mut page, event);
            }
        }
    }
    page
}

fn row(page: &mut String, event: &Event) {
    let personal = if event.personal { " **Holds personal data, sealed.**" } else { "" };
    let example = event.examples.last().map(text::short).unwrap_or_default();
    line(
        page,
        &[
            &format!("[`{}`]({})", event.name, event.path()),
            &format!(
                "{}{personal}<details><summary>example</summary><code>{}</code></details>",
                event.says,
                in_html(&example),
            ),
            &event.rules.join(", "),
        ],
    );
}

fn line(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    page.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// So that nothing in an example is taken for a mark of the page's.
fn in_html(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '|' => {
                let _ = write!(written, "&#{};", u32::from(c));
            }
            c => written.push(c),
        }
    }
    written
}
