//! Schools year by year, each once, and how they go from one year into the next.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::terms::{Ending, Row};

use super::{List, Listed, ListedSchool, Rate, State, Year};

pub(super) struct Years<'t> {
    /// By year the schools that were members in it, under the last URN of the year.
    members: BTreeMap<LeadingEdgeYear, BTreeMap<Urn, School<'t>>>,
    /// Under which URN of `members` a term goes that begins on a year's 1 April; also one that goes on at a successor from
    /// its first day.
    on_1_april: BTreeMap<(LeadingEdgeYear, Urn), Urn>,
}

/// One school's terms within a year that ran for a day at least, ascending by day; the first is always there.
pub(super) struct School<'t> {
    first: &'t Row,
    others: Vec<&'t Row>,
}

/// What became of the members of one year in the next.
struct Turn<'y, 't> {
    /// By URN in the next year, those that stayed, with their URN on 31 March.
    kept: BTreeMap<Urn, Urn>,
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
            let urn = goes_on_as(row, &by_term);
            if row.first_day == row.year.first_day() {
                years.on_1_april.insert((row.year, row.urn), urn);
            }
            if row.ran() {
                years
                    .members
                    .entry(row.year)
                    .or_default()
                    .entry(urn)
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
            rate: Rate::of(kept, at_end_before),
            fee_pence: members().filter_map(|(urn, school)| school.fee_pence(urn)).sum(),
            without_fee: counted(
                members().filter(|(urn, school)| school.fee_pence(*urn).is_none()),
            ),
        }
    }

    /// The schools behind a figure, without their names.
    pub(super) fn list(&self, year: LeadingEdgeYear, list: List) -> Listed {
        let mut schools = self.listed(year, list);
        schools.sort_by_key(|school| school.urn);
        Listed { year, list, schools }
    }

    fn listed(&self, year: LeadingEdgeYear, list: List) -> Vec<ListedSchool> {
        let turn = self.turn_to(year);
        let those = |wanted: &dyn Fn(Urn, &School<'_>) -> bool| {
            self.members_of(year)
                .filter(|(urn, school)| wanted(*urn, school))
                .map(|(urn, school)| school.told(urn, turn.kept.get(&urn).copied()))
                .collect()
        };
        let is_kept = |urn: Urn| turn.kept.contains_key(&urn);
        match list {
            List::Members => those(&|_, _| true),
            List::Kept => those(&|urn, _| is_kept(urn)),
            List::New => those(&|urn, school| !is_kept(urn) && school.is_new()),
            List::Returned => those(&|urn, school| !is_kept(urn) && !school.is_new()),
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
                Some((urn, formerly)) => {
                    turn.kept.insert(urn, formerly);
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

    /// The URN under which a member of the year before is one on 1 April, and that under which it was one the day before.
    fn kept_as(&self, school: &School<'_>, year: LeadingEdgeYear) -> Option<(Urn, Urn)> {
        let formerly = school.at_end()?.urn;
        let urn = *self.on_1_april.get(&(year, formerly))?;
        let now = self.members.get(&year)?.get(&urn)?;
        now.is_there_at_start().then_some((urn, formerly))
    }

    fn members_of(&self, year: LeadingEdgeYear) -> impl Iterator<Item = (Urn, &School<'t>)> {
        self.members.get(&year).into_iter().flatten().map(|(urn, school)| (*urn, school))
    }
}

/// The reasons for which a member is lost, in the order in which they are told.
pub(super) const REASONS: [Ending; 9] = [
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

/// The URN under which a term ends up within its year: the successor's, where that took it on (D12).
fn goes_on_as(row: &Row, by_term: &BTreeMap<(LeadingEdgeYear, Urn), Vec<&Row>>) -> Urn {
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
    at.urn
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
