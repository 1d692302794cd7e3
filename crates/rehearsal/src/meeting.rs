//! What the steering group does at a meeting (R6, R37).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use kernel::Urn;
use membership::membership::Verdict;
use projections::memberships::{Application, Row, Standing};

use crate::Act;
use crate::calendar::meeting_after;
use crate::post::evidence_comes;
use crate::temper::Temper;

/// The steering group on a day: the headteachers of nine member schools.
pub(crate) fn steering_group(temper: Temper, rows: &[Row], on: NaiveDate) -> Vec<Urn> {
    // A school that joins on the day of a meeting does not sit in it: who does must not hang on the hour it was asked.
    let is_member = |row: &&Row| {
        let term = |from: NaiveDate| row.term_until.is_some_and(|until| from < on && on <= until);
        row.standing == Standing::Member && row.continuous_since.or(row.term_from).is_some_and(term)
    };
    let mut members: Vec<(u32, Urn)> = rows
        .iter()
        .filter(is_member)
        .map(|row| (temper.draw(row.urn, "steering group", 0, u32::MAX), row.urn))
        .collect();
    members.sort_unstable();
    members.into_iter().map(|(_, urn)| urn).take(9).collect()
}

/// What is done with an application that is before the meeting: in this order.
pub(crate) fn acts(temper: Temper, group: &[Urn], row: &Row, on: NaiveDate) -> Vec<Act> {
    let (Some(year), Some(applied)) = (row.application_year, row.applied_on) else { return vec![] };
    if row.application != Some(Application::Referred) || row.meeting_on != Some(on) {
        return vec![];
    }
    let percent =
        |matter, percent| temper.percent(row.urn, matter, on.ordinal().cast_signed(), percent);
    if percent("is deferred", 20) {
        return vec![Act::Defer {
            to: meeting_after(on),
            why: "the group asks for the autumn's figures".to_owned(),
        }];
    }
    let mut acts = vec![];
    let mut decided_by: BTreeSet<Urn> = group.iter().copied().collect();
    if percent("is a neighbour", 30)
        && let Some(school) = group.first()
    {
        decided_by.remove(school);
        acts.push(Act::DeclareInterest { school: *school });
    }
    let came = evidence_comes(temper, row.urn, year, applied).is_some_and(|comes| comes <= on);
    let verdict = match came && percent("is accepted", 65) {
        true => Verdict::Accepted,
        false => Verdict::Declined,
    };
    acts.push(Act::Decide {
        verdict,
        reasons: match verdict {
            Verdict::Accepted => "three years in line with the top quartile".to_owned(),
            Verdict::Declined => "the evidence does not reach the top quartile".to_owned(),
        },
        minute: format!("steering group, {on}, item {}", 3 + row.urn.number() % 7),
        decided_by,
    });
    acts
}
