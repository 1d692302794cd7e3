//! Kinds of school: codes in the performance tables, words in the register.

use kernel::SchoolKind;

pub(crate) const A_CODE: &str = "a kind of school (NFTYPE): CY, VA, VC, FD, AC, ACC, F, UTC, SS, CTC, CYS, FDS, ACS, ACCS, FS, NMSS, INDSPEC, IND, FESI, ...";
pub(crate) const A_WORD: &str =
    "a kind of school as the register names it, such as `Community school` or `Academy converter`";

/// Codes of kinds that take no part in the secondary tables, and other spellings of kinds that do.
/// (Source: the abbreviations published with the tables of 2017 and 2019.)
const OTHER_CODES: [(&str, SchoolKind); 13] = [
    ("INDSPS", SchoolKind::INDSPEC),
    ("CHS", SchoolKind::Other),
    ("FHS", SchoolKind::Other),
    ("PRU", SchoolKind::Other),
    ("MODFC", SchoolKind::Other),
    ("FAP", SchoolKind::Other),
    ("F1619", SchoolKind::Other),
    ("ACCAP", SchoolKind::Other),
    ("ACAP", SchoolKind::Other),
    ("ACC1619", SchoolKind::Other),
    ("AC1619", SchoolKind::Other),
    ("AP", SchoolKind::Other),
    ("NULL", SchoolKind::Other),
];

/// The register's words, in the spelling of the school register of 2017/18 and in that of Get Information about Schools,
/// by their letters alone (`bare`).
const WORDS: [(&str, SchoolKind); 66] = [
    ("communityschool", SchoolKind::CY),
    ("voluntaryaidedschool", SchoolKind::VA),
    ("voluntarycontrolledschool", SchoolKind::VC),
    ("foundationschool", SchoolKind::FD),
    ("academysponsorled", SchoolKind::AC),
    ("academysponsorledmainstream", SchoolKind::AC),
    ("academyconverter", SchoolKind::ACC),
    ("academyconvertermainstream", SchoolKind::ACC),
    ("freeschool", SchoolKind::F),
    ("freeschools", SchoolKind::F),
    ("freeschoolmainstream", SchoolKind::F),
    ("universitytechnicalcollege", SchoolKind::UTC),
    ("studioschool", SchoolKind::SS),
    ("studioschools", SchoolKind::SS),
    ("citytechnologycollege", SchoolKind::CTC),
    ("communityspecialschool", SchoolKind::CYS),
    ("foundationspecialschool", SchoolKind::FDS),
    ("academyspecialsponsorled", SchoolKind::ACS),
    ("academysponsorledspecialschool", SchoolKind::ACS),
    ("academyspecialconverter", SchoolKind::ACCS),
    ("academyconverterspecialschool", SchoolKind::ACCS),
    ("freeschoolspecial", SchoolKind::FS),
    ("freeschoolsspecial", SchoolKind::FS),
    ("nonmaintainedspecialschool", SchoolKind::NMSS),
    ("otherindependentspecialschool", SchoolKind::INDSPEC),
    ("otherindependentschool", SchoolKind::IND),
    // Colleges of further education have FESI in the performance tables.
    ("furthereducation", SchoolKind::FESI),
    ("generalfurthereducationcollege", SchoolKind::FESI),
    ("generalfurthereducationcollegespecial", SchoolKind::FESI),
    ("tertiarycollege", SchoolKind::FESI),
    ("agricultureandhorticulturecollege", SchoolKind::FESI),
    ("agricultureandhorticulturalcollege", SchoolKind::FESI),
    ("artdesignandperformingartcollege", SchoolKind::FESI),
    ("artdesignandperformingartscollege", SchoolKind::FESI),
    ("specialistdesignatedcollege", SchoolKind::FESI),
    // The rest takes no part in the secondary tables.
    ("sixthformcollege", SchoolKind::Other),
    ("sixthformcentres", SchoolKind::Other),
    ("sixthformcentreconsortia", SchoolKind::Other),
    ("academy1619converter", SchoolKind::Other),
    ("academy1619sponsorled", SchoolKind::Other),
    ("academy16to19converter", SchoolKind::Other),
    ("academy16to19sponsorled", SchoolKind::Other),
    ("academysecure16to19", SchoolKind::Other),
    ("freeschool1619", SchoolKind::Other),
    ("freeschools1619", SchoolKind::Other),
    ("freeschools16to19", SchoolKind::Other),
    ("freeschoolsalternativeprovision", SchoolKind::Other),
    ("academyalternativeprovisionconverter", SchoolKind::Other),
    ("academyalternativeprovisionsponsorled", SchoolKind::Other),
    ("pupilreferralunit", SchoolKind::Other),
    ("localauthoritynurseryschool", SchoolKind::Other),
    ("specialpost16institution", SchoolKind::Other),
    ("servicechildrenseducation", SchoolKind::Other),
    ("offshoreschools", SchoolKind::Other),
    ("britishschoolsoverseas", SchoolKind::Other),
    ("welshestablishment", SchoolKind::Other),
    ("secureunits", SchoolKind::Other),
    ("highereducationinstitutions", SchoolKind::Other),
    ("childrenscentre", SchoolKind::Other),
    ("childrenscentrelinkedsite", SchoolKind::Other),
    ("playingforsuccesscentres", SchoolKind::Other),
    ("eysetting", SchoolKind::Other),
    ("onlineprovider", SchoolKind::Other),
    ("institutionfundedbyothergovernmentdepartment", SchoolKind::Other),
    ("internationalschools", SchoolKind::Other),
    ("miscellaneous", SchoolKind::Other),
];

/// An NFTYPE code of the performance tables.
pub(crate) fn from_code(code: &str) -> Option<SchoolKind> {
    let other = || OTHER_CODES.iter().find(|(known, _)| *known == code).map(|(_, kind)| *kind);
    // `Other` is our word for what has no code here, not a code.
    SchoolKind::from_code(code).ok().filter(|kind| *kind != SchoolKind::Other).or_else(other)
}

/// A kind of school in the register's words.
pub(crate) fn from_words(words: &str) -> Option<SchoolKind> {
    let bare = bare(words);
    WORDS.iter().find(|(known, _)| *known == bare).map(|(_, kind)| *kind)
}

/// Small letters and digits alone: publishers differ in capitals, dashes, apostrophes and spaces.
pub(crate) fn bare(words: &str) -> String {
    words.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_and_the_tables_name_the_same_kinds() {
        for (words, code) in [
            ("Academy - Converter mainstream", "ACC"),
            ("Academy converter", "ACC"),
            ("Academy sponsor led mainstream", "AC"),
            ("Free school - Special", "FS"),
            ("University technical college", "FUTC"),
            ("Studio schools", "FSS"),
            ("Other independent special school", "INDSPS"),
            ("Free school  16-19", "F1619"),
            ("Service children's education", "MODFC"),
            ("General further education college", "FESI"),
        ] {
            assert_eq!(from_words(words), from_code(code), "{words}");
            assert!(from_words(words).is_some(), "{words}");
        }
    }

    #[test]
    fn what_is_no_kind_of_school_is_none() {
        for text in ["Other", "XYZ", "", "cy"] {
            assert_eq!(from_code(text), None, "{text}");
        }
        assert_eq!(from_words("School of thought"), None);
    }

    #[test]
    fn no_word_is_listed_twice() {
        for (index, (word, _)) in WORDS.iter().enumerate() {
            assert!(!WORDS[..index].iter().any(|(known, _)| known == word), "{word}");
            assert_eq!(&bare(word), word);
        }
    }
}
