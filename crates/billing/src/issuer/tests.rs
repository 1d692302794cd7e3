use chrono::NaiveDate;
use scenario::given;
use strum::VariantNames;

use super::{Command, Event, Issuer, Supplier, Terms};
use crate::{Refusal, VatRate};

pub(crate) fn supplier() -> Supplier {
    Supplier {
        name: "Leading Edge".into(),
        address: vec!["1 High Street".into(), "London".into(), "N1 1AA".into()],
        vat_number: "GB123456789".into(),
        company_number: Some("01234567".into()),
        email: Some("finance@leading-edge.example".into()),
        account_name: "Leading Edge".into(),
        sort_code: "12-34-56".into(),
        account_number: "12345678".into(),
    }
}

fn terms() -> Terms {
    Terms {
        supplier: supplier(),
        payment_days: 30,
        vat_basis_points: VatRate::STANDARD,
        first_year: "2018-19".parse().unwrap(),
        on: NaiveDate::from_ymd_opt(2018, 2, 6).unwrap(),
    }
}

#[test]
fn an_issuer_is_adopted_once_and_may_change() {
    given::<Issuer>([]).when(Command::Adopt(terms())).then([Event::IssuerAdopted(terms())]);
    let later = Terms { on: terms().on.succ_opt().unwrap(), ..terms() };
    given::<Issuer>([Event::IssuerAdopted(terms())]).when(Command::Adopt(later.clone())).then([]);
    let shorter = Terms { payment_days: 14, ..later };
    given::<Issuer>([Event::IssuerAdopted(terms())])
        .when(Command::Adopt(shorter.clone()))
        .then([Event::IssuerAdopted(shorter)]);
}

#[test]
fn what_cannot_be_printed_or_paid_is_refused() {
    type Change = fn(&mut Terms);
    let wrong: [(Change, Refusal); 8] = [
        (|it| it.payment_days = 0, Refusal::NotATerm(0)),
        (|it| it.payment_days = 367, Refusal::NotATerm(367)),
        (
            |it| it.vat_basis_points = VatRate::of_basis_points(10_001),
            Refusal::RateTooHigh { rate: VatRate::of_basis_points(10_001) },
        ),
        (|it| it.supplier.name = " ".into(), Refusal::TextMissing { what: "the supplier's name" }),
        (
            |it| it.supplier.address = vec![],
            Refusal::WrongCount { what: "the supplier's address", count: 0, fewest: 1, most: 8 },
        ),
        (
            |it| it.supplier.vat_number = "GB12345678".into(),
            Refusal::NotAVatNumber("GB12345678".into()),
        ),
        (|it| it.supplier.sort_code = "123456".into(), Refusal::NotASortCode("123456".into())),
        (
            |it| it.supplier.account_number = "1234567".into(),
            Refusal::NotAnAccountNumber("1234567".into()),
        ),
    ];
    for (change, refusal) in wrong {
        let mut terms = terms();
        change(&mut terms);
        given::<Issuer>([]).when(Command::Adopt(terms)).refused(refusal);
    }
}

#[test]
fn vat_returns_are_filed_one_after_the_other_and_the_last_is_reopened_with_its_reason() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let file = |until: &str, on: &str| Command::FileVatReturn { until: day(until), on: day(on) };
    let filed = |until: &str| Event::VatReturnFiled { until: day(until), on: day("2018-07-20") };
    given::<Issuer>([]).when(file("2018-06-30", "2018-07-20")).then([filed("2018-06-30")]);
    let before = [filed("2018-03-31"), filed("2018-06-30")];
    given::<Issuer>(before.clone()).when(file("2018-06-30", "2018-07-21")).then([]);
    let (until, asked) = (day("2018-06-30"), day("2018-05-31"));
    given::<Issuer>(before.clone())
        .when(file("2018-05-31", "2018-07-21"))
        .refused(Refusal::VatFiledBeyond { until, asked });
    let (until, on) = (day("2018-07-20"), day("2018-07-20"));
    given::<Issuer>([])
        .when(file("2018-07-20", "2018-07-20"))
        .refused(Refusal::VatNotOver { until, on });

    let reopen = |reason: &str| Command::ReopenVatReturn { reason: reason.into(), on };
    let (until, reason) = (day("2018-06-30"), "mistyped".to_owned());
    let reopened = Event::VatReturnReopened { until, reason, on };
    given::<Issuer>([]).when(reopen("mistyped")).refused(Refusal::NoVatReturn);
    given::<Issuer>(before.clone())
        .when(reopen(" "))
        .refused(Refusal::TextMissing { what: "the reason" });
    given::<Issuer>(before.clone()).when(reopen("mistyped")).then([reopened.clone()]);
    given::<Issuer>([before.to_vec(), vec![reopened]].concat())
        .when(file("2018-04-30", "2018-07-20"))
        .then([filed("2018-04-30")]);
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/issuer.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
