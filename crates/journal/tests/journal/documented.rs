//! What `docs/journal.md` tells analysts is so.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::story::{busy_day, open};

#[tokio::test]
async fn each_documented_question_has_an_answer() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = open(&path);
    busy_day(&journal, 50).await;
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/journal.md");
    let document = fs::read_to_string(document).unwrap();
    let (_, questions) = document.split_once("```sql\n").unwrap();
    let (questions, _) = questions.split_once("```").unwrap();
    let questions: Vec<_> = questions.split_inclusive(";\n").collect();
    assert_eq!(questions.len(), 10);
    // As an analyst opens it: another program, reading only, while the writer has it open.
    let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut answered = 0;
    for question in questions {
        // Of these few events some stand in the document's place.
        let question = question.replace("4711", "40").replace("100003", "100007");
        let mut statement =
            connection.prepare(&question).unwrap_or_else(|error| panic!("{error}: {question}"));
        let mut rows = statement.query([]).unwrap();
        answered += usize::from(rows.next().unwrap().is_some());
    }
    assert_eq!(answered, 9, "all but the one about downgrades, of which there are none here");
}
