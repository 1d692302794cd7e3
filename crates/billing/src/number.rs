//! The numbers of invoices and credit notes.

use std::fmt;
use std::str::FromStr;

use kernel::LeadingEdgeYear;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

numbers! {
    /// An invoice's number, `LE-2018-0001`: the year of its ledger, and its place in it, from 1 without a gap.
    InvoiceNumber, "";
    /// A credit note's number, `LE-2018-C0001`; credit notes are counted apart from invoices.
    CreditNoteNumber, "C";
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct NotANumber {
    text: String,
    wanted: &'static str,
}

/// The year and the place in `LE-2018-0001`, where `mark` stands before the place.
fn parts(text: &str, mark: &str) -> Option<(LeadingEdgeYear, u32)> {
    let (year, place) = text.strip_prefix("LE-")?.split_once('-')?;
    let place = place.strip_prefix(mark)?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    // One number is written in one way: no more zeros in front than four digits need.
    let padded = place.len() == 4 || (place.len() > 4 && !place.starts_with('0'));
    if year.len() != 4 || !digits(year) || !digits(place) || !padded {
        return None;
    }
    let first: u32 = year.parse().ok()?;
    let year = format!("{first}-{:02}", (first + 1) % 100).parse().ok()?;
    let place = place.parse().ok().filter(|place| *place > 0)?;
    Some((year, place))
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $Number:ident, $mark:literal;)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(extend(
            "pattern" = concat!("^LE-[0-9]{4}-", $mark, "([0-9]{4}|[1-9][0-9]{4,})$")
        ))]
        pub struct $Number {
            year: LeadingEdgeYear,
            place: u32,
        }

        impl $Number {
            #[must_use]
            pub fn new(year: LeadingEdgeYear, place: u32) -> Self {
                Self { year, place }
            }

            /// Of the ledger it stands in.
            #[must_use]
            pub fn year(self) -> LeadingEdgeYear {
                self.year
            }

            /// Counted from 1.
            #[must_use]
            pub fn place(self) -> u32 {
                self.place
            }
        }

        impl fmt::Display for $Number {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "LE-{}-{}{:04}", self.year.first_day_year(), $mark, self.place)
            }
        }

        impl FromStr for $Number {
            type Err = NotANumber;

            fn from_str(text: &str) -> Result<Self, NotANumber> {
                let not = || NotANumber {
                    text: text.to_owned(),
                    wanted: concat!("a number such as LE-2018-", $mark, "0001"),
                };
                let (year, place) = parts(text, $mark).ok_or_else(not)?;
                Ok(Self { year, place })
            }
        }

        impl TryFrom<String> for $Number {
            type Error = NotANumber;

            fn try_from(text: String) -> Result<Self, NotANumber> {
                text.parse()
            }
        }

        impl From<$Number> for String {
            fn from(number: $Number) -> Self {
                number.to_string()
            }
        }
    )+ };
}
use numbers;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        let year = "2018-19".parse().unwrap();
        for (place, invoice, credit_note) in
            [(1, "LE-2018-0001", "LE-2018-C0001"), (12_345, "LE-2018-12345", "LE-2018-C12345")]
        {
            assert_eq!(InvoiceNumber::new(year, place).to_string(), invoice);
            assert_eq!(invoice.parse(), Ok(InvoiceNumber::new(year, place)));
            assert_eq!(CreditNoteNumber::new(year, place).to_string(), credit_note);
            assert_eq!(credit_note.parse(), Ok(CreditNoteNumber::new(year, place)));
        }
    }

    #[test]
    fn one_number_is_written_in_one_way() {
        for text in [
            "LE-2018-1",
            "LE-2018-00001",
            "LE-2018-0000",
            "LE-18-0001",
            "2018-0001",
            "LE-2018-C0001",
            "LE-2018-",
            "LE-2018-99999999999",
        ] {
            let told = text.parse::<InvoiceNumber>().unwrap_err().to_string();
            assert!(told.contains(text) && told.contains("LE-2018-0001"), "{told}");
        }
        assert!("LE-2018-0001".parse::<CreditNoteNumber>().is_err());
    }
}
