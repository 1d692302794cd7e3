//! A year of membership that was agreed, by starting or by renewing, raises the invoice for its fee, once (R10, D11, D13).
//!
//! On the next day that begins after that on which it was agreed (a day that is told again after a crash bills nothing that it
//! brought itself), with the day's others in the order of their URNs, so that numbers do not depend on what else
//! goes on.  What was handed over by a predecessor is billed under the URN it was agreed with (D12); where nothing is to be
//! paid (D11), nothing is billed; nor is anything on a day of a VAT return that was filed (D13).

use billing::Line;
use billing::ledger::{Billed, Command, Purpose, Wanted};
use chrono::NaiveDate;
use projections::terms::{Came, Ending, Row as Term};
use projections::{contacts, issuers};

use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Some(issuer) = school.issuer.as_ref().filter(|_| occasion.is_a_day()) else {
        return Ok(None);
    };
    let to_be_billed = |term: &&Term| {
        issuer.adopted_on <= on
            && school.vat_filed_until.is_none_or(|until| until < on)
            && term.year >= issuer.first_year
            && is_agreed(term)
            && term.agreed_on.is_some_and(|agreed_on| agreed_on < on)
            && !school.is_billed(&Purpose::Fee, term.year)
    };
    Ok(school.terms.iter().find(to_be_billed).map(|term| {
        let command = Command::Raise(Box::new(wanted(term, issuer, school, on)));
        Asking::Ledger { year: term.year, urn: school.membership.urn, command }
    }))
}

/// Here, and not elsewhere or before this system; and it ran, or is to run.
fn is_agreed(term: &Term) -> bool {
    let came = matches!(term.came, Came::Joined | Came::Returned | Came::Renewed);
    let never_ran = term.ending.is_some_and(|ending| ending != Ending::CarriedOver)
        && term.ended_on.is_some_and(|on| on < term.first_day);
    came && term.predecessor.is_none() && term.fee_pence.is_some_and(|fee| fee > 0) && !never_ran
}

fn wanted(term: &Term, issuer: &issuers::Row, school: &Known, on: NaiveDate) -> Wanted {
    let Term { year, urn, .. } = *term;
    Wanted {
        year,
        urn,
        purpose: Purpose::Fee,
        billed: school.billed.clone().unwrap_or_else(|| Billed {
            name: school.name.clone().unwrap_or_else(|| format!("The school with URN {urn}")),
            address: school.address.clone(),
        }),
        supplier: issuer.supplier(),
        lines: vec![Line {
            what: format!("Leading Edge membership {year}"),
            net_pence: term.fee_pence.unwrap_or_default(),
            vat_basis_points: issuer.vat_basis_points,
        }],
        // The one that waits, where the school gave one.
        purchase_order: None,
        attention: contacts::attention(&school.contacts, on),
        payment_days: issuer.payment_days,
        vat_filed_until: school.vat_filed_until,
        on,
    }
}
