//! The school's membership of the SSAT Secondary Network (D10).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::Source;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::school::Event;

/// By first day: the latest statement for a first day counts.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Cover(BTreeMap<NaiveDate, Term>);

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Term {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    via_trust: Option<String>,
}

impl Cover {
    /// Terms may overlap: a school is covered on a day if one of them holds it.
    pub(super) fn record(
        &self,
        from: NaiveDate,
        until: Option<NaiveDate>,
        via_trust: Option<String>,
        source: Source,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some(until) = until.filter(|until| *until < from) {
            return Err(Refusal::CoverEndsBeforeItBegins { from, until });
        }
        let term = Term { until, via_trust };
        if self.0.get(&from) == Some(&term) {
            return Ok(vec![]);
        }
        let Term { until, via_trust } = term;
        Ok(vec![Event::SsatCoverRecorded { from, until, via_trust, source }])
    }

    pub(super) fn covered(
        &mut self,
        from: NaiveDate,
        until: Option<NaiveDate>,
        via_trust: Option<String>,
    ) {
        self.0.insert(from, Term { until, via_trust });
    }
}
