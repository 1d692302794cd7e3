//! Any history: events of every kind, about a few schools, in any order.

use chrono::{Days, NaiveDate};
use contacts::person::Event as Person;
use kernel::{
    AcademicYear, Cell, Grade, LeadingEdgeYear, Outcome, Release, Standing, Urn, Withheld,
};
use membership::criteria::{Adoption, Event as Criteria};
use membership::fee::{Event as Fee, Price};
use membership::finding::Inspected;
use membership::membership::{Event as Membership, Invitation};
use membership::review::{Basis, Counts, Event as Review, Verdict};
use membership::{Answer, Clause, Finding};
use projections::Event;
use proptest::prelude::*;
use routine::calendar::Event as Calendar;
use routine::parked::Event as Parked;
use schools::national_data::{Dataset, Event as NationalData, Import, Rows};
use schools::school::{Event as School, Fact, Inspection, Predecessor, Succession};
use schools::{Details, Figures, Register, Results};

use crate::book::{day, inspection, results, scored, source, urn};

fn any_urn() -> impl Strategy<Value = Urn> {
    (0..6_u32).prop_map(|number| urn(100_000 + number))
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    // Few days, so that inspections and links are stated again.
    (0..8_u64).prop_map(|number| day("2016-03-01") + Days::new(number * 100))
}

fn any_release() -> impl Strategy<Value = Release> {
    let standing =
        prop_oneof![Just(Standing::Provisional), Just(Standing::Revised), Just(Standing::Final)];
    (2016..2019_i32, standing)
        .prop_map(|(year, standing)| Release { year: AcademicYear::ending(year), standing })
}

fn any_figures() -> impl Strategy<Value = Figures> {
    prop_oneof![
        (-50..50_i32).prop_map(scored),
        Just(Figures {
            progress8: Some(Cell::Withheld(Withheld::Suppressed)),
            lower: Some(Cell::Withheld(Withheld::Blank)),
            ..Figures::default()
        }),
        Just(Figures::default()),
    ]
}

fn any_results() -> impl Strategy<Value = Results> {
    (any_release(), any_figures(), 1..6_u64)
        .prop_map(|(release, figures, line)| Results { figures, ..results(release, 0, line) })
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let grade = || (1..=4_u8).prop_map(|number| Grade::try_from(number).unwrap());
    prop_oneof![
        4 => grade().prop_map(Outcome::Overall),
        1 => grade().prop_map(|grade| Outcome::Areas([(kernel::Area::Inclusion, grade)].into())),
        1 => Just(Outcome::Ungraded("School remains Good".into())),
    ]
}

fn any_inspection() -> impl Strategy<Value = Inspection> {
    (any_day(), any_outcome(), any::<bool>(), 1..6_u64).prop_map(|(on, outcome, dated, line)| {
        let inspection = inspection(on, Grade::Good, line);
        Inspection {
            outcome,
            published_on: inspection.published_on.filter(|_| dated),
            ..inspection
        }
    })
}

fn any_predecessor() -> impl Strategy<Value = Predecessor> {
    (any_urn(), proptest::option::of(any_day())).prop_map(|(urn, established_on)| Predecessor {
        urn,
        succession: Succession::Converted,
        established_on,
        source: source(3),
    })
}

fn any_details() -> impl Strategy<Value = Details> {
    (proptest::option::of("[A-Z][a-z]{2,6} (School|Academy)"), proptest::option::of(any_day()))
        .prop_map(|(name, opened_on)| Details {
            name,
            opened_on,
            postcode: opened_on.map(|_| "nw32bq".into()),
            status: Some(Register::Open),
            ..Details::default()
        })
}

fn of_school() -> impl Strategy<Value = School> {
    let reason = || Just("typed from the wrong line".to_owned());
    prop_oneof![
        2 => (any_details(), any_day()).prop_map(|(details, public_from)| {
            School::SchoolRegistered { details, public_from, source: source(2) }
        }),
        1 => (any_details(), any_day()).prop_map(|(changes, public_from)| {
            School::SchoolDetailsCorrected { changes, public_from, source: source(2) }
        }),
        1 => (proptest::option::of(any_day()), any_day()).prop_map(|(on, public_from)| {
            School::SchoolClosed { on, public_from, source: source(2) }
        }),
        1 => any_predecessor().prop_map(School::SchoolConverted),
        1 => any_predecessor().prop_map(School::SchoolSplit),
        4 => any_results().prop_map(School::ResultsPublished),
        2 => (any_results(), any_figures(), any_release()).prop_map(|(results, from, from_release)| {
            School::ResultsRevised { results, from, from_release }
        }),
        4 => any_inspection().prop_map(School::OfstedInspected),
        1 => any_day().prop_map(|on| School::OfstedDowngraded {
            from: Grade::Good,
            to: Grade::Inadequate,
            inspected_on: on,
            published_on: on,
        }),
        1 => (any_day(), proptest::option::of(any_day())).prop_map(|(from, until)| {
            School::SsatCoverRecorded { from, until, via_trust: None, source: source(4) }
        }),
        1 => (any_release(), any_figures(), any_figures(), reason()).prop_map(
            |(release, from, to, reason)| School::FactCorrected {
                fact: Fact::Results { release, from, to },
                reason,
            }
        ),
        1 => (any_day(), any_outcome(), proptest::option::of(any_outcome()), reason()).prop_map(
            |(inspected_on, from, to, reason)| School::FactCorrected {
                fact: Fact::Inspection { inspected_on, from, to },
                reason,
            }
        ),
    ]
}

fn any_year() -> impl Strategy<Value = LeadingEdgeYear> {
    prop_oneof![Just("2018-19"), Just("2019-20")].prop_map(|year| year.parse().unwrap())
}

pub(crate) fn adoption(year: LeadingEdgeYear) -> Adoption {
    use membership::criteria::{
        Condition, Staying, Terms, Way, Ways, Without, WithoutOverallGrade, WithoutProgress8, terms,
    };
    let ways = |condition| Ways { any: vec![Way { name: "only".into(), all: vec![condition] }] };
    Adoption {
        year,
        adopted_on: day("2017-11-01"),
        minute: "minute 7".into(),
        terms: Terms {
            eligible: ways(Condition::SignificantResults),
            invited: ways(Condition::Percentile(75)),
            population: terms::Population {
                kinds: kernel::SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec(),
            },
            staying: Staying {
                not_eligible_grades: vec![Grade::Inadequate],
                published_years: 3,
                dips: 1,
            },
            without: Without {
                progress8: WithoutProgress8::Refer,
                overall_grade: WithoutOverallGrade::Refer,
            },
        },
    }
}

pub(crate) fn basis(year: LeadingEdgeYear, as_at: NaiveDate) -> Basis {
    Basis { year, as_at, release: None, criteria: adoption(year), threshold: None }
}

pub(crate) fn finding(urn: Urn, line: u64) -> Finding {
    Finding {
        urn,
        name: format!("School {urn}"),
        in_population: true,
        eligible: line.is_multiple_of(2),
        invited: false,
        outcome: membership::Outcome::Renew,
        inspected: Inspected::Here,
        grade: Some(Grade::Good),
        carried_from: None,
        progress8: scored(26).progress8,
        lower: scored(26).lower,
        clauses: vec![Clause {
            rule: "R2".into(),
            way: None,
            value: None,
            needed: "significant results".into(),
            actual: "0.26, limits 0.07 upwards".into(),
            source: Some(source(line)),
            date: Some(day("2019-01-31")),
            result: Answer::Passed,
        }],
    }
}

fn of_review() -> impl Strategy<Value = Event> {
    let event = prop_oneof![
        4 => (any_urn(), 1..6_u64).prop_map(|(urn, line)| Review::SchoolReviewed(finding(urn, line))),
        1 => any_urn().prop_map(|urn| Review::SchoolLeftReview { urn }),
        1 => (any_urn(), any_day()).prop_map(|(urn, on)| Review::JudgementRecorded {
            urn,
            verdict: Verdict::Eligible,
            reason: "a strong year".into(),
            minute: "minute 9".into(),
            on,
        }),
        1 => any_day().prop_map(|on| Review::AnnualReviewClosed { on, counts: Counts::default() }),
    ];
    let run = (any_year(), any_day(), any::<bool>()).prop_map(|(year, as_at, first)| {
        let basis = basis(year, as_at);
        let event = match first {
            true => Review::AnnualReviewOpened(basis),
            false => Review::AnnualReviewRepeated(basis),
        };
        Event::Review(year, event)
    });
    prop_oneof![
        5 => (any_year(), event).prop_map(|(year, event)| Event::Review(year, event)),
        1 => run,
    ]
}

fn of_import() -> impl Strategy<Value = Event> {
    (any_release(), proptest::collection::vec((any_urn(), 1..6_u64), 0..4), 0..100_u8).prop_map(
        |(release, confirmed, digit)| {
            let import = Import {
                dataset: Dataset::Ks4,
                release: Some(release),
                file: "england_ks4final.csv".into(),
                sha256: format!("{digit:0>64}"),
                layout: "ks4".into(),
                public_from: None,
                rows: Rows::default(),
                confirmed,
            };
            let stream = release.to_string().replace(['/', ' '], "-");
            Event::NationalData(stream, NationalData::DatasetImported(import))
        },
    )
}

/// Any shape of any event that was ever recorded of a membership.
fn of_membership() -> impl Strategy<Value = Event> {
    let shapes: Vec<Membership> = include_str!("../../../membership/events/membership.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (any_urn(), proptest::sample::select(shapes))
        .prop_map(|(urn, event)| Event::Membership(urn, event))
}

/// Any shape of any event of the ledgers, of who bills, and of how schools are billed.
fn of_billing() -> impl Strategy<Value = Event> {
    fn shapes<E: serde::de::DeserializeOwned>(lines: &str) -> Vec<E> {
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
    let ledger = shapes(include_str!("../../../billing/events/ledger.jsonl"));
    let issuer = shapes(include_str!("../../../billing/events/issuer.jsonl"));
    let customer = shapes(include_str!("../../../billing/events/customer.jsonl"));
    let year: LeadingEdgeYear = "2018-19".parse().unwrap();
    prop_oneof![
        6 => proptest::sample::select(ledger).prop_map(move |event| Event::Ledger(year, event)),
        1 => proptest::sample::select(issuer).prop_map(Event::Issuer),
        1 => (any_urn(), proptest::sample::select(customer))
            .prop_map(|(urn, event)| Event::Customer(urn, event)),
    ]
}

/// Days that begin, and what could not be done.
fn of_routine() -> impl Strategy<Value = Event> {
    let shapes: Vec<Parked> = include_str!("../../../routine/events/parked.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    prop_oneof![
        any_day().prop_map(|on| Event::Calendar(Calendar::DayBegan { on })),
        (any_urn(), proptest::sample::select(shapes))
            .prop_map(|(urn, event)| Event::Parked(urn, event)),
    ]
}

/// Any shape of any event of a person; of few people, so that they have several.
fn of_contacts() -> impl Strategy<Value = Event> {
    let shapes: Vec<Person> = include_str!("../../../contacts/events/person.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (0..4_u8, proptest::sample::select(shapes)).prop_map(|(last, event)| {
        let id = format!("0190c0de-0000-7000-8000-00000000000{last}").parse().unwrap();
        Event::Person(id, event)
    })
}

pub(crate) fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => (any_urn(), of_school()).prop_map(|(urn, event)| Event::School(urn, event)),
        4 => of_review(),
        2 => of_import(),
        1 => any_year().prop_map(|year| {
            Event::Criteria(year, Criteria::CriteriaAdopted(adoption(year)))
        }),
        4 => of_membership(),
        2 => of_routine(),
        3 => of_billing(),
        3 => of_contacts(),
        1 => (any_year(), any_day(), 1..3_000_u64).prop_map(|(year, on, fee_pence)| {
            Event::Fee(year, Fee::FeeSet(Price { year, fee_pence, minute: "Item 6".into(), on }))
        }),
        1 => (any_urn(), any_year(), any_day()).prop_map(|(urn, year, on)| {
            Event::Membership(urn, Membership::SchoolInvited(Invitation {
                year,
                on,
                name: "Hill Top".into(),
                grade: Some(Grade::Good),
                progress8: None,
                release: None,
                threshold: None,
                reviewed_as_at: on,
                until: None,
            }))
        }),
    ]
}
