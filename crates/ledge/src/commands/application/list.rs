//! The applications, what has waited longest first.

use app::{ApplicationLine, ApplicationsAsked};
use kernel::Day;

use super::super::desk_as_of;
use super::words;
use crate::cli::{Global, ListApplications};
use crate::outcome::Outcome;
use crate::output::{counted, lines, print, table};

pub(super) async fn run(global: &Global, asked: &ListApplications) -> anyhow::Result<Outcome> {
    let desk = desk_as_of(global, asked.as_of.on).await?;
    let applications = desk.applications(&ApplicationsAsked {
        year: asked.year,
        stages: asked.stages.iter().copied().map(Into::into).collect(),
        due_by: asked.due_by,
        meeting_on: asked.meeting,
    })?;
    print(global, &applications, |applications| tell(applications))?;
    Ok(Outcome::Done)
}

fn tell(applications: &[ApplicationLine]) -> anyhow::Result<()> {
    if !applications.is_empty() {
        let rows = applications.iter().map(|application| {
            let next = application.next.as_ref();
            vec![
                application.urn.to_string(),
                application.name.clone(),
                application.year.map_or_else(String::new, |year| year.to_string()),
                words::stage(application.stage).to_owned(),
                application.applied_on.map_or_else(String::new, |day| Day(day).to_string()),
                next.map_or_else(String::new, words::next),
            ]
        });
        lines(table(&["URN", "school", "year", "stage", "applied", "next"], &[], rows))?;
    }
    lines(format!("{}.", counted(applications.len() as u64, "application")))
}
