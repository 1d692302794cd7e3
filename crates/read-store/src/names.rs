//! How well a name fits what somebody typed.

use projections::schools::sought;

/// What somebody typed of a name.
#[derive(Debug)]
pub(crate) struct Typed {
    phrase: String,
    words: Vec<String>,
}

/// How a name fits, the best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Fit {
    /// All that was typed stands in the name as it was typed, from the beginning of a word on.
    Phrase,
    /// Every word that was typed is the beginning of a word.
    Words,
    /// Every word is at least a part of one.
    Parts,
}

/// Fewer letters than these occur inside words by chance.
const PART: usize = 3;

impl Typed {
    /// `None`: there is nothing in it that a name could have.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let phrase = sought(text);
        let words = phrase.split(' ').map(str::to_owned).collect();
        (!phrase.is_empty()).then_some(Self { phrase, words })
    }

    /// How a name fits, as it is [`sought`], at worst as `least`.
    pub(crate) fn fit(&self, name: &str, least: Fit) -> Option<Fit> {
        if has_word(name, &self.phrase) {
            return Some(Fit::Phrase);
        }
        if self.words.len() > 1 && self.words.iter().all(|word| has_word(name, word)) {
            return Some(Fit::Words);
        }
        let is_part = |word: &String| {
            has_word(name, word) || (word.chars().count() >= PART && name.contains(word.as_str()))
        };
        (least == Fit::Parts && self.words.iter().all(is_part)).then_some(Fit::Parts)
    }

    /// A question to the index of groups of three letters, which every name that fits answers; so do some that do not.
    /// `None`: nothing is long enough.
    pub(crate) fn groups(&self) -> Option<String> {
        let mut groups = Vec::new();
        for word in &self.words {
            // `sought` holds letters, digits and spaces only, so there is nothing to escape in a word of it; the groups
            // are asked for one by one, because the index does not keep where they stand.
            let letters: Vec<char> = word.chars().collect();
            groups.extend(
                letters
                    .windows(PART)
                    .map(|group| format!("\"{}\"", group.iter().collect::<String>())),
            );
        }
        (!groups.is_empty()).then(|| groups.join(" AND "))
    }
}

/// Whether a word of the name begins so.
fn has_word(name: &str, begin: &str) -> bool {
    let (name, begin) = (name.as_bytes(), begin.as_bytes());
    let mut rest = name;
    loop {
        if rest.starts_with(begin) {
            return true;
        }
        match rest.iter().position(|byte| *byte == b' ') {
            Some(space) => rest = &rest[space + 1..],
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, name: &str) -> Option<Fit> {
        Typed::of(text).unwrap().fit(&sought(name), Fit::Parts)
    }

    #[test]
    fn words_fit_where_words_begin_and_long_ones_inside_them_at_worst() {
        for (text, name, found) in [
            ("st mary", "St Mary's School", Some(Fit::Phrase)),
            ("st mary", "The School of St Mary", Some(Fit::Phrase)),
            ("mary st", "St Mary's School", Some(Fit::Words)),
            ("st mary", "Mary Stone School", Some(Fit::Words)),
            ("st mary", "Westfield Primary", None),
            ("st primary", "Westfield Primary", None),
            ("field mary", "Westfield Primary", Some(Fit::Parts)),
            ("ea", "Heath School", None),
            ("eat", "Heath School", Some(Fit::Parts)),
            ("é", "École", Some(Fit::Phrase)),
        ] {
            assert_eq!(fit(text, name), found, "{text}: {name}");
        }
        assert!(Typed::of(" ’ ").is_none());
    }
}
