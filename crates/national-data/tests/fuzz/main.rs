//! No bytes make a reader panic, and whatever is refused is refused with a place.

#![cfg(test)]

use std::sync::OnceLock;

use chrono::NaiveDate;
use national_data::sample::Nation;
use national_data::{Faults, File, cover, ks4, links, locations, names, ofsted, register};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::{Config, TestCaseError};

mod workbooks;

/// Headers as they are published, and rows that fit them.
const FILES: [&str; 7] = [
    "RECTYPE,LEA,ESTAB,SCHNAME,URN,ICLOSE,NFTYPE,TPUP,ATT8SCR,P8MEA,P8CILOW,P8CIUPP\n\
     1,201,6007,City of London School,100003,0,IND,NA,NA,NA,NA,NA\n\
     4,201, , , , , , , , , , \n\
     1,202,4104,\"Haverstock, School\",100049,0,CY,197,44.9,-0.1,-0.28,0.09\n",
    "URN,KS4 Pupils,Progress 8,Academic Year\r\n100049,197,-0.1,2018\r\n145313,,,2018\r\n",
    "URN,Rating,Inspection Date\r\n100000,Outstanding,20130418\r\n100000,Good,20050921\r\n",
    "\"URN\",\"LinkURN\",\"LinkName\",\"LinkType\",\"LinkEstablishedDate\"\n\
     100006,134643,\"CCfL Key Stage 3 PRU\",\"Predecessor - merged\",\"01-01-2022\"\n\
     100016,132245,\"Kingsgate Primary School\",\"Successor\",\"\"\n",
    "URN,SCHNAME,NFTYPE,ICLOSE,CLOSEDATE,LA,ESTAB,ISPRIMARY,Easting,Northing\n\
     100000,Sir John Cass's,Voluntary aided school,1,,201,3614,1,533498,181201\n",
    "URN,LATITUDE,LONGITUDE\r100001,51.519129,-0.094509\r",
    "urn,from,until,via_trust\n100000,2018-09-01,,A Trust\n",
];

/// Cells that have gone wrong in some file somewhere.
const CELLS: [&str; 24] = [
    "",
    " ",
    "\"",
    "\"\"",
    ",",
    "\n",
    "\r",
    "\u{feff}",
    "\0",
    "é",
    "100049.0",
    "1e+05",
    "1e999",
    "-",
    "NULL",
    "SUPP",
    "99999999999999999999",
    "-0.32999999999999996",
    "31-02-2017",
    "00000000",
    "9999-12-31",
    "0,5",
    "\u{a0}",
    "=1+1",
];

/// Every reader on one file.
fn read_every_way(file: &File) -> [Result<u64, Faults>; 7] {
    let day = NaiveDate::from_ymd_opt(2019, 1, 31).unwrap();
    [
        ks4(file, "2017/18 final".parse().unwrap(), day).map(|reading| reading.counts.read),
        ofsted(file).map(|reading| reading.counts.read),
        register(file, day).map(|reading| reading.counts.read),
        links(file).map(|reading| reading.counts.read),
        names(file).map(|reading| reading.counts.read),
        locations(file).map(|reading| reading.counts.read),
        cover(file).map(|reading| reading.counts.read),
    ]
}

/// A refusal names the file, the line (unless the whole file is meant) and what would be right.
fn hold(file: &File) -> Result<(), TestCaseError> {
    let lines = file.bytes().iter().filter(|byte| b"\r\n".contains(byte)).count() as u64 + 1;
    for outcome in read_every_way(file) {
        let Err(faults) = outcome else { continue };
        prop_assert_eq!(&faults.file, &file.name);
        prop_assert!(!faults.faults.is_empty());
        for fault in &faults.faults {
            prop_assert!(!fault.expected.is_empty());
            prop_assert!(
                fault.line <= lines || file.name.ends_with("xlsx"),
                "{fault} of {lines} lines"
            );
            prop_assert!(fault.column.is_empty() || fault.line > 0, "{fault}");
        }
        prop_assert!(faults.to_string().starts_with(&file.name));
    }
    Ok(())
}

/// One thing done to a file: at a place (a share of its length), something is put in, taken out or put in its stead.
#[derive(Clone, Debug)]
struct Damage {
    place: f64,
    length: usize,
    instead: Vec<u8>,
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let instead = proptest::prop_oneof![
        prop::sample::select(&CELLS[..]).prop_map(|cell| cell.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    let damage = (0.0..1.0, 0..12_usize, instead).prop_map(|(place, length, instead)| Damage {
        place,
        length,
        instead,
    });
    prop::collection::vec(damage, 1..6)
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for Damage { place, length, instead } in damages {
        let start = (place * bytes.len() as f64) as usize;
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, instead.iter().copied());
    }
    bytes
}

/// A workbook with a table of inspections, as Excel writes it.
fn workbook() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, name) in ["URN", "Rating", "Inspection Date"].into_iter().enumerate() {
            sheet.write_string(0, column as u16, name).unwrap();
        }
        for row in 1..40 {
            sheet.write_number(row, 0, f64::from(100_000 + row)).unwrap();
            sheet.write_string(row, 1, "Good").unwrap();
            sheet.write_string(row, 2, "2018-03-06").unwrap();
        }
        book.save_to_buffer().unwrap()
    })
}

/// A small sample nation: all its files.
fn nation() -> &'static [(String, Vec<u8>)] {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    FILES.get_or_init(|| Nation::generate(7, 12).files())
}

#[test]
fn the_files_are_read_before_they_are_damaged() {
    for (index, text) in FILES.iter().enumerate() {
        let outcomes = read_every_way(&File::from_bytes("file.csv", *text));
        assert!(outcomes.iter().any(Result::is_ok), "file {index}: {outcomes:?}");
    }
    assert_eq!(ofsted(&File::from_bytes("file.xlsx", workbook())).unwrap().counts.read, 39);
}

proptest! {
    #![proptest_config(Config { cases: 400, ..Config::default() })]

    #[test]
    fn arbitrary_bytes_are_refused_with_a_place(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        hold(&File::from_bytes("file.csv", bytes))?;
    }

    #[test]
    fn arbitrary_bytes_below_a_true_header_are_refused_with_a_place(
        file in prop::sample::select(&FILES[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let header = file.split_inclusive(['\n', '\r']).next().unwrap();
        hold(&File::from_bytes("file.csv", [header.as_bytes(), &bytes].concat()))?;
    }

    #[test]
    fn a_damaged_file_is_read_or_refused_with_a_place(
        file in prop::sample::select(&FILES[..]),
        damages in damages(),
    ) {
        hold(&File::from_bytes("file.csv", damaged(file.as_bytes(), &damages)))?;
    }

    #[test]
    fn a_damaged_workbook_is_read_or_refused_with_a_place(damages in damages()) {
        hold(&File::from_bytes("file.xlsx", damaged(workbook(), &damages)))?;
    }

    #[test]
    fn a_damaged_nation_is_read_or_refused_with_a_place(
        file in prop::sample::select(nation()),
        damages in damages(),
    ) {
        let (name, bytes) = file;
        hold(&File::from_bytes(name, damaged(&bytes, &damages)))?;
    }
}
