//! Workbooks whose parts are damaged before they are packed, so that the damage reaches the reader of the sheet and is
//! not stopped by the archive's checksum.

use national_data::{File, ofsted};
use proptest::prelude::proptest;
use proptest::test_runner::Config;

use super::{damaged, damages, hold};

const PARTS: [(&str, &str); 7] = [
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "[Content_Types].xml",
        r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="0"/><sheets><sheet name="one" sheetId="1" r:id="rId1"/><sheet name="two" sheetId="2" r:id="rId2"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4" uniqueCount="4"><si><t>URN</t></si><si><t>Rating</t></si><si><t>Inspection Date</t></si><si><r><t>Go</t></r><r><t>od</t></r></si></sst>"#,
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"#,
    ),
    (
        "xl/worksheets/sheet1.xml",
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row><row r="2"><c r="A2"><v>100000</v></c><c r="B2" t="s"><v>3</v></c><c r="C2" s="1"><v>43165</v></c></row><row r="3"><c r="A3"><v>100001</v></c><c r="B3" t="inlineStr"><is><t>Good</t></is></c><c r="C3" t="str"><f>TEXT(C2,"yyyymmdd")</f><v>20180306</v></c></row></sheetData></worksheet>"#,
    ),
];

/// Packs parts into a zip archive, stored as they are.
fn packed(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = vec![];
    let mut directory = vec![];
    for (name, content) in parts {
        let offset = archive.len() as u32;
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x4d];
        about.extend(checksum(content).to_le_bytes());
        about.extend((content.len() as u32).to_le_bytes());
        about.extend((content.len() as u32).to_le_bytes());
        about.extend((name.len() as u16).to_le_bytes());
        about.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&about);
        archive.extend(name.as_bytes());
        archive.extend(content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = archive.len() as u32;
    let count = (parts.len() as u16).to_le_bytes();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
    archive.extend([count, count].concat());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

/// CRC-32, as zip archives have it.
fn checksum(content: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !content.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn parts() -> Vec<(&'static str, Vec<u8>)> {
    PARTS.iter().map(|(name, content)| (*name, content.as_bytes().to_vec())).collect()
}

#[test]
fn the_workbook_is_read_before_it_is_damaged() {
    let reading = ofsted(&File::from_bytes("file.xlsx", packed(&parts()))).unwrap();
    let days: Vec<_> =
        reading.rows.iter().map(|row| row.inspections[0].inspected_on.to_string()).collect();
    assert_eq!(days, ["2018-03-06", "2018-03-06"]);
}

#[test]
fn a_workbook_that_lacks_a_part_is_read_or_refused_with_a_place() {
    for part in 0..PARTS.len() {
        let mut parts = parts();
        parts.remove(part);
        hold(&File::from_bytes("file.xlsx", packed(&parts))).unwrap();
    }
}

/// Numbers of rows and columns beyond all bounds once brought the workbook's reader down.
#[test]
fn cells_beyond_all_bounds_are_read_or_refused() {
    for place in ["A99999999999999999999", "ZZZZZZZZZZZZ2", "XFE2", "A0", "A", "2", "", "A1048577"]
    {
        let mut parts = parts();
        let sheet = parts.iter_mut().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
        let damaged = PARTS[6].1.replace("r=\"A2\"", &format!("r=\"{place}\""));
        assert_ne!(damaged, PARTS[6].1);
        sheet.1 = damaged.into_bytes();
        hold(&File::from_bytes("file.xlsx", packed(&parts))).unwrap();
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, ..Config::default() })]

    #[test]
    fn a_workbook_with_a_damaged_part_is_read_or_refused_with_a_place(
        part in 0..PARTS.len(),
        damages in damages(),
    ) {
        let mut parts = parts();
        parts[part].1 = damaged(&parts[part].1, &damages);
        hold(&File::from_bytes("file.xlsx", packed(&parts)))?;
    }
}
