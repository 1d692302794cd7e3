use chrono::{Datelike, NaiveDate};
use kernel::SchoolKind;
use schools::school::Succession;
use schools::{Phase, Register};

use super::dice::{Dice, Stream};
use super::ground::Ground;
use super::names;
use super::school::{Closing, Descent, Faith, Gender, School, day, register_day};

/// Every school of the nation and how one came from another.
pub(super) struct Careers {
    pub(super) dice: Dice,
    pub(super) ground: Ground,
    pub(super) schools: Vec<School>,
}

/// State-funded mainstream secondary schools in September 2017, per thousand.
const SECONDARIES: [(u32, SchoolKind); 10] = [
    (434, SchoolKind::ACC),
    (203, SchoolKind::AC),
    (138, SchoolKind::CY),
    (76, SchoolKind::VA),
    (71, SchoolKind::FD),
    (43, SchoolKind::F),
    (15, SchoolKind::UTC),
    (9, SchoolKind::VC),
    (10, SchoolKind::SS),
    (1, SchoolKind::CTC),
];

/// What a secondary school was before it became an academy.
pub(super) const MAINTAINED: [(u32, SchoolKind); 4] =
    [(50, SchoolKind::CY), (26, SchoolKind::FD), (20, SchoolKind::VA), (4, SchoolKind::VC)];

impl Careers {
    /// `secondaries` state-funded mainstream secondary schools are open in September 2017.
    pub(super) fn of_secondaries(seed: u64, secondaries: usize) -> Self {
        let mut dice = Dice::new(seed, Stream::Secondaries);
        let ground = Ground::new(&mut dice, secondaries);
        let mut careers = Self { dice, ground, schools: Vec::with_capacity(secondaries * 3) };
        let mergers = if secondaries < 12 { 0 } else { 2 + secondaries / 450 };
        let splits = if secondaries < 40 { 0 } else { 1 + secondaries / 1500 };
        for _ in 0..mergers {
            careers.merger();
        }
        for _ in 0..splits {
            careers.split();
        }
        for _ in mergers + 2 * splits..secondaries {
            careers.secondary();
        }
        careers.closures(secondaries);
        careers.beside(secondaries);
        careers
    }

    fn secondary(&mut self) {
        let kind = self.dice.weighed(&SECONDARIES);
        match kind {
            SchoolKind::AC | SchoolKind::ACC => {
                let was = self.dice.weighed(&MAINTAINED);
                let old = self.founded(was, kind);
                let on = self.conversion_day(kind);
                let new = self.converted(old, kind, on);
                if kind == SchoolKind::AC && on < day(2014, 1, 1) && self.dice.chance(60) {
                    let again = day(self.dice.between(2015, 2017), 9, 1);
                    self.converted(new, kind, again);
                }
            }
            SchoolKind::F | SchoolKind::UTC | SchoolKind::SS | SchoolKind::CTC => {
                self.opened(kind);
            }
            _ => {
                let school = self.founded(kind, kind);
                // A twentieth of all secondaries a year become academies; only the maintained still can.
                if self.dice.chance(230) {
                    let on = self.month(day(2017, 10, 1), register_day());
                    let kind = self.dice.weighed(&[(65, SchoolKind::ACC), (35, SchoolKind::AC)]);
                    self.converted(school, kind, on);
                } else if self.dice.chance(15) {
                    self.close(school, day(2018, 8, 31), Closing::ForGood);
                } else if self.dice.chance(15) {
                    self.schools[school].status = Register::ProposedToClose;
                }
            }
        }
    }

    /// A school older than the register, which later is (or stays) of the kind `later`.
    pub(super) fn founded(&mut self, kind: SchoolKind, later: SchoolKind) -> usize {
        let authority = self.ground.authority(&mut self.dice);
        self.founded_in(authority, kind, later)
    }

    fn founded_in(&mut self, authority: usize, kind: SchoolKind, later: SchoolKind) -> usize {
        let dice = &mut self.dice;
        let mut site = self.ground.site(dice, authority);
        site.faith = faith(dice, kind);
        site.gender = dice.weighed(&[(88, Gender::Mixed), (7, Gender::Girls), (5, Gender::Boys)]);
        site.selective = matches!(later, SchoolKind::ACC | SchoolKind::FD)
            && site.faith == Faith::None
            && dice.chance(85);
        let name = match site.selective {
            true => names::grammar(dice, &site.town, site.gender),
            false => names::secondary(dice, &site.town, site.faith, site.gender),
        };
        let ability = ability(dice, later) + if site.selective { 0.35 } else { 0.0 };
        let phase = dice.weighed(&[(965, Phase::Secondary), (35, Phase::AllThrough)]);
        site.ages = match phase {
            Phase::AllThrough => (4, 18),
            _ => dice.weighed(&[(40, (11, 16)), (56, (11, 18)), (4, (13, 18))]),
        };
        let mut school = self.ground.school(&mut self.dice, kind, phase, name, site);
        school.ability = ability;
        school.quality = quality(&mut self.dice, ability)
            + match later {
                // Sponsors were found for schools in trouble; converters were doing well.
                SchoolKind::AC => -0.9,
                SchoolKind::ACC => 0.25,
                _ => 0.0,
            };
        self.add(school)
    }

    /// A new school without a predecessor.
    pub(super) fn opened(&mut self, kind: SchoolKind) -> usize {
        let authority = self.ground.authority(&mut self.dice);
        let dice = &mut self.dice;
        let mut site = self.ground.site(dice, authority);
        let (name, year, until_results, cohort, ages) = match kind {
            SchoolKind::UTC => (
                names::technical(dice, &site.town),
                dice.between(2011, 2017),
                2,
                dice.between(40, 130),
                (14, 19),
            ),
            SchoolKind::SS => (
                names::studio(&site.town),
                dice.between(2011, 2016),
                2,
                dice.between(4, 60),
                (14, 19),
            ),
            SchoolKind::CTC => {
                (format!("{} CTC", site.town), 1990, 2, dice.between(160, 240), (11, 18))
            }
            _ => (
                names::new_secondary(dice, &site.town),
                dice.between(2011, 2017),
                dice.weighed(&[(75, 5), (25, 2)]),
                dice.between(5, 120),
                (11, 18),
            ),
        };
        site.cohort = cohort.unsigned_abs();
        site.ages = ages;
        let mut school = self.ground.school(&mut self.dice, kind, Phase::Secondary, name, site);
        school.opened = Some(day(year, 9, 1));
        school.first_results = year + until_results;
        school.ability = ability(&mut self.dice, kind);
        school.quality = quality(&mut self.dice, school.ability);
        self.add(school)
    }

    /// Closes a school and opens its successor on the same site the day after.
    pub(super) fn converted(&mut self, old: usize, kind: SchoolKind, on: NaiveDate) -> usize {
        self.close(old, on.pred_opt().unwrap_or(on), Closing::BecameAcademy);
        let before = self.schools[old].clone();
        let sponsored = matches!(kind, SchoolKind::AC | SchoolKind::ACS);
        let renamed = if sponsored { 800 } else { 350 };
        let name = names::academy(&mut self.dice, &before.name, &before.site.town, renamed);
        let mut school =
            self.ground.school(&mut self.dice, kind, before.phase, name, before.site.clone());
        if !sponsored || before.phase == Phase::Primary || self.dice.chance(500) {
            school.estab = before.estab;
        }
        school.record_type = before.record_type;
        school.ability = before.ability;
        school.entries = before.entries;
        school.quality = match sponsored {
            true => quality(&mut self.dice, before.ability),
            false => before.quality,
        };
        school.opened = Some(on);
        school.descent = vec![Descent { from: old, succession: Succession::Converted, on }];
        self.add(school)
    }

    /// Two schools become one: mostly a new one, sometimes one of the two, which then keeps its URN.
    fn merger(&mut self) {
        let authority = self.ground.authority(&mut self.dice);
        let first = self.founded_in(authority, SchoolKind::CY, SchoolKind::CY);
        let second = self.founded_in(authority, SchoolKind::CY, SchoolKind::FD);
        let on = day(self.dice.between(2012, 2017), 9, 1);
        let last = on.pred_opt().unwrap_or(on);
        self.close(second, last, Closing::Merged);
        if self.dice.chance(250) {
            let succession = Succession::Merged;
            self.schools[first].descent.push(Descent { from: second, succession, on });
            return;
        }
        self.united(first, second, on);
    }

    /// Two schools close, and a new one opens the day after in the place of both.
    pub(super) fn united(&mut self, first: usize, second: usize, on: NaiveDate) {
        let last = on.pred_opt().unwrap_or(on);
        for school in [first, second] {
            self.close(school, last, Closing::Merged);
        }
        let succession = self.dice.pick(&[Succession::Merged, Succession::Amalgamated]);
        let site = self.schools[first].site.clone();
        let name = names::academy(&mut self.dice, &self.schools[first].name, &site.town, 1000);
        let kind = self.dice.pick(&[SchoolKind::AC, SchoolKind::CY]);
        let mut school = self.ground.school(&mut self.dice, kind, Phase::Secondary, name, site);
        school.opened = Some(on);
        school.ability = (self.schools[first].ability + self.schools[second].ability) / 2.0;
        school.quality = quality(&mut self.dice, school.ability);
        school.site.cohort += self.schools[second].site.cohort / 2;
        school.descent = [first, second].map(|from| Descent { from, succession, on }).to_vec();
        self.add(school);
    }

    /// One school becomes two.
    fn split(&mut self) {
        let old = self.founded(SchoolKind::CY, SchoolKind::CY);
        let on = day(self.dice.between(2013, 2017), 9, 1);
        self.divided(old, on);
    }

    /// A school closes, and two new ones open the day after in its place.
    pub(super) fn divided(&mut self, old: usize, on: NaiveDate) {
        self.close(old, on.pred_opt().unwrap_or(on), Closing::Split);
        let before = self.schools[old].clone();
        for half in ["Upper", "Lower"] {
            let mut site = before.site.clone();
            site.cohort = site.cohort / 2 + 15;
            let name = format!("{} {half} Academy", site.town);
            let mut school =
                self.ground.school(&mut self.dice, SchoolKind::AC, before.phase, name, site);
            school.opened = Some(on);
            school.ability = before.ability + 0.1 * self.dice.normal();
            school.quality = quality(&mut self.dice, school.ability);
            school.descent = vec![Descent { from: old, succession: Succession::Split, on }];
            self.add(school);
        }
    }

    /// Schools that closed for good before September 2017, and schools that are yet to open.
    fn closures(&mut self, secondaries: usize) {
        for _ in 0..secondaries.div_ceil(150) {
            let school = self.founded(SchoolKind::CY, SchoolKind::FD);
            let on = self.dice.pick(&[
                day(2009, 8, 31),
                day(2012, 8, 31),
                day(2015, 12, 31),
                day(2016, 8, 31),
                day(2017, 8, 31),
            ]);
            self.schools[school].ability -= 0.4;
            self.schools[school].quality -= 0.8;
            self.close(school, on, Closing::ForGood);
        }
        for _ in 0..secondaries.div_ceil(300) {
            let school = self.opened(SchoolKind::F);
            self.schools[school].opened = Some(day(2019, 9, 1));
            self.schools[school].first_results = 2024;
            self.schools[school].status = Register::ProposedToOpen;
        }
    }

    /// Adds a school, and says where it stands among the schools.
    pub(super) fn add(&mut self, school: School) -> usize {
        self.schools.push(school);
        self.schools.len() - 1
    }

    pub(super) fn close(&mut self, school: usize, on: NaiveDate, closing: Closing) {
        let school = &mut self.schools[school];
        school.closed = Some(on);
        school.closing = closing;
        school.status = Register::Closed;
    }

    /// When a school that was an academy in September 2017 became one: converters since 2010, sponsored ones since
    /// 2003, and a quarter of both in the last three years.
    pub(super) fn conversion_day(&mut self, kind: SchoolKind) -> NaiveDate {
        let sponsored = matches!(kind, SchoolKind::AC | SchoolKind::ACS);
        let (first, last) = match self.dice.below(1000) {
            0..=239 => (day(2014, 10, 1), day(2017, 9, 1)),
            240..=449 if sponsored => (day(2003, 9, 1), day(2010, 8, 1)),
            _ => (day(2010, 9, 1), day(2014, 9, 1)),
        };
        self.month(first, last)
    }

    /// The first of a month, more often September than another.
    pub(super) fn month(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let months = |on: NaiveDate| on.year() * 12 + on.month0() as i32;
        let mut month = self.dice.between(months(first), months(last));
        if self.dice.chance(430) {
            let september = month - month.rem_euclid(12) + 8;
            if (months(first)..=months(last)).contains(&september) {
                month = september;
            }
        }
        day(month.div_euclid(12), month.rem_euclid(12).unsigned_abs() + 1, 1)
    }
}

fn faith(dice: &mut Dice, kind: SchoolKind) -> Faith {
    let weights = match kind {
        SchoolKind::VA => {
            [(10, Faith::None), (55, Faith::RomanCatholic), (35, Faith::ChurchOfEngland)]
        }
        SchoolKind::VC => {
            [(30, Faith::None), (0, Faith::RomanCatholic), (70, Faith::ChurchOfEngland)]
        }
        _ => [(1, Faith::None), (0, Faith::RomanCatholic), (0, Faith::ChurchOfEngland)],
    };
    dice.weighed(&weights)
}

/// Progress 8 around which a school of this kind varies: means and deviations of the national record, less what varies
/// from year to year.
pub(super) fn ability(dice: &mut Dice, kind: SchoolKind) -> f64 {
    let (mean, deviation) = match kind {
        SchoolKind::ACC => (0.07, 0.345),
        SchoolKind::AC => (-0.13, 0.40),
        SchoolKind::VA => (0.07, 0.38),
        SchoolKind::FD => (-0.17, 0.33),
        SchoolKind::VC => (-0.06, 0.30),
        SchoolKind::F => (0.0, 0.60),
        SchoolKind::UTC => (-0.92, 0.36),
        SchoolKind::SS => (-0.71, 0.50),
        SchoolKind::CTC => (0.24, 0.26),
        _ => (-0.09, 0.35),
    };
    mean + deviation * dice.normal()
}

/// What Ofsted makes of a school goes with its results, but not closely.
pub(super) fn quality(dice: &mut Dice, ability: f64) -> f64 {
    0.65 * (ability + 0.02) / 0.43 + 0.76 * dice.normal()
}
