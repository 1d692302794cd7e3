//! The national record, kept while schools apply one after the other: to read it anew for each takes a tenth of a second.

use std::cell::RefCell;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use projections::Evidence;

use crate::{Desk, Failure};

/// The record as it was read last, if it was.
#[derive(Default)]
pub(crate) struct KeptRecord(RefCell<Option<Record>>);

struct Record {
    evidence: Evidence,
    /// It is so as at any day from this one on, and until something is public that was not by then.
    from: NaiveDate,
    before: NaiveDate,
    /// What the nation published up to here is in it.
    position: u64,
}

impl Desk {
    /// What `look` makes of the national record as at a day, as it is known now.
    ///
    /// # Errors
    /// The read models or the journal cannot be read, or what `look` says.
    pub(crate) fn on_the_record<T>(
        &self,
        as_at: NaiveDate,
        look: impl FnOnce(&Evidence) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let position = self.read.position()?;
        let mut record = match self.record.0.take() {
            Some(record) if self.still_holds(&record, as_at, position)? => record,
            Some(_) | None => Record {
                evidence: self.read.evidence(as_at, None)?,
                from: as_at,
                before: self.read.evidence_changes_after(as_at)?,
                position,
            },
        };
        record.evidence.move_to(as_at);
        record.position = position;
        let made = look(&record.evidence);
        self.record.0.replace(Some(record));
        made
    }

    /// The nation's facts are the events of the context `schools`, and no others.
    fn still_holds(
        &self,
        record: &Record,
        as_at: NaiveDate,
        position: u64,
    ) -> Result<bool, Failure> {
        if as_at < record.from || as_at >= record.before || position < record.position {
            return Ok(false);
        }
        let mut told = false;
        self.journal.for_each(record.position, position, |entry| {
            told = entry.stream.starts_with("schools.");
            if told { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(!told)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use kernel::{LeadingEdgeYear, Urn};
    use national_data::File;
    use national_data::sample::{Kind, Nation};

    use super::*;
    use crate::{Office, What, no_progress, read_criteria};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Every school's profile by a desk that has just been opened.
    #[track_caller]
    fn assert_as_if_read_anew(office: &Office, folder: &Path, urns: &[Urn], as_at: &str) {
        let as_at = day(as_at);
        let year = LeadingEdgeYear::containing(day("2019-04-01"));
        let fresh = Desk::open(folder, crate::clock::wall(), &no_progress).unwrap();
        for urn in urns {
            drop(fresh.record.0.take());
            let (kept, anew) =
                (office.desk().profile(*urn, year, as_at), fresh.profile(*urn, year, as_at));
            assert_eq!(kept.ok(), anew.ok(), "{urn} as at {as_at}");
        }
    }

    #[test]
    fn the_record_that_is_kept_is_the_one_that_would_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let nation = Nation::over_two_years(7, 20);
        let noon = day("2020-04-30").and_hms_opt(12, 0, 0).unwrap().and_utc();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut office =
            Office::open(folder.path(), Arc::new(move || noon), "office", &no_progress).unwrap();
        let criteria =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/criteria/2018-19.toml");
        runtime.block_on(office.adopt(read_criteria(&criteria).unwrap())).unwrap();
        let urns: Vec<Urn> = nation.truth().register.keys().step_by(3).copied().collect();
        for issue in nation.issues() {
            let what = match issue.kind {
                Kind::Ks4(release) => What::Ks4(release),
                Kind::Ofsted { .. } => What::Ofsted,
                Kind::Register => What::Register,
                Kind::Links => What::Links,
                Kind::Cover => What::Cover,
            };
            let file = File::from_bytes(issue.name.clone(), nation.bytes_of(&issue));
            runtime.block_on(office.import(&file, what, None, &no_progress)).unwrap();
            if matches!(issue.kind, Kind::Cover | Kind::Links) {
                // On, back, and on to where more is public.
                for as_at in ["2018-12-01", "2018-12-20", "2018-11-30", "2019-10-20"] {
                    assert_as_if_read_anew(&office, folder.path(), &urns, as_at);
                }
            }
        }
        runtime.block_on(office.close()).unwrap();
    }
}
