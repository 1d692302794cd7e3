//! Finding the file that is current, and making one where there is none.

use std::path::{Path, PathBuf};

use projections::Window;
use rusqlite::Connection;

use crate::access::{Opened, connect};
use crate::place::{Place, remove_with_log};
use crate::rebuild::Unfinished;
use crate::seen::Seen;
use crate::{Failure, schema};

/// The file that is current, opened.
pub(crate) fn current(place: &Place) -> Result<Option<Opened>, Failure> {
    loop {
        let Some(file) = place.current() else { return Ok(None) };
        match connect(&file) {
            Ok(opened) => return Ok(Some(opened)),
            // Another process switched between the two.
            Err(_) if place.current().as_ref() != Some(&file) => {}
            Err(failure) => return Err(failure),
        }
    }
}

/// Makes an empty file the current one, unless another process has made one in the meantime.
pub(crate) fn make_current(place: &Place) -> Result<PathBuf, Failure> {
    let _held = place.hold()?;
    match place.current() {
        Some(file) if is_current(&file) => Ok(file),
        other => {
            if other.is_some() {
                tracing::warn!(path = %place.name().display(), "the read models were made by another program; they are made anew");
            }
            make_empty(place)
        }
    }
}

pub(crate) fn not_made(place: &Place, found: &'static str, failure: Failure) -> Failure {
    match failure.is_unwritable() {
        true => {
            Failure::NotMade { path: place.name().to_owned(), found, source: Box::new(failure) }
        }
        false => failure,
    }
}

fn is_current(file: &Path) -> bool {
    connect(file)
        .ok()
        .and_then(|opened| Seen::read(&opened.connection, &schema::fingerprint()).ok().flatten())
        .is_some()
}

fn make_empty(place: &Place) -> Result<PathBuf, Failure> {
    let made = Unfinished::at(place.made());
    let file = made.path();
    remove_with_log(file);
    let connection = Connection::open(file)
        .map_err(Failure::sqlite("make an empty file of read models", file))?;
    connection
        .pragma_update(None, "journal_mode", "wal")
        .and_then(|()| schema::create_tables(&connection, Window::default()))
        .and_then(|()| schema::create_indexes(&connection))
        .and_then(|()| schema::create_search(&connection))
        .map_err(Failure::sqlite("make an empty file of read models", file))?;
    connection.close().map_err(|(_, source)| {
        Failure::sqlite("close the empty file of read models", file)(source)
    })?;
    place.switch_to(file)?;
    place.current().ok_or_else(|| Failure::NotReadModels {
        path: place.name().to_owned(),
        found: "it was taken away at once".to_owned(),
    })
}
