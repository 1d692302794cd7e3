//! The decision that a school may join, with the ways that were open to it (D11).

use std::sync::Arc;

use app::{Case, Noted, WayIn, WaysIn};
use kernel::{Day, pounds};
use membership::membership::{Acceptance, JoiningTerms};
use projections::memberships::Terms;
use serde::Serialize;

use super::super::{at_work, desk};
use super::{show, words};
use crate::cli::{Accept, Global};
use crate::outcome::Outcome;
use crate::output::{lines, print, table};
use crate::progress::Bar;

#[derive(Serialize)]
struct Accepted {
    noted: Noted,
    acceptance: Acceptance,
    /// Those that were open to it when it was decided.
    ways_in: WaysIn,
    case: Case,
}

pub(super) async fn run(global: &Global, asked: Accept) -> anyhow::Result<Outcome> {
    if asked.preview {
        let ways = desk(global)?.ways_in(asked.urn, asked.first_day, asked.on.on)?;
        print(global, &ways, tell)?;
        return Ok(Outcome::Done);
    }
    let Accept { urn, first_day, on, .. } = asked;
    let (terms, missed) = terms(asked);
    let accepted = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let ways_in = office.desk().ways_in(urn, first_day, on.on)?;
        let told_on = office.day(on.on)?;
        // Another acceptance than the one on record would be refused.
        let before = office.desk().case_told(urn, told_on)?.acceptance;
        let acceptance = office.accept(urn, first_day, terms, missed, on.on).await?;
        let noted = before.as_ref().map_or(Noted::New, |_| Noted::Already);
        let acceptance = before.unwrap_or(acceptance);
        Ok(Accepted { noted, acceptance, ways_in, case: office.desk().case_told(urn, told_on)? })
    })
    .await?;
    print(global, &accepted, |accepted| {
        let ways = &accepted.ways_in;
        lines(match accepted.noted {
            Noted::New => format!("{} {} is accepted.", ways.urn, ways.name),
            Noted::Already => {
                format!("{} {} was accepted before; nothing was written.", ways.urn, ways.name)
            }
        })?;
        show::accepted(&accepted.acceptance)?;
        if ways.ways.len() > 1 {
            lines(format!("The ways in were:\n{}", table_of(&ways.ways)))?;
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// Nothing named, and it is the full package (R9).
fn terms(asked: Accept) -> (JoiningTerms, Vec<String>) {
    let terms = match asked.fee {
        Some(fee_pence) => JoiningTerms::AgreedTerms {
            fee_pence,
            reason: asked.reason.unwrap_or_default(),
            approver: asked.approver.unwrap_or_default(),
        },
        None if asked.next_april => JoiningTerms::FromNextApril,
        None => JoiningTerms::FullPackage,
    };
    (terms, asked.missed)
}

fn tell(ways: &WaysIn) -> anyhow::Result<()> {
    lines(format!("{} {} applied for {}.", ways.urn, ways.name, ways.year))?;
    if ways.ways.is_empty() {
        return lines(format!(
            "No way in is left: the years that it could join in are over. `ledge application withdraw {}` closes its \
             application, and it may apply for another year.",
            ways.urn
        ));
    }
    for missed in &ways.missed {
        lines(format!("It would have missed {missed}."))?;
    }
    lines(table_of(&ways.ways))
}

fn table_of(ways: &[WayIn]) -> String {
    let rows = ways.iter().map(|way| {
        vec![
            words::terms(way.terms).to_owned(),
            Day(way.first_day).to_string(),
            format!("{} of {}", way.days, way.of_days),
            match (way.fee_pence, way.terms) {
                (Some(pence), _) => pounds(pence),
                (None, Terms::AgreedTerms) => "as agreed".to_owned(),
                (None, Terms::FullPackage | Terms::FromNextApril) => "none is set".to_owned(),
            },
            way.without_cover.clone().unwrap_or_else(|| "covered".to_owned()),
        ]
    });
    table(&["way in", "first day", "days", "fee without VAT", "SSAT on the first day"], &[3], rows)
}
