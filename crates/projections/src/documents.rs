//! What came in as evidence, document by document.  The documents themselves are kept outside the log (R5, R6).

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::Event as Membership;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Documents {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub sha256: String,
    pub year: LeadingEdgeYear,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    #[serde(with = "columns::day")]
    pub received_on: NaiveDate,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "documents",
        key: &["position", "sha256"],
        ddl: "\
CREATE TABLE documents (
  position    INTEGER NOT NULL, -- of the event in the journal that names it
  urn         INTEGER NOT NULL, -- the school that gave it
  sha256      TEXT NOT NULL,    -- of its bytes; the name of the file in which it is kept
  year        TEXT NOT NULL,    -- the Leading Edge year applied for, as 2019-20
  name        TEXT NOT NULL,    -- as the school called it: it may name a person
  media_type  TEXT NOT NULL,    -- as application/pdf
  bytes       INTEGER NOT NULL,
  received_on TEXT NOT NULL,
  recorded_at INTEGER NOT NULL, -- microseconds since 1970-01-01 UTC
  PRIMARY KEY (position, sha256)
)",
        indexes: &["CREATE INDEX documents_of ON documents (urn)"],
    };
}

impl Documents {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Membership(urn, event) = &recorded.event else { return };
        let Membership::EvidenceReceived { year, documents, on } = event else { return };
        self.new.extend(documents.iter().map(|document| Row {
            position: recorded.position,
            urn: *urn,
            sha256: document.sha256.to_string(),
            year: *year,
            name: document.name.clone(),
            media_type: document.media_type.clone(),
            bytes: document.bytes,
            received_on: *on,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        }));
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collected::Collected;

    #[test]
    fn each_document_of_a_receipt_has_its_row() {
        let hash = |digit: &str| digit.repeat(64);
        let event = format!(
            r#"{{"EvidenceReceived":{{"year":"2019-20","documents":[
                {{"name":"results.pdf","media_type":"application/pdf","bytes":48213,"sha256":"{}"}},
                {{"name":"subjects.csv","media_type":"text/csv","bytes":7,"sha256":"{}"}}],"on":"2019-04-15"}}}}"#,
            hash("a"),
            hash("b")
        );
        let recorded = Recorded {
            position: 7,
            version: 3,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            effective_on: "2019-04-15".parse().unwrap(),
            actor: "office".into(),
            event: Event::Membership(
                "100003".parse().unwrap(),
                serde_json::from_str(&event).unwrap(),
            ),
        };
        let rows: Vec<Row> = Collected::of(&[recorded]).rows();
        let told: Vec<(u64, &str, u64, String)> = rows
            .iter()
            .map(|row| (row.position, row.name.as_str(), row.bytes, row.sha256.clone()))
            .collect();
        assert_eq!(
            told,
            [(7, "results.pdf", 48_213, hash("a")), (7, "subjects.csv", 7, hash("b"))]
        );
    }
}
