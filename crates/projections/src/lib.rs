//! Read models: what the screens remember.
//!
//! A read model is a plain struct that turns events into rows.  It holds nothing that cannot be folded again from the
//! journal, so it may be thrown away at any time; and it knows no database: rows that were written before are asked of
//! a [`Past`], changed rows are handed to a [`Sink`].
//!
//! [`Evidence`] goes the other way: from rows to what a review is told of each school, as at any day and as known on any
//! instant.
//!
//! Invariants:
//! - **every version of a fact keeps its row**: results, inspections, details, links and cover are never written over;
//! - **rows depend on the events alone**, not on how they were batched, nor on what was forgotten in between;
//! - **what is not understood stops everything** ([`Undecodable`]): no event is passed over in silence;
//! - **a fact that became public later never changes the answer as at an earlier day.**

pub mod begun;
#[cfg(test)]
mod collected;
mod columns;
pub mod contacts;
pub mod cover;
pub mod criteria;
pub mod customers;
pub mod days;
pub mod details;
pub mod documents;
mod event;
pub mod evidence;
pub mod fees;
pub mod findings;
pub mod imports;
pub mod inspections;
pub mod invitations;
pub mod invoices;
pub mod issuers;
mod known;
pub mod ledger_entries;
pub mod letters;
pub mod memberships;
pub mod parked;
pub mod predecessors;
pub mod purchase_orders;
pub mod results;
pub mod reviews;
pub mod schools;
mod sentence;
mod shared;
mod table;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod thresholds;
pub mod timeline;
pub mod vat_lines;
pub mod vat_returns;
mod window;

pub use event::{Event, PUBLISHED, Recorded, Undecodable};
pub use evidence::{Evidence, Incomplete, Question};
pub use shared::Shared;
pub use table::{Key, NoPast, Past, Sink, Table, TableRow};
pub use window::{View, Window};

/// Every table, in the order of `docs/read-models.md`.
pub const TABLES: [Table; 29] = [
    schools::Row::TABLE,
    details::Row::TABLE,
    results::Row::TABLE,
    inspections::Row::TABLE,
    predecessors::Row::TABLE,
    cover::Row::TABLE,
    begun::Row::TABLE,
    imports::Row::TABLE,
    thresholds::Row::TABLE,
    criteria::Row::TABLE,
    reviews::Row::TABLE,
    findings::Row::TABLE,
    invitations::Row::TABLE,
    memberships::Row::TABLE,
    terms::Row::TABLE,
    documents::Row::TABLE,
    fees::Row::TABLE,
    issuers::Row::TABLE,
    vat_returns::Row::TABLE,
    customers::Row::TABLE,
    purchase_orders::Row::TABLE,
    invoices::Row::TABLE,
    ledger_entries::Row::TABLE,
    vat_lines::Row::TABLE,
    days::Row::TABLE,
    parked::Row::TABLE,
    letters::Row::TABLE,
    contacts::Row::TABLE,
    timeline::Row::TABLE,
];

/// All read models, on their way along the journal.
#[derive(Debug, Default)]
pub struct ReadModels {
    known: known::Known,
    schools: schools::Schools,
    details: details::Details,
    results: results::Results,
    inspections: inspections::Inspections,
    predecessors: predecessors::Predecessors,
    cover: cover::Cover,
    begun: begun::Begun,
    imports: imports::Imports,
    thresholds: thresholds::Thresholds,
    criteria: criteria::Criteria,
    reviews: reviews::Reviews,
    findings: findings::Findings,
    invitations: invitations::Invitations,
    memberships: memberships::Memberships,
    terms: terms::Terms,
    documents: documents::Documents,
    fees: fees::Fees,
    issuers: issuers::Issuers,
    vat_returns: vat_returns::VatReturns,
    customers: customers::Customers,
    purchase_orders: purchase_orders::PurchaseOrders,
    invoices: invoices::Invoices,
    ledger_entries: ledger_entries::LedgerEntries,
    vat_lines: vat_lines::VatLines,
    days: days::Days,
    parked: parked::ParkedReactions,
    letters: letters::Letters,
    contacts: contacts::Contacts,
    timeline: timeline::Timeline,
}

impl ReadModels {
    /// Those of a file that shows what `window` lets through.
    #[must_use]
    pub fn of(window: Window) -> Self {
        Self { known: known::Known::as_at(window.as_at), ..Self::default() }
    }

    /// Lays one event into the rows held in memory.  Events come in order of position, each once.
    ///
    /// # Errors
    /// Whatever keeps `past` from answering.  What was applied in part must then be thrown away, not written.
    pub fn apply<P: Past>(&mut self, recorded: &Recorded, past: &mut P) -> Result<(), P::Error> {
        // Taken apart by name, so that a model without its line here does not compile.
        let Self {
            known,
            schools,
            details,
            results,
            inspections,
            predecessors,
            cover,
            begun,
            imports,
            thresholds,
            criteria,
            reviews,
            findings,
            invitations,
            memberships,
            terms,
            documents,
            fees,
            issuers,
            vat_returns,
            customers,
            purchase_orders,
            invoices,
            ledger_entries,
            vat_lines,
            days,
            parked,
            letters,
            contacts,
            timeline,
        } = self;
        findings.apply(recorded, known, past)?;
        schools.apply(recorded, known, past)?;
        details.apply(recorded);
        results.apply(recorded, known, past)?;
        inspections.apply(recorded, known, past)?;
        predecessors.apply(recorded, known, past)?;
        cover.apply(recorded);
        begun.apply(recorded, past)?;
        imports.apply(recorded);
        thresholds.apply(recorded);
        criteria.apply(recorded);
        reviews.apply(recorded, past)?;
        invitations.apply(recorded, past)?;
        memberships.apply(recorded, past)?;
        terms.apply(recorded, past)?;
        documents.apply(recorded);
        fees.apply(recorded);
        issuers.apply(recorded);
        vat_returns.apply(recorded, past)?;
        customers.apply(recorded);
        purchase_orders.apply(recorded, past)?;
        invoices.apply(recorded, past)?;
        ledger_entries.apply(recorded);
        vat_lines.apply(recorded);
        days.apply(recorded);
        parked.apply(recorded, past)?;
        letters.apply(recorded, past)?;
        contacts.apply(recorded, past)?;
        timeline.apply(recorded);
        Ok(())
    }

    /// Hands every changed row to `sink`.
    ///
    /// # Errors
    /// Whatever keeps the sink from taking a row.  The rest is then lost here and must be folded again.
    pub fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.write_versions(sink)?;
        self.known.write(sink)?;
        self.timeline.write(sink)
    }

    /// As [`ReadModels::write`], without the rows of schools and the timeline: a rebuild keeps those back, so that a
    /// school's row is written about once, and the timeline in the order of its key.
    ///
    /// # Errors
    /// As there.
    pub fn write_versions<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        let Self {
            known: _,
            schools: schools::Schools,
            details,
            results,
            inspections,
            predecessors,
            cover,
            begun,
            imports,
            thresholds,
            criteria,
            reviews,
            findings,
            invitations,
            memberships,
            terms,
            documents,
            fees,
            issuers,
            vat_returns,
            customers,
            purchase_orders,
            invoices,
            ledger_entries,
            vat_lines,
            days,
            parked,
            letters,
            contacts,
            timeline: _,
        } = self;
        details.write(sink)?;
        results.write(sink)?;
        inspections.write(sink)?;
        predecessors.write(sink)?;
        cover.write(sink)?;
        begun.write(sink)?;
        imports.write(sink)?;
        thresholds.write(sink)?;
        criteria.write(sink)?;
        reviews.write(sink)?;
        findings.write(sink)?;
        invitations.write(sink)?;
        memberships.write(sink)?;
        terms.write(sink)?;
        documents.write(sink)?;
        fees.write(sink)?;
        issuers.write(sink)?;
        vat_returns.write(sink)?;
        customers.write(sink)?;
        purchase_orders.write(sink)?;
        invoices.write(sink)?;
        ledger_entries.write(sink)?;
        vat_lines.write(sink)?;
        days.write(sink)?;
        parked.write(sink)?;
        letters.write(sink)?;
        contacts.write(sink)
    }

    /// How many facts are held in memory, and how many rows of the timeline wait to be written.
    #[must_use]
    pub fn held(&self) -> (usize, usize) {
        (self.known.weight() + self.findings.weight(), self.timeline.len())
    }

    /// Forgets schools until at most `keep` facts are held in memory.  Only after everything was written.  Answers whether
    /// any was forgotten: from then on [`Past`] is asked for rows by their keys.
    pub fn forget(&mut self, keep: usize) -> bool {
        let (facts, _) = self.held();
        if facts > keep {
            self.findings.forget();
        }
        self.known.forget(keep) || facts > keep
    }
}
