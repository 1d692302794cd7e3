//! What may be typed of invoices, payments and statements.

use std::path::PathBuf;

use billing::InvoiceNumber;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use kernel::{LeadingEdgeYear, Urn};

use super::fee::{Amount, pounds};
use super::{AsOf, On, day};

mod examples;

use examples::{
    ADOPT, AGED, BILL_TO, CREDIT, LIST, ORDER_AHEAD, PRINT, PURCHASE_ORDER, RAISE, RECORD, REFUND,
    REVERSE, SHOW, STATEMENT, VAT, VAT_FILED, VAT_REOPEN,
};
pub(super) use examples::{INVOICE, PAYMENT};

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
    /// How a school is billed; or set its billing address, such as its trust's.
    #[command(after_help = BILL_TO)]
    BillTo(BillTo),
    /// Take down a purchase order before the invoice is raised; it goes on the school's next one in a year's ledger.
    #[command(after_help = ORDER_AHEAD)]
    OrderAhead(OrderAhead),
    /// Aged debt: what is open as at a day, by how long it is past its due day (R10).
    #[command(after_help = AGED)]
    Aged(AsOf),
    /// Net and VAT of what was billed and credited, by quarter and rate.
    #[command(after_help = VAT)]
    Vat(VatAsked),
    /// Take down that a VAT return was filed: nothing is dated into it from then on.
    #[command(after_help = VAT_FILED)]
    VatFiled {
        /// The last day of the return; it must be over.
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: NaiveDate,
        #[command(flatten)]
        on: On,
    },
    /// Take down that the last VAT return is open again.
    #[command(after_help = VAT_REOPEN)]
    VatReopen {
        /// Why; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        on: On,
    },
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
    /// The school's own reference; otherwise the one that it gave ahead, if it did.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) purchase_order: Option<String>,
    /// The address, once a line, of a place and no person: it is not sealed.  Otherwise where the school is billed.
    #[arg(long = "address", value_name = "LINE")]
    pub(crate) address: Vec<String>,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct BillTo {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The name that is billed, such as its trust's; of an office and no person: it is not sealed.
    #[arg(long, value_name = "TEXT", requires = "address")]
    pub(crate) name: Option<String>,
    /// The address, once a line, the postcode last; of an office and no person: it is not sealed.
    #[arg(long = "address", value_name = "LINE", requires = "name")]
    pub(crate) address: Vec<String>,
    /// Bill it under its own name and address again, as the register has them.
    #[arg(long, conflicts_with_all = ["name", "address"])]
    pub(crate) as_registered: bool,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct OrderAhead {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The purchase order, or whatever the school's finance office asks for.
    #[arg(required_unless_present = "withdraw")]
    pub(crate) reference: Option<String>,
    /// The Leading Edge year in whose ledger the invoice will stand, such as 2019-20.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    /// It is to go on no invoice after all.
    #[arg(long, conflicts_with = "reference")]
    pub(crate) withdraw: bool,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct CreditInvoice {
    /// The invoice, such as LE-2018-0001.
    pub(crate) number: InvoiceNumber,
    /// Why; printed on the credit note, and kept for ever.  Name no person: it is not sealed.
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
    /// Every invoice of the ledger of this Leading Edge year.
    #[arg(long, conflicts_with = "number")]
    pub(crate) year: Option<LeadingEdgeYear>,
    /// The file, ending with .pdf or .html; of a year a folder with a file each, or one file that ends with .pdf.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
    /// Of a year in a folder, which kind of files.
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
        /// Why; kept for ever and not sealed: name no person.
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
    /// Write it to a file that ends with .pdf or .html, and prints well.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}
