//! What is known of a person: their name, and how they are reached.

use std::fmt;
use std::str::FromStr;

use email_address::EmailAddress;
use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

/// What is sealed of a person.  Made by [`Details::of`] alone, so that it is fit for a letter.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct Details {
    pub name: String,
    /// In ASCII: what other letters an address may have, not every mail server carries.
    pub email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// How a letter begins, where it is not `Dear` and the name: `Dear Dr Hill`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salutation: Option<String>,
}

/// A detail that people give.
#[derive(Clone, Copy, Debug, Display, Eq, Hash, IntoStaticStr, Ord, PartialEq, PartialOrd)]
#[strum(serialize_all = "snake_case")]
pub enum Detail {
    Name,
    Email,
    Phone,
    Salutation,
}

/// A detail that is not fit for a letter, and what would be.  It does not repeat what was given.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{detail}: {expected}")]
pub struct Misfit {
    pub detail: Detail,
    pub expected: &'static str,
}

impl Detail {
    /// The longest that is taken, in letters.
    #[must_use]
    pub fn longest(self) -> usize {
        match self {
            Self::Name | Self::Salutation => 120,
            // RFC 5321, 4.5.3.1.3, less the angle brackets.
            Self::Email => 254,
            Self::Phone => 40,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Name => "a name in one line of at most 120 letters",
            Self::Email => "an e-mail address in ASCII, such as head@school.example",
            Self::Phone => {
                "a telephone number of at most 40 digits, spaces, brackets, dots and +-/x"
            }
            Self::Salutation => "a salutation in one line of at most 120 letters, or none",
        }
    }

    fn misfit(self) -> Misfit {
        Misfit { detail: self, expected: self.expected() }
    }

    /// What was given, trimmed; `None` where there was nothing.
    fn fit(self, text: &str) -> Result<Option<String>, Misfit> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let fits = text.chars().count() <= self.longest()
            && !text.chars().any(breaks_a_line)
            && match self {
                Self::Name | Self::Salutation => true,
                Self::Email => text.is_ascii() && EmailAddress::from_str(text).is_ok_and(is_bare),
                Self::Phone => {
                    text.bytes().any(|byte| byte.is_ascii_digit())
                        && text.chars().all(|c| c.is_ascii_digit() || " ()+-./x".contains(c))
                }
            };
        if fits { Ok(Some(text.to_owned())) } else { Err(self.misfit()) }
    }
}

impl Details {
    /// Details as people gave them, trimmed; an empty phone or salutation is none.
    ///
    /// # Errors
    /// Every detail that is not fit for a letter, in the order of the arguments.
    pub fn of(
        name: &str,
        email: &str,
        phone: Option<&str>,
        salutation: Option<&str>,
    ) -> Result<Self, Vec<Misfit>> {
        let mut misfits = vec![];
        let mut fit = |detail: Detail, text: &str| match detail.fit(text) {
            Ok(fit) => fit,
            Err(misfit) => {
                misfits.push(misfit);
                // Told once: it is not missing, too.
                Some(String::new())
            }
        };
        let name = fit(Detail::Name, name);
        let email = fit(Detail::Email, email);
        let phone = fit(Detail::Phone, phone.unwrap_or_default());
        let salutation = fit(Detail::Salutation, salutation.unwrap_or_default());
        let missing = [(Detail::Name, name.is_none()), (Detail::Email, email.is_none())];
        misfits.extend(missing.iter().filter(|(_, none)| *none).map(|(it, _)| it.misfit()));
        misfits.sort_by_key(|misfit| misfit.detail);
        match (name, email) {
            (Some(name), Some(email)) if misfits.is_empty() => {
                Ok(Self { name, email, phone, salutation })
            }
            _ => Err(misfits),
        }
    }

    /// Puts in what only the other says of the same person, or answers the first detail of which they say different things: an
    /// empty cell of a list is unknown, and contradicts nothing.
    ///
    /// # Errors
    /// The detail on which they differ.
    pub fn join(&mut self, other: &Self) -> Result<(), Detail> {
        for (detail, mine, theirs) in [
            (Detail::Phone, &self.phone, &other.phone),
            (Detail::Salutation, &self.salutation, &other.salutation),
        ] {
            if mine.is_some() && theirs.is_some() && mine != theirs {
                return Err(detail);
            }
        }
        self.phone = self.phone.take().or_else(|| other.phone.clone());
        self.salutation = self.salutation.take().or_else(|| other.salutation.clone());
        Ok(())
    }

    /// The mailbox that it is written to, whatever letters of it are large.
    #[must_use]
    pub fn mailbox(&self) -> String {
        self.email.to_ascii_lowercase()
    }

    /// What two people have in common if they are one, as far as details can tell: the name, and the mailbox.
    #[must_use]
    pub fn same_person(&self) -> (String, String) {
        (self.name.to_lowercase(), self.mailbox())
    }
}

/// Nothing: what is logged or printed by mistake must not say who somebody is.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(..)")
    }
}

/// An address alone, without a name before it.
fn is_bare(address: EmailAddress) -> bool {
    address.display_part().is_empty() && address.domain().contains('.')
}

/// Control characters, ends of lines of every kind, and those that turn the direction of what follows.
fn breaks_a_line(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn details(name: &str, email: &str) -> Result<Details, Vec<Detail>> {
        let misfits = |misfits: Vec<Misfit>| misfits.into_iter().map(|it| it.detail).collect();
        Details::of(name, email, None, None).map_err(misfits)
    }

    #[test]
    fn details_are_trimmed_and_what_is_empty_is_not_there() {
        let found =
            Details::of(" Ann Hill ", " a.hill@hilltop.example\t", Some(" "), Some("Dear Ann"));
        let found = found.unwrap();
        assert_eq!(
            (found.name.as_str(), found.email.as_str()),
            ("Ann Hill", "a.hill@hilltop.example")
        );
        assert_eq!((found.phone, found.salutation.as_deref()), (None, Some("Dear Ann")));
    }

    #[test]
    fn one_name_at_one_mailbox_is_one_person() {
        let one = details("Zoë Hill", "z.hill@hilltop.example").unwrap().same_person();
        for (name, email, same) in [
            ("ZOË hill", "Z.Hill@hilltop.example", true),
            ("Zoë Hall", "z.hill@hilltop.example", false),
            ("Zoë Hill", "z.hill@river.example", false),
        ] {
            assert_eq!(details(name, email).unwrap().same_person() == one, same, "{name} {email}");
        }
    }

    #[test]
    fn an_address_that_mail_may_not_reach_is_refused() {
        for email in [
            "",
            "head",
            "head@",
            "@school.example",
            "a b@school.example",
            "head@school",
            "head@school.example, other@school.example",
            "Ann <ann@school.example>",
            "ann@schöol.example",
            "ann\n@school.example",
        ] {
            assert_eq!(details("Ann", email), Err(vec![Detail::Email]), "{email}");
        }
        assert!(details("Ann", &format!("{}@school.example", "a".repeat(60))).is_ok());
        assert!(details("Ann", &format!("a@{}.example", "b.".repeat(130))).is_err());
    }

    #[test]
    fn text_that_breaks_a_line_or_turns_it_is_refused() {
        for name in
            ["", " ", "Ann\nBcc: all", "Ann\0", "Ann\u{202e}", "An\u{2028}n", &"n".repeat(121)]
        {
            assert_eq!(details(name, "a@b.example"), Err(vec![Detail::Name]), "{name:?}");
        }
        assert!(details("Siân O’Neill-Łuczak", "a@b.example").is_ok());
        let phone = |phone| Details::of("Ann", "a@b.example", Some(phone), None).is_ok();
        assert!(phone("+44 (0)20 7946 0000 x12") && !phone("call me") && !phone("+"));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_and_nothing_of_what_was_given() {
        let misfits = Details::of("", "nobody", Some("abc"), Some("Dear\u{7}")).unwrap_err();
        let told: Vec<Detail> = misfits.iter().map(|it| it.detail).collect();
        assert_eq!(told, [Detail::Name, Detail::Email, Detail::Phone, Detail::Salutation]);
        assert!(misfits.iter().all(|it| !it.to_string().contains("nobody")));
    }

    #[test]
    fn what_one_line_leaves_out_another_says_and_only_different_words_contradict() {
        let of = |phone, salutation| Details::of("Ann", "a@b.example", phone, salutation).unwrap();
        let mut known = of(None, Some("Dear Ann"));
        assert_eq!(known.join(&of(Some("1"), None)), Ok(()));
        assert_eq!(known, of(Some("1"), Some("Dear Ann")));
        assert_eq!(known.join(&of(Some("2"), None)), Err(Detail::Phone));
        assert_eq!(known.join(&of(None, Some("Hi"))), Err(Detail::Salutation));
        assert_eq!(known, of(Some("1"), Some("Dear Ann")));
    }

    #[test]
    fn details_are_never_printed_by_mistake() {
        let details = details("Ann Hill", "ann@hilltop.example").unwrap();
        assert_eq!(format!("{details:?}"), "Details(..)");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_taken_is_one_line(
            name in ".*", email in ".*", phone in ".*", salutation in ".*",
        ) {
            if let Ok(found) = Details::of(&name, &email, Some(&phone), Some(&salutation)) {
                let Details { name, email, phone, salutation } = found;
                for text in [Some(name), Some(email), phone, salutation].into_iter().flatten() {
                    prop_assert!(!text.is_empty() && !text.chars().any(breaks_a_line));
                }
            }
        }
    }
}
