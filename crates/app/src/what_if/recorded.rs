//! A review on record, as it was found.

use kernel::{Cell, LeadingEdgeYear};
use membership::{Finding, review};
use projections::findings::Row;

use crate::review::{Decides, Reviewed};
use crate::{Desk, Failure};

impl Desk {
    /// The review of a year on record, with its findings and without the facts they rest on.  `None`: it was not run.
    pub(super) fn recorded_review(
        &self,
        year: LeadingEdgeYear,
    ) -> Result<Option<Reviewed>, Failure> {
        let Some((review, rows)) = self.read.review(year)? else { return Ok(None) };
        let basis = review
            .basis()
            .map_err(|source| Failure::Undecodable { position: review.position, source })?;
        let findings = rows.into_iter().map(finding).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Reviewed {
            counts: review::counts(&findings),
            basis,
            as_known_on: None,
            findings,
            facts: vec![],
            standing: Decides::Yes,
        }))
    }
}

fn finding(row: Row) -> Result<Finding, Failure> {
    let clauses =
        row.clauses().map_err(|source| Failure::Undecodable { position: row.position, source })?;
    let cell =
        |score: Option<_>, code: Option<_>| score.map(Cell::Published).or(code.map(Cell::Withheld));
    Ok(Finding {
        urn: row.urn,
        in_population: row.in_population,
        eligible: row.eligible,
        invited: row.invited,
        outcome: row.outcome,
        inspected: row.inspected,
        grade: row.grade,
        carried_from: row.carried_from,
        progress8: cell(row.progress8, row.progress8_code),
        lower: cell(row.lower, row.lower_code),
        clauses,
        name: row.name,
    })
}
