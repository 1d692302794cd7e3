//! Schools year by year, each once, and how they go from one year into the next.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::terms::{Came, Ending, Row};

use super::{List, Listed, ListedSchool, Rate, State, Year};

pub(super) struct Years<'t> {
    /// By year the schools that were members in it.
    members: BTreeMap<LeadingEdgeYear, BTreeMap<Name, School<'t>>>,
    /// By which name of `members` the membership of a URN goes on that begins a term on a year's 1 April, also where that
    /// goes on at a successor from its first day.
    on_1_april: BTreeMap<(LeadingEdgeYear, Urn), Name>,
}

/// What a school is counted by within a year: the last URN of its membership there.  A membership that was taken over in
/// the year is another than the one that the URN itself may have had before.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Name {
    urn: Urn,
    taken_over: bool,
}

/// One school's terms within a year that ran for a day at least, ascending by day; the first is always there.
pub(super) struct School<'t> {
    first: &'t Row,
    others: Vec<&'t Row>,
}

/// What became of the members of one year in the next.
struct Turn<'y, 't> {
    /// By name in the next year, those that stayed, with their URN on 31 March.
    kept: BTreeMap<Name, Urn>,
    lost: Vec<(Ending, &'y School<'t>)>,
    undecided: Vec<&'y School<'t>>,
}

impl<'t> Years<'t> {
    pub(super) fn of(terms: &'t [Row]) -> Self {
        let by_term: BTreeMap<(LeadingEdgeYear, Urn), Vec<&Row>> =
            terms.iter().fold(BTreeMap::new(), |mut by_term, row| {
                by_term.entry((row.year, row.urn)).or_insert_with(Vec::new).push(row);
                by_term
            });
        let mut rows: Vec<&Row> = terms.iter().collect();
        rows.sort_by_key(|row| (row.first_day, row.urn));
        let mut years = Self { members: BTreeMap::new(), on_1_april: BTreeMap::new() };
        for row in rows {
            let name = goes_on_as(row, &by_term);
            // One that was taken over is the predecessor's.
            if row.first_day == row.year.first_day() && row.came != Came::TakenOver {
                years.on_1_april.insert((row.year, row.urn), name);
            }
            if row.ran() {
                years
                    .members
                    .entry(row.year)
                    .or_default()
                    .entry(name)
                    .and_modify(|school| school.others.push(row))
                    .or_insert(School { first: row, others: vec![] });
            }
        }
        years
    }

    /// From the first with a member to the last.
    pub(super) fn all(&self) -> impl Iterator<Item = LeadingEdgeYear> {
        let first = self.members.first_key_value().map(|(year, _)| *year);
        let last = self.members.last_key_value().map(|(year, _)| *year);
        std::iter::successors(first, |year| Some(year.next()))
            .take_while(move |year| Some(*year) <= last)
    }

    pub(super) fn figures(&self, year: LeadingEdgeYear, today: NaiveDate) -> Year {
        let turn = self.turn_to(year);
        let before = || self.members_of(year.previous());
        let members = || self.members_of(year);
        let mut lost_by_reason: BTreeMap<Ending, u64> =
            REASONS.into_iter().map(|reason| (reason, 0)).collect();
        for (reason, _) in &turn.lost {
            *lost_by_reason.entry(*reason).or_default() += 1;
        }
        let kept = turn.kept.len() as u64;
        let at_end_before = counted(before().filter(|(_, school)| school.at_end().is_some()));
        Year {
            year,
            state: State::of(year, today),
            members: counted(members()),
            at_start: counted(members().filter(|(_, school)| school.is_there_at_start())),
            at_end: counted(members().filter(|(_, school)| school.at_end().is_some())),
            joined_late: self.listed(year, List::JoinedLate).len() as u64,
            kept,
            new: self.listed(year, List::New).len() as u64,
            returned: self.listed(year, List::Returned).len() as u64,
            members_before: counted(before()),
            at_end_before,
            lost: turn.lost.len() as u64,
            lost_by_reason,
            undecided: turn.undecided.len() as u64,
            rate: Rate::of(kept, at_end_before).filter(|_| turn.undecided.is_empty()),
            fee_pence: members().filter_map(|(name, school)| school.fee_pence(name.urn)).sum(),
            without_fee: counted(
                members().filter(|(name, school)| school.fee_pence(name.urn).is_none()),
            ),
        }
    }

    /// The schools behind a figure, without their names.
    pub(super) fn list(&self, year: LeadingEdgeYear, list: List) -> Listed {
        let mut schools = self.listed(year, list);
        schools.sort_by_key(|school| (school.urn, school.first_day, school.member_since));
        Listed { year, list, schools }
    }

    fn listed(&self, year: LeadingEdgeYear, list: List) -> Vec<ListedSchool> {
        let turn = self.turn_to(year);
        let those = |wanted: &dyn Fn(Name, &School<'_>) -> bool| {
            self.members_of(year)
                .filter(|(name, school)| wanted(*name, school))
                .map(|(name, school)| school.told(name.urn, turn.kept.get(&name).copied()))
                .collect()
        };
        let is_kept = |name: Name| turn.kept.contains_key(&name);
        match list {
            List::Members => those(&|_, _| true),
            List::Kept => those(&|name, _| is_kept(name)),
            List::New => those(&|name, school| !is_kept(name) && school.is_new()),
            List::Returned => those(&|name, school| !is_kept(name) && !school.is_new()),
            List::JoinedLate => those(&|_, school| !school.is_there_at_start()),
            List::Lost => {
                turn.lost.iter().map(|(_, school)| school.told(school.last().urn, None)).collect()
            }
            List::Undecided => {
                turn.undecided.iter().map(|school| school.told(school.last().urn, None)).collect()
            }
        }
    }

    fn turn_to(&self, year: LeadingEdgeYear) -> Turn<'_, 't> {
        let mut turn = Turn { kept: BTreeMap::new(), lost: vec![], undecided: vec![] };
        for (_, school) in self.members_of(year.previous()) {
            match self.kept_as(school, year) {
                Some((name, formerly)) => {
                    turn.kept.insert(name, formerly);
                }
                None => match school.last().ending {
                    // Whoever hands over, or has agreed to more, has not left.
                    None | Some(Ending::Renewed | Ending::CarriedOver) => {
                        turn.undecided.push(school);
                    }
                    Some(reason) => turn.lost.push((reason, school)),
                },
            }
        }
        turn
    }

    /// The name by which a member of the year before is one on 1 April, and the URN under which it was one the day before.
    fn kept_as(&self, school: &School<'_>, year: LeadingEdgeYear) -> Option<(Name, Urn)> {
        let formerly = school.at_end()?.urn;
        let name = *self.on_1_april.get(&(year, formerly))?;
        let now = self.members.get(&year)?.get(&name)?;
        now.is_there_at_start().then_some((name, formerly))
    }

    fn members_of(&self, year: LeadingEdgeYear) -> impl Iterator<Item = (Name, &School<'t>)> {
        self.members.get(&year).into_iter().flatten().map(|(name, school)| (*name, school))
    }
}

/// The reasons for which a member is lost, in the order in which they are told.
pub(super) const REASONS: [Ending; 11] = [
    Ending::NeverOffered,
    Ending::Unanswered,
    Ending::NotRenewed,
    Ending::RefusedMark,
    Ending::RefusedReview,
    Ending::RefusedJudgement,
    Ending::RefusedCover,
    Ending::Declined,
    Ending::Closed,
    Ending::Merged,
    Ending::Earlier,
];

/// Where a term ends up within its year: at the successor, where that took it on (D12).
fn goes_on_as(row: &Row, by_term: &BTreeMap<(LeadingEdgeYear, Urn), Vec<&Row>>) -> Name {
    let mut at = row;
    // A chain of successions has as many links as there are terms, at most.
    for _ in 0..by_term.len() {
        let successor = at.successor.filter(|_| at.ending == Some(Ending::CarriedOver));
        let taken_on = successor
            .and_then(|urn| by_term.get(&(row.year, urn)))
            .and_then(|rows| rows.iter().find(|next| next.predecessor == Some(at.urn)));
        match taken_on {
            Some(next) => at = next,
            None => break,
        }
    }
    Name { urn: at.urn, taken_over: at.came == Came::TakenOver }
}

fn counted<T>(all: impl Iterator<Item = T>) -> u64 {
    all.count() as u64
}

impl<'t> School<'t> {
    fn rows(&self) -> impl Iterator<Item = &'t Row> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    fn last(&self) -> &'t Row {
        self.others.last().copied().unwrap_or(self.first)
    }

    fn is_there_at_start(&self) -> bool {
        self.first.first_day == self.first.year.first_day()
    }

    /// The term that runs on 31 March.
    fn at_end(&self) -> Option<&'t Row> {
        self.rows().filter(|row| row.until() == row.year.last_day()).last()
    }

    /// Never a member before the year.
    fn is_new(&self) -> bool {
        self.first.member_since >= self.first.year.first_day()
    }

    /// A term that was taken on has its fee with it.
    fn fee_pence(&self, urn: Urn) -> Option<u64> {
        let fees = self.rows().filter(|row| row.urn == urn).filter_map(|row| row.fee_pence);
        fees.reduce(|sum, fee| sum + fee)
    }

    fn told(&self, urn: Urn, before: Option<Urn>) -> ListedSchool {
        let last = self.last();
        ListedSchool {
            urn,
            name: None,
            formerly: before.filter(|before| *before != urn),
            first_day: self.first.first_day,
            last_day: last.until(),
            member_since: self.first.member_since,
            continuous_since: self.first.continuous_since,
            fee_pence: self.fee_pence(urn),
            ending: last.ending,
            reason: last.reason.clone(),
        }
    }
}

impl State {
    fn of(year: LeadingEdgeYear, today: NaiveDate) -> Self {
        if today > year.last_day() {
            Self::Over
        } else if today >= year.first_day() {
            Self::Running
        } else {
            Self::ToCome
        }
    }
}

impl Rate {
    /// Rounded half up.
    fn of(part: u64, whole: u64) -> Option<Self> {
        (part * 2_000 + whole).checked_div(whole * 2).map(Self)
    }
}
