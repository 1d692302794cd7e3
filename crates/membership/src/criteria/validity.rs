//! Which terms can be applied at all.  Names a field as a criteria file does: `eligible.any[0].all[1].percentile`.

use crate::Refusal;
use crate::criteria::{Condition, Terms, Ways};
use crate::membership::POOREST_INVITED;

/// Beyond ten years no national results compare.
const MOST_YEARS: u8 = 10;

impl Terms {
    /// Refuses terms that cannot be applied, naming the first field that is wrong and what would be right.
    ///
    /// # Errors
    /// [`Refusal::UnfitTerms`], with the field as a criteria file names it.
    pub fn fit(&self) -> Result<(), Refusal> {
        self.eligible.fit("eligible")?;
        self.invited.fit("invited")?;
        self.invited.good_or_better()?;
        self.one_percentile()?;
        let none = "empty".to_owned();
        must(!self.population.kinds.is_empty(), "population.kinds", none, || {
            "at least one kind of school".into()
        })?;
        let years = self.staying.published_years;
        must(
            (1..=MOST_YEARS).contains(&years),
            "staying.published_years",
            years.to_string(),
            || format!("1 to {MOST_YEARS}"),
        )?;
        let dips = self.staying.dips;
        must(dips < years, "staying.dips", dips.to_string(), || {
            format!("less than staying.published_years, which is {years}")
        })
    }

    /// A review has one threshold (D3), so criteria that name two could not be decided.
    fn one_percentile(&self) -> Result<(), Refusal> {
        let mut named =
            self.eligible.percentiles("eligible").chain(self.invited.percentiles("invited"));
        let Some((first, percentile)) = named.next() else { return Ok(()) };
        match named.find(|(_, other)| *other != percentile) {
            None => Ok(()),
            Some((field, other)) => must(false, &field, other.to_string(), || {
                format!("{percentile}, as `{first}` is: a review has one threshold")
            }),
        }
    }
}

impl Ways {
    fn fit(&self, whose: &str) -> Result<(), Refusal> {
        must(!self.any.is_empty(), &format!("{whose}.any"), "empty".into(), || {
            "at least one way".into()
        })?;
        for (number, way) in self.any.iter().enumerate() {
            let all = format!("{whose}.any[{number}].all");
            must(!way.all.is_empty(), &all, "empty".into(), || "at least one condition".into())?;
            for (number, condition) in way.all.iter().enumerate() {
                condition.fit(&format!("{all}[{number}]"))?;
            }
        }
        Ok(())
    }

    /// Every percentile these ways name, with its field.
    fn percentiles(&self, whose: &str) -> impl Iterator<Item = (String, u8)> {
        let ways = self.any.iter().enumerate();
        let conditions = ways.flat_map(|(way, it)| {
            it.all.iter().enumerate().map(move |(place, condition)| (way, place, condition))
        });
        conditions.filter_map(move |(way, place, condition)| match condition {
            Condition::Percentile(percentile) => {
                Some((format!("{whose}.any[{way}].all[{place}].percentile"), *percentile))
            }
            Condition::OverallGrade(_)
            | Condition::AreaGrades { .. }
            | Condition::ReportCard { .. }
            | Condition::SignificantResults => None,
        })
    }
}

impl Ways {
    /// Whatever else a year's criteria ask of an invited school, an inspection found it 2 or better (R3): each way names
    /// an inspection, and no poorer overall grade.
    fn good_or_better(&self) -> Result<(), Refusal> {
        for (number, way) in self.any.iter().enumerate() {
            let all = format!("invited.any[{number}].all");
            let inspected = way.all.iter().any(|condition| !condition.asks_for_results());
            must(inspected, &all, "about results only".into(), || {
                "about an inspection too: only schools of Ofsted 2 or better are invited".into()
            })?;
            for (number, condition) in way.all.iter().enumerate() {
                let Condition::OverallGrade(grades) = condition else { continue };
                if let Some(poorer) = grades.iter().find(|grade| **grade > POOREST_INVITED) {
                    return must(
                        false,
                        &format!("{all}[{number}].overall_grade"),
                        poorer.to_string(),
                        || "1 or 2: only schools of Ofsted 2 or better are invited".into(),
                    );
                }
            }
        }
        Ok(())
    }
}

impl Condition {
    fn fit(&self, whose: &str) -> Result<(), Refusal> {
        match self {
            Self::OverallGrade(grades) => {
                must(!grades.is_empty(), &format!("{whose}.overall_grade"), "empty".into(), || {
                    "at least one of 1, 2, 3 and 4".into()
                })
            }
            Self::Percentile(percentile) => must(
                (1..=99).contains(percentile),
                &format!("{whose}.percentile"),
                percentile.to_string(),
                || "a whole per cent from 1 to 99".into(),
            ),
            // No area named means every area.
            Self::AreaGrades { .. } | Self::ReportCard { .. } | Self::SignificantResults => Ok(()),
        }
    }
}

fn must(holds: bool, field: &str, is: String, must: impl Fn() -> String) -> Result<(), Refusal> {
    if holds {
        return Ok(());
    }
    Err(Refusal::UnfitTerms { field: field.to_owned(), is, must: must() })
}
