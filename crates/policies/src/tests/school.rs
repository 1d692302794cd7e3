//! One school, its membership as the aggregate has it, and the row that the sheet makes of it.

use std::convert::Infallible;

use chrono::{DateTime, NaiveDate};
use membership::membership::{Command, Event as Membership, Grading};
use projections::cover::Lists;
use projections::memberships::Row;
use projections::{
    Event, NoPast, ReadModels, Recorded, Sink, TableRow, cover, fees, invoices, terms,
};
use scenario::given;

use super::{Acceptance, JoiningTerms, Occasion, POLICIES, Successor, day, urn, year};
use crate::{Asking, Cannot, Known, Registered};

pub(super) const FEE: u64 = 160_000;

pub(super) struct School {
    pub(super) known: Known,
    pub(super) history: Vec<Membership>,
    models: ReadModels,
    taken_down: u64,
}

/// Keeps the rows of one school: of memberships, of its terms, of its invoices.
struct Sheet<'a>(&'a mut Known);

impl Sink for Sheet<'_> {
    type Error = Infallible;

    fn put<R: TableRow>(&mut self, row: &R) -> Result<(), Infallible> {
        let Known { membership, terms, invoices, .. } = &mut *self.0;
        match R::TABLE.name {
            "memberships" => *membership = same(row),
            "terms" => {
                let row: terms::Row = same(row);
                terms.retain(|it| it.first_day != row.first_day);
                terms.push(row);
                terms.sort_by_key(|it| it.first_day);
            }
            "invoices" => {
                let row: invoices::Row = same(row);
                invoices.retain(|it| it.number != row.number);
                invoices.push(row);
                invoices.sort_by_key(|it| it.number);
            }
            _ => {}
        }
        Ok(())
    }
}

fn same<R: TableRow, S: TableRow>(row: &R) -> S {
    serde_json::from_value(serde_json::to_value(row).unwrap()).unwrap()
}

impl School {
    pub(super) fn new(number: u32) -> Self {
        let known = Known {
            membership: Row::unknown(urn(number)),
            grading: None,
            registered: Registered::Open,
            closing_recorded_on: None,
            successors: vec![],
            links_read_on: NaiveDate::MAX.into(),
            predecessors: 0,
            cover: vec![],
            cover_lists: Lists::NeverRead,
            fees: vec![fee("2018-19")],
            name: Some("Hill Top".into()),
            address: vec!["Town".into(), "NW3 2BQ".into()],
            billed: None,
            contacts: vec![],
            terms: vec![],
            invoices: vec![],
            issuer: None,
            vat_filed_until: None,
        };
        Self { known, history: vec![], models: ReadModels::default(), taken_down: 0 }
    }

    /// After the office asked this.
    #[track_caller]
    pub(super) fn having(mut self, command: Command) -> Self {
        self.ask(command).unwrap();
        self
    }

    /// After a day on which nothing was refused.
    #[track_caller]
    pub(super) fn after(mut self, policy: &str, occasion: Occasion<'_>, on: &str) -> Self {
        let command = self.asked(policy, occasion, on).unwrap();
        self.ask(command).unwrap();
        self
    }

    pub(super) fn accepted_from(self, first_day: &str, on: &str) -> Self {
        self.accepted_on(JoiningTerms::FullPackage, first_day, on)
    }

    pub(super) fn accepted_on(self, terms: JoiningTerms, first_day: &str, on: &str) -> Self {
        let cover = self.known.cover_of(day(first_day)).unwrap();
        self.having(Command::Accept(Acceptance {
            first_day: day(first_day),
            terms,
            missed: vec![],
            cover,
            on: day(on),
        }))
    }

    /// SSAT cover, as a list of it says.
    pub(super) fn covered(mut self, from: &str, until: Option<&str>) -> Self {
        self.cover(cover_term(day(from), until.map(day)));
        self.known.cover_lists = Lists::Read;
        self
    }

    pub(super) fn cover(&mut self, term: cover::Row) {
        let position = self.known.cover.len() as u64 + 1;
        self.known.cover.push(cover::Row { position, urn: self.known.membership.urn, ..term });
    }

    pub(super) fn graded(mut self, grading: Grading) -> Self {
        self.known.grading = Some(grading);
        self
    }

    pub(super) fn closed(mut self, on: Option<&str>) -> Self {
        self.known.registered = Registered::Closed(on.map(day));
        self
    }

    pub(super) fn succeeded_by(mut self, successor: Successor) -> Self {
        self.known.successors.push(successor);
        self
    }

    /// What one policy asks.
    #[track_caller]
    pub(super) fn asked(&self, policy: &str, occasion: Occasion<'_>, on: &str) -> Option<Command> {
        self.told(policy, occasion, on).unwrap().map(|asking| {
            let Asking::Membership { urn, command } = asking else { panic!("{asking:?}") };
            assert_eq!(urn, self.known.membership.urn);
            command
        })
    }

    pub(super) fn told(
        &self,
        policy: &str,
        occasion: Occasion<'_>,
        on: &str,
    ) -> Result<Option<Asking>, Cannot> {
        let policy = POLICIES.iter().find(|it| it.name == policy).unwrap();
        (policy.react)(occasion, day(on), &self.known)
    }

    /// Asks the membership, takes down what it answers, and answers it too.
    pub(super) fn ask(&mut self, command: Command) -> Result<Vec<Membership>, membership::Refusal> {
        let events =
            given::<membership::Membership>(self.history.clone()).when(command).answered()?;
        for event in &events {
            self.happened(event.clone());
        }
        Ok(events)
    }

    fn happened(&mut self, event: Membership) {
        self.history.push(event.clone());
        self.take_down(Event::Membership(self.known.membership.urn, event));
    }

    /// An event that changes what is known of this school, also one of a ledger.
    pub(super) fn take_down(&mut self, event: Event) {
        self.taken_down += 1;
        let position = self.taken_down;
        let recorded = Recorded {
            position,
            version: position,
            recorded_at: DateTime::UNIX_EPOCH,
            effective_on: NaiveDate::MIN,
            actor: "office".into(),
            event,
        };
        let Ok(()) = self.models.apply(&recorded, &mut NoPast);
        let Ok(()) = self.models.write(&mut Sheet(&mut self.known));
    }
}

/// What a year costs, as it was decided once.
pub(super) fn fee(of: &str) -> fees::Row {
    fees::Row {
        position: 1,
        recorded_at: 0,
        year: year(of),
        fee_pence: FEE,
        minute: "minute 4".into(),
        set_on: NaiveDate::MIN,
    }
}

/// A statement on SSAT cover.
pub(super) fn cover_term(from: NaiveDate, until: Option<NaiveDate>) -> cover::Row {
    cover::Row {
        urn: urn(super::SCHOOL),
        covered_from: from,
        covered_until: until,
        via_trust: None,
        file: "cover.csv".into(),
        sha256: "0123456789ab".into(),
        line: 2,
        position: 1,
        recorded_at: 0,
    }
}
