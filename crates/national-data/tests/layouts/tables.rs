use kernel::{Cell, RecordType, SchoolKind, Withheld};

use super::{faults, score, tables};

#[test]
fn every_line_end_is_read_with_the_right_line_numbers() {
    for end in ["\n", "\r\n", "\r"] {
        let lines =
            ["URN,SCHNAME,P8MEA", "100049,\"A school", "of two lines\",0.26", "", "100050,B,x", ""];
        assert_eq!(
            faults(tables(lines.join(end))),
            [format!("file.csv line 5, column P8MEA: `x` is not {A_SCORE}")],
            "{end:?}"
        );
    }
    let reading = tables("URN,P8MEA\r100049,0.26\r\n\r\n100050,-0.1\n").unwrap();
    let lines: Vec<_> = reading.rows.iter().map(|row| row.results.source.line).collect();
    assert_eq!(lines, [2, 4]);
}

const A_SCORE: &str = "a Progress 8 score: a decimal number such as -0.27, or one of the codes SUPP, LOWCOV, NE, NP, \
                       NA, NEW, RE, SP, or blank";

#[test]
fn everything_wrong_is_told_at_once_with_line_column_and_value() {
    let text = "URN,RECTYPE,NFTYPE,LEA,ESTAB,TPUP,P8MEA,P8CILOW,P8CIUPP,ICLOSE\n\
                12,1,CY,201,4001,10,0.1,0,0.2,0\n\
                100049,3,CY,201,4001,10,0.1,0,0.2,0\n\
                100050,1,XX,20,4001,ten,\"0,1\",NULL,0.2%,2\n\
                100051,1,CY\n\
                100052,1,CY,201,4001,10,0.1,0,0.2,0,9\n";
    let told = faults(tables(text));
    for (told, begins) in told.iter().zip([
        "file.csv line 2, column URN: `12` is not a URN",
        "file.csv line 3, column RECTYPE: `3` is not a RECTYPE",
        "file.csv line 4, column P8MEA: `0,1` is not a Progress 8 score",
        "file.csv line 4, column P8CILOW: `NULL` is not a Progress 8 score",
        "file.csv line 4, column P8CIUPP: `0.2%` is not a Progress 8 score",
        "file.csv line 4, column TPUP: `ten` is not a number of pupils",
        "file.csv line 4, column NFTYPE: `XX` is not a kind of school",
        "file.csv line 4, column LEA: `20` is not part of a LAESTAB",
        "file.csv line 4, column ICLOSE: `2` is not 0 (open) or 1 (closed)",
        "file.csv line 5: the line has 3 fields, where the header has 10",
        "file.csv line 6: the line has 11 fields, where the header has 10",
    ]) {
        assert!(told.starts_with(begins), "{told} does not begin with {begins}");
    }
    assert_eq!(told.len(), 11);
}

#[test]
fn codes_stay_what_they_are_cell_by_cell() {
    let text = "URN,P8MEA,P8CILOW,P8CIUPP,TPUP\n\
                100049,SUPP,NE, ,NA\n\
                100050,-0.32999999999999996,LOWCOV,NP,\"1,234\"\n\
                100051,,NEW,RE,SP\n";
    let rows = tables(text).unwrap().rows;
    let code = |code| Some(Cell::Withheld(code));
    let figures = rows[0].results.figures;
    assert_eq!(figures.progress8, code(Withheld::Suppressed));
    assert_eq!(figures.lower, code(Withheld::NoEntries));
    assert_eq!(figures.upper, code(Withheld::Blank), "a single space");
    assert_eq!(figures.pupils, Some(Cell::Withheld(Withheld::NotApplicable)));
    let figures = rows[1].results.figures;
    assert_eq!((figures.progress8, figures.lower), (score(-33), code(Withheld::LowCoverage)));
    assert_eq!(figures.pupils, Some(Cell::Published(1_234)));
    assert_eq!(rows[2].results.figures.progress8, code(Withheld::Blank));
}

#[test]
fn totals_are_passed_over_and_special_schools_are_not() {
    let text = "RECTYPE,URN,P8MEA\n1,100049,0.1\n2,100050,NE\n4, , \n4, , \n5,,-0.03\n7,,-0.02\n";
    let reading = tables(text).unwrap();
    assert_eq!((reading.counts.read, reading.counts.passed_over), (6, 4));
    let types: Vec<_> = reading.rows.iter().map(|row| row.results.record_type).collect();
    assert_eq!(types, [Some(RecordType::Mainstream), Some(RecordType::Special)]);
    let notes: Vec<_> = reading.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes[0],
        "line 4: 2 rows passed over: RECTYPE 4, totals of local authorities (the first is here)"
    );
}

#[test]
fn a_column_that_is_not_there_is_none_and_a_near_name_is_told() {
    let reading = tables("URN,Progress 8,P8CIL0W\n100049,0.1,0\n").unwrap();
    let results = &reading.rows[0].results;
    assert_eq!((results.figures.progress8, results.figures.lower), (score(10), None));
    assert_eq!((results.kind, results.record_type), (None, None));
    let notes: Vec<_> = reading.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["line 1: no column `P8CILOW`; `P8CIL0W` is close, and was not read as it"]);
}

#[test]
fn the_same_school_twice_is_a_repeat_or_a_contradiction() {
    let reading = tables("URN,P8MEA,X\n100049,0.1,a\n100050,0.2,b\n100049,0.10,a\n").unwrap();
    assert_eq!((reading.rows.len(), reading.counts.repeated), (2, 1));
    assert_eq!(reading.notes[0].to_string(), "line 4: repeats line 2");
    assert_eq!(
        faults(tables("URN,P8MEA\n100049,0.1\n100049,0.2\n")),
        [
            "file.csv line 3, column URN: `100049` is not new here: line 2 says something else of the same school"
        ]
    );
}

#[test]
fn another_years_file_is_refused_and_the_same_year_is_read_in_any_spelling() {
    for year in ["2018", "2018.0", "2017/18", "2017-2018"] {
        assert!(tables(format!("URN,P8MEA,Academic Year\n100049,0.1,{year}\n")).is_ok(), "{year}");
    }
    for year in ["2017", "2018/19", "last year"] {
        let told =
            faults(tables(format!("URN,P8MEA,Academic Year\n100049,1,{year}\n100050,1,{year}\n")));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("is not 2017/18, the year that the release was said to be of"),
            "{told:?}"
        );
    }
}

#[test]
fn a_title_before_the_header_and_columns_without_a_name_are_no_obstacle() {
    let text = "Key stage 4 results,,\n\n,URN,P8MEA\n0,100049.0,1\n,,\n";
    let reading = tables(text).unwrap();
    assert_eq!((reading.rows[0].urn.number(), reading.rows[0].results.source.line), (100_049, 4));
    let notes: Vec<_> = reading.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        ["line 1: before the header, not read: `Key stage 4 results`", "1 blank rows"]
    );
}

#[test]
fn both_spellings_of_a_kind_are_one_kind() {
    let rows =
        tables("URN,P8MEA,NFTYPE\n100049,1,FUTC\n100050,1,UTC\n100051,1,FSS\n").unwrap().rows;
    let kinds: Vec<_> = rows.iter().filter_map(|row| row.results.kind).collect();
    assert_eq!(kinds, [SchoolKind::UTC, SchoolKind::UTC, SchoolKind::SS]);
}

#[test]
fn what_is_not_the_tables_is_refused_with_what_is_missing() {
    for (text, says) in [
        ("", "file.csv: the file is empty"),
        ("\n,,\n", "file.csv: the file holds no table: every row is blank"),
        ("URN,P8MEA\n", "file.csv: there is a header, but no row below it"),
        (
            "URN,P8MEA,P8MEA\n100049,1,1\n",
            "line 1: the header has `P8MEA` twice, as columns 2 and 3",
        ),
        ("URN,P8_MEA\n100049,1\n", "no column `P8MEA` or `Progress 8`; was `P8_MEA` meant?"),
        (
            "school,score\n1,2\n",
            "line 1: not KS4 performance tables: the header has no column `URN`",
        ),
        ("URN;P8MEA\n100049;1\n", "its fields are not separated by commas"),
        ("<!doctype html>", "it is a web page"),
        (
            "URN,P8MEA\n100049,1\n100050,\"1\n100051,1\n",
            "line 3: a quotation mark opened here is never closed",
        ),
        ("U\0R\0N\0", "zero bytes"),
    ] {
        let told = faults(tables(text)).join("\n");
        assert!(told.contains(says), "{text:?}: {told}");
    }
    assert!(
        tables("URN,P8MEA,SCHNAME\n100049,1,The 5\" school\n").is_ok(),
        "a mark inside a cell is a letter"
    );
}

#[test]
fn the_layout_is_fingerprinted_so_that_a_changed_header_is_seen() {
    let layout = |header: &str| tables(format!("{header}\n100049,1,1\n")).unwrap().layout;
    assert_eq!(layout("URN,P8MEA,A"), layout("URN,P8MEA,A"));
    assert_ne!(layout("URN,P8MEA,A"), layout("URN,P8MEA,B"));
}
