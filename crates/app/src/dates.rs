//! From which day a file was public, where nobody says.

use chrono::NaiveDate;
use kernel::{Release, Standing};

/// A release of the performance tables: 15 October after the examinations where it is provisional, 31 January after
/// them where it is revised or final.
pub(crate) fn of_release(release: Release) -> NaiveDate {
    match release.standing {
        Standing::Provisional => release.year.provisional_public_from(),
        Standing::Revised | Standing::Final => release.year.final_public_from(),
    }
}

/// The first day written in a file's name as eight digits: `schoolnames20180801.csv` is of 1 August 2018.
pub(crate) fn in_name(name: &str) -> Option<NaiveDate> {
    name.split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| digits.len() == 8)
        .find_map(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_the_name_is_found_and_a_number_is_not_a_day() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        assert_eq!(in_name("links_edubasealldata20250422.csv"), day("2025-04-22"));
        assert_eq!(in_name("edubase-12345678-20180801.csv"), day("2018-08-01"));
        assert_eq!(in_name("2017-2018_england_spine.xlsx"), None);
        assert_eq!(in_name("ks4_99999999.csv"), None);
    }

    #[test]
    fn a_release_is_public_from_its_usual_day() {
        let of = |text: &str| of_release(text.parse().unwrap()).to_string();
        assert_eq!(of("2016/17 provisional"), "2017-10-15");
        assert_eq!(of("2017/18 final"), "2019-01-31");
    }
}
