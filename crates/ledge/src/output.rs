//! What is printed: tables for people, JSON for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::Global;

mod table;

pub(crate) use table::table;

/// Prints lines for people.
pub(crate) fn lines(text: impl AsRef<str>) -> anyhow::Result<()> {
    writeln!(io::stdout().lock(), "{}", table::for_output(text.as_ref()))?;
    Ok(())
}

/// Prints one JSON document.
pub(crate) fn document<T: Serialize>(document: &T) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Prints the same answer for programs, or as `tell` tells it to people.
pub(crate) fn print<T: Serialize>(
    global: &Global,
    answer: &T,
    tell: impl FnOnce(&T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if global.json { document(answer) } else { tell(answer) }
}

/// Tells people something on standard error.
pub(crate) fn error_text(text: &str) {
    error_line(&table::for_errors(text));
}

/// Prints one line on standard error, as it is.
pub(crate) fn error_line(text: &str) {
    // Standard error may be closed; there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// `3,165`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 event`, `3,165 events`: a number with what is counted.
pub(crate) fn counted(number: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Whether an error is only that nobody reads any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, shown) in [(0, "0"), (999, "999"), (3165, "3,165"), (1_000_000, "1,000,000")] {
            assert_eq!(grouped(number), shown);
        }
    }

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        for (number, shown) in [(0, "0 events"), (1, "1 event"), (3165, "3,165 events")] {
            assert_eq!(counted(number, "event"), shown);
        }
    }
}
