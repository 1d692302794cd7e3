//! As known on an instant, and as at a day.

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, SchoolKind};
use projections::evidence::Question;
use projections::{Event, Window};
use proptest::prelude::*;
use read_store::{ReadStore, compare};

use crate::book::{Book, day, inspection};
use crate::history::{any_event, basis, finding};

fn silent(_: u64) {}

fn question(as_at: NaiveDate) -> Question {
    Question {
        year: "2019-20".parse().unwrap(),
        as_at,
        release: Some("2017/18 final".parse().unwrap()),
        population: Some("2017/18 final".parse().unwrap()),
        published_years: 3,
        kinds: SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A file as known on an instant, and evidence as known on it, are what was there at that instant.
    #[test]
    fn as_known_on_an_instant_is_what_was_there_then(
        before in prop::collection::vec(any_event(), 1..60),
        after in prop::collection::vec(any_event(), 1..60),
    ) {
        let mut book = Book::new();
        book.write(before);
        let position = book.head();
        let mut then = ReadStore::open(&book.read_models()).unwrap();
        then.catch_up(&book.reader(), position, &silent).unwrap();
        book.write(after);

        let window = Window { known_on: Some(book.recorded_at(position)), as_at: None };
        let known = book.folder().join("known.sqlite");
        book.replay(&known, window).unwrap();
        let differences = compare(then.file(), &known).unwrap();
        prop_assert!(differences.is_empty(), "{}", differences[0]);

        let as_at = day("2018-06-01");
        let then = then.evidence(as_at, None).unwrap().facts(&question(as_at));
        let mut now = ReadStore::open(&book.folder().join("now.sqlite")).unwrap();
        now.catch_up(&book.reader(), book.head(), &silent).unwrap();
        let known = now.evidence(as_at, window.known_on).unwrap().facts(&question(as_at));
        prop_assert_eq!(then, known);
    }

    /// A file as at a day gives the evidence that the whole record gives as at that day.
    #[test]
    fn a_file_as_at_a_day_holds_the_evidence_of_that_day(
        events in prop::collection::vec(any_event(), 1..100),
        offset in 0..1_000_u64,
    ) {
        let as_at = day("2016-03-01") + chrono::Days::new(offset);
        let mut book = Book::new();
        // A label may come from what became public later; it is no fact, and is left out of the comparison.
        let unnamed = |mut facts: Vec<membership::SchoolFacts>| {
            facts.iter_mut().for_each(|school| school.name.clear());
            facts
        };
        book.write(events);
        let mut whole = ReadStore::open(&book.read_models()).unwrap();
        whole.catch_up(&book.reader(), book.head(), &silent).unwrap();
        let path = book.folder().join("as-at.sqlite");
        book.replay(&path, Window { known_on: None, as_at: Some(as_at) }).unwrap();
        let then = ReadStore::open(&path).unwrap();
        prop_assert_eq!(
            unnamed(then.evidence(NaiveDate::MAX, None).unwrap().facts(&question(as_at))),
            unnamed(whole.evidence(as_at, None).unwrap().facts(&question(as_at)))
        );
    }
}

/// What dates an inspection may be public later than the inspection was made.
#[test]
fn an_inspection_that_was_published_later_is_no_grade_in_a_file_as_at_the_day() {
    use schools::school::{Event as School, Inspection};
    let urn = crate::book::urn(100_003);
    let undated =
        Inspection { published_on: None, ..inspection(day("2018-02-20"), Grade::Outstanding, 1) };
    let dated = Inspection { published_on: Some(day("2018-03-25")), ..undated.clone() };
    for told in [vec![&undated, &dated], vec![&dated, &undated], vec![&dated]] {
        let mut book = Book::new();
        let before = inspection(day("2014-05-03"), Grade::Good, 2);
        let inspections = [&before].into_iter().chain(told);
        book.write(inspections.map(|it| Event::School(urn, School::OfstedInspected(it.clone()))));
        let grade = |as_at: &str| {
            let path = book.folder().join(format!("{as_at}.sqlite"));
            let window = Window { known_on: None, as_at: Some(day(as_at)) };
            book.replay(&path, window).unwrap();
            ReadStore::open(&path).unwrap().school(urn).unwrap().unwrap().grade
        };
        assert_eq!(grade("2018-02-28"), Some(Grade::Good));
        assert_eq!(grade("2018-03-25"), Some(Grade::Outstanding));
    }
}

#[test]
fn a_review_that_looked_at_a_later_day_is_not_in_a_file_as_at_an_earlier_one() {
    use membership::review::Event as Review;
    let year: LeadingEdgeYear = "2019-20".parse().unwrap();
    let (first, second) = (crate::book::urn(100_003), crate::book::urn(100_049));
    let mut book = Book::new();
    book.write(
        [
            Review::AnnualReviewOpened(basis(year, day("2019-02-28"))),
            Review::SchoolReviewed(finding(first, 1)),
            Review::AnnualReviewRepeated(basis(year, day("2019-03-15"))),
            Review::SchoolReviewed(finding(second, 2)),
        ]
        .map(|event| Event::Review(year, event)),
    );
    let reviewed = |as_at: &str| -> Vec<u32> {
        let path = book.folder().join(format!("{as_at}.sqlite"));
        let window = Window { known_on: None, as_at: Some(day(as_at)) };
        book.replay(&path, window).unwrap();
        let review = ReadStore::open(&path).unwrap().review(year).unwrap();
        review.into_iter().flat_map(|(_, rows)| rows).map(|row| row.urn.number()).collect()
    };
    assert_eq!(reviewed("2019-02-27"), [] as [u32; 0]);
    assert_eq!(reviewed("2019-02-28"), [100_003]);
    assert_eq!(reviewed("2019-03-15"), [100_003, 100_049]);
}
