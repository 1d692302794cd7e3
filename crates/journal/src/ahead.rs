use std::ops::{ControlFlow, Range};
use std::sync::mpsc;
use std::thread;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::table::STRIDE;
use crate::{EntryRef, Failure, Reader};

/// Strides on their way: enough that neither side waits for the other, few enough to stay small (some MB).
const STRIDES: usize = 3;

/// As [`Reader::for_each`], with a thread that reads ahead while `f` works on what was read: reading a row and decoding
/// it cost about the same.  `upto` is not beyond the last position.
pub(crate) fn for_each(
    reader: Reader,
    after: u64,
    upto: u64,
    mut f: impl FnMut(EntryRef<'_>) -> ControlFlow<()>,
) -> Result<u64, Failure> {
    let path = reader.path().to_owned();
    thread::scope(|scope| {
        let (full, next) = mpsc::sync_channel::<(Stride, Result<u64, Failure>)>(STRIDES);
        let (back, empty) = mpsc::channel::<Stride>();
        thread::Builder::new()
            .name("journal-ahead".to_owned())
            .spawn_scoped(scope, move || {
                let mut from = after;
                while from < upto {
                    let mut stride = empty.try_recv().unwrap_or_default();
                    stride.clear();
                    let end = upto.min(from + STRIDE);
                    let read = reader.walk(from, end, |entry| {
                        stride.push(&entry);
                        ControlFlow::Continue(())
                    });
                    let failed = read.is_err();
                    // When `f` has had enough, nobody takes it.
                    if full.send((stride, read)).is_err() || failed {
                        return;
                    }
                    from = end;
                }
            })
            .map_err(Failure::file("start reading ahead in the journal", &path))?;
        let mut shown = after;
        for (stride, read) in next {
            for entry in stride.entries() {
                shown = entry.position;
                if f(entry).is_break() {
                    return Ok(shown);
                }
            }
            read?;
            // The reading thread may have read all there is.
            let _ = back.send(stride);
        }
        Ok(shown)
    })
}

/// Some rows, copied into one piece of text.
#[derive(Default)]
struct Stride {
    rows: Vec<Row>,
    text: String,
}

struct Row {
    position: u64,
    stream: Range<usize>,
    version: u64,
    previous: u64,
    event_type: Range<usize>,
    schema: u16,
    id: Uuid,
    recorded_at: DateTime<Utc>,
    effective_on: NaiveDate,
    actor: Range<usize>,
    command: Uuid,
    correlation: Uuid,
    causation: Option<Uuid>,
    payload: Range<usize>,
    hash: [u8; 32],
}

impl Stride {
    fn clear(&mut self) {
        self.rows.clear();
        self.text.clear();
    }

    fn push(&mut self, entry: &EntryRef<'_>) {
        let text = &mut self.text;
        let mut keep = |piece: &str| {
            let start = text.len();
            text.push_str(piece);
            start..text.len()
        };
        self.rows.push(Row {
            position: entry.position,
            stream: keep(entry.stream),
            version: entry.version,
            previous: entry.previous,
            event_type: keep(entry.event_type),
            schema: entry.schema,
            id: entry.id,
            recorded_at: entry.recorded_at,
            effective_on: entry.effective_on,
            actor: keep(entry.actor),
            command: entry.command,
            correlation: entry.correlation,
            causation: entry.causation,
            payload: keep(entry.payload),
            hash: *entry.hash,
        });
    }

    fn entries(&self) -> impl Iterator<Item = EntryRef<'_>> {
        let text = |piece: &Range<usize>| &self.text[piece.clone()];
        self.rows.iter().map(move |row| EntryRef {
            position: row.position,
            stream: text(&row.stream),
            version: row.version,
            previous: row.previous,
            event_type: text(&row.event_type),
            schema: row.schema,
            id: row.id,
            recorded_at: row.recorded_at,
            effective_on: row.effective_on,
            actor: text(&row.actor),
            command: row.command,
            correlation: row.correlation,
            causation: row.causation,
            payload: text(&row.payload),
            hash: &row.hash,
        })
    }
}
