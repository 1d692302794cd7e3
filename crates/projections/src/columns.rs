//! How the values of a row are written in a table: URNs as whole numbers, days as `2018-04-05`.

use chrono::NaiveDate;
use kernel::{Cell, Source, Urn, Withheld};
use serde::Serialize;

/// A cell of a published table as two columns: the value, and the code that stands in its place.  Both are empty
/// where the file has no such column.
pub(crate) fn split<T>(cell: Option<Cell<T>>) -> (Option<T>, Option<Withheld>) {
    match cell {
        None => (None, None),
        Some(Cell::Published(value)) => (Some(value), None),
        Some(Cell::Withheld(code)) => (None, Some(code)),
    }
}

/// The reverse of [`split`].
pub(crate) fn join<T>(value: Option<T>, code: Option<Withheld>) -> Option<Cell<T>> {
    value.map(Cell::Published).or(code.map(Cell::Withheld))
}

pub(crate) fn source(file: &str, sha256: &str, line: u64) -> Source {
    Source { file: file.to_owned(), sha256: sha256.to_owned(), line }
}

/// What has no table of its own, as JSON text.  (The types written are maps with text for keys, so it cannot fail.)
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// `#[serde(with = "columns::urn")]`
pub(crate) mod urn {
    use super::Urn;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(urn: &Urn, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(urn.number())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Urn, D::Error> {
        u32::deserialize(deserializer)?.to_string().parse().map_err(D::Error::custom)
    }
}

/// `#[serde(with = "columns::optional_urn")]`
pub(crate) mod optional_urn {
    use super::Urn;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        urn: &Option<Urn>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        urn.map(Urn::number).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Urn>, D::Error> {
        Option::<u32>::deserialize(deserializer)?
            .map(|number| number.to_string().parse().map_err(D::Error::custom))
            .transpose()
    }
}

/// `#[serde(with = "columns::optional_sealed")]`: its JSON text.
pub(crate) mod optional_sealed {
    use kernel::Sealed;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        sealed: &Option<Sealed>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        sealed.as_ref().map(super::json).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Sealed>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| serde_json::from_str(&text).map_err(D::Error::custom))
            .transpose()
    }
}

/// `#[serde(with = "columns::day")]`.  Rows have several days each, and chrono's own way through a formatter costs
/// more than the rest of the row.
pub(crate) mod day {
    use super::{NaiveDate, read, written};
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        day: &NaiveDate,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match written(*day) {
            Some(bytes) => serializer.serialize_str(str::from_utf8(&bytes).unwrap_or_default()),
            None => serializer.collect_str(day),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<NaiveDate, D::Error> {
        struct Day;
        impl serde::de::Visitor<'_> for Day {
            type Value = NaiveDate;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a day such as 2018-04-05")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<NaiveDate, E> {
                read(text)
                    .ok_or_else(|| E::custom(format!("`{text}` is not a day such as 2018-04-05")))
            }
        }
        deserializer.deserialize_str(Day)
    }
}

/// `#[serde(with = "columns::optional_day")]`
pub(crate) mod optional_day {
    use super::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize, Serialize)]
    #[serde(transparent)]
    struct Day(#[serde(with = "super::day")] NaiveDate);

    pub(crate) fn serialize<S: Serializer>(
        day: &Option<NaiveDate>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        day.map(Day).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        Ok(Option::<Day>::deserialize(deserializer)?.map(|Day(day)| day))
    }
}

/// Ten bytes, for years of four digits.
fn written(day: NaiveDate) -> Option<[u8; 10]> {
    use chrono::Datelike;
    let year = u32::try_from(day.year()).ok().filter(|year| *year <= 9999)?;
    let digit = |number: u32| b'0' + (number % 10) as u8;
    let (month, date) = (day.month(), day.day());
    Some([
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(date / 10),
        digit(date),
    ])
}

fn read(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return text.parse().ok();
    };
    let mut digits = [y1, y2, y3, y4, m1, m2, d1, d2].into_iter();
    let mut number = |places: usize| {
        digits.by_ref().take(places).try_fold(0_u32, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
        })
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_day_is_read_as_it_is_written(offset in -700_000..2_900_000_i32) {
            let day = NaiveDate::from_num_days_from_ce_opt(offset + 700_000).unwrap();
            prop_assert_eq!(String::from_utf8(written(day).unwrap().to_vec()).unwrap(), day.to_string());
            prop_assert_eq!(read(&day.to_string()), Some(day));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,12}") {
            let _ = read(&text);
        }
    }
}
