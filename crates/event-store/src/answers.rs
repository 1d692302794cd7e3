use std::collections::HashMap;

use kernel::CommandId;
use uuid::Uuid;

use crate::derived::take;

/// What one command recorded: events are adjacent in the journal and in their stream.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Answer {
    /// Position of its last event.
    pub(crate) position: u64,
    /// Version of its last event.
    pub(crate) version: u64,
    pub(crate) events: u32,
}

impl Answer {
    pub(crate) fn first_position(&self) -> u64 {
        self.position + 1 - u64::from(self.events)
    }
}

/// Every command that recorded something in one stream: the aggregate travels with them, so that a command asked
/// again is known without an index of all commands.
#[derive(Debug, Default)]
pub(crate) struct Answers(HashMap<Uuid, Answer>);

impl Answers {
    /// Bytes of one answer in a snapshot.
    const WIDTH: usize = 16 + 8 + 8 + 4;

    pub(crate) fn find(&self, command: CommandId) -> Option<Answer> {
        self.0.get(&command.uuid()).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// One more event of `command`.  The first run of adjacent events is the answer; an id used again later by someone
    /// who wrote past this store is not.
    pub(crate) fn note(&mut self, command: Uuid, position: u64, version: u64) {
        let answer = self.0.entry(command).or_insert(Answer { position, version, events: 0 });
        if answer.events == 0 || (answer.position + 1 == position && answer.version + 1 == version)
        {
            *answer = Answer { position, version, events: answer.events + 1 };
        }
    }

    pub(crate) fn insert(&mut self, command: CommandId, answer: Answer) {
        self.0.insert(command.uuid(), answer);
    }

    pub(crate) fn write(&self, into: &mut Vec<u8>) {
        into.extend((self.0.len() as u64).to_le_bytes());
        into.reserve(self.0.len() * Self::WIDTH);
        for (command, answer) in &self.0 {
            into.extend(command.as_bytes());
            into.extend(answer.position.to_le_bytes());
            into.extend(answer.version.to_le_bytes());
            into.extend(answer.events.to_le_bytes());
        }
    }

    /// Reads what [`Answers::write`] wrote and leaves `from` behind it.  Nothing, when it is cut short.
    pub(crate) fn read(from: &mut &[u8]) -> Option<Self> {
        let count = usize::try_from(u64::from_le_bytes(take(from)?)).ok()?;
        let bytes = from.split_off(..count.checked_mul(Self::WIDTH)?)?;
        let mut answers = HashMap::with_capacity(count);
        for mut row in bytes.chunks_exact(Self::WIDTH) {
            let command = Uuid::from_bytes(take(&mut row)?);
            let position = u64::from_le_bytes(take(&mut row)?);
            let version = u64::from_le_bytes(take(&mut row)?);
            let events = u32::from_le_bytes(take(&mut row)?);
            answers.insert(command, Answer { position, version, events });
        }
        Some(Self(answers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> CommandId {
        CommandId::derived(&[name])
    }

    #[test]
    fn adjacent_events_of_one_command_are_one_answer() {
        let mut answers = Answers::default();
        answers.note(id("a").uuid(), 10, 1);
        answers.note(id("a").uuid(), 11, 2);
        answers.note(id("b").uuid(), 15, 3);
        answers.note(id("a").uuid(), 16, 4);
        let first = answers.find(id("a")).unwrap();
        assert_eq!(first, Answer { position: 11, version: 2, events: 2 });
        assert_eq!(first.first_position(), 10);
        assert_eq!(answers.find(id("b")), Some(Answer { position: 15, version: 3, events: 1 }));
    }

    #[test]
    fn answers_are_read_as_they_were_written_and_not_when_cut_short() {
        let mut answers = Answers::default();
        for n in 1..50 {
            answers.note(id(&n.to_string()).uuid(), 2 * n, n);
        }
        let mut bytes = Vec::new();
        answers.write(&mut bytes);
        for short in 0..bytes.len() {
            assert!(Answers::read(&mut &bytes[..short]).is_none(), "{short} bytes");
        }
        bytes.extend(b"what follows");
        let from = &mut bytes.as_slice();
        assert_eq!(Answers::read(from).unwrap().0, answers.0);
        assert_eq!(*from, b"what follows");
    }
}
