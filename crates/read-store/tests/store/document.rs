//! `docs/read-models.md` names every table and column, with the remarks that the tables themselves carry.

use projections::TABLES;

/// The columns of a `CREATE TABLE`, each with its remark.
fn columns(ddl: &str) -> Vec<(String, String)> {
    let mut columns: Vec<(String, String)> = Vec::new();
    for line in ddl.lines().skip(1) {
        let (code, remark) = line.split_once("--").unwrap_or((line, ""));
        let remark = remark.trim();
        match code.split_whitespace().next() {
            None => {
                if let Some((_, before)) = columns.last_mut() {
                    before.push(' ');
                    before.push_str(remark);
                }
            }
            Some(")" | "PRIMARY") => {}
            Some(name) => columns.push((name.to_owned(), remark.to_owned())),
        }
    }
    columns
}

#[test]
fn the_document_names_every_table_and_column_as_they_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/read-models.md");
    let document = std::fs::read_to_string(path).unwrap();
    for table in TABLES {
        let heading = format!("\n### `{}`\n", table.name);
        let section = document
            .split_once(&heading)
            .unwrap_or_else(|| panic!("docs/read-models.md has no section `{}`", table.name))
            .1;
        let section = section.split("\n### ").next().unwrap();
        let section = section.split("\n## ").next().unwrap();
        let documented: Vec<&str> =
            section.lines().filter(|line| line.starts_with("| `")).collect();
        let defined: Vec<String> = columns(table.ddl)
            .into_iter()
            .map(|(column, remark)| format!("| `{column}` | {remark} |"))
            .collect();
        assert_eq!(documented, defined, "section `{}` of docs/read-models.md", table.name);
    }
}
