use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The Leading Edge year, 1 April to 31 March (R11).  Written `2019-20`.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}$"))]
pub struct LeadingEdgeYear(i32);

/// The school year that examinations end, 1 September to 31 August.  Written `2017/18`, as DfE does.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^(19|[2-9][0-9])[0-9]{2}/[0-9]{2}$"))]
pub struct AcademicYear(i32);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotAYear {
    #[error("`{0}` is not a Leading Edge year: two years in a row, such as 2019-20")]
    LeadingEdge(String),
    #[error("`{0}` is not a school year: two years in a row with a slash, such as 2017/18")]
    Academic(String),
}

impl LeadingEdgeYear {
    /// The year that a day falls in: 31 March is the last day of one, 1 April the first of the next.
    #[must_use]
    pub fn containing(day: NaiveDate) -> Self {
        Self(if day.month() >= 4 { day.year() } else { day.year() - 1 })
    }

    /// The calendar year it begins in: 2019 for 2019-20.
    #[must_use]
    pub fn first_day_year(self) -> i32 {
        self.0
    }

    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        date(self.0, 4, 1)
    }

    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        date(self.0 + 1, 3, 31)
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0 - 1)
    }
}

impl AcademicYear {
    /// The summer of the examinations: 2018 for 2017/18.
    #[must_use]
    pub fn examined_in(self) -> i32 {
        self.0 + 1
    }

    /// The school year whose examinations were sat in the summer of `year`.
    #[must_use]
    pub fn ending(year: i32) -> Self {
        Self(year - 1)
    }

    /// The day from which a provisional release is taken to be public where nobody says otherwise: 15 October after
    /// the examinations.
    #[must_use]
    pub fn provisional_public_from(self) -> NaiveDate {
        date(self.examined_in(), 10, 15)
    }

    /// The same for a revised or final release: 31 January after the examinations.
    #[must_use]
    pub fn final_public_from(self) -> NaiveDate {
        date(self.examined_in() + 1, 1, 31)
    }
}

/// Years are four digits (see `start`), so each of the days asked for exists.
fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

/// The first of two years in a row, written `1999-00` or `1999/00`, or in full (`1999-2000`).
fn start(text: &str, separator: char) -> Option<i32> {
    let (first, second) = text.split_once(separator)?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if first.len() != 4 || !digits(first) || !digits(second) {
        return None;
    }
    let first: i32 = first.parse().ok().filter(|year| *year >= 1900)?;
    let matches = match second.len() {
        2 => second.parse() == Ok((first + 1) % 100),
        4 => second.parse() == Ok(first + 1),
        _ => false,
    };
    matches.then_some(first)
}

impl FromStr for LeadingEdgeYear {
    type Err = NotAYear;

    fn from_str(text: &str) -> Result<Self, NotAYear> {
        start(text, '-').map(Self).ok_or_else(|| NotAYear::LeadingEdge(text.to_owned()))
    }
}

/// `2017/18` or `2017/2018`.  Never with a dash: `2018-19` is the Leading Edge year, which is another twelve months.
impl FromStr for AcademicYear {
    type Err = NotAYear;

    fn from_str(text: &str) -> Result<Self, NotAYear> {
        start(text, '/').map(Self).ok_or_else(|| NotAYear::Academic(text.to_owned()))
    }
}

impl fmt::Display for LeadingEdgeYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.0, (self.0 + 1) % 100)
    }
}

impl fmt::Display for AcademicYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02}", self.0, (self.0 + 1) % 100)
    }
}

impl TryFrom<String> for LeadingEdgeYear {
    type Error = NotAYear;

    fn try_from(text: String) -> Result<Self, NotAYear> {
        text.parse()
    }
}

impl TryFrom<String> for AcademicYear {
    type Error = NotAYear;

    fn try_from(text: String) -> Result<Self, NotAYear> {
        text.parse()
    }
}

impl From<LeadingEdgeYear> for String {
    fn from(year: LeadingEdgeYear) -> Self {
        year.to_string()
    }
}

impl From<AcademicYear> for String {
    fn from(year: AcademicYear) -> Self {
        year.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_is_31_march_and_1_april_is_not() {
        let year: LeadingEdgeYear = "2018-19".parse().unwrap();
        assert_eq!((year.first_day(), year.last_day()), (day("2018-04-01"), day("2019-03-31")));
        assert_eq!(LeadingEdgeYear::containing(day("2019-03-31")), year);
        assert_eq!(LeadingEdgeYear::containing(day("2019-04-01")), year.next());
        assert_eq!(year.next().previous(), year);
    }

    #[test]
    fn a_release_is_public_from_the_day_it_usually_appears() {
        let year: AcademicYear = "2017/18".parse().unwrap();
        assert_eq!(year.provisional_public_from(), day("2018-10-15"));
        assert_eq!(year.final_public_from(), day("2019-01-31"));
    }

    #[test]
    fn years_that_do_not_follow_one_another_are_refused() {
        for text in
            ["2018", "2018-20", "2018/19", "18-19", "2018-19 ", "2018-", "0000-01", "２０１８-19"]
        {
            assert_eq!(
                text.parse::<LeadingEdgeYear>(),
                Err(NotAYear::LeadingEdge(text.to_owned())),
                "{text}"
            );
        }
        for (text, shown) in [("1999/00", "1999/00"), ("2017/2018", "2017/18")] {
            assert_eq!(text.parse::<AcademicYear>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_leading_edge_year_is_never_read_as_a_school_year() {
        for text in ["2018-19", "2018-2019", "2018/20", "2018", "18/19", "2018/19 "] {
            assert_eq!(text.parse::<AcademicYear>(), Err(NotAYear::Academic(text.to_owned())));
        }
        assert_eq!(
            NotAYear::Academic("2018-19".into()).to_string(),
            "`2018-19` is not a school year: two years in a row with a slash, such as 2017/18"
        );
    }
}
