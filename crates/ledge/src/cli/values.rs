//! How values are read, with words of our own for what is wrong with one.

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use kernel::{Grade, Standing};
use strum::VariantNames;

/// The day of a year, a month and a day of the month, as ISO 8601 writes it.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    let written_in_full = text.len() == "2019-02-28".len();
    text.parse()
        .ok()
        .filter(|_| written_in_full)
        .ok_or_else(|| format!("`{text}` is not a day: year-month-day, as 2019-02-28"))
}

pub(crate) fn grade(text: &str) -> Result<Grade, String> {
    let number: Option<u8> = text.parse().ok();
    number
        .and_then(|number| Grade::try_from(number).ok())
        .ok_or_else(|| format!("`{text}` is not an overall grade: 1, 2, 3 or 4"))
}

/// How final a release is.
pub(crate) fn standing() -> impl TypedValueParser<Value = Standing> {
    PossibleValuesParser::new(["provisional", "revised", "final"])
        .try_map(|text| text.parse::<Standing>())
}

/// The type of an event that some context knows.
pub(crate) fn event_type() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(event_types())
}

fn event_types() -> Vec<&'static str> {
    let mut types: Vec<&str> = [
        schools::school::Event::VARIANTS,
        schools::national_data::Event::VARIANTS,
        membership::criteria::Event::VARIANTS,
        membership::review::Event::VARIANTS,
        membership::membership::Event::VARIANTS,
        membership::fee::Event::VARIANTS,
        billing::ledger::Event::VARIANTS,
        billing::issuer::Event::VARIANTS,
        billing::customer::Event::VARIANTS,
        routine::calendar::Event::VARIANTS,
        routine::parked::Event::VARIANTS,
        contacts::person::Event::VARIANTS,
        letters::letter::Event::VARIANTS,
    ]
    .concat();
    types.sort_unstable();
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_full_or_told_how() {
        assert_eq!(day("2019-02-28"), Ok(NaiveDate::from_ymd_opt(2019, 2, 28).unwrap()));
        for text in ["2019-02-30", "2019-2-8", "28/02/2019", "", "2019-02-28T00:00:00Z"] {
            let told = day(text).unwrap_err();
            assert!(told.contains(text) && told.ends_with("as 2019-02-28"), "{told}");
        }
    }

    #[test]
    fn a_grade_is_one_of_four_numbers() {
        assert_eq!(grade("2"), Ok(Grade::Good));
        for text in ["0", "5", "Good", "-1", "258"] {
            assert!(grade(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_type_of_event_is_named_twice() {
        let mut types = event_types();
        types.dedup();
        assert_eq!(types, event_types());
        assert!(types.contains(&"OfstedDowngraded") && types.contains(&"SchoolInvited"));
    }
}
