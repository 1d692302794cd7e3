use chrono::NaiveDate;

/// `31-08-2017`, as the register and its links print a day; nothing where it is not known.
pub(super) fn dashed(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%d-%m-%Y").to_string()).unwrap_or_default()
}

/// `2017-08-31`, as the office writes it in its own files.
pub(super) fn iso(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default()
}
