//! What a cell holds, as values.  Each answers `None` where the text is not one.

use std::borrow::Cow;

use chrono::NaiveDate;
use kernel::{Cell, Progress8, Urn, Withheld};

pub(crate) const A_URN: &str = "a URN: five or six digits that do not start with zero";
pub(crate) const A_SCORE: &str = "a Progress 8 score: a decimal number such as -0.27, or one of the codes SUPP, LOWCOV, NE, NP, NA, NEW, RE, SP, or blank";
pub(crate) const A_COUNT: &str = "a number of pupils: a whole number, or one of the codes SUPP, LOWCOV, NE, NP, NA, NEW, RE, SP, or blank";
pub(crate) const A_DATE: &str = "a day: 31-08-2017, 31/08/2017, 20170831 or 2017-08-31";

/// `100049`, and `100049.0` as some publishers print it.
pub(crate) fn urn(text: &str) -> Option<Urn> {
    whole(text)?.parse().ok()
}

/// A score, or which of the published codes stands there.
pub(crate) fn score(text: &str) -> Option<Cell<Progress8>> {
    coded(text, |text| plain_decimal(text)?.parse().ok())
}

/// A number of pupils, or which of the published codes stands there.
pub(crate) fn count(text: &str) -> Option<Cell<u32>> {
    coded(text, number)
}

/// A whole number, `1,234` and `148.0` included.
pub(crate) fn number(text: &str) -> Option<u32> {
    let text = whole(text)?;
    without_thousands(&text)?.parse().ok()
}

/// Never a silent nothing: a blank cell is `Blank`.
fn coded<T>(text: &str, value: impl FnOnce(&str) -> Option<T>) -> Option<Cell<T>> {
    if text.is_empty() {
        return Some(Cell::Withheld(Withheld::Blank));
    }
    match text.parse() {
        // `BLANK` is our word for an empty cell, not one that is printed.
        Ok(Withheld::Blank) => None,
        Ok(code) => Some(Cell::Withheld(code)),
        Err(_) => value(text).map(Cell::Published),
    }
}

/// Digits (and commas): `.0` at the end is dropped, and `1e+05` is written out, as R prints 100000.
fn whole(text: &str) -> Option<Cow<'_, str>> {
    if text.contains(['e', 'E']) {
        let value = scientific(text)?;
        return (value.fract() == 0.0 && (0.0..1e9).contains(&value))
            .then(|| Cow::Owned(format!("{value:.0}")));
    }
    let digits = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    let is_number =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    is_number.then_some(Cow::Borrowed(digits))
}

/// `1,234` is 1234; `12,34` and `,123` are nothing.
fn without_thousands(digits: &str) -> Option<Cow<'_, str>> {
    if !digits.contains(',') {
        return Some(Cow::Borrowed(digits));
    }
    let mut groups = digits.split(',');
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        plain.push_str(group);
    }
    Some(Cow::Owned(plain))
}

/// Floating-point noise may be printed as `-5.55e-17`; Progress 8 itself reads plain decimals only.
fn plain_decimal(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['e', 'E']) {
        return Some(Cow::Borrowed(text));
    }
    let value = scientific(text)?;
    (value.abs() < 100.0).then(|| Cow::Owned(format!("{value:.12}")))
}

/// A number in scientific notation, and nothing else that a float parser takes (`inf`, `NaN`).
fn scientific(text: &str) -> Option<f64> {
    let looks_it = text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|value: &f64| looks_it && value.is_finite())
}

/// A day in any of the four forms that the nation publishes; a time of midnight after it is dropped.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let text = ["T00:00:00", " 00:00:00", " 00:00"]
        .iter()
        .find_map(|midnight| text.strip_suffix(midnight))
        .unwrap_or(text);
    let (year, month, day) = match text.as_bytes() {
        [_, _, one @ (b'-' | b'/'), _, _, other, _, _, _, _] if one == other => {
            (text.get(6..)?, text.get(3..5)?, text.get(..2)?)
        }
        [_, _, _, _, b'-', _, _, b'-', _, _] => (text.get(..4)?, text.get(5..7)?, text.get(8..)?),
        [_, _, _, _, _, _, _, _] => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        _ => return None,
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year) || !digits(month) || !digits(day) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_urn_is_read_however_it_is_printed() {
        for text in ["100000", "100000.0", "1e+05", "1E5"] {
            assert_eq!(urn(text).unwrap().number(), 100_000, "{text}");
        }
        for text in [
            "", "100049.5", "100049.", "1.0e", "12", "1e9", "-100049", "1e+05x", "100,049", "NaN",
            "inf",
        ] {
            assert_eq!(urn(text), None, "{text}");
        }
    }

    #[test]
    fn a_score_cell_is_a_number_or_a_code_and_nothing_else() {
        let published = |hundredths| Some(Cell::Published(Progress8::from_hundredths(hundredths)));
        assert_eq!(score("-0.32999999999999996"), published(-33));
        assert_eq!(score("-5.5511151231257827e-17"), published(0));
        assert_eq!(score("1"), published(100));
        assert_eq!(score("SUPP"), Some(Cell::Withheld(Withheld::Suppressed)));
        assert_eq!(score(""), Some(Cell::Withheld(Withheld::Blank)));
        for text in ["0,5", "BLANK", "supp", "x", "NULL", "1e3", "nan", "26%", "-"] {
            assert_eq!(score(text), None, "{text}");
        }
    }

    #[test]
    fn a_count_may_have_thousands_and_a_nought_behind_the_point() {
        for (text, value) in
            [("197", 197), ("148.0", 148), ("1,234", 1_234), ("1,234,567", 1_234_567)]
        {
            assert_eq!(count(text), Some(Cell::Published(value)), "{text}");
        }
        for text in ["1,23", ",123", "1234,567", "-1", "1.5", "12%"] {
            assert_eq!(count(text), None, "{text}");
        }
        assert_eq!(count("NA"), Some(Cell::Withheld(Withheld::NotApplicable)));
    }

    #[test]
    fn a_day_is_read_in_every_form_that_is_published() {
        let day = NaiveDate::from_ymd_opt(2017, 8, 31);
        for text in [
            "31-08-2017",
            "31/08/2017",
            "20170831",
            "2017-08-31",
            "2017-08-31T00:00:00",
            "2017-08-31 00:00:00",
            "31/08/2017 00:00",
        ] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in [
            "31-02-2017",
            "08/31/2017",
            "31/08/17",
            "31-08/2017",
            "43343",
            "+0170831",
            "é1-08-2017",
            "",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_makes_a_reader_panic(text in ".*") {
            let _ = (urn(&text), score(&text), count(&text), date(&text), number(&text));
        }

        #[test]
        fn a_score_printed_with_noise_is_the_score(hundredths in -9_999..=9_999_i32) {
            let noisy = format!("{:.17}", f64::from(hundredths) / 100.0);
            prop_assert_eq!(score(&noisy), Some(Cell::Published(Progress8::from_hundredths(hundredths))));
        }
    }
}
