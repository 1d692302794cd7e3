//! What people write, bounded before it is recorded.

use crate::Refusal;

/// The most characters of what is charged for, of a name or a line of an address.
pub(crate) const LINE: usize = 200;
/// The most characters of a reference: a purchase order, what a bank says of a payment.
pub(crate) const REFERENCE: usize = 60;
/// The most characters of a reason.
pub(crate) const REASON: usize = 500;

/// # Errors
/// Blank, longer than `most` characters, or with characters that do not print or turn the direction of what follows.
pub(crate) fn fits(what: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::TextMissing { what });
    }
    if text.chars().any(breaks_a_line) {
        return Err(Refusal::TextUnprintable { what });
    }
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::TextTooLong { what, length, most });
    }
    Ok(())
}

/// Control characters, ends of lines of every kind, and those that turn the direction of what follows: an amount or a
/// reference behind one would be printed backwards.
fn breaks_a_line(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
