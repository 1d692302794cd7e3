//! What happened to a school: the positions of its events.  The events themselves are in the journal.

use kernel::Urn;
use serde::{Deserialize, Serialize};

use schools::national_data::Event as NationalData;

use crate::predecessors::succession;
use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Timeline {
    new: Vec<Row>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub school: Urn,
    pub position: u64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "timeline",
        key: &["school", "position"],
        ddl: "\
CREATE TABLE timeline (
  school   INTEGER NOT NULL, -- the URN
  position INTEGER NOT NULL, -- of the event in the journal
  PRIMARY KEY (school, position)
) WITHOUT ROWID",
        indexes: &[],
    };
}

impl Timeline {
    /// An event belongs to the school it happened to; a succession to the school before as well, and an import to the
    /// schools whose figures it vouches for.
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let row = |school| Row { school, position: recorded.position };
        self.new.extend(recorded.event.school().map(row));
        if let Some((urn, predecessor)) = succession(&recorded.event)
            && predecessor.urn != urn
        {
            self.new.push(row(predecessor.urn));
        }
        if let Event::NationalData(_, NationalData::DatasetImported(import)) = &recorded.event {
            // A set, because the key of the table is the pair.
            let confirmed: std::collections::BTreeSet<Urn> =
                import.confirmed.iter().map(|(urn, _)| *urn).collect();
            self.new.extend(confirmed.into_iter().map(row));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.new.len()
    }

    /// In the order of the key: neighbours in the table are written one after the other.
    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.sort_unstable();
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
