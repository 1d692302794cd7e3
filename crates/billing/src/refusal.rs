use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear, Urn, pounds};

use crate::ledger::Step;
use crate::{InvoiceNumber, VatRate};

/// Why the office says no.  The text is shown to people as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    // amounts and texts
    #[error("{what} is missing")]
    TextMissing { what: &'static str },
    #[error(
        "{what} has characters that do not print, such as the end of a line, or that turn its direction"
    )]
    TextUnprintable { what: &'static str },
    #[error("{what} has {length} characters; {most} is the most")]
    TextTooLong { what: &'static str, length: usize, most: usize },
    #[error(
        "a rate of {rate} is more than all of it; the standard rate is 20%, which is 2000 basis points"
    )]
    RateTooHigh { rate: VatRate },
    #[error("`{what}` costs nothing, so there is nothing to bill")]
    NothingCharged { what: String },
    #[error("an amount of nothing is no amount")]
    NoAmount,
    #[error(
        "{}.{:02} pounds is more than any invoice of this network is: {} pounds; was it mistyped?",
        pence / 100, pence % 100, highest / 100
    )]
    TooMuch { pence: u64, highest: u64 },
    #[error("{} is outside what this ledger can hold: {} to {}", Day(*.day), Day(*.first), Day(*.last))]
    DayOutOfReach { day: NaiveDate, first: NaiveDate, last: NaiveDate },

    // the issuer
    #[error("`{0}` is not a VAT number: GB and nine or twelve digits, such as GB123456789")]
    NotAVatNumber(String),
    #[error("`{0}` is not a sort code: three pairs of digits, such as 12-34-56")]
    NotASortCode(String),
    #[error("`{0}` is not the number of an account: eight digits")]
    NotAnAccountNumber(String),
    #[error("an invoice is to be paid within 1 to 366 days, not {0}")]
    NotATerm(u32),
    #[error("{what} has {count}; {fewest} to {most} are right")]
    WrongCount { what: &'static str, count: usize, fewest: usize, most: usize },

    // VAT returns
    #[error(
        "{} lies in a VAT return that was filed, to the end of {}; the first day that a document may have is {}",
        Day(*.on), Day(*.until), Day(*.first)
    )]
    VatFiled { on: NaiveDate, until: NaiveDate, first: NaiveDate },
    #[error(
        "VAT returns are filed to the end of {} already, and the next ends later than {}",
        Day(*.until), Day(*.asked)
    )]
    VatFiledBeyond { until: NaiveDate, asked: NaiveDate },
    #[error(
        "a VAT return to the end of {} cannot have been filed on {}: its last day must be over",
        Day(*.until), Day(*.on)
    )]
    VatNotOver { until: NaiveDate, on: NaiveDate },
    #[error("no VAT return is on record as filed, so none can be reopened")]
    NoVatReturn,

    // invoices
    #[error("this is the ledger of {this}, not of {that}")]
    LedgerOfAnotherYear { this: LeadingEdgeYear, that: LeadingEdgeYear },
    #[error(
        "{urn} was billed for that already, by {number}; what differs is credited, or billed for as another thing"
    )]
    BilledAlready { urn: Urn, number: InvoiceNumber },
    #[error(
        "{urn} was billed for that already, by {number}, under another name or address; credit {number} in whole, and bill it \
         anew"
    )]
    BilledToAnother { urn: Urn, number: InvoiceNumber },
    #[error(
        "{urn} was billed for that already, by {number}, with another purchase order or none; record the purchase order on \
         {number}, which then shows it"
    )]
    BilledOnAnotherOrder { urn: Urn, number: InvoiceNumber },
    #[error(
        "`fee` is the year's own fee and no key of anything else: the fee is billed without a key, and another thing under \
         another, such as `visit 1`"
    )]
    KeyOfTheFee,
    #[error("there is no invoice {number}")]
    NoSuchInvoice { number: InvoiceNumber },
    #[error("{number} was raised on {}, and nothing can have happened to it on {}", Day(*.raised_on), Day(*.on))]
    BeforeInvoice { number: InvoiceNumber, raised_on: NaiveDate, on: NaiveDate },

    // payments
    #[error(
        "{} is more than is open on {number}, {}; take down what is open, and pay the rest back or take it down on another \
         invoice",
        pounds(*.amount_pence),
        pounds(*.open_pence)
    )]
    MoreThanOpen { number: InvoiceNumber, amount_pence: u64, open_pence: i64 },
    #[error(
        "that payment on {number} was reversed on {}; money that came again has a day or a reference of its own",
        Day(*.on)
    )]
    WasReversed { number: InvoiceNumber, on: NaiveDate },
    #[error("{number} has no payment {payment}: {}", match .payments { 0 => "none was taken down".to_owned(), count => format!("they are counted 1 to {count}") })]
    NoSuchPayment { number: InvoiceNumber, payment: u32, payments: u32 },
    #[error("payment {payment} came on {}, and cannot have been reversed on {}", Day(*.received_on), Day(*.on))]
    BeforePayment { payment: u32, received_on: NaiveDate, on: NaiveDate },
    #[error("{number} is not paid by more than it comes to, so nothing is to be paid back")]
    NothingToRefund { number: InvoiceNumber },
    #[error("{} is more than {number} is in credit by, {}", pounds(*.amount_pence), pounds(*.credit_pence))]
    MoreThanCredit { number: InvoiceNumber, amount_pence: u64, credit_pence: i64 },

    // credit notes
    #[error("{number} has no line {line}: they are counted 1 to {lines}")]
    NoSuchLine { number: InvoiceNumber, line: u32, lines: usize },
    #[error("line {line} of {number} is named twice")]
    LineTwice { number: InvoiceNumber, line: u32 },
    #[error("{} is more than is left of line {line} of {number} without VAT, {}", pounds(*.net_pence), pounds(i64::try_from(*.left_pence).unwrap_or(i64::MAX)))]
    MoreThanLine { number: InvoiceNumber, line: u32, net_pence: u64, left_pence: u64 },

    // what is due
    #[error("{number} is due on {}, and on {} it is not overdue yet", Day(*.due_on), Day(*.on))]
    NotOverdue { number: InvoiceNumber, due_on: NaiveDate, on: NaiveDate },
    #[error(
        "the {step} reminder of {number} is not to go on {}: they go one after the other, 7, 14 and 30 days after the day it \
         was due, and as far apart where they began later",
        Day(*.on)
    )]
    StepTooEarly { number: InvoiceNumber, step: Step, on: NaiveDate },
}
