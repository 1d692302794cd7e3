//! Which schools are reviewed, and their cover (D10, D12).

use membership::facts::Cover;
use schools::school::Event as School;
use schools::{Details, Phase, Register};

use super::{A, B, C, Story, day, reviewed, source};

#[test]
fn a_secondary_school_of_the_register_is_reviewed_while_it_is_open() {
    let details = Details {
        name: Some("Hill Top".into()),
        phase: Some(Phase::Secondary),
        status: Some(Register::Open),
        opened_on: Some(day("2015-09-01")),
        ..Details::default()
    };
    let story = reviewed()
        .then(
            B,
            School::SchoolRegistered {
                details: details.clone(),
                public_from: day("2016-01-01"),
                source: source(1),
            },
        )
        .then(
            B,
            School::SchoolClosed {
                on: Some(day("2019-08-31")),
                public_from: day("2019-09-15"),
                source: source(1),
            },
        )
        .then(
            C,
            School::SchoolRegistered {
                details: Details { phase: Some(Phase::Primary), ..details },
                public_from: day("2016-01-01"),
                source: source(1),
            },
        );
    let urns = |as_at: &str| -> Vec<String> {
        story.facts("2017/18 final", as_at).iter().map(|facts| facts.urn.to_string()).collect()
    };
    assert_eq!(urns("2019-09-14"), [A, B]);
    assert_eq!(urns("2019-09-15"), [A]);
    assert_eq!(urns("2015-12-31"), [] as [&str; 0]);
}

#[test]
fn cover_is_that_of_the_first_day_of_the_year_and_unknown_without_a_list() {
    let cover = |from: &str, until: Option<&str>| School::SsatCoverRecorded {
        from: day(from),
        until: until.map(day),
        via_trust: None,
        source: source(3),
    };
    assert_eq!(reviewed().of_a("2019-02-28").cover, Cover::Unknown);
    let lapsed = reviewed().then(A, cover("2018-04-01", Some("2019-03-31")));
    assert_eq!(lapsed.of_a("2019-02-28").cover, Cover::None);
    let covered = lapsed.then(A, cover("2018-04-01", Some("2019-04-01"))).of_a("2019-02-28").cover;
    assert!(
        matches!(covered, Cover::Covered { until: Some(until), .. } if until == day("2019-04-01"))
    );
}

fn told(status: Register, closed_on: Option<&str>, public_from: &str) -> School {
    School::SchoolDetailsCorrected {
        changes: Details {
            phase: Some(Phase::Secondary),
            status: Some(status),
            closed_on: closed_on.map(day),
            ..Details::default()
        },
        public_from: day(public_from),
        source: source(1),
    }
}

#[test]
fn a_closure_that_was_called_off_closes_nothing() {
    let foreseen = told(Register::ProposedToClose, Some("2018-08-31"), "2018-03-01");
    let open = told(Register::Open, None, "2018-07-01");
    for story in [
        Story::default().then(B, foreseen.clone()).then(B, open.clone()),
        Story::default().then(B, open).then(B, foreseen),
    ] {
        let is_reviewed = |as_at: &str| !story.facts("2017/18 final", as_at).is_empty();
        assert!(is_reviewed("2018-06-30"), "it was not to close before August");
        assert!(is_reviewed("2019-02-28"), "and then it did not");
    }
}

#[test]
fn what_became_public_last_counts_in_whatever_order_files_were_read() {
    let named = |name: &str, public_from: &str| School::SchoolDetailsCorrected {
        changes: Details {
            name: Some(name.into()),
            phase: Some(Phase::Secondary),
            ..Details::default()
        },
        public_from: day(public_from),
        source: source(1),
    };
    let story = Story::default()
        .then(B, named("Hill Top Academy", "2018-03-01"))
        .then(B, named("Hill Top", "2017-03-01"))
        .then(B, named("Old Hill", "2016-03-01"));
    let name = |as_at: &str| story.facts("2017/18 final", as_at)[0].name.clone();
    assert_eq!(name("2018-03-01"), "Hill Top Academy");
    assert_eq!(name("2018-02-28"), "Hill Top");
    assert_eq!(name("2017-02-28"), "Old Hill");
}
