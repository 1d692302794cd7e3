//! Amounts: whole pence, and VAT a line (D13).

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Refusal, text};

/// No line is more than this, in pence without VAT: what is more was mistyped.  (A table holds sums of many of them.)
pub const HIGHEST: u64 = 10_000_000;

/// A rate of VAT, in basis points: 2,000 is 20%.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct VatRate(u32);

/// What is charged for, as it is asked for.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Line {
    pub what: String,
    /// In whole pence without VAT.
    pub net_pence: u64,
    pub vat_basis_points: VatRate,
}

/// What is charged for, as it was billed.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Charge {
    pub what: String,
    pub net_pence: u64,
    pub vat_basis_points: VatRate,
    /// Of this line, rounded half up (D13).
    pub vat_pence: u64,
}

impl VatRate {
    /// The standard rate, 20% (D13): what counts where the office says nothing else.
    pub const STANDARD: Self = Self(2_000);

    #[must_use]
    pub fn of_basis_points(basis_points: u32) -> Self {
        Self(basis_points)
    }

    #[must_use]
    pub fn basis_points(self) -> u32 {
        self.0
    }

    /// The VAT on an amount, both in whole pence; half a penny is rounded up (D13).
    #[must_use]
    pub fn on(self, net_pence: u64) -> u64 {
        let tenths_of_thousandths = u128::from(net_pence) * u128::from(self.0) + 5_000;
        u64::try_from(tenths_of_thousandths / 10_000).unwrap_or(u64::MAX)
    }

    /// # Errors
    /// More than all of it.
    pub fn fits(self) -> Result<(), Refusal> {
        if self.0 > 10_000 { Err(Refusal::RateTooHigh { rate: self }) } else { Ok(()) }
    }
}

/// As people write it: `20%`, `17.5%`.
impl fmt::Display for VatRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}%"),
            part if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            part => write!(f, "{whole}.{part:02}%"),
        }
    }
}

impl Line {
    /// # Errors
    /// Without words, of nothing, or of more than any invoice is.
    pub(crate) fn charge(self) -> Result<Charge, Refusal> {
        text::fits("what is charged for", &self.what, text::LINE)?;
        self.vat_basis_points.fits()?;
        match self.net_pence {
            0 => Err(Refusal::NothingCharged { what: self.what }),
            1..=HIGHEST => Ok(Charge {
                vat_pence: self.vat_basis_points.on(self.net_pence),
                what: self.what,
                net_pence: self.net_pence,
                vat_basis_points: self.vat_basis_points,
            }),
            net_pence => Err(Refusal::TooMuch { pence: net_pence, highest: HIGHEST }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn vat_is_rounded_half_up_to_whole_pence() {
        for (net, rate, vat) in [
            (160_000, 2_000, 32_000),
            (30_000, 2_000, 6_000),
            (1, 2_000, 0),
            (2, 2_000, 0),
            (3, 2_000, 1),
            (10, 500, 1),
            (9, 500, 0),
            (20, 1_750, 4),
            (999, 1_750, 175),
            (0, 2_000, 0),
        ] {
            assert_eq!(VatRate(rate).on(net), vat, "{net} at {rate}");
        }
        assert_eq!(VatRate(10_000).on(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_rate_is_written_as_people_do() {
        for (rate, shown) in
            [(2_000, "20%"), (1_750, "17.5%"), (0, "0%"), (525, "5.25%"), (5, "0.05%")]
        {
            assert_eq!(VatRate(rate).to_string(), shown);
        }
    }

    proptest! {
        /// D13: never more than half a penny from the exact amount, and exactly half goes up.
        #[test]
        fn vat_is_the_nearest_whole_penny(net in 0..=HIGHEST, rate in 0..=10_000_u32) {
            let exact = i128::from(net) * i128::from(rate);
            let off = i128::from(VatRate(rate).on(net)) * 10_000 - exact;
            prop_assert!(-5_000 < off && off <= 5_000, "{net} at {rate}: {off}");
        }
    }
}
