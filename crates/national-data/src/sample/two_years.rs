//! What happens to schools between April 2018 and March 2020, beyond what happens in every sample nation: enough of
//! everything that an office must deal with, and among the schools with SSAT cover, where its members are.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{Grade, SchoolKind};

use super::careers::Careers;
use super::cover::Cover;
use super::dice::{Dice, Stream};
use super::inspections::Inspected;
use super::school::{Closing, School, census, day};

impl Careers {
    /// Closes, unites, divides and converts some of the schools in `covered`, which is in their order.
    pub(super) fn two_years(&mut self, seed: u64, covered: &[usize], secondaries: usize) {
        self.dice = Dice::new(seed, Stream::TwoYears);
        let mut left: Vec<usize> = covered
            .iter()
            .copied()
            .filter(|index| {
                let school = &self.schools[*index];
                school.closed.is_none()
                    && school.is_open_on(day(2018, 3, 31))
                    && school.quality > 0.0
                    && school.ability > 0.0
            })
            .collect();
        let few = 1 + secondaries / 1_500;
        for on in [day(2018, 9, 1), day(2019, 9, 1)] {
            for _ in 0..few {
                let Some((first, second)) = self.pair(&mut left) else { return };
                self.united(first, second, on);
                let Some((stays, goes)) = self.pair(&mut left) else { return };
                self.joins(goes, stays, on);
                let Some(divided) = self.one(&mut left) else { return };
                self.divided(divided, on);
            }
        }
        for on in [day(2018, 8, 31), day(2018, 12, 31), day(2019, 8, 31)] {
            for _ in 0..few {
                let Some(closes) = self.one(&mut left) else { return };
                self.close(closes, on, Closing::ForGood);
            }
        }
        // The first ones on the first day of a Leading Edge year.
        left.retain(|index| is_maintained(&self.schools[*index]));
        let mut days = vec![day(2019, 4, 1); few];
        days.extend((0..secondaries / 150).map(|_| self.month(day(2018, 5, 1), day(2020, 3, 1))));
        for on in days {
            let Some(converts) = self.one(&mut left) else { return };
            self.converted(converts, SchoolKind::ACC, on);
        }
    }

    fn one(&mut self, left: &mut Vec<usize>) -> Option<usize> {
        (!left.is_empty()).then(|| left.remove(self.dice.below(left.len() as u32) as usize))
    }

    /// Two, of one authority if there are two.
    fn pair(&mut self, left: &mut Vec<usize>) -> Option<(usize, usize)> {
        let first = self.one(left)?;
        let authority = self.schools[first].site.authority;
        let near = left.iter().position(|index| self.schools[*index].site.authority == authority);
        match near {
            Some(place) => Some((first, left.remove(place))),
            None => Some((first, self.one(left)?)),
        }
    }

    /// One school goes into another, which keeps its URN.
    fn joins(&mut self, goes: usize, stays: usize, on: NaiveDate) {
        use schools::school::Succession;
        self.close(goes, on.pred_opt().unwrap_or(on), Closing::Merged);
        let succession = Succession::Merged;
        self.schools[stays].descent.push(super::school::Descent { from: goes, succession, on });
    }
}

fn is_maintained(school: &School) -> bool {
    use SchoolKind::{CY, FD, VA, VC};
    matches!(school.kind, CY | FD | VA | VC)
}

/// Grades that fall and rise again within the two years, and one kind that falls after renewals are agreed.
pub(super) fn inspections(seed: u64, schools: &[School], history: &mut Vec<Inspected>) {
    let mut dice = Dice::new(seed, Stream::LaterInspections);
    let lately: BTreeSet<usize> =
        history.iter().filter(|line| line.on >= day(2018, 1, 1)).map(|line| line.school).collect();
    for (index, school) in schools.iter().enumerate() {
        if !school.is_state_funded_mainstream() || !school.is_open_on(census(2018)) {
            continue;
        }
        let (chance, away, again) = (dice.below(1000), dice.below(9), dice.below(2) == 0);
        let falls = match chance {
            0..45 => day(2018, 5, 15),
            45..90 => day(2019, 5, 14),
            90..110 => day(2019, 3, 12),
            _ => continue,
        };
        if lately.contains(&index) || !school.is_open_on(day(2020, 3, 31)) {
            continue;
        }
        let falls = weeks_later(falls, away * u32::from(chance < 90));
        history.push(line(index, falls, Grade::RequiresImprovement));
        if again && chance < 90 {
            // Public by the February in which members are reviewed.
            let rises = day(if chance < 45 { 2018 } else { 2019 }, 12, 4);
            history.push(line(index, weeks_later(rises, away / 5), Grade::Good));
        }
    }
    history.sort_by_key(|line| (schools[line.school].urn, std::cmp::Reverse(line.on)));
}

fn weeks_later(day: NaiveDate, weeks: u32) -> NaiveDate {
    day.checked_add_days(chrono::Days::new(7 * u64::from(weeks))).unwrap_or(day)
}

fn line(school: usize, on: NaiveDate, grade: Grade) -> Inspected {
    Inspected { school, on, grade, also_printed: None, repeated: false }
}

/// Of those whose cover ends on the last day of a school year some come back in time, some too late for the first of
/// April, and some never; and a few schools are covered that were not.
pub(super) fn cover(seed: u64, schools: &[School], covers: &mut Vec<Cover>) {
    let mut dice = Dice::new(seed, Stream::LaterCover);
    let mut more = vec![];
    for cover in &*covers {
        let Some(until) = cover.until.filter(|_| schools[cover.school].closed.is_none()) else {
            continue;
        };
        let year = match until {
            until if until == day(2018, 8, 31) => 2018,
            until if until == day(2019, 8, 31) => 2019,
            _ => continue,
        };
        let from = match dice.below(3) {
            0 => day(year, 11, 1),
            1 => day(year + 1, 4, 20),
            _ => continue,
        };
        more.push(Cover { from, until: None, ..*cover });
    }
    let covered: BTreeSet<usize> = covers.iter().map(|cover| cover.school).collect();
    for (index, school) in schools.iter().enumerate() {
        if school.is_state_funded_mainstream()
            && school.is_open_on(day(2020, 3, 31))
            && !covered.contains(&index)
            && dice.chance(60)
        {
            let from = dice.pick(&[day(2018, 9, 1), day(2019, 4, 1), day(2019, 9, 1)]);
            more.push(Cover { school: index, from, until: None, via_trust: school.trust });
        }
    }
    covers.extend(more);
    covers.sort_by_key(|cover| (schools[cover.school].urn, cover.from));
}
