//! What is kept of a server's reply: its numbers, and the office's own words for them.  The server's words may name whom
//! they are about, in whatever form, and what is in an event stays for ever (R39).

/// What a server said, or what became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Reply {
    /// Without anything of a person.
    pub(super) kept: String,
    /// The server's own words, for whoever sends to see now.  `None`: it said nothing.
    pub(super) whole: Option<String>,
}

/// The class of an enhanced status, its subject and its detail: 5, 1 and 1 of `5.1.1` (RFC 3463).
type Status = (u16, u16, u16);

impl Reply {
    /// A reply with its code (RFC 5321), `text` without it.
    pub(super) fn of(code: u16, text: &str) -> Self {
        let status = status(text).filter(|(class, ..)| *class == code / 100);
        let numbers = status.map_or_else(
            || code.to_string(),
            |(class, subject, detail)| format!("{code} {class}.{subject}.{detail}"),
        );
        let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            kept: format!("{numbers}: {}", meaning(code, status)),
            whole: Some(format!("{code} {whole}")),
        }
    }

    /// What cannot be read as a reply, or broke off.
    pub(super) fn unreadable(whole: String) -> Self {
        Self { kept: "the connection to the mail server failed".to_owned(), whole: Some(whole) }
    }

    /// What no server said.
    pub(super) fn ours(text: &str) -> Self {
        Self { kept: text.to_owned(), whole: None }
    }
}

fn status(text: &str) -> Option<Status> {
    let mut numbers = text.split_whitespace().next()?.split('.').map(|number| {
        let is_one = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        number.parse().ok().filter(|_| is_one)
    });
    let status = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(status)
}

fn meaning(code: u16, status: Option<Status>) -> &'static str {
    if code / 100 == 2 {
        return "the server took it";
    }
    match (status.map(|(_, subject, detail)| (subject, detail)), code) {
        (Some((1, 1 | 6)), _) => "there is no such mailbox",
        (Some((1, 7 | 8)), _) => "the office's own address is not taken",
        (Some((1, _)), _) => "the address is not taken",
        (Some((2, 2)), _) | (None, 552) => "the mailbox is full",
        (Some((2, 3)), _) => "the letter is too long for the mailbox",
        (Some((2, _)), _) => "the mailbox takes nothing",
        (Some((3, _)), _) => "the recipient's mail system has a fault, or no room",
        (Some((4, _)), _) => "the recipient's mail system was not reached",
        (Some((5, _)), _) => "the servers did not understand each other",
        (Some((6, _)), _) => "the form of the letter is not taken",
        (Some((7, _)), _) => "the server's rules do not let it through",
        (None, 421) => "the server is closing",
        (None, 450) => "the mailbox cannot be used for the moment",
        (None, 550) => "there is no such mailbox, or it may not be written to",
        (None, 553) => "the address is not taken",
        (_, 400..=499) => "the server does not take it for the moment",
        _ => "the server does not take it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_reply_the_numbers_are_kept_and_no_word() {
        for (code, text, kept) in [
            (
                550,
                "5.1.1 <ann.hill@school.example>: unknown",
                "550 5.1.1: there is no such mailbox",
            ),
            (550, "5.2.1 mailbox for a_hill", "550 5.2.1: the mailbox takes nothing"),
            (552, "AnnHill is over quota", "552: the mailbox is full"),
            (
                451,
                "4.3.2\r\ntry later",
                "451 4.3.2: the recipient's mail system has a fault, or no room",
            ),
            (499, "Ann", "499: the server does not take it for the moment"),
            (554, "5.7.1.9 Ann", "554: the server does not take it"),
            (554, "4.7.1 Ann", "554: the server does not take it"),
            (554, "5.70000.1 Ann", "554: the server does not take it"),
            (250, "2.0.0 kept for Ann as 17", "250 2.0.0: the server took it"),
            (250, "", "250: the server took it"),
        ] {
            assert_eq!(Reply::of(code, text).kept, kept, "{text}");
        }
        let reply = Reply::of(550, "5.2.1 mailbox\r\nfor a_hill");
        assert_eq!(reply.whole.unwrap(), "550 5.2.1 mailbox for a_hill");
    }
}
