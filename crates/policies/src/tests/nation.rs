//! A few schools whose policies are told of everything that happens, day by day, in one order or another.

use std::collections::{BTreeMap, VecDeque};

use billing::Ledger;
use billing::ledger::Event as Ledgered;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Outcome, Source, Urn};
use membership::Membership;
use membership::membership::{Command, Grading};
use projections::memberships::Departure;
use projections::{Event, cover};
use scenario::given;
use schools::school::{Event as SchoolEvent, Inspection, Succession};

use super::School;
use super::billing::issuer;
use super::school::fee;
use crate::{
    Asking, Cannot, Concerned, Occasion, POLICIES, Registered, Stands, Successor, concerned,
};

/// In which order the policies are told, and how often of one thing.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub(super) last_first: bool,
    pub(super) times: usize,
}

/// What becomes known of a school, or is asked of it by the office.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Asked(Box<Command>),
    Inspected(Grading),
    /// The newest inspection was not one of this school.
    NotInspected,
    Covered(cover::Row),
    Registered(Registered),
    Succeeded {
        by: Urn,
        succession: Succession,
        from: Option<NaiveDate>,
    },
}

pub(super) struct Nation {
    schools: BTreeMap<Urn, School>,
    inspections: BTreeMap<Urn, Vec<Grading>>,
    links: Vec<(Urn, Successor)>,
    ledgers: BTreeMap<LeadingEdgeYear, Vec<Ledgered>>,
    manner: Manner,
    /// What the policies have not been told yet.
    news: VecDeque<Event>,
    pub(super) told: Vec<Event>,
    pub(super) cannot: Vec<Cannot>,
}

/// More than ever follows from one thing; what goes on after that goes on for ever.
const ENDLESS: usize = 200;

impl Nation {
    pub(super) fn of(numbers: &[u32], manner: Manner) -> Self {
        // No fee is known of the year in which it begins.
        let schools = numbers.iter().map(|number| {
            let mut school = School::new(*number);
            school.known.fees = vec![fee("2019-20")];
            school.known.issuer = Some(issuer());
            (super::urn(*number), school)
        });
        Self {
            schools: schools.collect(),
            inspections: BTreeMap::new(),
            links: vec![],
            ledgers: BTreeMap::new(),
            manner,
            news: VecDeque::new(),
            told: vec![],
            cannot: vec![],
        }
    }

    /// The schools in the order of their URNs, and then what came of it.
    pub(super) fn begin(&mut self, on: NaiveDate) {
        let dealt_with: Vec<Urn> = self
            .schools
            .iter()
            .filter(|(_, school)| !school.history.is_empty())
            .map(|(urn, _)| *urn)
            .collect();
        for urn in dealt_with {
            self.tell(urn, Occasion::Day, on);
        }
        self.go_on(on);
    }

    /// The office is refused many a thing, and that is none of the policies' business.
    pub(super) fn act(&mut self, urn: Urn, act: Act, on: NaiveDate) {
        let source = || Source { file: "file.csv".into(), sha256: "0123456789ab".into(), line: 2 };
        let Some(school) = self.schools.get_mut(&urn) else { return };
        match act {
            Act::Asked(command) => {
                let events = school.ask(*command).unwrap_or_default();
                self.news.extend(events.into_iter().map(|event| Event::Membership(urn, event)));
            }
            Act::Inspected(grading) => {
                let Grading { grade, inspected_on, published_on, .. } = grading;
                self.inspections.entry(urn).or_default().push(grading);
                self.news.push_back(Event::School(
                    urn,
                    SchoolEvent::OfstedInspected(Inspection {
                        inspected_on,
                        published_on: Some(published_on),
                        outcome: Outcome::Overall(grade),
                        also_printed: None,
                        source: source(),
                    }),
                ));
            }
            Act::NotInspected => {
                self.inspections.entry(urn).or_default().pop();
            }
            Act::Covered(term) => {
                let (from, until) = (term.covered_from, term.covered_until);
                school.cover(term);
                let (via_trust, source) = (None, source());
                let event = SchoolEvent::SsatCoverRecorded { from, until, via_trust, source };
                self.news.push_back(Event::School(urn, event));
            }
            Act::Registered(registered) => school.known.registered = registered,
            Act::Succeeded { by, succession, from } => {
                if by != urn && !self.links.iter().any(|(of, it)| *of == urn && it.urn == by) {
                    let stands = Stands::Free;
                    let members = vec![];
                    self.links
                        .push((urn, Successor { urn: by, succession, from, stands, members }));
                }
            }
        }
        self.go_on(on);
    }

    /// Tells everything that was ever told once more.
    pub(super) fn tell_all_again(&mut self, on: NaiveDate) {
        self.news.extend(self.told.clone());
        self.begin(on);
    }

    pub(super) fn memberships(&self) -> BTreeMap<Urn, Membership> {
        use cqrs_es::Aggregate;
        let folded = |school: &School| {
            let mut membership = Membership::default();
            school.history.iter().cloned().for_each(|event| membership.apply(event));
            membership
        };
        self.schools.iter().map(|(urn, school)| (*urn, folded(school))).collect()
    }

    pub(super) fn happened(&self) -> usize {
        self.schools.values().map(|school| school.history.len()).sum()
    }

    pub(super) fn histories(&self) -> impl Iterator<Item = &super::Membership> {
        self.schools.values().flat_map(|school| &school.history)
    }

    pub(super) fn ledgered(&self) -> impl Iterator<Item = &Ledgered> {
        self.ledgers.values().flatten()
    }

    fn go_on(&mut self, on: NaiveDate) {
        let mut left = ENDLESS + self.news.len();
        while let Some(event) = self.next() {
            left = left.checked_sub(1).unwrap_or_else(|| panic!("it never ends: {event:?}"));
            if let Concerned::School(urn) = concerned(&event) {
                self.tell(urn, Occasion::Happened(&event), on);
            }
            self.told.push(event);
        }
    }

    fn next(&mut self) -> Option<Event> {
        if self.manner.last_first { self.news.pop_back() } else { self.news.pop_front() }
    }

    fn tell(&mut self, urn: Urn, occasion: Occasion<'_>, on: NaiveDate) {
        for _ in 0..self.manner.times {
            for policy in POLICIES {
                self.look(urn, on);
                let asking = match (policy.react)(occasion, on, &self.schools[&urn].known) {
                    Ok(Some(asking)) => asking,
                    Ok(None) => continue,
                    Err(cannot) => {
                        self.cannot.push(cannot);
                        continue;
                    }
                };
                let (asked, command) = match asking {
                    Asking::Membership { urn, command } => (urn, command),
                    Asking::Ledger { year, urn, command } => {
                        self.ask_ledger(policy.name, (year, urn), command);
                        continue;
                    }
                };
                let school = self.schools.get_mut(&asked).unwrap();
                let events = school.ask(command.clone()).unwrap_or_else(|refusal| {
                    panic!(
                        "{} on {on} asked {:?} and was refused: {refusal}\n{:?}\n{:#?}",
                        policy.name, command, school.known, school.history
                    )
                });
                let events = events.into_iter().map(|event| Event::Membership(asked, event));
                self.news.extend(events);
            }
        }
    }

    fn ask_ledger(
        &mut self,
        policy: &str,
        (year, urn): (LeadingEdgeYear, Urn),
        command: billing::ledger::Command,
    ) {
        let history = self.ledgers.entry(year).or_default();
        let asked = given::<Ledger>(history.clone()).when(command.clone()).answered();
        let events = asked.unwrap_or_else(|refusal| {
            panic!("{policy} asked {command:?} of {urn} and was refused: {refusal}")
        });
        history.extend(events.clone());
        for event in events {
            assert_eq!(event.urn(), urn);
            let school = self.schools.get_mut(&urn).unwrap();
            school.take_down(Event::Ledger(year, event.clone()));
            self.news.push_back(Event::Ledger(year, event));
        }
    }

    /// What was billed: for which year, to whom, how much, and how often it was said to be late.
    pub(super) fn billed(&self) -> BTreeMap<(LeadingEdgeYear, Urn), (u64, usize)> {
        let mut billed: BTreeMap<_, (u64, usize)> = BTreeMap::new();
        for (year, history) in &self.ledgers {
            for event in history {
                let it = billed.entry((*year, event.urn())).or_default();
                match event {
                    Ledgered::InvoiceRaised(invoice) => it.0 += invoice.gross_pence,
                    Ledgered::PurchaseOrderRecorded { .. }
                    | Ledgered::PurchaseOrderGiven { .. }
                    | Ledgered::PurchaseOrderWithdrawn { .. }
                    | Ledgered::PaymentReceived { .. }
                    | Ledgered::PaymentReversed { .. }
                    | Ledgered::CreditNoteIssued(_)
                    | Ledgered::RefundPaid { .. }
                    | Ledgered::InvoiceSettled { .. }
                    | Ledgered::InvoiceOverdue { .. }
                    | Ledgered::InvoiceReminded { .. } => it.1 += 1,
                }
            }
        }
        billed
    }

    /// What is known of a school on a day.
    fn look(&mut self, urn: Urn, on: NaiveDate) {
        let predecessors: Vec<Urn> = self.predecessors(urn).collect();
        let grading = self.newest(urn, on).or_else(|| match predecessors.as_slice() {
            [only] => self.newest(*only, on),
            _ => None,
        });
        let successors = self.links.iter().filter(|(of, _)| *of == urn).map(|(_, successor)| {
            let row = &self.schools[&successor.urn].known.membership;
            let mut members: Vec<Urn> = self
                .predecessors(successor.urn)
                .filter(|it| {
                    let before = &self.schools[it].known.membership;
                    Stands::of(Some(before)) == Stands::Member
                        || (before.departure == Some(Departure::CarriedOver)
                            && before.successor == Some(successor.urn))
                })
                .collect();
            members.sort();
            Successor { stands: Stands::of(Some(row)), members, ..successor.clone() }
        });
        let successors = successors.collect();
        let known = &mut self.schools.get_mut(&urn).unwrap().known;
        known.grading = grading;
        known.successors = successors;
        known.predecessors = predecessors.len();
    }

    fn predecessors(&self, urn: Urn) -> impl Iterator<Item = Urn> {
        self.links.iter().filter(move |(_, it)| it.urn == urn).map(|(of, _)| *of)
    }

    fn newest(&self, urn: Urn, on: NaiveDate) -> Option<Grading> {
        let public = self.inspections.get(&urn)?.iter().filter(|it| it.published_on <= on);
        public.max_by_key(|it| (it.published_on, it.inspected_on)).cloned()
    }
}
