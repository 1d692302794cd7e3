//! What a letter needs to know, looked up.

use billing::ledger::Event as Ledger;
use kernel::{LeadingEdgeYear, PersonId, Urn, pounds};
use letters::Kind;
use membership::membership::{Event as Membership, How};
use membership::{Answer, Clause};
use projections::letters::{Row, State};
use projections::{Event, invoices};

use super::bills::{self, Bill, Since};
use super::message::Enclosed;
use super::paper::{Fact, Paper};
use super::plain;
use super::words::{self, Known, long};
use crate::billing::print;
use crate::{Desk, Failure};

impl Desk {
    /// What a letter says.
    pub(super) fn paper(&self, row: &Row) -> Result<Paper, Failure> {
        let position = row.calls_for;
        let Some(entry) = self.journal.event(position)? else { return Err(speaks_of_nothing(row)) };
        let event = Event::decode(&entry.stream, &entry.payload)
            .map_err(|source| Failure::NotUnderstood { position, source })?;
        let written = match event {
            Some(Event::Membership(_, event)) => {
                words::written(row.kind, &event, &self.known_of(row, &event)?)
            }
            Some(Event::Ledger(_, event)) => bills::written(&event, &self.bill_of(row, &event)?),
            _ => Ok(None),
        };
        written.map_err(Failure::Template)?.ok_or_else(|| speaks_of_nothing(row))
    }

    fn bill_of(&self, row: &Row, event: &Ledger) -> Result<Bill, Failure> {
        let invoice = event.number().map(|number| self.read.invoice(number)).transpose()?;
        let invoice = invoice.flatten().ok_or_else(|| speaks_of_nothing(row))?;
        Ok(Bill {
            school: words_of(&self.school_name(row.urn)?),
            raised: long(invoice.raised_on),
            reference: invoice.purchase_order.as_deref().map(words_of),
            since: since(&invoice),
            reminded_before: self.reminded_before(row)?,
        })
    }

    /// Whether the school had a letter before this one that reminds of the same invoice.
    fn reminded_before(&self, row: &Row) -> Result<bool, Failure> {
        if row.kind != Kind::OverdueInvoice {
            return Ok(false);
        }
        let number = number_in(row);
        Ok(self.read.letters_of(&[row.urn])?.iter().any(|it| {
            it.kind == row.kind
                && number_in(it) == number
                && it.calls_for < row.calls_for
                && matches!(it.state, State::Sent | State::InDoubt)
        }))
    }

    /// The document that goes with a letter to a person.  It names nobody else: the copy that is kept goes with whoever had it,
    /// and must take along all that it says of anybody.
    pub(super) fn enclosed(&self, row: &Row, to: PersonId) -> Result<Option<Enclosed>, Failure> {
        if !matches!(row.kind, Kind::Invoice | Kind::OverdueInvoice) {
            return Ok(None);
        }
        let number = number_in(row).parse().map_err(|_| speaks_of_nothing(row))?;
        let mut page = self.invoice(number)?;
        page.for_attention_of =
            page.for_attention_of.filter(|_| page.invoice.attention == Some(to));
        let document = print::invoice(&page);
        let name = format!("{}.pdf", document.number);
        Ok(Some(Enclosed { name, pdf: print::pdf(&document)? }))
    }

    fn known_of(&self, row: &Row, event: &Membership) -> Result<Known, Failure> {
        // An acceptance from the next April costs what that year does.
        let costs = match event {
            Membership::ApplicationAccepted { acceptance, .. } => {
                LeadingEdgeYear::containing(acceptance.first_day)
            }
            _ => row.year,
        };
        let fee = self.fee_of(costs)?;
        Ok(Known {
            school: words_of(&self.school_name(row.urn)?),
            year: row.year,
            days: days(row.year),
            fee: fee.map(|fee| pounds(fee.fee_pence)),
            facts: self.facts(row, event)?,
            areas: self.areas(row)?,
        })
    }

    /// What the news rests on, as it was found and recorded (R16).
    fn facts(&self, row: &Row, event: &Membership) -> Result<Vec<Fact>, Failure> {
        let Some((rules, passed)) = rules_of(row.kind) else { return Ok(vec![]) };
        match event {
            Membership::SchoolApplied { how, .. } => Ok(match how {
                How::ByInvitation => vec![],
                How::OnItsProfile(profile) => {
                    let clauses = profile.finding.clauses.iter();
                    plain::facts(clauses.filter(|it| rules.contains(&it.rule.as_str())))
                }
            }),
            _ => self.found(row.urn, row.year, rules, passed),
        }
    }

    fn found(
        &self,
        urn: Urn,
        year: LeadingEdgeYear,
        rules: &[&str],
        passed: bool,
    ) -> Result<Vec<Fact>, Failure> {
        let findings = self.read.findings_of(urn)?;
        let Some(finding) = findings.iter().find(|it| it.year == year) else { return Ok(vec![]) };
        let clauses = finding
            .clauses()
            .map_err(|source| Failure::Undecodable { position: finding.position, source })?;
        let wanted = |clause: &&Clause| {
            rules.contains(&clause.rule.as_str()) && (!passed || clause.result == Answer::Passed)
        };
        Ok(plain::facts(clauses.iter().filter(wanted)))
    }

    /// Where connections were offered since the letter fell due (R15).
    fn areas(&self, row: &Row) -> Result<Vec<String>, Failure> {
        if row.kind != Kind::NotEligible {
            return Ok(vec![]);
        }
        let mut offered = vec![];
        for (recorded, event) in self.events_of(row.urn)? {
            if let Membership::ConnectionsOffered { areas, .. } = event
                && recorded.position >= row.calls_for
            {
                offered = areas.iter().map(|area| words_of(area)).collect();
            }
        }
        Ok(offered)
    }
}

/// The rules whose clauses a letter of a kind tells, and whether only those that are met.
pub(super) fn rules_of(kind: Kind) -> Option<(&'static [&'static str], bool)> {
    match kind {
        Kind::Invitation => Some((&["R3"], true)),
        Kind::RenewalOffer | Kind::RenewalRefused => Some((&["R13", "R14"], false)),
        Kind::ApplicationReply => Some((&["R2"], false)),
        Kind::InvitationReminder
        | Kind::EvidenceRequest
        | Kind::EvidenceReminder
        | Kind::Deferral
        | Kind::MayJoin
        | Kind::Acceptance
        | Kind::Decline
        | Kind::RenewalReminder
        | Kind::NotEligible
        | Kind::EligibleAgain
        | Kind::Invoice
        | Kind::OverdueInvoice => None,
    }
}

/// `1 April 2019 to 31 March 2020`.
pub(super) fn days(year: LeadingEdgeYear) -> String {
    format!("{} to {}", long(year.first_day()), long(year.last_day()))
}

/// The number of an invoice comes first in what tells one of its letters from another.
fn number_in(row: &Row) -> &str {
    row.occasion.split(' ').next().unwrap_or_default()
}

fn since(invoice: &invoices::Row) -> Option<Since> {
    let in_words = |pence: i64| pounds(pence);
    ((invoice.credited_pence, invoice.paid_pence) != (0, 0)).then(|| Since {
        credited: in_words(invoice.credited_pence),
        paid: in_words(invoice.paid_pence),
        open: in_words(invoice.open_pence),
    })
}

fn words_of(text: &str) -> String {
    super::paper::one_line(text)
}

fn speaks_of_nothing(row: &Row) -> Failure {
    Failure::Refused(format!(
        "the letter {} ({}) speaks of nothing that is on record: the event at position {} is another",
        row.letter, row.kind, row.calls_for
    ))
}
