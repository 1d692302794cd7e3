use kernel::{RecordType, SchoolKind};
use schools::{Phase, Register};

use super::authorities::AUTHORITIES;
use super::dice::Dice;
use super::names;
use super::school::{Closing, Entries, Faith, Gender, School, Site};

/// The land: towns in every authority, and the numbers that are dealt out there.
pub(super) struct Ground {
    towns: Vec<Vec<Town>>,
    weights: Vec<(u32, usize)>,
    /// How many establishment numbers of each range an authority has given out.
    given: Vec<[u16; 5]>,
    ukprns: u32,
    pub(super) trusts: Vec<String>,
}

struct Town {
    name: String,
    /// Number of its postcode district: the 7 of `CB7`.
    district: u32,
    easting: i32,
    northing: i32,
}

/// Which establishment numbers a school is given, by custom of the register.
#[derive(Clone, Copy)]
pub(super) enum Range {
    Primary,
    Secondary,
    Independent,
    Special,
    College,
}

impl Range {
    /// The first number, and how many there are.
    fn numbers(self) -> (u16, u16) {
        match self {
            Self::Primary => (1000, 3000),
            Self::Secondary => (4000, 2000),
            Self::Independent => (6000, 1000),
            Self::Special => (7000, 1000),
            Self::College => (8000, 1000),
        }
    }
}

impl Ground {
    pub(super) fn new(dice: &mut Dice, secondaries: usize) -> Self {
        let towns = AUTHORITIES
            .iter()
            .map(|authority| {
                let share = authority.secondaries as usize * secondaries / 3_355 / 4;
                (0..share.clamp(2, 40))
                    .map(|_| {
                        let mut place = |centre: i32| {
                            let away = f64::from(authority.spread * 900) * dice.normal();
                            centre * 1000 + (away as i32)
                        };
                        let (easting, northing) = authority.centre;
                        let (easting, northing) = (place(easting), place(northing));
                        let district = dice.between(1, 28).unsigned_abs();
                        Town { name: names::town(dice), district, easting, northing }
                    })
                    .collect()
            })
            .collect();
        let weights = AUTHORITIES
            .iter()
            .enumerate()
            .filter(|(_, authority)| authority.secondaries > 0)
            .map(|(index, authority)| (authority.secondaries + 10, index))
            .collect();
        let trusts = (0..secondaries.div_ceil(8)).map(|_| names::trust(dice)).collect();
        Self { towns, weights, given: vec![[0; 5]; AUTHORITIES.len()], ukprns: 0, trusts }
    }

    /// An authority with state-funded secondary schools.
    pub(super) fn authority(&self, dice: &mut Dice) -> usize {
        dice.weighed(&self.weights)
    }

    /// Any, the City of London included.
    pub(super) fn any_authority(&self, dice: &mut Dice) -> usize {
        dice.below(AUTHORITIES.len() as u32) as usize
    }

    pub(super) fn site(&self, dice: &mut Dice, authority: usize) -> Site {
        const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
        let towns = &self.towns[authority];
        let town = &towns[dice.below(towns.len() as u32) as usize];
        let mut letter = || char::from(dice.pick(LETTERS));
        let (one, two) = (letter(), letter());
        let sector = dice.below(10);
        let area = AUTHORITIES[authority].postcode_area;
        let away = |dice: &mut Dice| (1_500.0 * dice.normal()) as i32;
        Site {
            authority,
            street: names::street(dice),
            town: town.name.clone(),
            postcode: format!("{area}{} {sector}{one}{two}", town.district),
            // England lies within these on the National Grid.
            easting: (town.easting + away(dice)).clamp(82_000, 655_000),
            northing: (town.northing + away(dice)).clamp(6_000, 657_000),
            faith: Faith::None,
            gender: Gender::Mixed,
            selective: false,
            ages: (11, 16),
            cohort: (168.0 + 60.0 * dice.normal()).max(22.0) as u32,
        }
    }

    /// A secondary school, open and of the tables, with numbers of its own.
    pub(super) fn school(
        &mut self,
        dice: &mut Dice,
        kind: SchoolKind,
        phase: Phase,
        name: String,
        site: Site,
    ) -> School {
        let mut school = self.numbered(dice, Range::Secondary, kind, name, site);
        school.phase = phase;
        school.record_type = Some(RecordType::Mainstream);
        school
    }

    /// A school of any kind, open, with numbers of its own.
    pub(super) fn numbered(
        &mut self,
        dice: &mut Dice,
        range: Range,
        kind: SchoolKind,
        name: String,
        site: Site,
    ) -> School {
        let (first, many) = range.numbers();
        let given = &mut self.given[site.authority][range as usize];
        let estab = first + *given % many;
        *given += 1;
        self.ukprns += 1;
        let mut school = School {
            urn: 0,
            kind,
            phase: Phase::NotApplicable,
            record_type: None,
            name,
            estab,
            ukprn: (!dice.chance(30)).then_some(10_000_000 + self.ukprns),
            opened: None,
            closed: None,
            closing: Closing::NotClosed,
            status: Register::Open,
            ability: 0.0,
            quality: 0.0,
            entries: Entries::Usual,
            first_results: 0,
            descent: Vec::new(),
            centre: None,
            trust: None,
            site,
        };
        if school.is_academy() {
            school.trust = Some(dice.below(self.trusts.len() as u32) as usize);
        }
        school
    }
}
