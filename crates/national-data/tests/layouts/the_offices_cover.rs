use national_data::cover;

use super::{day, faults, file};

#[test]
fn a_school_may_have_several_spells() {
    let text =
        "urn,from,until,via_trust\n100000,2015-09-01,2017-08-31,\n100000,2018-09-01,,A Trust\n";
    let rows = cover(&file(text)).unwrap().rows;
    assert_eq!((rows[0].from, rows[0].until), (day("2015-09-01"), Some(day("2017-08-31"))));
    assert_eq!((rows[1].until, rows[1].via_trust.as_deref()), (None, Some("A Trust")));
}

#[test]
fn a_spell_that_ends_before_it_begins_is_a_fault() {
    let told = faults(cover(&file("urn,from,until,via_trust\n100000,2018-09-01,2018-08-31,\n")));
    assert!(
        told[0].ends_with(
            "column until: `2018-08-31` is not a day on or after the first (2018-09-01)"
        ),
        "{told:?}"
    );
}
