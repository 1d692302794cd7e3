//! Any table, any query, in a file that other programs read: the same rows, whatever the form (R42, R43).

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use parquet::basic::{ConvertedType, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use projections::TABLES;
use rusqlite::types::Value as Cell;
use serde_json::Value;

use crate::journeys::on_record::a_nation_on_record;
use crate::program::{Program, said};

const REFUSED: i32 = 3;

/// Everything that a value can be: nothing, negative, a fraction, quotes, commas, lines, other letters, no letters.
const ODD: &str = "SELECT * FROM (SELECT 1 AS row, -7 AS whole, 0.25 AS part, 'a \"b\", c' AS words, x'00ff' AS bytes \
     UNION ALL SELECT 2, NULL, NULL, NULL, NULL \
     UNION ALL SELECT 3, 9007199254740993, -1, 'zwölf\r\nÉcole = 1', x'' \
     UNION ALL SELECT 4, 0, 1e300, '=1+1', NULL) ORDER BY row";

#[test]
fn every_table_is_exported_whole_and_the_same_in_every_form() {
    let program = a_nation_on_record(60);
    let folder = tempfile::tempdir().unwrap();
    for table in &TABLES {
        let key = table.key.join(", ");
        let query = format!("SELECT * FROM {} ORDER BY {key}", table.name);
        let expected = selected(&program, &query);
        for (format, read) in forms() {
            let out = folder.path().join(format!("{}.{format}", table.name));
            let told =
                program.json(&["export", table.name, "--out", out.to_str().unwrap(), "--json"]);
            assert_eq!(told["rows"], expected.1.len(), "{}", table.name);
            assert_eq!(told["bytes"], fs::metadata(&out).unwrap().len());
            let rows = read(&out, &expected.0);
            assert_eq!(rows, texts(&expected.1), "{} as {format}", table.name);
        }
    }
    // A type is that of the column, also where it holds no value at all.
    let findings = folder.path().join("review_findings.parquet");
    let reader = SerializedFileReader::new(File::open(findings).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    for column in schema.columns() {
        let expected = match column.name() {
            "urn" | "in_population" | "left_at" | "progress8" => Physical::INT64,
            "verdict_on" | "clauses" | "year" => Physical::BYTE_ARRAY,
            _ => continue,
        };
        assert_eq!(column.physical_type(), expected, "{}", column.name());
        let is_text = column.converted_type() == ConvertedType::UTF8;
        assert_eq!(is_text, expected == Physical::BYTE_ARRAY, "{}", column.name());
    }
    let group = reader.metadata().row_group(0);
    let urn = group.columns().iter().find(|it| it.column_path().string() == "urn").unwrap();
    assert!(urn.statistics().is_some(), "readers pass over groups by them");
}

#[test]
fn odd_values_come_through_every_form() {
    let program = a_nation_on_record(60);
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let columns = ["row", "whole", "part", "words", "bytes"].map(str::to_owned);
    let expected = vec![
        ["1", "-7", "0.25", "a \"b\", c", "00ff"].map(str::to_owned).to_vec(),
        ["2", "", "", "", ""].map(str::to_owned).to_vec(),
        ["3", "9007199254740993", "-1", "zwölf\r\nÉcole = 1", ""].map(str::to_owned).to_vec(),
        ["4", "0", &1e300_f64.to_string(), "=1+1", ""].map(str::to_owned).to_vec(),
    ];
    for (format, read) in forms() {
        let file = out(&format!("odd.{format}"));
        program.run(&["export", "--query", ODD, "--out", &file]);
        assert_eq!(read(Path::new(&file), &columns), expected, "{format}");
    }
    // What is printed is what the file has.
    let printed = program.run(&["export", "--query", ODD, "--out", "-"]);
    assert_eq!(printed.as_bytes(), fs::read(out("odd.csv")).unwrap());
    assert!(printed.starts_with(
        "row,whole,part,words,bytes\r\n1,-7,0.25,\"a \"\"b\"\", c\",00ff\r\n2,,,,\r\n"
    ));
    let printed = program.run(&["export", "--query", ODD, "--out", "-", "--json"]);
    assert_eq!(printed.as_bytes(), fs::read(out("odd.jsonl")).unwrap());
    assert!(
        printed
            .starts_with(r#"{"row":1,"whole":-7,"part":0.25,"words":"a \"b\", c","bytes":"00ff"}"#)
    );

    let file = out("for-spreadsheets.csv");
    program.run(&["export", "--query", ODD, "--out", &file, "--for-spreadsheets"]);
    let guarded = fs::read_to_string(file).unwrap();
    assert!(guarded.starts_with("\u{feff}row,"), "{guarded}");
    assert!(guarded.contains(",'=1+1,") && guarded.contains("\r\n1,-7,"), "{guarded}");
}

#[test]
fn what_cannot_be_exported_is_said_and_leaves_no_file() {
    let program = a_nation_on_record(60);
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let csv = out("a.csv");
    for (arguments, said) in [
        (["export", "scholls", "--out", &csv], "there are schools"),
        (["export", "schools", "--out", &out("a.txt")], "does not say how"),
        (["export", "--query=SELECT 1 AS a, 2 AS a", "--out", &csv], "two columns"),
        (["export", "--query=SELEC 1", "--out", &csv], "SQLite says"),
        (["export", &format!("--query=VACUUM INTO '{}'", out("b")), "--out", &csv], "no SELECT"),
        (["export", "--query=DELETE FROM schools", "--out", &csv], "no SELECT"),
        (["export", "--query=SELECT 1 AS a UNION SELECT 'b'", "--out", &out("a.parquet")], "CAST"),
        (["export", "schools", "--out=-", "--format=parquet"], "Parquet"),
        (["export", "schools", "--for-spreadsheets", &format!("--out={}", out("a.jsonl"))], "CSV"),
        (["export", "schools", "--out", &out("not-there/a.csv")], "cannot make"),
    ] {
        let output = program.command(&arguments).output().unwrap();
        assert!(!output.status.success());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(said), "{arguments:?}: {told}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_asked_and_a_database_never() {
    let program = a_nation_on_record(60);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("schools.csv");
    let out = out.to_str().unwrap();
    fs::write(out, "mine").unwrap();
    let ends = |arguments: &[&str]| {
        let output = program.command(arguments).output().unwrap();
        output.status.code().unwrap_or_else(|| panic!("{}", said(&output)))
    };
    assert_eq!(ends(&["export", "schools", "--out", out]), REFUSED);
    assert_eq!(fs::read_to_string(out).unwrap(), "mine");
    program.run(&["export", "schools", "--out", out, "--force"]);
    let replay = folder.path().join("replay.sqlite");
    let replay = replay.to_str().unwrap();
    program.run(&["replay", "--out", replay]);
    let forced = ["--format=csv", "--force"];
    for file in [replay, program.folder().join("journal.sqlite").to_str().unwrap()] {
        let export = ["export", "schools", "--out", file];
        assert_eq!(ends(&[&export[..], &forced].concat()), REFUSED, "{file}");
    }
    // Of a replay, as of the live ones.
    let of_replay = program.run(&["export", "schools", "--out=-", "--from", replay]);
    assert_eq!(of_replay.as_bytes(), fs::read(out).unwrap());
}

#[test]
fn an_export_that_is_killed_leaves_nothing_that_looks_whole() {
    let program = a_nation_on_record(60);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("numbers.csv");
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let mut export = program
        .command(&["export", "--query", endless, "--out", out.to_str().unwrap()])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let has_begun = || {
        let parts = fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
        parts.map(|part| part.metadata().unwrap().len()).any(|len| len > 1_000_000)
    };
    while !has_begun() {
        std::thread::yield_now();
    }
    assert!(!out.exists());
    export.kill().unwrap();
    export.wait().unwrap();
    assert!(!out.exists());
}

type Rows = Vec<Vec<String>>;
type Read = fn(&Path, &[String]) -> Rows;

/// Each form with what reads it: every value as text, nothing as an empty one.
fn forms() -> [(&'static str, Read); 3] {
    [("csv", csv_rows), ("jsonl", json_rows), ("parquet", parquet_rows)]
}

fn csv_rows(file: &Path, columns: &[String]) -> Rows {
    let rows = csv::Reader::from_path(file).unwrap().into_records();
    let rows = rows.map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    rows.inspect(|row| assert_eq!(row.len(), columns.len())).collect()
}

fn json_rows(file: &Path, columns: &[String]) -> Rows {
    let text = fs::read_to_string(file).unwrap();
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        assert_eq!(row.as_object().unwrap().len(), columns.len());
        columns.iter().map(|column| shown(&row[column])).collect()
    };
    text.lines().map(row).collect()
}

fn parquet_rows(file: &Path, columns: &[String]) -> Rows {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let field = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => bytes.data().iter().map(|byte| format!("{byte:02x}")).collect(),
        other => panic!("{other:?}"),
    };
    let row = |row: Row| {
        let fields: Vec<String> = row.get_column_iter().map(|(_, it)| field(it)).collect();
        assert_eq!(fields.len(), columns.len());
        fields
    };
    reader.get_row_iter(None).unwrap().map(|it| row(it.unwrap())).collect()
}

/// What SQLite itself answers, asked without the program.
fn selected(program: &Program, query: &str) -> (Vec<String>, Vec<Vec<Cell>>) {
    let file = app::Folder::at(program.folder()).read_models;
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut select = connection.prepare(query).unwrap();
    let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
    let count = columns.len();
    let rows = select.query_map([], |row| (0..count).map(|at| row.get(at)).collect()).unwrap();
    let rows = rows.collect::<Result<_, _>>().unwrap();
    (columns, rows)
}

fn texts(rows: &[Vec<Cell>]) -> Rows {
    let text = |cell: &Cell| match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap().to_string(),
        other => other.to_string(),
    }
}
