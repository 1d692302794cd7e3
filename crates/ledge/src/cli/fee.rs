//! What may be typed of a year's fee.

use clap::{Args, Subcommand};
use kernel::LeadingEdgeYear;

use super::On;

#[derive(Debug, Subcommand)]
pub(crate) enum FeeCommand {
    /// Take down what a Leading Edge year costs, without VAT (R10).
    #[command(after_help = SET)]
    Set(SetFee),
    /// Every decision on record, and which fee counts.
    #[command(after_help = SHOW)]
    Show {
        /// Only the fee that counts for this Leading Edge year, such as 2019-20.
        #[arg(long)]
        year: Option<LeadingEdgeYear>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct SetFee {
    /// The Leading Edge year, such as 2018-19; it holds for later years without a fee of their own.
    #[arg(long)]
    pub(crate) year: LeadingEdgeYear,
    #[command(flatten)]
    pub(crate) amount: Amount,
    /// Where the decision is written down; kept for ever and not sealed: name no person.
    #[arg(long, value_name = "TEXT")]
    pub(crate) minute: String,
    #[command(flatten)]
    pub(crate) on: On,
}

/// An amount, one way or the other: a fee without VAT, money that came or went as it is.
#[derive(Args, Clone, Copy, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Amount {
    /// In whole pence; a fee without VAT.
    #[arg(long, value_name = "PENCE")]
    pub(crate) pence: Option<u64>,
    /// In pounds, 1600 or 1600.50; a fee without VAT.
    #[arg(long, value_name = "POUNDS", value_parser = pounds)]
    pub(crate) pounds: Option<u64>,
}

impl Amount {
    pub(crate) fn in_pence(self) -> u64 {
        self.pence.or(self.pounds).unwrap_or_default()
    }
}

/// Pounds, with two digits of pence or none, as pence.
pub(super) fn pounds(text: &str) -> Result<u64, String> {
    let (pounds, pence) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let pence = Some(pence).filter(|pence| pence.len() == 2 && digits(pence));
    let pounds = Some(pounds).filter(|pounds| digits(pounds));
    let amount =
        || pounds?.parse::<u64>().ok()?.checked_mul(100)?.checked_add(pence?.parse().ok()?);
    amount().ok_or_else(|| format!("`{text}` is not an amount in pounds: 1600 or 1600.50"))
}

pub(super) const FEE: &str = "\
Examples:
  ledge fee set --year 2018-19 --pounds 1600 --minute \"minute 4\"
  ledge fee show";

const SET: &str = "\
Examples:
  ledge fee set --year 2018-19 --pence 160000 --minute \"minute 4\"
  ledge fee set --year 2019-20 --pounds 1650 --on 2018-12-05 \\
      --minute \"minutes of 5 December 2018, item 6\"";

const SHOW: &str = "\
Examples:
  ledge fee show                                   every decision on record
  ledge fee show --year 2019-20";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_are_whole_or_have_two_digits_of_pence() {
        assert_eq!(pounds("1600"), Ok(160_000));
        assert_eq!(pounds("1600.50"), Ok(160_050));
        for text in
            ["", "1,600", "1600.5", "-1", "1600.500", "£1600", ".50", "99999999999999999999"]
        {
            assert!(pounds(text).unwrap_err().contains(text), "{text}");
        }
    }
}
