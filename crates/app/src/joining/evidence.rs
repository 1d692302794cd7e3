//! Evidence: asked for, and received (R5, R6).

use std::path::PathBuf;

use chrono::NaiveDate;
use kernel::Urn;
use membership::membership::{Command, Document};
use projections::documents::Row;

use super::{Noted, Received};
use crate::{Desk, Failure, Office, Progress, VerifiedDocuments, no_progress};

impl Office {
    /// Asks a school for evidence of performance in line with the top quartile nationally, by a day.
    ///
    /// # Errors
    /// No application of it wants evidence, nothing is asked, or the day is before the asking.
    pub async fn request_evidence(
        &mut self,
        urn: Urn,
        what: String,
        due: NaiveDate,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.ask_to_join(urn, Command::RequestEvidence { what, due, on }).await
    }

    /// Records evidence that came in, in the order of the files, and answers what the documents are known by.  The files are
    /// copied and safe before the event is; a document that was received before is not received again.
    ///
    /// # Errors
    /// No application of the school wants evidence, or a file is not one that is taken; then nothing is kept.
    pub async fn receive_evidence(
        &mut self,
        urn: Urn,
        files: &[PathBuf],
        on: Option<NaiveDate>,
    ) -> Result<Vec<Document>, Failure> {
        let on = self.day(on)?;
        let store = self.desk().documents().clone();
        let mut kept = Vec::with_capacity(files.len());
        for file in files {
            match store.keep(file) {
                Ok(document) => kept.push(document),
                Err(failure) => {
                    store.forget(&kept);
                    return Err(failure);
                }
            }
        }
        let documents: Vec<Document> = kept.iter().map(|it| it.document.clone()).collect();
        let command = Command::ReceiveEvidence { documents: documents.clone(), on };
        if let Err(failure) = self.ask_alone(urn, command).await {
            // After anything but a refusal nobody can say what was recorded.
            if failure.is_refusal() {
                store.forget(&kept);
            }
            return Err(failure);
        }
        self.settle(&no_progress).await?;
        Ok(documents)
    }
}

impl Desk {
    /// Holds every document that an event names against its hash.
    ///
    /// # Errors
    /// The read models or the folder cannot be read.
    pub fn verify_documents(&self, progress: Progress<'_>) -> Result<VerifiedDocuments, Failure> {
        self.documents.verify(&self.read.documents()?, progress)
    }

    /// What came in from a school as evidence, in the order it came.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn received(&self, urn: Urn) -> Result<Vec<Received>, Failure> {
        let rows = self.read.documents_of(urn)?;
        rows.into_iter().map(received).collect()
    }

    /// The one document of a school whose SHA-256 begins with these digits.
    ///
    /// # Errors
    /// None does, or several do.
    pub fn document(&self, urn: Urn, digits: &str) -> Result<Document, Failure> {
        let name = self.school_name(urn)?;
        let digits = digits.to_ascii_lowercase();
        let rows = self.read.documents_of(urn)?;
        let mut found: Vec<_> =
            rows.into_iter().filter(|row| row.sha256.starts_with(&digits)).collect();
        found.dedup_by(|one, other| one.sha256 == other.sha256);
        match <[_; 1]>::try_from(found) {
            Ok([row]) => Ok(received(row)?.document),
            Err(several) if several.is_empty() => Err(Failure::Refused(format!(
                "no document of {urn} {name} has a SHA-256 that begins with `{digits}`: `ledge application show {urn}`"
            ))),
            Err(several) => Err(Failure::Refused(format!(
                "{} documents of {urn} {name} have a SHA-256 that begins with `{digits}`: give more of it",
                several.len()
            ))),
        }
    }
}

fn received(row: Row) -> Result<Received, Failure> {
    let sha256 = row.sha256.parse().map_err(|why| Failure::Refused(format!("{why}")))?;
    let Row { name, media_type, bytes, received_on: on, .. } = row;
    Ok(Received { document: Document { name, media_type, bytes, sha256 }, on })
}
