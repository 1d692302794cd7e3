//! How schools pay: most in time, some in parts, late or by a cheque that bounces, a few never; and what the office credits.
//!
//! Everything has its own day, counted from the day on which the invoice was raised, or was due, and its own reference: a day
//! that is played again takes nothing down twice.

use app::{Failure, Office};
use billing::VatRate;
use billing::ledger::{Extent, Part};
use chrono::NaiveDate;
use projections::invoices::Row;

use crate::calendar::post_after;
use crate::temper::Temper;

/// What happens to an invoice on a day.
#[derive(Clone, Debug, Eq, PartialEq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Deal {
    Pay { pence: u64, reference: &'static str },
    Bounce { payment: u32 },
    Credit { extent: Extent, reason: &'static str },
    Refund { pence: u64 },
    PurchaseOrder,
}

/// How a school pays an invoice.
#[derive(Clone, Copy)]
enum Manner {
    InTime,
    InParts,
    Late,
    ByABadCheque,
    /// Half of it was agreed on, before it was paid.
    Half,
    /// The same, and it had paid all of it.
    HalfGivenBack,
    /// It should never have been billed.
    NotAtAll,
    Never,
}

impl Deal {
    /// What happens on a day, in order.
    pub(crate) fn all_on(temper: Temper, row: &Row, on: NaiveDate) -> Vec<Self> {
        let year = row.year.first_day_year();
        let draw = |matter: &str, below| temper.draw(row.urn, matter, year, below);
        let after = |days: u32| post_after(row.raised_on, days);
        let gross = row.gross_pence;
        let half = row.net_pence / 2;
        let half_gross = half + VatRate::STANDARD.on(half);
        let pay = |pence, reference| Self::Pay { pence, reference };
        let credit_half = || {
            let extent = Extent::Parts(vec![Part { line: 1, net_pence: half }]);
            Self::Credit { extent, reason: "half of the year was agreed" }
        };
        let mut deals: Vec<(NaiveDate, Self)> = vec![];
        if draw("has purchase orders", 100) < 20 {
            deals.push((after(3), Self::PurchaseOrder));
        }
        deals.extend(match Manner::of(draw("pays", 1_000)) {
            Manner::InTime => {
                vec![(after(4 + draw("pays on", 22)), pay(gross, "BACS"))]
            }
            Manner::InParts => vec![
                (after(12), pay(gross / 2, "BACS, first half")),
                (post_after(row.due_on, 5), pay(gross - gross / 2, "BACS, the rest")),
            ],
            Manner::Late => {
                let late = 3 + draw("is late", 75);
                vec![(post_after(row.due_on, late), pay(gross, "BACS"))]
            }
            Manner::ByABadCheque => vec![
                (after(10), pay(gross, "cheque")),
                (after(17), Self::Bounce { payment: 1 }),
                (after(45), pay(gross, "second cheque")),
            ],
            Manner::Half => {
                vec![(after(8), credit_half()), (after(20), pay(gross - half_gross, "BACS"))]
            }
            Manner::HalfGivenBack => vec![
                (after(6), pay(gross, "BACS")),
                (after(40), credit_half()),
                (after(50), Self::Refund { pence: half_gross }),
            ],
            Manner::NotAtAll => {
                vec![(after(9), Self::Credit { extent: Extent::Whole, reason: "billed in error" })]
            }
            Manner::Never => vec![],
        });
        deals.into_iter().filter(|(day, _)| *day == on).map(|(_, deal)| deal).collect()
    }

    pub(crate) async fn make(
        self,
        office: &mut Office,
        row: &Row,
        on: NaiveDate,
    ) -> Result<(), Failure> {
        let number = row.number;
        let done = match self {
            Self::Pay { pence, reference } => {
                office.record_payment(number, pence, reference.to_owned(), on).await
            }
            Self::Bounce { payment } => {
                office.reverse_payment(number, payment, "the cheque bounced".to_owned(), on).await
            }
            Self::Credit { extent, reason } => {
                office.credit(number, extent, reason.to_owned(), on).await
            }
            Self::Refund { pence } => {
                office.record_refund(number, pence, "BACS out".to_owned(), on).await
            }
            Self::PurchaseOrder => {
                let order = format!("PO {}-{}", row.urn, row.year.first_day_year());
                office.record_purchase_order(number, order, on).await
            }
        };
        done.map(drop)
    }
}

impl Manner {
    /// Of a number below a thousand.
    fn of(mood: u32) -> Self {
        match mood {
            ..680 => Self::InTime,
            680..770 => Self::InParts,
            770..890 => Self::Late,
            890..915 => Self::ByABadCheque,
            915..940 => Self::Half,
            940..955 => Self::HalfGivenBack,
            955..970 => Self::NotAtAll,
            _ => Self::Never,
        }
    }
}
