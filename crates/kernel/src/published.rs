use schemars::{JsonSchema, Schema, SchemaGenerator};

/// What others are told of an aggregate: what happens to it, what may be asked of it, and every shape in which an event of
/// it was ever written (R39, R40).
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// `<context>.<aggregate>`, as the names of its streams begin: `schools.school`.
    pub aggregate: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What its id is, in a few words: what its streams are told apart by.
    pub id: &'static str,
    pub events: fn(&mut SchemaGenerator) -> Schema,
    pub commands: fn(&mut SchemaGenerator) -> Schema,
    /// The aggregate's `events/<aggregate>.jsonl`: an event a line.
    pub shapes: &'static str,
}

impl Published {
    /// An aggregate with the events `E`, of which `C` may be asked.
    #[must_use]
    pub const fn of<E: JsonSchema, C: JsonSchema>(
        aggregate: &'static str,
        about: &'static str,
        id: &'static str,
        shapes: &'static str,
    ) -> Self {
        Self { aggregate, about, id, events: E::json_schema, commands: C::json_schema, shapes }
    }

    /// The context: what stands before the dot.
    #[must_use]
    pub fn context(&self) -> &'static str {
        self.aggregate.split_once('.').map_or(self.aggregate, |(context, _)| context)
    }
}
