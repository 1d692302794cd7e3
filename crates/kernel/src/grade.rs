use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Ofsted's overall effectiveness, as given from September 2005 to August 2024.  1 is the best.
///
/// `Satisfactory` (until August 2012) and `Requires improvement` are both 3.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Eq,
    Hash,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(extend("minimum" = 1, "maximum" = 4))]
pub enum Grade {
    Outstanding = 1,
    Good = 2,
    RequiresImprovement = 3,
    Inadequate = 4,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an overall grade: 1, 2, 3 or 4")]
pub struct NotAGrade(u8);

impl Grade {
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The word Ofsted uses today.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Outstanding => "Outstanding",
            Self::Good => "Good",
            Self::RequiresImprovement => "Requires improvement",
            Self::Inadequate => "Inadequate",
        }
    }
}

impl TryFrom<u8> for Grade {
    type Error = NotAGrade;

    fn try_from(number: u8) -> Result<Self, NotAGrade> {
        Self::VARIANTS
            .iter()
            .copied()
            .find(|grade| grade.number() == number)
            .ok_or(NotAGrade(number))
    }
}

impl From<Grade> for u8 {
    fn from(grade: Grade) -> Self {
        grade.number()
    }
}

/// `2 (Good)`: the number with its word, always together.
impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.number(), self.word())
    }
}

/// An area of a report card (Ofsted, from 10 November 2025), or of a graded inspection without an overall grade
/// (September 2024 to July 2025), which used the first four old names.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "title_case")]
pub enum Area {
    QualityOfEducation,
    BehaviourAndAttitudes,
    PersonalDevelopment,
    LeadershipAndManagement,
    Inclusion,
    CurriculumAndTeaching,
    Achievement,
    AttendanceAndBehaviour,
    PersonalDevelopmentAndWellbeing,
    LeadershipAndGovernance,
    EarlyYears,
    SixthForm,
}

/// A grade on a report card, best first (so `a <= b` reads "a is at least as good as b").
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "title_case")]
pub enum CardGrade {
    Exceptional,
    StrongStandard,
    ExpectedStandard,
    NeedsAttention,
    UrgentImprovement,
}

/// What an inspection came to.  The three kinds of graded outcome are never mapped onto one another (D8), and an
/// ungraded one never changes a grade (D7).
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// One grade for the whole school.
    Overall(Grade),
    /// Graded area by area, without an overall grade (September 2024 to July 2025).
    Areas(BTreeMap<Area, Grade>),
    /// A report card (from 10 November 2025).
    ReportCard(BTreeMap<Area, CardGrade>),
    /// An ungraded (section 8) inspection, in Ofsted's words.
    Ungraded(String),
}

impl Outcome {
    /// Whether this inspection can be *the grade in force* (D6, D7).
    #[must_use]
    pub fn is_graded(&self) -> bool {
        !matches!(self, Self::Ungraded(_))
    }

    #[must_use]
    pub fn overall(&self) -> Option<Grade> {
        match self {
            Self::Overall(grade) => Some(*grade),
            Self::Areas(_) | Self::ReportCard(_) | Self::Ungraded(_) => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall(grade) => grade.fmt(f),
            Self::Areas(areas) => {
                f.write_str("graded by area, no overall grade: ")?;
                list(f, areas.iter().map(|(area, grade)| format!("{area} {grade}")))
            }
            Self::ReportCard(areas) => {
                f.write_str("report card: ")?;
                list(f, areas.iter().map(|(area, grade)| format!("{area} {grade}")))
            }
            Self::Ungraded(words) => write!(f, "ungraded: {words}"),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = String>) -> fmt::Result {
    f.write_str(&items.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_is_written_as_its_number() {
        assert_eq!(serde_json::to_string(&Grade::Good).unwrap(), "2");
        assert_eq!(serde_json::from_str::<Grade>("4").unwrap(), Grade::Inadequate);
        assert!(serde_json::from_str::<Grade>("9").is_err(), "9 is `no judgement`, not a grade");
    }

    #[test]
    fn report_card_grades_are_ordered_best_first() {
        assert!(CardGrade::Exceptional < CardGrade::UrgentImprovement);
        assert_eq!(CardGrade::StrongStandard.to_string(), "Strong Standard");
    }
}
