//! What people ask: one box, lists, a school's timeline.

use kernel::{Grade, LeadingEdgeYear, Progress8, SchoolKind};
use projections::Event;
use projections::schools::Row;
use read_store::{Filter, ReadStore, Sort};
use schools::school::Event as School;
use schools::{Details, Phase, Register};

use crate::book::{Book, day, inspection, registered, results, urn};
use crate::history::finding;

fn names(rows: &[Row]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.name.as_deref()).collect()
}

/// Five schools, one of them closed.
fn store() -> (Book, ReadStore) {
    let haverstock = Details {
        laestab: Some("202/4104".parse().unwrap()),
        ukprn: Some(10_008_000),
        postcode: Some("NW3 2BQ".into()),
        local_authority: Some("Camden".into()),
        ..Details::default()
    };
    let closed = Details { status: Some(Register::Closed), ..Details::default() };
    let free =
        Details { kind: Some(SchoolKind::F), phase: Some(Phase::AllThrough), ..Details::default() };
    let release = "2017/18 final".parse().unwrap();
    let mut book = Book::new();
    book.write(
        [
            (100_049, registered("Haverstock School", haverstock)),
            (100_050, registered("St George’s School", Details::default())),
            (100_051, registered("George Green's School", closed)),
            (100_052, registered("The St. George Free School", free)),
            (100_053, registered("Thomas à Becket Academy", Details::default())),
            (100_049, School::ResultsPublished(results(release, -10, 2))),
            (100_050, School::ResultsPublished(results(release, 65, 3))),
            (
                100_050,
                School::OfstedInspected(inspection(day("2016-05-03"), Grade::Outstanding, 4)),
            ),
            (100_053, School::OfstedInspected(inspection(day("2017-05-03"), Grade::Good, 5))),
        ]
        .map(|(number, event)| Event::School(urn(number), event)),
    );
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), book.head(), &|_| {}).unwrap();
    (book, store)
}

#[test]
fn one_box_finds_a_school_by_any_of_its_numbers() {
    let (_book, store) = store();
    for text in ["100049", " 100049 ", "202/4104", "2024104", "10008000", "NW3 2BQ", "nw32bq"] {
        assert_eq!(
            names(&store.search(text, 10).unwrap().schools),
            ["Haverstock School"],
            "{text}"
        );
    }
    for text in ["100099", "2024105", "10008001", "NW3 2BR", "", "   ", "’"] {
        assert_eq!(names(&store.search(text, 10).unwrap().schools), [] as [&str; 0], "{text}");
    }
}

#[test]
fn a_name_is_found_by_its_parts_whatever_their_capitals_and_apostrophes() {
    let (_book, store) = store();
    for (text, found) in [
        ("haverst", vec!["Haverstock School"]),
        ("STOCK", vec!["Haverstock School"]),
        ("st georges", vec!["St George’s School"]),
        ("St. George's", vec!["St George’s School"]),
        ("school george green", vec!["George Green's School"]),
        ("thomas a becket", vec!["Thomas à Becket Academy"]),
        ("becket  Thomas", vec!["Thomas à Becket Academy"]),
        ("ha", vec!["Haverstock School"]),
        ("100% school", vec![]),
        ("\"school\" OR a*", vec![]),
    ] {
        assert_eq!(names(&store.search(text, 10).unwrap().schools), found, "{text}");
    }
}

#[test]
fn names_that_begin_so_stand_first_and_closed_schools_last() {
    let (_book, store) = store();
    assert_eq!(
        names(&store.search("george", 10).unwrap().schools),
        ["St George’s School", "The St. George Free School", "George Green's School"]
    );
    assert_eq!(
        names(&store.search("st george", 10).unwrap().schools),
        ["St George’s School", "The St. George Free School"]
    );
    assert_eq!(names(&store.search("george", 1).unwrap().schools), ["St George’s School"]);
}

#[test]
fn a_name_that_changed_is_found_by_the_new_one_only() {
    let (mut book, mut store) = store();
    book.write([Event::School(
        urn(100_049),
        School::SchoolDetailsCorrected {
            changes: Details { name: Some("Chalk Farm Academy".into()), ..Details::default() },
            public_from: day("2019-01-01"),
            source: crate::book::source(1),
        },
    )]);
    store.catch_up(&book.reader(), book.head(), &|_| {}).unwrap();
    assert_eq!(names(&store.search("chalk farm", 10).unwrap().schools), ["Chalk Farm Academy"]);
    assert_eq!(names(&store.search("haverstock", 10).unwrap().schools), [] as [&str; 0]);
}

#[test]
fn lists_are_filtered_sorted_and_cut_into_pages() {
    let (_book, store) = store();
    let list = |filter: Filter, sort| {
        let page = store.schools(&filter, sort, 2, 0).unwrap();
        (page.total, page.schools.iter().map(|row| row.urn.number()).collect::<Vec<_>>())
    };
    assert_eq!(list(Filter::default(), Sort::Urn), (5, vec![100_049, 100_050]));
    assert_eq!(list(Filter::default(), Sort::Name), (5, vec![100_051, 100_049]));
    assert_eq!(list(Filter::default(), Sort::Grade), (5, vec![100_050, 100_053]));
    assert_eq!(list(Filter::default(), Sort::Progress8), (5, vec![100_050, 100_049]));
    assert_eq!(list(Filter::default(), Sort::Inspected), (5, vec![100_053, 100_050]));
    let open =
        Filter { statuses: vec![Register::Open], name: Some("george".into()), ..Filter::default() };
    assert_eq!(list(open, Sort::Urn), (2, vec![100_050, 100_052]));
    let free = Filter {
        kinds: vec![SchoolKind::F, SchoolKind::UTC],
        phases: vec![Phase::AllThrough],
        ..Filter::default()
    };
    assert_eq!(list(free, Sort::Urn), (1, vec![100_052]));
    let camden = Filter { local_authority: Some("camden".into()), ..Filter::default() };
    assert_eq!(list(camden, Sort::Urn), (1, vec![100_049]));
    let graded = Filter { grades: vec![Grade::Good], ..Filter::default() };
    assert_eq!(list(graded, Sort::Urn), (1, vec![100_053]));
    let between = Filter {
        progress8_from: Some(Progress8::from_hundredths(-10)),
        progress8_to: Some(Progress8::from_hundredths(64)),
        ..Filter::default()
    };
    assert_eq!(list(between, Sort::Urn), (1, vec![100_049]));
    let last = store.schools(&Filter::default(), Sort::Urn, 2, 4).unwrap();
    assert_eq!((last.total, last.schools.len()), (5, 1));
}

#[test]
fn a_timeline_tells_what_happened_to_a_school_oldest_first() {
    let (mut book, mut store) = store();
    let year: LeadingEdgeYear = "2019-20".parse().unwrap();
    let reviewed = membership::review::Event::SchoolReviewed(finding(urn(100_050), 3));
    book.write([Event::Review(year, reviewed)]);
    store.catch_up(&book.reader(), book.head(), &|_| {}).unwrap();
    let told: Vec<String> = store
        .timeline(urn(100_050), &book.reader())
        .unwrap()
        .iter()
        .map(|recorded| recorded.event.sentence())
        .collect();
    assert_eq!(told.len(), 4);
    assert!(told[0].starts_with("First on record: St George’s School"), "{}", told[0]);
    assert!(told[1].starts_with("Results of 2017/18 final: Progress 8 0.65"), "{}", told[1]);
    assert!(told[2].starts_with("Ofsted graded it 1 (Outstanding) on 3 May 2016"), "{}", told[2]);
    assert_eq!(told[3], "Reviewed for 2019-20: not eligible, not invited, renew");
    assert_eq!(store.findings_of(urn(100_050)).unwrap().len(), 1);
}

/// Open secondary schools by these names, from 100 000 on; a name that ends with `*` is of a closed one.
fn named(all: &[&str]) -> (Book, ReadStore) {
    let mut book = Book::new();
    book.write(all.iter().enumerate().map(|(at, name)| {
        let status = name.ends_with('*').then_some(Register::Closed);
        let details = Details { status, ..Details::default() };
        let number = 100_000 + u32::try_from(at).unwrap();
        Event::School(urn(number), registered(name.trim_end_matches('*'), details))
    }));
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), book.head(), &|_| {}).unwrap();
    (book, store)
}

#[test]
fn a_search_says_how_many_there_are_and_shows_as_many_as_were_asked_for() {
    let all: Vec<String> = (0..27).map(|number| format!("George School {number:02}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let (_book, store) = named(&all);
    for limit in [0, 3, 27, 100] {
        for page in [
            store.search("george", limit).unwrap(),
            store.schools(&Filter::default(), Sort::Name, limit, 0).unwrap(),
        ] {
            assert_eq!((page.total, page.schools.len()), (27, limit.min(27)));
        }
    }
    let page = store.search("100003", 0).unwrap();
    assert_eq!((page.total, page.schools.len()), (1, 0));
}

#[test]
fn a_text_is_found_where_words_begin_the_phrase_first_then_open_schools_then_by_name() {
    let (_book, store) = named(&[
        "Westfield Primary",
        "Mary Stone School",
        "The St Mary School",
        "St Mary’s School*",
        "St Marys Academy",
        "Mary Street Infants*",
    ]);
    let ranked = [
        "St Marys Academy",
        "The St Mary School",
        "St Mary’s School",
        "Mary Stone School",
        "Mary Street Infants",
    ];
    assert_eq!(names(&store.search("st mary", 10).unwrap().schools), ranked);
    // The same beside another filter.
    let filter = Filter {
        name: Some("st mary".into()),
        phases: vec![Phase::Secondary],
        ..Filter::default()
    };
    let page = store.schools(&filter, Sort::Name, 2, 1).unwrap();
    assert_eq!((page.total, names(&page.schools)), (5, ranked[1..3].to_vec()));
    // A part of a word, as the last resort.
    assert_eq!(names(&store.search("field", 10).unwrap().schools), ["Westfield Primary"]);
    assert_eq!(names(&store.search("st field", 10).unwrap().schools), [] as [&str; 0]);
}

#[test]
fn few_candidates_and_many_are_ranked_alike() {
    let all: Vec<String> = (0..1_100)
        .map(|number| match number % 11 {
            0 => format!("Upfield School {number}"),
            1 => format!("{number} Fielding House"),
            _ => format!("Field School {number}"),
        })
        .collect();
    let (_book, many) = named(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let (_other, few) = named(&all[..900].iter().map(String::as_str).collect::<Vec<_>>());
    let (many, few) = (many.search("field", 2_000).unwrap(), few.search("field", 2_000).unwrap());
    assert_eq!((many.total, few.total), (1_000, 818));
    let kept: Vec<_> = many.schools.into_iter().filter(|row| row.urn.number() < 100_900).collect();
    assert_eq!(names(&kept), names(&few.schools));
}

#[test]
fn a_local_authority_is_known_by_its_number_and_by_parts_of_its_name() {
    let school = |name: &str, laestab: &str, authority: Option<&str>| {
        let details = Details {
            laestab: Some(laestab.parse().unwrap()),
            local_authority: authority.map(str::to_owned),
            ..Details::default()
        };
        registered(name, details)
    };
    let mut book = Book::new();
    book.write(
        [
            (100_001, school("One", "202/4104", Some("Camden"))),
            (100_002, school("Two", "202/4105", None)),
            (100_003, school("Three", "801/4104", Some("Bristol, City of"))),
            (100_004, school("Four", "203/4104", None)),
            (100_005, registered("Five", Details::default())),
        ]
        .map(|(number, event)| Event::School(urn(number), event)),
    );
    let mut store = ReadStore::open(&book.read_models()).unwrap();
    store.catch_up(&book.reader(), book.head(), &|_| {}).unwrap();
    for (authority, found) in [
        ("202", vec![100_001, 100_002]),
        (" camden ", vec![100_001, 100_002]),
        ("CAM", vec![100_001, 100_002]),
        ("bristol", vec![100_003]),
        ("city of", vec![100_003]),
        ("203", vec![100_004]),
        ("20", vec![]),
        ("%", vec![]),
        ("_", vec![]),
    ] {
        let filter = Filter { local_authority: Some(authority.into()), ..Filter::default() };
        let page = store.schools(&filter, Sort::Urn, 10, 0).unwrap();
        let urns: Vec<u32> = page.schools.iter().map(|row| row.urn.number()).collect();
        assert_eq!((page.total, urns), (found.len() as u64, found), "{authority}");
    }
}
