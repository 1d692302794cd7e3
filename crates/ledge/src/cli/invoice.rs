//! What may be typed of invoices, payments and statements.

use std::path::PathBuf;

use billing::InvoiceNumber;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use kernel::{LeadingEdgeYear, Urn};

use super::fee::{Amount, pounds};
use super::{AsOf, On, day};

#[derive(Debug, Subcommand)]
pub(crate) enum InvoiceCommand {
    /// Say who bills, and on what terms, in a file (TOML); from then on agreed years are billed by the days.
    #[command(after_help = ADOPT)]
    Adopt {
        /// The supplier as invoices name it, the term, the rate of VAT, as in deploy/office.toml.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        on: On,
    },
    /// The invoices, and how each stands.
    #[command(after_help = LIST)]
    List(ListInvoices),
    /// One invoice: what was billed, what was paid and credited, what is open.
    #[command(after_help = SHOW)]
    Show {
        /// The invoice, such as LE-2018-0001.
        number: InvoiceNumber,
    },
    /// Bill a school by hand: another thing than the fee, or the fee of a year that was agreed before billing began.
    #[command(after_help = RAISE)]
    Raise(RaiseInvoice),
    /// Issue a credit note on all that is left of an invoice, or on a part of one line.
    #[command(after_help = CREDIT)]
    Credit(CreditInvoice),
    /// Take down the school's own reference; the printed invoice shows the last one.
    #[command(after_help = PURCHASE_ORDER)]
    PurchaseOrder {
        /// The invoice, such as LE-2018-0001.
        number: InvoiceNumber,
        /// The purchase order, or whatever the school's finance office asks for.
        reference: String,
        #[command(flatten)]
        on: On,
    },
    /// Aged debt: what is open as at a day, by how long it is past its due day (R10).
    #[command(after_help = AGED)]
    Aged(AsOf),
    /// Net and VAT of what was billed and credited, by quarter and rate.
    #[command(after_help = VAT)]
    Vat(VatAsked),
    /// Print an invoice, or all of a year: PDF or HTML, by the name of the file.
    #[command(after_help = PRINT)]
    Print(PrintInvoices),
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ListInvoices {
    /// Only those of the ledger of this Leading Edge year, such as 2019-20.
    #[arg(long)]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// Only those of this school, and of the schools whose membership it took over.
    #[arg(long)]
    pub(crate) urn: Option<Urn>,
    /// Only those that stand so.
    #[arg(long, value_enum)]
    pub(crate) state: Option<State>,
    /// List at most so many (text only; `--json` has all).
    #[arg(long, value_name = "INVOICES", default_value_t = 50)]
    pub(crate) limit: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum State {
    Open,
    Overdue,
    Settled,
    InCredit,
}

#[derive(Args, Debug)]
pub(crate) struct RaiseInvoice {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The Leading Edge year in whose ledger it stands, such as 2019-20.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// What tells it from everything else the school is billed for in the year: the same key bills once, in small letters or
    /// capitals
    #[arg(long, value_name = "KEY", required_unless_present = "fee")]
    pub(crate) key: Option<String>,
    /// Bill the fee of the year.
    #[arg(long, conflicts_with = "key")]
    pub(crate) fee: bool,
    /// What is billed for, as it is printed.
    #[arg(long, value_name = "TEXT", required_unless_present = "fee")]
    pub(crate) what: Option<String>,
    /// How much, in pounds without VAT: 300 or 300.50.  Of the fee, otherwise what the year costs.
    #[arg(long, value_name = "POUNDS", value_parser = pounds, required_unless_present = "fee")]
    pub(crate) pounds: Option<u64>,
    /// The rate of VAT in basis points: 2000 is 20%.  Otherwise the office's.
    #[arg(long, value_name = "RATE", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) vat_basis_points: Option<u32>,
    /// The school's own reference.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) purchase_order: Option<String>,
    /// The school's address, once a line; otherwise what the register gives.
    #[arg(long = "address", value_name = "LINE")]
    pub(crate) address: Vec<String>,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct CreditInvoice {
    /// The invoice, such as LE-2018-0001.
    pub(crate) number: InvoiceNumber,
    /// Why; printed on the credit note, and kept for ever.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Only of this line, counted from 1; otherwise all that is left of the invoice.
    #[arg(long, value_name = "LINE", requires = "pounds")]
    pub(crate) line: Option<u32>,
    /// How much of the line, in pounds without VAT.
    #[arg(long, value_name = "POUNDS", value_parser = pounds, requires = "line")]
    pub(crate) pounds: Option<u64>,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Clone, Copy, Debug)]
#[group(id = "days", required = true, multiple = true)]
pub(crate) struct VatAsked {
    /// The four quarters of this Leading Edge year, such as 2018-19.
    #[arg(long, conflicts_with_all = ["from", "until"])]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// The first day of another period.
    #[arg(long, value_name = "DATE", value_parser = day, requires = "until")]
    pub(crate) from: Option<NaiveDate>,
    /// Its last day.
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    pub(crate) until: Option<NaiveDate>,
}

#[derive(Args, Debug)]
pub(crate) struct PrintInvoices {
    /// The invoice, such as LE-2018-0001, or with --credit-notes its credit notes.
    #[arg(required_unless_present = "year")]
    pub(crate) number: Option<InvoiceNumber>,
    /// Every invoice of the ledger of this Leading Edge year, each in a file of its own.
    #[arg(long, conflicts_with = "number")]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// The file, ending with .pdf or .html; of a year the folder.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
    /// Of a year, which kind of files.
    #[arg(long, value_enum, default_value_t = Paper::Pdf)]
    pub(crate) format: Paper,
    /// The credit notes on them, instead of the invoices.
    #[arg(long)]
    pub(crate) credit_notes: bool,
    /// Write over files that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Paper {
    Pdf,
    Html,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PaymentCommand {
    /// Take down money that came for an invoice: all that is open, or a part.
    #[command(after_help = RECORD)]
    Record {
        /// The invoice, such as LE-2018-0001.
        number: InvoiceNumber,
        #[command(flatten)]
        amount: Amount,
        /// What the bank, or the cheque, says; the same day, amount and reference are one payment.
        #[arg(long, value_name = "TEXT")]
        reference: String,
        #[command(flatten)]
        on: On,
    },
    /// Take down that a payment came to nothing: a cheque that bounced, money that was another's.
    #[command(after_help = REVERSE)]
    Reverse {
        /// The invoice, such as LE-2018-0001.
        number: InvoiceNumber,
        /// Which of its payments, counted from 1, as `ledge invoice show` does.
        #[arg(long, value_name = "NUMBER")]
        payment: u32,
        /// Why; kept for ever.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        on: On,
    },
    /// Take down money that was paid back, of what was credited after it was paid.
    #[command(after_help = REFUND)]
    Refund {
        /// The invoice, such as LE-2018-0001.
        number: InvoiceNumber,
        #[command(flatten)]
        amount: Amount,
        /// What the bank says.
        #[arg(long, value_name = "TEXT")]
        reference: String,
        #[command(flatten)]
        on: On,
    },
}

#[derive(Args, Debug)]
#[command(after_help = STATEMENT)]
pub(crate) struct StatementAsked {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// From this day on; otherwise from its first invoice.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<NaiveDate>,
    /// To the end of this day; otherwise of today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Option<NaiveDate>,
    /// Write it as a page (HTML) that prints well.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

pub(super) const INVOICE: &str = "\
Examples:
  ledge invoice adopt deploy/office.toml           who bills; days do the rest
  ledge invoice list --state overdue
  ledge invoice aged
  ledge invoice print LE-2018-0001 --out invoice.pdf";

pub(super) const PAYMENT: &str = "\
Examples:
  ledge payment record LE-2018-0001 --pounds 1920 --reference \"BACS 4711\"
  ledge payment reverse LE-2018-0001 --payment 1 --reason \"cheque bounced\"";

const ADOPT: &str = "\
Examples:
  ledge invoice adopt deploy/office.toml
  ledge invoice adopt office.toml --on 2018-02-06";

const LIST: &str = "\
Examples:
  ledge invoice list
  ledge invoice list --year 2019-20 --state overdue
  ledge invoice list --urn 145551 --json";

const SHOW: &str = "\
Examples:
  ledge invoice show LE-2018-0001";

const RAISE: &str = "\
Examples:
  ledge invoice raise 145551 --year 2019-20 --fee
  ledge invoice raise 145551 --year 2019-20 --key visit-2 --pounds 300 \\
      --what \"Additional visit, 12 June 2019\"";

const CREDIT: &str = "\
Examples:
  ledge invoice credit LE-2018-0001 --reason \"billed in error\"
  ledge invoice credit LE-2018-0001 --line 1 --pounds 800 \\
      --reason \"half of the year was agreed\"";

const PURCHASE_ORDER: &str = "\
Examples:
  ledge invoice purchase-order LE-2018-0001 \"PO 12345\"";

const AGED: &str = "\
Examples:
  ledge invoice aged
  ledge invoice aged --on 2019-03-31 --json";

const VAT: &str = "\
Examples:
  ledge invoice vat --year 2018-19
  ledge invoice vat --from 2018-05-01 --until 2018-07-31";

const PRINT: &str = "\
Examples:
  ledge invoice print LE-2018-0001 --out invoice.pdf
  ledge invoice print LE-2018-0001 --credit-notes --out credit.html
  ledge invoice print --year 2018-19 --out invoices-2018-19";

const RECORD: &str = "\
Examples:
  ledge payment record LE-2018-0001 --pounds 1920 --reference \"BACS 4711\"
  ledge payment record LE-2018-0001 --pence 96000 --reference \"cheque 17\" \\
      --on 2018-04-03";

const REVERSE: &str = "\
Examples:
  ledge payment reverse LE-2018-0001 --payment 1 --reason \"cheque bounced\"";

const REFUND: &str = "\
Examples:
  ledge payment refund LE-2018-0001 --pounds 960 --reference \"BACS out 9\"";

const STATEMENT: &str = "\
Examples:
  ledge statement 145551
  ledge statement 145551 --from 2018-04-01 --until 2019-03-31 --out page.html";
