//! Invoices follow from years that were agreed, and reminders from those that are not paid (R10, D11, D12).

use billing::ledger::{
    Billed, Command as Asked, CreditNote, Event as Ledgered, Purpose, Step, Wanted,
};
use billing::{InvoiceNumber, Refusal, VatRate};
use kernel::PersonId;
use membership::membership::EndReason;
use projections::{Event, contacts, issuers};

use super::{
    Command, JoiningTerms, NaiveDate, Occasion, SCHOOL, SUCCESSOR, School, accepted, applied, day,
    member, staying, urn, year,
};
use crate::Asking;

const RAISES: &str = "agreed-year-raises-invoice";

/// Who bills, from 2018-19 on.
pub(super) fn issuer() -> issuers::Row {
    issuers::Row {
        position: 1,
        name: "Leading Edge".into(),
        address: "1 High Street\nLondon".into(),
        vat_number: "GB123456789".into(),
        company_number: None,
        email: None,
        account_name: "Leading Edge".into(),
        sort_code: "12-34-56".into(),
        account_number: "12345678".into(),
        payment_days: 30,
        vat_basis_points: VatRate::STANDARD,
        first_year: year("2018-19"),
        adopted_on: NaiveDate::MIN,
        recorded_at: 0,
    }
}

impl School {
    fn billing(mut self) -> Self {
        self.known.issuer = Some(issuer());
        self
    }

    /// What a policy asks of a ledger on a day.
    #[track_caller]
    fn ledger_asked(&self, policy: &str, on: &str) -> Option<(String, Asked)> {
        self.told(policy, Occasion::Day, on).unwrap().map(|asking| match asking {
            Asking::Ledger { year, urn, command } => {
                assert_eq!(urn, self.known.membership.urn);
                (year.to_string(), command)
            }
            Asking::Membership { .. } => panic!("{asking:?}"),
        })
    }

    /// After its fee of a year was billed on a day, as the first invoice of the ledger.
    #[track_caller]
    fn billed(mut self, on: &str) -> Self {
        let (of, command) = self.ledger_asked(RAISES, on).unwrap();
        let events = scenario::given::<billing::Ledger>([]).when(command).answered().unwrap();
        for event in events {
            self.take_down(Event::Ledger(year(&of), event));
        }
        self
    }

    fn happened_on_ledger(mut self, event: Ledgered) -> Self {
        self.take_down(Event::Ledger(event.number().unwrap().year(), event));
        self
    }
}

/// Net, VAT, and the day it is raised.
fn wanted(asked: Option<(String, Asked)>) -> Option<(String, u64, u32, NaiveDate)> {
    let (of, Asked::Raise(wanted)) = asked? else { return None };
    let line = &wanted.lines[0];
    Some((of, line.net_pence, line.vat_basis_points.basis_points(), wanted.on))
}

fn number() -> InvoiceNumber {
    "LE-2019-0001".parse().unwrap()
}

/// A member from 4 June 2019, whose first year was billed the day after: due on 5 July.
fn billed() -> School {
    started().billing().billed("2019-06-05")
}

fn started() -> School {
    let school = accepted("2019-06-04", "2019-05-20");
    school.after("acceptance-starts-membership", Occasion::Day, "2019-06-04")
}

#[test]
fn a_started_year_is_billed_on_the_next_day_once() {
    let school = started().billing();
    let asked = wanted(school.ledger_asked(RAISES, "2019-06-05"));
    assert_eq!(asked, Some(("2019-20".into(), 160_000, 2_000, day("2019-06-05"))));
    let billed = school.billed("2019-06-05");
    assert_eq!(billed.ledger_asked(RAISES, "2019-06-06"), None);
    assert_eq!(billed.known.invoices[0].due_on, day("2019-07-05"));
}

#[test]
fn a_school_is_billed_at_its_billing_address_for_the_attention_of_its_finance_contact() {
    let fee = |school: &School| match school.ledger_asked(RAISES, "2019-06-05") {
        Some((_, Asked::Raise(wanted))) => wanted,
        other => panic!("{other:?}"),
    };
    let mut school = started().billing();
    let registered = fee(&school);
    assert_eq!(registered.billed.name, "Hill Top");
    assert_eq!((registered.billed.address.len(), registered.attention), (2, None));

    let address = vec!["1 Trust Way".into(), "BA1 1AA".into()];
    let trust = Billed { name: "Hill Top Learning Trust".into(), address };
    school.known.billed = Some(trust.clone());
    let id = |number: u64| -> PersonId {
        format!("01900000-0000-7000-8000-{number:012}").parse().unwrap()
    };
    let role = |position: u64, role, from: &str| contacts::Row {
        position,
        recorded_at: 0,
        person: id(position),
        urn: urn(SCHOOL),
        role,
        held_from: day(from),
        held_until: None,
        sealed: None,
        forgotten_on: None,
    };
    school.known.contacts = vec![
        role(1, "main".parse().unwrap(), "2018-09-01"),
        role(2, "finance".parse().unwrap(), "2019-06-06"),
    ];
    let before = fee(&school);
    assert_eq!((&before.billed, before.attention), (&trust, Some(id(1))), "not finance yet");
    school.known.contacts[1].held_from = day("2019-06-05");
    assert_eq!(fee(&school).attention, Some(id(2)));
    school.known.contacts[1].forgotten_on = Some(day("2019-06-05"));
    assert_eq!(fee(&school).attention, Some(id(1)));
}

/// D13: it is billed on the first day after the return.
#[test]
fn nothing_is_billed_on_a_day_of_a_vat_return_that_was_filed() {
    let mut school = started().billing();
    school.known.vat_filed_until = Some(day("2019-06-05"));
    assert_eq!(school.ledger_asked(RAISES, "2019-06-05"), None);
    let asked = wanted(school.ledger_asked(RAISES, "2019-06-06"));
    assert_eq!(asked.map(|(.., on)| on), Some(day("2019-06-06")));
}

/// Nothing that is billed by hand passes for the fee.
#[test]
fn whatever_else_was_billed_the_fee_is_billed_still() {
    let school = started().billing();
    let (_, Asked::Raise(fee)) = school.ledger_asked(RAISES, "2019-06-05").unwrap() else {
        panic!("nothing is billed")
    };
    let by_hand = |key: &str| {
        let purpose = Purpose::Other(key.into());
        let command = Asked::Raise(Box::new(Wanted { purpose, ..(*fee).clone() }));
        scenario::given::<billing::Ledger>([]).when(command).answered()
    };
    assert_eq!(by_hand("Fee").unwrap_err(), Refusal::KeyOfTheFee);
    let school = by_hand("fee 1").unwrap().into_iter().fold(school, School::happened_on_ledger);
    let asked = wanted(school.ledger_asked(RAISES, "2019-06-06"));
    assert_eq!(asked.map(|(of, ..)| of).as_deref(), Some("2019-20"));
}

#[test]
fn a_renewed_year_is_billed_too() {
    let school = staying().covered("2018-09-01", None).billing();
    assert_eq!(school.ledger_asked(RAISES, "2020-02-11"), None, "not agreed yet");
    let school = school.after("cover-agrees-renewal", Occasion::Day, "2020-02-11");
    let asked = wanted(school.ledger_asked(RAISES, "2020-02-12"));
    assert_eq!(asked, Some(("2020-21".into(), 160_000, 2_000, day("2020-02-12"))));
}

/// D11: what was agreed with a late joiner is billed, and of nothing there is no invoice.
#[test]
fn agreed_terms_are_billed_as_agreed() {
    for (fee_pence, billed) in [(80_000, Some(80_000)), (0, None)] {
        let (reason, approver) = ("half of the year is over".into(), "minute 7".into());
        let terms = JoiningTerms::AgreedTerms { fee_pence, reason, approver };
        let school = applied()
            .accepted_on(terms, "2019-10-01", "2019-09-20")
            .after("acceptance-starts-membership", Occasion::Day, "2019-10-01")
            .billing();
        let asked = wanted(school.ledger_asked(RAISES, "2019-10-02"));
        assert_eq!(asked.map(|(_, net, ..)| net), billed);
    }
}

#[test]
fn what_was_agreed_before_this_system_or_before_billing_began_is_not_billed() {
    assert_eq!(member().billing().ledger_asked(RAISES, "2020-02-01"), None);
    assert_eq!(started().ledger_asked(RAISES, "2019-06-05"), None, "nobody bills");
    let mut school = started().billing();
    school.known.issuer = Some(issuers::Row { first_year: year("2020-21"), ..issuer() });
    assert_eq!(school.ledger_asked(RAISES, "2019-06-05"), None);
}

/// D12: the fee is the predecessor's, whatever became of it; the successor is billed for what it agrees itself.
#[test]
fn a_year_that_was_carried_over_is_billed_once_and_to_whom_agreed_it() {
    let before = started();
    let to = urn(SUCCESSOR);
    let carry = Command::CarryOver { to, on: day("2019-09-01") };
    let before = before.having(carry).billing();
    let asked = wanted(before.ledger_asked(RAISES, "2019-09-02"));
    assert_eq!(asked.map(|(_, net, ..)| net), Some(160_000));

    let last = before.history.last().unwrap().clone();
    let super::Membership::MembershipCarriedOver { carried, on, .. } = last else {
        panic!("{last:?}");
    };
    let from = urn(SCHOOL);
    let after = School::new(SUCCESSOR).having(Command::TakeOver { from, carried, on }).billing();
    assert_eq!(after.known.terms.len(), 1);
    assert_eq!(after.ledger_asked(RAISES, "2019-09-02"), None);
}

/// Nothing follows of itself for an invoice that is open: people credit it, or do not.
#[test]
fn an_ended_membership_leaves_its_invoice_as_it_is() {
    let ended = billed().having(Command::End { reason: EndReason::Closed, on: day("2019-08-31") });
    assert_eq!(ended.ledger_asked(RAISES, "2019-09-01"), None);
    assert_eq!(ended.known.invoices[0].open_pence, 192_000);
}

/// People bill it anew where it was wrong; by itself it is billed once.
#[test]
fn a_fee_that_was_credited_in_whole_is_not_billed_again_by_itself() {
    let credited = billed().happened_on_ledger(Ledgered::CreditNoteIssued(CreditNote {
        number: "LE-2019-C0001".parse().unwrap(),
        invoice: number(),
        urn: urn(SCHOOL),
        lines: vec![],
        net_pence: 160_000,
        vat_pence: 32_000,
        gross_pence: 192_000,
        reason: "wrong address".into(),
        on: day("2019-06-07"),
        open_pence: 0,
    }));
    assert_eq!(credited.ledger_asked(RAISES, "2019-06-08"), None);
}

/// R10: 30 days, and not a day before.
#[test]
fn what_is_not_paid_in_30_days_is_overdue_on_the_next() {
    let school = billed();
    let marks = |school: &School, on| school.ledger_asked("past-due-marks-overdue", on);
    assert_eq!(marks(&school, "2019-07-05"), None);
    let on = day("2019-07-06");
    let command = Asked::MarkOverdue { number: number(), on };
    assert_eq!(marks(&school, "2019-07-06"), Some(("2019-20".into(), command)));
    let (due_on, open_pence) = (day("2019-07-05"), 192_000);
    let marked =
        Ledgered::InvoiceOverdue { number: number(), urn: urn(SCHOOL), due_on, open_pence, on };
    assert_eq!(marks(&school.happened_on_ledger(marked), "2019-07-07"), None);
    let paid = Ledgered::PaymentReceived {
        number: number(),
        urn: urn(SCHOOL),
        payment: 1,
        amount_pence: 192_000,
        reference: "BACS".into(),
        received_on: day("2019-07-01"),
        open_pence: 0,
    };
    assert_eq!(marks(&billed().happened_on_ledger(paid), "2019-07-06"), None);
}

#[test]
fn an_overdue_invoice_reminds_once_a_step() {
    let asks = |school: &School, on| {
        let (_, command) = school.ledger_asked("overdue-invoice-reminds", on)?;
        let Asked::Remind { step, .. } = command else { panic!("{command:?}") };
        Some(step)
    };
    let reminded = |step, on| Ledgered::InvoiceReminded {
        number: number(),
        urn: urn(SCHOOL),
        step,
        due_on: day("2019-07-05"),
        open_pence: 192_000,
        on: day(on),
    };
    let mut school = billed();
    assert_eq!(asks(&school, "2019-07-11"), None);
    for (step, on, not_again) in [
        (Step::First, "2019-07-12", "2019-07-18"),
        (Step::Second, "2019-07-19", "2019-08-03"),
        (Step::Last, "2019-08-04", "2019-12-31"),
    ] {
        assert_eq!(asks(&school, on), Some(step));
        school = school.happened_on_ledger(reminded(step, on));
        assert_eq!(asks(&school, not_again), None);
    }
    let mut late = billed();
    for (step, on, not_yet) in [
        (Step::First, "2019-12-31", "2020-01-06"),
        (Step::Second, "2020-01-07", "2020-01-22"),
        (Step::Last, "2020-01-23", "2020-12-31"),
    ] {
        assert_eq!(asks(&late, on), Some(step), "the days began late");
        late = late.happened_on_ledger(reminded(step, on));
        assert_eq!(asks(&late, on), None, "never two on one day");
        assert_eq!(asks(&late, not_yet), None);
    }
    let paid = Ledgered::PaymentReceived {
        number: number(),
        urn: urn(SCHOOL),
        payment: 1,
        amount_pence: 192_000,
        reference: "cheque".into(),
        received_on: day("2020-02-01"),
        open_pence: 0,
    };
    let settled =
        Ledgered::InvoiceSettled { number: number(), urn: urn(SCHOOL), on: day("2020-02-01") };
    let bounced = Ledgered::PaymentReversed {
        number: number(),
        urn: urn(SCHOOL),
        payment: 1,
        amount_pence: 192_000,
        reason: "bounced".into(),
        on: day("2020-02-09"),
        open_pence: 192_000,
    };
    let open_again = [paid, settled, bounced].into_iter().fold(late, School::happened_on_ledger);
    assert_eq!(asks(&open_again, "2020-02-10"), Some(Step::First), "open again");
}
