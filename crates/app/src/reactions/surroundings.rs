//! What the office knows of the schools that policies are told of: looked up in the read models, many at once, and kept
//! until something happens to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::contacts::person::Event as Person;
use billing::ledger::Billed;
use chrono::{DateTime, NaiveDate};
use kernel::{Grade, Urn};
use membership::membership::Grading;
use policies::{Known, Registered, Stands, Successor};
use projections::inspections::{Row as Inspection, in_force};
use projections::memberships::{Departure, Row as Membership, Standing};
use projections::predecessors::Row as Statement;
use projections::schools::{Register, Row as School};
use projections::{Event, contacts, cover, fees, invoices, issuers, terms, vat_returns};
use read_store::ReadStore;
use schools::national_data::{Abandoned, Begun, Dataset, Event as NationalData, Import};
use schools::school::{Event as SchoolEvent, Succession};

use crate::{Failure, clock};

#[cfg(test)]
mod tests;

/// What is known, by school.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    known: HashMap<Urn, Held>,
    /// Whose record a school's rests on besides its own: by that school, those that rest on it.
    rests: HashMap<Urn, BTreeSet<Urn>>,
    /// What is the same for all; `None`: to be looked up.
    shared: Option<Shared>,
}

/// A school as it is known on some days.
#[derive(Debug)]
struct Held {
    known: Known,
    /// It is known so from this day on, and until something is public that was not by then.
    from: NaiveDate,
    before: NaiveDate,
}

#[derive(Clone, Debug)]
struct Shared {
    fees: Vec<fees::Row>,
    cover_lists: cover::Lists,
    links_read_on: Option<NaiveDate>,
    issuer: Option<issuers::Row>,
    vat_filed_until: Option<NaiveDate>,
}

impl Surroundings {
    /// A school as it is known on a day, where that was looked up.
    pub(super) fn of(&self, urn: Urn, on: NaiveDate) -> Option<&Known> {
        self.known.get(&urn).filter(|held| held.holds_on(on)).map(|held| &held.known)
    }

    /// The schools that came after one, on any day.
    pub(super) fn successors(&self, urn: Urn) -> &[Successor] {
        self.known.get(&urn).map_or(&[], |held| &held.known.successors)
    }

    /// Forgets what an event may have changed.
    pub(super) fn heed(&mut self, event: &Event) {
        match event {
            Event::School(urn, event) => {
                self.forget(*urn);
                if let SchoolEvent::SchoolConverted(from)
                | SchoolEvent::SchoolsMerged(from)
                | SchoolEvent::SchoolSplit(from) = event
                {
                    self.forget(from.urn);
                }
            }
            Event::Membership(urn, _) | Event::Customer(urn, _) => self.forget(*urn),
            // Who was forgotten may have had roles anywhere.
            Event::Person(_, Person::PersonForgotten { .. }) => self.forget_all(),
            Event::Person(..) => event.school().into_iter().for_each(|urn| self.forget(urn)),
            Event::Ledger(_, event) => self.forget(event.urn()),
            Event::Fee(..) | Event::Issuer(_) => self.forget_all(),
            Event::NationalData(
                _,
                NationalData::ImportBegun(Begun { dataset: Dataset::Cover, .. })
                | NationalData::ImportAbandoned(Abandoned { dataset: Dataset::Cover, .. })
                | NationalData::DatasetImported(Import {
                    dataset: Dataset::Cover | Dataset::Links,
                    ..
                }),
            ) => self.forget_all(),
            Event::NationalData(..)
            | Event::Criteria(..)
            | Event::Review(..)
            | Event::Calendar(_)
            | Event::Parked(..)
            | Event::Letter(..) => {}
        }
    }

    /// Forgets a school, and whatever rests on it.
    pub(super) fn forget(&mut self, urn: Urn) {
        self.known.remove(&urn);
        for other in self.rests.remove(&urn).into_iter().flatten() {
            self.known.remove(&other);
        }
    }

    pub(super) fn forget_all(&mut self) {
        *self = Self::default();
    }

    /// Looks up those of the schools that are not known on their day, all at once.
    pub(super) fn look_up(
        &mut self,
        read: &ReadStore,
        schools: impl IntoIterator<Item = (Urn, NaiveDate)>,
    ) -> Result<(), Failure> {
        let missing: BTreeMap<Urn, NaiveDate> =
            schools.into_iter().filter(|(urn, on)| self.of(*urn, *on).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let shared = match &mut self.shared {
            Some(shared) => shared,
            none => none.insert(Shared::look_up(read)?),
        };
        let mut beside = Beside::look_up(read, &missing)?;
        for (urn, on) in missing {
            for other in beside.others(urn) {
                self.rests.entry(other).or_default().insert(urn);
            }
            self.known.insert(urn, beside.known(urn, on, shared));
        }
        Ok(())
    }
}

impl Held {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.before
    }
}

impl Shared {
    fn look_up(read: &ReadStore) -> Result<Self, Failure> {
        Ok(Self {
            fees: read.fees()?,
            cover_lists: read.cover_lists()?,
            links_read_on: read.links_read_at()?.map(clock::day_of),
            issuer: read.issuers()?.pop(),
            vat_filed_until: vat_returns::filed_until(&read.vat_returns()?),
        })
    }
}

/// The rows of some schools, and of those that came before and after them.
struct Beside {
    memberships: HashMap<Urn, Membership>,
    schools: HashMap<Urn, School>,
    /// The day on which each closing was recorded.
    closings: HashMap<Urn, NaiveDate>,
    /// Where the newest was not public yet on the day it is asked for.
    inspections: HashMap<Urn, Vec<Inspection>>,
    cover: HashMap<Urn, Vec<cover::Row>>,
    terms: HashMap<Urn, Vec<terms::Row>>,
    invoices: HashMap<Urn, Vec<invoices::Row>>,
    billed: HashMap<Urn, Billed>,
    contacts: HashMap<Urn, Vec<contacts::Row>>,
    after: Links,
    before: Links,
}

/// From each school to those that came after it, or to those that were before it.
type Links = HashMap<Urn, BTreeMap<Urn, Link>>;

/// What all statements on a pair come to.
#[derive(Clone, Copy)]
struct Link {
    succession: Succession,
    /// The earliest day that any gives; `None`: one gives none, and then it counts always (D12).
    from: Option<NaiveDate>,
}

impl Beside {
    fn look_up(read: &ReadStore, days: &BTreeMap<Urn, NaiveDate>) -> Result<Self, Failure> {
        let urns: Vec<Urn> = days.keys().copied().collect();
        let after = links(read.successors_of(&urns)?, |row| (row.predecessor, row.urn));
        let successors = ends(&after);
        let own = links(read.predecessors_of(&urns)?, |row| (row.urn, row.predecessor));
        let of_successors =
            links(read.predecessors_of(&successors)?, |row| (row.urn, row.predecessor));
        let graded = [urns.clone(), ends(&own)].concat();
        let dealt_with = [urns.clone(), successors, ends(&of_successors)].concat();
        let mut cover: HashMap<Urn, Vec<cover::Row>> = HashMap::new();
        for row in read.cover_of(&urns)? {
            cover.entry(row.urn).or_default().push(row);
        }
        let mut terms: HashMap<Urn, Vec<terms::Row>> = HashMap::new();
        for row in read.terms_of_each(&urns)? {
            terms.entry(row.urn).or_default().push(row);
        }
        let mut invoices: HashMap<Urn, Vec<invoices::Row>> = HashMap::new();
        for row in read.invoices_of(&urns)? {
            invoices.entry(row.urn).or_default().push(row);
        }
        let mut contacts: HashMap<Urn, Vec<contacts::Row>> = HashMap::new();
        for row in read.contacts_of_each(&urns)? {
            contacts.entry(row.urn).or_default().push(row);
        }
        let customers = read.customers_of(&urns)?;
        let billed = customers.iter().filter_map(|row| Some((row.urn, row.billed()?))).collect();
        let schools = read.schools_of(&graded)?;
        let first = days.values().min().copied().unwrap_or(NaiveDate::MAX);
        let newer: Vec<Urn> = schools
            .iter()
            .filter(|school| school.grade_public_from.is_some_and(|day| day > first))
            .map(|school| school.urn)
            .collect();
        let mut inspections: HashMap<Urn, Vec<Inspection>> = HashMap::new();
        for row in read.inspections_of(&newer)? {
            inspections.entry(row.urn).or_default().push(row);
        }
        let memberships = read.memberships_of(&dealt_with)?;
        let closed = schools.iter().filter(|school| school.status == Some(Register::Closed));
        let closed: Vec<Urn> = closed.map(|school| school.urn).collect();
        let mut closings = HashMap::new();
        for row in read.details_of(&closed)? {
            match row.status {
                Some(Register::Closed) => {
                    let recorded = DateTime::from_timestamp_micros(row.recorded_at);
                    closings.entry(row.urn).or_insert(recorded.map_or(first, clock::day_of));
                }
                Some(_) => drop(closings.remove(&row.urn)),
                None => {}
            }
        }
        Ok(Self {
            memberships: memberships.into_iter().map(|row| (row.urn, row)).collect(),
            schools: schools.into_iter().map(|row| (row.urn, row)).collect(),
            closings,
            inspections,
            cover,
            terms,
            invoices,
            billed,
            contacts,
            after,
            before: of_successors.into_iter().chain(own).collect(),
        })
    }

    /// Whose record what is known of a school rests on besides its own.
    fn others(&self, urn: Urn) -> BTreeSet<Urn> {
        let ends = |links: &Links, urn: Urn| -> Vec<Urn> {
            links.get(&urn).into_iter().flat_map(|ends| ends.keys().copied()).collect()
        };
        let after = ends(&self.after, urn);
        let beside = after.iter().flat_map(|urn| ends(&self.before, *urn)).collect::<Vec<_>>();
        let mut others = BTreeSet::from_iter([after, beside, ends(&self.before, urn)].concat());
        others.remove(&urn);
        others
    }

    fn known(&mut self, urn: Urn, on: NaiveDate, shared: &Shared) -> Held {
        let (grading, before) = self.grading(urn, on);
        let successors = self.after.get(&urn).into_iter().flatten();
        let known = Known {
            membership: match self.memberships.get(&urn) {
                Some(row) => row.clone(),
                None => Membership::unknown(urn),
            },
            grading,
            registered: self.registered(urn),
            closing_recorded_on: self.closings.get(&urn).copied(),
            successors: successors.map(|(urn, link)| self.successor(*urn, *link)).collect(),
            links_read_on: shared.links_read_on,
            predecessors: self.before.get(&urn).map_or(0, BTreeMap::len),
            cover: self.cover.remove(&urn).unwrap_or_default(),
            cover_lists: shared.cover_lists,
            fees: shared.fees.clone(),
            name: self.name(urn),
            address: self.address(urn),
            billed: self.billed.remove(&urn),
            contacts: self.contacts.remove(&urn).unwrap_or_default(),
            terms: self.terms.remove(&urn).unwrap_or_default(),
            invoices: self.invoices.remove(&urn).unwrap_or_default(),
            issuer: shared.issuer.clone(),
            vat_filed_until: shared.vat_filed_until,
        };
        Held { known, from: on, before }
    }

    fn name(&self, urn: Urn) -> Option<String> {
        let registered = self.schools.get(&urn).and_then(|row| row.name.clone());
        registered.or_else(|| self.memberships.get(&urn).and_then(|row| row.name.clone()))
    }

    fn address(&self, urn: Urn) -> Vec<String> {
        self.schools.get(&urn).map_or_else(Vec::new, School::address)
    }

    fn successor(&self, urn: Urn, link: Link) -> Successor {
        let went_there = |row: &&Membership| {
            row.standing == Standing::Member
                || (row.departure == Some(Departure::CarriedOver) && row.successor == Some(urn))
        };
        let before = self.before.get(&urn).into_iter().flat_map(BTreeMap::keys);
        let members = before.filter_map(|urn| self.memberships.get(urn)).filter(went_there);
        Successor {
            urn,
            succession: link.succession,
            from: link.from,
            stands: Stands::of(self.memberships.get(&urn)),
            members: members.map(|row| row.urn).collect(),
        }
    }

    /// Of the school's own graded inspections the newest that was public by the day, or where there is none, its only
    /// predecessor's (D6); and the first day after it on which that may be another.
    fn grading(&self, urn: Urn, on: NaiveDate) -> (Option<Grading>, NaiveDate) {
        let before = self.before.get(&urn).into_iter().flatten();
        let (before, to_come): (Vec<_>, Vec<_>) =
            before.partition(|(_, link)| link.from.is_none_or(|day| day <= on));
        let mut changes: Vec<NaiveDate> =
            to_come.into_iter().filter_map(|(_, link)| link.from).collect();
        let mut graded = self.graded(urn, on, &mut changes);
        if let (None, [(only, _)]) = (&graded, before.as_slice()) {
            graded = self.graded(**only, on, &mut changes);
        }
        let grading = graded.and_then(|(grade, inspected_on, published_on)| {
            Some(Grading { grade: grade?, inspected_on, published_on, source: None })
        });
        (grading, changes.into_iter().min().unwrap_or(NaiveDate::MAX))
    }

    /// Its own newest by the day: the grade, where one was given, the day of the inspection, and when that was public.
    fn graded(
        &self,
        urn: Urn,
        on: NaiveDate,
        changes: &mut Vec<NaiveDate>,
    ) -> Option<(Option<Grade>, NaiveDate, NaiveDate)> {
        let school = self.schools.get(&urn)?;
        let inspected_on = school.inspected_on?;
        let public_from = school.grade_public_from.unwrap_or(inspected_on);
        if public_from <= on {
            return Some((school.grade, inspected_on, public_from));
        }
        let rows = self.inspections.get(&urn).map_or(&[][..], Vec::as_slice);
        let days = rows.iter().map(|row| row.published_on.unwrap_or(row.inspected_on));
        changes.extend(days.filter(|day| *day > on).chain([public_from]));
        let newest = in_force(rows, on)?;
        Some((newest.row.grade, newest.row.inspected_on, newest.public_from()))
    }

    fn registered(&self, urn: Urn) -> Registered {
        match self.schools.get(&urn) {
            Some(school) if school.status == Some(Register::Closed) => {
                Registered::Closed(school.closed_on)
            }
            Some(_) | None => Registered::Open,
        }
    }
}

fn links(statements: Vec<Statement>, ends: impl Fn(&Statement) -> (Urn, Urn)) -> Links {
    let mut links = Links::new();
    for statement in statements {
        let (from, to) = ends(&statement);
        let stated = Link { succession: statement.succession, from: statement.established_on };
        links
            .entry(from)
            .or_default()
            .entry(to)
            .and_modify(|link| {
                let earliest = link.from.zip(stated.from).map(|(one, other)| one.min(other));
                *link = Link { from: earliest, ..stated };
            })
            .or_insert(stated);
    }
    links
}

/// The schools that links lead to.
fn ends(links: &Links) -> Vec<Urn> {
    let ends: BTreeSet<Urn> = links.values().flat_map(BTreeMap::keys).copied().collect();
    ends.into_iter().collect()
}
