use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{Grade, LeadingEdgeYear, PersonId, Urn};
use letters::letter::{Event as Letter, Failing, Found, Sending, Transport};
use letters::{About, Kind, Recipient};
use membership::Outcome;
use membership::membership::{
    Event as Membership, Grading, Invitation, Offer, Role, Step, WhyRefused,
};

use super::{Row, State};
use crate::collected::Collected;
use crate::{Event, Recorded};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn() -> Urn {
    "100003".parse().unwrap()
}

fn year() -> LeadingEdgeYear {
    "2019-20".parse().unwrap()
}

fn recorded(position: u64, event: Event) -> Recorded {
    let at: DateTime<Utc> = "2019-03-01T09:00:00Z".parse().unwrap();
    Recorded {
        position,
        version: position,
        recorded_at: at + TimeDelta::minutes(i64::try_from(position).unwrap()),
        effective_on: day("2019-03-01"),
        actor: "office".into(),
        event,
    }
}

/// The letters that come of this, by their kind and id.
fn letters_of(events: impl IntoIterator<Item = Event>) -> Vec<Row> {
    let history: Vec<Recorded> =
        (1..).zip(events).map(|(position, event)| recorded(position, event)).collect();
    let mut letters: Vec<Row> = Collected::of(&history).rows();
    // Read back from the store for every event, it comes to the same.
    let one_by_one = Collected::in_batches(&history, 1, 0);
    assert_eq!(one_by_one.in_order(), Collected::of(&history).in_order());
    letters.sort_by_key(|row| (row.kind, row.letter));
    letters
}

fn school(event: Membership) -> Event {
    Event::Membership(urn(), event)
}

fn invited() -> Event {
    school(Membership::SchoolInvited(Invitation {
        year: year(),
        on: day("2019-02-20"),
        name: "Hill Top School".into(),
        grade: Some(Grade::Good),
        progress8: None,
        release: None,
        threshold: None,
        reviewed_as_at: day("2019-02-14"),
        until: Some(day("2019-03-20")),
    }))
}

fn offered(on: &str) -> Event {
    let offer = Offer {
        outcome: Outcome::Renew,
        judgement: None,
        answer_by: Some(day("2019-03-15")),
        on: day(on),
    };
    school(Membership::RenewalOffered { year: year(), offer })
}

fn grading(grade: Grade) -> Grading {
    Grading {
        grade,
        inspected_on: day("2018-11-06"),
        published_on: day("2018-12-04"),
        source: None,
    }
}

fn marked() -> Event {
    school(Membership::MarkedNotEligibleToRenew {
        grading: grading(Grade::RequiresImprovement),
        counts_for: year(),
        renewed_on: None,
    })
}

fn sent(about: &About) -> [Event; 2] {
    [
        Event::Letter(
            about.id(),
            Letter::SendingBegan { about: about.clone(), sending: sending() },
        ),
        Event::Letter(
            about.id(),
            Letter::LetterSent { about: about.clone(), reply: None, on: day("2019-03-01") },
        ),
    ]
}

fn sending() -> Sending {
    Sending {
        to: "0190c0de-0000-7000-8000-000000000001".parse::<PersonId>().unwrap(),
        role: Recipient::Main,
        transport: Transport::Outbox,
        message_id: "<a@network.example>".into(),
        copy: "00".into(),
        on: day("2019-03-01"),
    }
}

fn not_eligible() -> About {
    let occasion = "2018-11-06".to_owned();
    About { kind: Kind::NotEligible, urn: urn(), year: year(), occasion }
}

fn seen(rows: &[Row]) -> Vec<(Kind, State, Option<&str>)> {
    rows.iter().map(|row| (row.kind, row.state, row.overtaken.as_deref())).collect()
}

#[test]
fn an_invitation_calls_for_a_letter_until_it_is_answered() {
    let due = letters_of([invited()]);
    assert_eq!(seen(&due), [(Kind::Invitation, State::Due, None)]);
    assert_eq!((due[0].due_on, due[0].answer_by), (day("2019-02-20"), Some(day("2019-03-20"))));
    assert_eq!((due[0].addressed, due[0].calls_for), (Recipient::Head, 1));
    assert_eq!(due[0].overtaken_by(day("2019-03-20")), None);
    assert_eq!(
        due[0].overtaken_by(day("2019-03-21")).as_deref(),
        Some("its last day, 20 Mar 2019, is past")
    );
    let declined =
        Membership::InvitationDeclined { year: year(), reason: None, on: day("2019-03-01") };
    let overtaken = letters_of([invited(), school(declined)]);
    assert_eq!(seen(&overtaken), [(Kind::Invitation, State::Due, Some("the school has declined"))]);
}

#[test]
fn a_reminder_speaks_of_the_year_of_what_it_reminds_of() {
    let due = day("2019-03-20");
    let step = Step::InvitationAnswer;
    let reminded = Membership::Reminded { step, due, on: day("2019-03-06") };
    let letters = letters_of([invited(), school(reminded)]);
    assert_eq!(letters[1].kind, Kind::InvitationReminder);
    assert_eq!((letters[1].year, letters[1].answer_by), (year(), Some(due)));
}

#[test]
fn an_offer_made_anew_is_another_letter_and_the_old_one_is_overtaken() {
    let letters = letters_of([offered("2019-02-20"), offered("2019-02-25")]);
    let mut states: Vec<_> =
        letters.iter().map(|row| (row.due_on, row.overtaken.clone())).collect();
    states.sort_unstable();
    assert_eq!(
        states,
        [
            (day("2019-02-20"), Some("renewal was offered anew".to_owned())),
            (day("2019-02-25"), None)
        ]
    );
    let by = Role::Headteacher;
    let accepted = Membership::RenewalAccepted { year: year(), by, on: day("2019-02-26") };
    let letters = letters_of([offered("2019-02-20"), school(accepted)]);
    assert_eq!(letters[0].overtaken.as_deref(), Some("the school has accepted"));
}

/// P6: the grade and the refusal that follows from it are one piece of news.
#[test]
fn a_school_is_told_once_that_it_is_not_eligible() {
    let refused = school(Membership::RenewalRefused {
        year: year(),
        why: WhyRefused::Marked,
        mark: Some(grading(Grade::RequiresImprovement)),
        on: day("2019-03-02"),
    });
    let letters = letters_of([marked(), refused.clone()]);
    assert_eq!(seen(&letters), [(Kind::NotEligible, State::Due, None)]);
    assert_eq!(letters[0].calls_for, 2);
    let [began, went] = sent(&not_eligible());
    let letters = letters_of([marked(), began, went, refused]);
    assert_eq!(seen(&letters), [(Kind::NotEligible, State::Sent, None)]);
    assert_eq!(letters[0].calls_for, 1);
}

#[test]
fn who_was_told_of_the_mark_is_told_that_it_is_lifted_and_nobody_else() {
    let lifted = || {
        school(Membership::EligibilityRestored(Grading {
            inspected_on: day("2019-02-05"),
            published_on: day("2019-03-01"),
            ..grading(Grade::Good)
        }))
    };
    let letters = letters_of([marked(), lifted()]);
    assert_eq!(
        seen(&letters),
        [(Kind::NotEligible, State::Due, Some("it was graded 1 or 2 since"))]
    );
    let [began, went] = sent(&not_eligible());
    let letters = letters_of([marked(), began, went, lifted()]);
    assert_eq!(
        seen(&letters),
        [(Kind::NotEligible, State::Sent, None), (Kind::EligibleAgain, State::Due, None)]
    );
    assert_eq!(letters[1].year, year());
}

#[test]
fn what_became_of_a_letter_stands_in_its_row() {
    let about = About { kind: Kind::Invitation, urn: urn(), year: year(), occasion: String::new() };
    let [began, went] = sent(&about);
    let of = |event| Event::Letter(about.id(), event);
    let failed = |how| {
        let (about, reply) = (about.clone(), "421 later".to_owned());
        of(Letter::SendingFailed { about, how, reply, on: day("2019-03-01") })
    };
    let state = |events: Vec<Event>| {
        let rows = letters_of([invited()].into_iter().chain(events));
        (rows[0].state, rows[0].attempts, rows[0].said.clone())
    };
    let later = Some("421 later".to_owned());
    assert_eq!(state(vec![began.clone()]), (State::InDoubt, 1, None));
    assert_eq!(state(vec![began.clone(), went]), (State::Sent, 1, None));
    let postponed = vec![began.clone(), failed(Failing::Postponed)];
    assert_eq!(state(postponed), (State::Postponed, 1, later.clone()));
    let refused = vec![began.clone(), failed(Failing::Refused)];
    assert_eq!(state(refused), (State::Failed, 1, later));
    let reason = "asked the school".to_owned();
    let found = Letter::DoubtResolved {
        about: about.clone(),
        found: Found::ItDidNot,
        reason: reason.clone(),
        on: day("2019-03-02"),
    };
    assert_eq!(state(vec![began, of(found)]), (State::Due, 1, Some(reason.clone())));
    let withheld = Letter::LetterWithheld {
        about: about.clone(),
        reason: reason.clone(),
        on: day("2019-03-02"),
    };
    assert_eq!(state(vec![of(withheld)]), (State::Withheld, 0, Some(reason)));
}

#[test]
fn a_reminder_of_an_invoice_goes_no_more_once_it_is_settled() {
    use billing::InvoiceNumber;
    use billing::ledger::{Event as Ledger, Step};

    let number = InvoiceNumber::new(year(), 12);
    let reminded = |step| {
        Event::Ledger(
            year(),
            Ledger::InvoiceReminded {
                number,
                urn: urn(),
                step,
                due_on: day("2019-05-01"),
                open_pence: 192_000,
                on: day("2019-05-08"),
            },
        )
    };
    let settled = Ledger::InvoiceSettled { number, urn: urn(), on: day("2019-05-20") };
    let history = [reminded(Step::First), reminded(Step::Second)];
    let mut letters = letters_of(history.clone());
    letters.sort_by_key(|row| row.calls_for);
    assert_eq!(
        seen(&letters),
        [
            (Kind::OverdueInvoice, State::Due, Some("it was reminded of again since")),
            (Kind::OverdueInvoice, State::Due, None)
        ]
    );
    assert_eq!(letters[1].addressed, Recipient::Finance);
    let letters = letters_of(history.into_iter().chain([Event::Ledger(year(), settled)]));
    assert!(letters.iter().all(|row| row.overtaken.is_some()), "{letters:?}");
}

/// Nobody is asked to pay what was paid or credited before the invoice went; unless the payment came to nothing.
#[test]
fn an_invoice_that_is_settled_before_it_went_goes_no_more_until_it_is_open_again() {
    use billing::InvoiceNumber;
    use billing::ledger::{Billed, Event as Ledger, Invoice, Purpose};

    let number = InvoiceNumber::new(year(), 12);
    let text = String::new;
    let raised = Ledger::InvoiceRaised(Box::new(Invoice {
        number,
        urn: urn(),
        purpose: Purpose::Fee,
        billed: Billed { name: text(), address: vec![] },
        supplier: billing::issuer::Supplier {
            name: text(),
            address: vec![],
            vat_number: text(),
            company_number: None,
            email: None,
            account_name: text(),
            sort_code: text(),
            account_number: text(),
        },
        charges: vec![],
        net_pence: 160_000,
        vat_pence: 32_000,
        gross_pence: 192_000,
        purchase_order: None,
        attention: None,
        raised_on: day("2019-04-01"),
        due_on: day("2019-05-01"),
    }));
    let settled = Ledger::InvoiceSettled { number, urn: urn(), on: day("2019-04-03") };
    let reversed = Ledger::PaymentReversed {
        number,
        urn: urn(),
        payment: 1,
        amount_pence: 192_000,
        reason: "bounced".into(),
        on: day("2019-04-09"),
        open_pence: 192_000,
    };
    let overtaken = |events: &[&Ledger]| {
        let events = events.iter().map(|event| Event::Ledger(year(), (*event).clone()));
        let letters = letters_of(events);
        assert_eq!(letters.len(), 1);
        letters[0].overtaken.clone()
    };
    assert_eq!(overtaken(&[&raised]), None);
    assert_eq!(overtaken(&[&raised, &settled]).as_deref(), Some("the invoice is settled"));
    assert_eq!(overtaken(&[&raised, &settled, &reversed]), None);
}

#[test]
fn an_invitation_that_is_extended_is_written_again_with_its_new_day() {
    let extended = Membership::InvitationExtended {
        year: year(),
        until: day("2019-04-30"),
        reason: "the governors meet in April".into(),
        on: day("2019-03-20"),
    };
    let letters = letters_of([invited(), school(extended)]);
    let mut letters: Vec<_> =
        letters.iter().map(|row| (row.due_on, row.answer_by, row.overtaken.is_some())).collect();
    letters.sort();
    assert_eq!(letters.len(), 2);
    assert_eq!((letters[0].0, letters[0].2), (day("2019-02-20"), true), "it says another day");
    assert_eq!(letters[1], (day("2019-03-20"), Some(day("2019-04-30")), false));
}
