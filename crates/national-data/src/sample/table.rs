/// A table of text in the making: what is needed of comma-separated values, and nothing that could fail.
pub(super) struct Table {
    text: String,
    newline: &'static str,
    started: bool,
}

impl Table {
    pub(super) fn new(newline: &'static str) -> Self {
        Self { text: String::new(), newline, started: false }
    }

    /// A field, quoted where it must be.
    pub(super) fn field(&mut self, text: &str) {
        match text.contains([',', '"', '\n', '\r']) {
            true => self.quoted(text),
            false => {
                self.separate();
                self.text.push_str(text);
            }
        }
    }

    /// A field in quotes, as some publishers write all text.
    pub(super) fn quoted(&mut self, text: &str) {
        self.separate();
        self.text.push('"');
        self.text.push_str(&text.replace('"', "\"\""));
        self.text.push('"');
    }

    pub(super) fn number(&mut self, number: u32) {
        self.field(&number.to_string());
    }

    pub(super) fn end_row(&mut self) {
        self.text.push_str(self.newline);
        self.started = false;
    }

    pub(super) fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for field in fields {
            self.field(field);
        }
        self.end_row();
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn separate(&mut self) {
        if self.started {
            self.text.push(',');
        }
        self.started = true;
    }
}

/// The bytes of a text as Windows programs wrote them before UTF-8.  All characters of the sample are in that code page.
pub(super) fn windows_1252(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

/// The bytes of a text in UTF-8, with the mark DfE puts before it.
pub(super) fn utf_8_with_mark(text: &str) -> Vec<u8> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend_from_slice(text.as_bytes());
    bytes
}
