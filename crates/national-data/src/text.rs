//! From bytes to text with one kind of line end, or a sentence why not.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::File;

/// What a file is, whatever its name says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Text,
    Workbook,
}

/// A text file, decoded.
#[derive(Debug)]
pub(crate) struct Text<'f> {
    /// Every line ends in `\n`; the byte order mark is gone.
    pub(crate) text: Cow<'f, str>,
    /// Worth a note: the encoding, where it is not UTF-8.
    pub(crate) encoding: Option<&'static str>,
}

/// First bytes of files that people mistake for national data, and what to do about each.
const NOT_DATA: [(&[u8], &str); 6] = [
    (
        b"\xd0\xcf\x11\xe0",
        "it is an Excel workbook of the old kind (.xls); save it as .xlsx or .csv",
    ),
    (b"%PDF", "it is a PDF, not a table of data; download the .csv or .xlsx"),
    (b"\x1f\x8b", "it is packed with gzip; unpack it and give the file inside"),
    (b"7z\xbc\xaf", "it is a 7-Zip archive; unpack it and give the file inside"),
    (b"Rar!", "it is a RAR archive; unpack it and give the file inside"),
    (b"PAR1", "it is a Parquet file; give the .csv or .xlsx instead"),
];

/// The part that every Excel workbook has, as it stands in the directory of the zip archive that a workbook is.
const WORKBOOK_PART: &[u8] = b"xl/workbook.xml";
const OPEN_DOCUMENT: &[u8] = b"opendocument.spreadsheet";

/// Recognises a file by its bytes, and refuses what no reader can read, or whose name says another form.
pub(crate) fn form(file: &File) -> Result<Form, String> {
    let bytes = file.bytes.as_slice();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("the file is empty".to_owned());
    }
    if let Some((_, sentence)) = NOT_DATA.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err((*sentence).to_owned());
    }
    if let Some(sentence) = is_web_page(bytes) {
        return Err(sentence);
    }
    let named = file.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let named = named.unwrap_or_default();
    if !bytes.starts_with(b"PK\x03\x04") && !bytes.starts_with(b"PK\x05\x06") {
        return match named.as_str() {
            "xlsx" | "xlsm" => Err(format!(
                "its name ends in .{named}, but it is not an Excel workbook; if it is a text file, name it .csv"
            )),
            _ => Ok(Form::Text),
        };
    }
    // An OpenDocument file names its kind at the very beginning.
    if contains(&bytes[..bytes.len().min(200)], OPEN_DOCUMENT) {
        return Err("it is an OpenDocument sheet; save it as .xlsx or .csv".to_owned());
    }
    if !contains(bytes, WORKBOOK_PART) {
        return Err("it is a zip archive; unpack it and give the file inside".to_owned());
    }
    match named.as_str() {
        "csv" | "txt" | "tsv" => Err(format!(
            "its name ends in .{named}, but it is an Excel workbook; name it .xlsx, or save it as .csv"
        )),
        _ => Ok(Form::Workbook),
    }
}

/// Decodes a text file: UTF-8, UTF-16 with a byte order mark, or else Windows-1252, which is what the register and
/// Ofsted publish in.
pub(crate) fn decode(bytes: &[u8]) -> Result<Text<'_>, String> {
    let (encoding, text) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, in_encoding(encoding, &bytes[length..])),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (UTF_8, Some(Cow::Borrowed(text))),
            // Every byte means something in Windows-1252, so this cannot fail.
            Err(_) => (WINDOWS_1252, in_encoding(WINDOWS_1252, bytes)),
        },
    };
    let Some(text) = text else {
        return Err(format!(
            "it begins as {} text does, but is not; save it as UTF-8",
            encoding.name()
        ));
    };
    if text.contains('\0') {
        return Err(
            "it holds zero bytes, so it is not text (or UTF-16 without its mark); save it as UTF-8"
                .to_owned(),
        );
    }
    let encoding = match encoding {
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => Some("UTF-16"),
        encoding if encoding == WINDOWS_1252 => Some("Windows-1252"),
        _ => None,
    };
    Ok(Text { text: with_one_line_end(text), encoding })
}

fn in_encoding<'f>(encoding: &'static Encoding, bytes: &'f [u8]) -> Option<Cow<'f, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// `\r\n`, a lone `\r` (a whole DfE file of 2016 has no other) and `\n` all end a line, also mixed in one file.
fn with_one_line_end(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('\r') {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some((line, after)) = rest.split_once('\r') {
        plain.push_str(line);
        plain.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn is_web_page(bytes: &[u8]) -> Option<String> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && byte.is_ascii())?;
    let head = bytes[start..].iter().take(15).map(u8::to_ascii_lowercase).collect::<Vec<_>>();
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        Some("it is a web page, not a file of data; the download may have failed, or asked for a log-in".to_owned())
    } else if head.starts_with(b"<?xml") {
        Some("it is an XML file, not a table of data; give the .csv or .xlsx".to_owned())
    } else {
        None
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).rev().any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str, bytes: &[u8]) -> String {
        form(&File::from_bytes(name, bytes)).unwrap_err()
    }

    #[test]
    fn the_wrong_kind_of_file_is_refused_with_what_to_do() {
        for (name, bytes, says) in [
            ("a.csv", &b""[..], "empty"),
            ("a.csv", b" \r\n ", "empty"),
            ("a.csv", b"\xef\xbb\xbf<!DOCTYPE html><html>", "web page"),
            ("a.csv", b"\n <HTML>", "web page"),
            ("a.csv", b"<?xml version='1.0'?>", "XML"),
            ("a.csv", b"PK\x03\x04....xl/workbook.xml", "is an Excel workbook; name it .xlsx"),
            ("a.xlsx", b"PK\x03\x04....england.csv", "zip archive; unpack it"),
            ("a.zip", b"PK\x05\x06", "zip archive; unpack it"),
            (
                "a.ods",
                b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "OpenDocument",
            ),
            ("a.xlsx", b"URN,Rating\n", "is not an Excel workbook"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1", "old kind"),
            ("a.pdf", b"%PDF-1.4", "PDF"),
            ("a.csv.gz", b"\x1f\x8b\x08", "gzip"),
        ] {
            let sentence = refusal(name, bytes);
            assert!(sentence.contains(says), "{name}: {sentence}");
        }
        assert_eq!(
            form(&File::from_bytes("register", *b"PK\x03\x04xl/workbook.xml")),
            Ok(Form::Workbook)
        );
        assert_eq!(form(&File::from_bytes("a.CSV", *b"URN\n1")), Ok(Form::Text));
    }

    #[test]
    fn each_encoding_that_is_published_in_is_read() {
        for (bytes, text, encoding) in [
            (&b"\xef\xbb\xbfSt George\xe2\x80\x99s"[..], "St George’s", None),
            (b"St George\xe2\x80\x99s", "St George’s", None),
            (b"St George\x92s \xe0 Becket", "St George’s à Becket", Some("Windows-1252")),
            (b"\xff\xfeU\0R\0", "UR", Some("UTF-16")),
            (b"\xfe\xff\0U\0R", "UR", Some("UTF-16")),
        ] {
            let decoded = decode(bytes).unwrap();
            assert_eq!((decoded.text.as_ref(), decoded.encoding), (text, encoding));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, says) in [
            (&b"\xef\xbb\xbfab\xff"[..], "begins as UTF-8"),
            (b"\xff\xfe\x00\xd8", "begins as UTF-16LE"),
            (b"U\0R\0N\0", "zero bytes"),
        ] {
            let sentence = decode(bytes).unwrap_err();
            assert!(sentence.contains(says), "{sentence}");
        }
    }

    #[test]
    fn all_line_ends_become_one() {
        assert_eq!(decode(b"a\rb\r\nc\nd\r").unwrap().text, "a\nb\nc\nd\n");
    }
}
