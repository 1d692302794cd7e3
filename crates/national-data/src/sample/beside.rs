use kernel::{RecordType, SchoolKind};
use schools::{Phase, Register};

use super::careers::{Careers, quality};
use super::dice::{Dice, Stream};
use super::ground::Range;
use super::names;
use super::school::{Closing, Entries, Faith, Gender, census, day, register_day};

/// Schools beside the state-funded mainstream ones in the tables, for every thousand of those.
const BESIDE: [(u32, SchoolKind); 9] = [
    (262, SchoolKind::IND),
    (147, SchoolKind::CYS),
    (96, SchoolKind::INDSPEC),
    (40, SchoolKind::ACCS),
    (23, SchoolKind::FDS),
    (17, SchoolKind::NMSS),
    (12, SchoolKind::ACS),
    (5, SchoolKind::FS),
    (5, SchoolKind::FESI),
];

/// Primary schools, per hundred.
const PRIMARIES: [(u32, SchoolKind); 7] = [
    (41, SchoolKind::CY),
    (20, SchoolKind::VA),
    (10, SchoolKind::VC),
    (4, SchoolKind::FD),
    (17, SchoolKind::ACC),
    (7, SchoolKind::AC),
    (1, SchoolKind::F),
];

/// How many primary schools there are for each secondary school.
const PRIMARIES_EACH: usize = 5;

impl Careers {
    /// The other schools of the tables, and middle schools and sixth form centres, which are in none.
    pub(super) fn beside(&mut self, secondaries: usize) {
        for (per_thousand, kind) in BESIDE {
            for _ in 0..(secondaries * per_thousand as usize).div_ceil(1000) {
                self.other(kind);
            }
        }
        for _ in 0..secondaries.div_ceil(60) {
            let index = self.founded(SchoolKind::CY, SchoolKind::CY);
            let town = self.schools[index].site.town.clone();
            let school = &mut self.schools[index];
            school.phase = Phase::MiddleDeemedSecondary;
            school.record_type = None;
            school.site.ages = (9, 13);
            school.name = format!("{town} Middle School");
        }
        for _ in 0..secondaries.div_ceil(150) {
            self.sixth_form_centre();
        }
    }

    fn other(&mut self, kind: SchoolKind) {
        match kind {
            SchoolKind::ACCS | SchoolKind::ACS => {
                let old = self.special(SchoolKind::CYS);
                let on = self.conversion_day(kind);
                self.converted(old, kind, on);
            }
            SchoolKind::IND | SchoolKind::FESI => self.independent(kind),
            SchoolKind::FS => {
                let school = self.special(kind);
                let year = self.dice.between(2012, 2017);
                self.schools[school].opened = Some(day(year, 9, 1));
                self.schools[school].first_results = year + 2;
            }
            _ => {
                let school = self.special(kind);
                if kind == SchoolKind::CYS && self.dice.chance(15) {
                    self.close(school, day(2017, 8, 31), Closing::ForGood);
                }
            }
        }
    }

    fn special(&mut self, kind: SchoolKind) -> usize {
        let authority = self.ground.authority(&mut self.dice);
        let dice = &mut self.dice;
        let mut site = self.ground.site(dice, authority);
        let name = names::special(dice);
        site.cohort = dice.between(6, 34).unsigned_abs();
        site.ages = dice.pick(&[(2, 19), (4, 16), (11, 16), (11, 19)]);
        let mut school = self.ground.numbered(dice, Range::Special, kind, name, site);
        school.record_type = Some(RecordType::Special);
        school.ability = -1.83 + 0.5 * self.dice.normal();
        // Ofsted judges special schools rather better than others.
        school.quality = 0.5 + quality(&mut self.dice, 0.0);
        school.entries =
            self.dice.weighed(&[(49, Entries::Usual), (34, Entries::None), (17, Entries::Few)]);
        if school.entries == Entries::Few {
            school.site.cohort = self.dice.between(2, 9).unsigned_abs();
        }
        self.add(school)
    }

    fn independent(&mut self, kind: SchoolKind) {
        let authority = self.ground.any_authority(&mut self.dice);
        let dice = &mut self.dice;
        let mut site = self.ground.site(dice, authority);
        site.cohort = dice.between(8, 150).unsigned_abs();
        site.gender = dice.weighed(&[(76, Gender::Mixed), (14, Gender::Girls), (10, Gender::Boys)]);
        let (range, name) = match kind {
            SchoolKind::FESI => (Range::College, names::further_education(&site.town)),
            _ => (Range::Independent, names::independent(dice, &site.town)),
        };
        let mut school = self.ground.numbered(dice, range, kind, name, site);
        school.record_type = Some(RecordType::Mainstream);
        school.ability = -1.6 + 0.4 * self.dice.normal();
        if kind == SchoolKind::FESI {
            school.phase = Phase::SixteenPlus;
            school.site.ages = (14, 99);
        }
        self.add(school);
    }

    /// A sixth form centre, shared by some schools of one authority.
    fn sixth_form_centre(&mut self) {
        let authority = self.ground.authority(&mut self.dice);
        let dice = &mut self.dice;
        let mut site = self.ground.site(dice, authority);
        site.ages = (16, 19);
        let name = names::sixth_form_centre(&site.town);
        let mut school = self.ground.numbered(dice, Range::College, SchoolKind::Other, name, site);
        school.phase = Phase::SixteenPlus;
        let centre = self.add(school);
        let neighbours: Vec<usize> = (0..centre)
            .filter(|index| {
                let school = &self.schools[*index];
                school.site.authority == authority
                    && school.is_state_funded_mainstream()
                    && school.is_open_on(census(2018))
            })
            .take(4)
            .collect();
        for index in neighbours {
            self.schools[index].centre = Some(centre);
        }
    }

    /// Goes on with the primary schools, five for each secondary; nothing before them changes.
    pub(super) fn and_primaries(&mut self, seed: u64, secondaries: usize) {
        self.dice = Dice::new(seed, Stream::Primaries);
        for _ in 0..secondaries * PRIMARIES_EACH {
            let kind = self.dice.weighed(&PRIMARIES);
            match kind {
                SchoolKind::AC | SchoolKind::ACC => {
                    let was = self.dice.pick(&[SchoolKind::CY, SchoolKind::CY, SchoolKind::VA]);
                    let old = self.primary(was);
                    let on = self.conversion_day(kind);
                    self.converted(old, kind, on);
                }
                SchoolKind::F => {
                    let school = self.primary(kind);
                    let year = self.dice.between(2011, 2018);
                    self.schools[school].opened = Some(day(year, 9, 1));
                }
                _ => {
                    let school = self.primary(kind);
                    if self.dice.chance(50) {
                        let on = self.month(day(2018, 2, 1), register_day());
                        self.converted(school, SchoolKind::ACC, on);
                    } else if self.dice.chance(12) {
                        self.close(school, day(2016, 8, 31), Closing::ForGood);
                    } else if self.dice.chance(5) {
                        self.schools[school].status = Register::ProposedToClose;
                    }
                }
            }
        }
    }

    fn primary(&mut self, kind: SchoolKind) -> usize {
        let authority = self.ground.authority(&mut self.dice);
        let dice = &mut self.dice;
        let mut site = self.ground.site(dice, authority);
        site.faith = match kind {
            SchoolKind::VA => dice.pick(&[Faith::RomanCatholic, Faith::ChurchOfEngland]),
            SchoolKind::VC => Faith::ChurchOfEngland,
            _ => Faith::None,
        };
        site.ages = dice.weighed(&[(80, (4, 11)), (10, (4, 7)), (10, (7, 11))]);
        site.cohort = dice.pick(&[15, 30, 30, 45, 60, 90]);
        let name = names::primary(dice, &site.town, site.faith);
        let mut school = self.ground.numbered(dice, Range::Primary, kind, name, site);
        school.phase = Phase::Primary;
        school.quality = quality(&mut self.dice, 0.0) + 0.1;
        self.add(school)
    }
}
