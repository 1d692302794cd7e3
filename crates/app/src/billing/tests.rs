use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use billing::issuer::Supplier;
use billing::ledger::{Billed, Command, Event as Ledgered, Extent, Part, Purpose, Wanted};
use billing::{InvoiceNumber, Ledger, Line, VatRate};
use chrono::NaiveDate;
use contacts::person::Reason;
use contacts::{Details, Role};
use event_store::{Asked, EventStore};
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::Membership;
use membership::membership::Command as Member;
use national_data::File;
use projections::Event;

use super::{Bill, IssuerFile, State, print, read_issuer};
use crate::{Failure, Newcomer, Office, What, no_progress};

const SCHOOL: &str = "100003";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}

fn year() -> LeadingEdgeYear {
    "2018-19".parse().unwrap()
}

fn issuer() -> IssuerFile {
    read_issuer(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/office.toml")).unwrap()
}

fn open(folder: &Path, today: &str) -> Office {
    let noon = day(today).and_hms_opt(12, 0, 0).unwrap().and_utc();
    Office::open(folder, Arc::new(move || noon), "office", &no_progress).unwrap()
}

/// An office that bills, and a school that is a member.
async fn office(folder: &Path) -> Office {
    let mut office = open(folder, "2018-06-30");
    let command = Member::RecordRunning { from: day("2010-04-01"), year: year() };
    let asked = office.asked(CommandId::mint());
    office.ask::<Membership>(SCHOOL, command, asked).await.unwrap();
    office.adopt_issuer(issuer(), day("2018-04-01")).await.unwrap();
    office
}

fn bill(key: &str, lines: Vec<Line>) -> Bill {
    Bill {
        urn: urn(SCHOOL),
        year: year(),
        purpose: Purpose::Other(key.to_owned()),
        lines,
        purchase_order: None,
        address: vec!["Stryd Fawr".into(), "Llanfairpwllgwyngyll".into()],
    }
}

fn line(what: &str, net_pence: u64) -> Line {
    Line { what: what.into(), net_pence, vat_basis_points: VatRate::STANDARD }
}

#[tokio::test]
async fn what_is_owed_is_seen_on_the_invoice_the_statement_and_the_aged_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let visit = bill("visit 1", vec![line("Additional visit", 30_000)]);
    let raised = office.raise_invoice(visit.clone(), day("2018-04-10")).await.unwrap();
    let number = raised.invoice.invoice.number;
    assert_eq!((raised.events, number.to_string().as_str()), (1, "LE-2018-0001"));
    assert_eq!(office.raise_invoice(visit, day("2018-04-12")).await.unwrap().events, 0);
    let typed_otherwise = bill(" Visit 1", vec![line("Additional visit", 30_000)]);
    let told = office.raise_invoice(typed_otherwise, day("2018-04-12")).await.unwrap();
    assert_eq!((told.events, told.invoice.invoice.number), (0, number));
    let paid = office.record_payment(number, 12_000, "BACS 7".into(), day("2018-04-20")).await;
    assert_eq!(paid.unwrap().invoice.open_pence, 24_000);
    let order = office.record_purchase_order(number, "PO 7".into(), day("2018-04-21")).await;
    assert_eq!(order.unwrap().invoice.reference.as_deref(), Some("PO 7"));
    let extent = Extent::Parts(vec![Part { line: 1, net_pence: 5_000 }]);
    let credited =
        office.credit(number, extent, "shorter".into(), day("2018-05-02")).await.unwrap();
    assert_eq!((credited.invoice.open_pence, credited.invoice.state), (18_000, State::Overdue));
    assert_eq!(credited.credit_note.unwrap().to_string(), "LE-2018-C0001");

    let desk = office.desk();
    let on = |text: &str| desk.aged(day(text)).unwrap().total;
    assert_eq!(on("2018-04-09").total_pence, 0);
    assert_eq!(on("2018-04-19").not_due_pence, 36_000);
    assert_eq!(on("2018-05-10").not_due_pence, 18_000);
    assert_eq!(on("2018-05-11").days_1_to_30_pence, 18_000);
    let statement =
        desk.statement(urn(SCHOOL), Some(day("2018-04-20")), day("2018-05-01")).unwrap();
    assert_eq!((statement.opening_pence, statement.closing_pence), (36_000, 24_000));
    assert_eq!(statement.lines.len(), 1);
    let vat = desk.vat(day("2018-04-01"), day("2019-03-31")).unwrap();
    assert_eq!((vat.quarters.len(), vat.net_pence, vat.vat_pence), (4, 25_000, 5_000));
    let page = desk.member(urn(SCHOOL)).unwrap();
    assert_eq!((page.owed.open_pence, page.owed.invoices.len()), (18_000, 1));

    let told = office.record_payment(number, 18_001, "BACS 8".into(), day("2018-05-20")).await;
    assert!(told.unwrap_err().is_refusal());
    let missing: InvoiceNumber = "LE-2018-0002".parse().unwrap();
    assert!(office.desk().invoice(missing).unwrap_err().is_refusal());
    assert!(office.desk().statement(urn("100004"), None, day("2018-05-01")).is_err());
}

/// Of several notes, the one that was asked for; and none where it was issued before.
#[tokio::test]
async fn the_credit_note_that_is_named_is_the_one_that_was_issued() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let visit = bill("visit 1", vec![line("Additional visit", 30_000)]);
    let raised = office.raise_invoice(visit.clone(), day("2018-04-10")).await.unwrap();
    let number = raised.invoice.invoice.number;
    let part = |net_pence| Extent::Parts(vec![Part { line: 1, net_pence }]);
    let mut named = vec![];
    for (net_pence, on) in [(100, "2018-05-20"), (200, "2018-05-02"), (100, "2018-05-20")] {
        let told = office.credit(number, part(net_pence), "agreed".into(), day(on)).await.unwrap();
        named.push(told.credit_note.map(|number| number.to_string()));
    }
    assert_eq!(named, [Some("LE-2018-C0001".into()), Some("LE-2018-C0002".into()), None]);

    office.credit(number, Extent::Whole, "wrong".into(), day("2018-05-21")).await.unwrap();
    let anew = office.raise_invoice(visit, day("2018-05-22")).await.unwrap();
    assert_eq!(
        (anew.events, anew.invoice.invoice.number.to_string().as_str()),
        (1, "LE-2018-0002")
    );
}

/// Of a name only its id is in the journal; and where they are forgotten, the invoice is printed without it.
#[tokio::test]
async fn an_invoice_names_the_trust_its_order_and_its_finance_contact_as_long_as_they_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let names = "URN,SCHNAME\n100003,Hill Top School\n".to_owned().into_bytes();
    let names = File::from_bytes("schoolnames20180801.csv".to_owned(), names);
    office.import(&names, What::Names, None, &no_progress).await.unwrap();
    let details = Details::of("Jo Bell", "jo@hill.example", None, None).unwrap();
    let (role, from) = (Role::Finance, day("2018-04-01"));
    let jo = Newcomer { urn: urn(SCHOOL), role, from, details };
    let jo = office.add_contact(&jo).await.unwrap().person.unwrap();
    let address = vec!["1 Trust Way".to_owned(), "BA1 1AA".to_owned()];
    let trust = Billed { name: "Hill Top Learning Trust".into(), address };
    let set = office.set_billing_address(urn(SCHOOL), Some(trust.clone()), day("2018-04-02"));
    assert_eq!(set.await.unwrap(), 1);
    let order = Some("PO 7".to_owned());
    let given = office.order_ahead(urn(SCHOOL), year(), order, day("2018-04-02"));
    assert_eq!(given.await.unwrap(), 1);
    let page = office.desk().customer(urn(SCHOOL)).unwrap();
    assert_eq!((&page.billed, page.waiting_orders.len()), (&trust, 1));

    let visit = Bill { address: vec![], ..bill("visit 1", vec![line("Visit", 30_000)]) };
    let raised = office.raise_invoice(visit, day("2018-04-10")).await.unwrap().invoice;
    assert_eq!((&raised.invoice.billed, raised.reference.as_deref()), (&trust, Some("PO 7")));
    assert_eq!(raised.invoice.attention, Some(jo));
    assert!(office.desk().customer(urn(SCHOOL)).unwrap().waiting_orders.is_empty());
    let number = raised.invoice.number;
    let printed = |office: &Office| {
        print::html(&print::invoice(&office.desk().invoice(number).unwrap())).unwrap()
    };
    let page = printed(&office);
    for word in ["For the attention of Jo Bell", "Hill Top Learning Trust", "1 Trust Way", "PO 7"] {
        assert!(page.contains(word), "{word}");
    }
    let statement = office.desk().statement(urn(SCHOOL), None, day("2018-05-01")).unwrap();
    assert_eq!(statement.name, trust.name);
    assert!(print::statement_html(&statement).unwrap().contains("attention of Jo Bell"));
    assert!(print::statement_pdf(&statement).unwrap().starts_with(b"%PDF-1."));

    let forgotten = office.forget_person(jo, Reason::Asked, day("2018-06-30")).await.unwrap();
    assert_eq!(forgotten.unsealed.naming.len(), 0);
    let page = printed(&office);
    assert!(page.contains("1 Trust Way") && !page.contains("Jo Bell"), "{page}");
}

/// D13: a quarter is over when it is, whatever days are asked for; and a return lacks what was entered after it was filed, also
/// where its filing is entered last of all.
#[tokio::test]
async fn late_is_told_by_the_quarter_and_by_the_day_on_which_a_return_was_filed() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let visit = |key: &str| bill(key, vec![line("Additional visit", 30_000)]);
    // The office's day is 30 June 2018, the last of its quarter.
    office.raise_invoice(visit("visit 1"), day("2018-03-10")).await.unwrap();
    office.raise_invoice(visit("visit 2"), day("2018-06-05")).await.unwrap();
    office.file_vat_return(day("2018-03-31"), day("2018-04-15")).await.unwrap();
    let told = office.desk().vat(day("2018-01-01"), day("2018-06-15")).unwrap();
    let late: Vec<(&str, bool)> = told
        .quarters
        .iter()
        .flat_map(|quarter| &quarter.late)
        .map(|late| (late.document.as_str(), late.after_return))
        .collect();
    assert_eq!(late, [("LE-2018-0001", true)]);
}

/// D13: what is found out later is dated later, and what was entered late is told.
#[tokio::test]
async fn nothing_is_dated_into_a_vat_return_that_was_filed_and_what_was_entered_late_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let visit = |key: &str| bill(key, vec![line("Additional visit", 30_000)]);
    // The office's day is 30 June 2018: this one is entered when its quarter was over.
    let first = office.raise_invoice(visit("visit 1"), day("2018-03-10")).await.unwrap();
    let first = first.invoice.invoice.number;
    assert_eq!(office.file_vat_return(day("2018-03-31"), day("2018-06-30")).await.unwrap(), 1);
    let refused = office.raise_invoice(visit("visit 2"), day("2018-03-31")).await.unwrap_err();
    assert!(refused.to_string().ends_with("may have is 1 Apr 2018"), "{refused}");
    let credit = office.credit(first, Extent::Whole, "in error".into(), day("2018-03-20")).await;
    assert!(credit.unwrap_err().is_refusal());
    let again = office.raise_invoice(visit("visit 1"), day("2018-03-10")).await.unwrap();
    assert_eq!(again.events, 0);
    office.raise_invoice(visit("visit 2"), day("2018-04-01")).await.unwrap();

    let told = office.desk().vat(day("2018-01-01"), day("2018-06-30")).unwrap();
    let filed: Vec<bool> = told.quarters.iter().map(|quarter| quarter.is_filed).collect();
    assert_eq!((filed, told.filed_until), (vec![true, false], Some(day("2018-03-31"))));
    let late: Vec<(&str, bool)> = told
        .quarters
        .iter()
        .flat_map(|quarter| &quarter.late)
        .map(|late| (late.document.as_str(), late.after_return))
        .collect();
    assert_eq!(late, [("LE-2018-0001", false)]);

    let reopened = office.reopen_vat_return("mistyped".into(), day("2018-06-30")).await.unwrap();
    assert_eq!(reopened, None);
    office.raise_invoice(visit("visit 3"), day("2018-03-31")).await.unwrap();
}

#[tokio::test]
async fn nobody_is_billed_before_it_is_said_who_bills_nor_a_school_that_nobody_knows() {
    let folder = tempfile::tempdir().unwrap();
    let mut early = open(folder.path(), "2018-06-30");
    let visit = bill("visit 1", vec![line("Additional visit", 30_000)]);
    let told = early.raise_invoice(visit.clone(), day("2018-04-10")).await.unwrap_err();
    assert!(told.to_string().contains("ledge invoice adopt"), "{told}");
    early.adopt_issuer(issuer(), day("2018-04-01")).await.unwrap();
    let told = early.raise_invoice(visit, day("2018-04-10")).await.unwrap_err();
    assert!(matches!(told, Failure::Refused(_)), "{told}");
    assert_eq!(early.adopt_issuer(issuer(), day("2018-05-01")).await.unwrap(), 0);
}

/// All that HMRC asks of a full VAT invoice, and how to pay; what people wrote is text and never markup.
#[tokio::test]
async fn a_printed_invoice_says_all_that_it_must() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let visit = bill("visit 1", vec![line("Visit <b>& more</b>", 30_000), line("Travel", 1_234)]);
    let raised = office.raise_invoice(visit, day("2018-04-10")).await.unwrap();
    let number = raised.invoice.invoice.number;
    office.record_purchase_order(number, "PO 7".into(), day("2018-04-21")).await.unwrap();
    office.credit(number, Extent::Whole, "in error".into(), day("2018-04-22")).await.unwrap();
    let page = office.desk().invoice(number).unwrap();
    let html = print::html(&print::invoice(&page)).unwrap();
    let Supplier { name, vat_number, sort_code, account_number, .. } = issuer().supplier;
    for word in [
        "LE-2018-0001",
        "10 April 2018",
        "10 May 2018",
        "PO 7",
        "Llanfairpwllgwyngyll",
        "£300.00",
        "£60.00",
        "£12.34",
        "£2.47",
        "20%",
        "£312.34",
        "£62.47",
        "£374.81",
        &name,
        &vat_number,
        &sort_code,
        &account_number,
    ] {
        assert!(html.contains(word), "{word}");
    }
    assert!(!html.contains("<b>& more"), "what people write is escaped");
    let notes = print::credit_notes(&page);
    let note = print::html(&notes[0]).unwrap();
    for word in ["LE-2018-C0001", "LE-2018-0001 of 10 April 2018", "in error", "£374.81"] {
        assert!(note.contains(word), "{word}");
    }
    for document in [print::invoice(&page), notes[0].clone()] {
        assert!(print::pdf(&document).unwrap().starts_with(b"%PDF-1."));
    }
}

#[tokio::test]
async fn an_invoice_of_many_lines_goes_on_over_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = office(folder.path()).await;
    let what = "Conference place for a senior leader, with the dinner on the evening before it";
    let places = vec![line(what, 10_000); 40];
    let raised = office.raise_invoice(bill("places", places), day("2018-04-10")).await.unwrap();
    let pdf = print::pdf(&print::invoice(&raised.invoice)).unwrap();
    let both = [print::invoice(&raised.invoice), print::invoice(&raised.invoice)];
    let told = std::cell::Cell::new(0);
    let bound = print::bound_pdf(&both, "Invoices", &|done| told.set(done)).unwrap();
    assert_eq!((pages(&pdf), pages(&bound), told.get()), (3, 6, 2));
}

/// How many pages there are, beside their list.
fn pages(pdf: &[u8]) -> usize {
    let count = |text: &[u8]| pdf.windows(text.len()).filter(|window| *window == text).count();
    let all = count(b"/Type/Page") + count(b"/Type /Page");
    all - count(b"/Type/Pages") - count(b"/Type /Pages")
}

/// Two offices' worth of tasks ask one ledger at the same moment, some of them for the same: numbers have no gap, and nobody
/// is billed twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_have_no_gap_however_many_ask_at_once() {
    const SCHOOLS: u32 = 60;
    let folder = tempfile::tempdir().unwrap();
    let store = EventStore::open(folder.path(), crate::clock::wall()).unwrap();
    let mut tasks = vec![];
    for office in ["one", "other"] {
        for school in 0..SCHOOLS {
            // Each has schools of its own, and half of them in common.
            let number = 100_000 + school + if office == "one" { 0 } else { SCHOOLS / 2 };
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                let asked = Asked {
                    command: CommandId::mint(),
                    actor: office.to_owned(),
                    correlation: None,
                    causation: None,
                    effective_on: day("2018-04-10"),
                };
                let command = Command::Raise(Box::new(Wanted {
                    year: year(),
                    urn: urn(&number.to_string()),
                    purpose: Purpose::Fee,
                    billed: Billed { name: "Hill Top".into(), address: vec![] },
                    supplier: issuer().supplier,
                    lines: vec![line("membership", 160_000)],
                    purchase_order: None,
                    attention: None,
                    payment_days: 30,
                    vat_filed_until: None,
                    on: day("2018-04-10"),
                }));
                store.execute::<Ledger>("2018-19", command, asked).await.unwrap().events.len()
            }));
        }
    }
    let mut events = 0;
    for task in tasks {
        events += task.await.unwrap();
    }
    let billed = SCHOOLS + SCHOOLS / 2;
    assert_eq!(events, billed as usize);
    let mut numbers = vec![];
    store
        .journal()
        .reader()
        .unwrap()
        .for_each(0, u64::MAX, |entry| {
            let event = Event::decode(entry.stream, entry.payload).unwrap().unwrap();
            if let Event::Ledger(_, Ledgered::InvoiceRaised(invoice)) = event {
                numbers.push(invoice.number.place());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(numbers, (1..=billed).collect::<Vec<_>>());
    store.close().await.unwrap();
}
