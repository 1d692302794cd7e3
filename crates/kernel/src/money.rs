/// Pence as the office writes them: `£1,920.00`, and `-£5.00` where it is the office that owes.
#[must_use]
pub fn pounds(pence: impl Into<i128>) -> String {
    let pence = pence.into();
    let sign = if pence < 0 { "-" } else { "" };
    let pence = pence.unsigned_abs();
    let digits = (pence / 100).to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}£{grouped}.{:02}", pence % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pence_are_written_as_people_write_pounds() {
        for (pence, written) in [
            (0, "£0.00"),
            (5, "£0.05"),
            (160_000, "£1,600.00"),
            (-500, "-£5.00"),
            (123_456_789, "£1,234,567.89"),
        ] {
            assert_eq!(pounds(pence), written);
        }
        assert_eq!(
            (pounds(u64::MAX), pounds(i64::MIN)),
            ("£184,467,440,737,095,516.15".to_owned(), "-£92,233,720,368,547,758.08".to_owned(),)
        );
    }
}
