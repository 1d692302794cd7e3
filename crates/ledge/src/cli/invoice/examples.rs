//! What the help of invoices, payments and statements shows below the options.

pub(in crate::cli) const INVOICE: &str = "\
Examples:
  ledge invoice adopt deploy/office.toml           who bills; days do the rest
  ledge invoice list --state overdue
  ledge invoice aged
  ledge invoice print LE-2018-0001 --out invoice.pdf";

pub(in crate::cli) const PAYMENT: &str = "\
Examples:
  ledge payment record LE-2018-0001 --pounds 1920 --reference \"BACS 4711\"
  ledge payment reverse LE-2018-0001 --payment 1 --reason \"cheque bounced\"";

pub(super) const ADOPT: &str = "\
Examples:
  ledge invoice adopt deploy/office.toml
  ledge invoice adopt office.toml --on 2018-02-06";

pub(super) const LIST: &str = "\
Examples:
  ledge invoice list
  ledge invoice list --year 2019-20 --state overdue
  ledge invoice list --urn 145551 --json";

pub(super) const SHOW: &str = "\
Examples:
  ledge invoice show LE-2018-0001";

pub(super) const RAISE: &str = "\
Examples:
  ledge invoice raise 145551 --year 2019-20 --fee
  ledge invoice raise 145551 --year 2019-20 --key visit-2 --pounds 300 \\
      --what \"Additional visit, 12 June 2019\"";

pub(super) const CREDIT: &str = "\
Examples:
  ledge invoice credit LE-2018-0001 --reason \"billed in error\"
  ledge invoice credit LE-2018-0001 --line 1 --pounds 800 \\
      --reason \"half of the year was agreed\"";

pub(super) const PURCHASE_ORDER: &str = "\
Examples:
  ledge invoice purchase-order LE-2018-0001 \"PO 12345\"";

pub(super) const BILL_TO: &str = "\
Examples:
  ledge invoice bill-to 145551                     how it is billed now
  ledge invoice bill-to 145551 --name \"Hill Top Learning Trust\" \\
      --address \"1 Trust Way\" --address Bath --address \"BA1 1AA\"
  ledge invoice bill-to 145551 --as-registered

It counts for invoices that are raised from then on, until it is changed.  It
is not sealed: name an office or a trust, and no person.  For the attention of
whom an invoice is, comes from `ledge contact` (finance, or else main).";

pub(super) const ORDER_AHEAD: &str = "\
Examples:
  ledge invoice order-ahead 145551 \"PO 12345\" --year 2019-20
  ledge invoice order-ahead 145551 --withdraw --year 2019-20

It goes on the school's next invoice in the ledger of that year, and on no
other.  On one that is raised already: `ledge invoice purchase-order`.";

pub(super) const VAT_FILED: &str = "\
Examples:
  ledge invoice vat-filed --until 2018-06-30
  ledge invoice vat-filed --until 2018-06-30 --on 2018-07-20

No invoice and no credit note is dated on that day or before it from then on.";

pub(super) const VAT_REOPEN: &str = "\
Examples:
  ledge invoice vat-reopen --reason \"the wrong day was typed\"";

pub(super) const AGED: &str = "\
Examples:
  ledge invoice aged
  ledge invoice aged --on 2019-03-31 --json";

pub(super) const VAT: &str = "\
Examples:
  ledge invoice vat --year 2018-19
  ledge invoice vat --from 2018-05-01 --until 2018-07-31";

pub(super) const PRINT: &str = "\
Examples:
  ledge invoice print LE-2018-0001 --out invoice.pdf
  ledge invoice print LE-2018-0001 --credit-notes --out credit.html
  ledge invoice print --year 2018-19 --out invoices-2018-19   a file each
  ledge invoice print --year 2018-19 --out 2018-19.pdf        all in one";

pub(super) const RECORD: &str = "\
Examples:
  ledge payment record LE-2018-0001 --pounds 1920 --reference \"BACS 4711\"
  ledge payment record LE-2018-0001 --pence 96000 --reference \"cheque 17\" \\
      --on 2018-04-03";

pub(super) const REVERSE: &str = "\
Examples:
  ledge payment reverse LE-2018-0001 --payment 1 --reason \"cheque bounced\"";

pub(super) const REFUND: &str = "\
Examples:
  ledge payment refund LE-2018-0001 --pounds 960 --reference \"BACS out 9\"";

pub(super) const STATEMENT: &str = "\
Examples:
  ledge statement 145551
  ledge statement 145551 --from 2018-04-01 --until 2019-03-31 --out page.pdf";
