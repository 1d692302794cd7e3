//! `ledge judge`: what the steering group judged.

use std::sync::Arc;

use membership::review;
use serde_json::json;

use super::at_work;
use crate::cli::{Global, Judge, Verdict};
use crate::outcome::Outcome;
use crate::output::{lines, print};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Judge) -> anyhow::Result<Outcome> {
    let Judge { urn, year, verdict, reason, minute, on } = asked;
    let made = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(on.on)?;
        Ok(office.judge(year, urn, verdict.into(), reason, minute, on).await?)
    })
    .await?;
    let verdict = review::Verdict::from(verdict);
    let answer =
        json!({ "urn": urn.to_string(), "year": year, "verdict": verdict, "written": made > 0 });
    print(global, &answer, |_| {
        let verdict = verdict.to_string().replace('_', " ");
        if made == 0 {
            return lines(format!(
                "{urn} was judged {verdict} for {year} before; nothing was written."
            ));
        }
        lines(format!("{urn} is judged {verdict} for {year}.  `ledge renewal offer` makes it so."))
    })?;
    Ok(Outcome::Done)
}

impl From<Verdict> for review::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Eligible => Self::Eligible,
            Verdict::NotEligible => Self::NotEligible,
        }
    }
}
