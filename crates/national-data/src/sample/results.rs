use kernel::{Cell, Progress8, RecordType, SchoolKind, Withheld};

use super::dice::Dice;
use super::school::{Entries, Gender, School, census, day};

/// One row of the tables of one year: the provisional release and the final one.
pub(super) struct Row {
    /// Its place among the schools.
    pub(super) school: usize,
    /// It has closed since the census in September.
    pub(super) closed: bool,
    pub(super) provisional: Sheet,
    pub(super) last: Sheet,
}

/// The figures of a row.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) pupils: Cell<u32>,
    pub(super) boys: Cell<u32>,
    /// Pupils in the Progress 8 measure, and how many of them count with an adjusted score.
    pub(super) measured: Cell<u32>,
    pub(super) adjusted: Cell<u32>,
    /// Per cent of the pupils who are in the measure.
    pub(super) coverage: Cell<u32>,
    pub(super) progress8: Cell<Progress8>,
    pub(super) lower: Cell<Progress8>,
    pub(super) upper: Cell<Progress8>,
    /// Before extreme scores were adjusted.
    pub(super) unadjusted: Cell<Progress8>,
    /// In tenths.
    pub(super) attainment8: Cell<u32>,
    /// Per cent of pupils: entered for the English Baccalaureate, with strong passes in it, with standard ones.
    pub(super) ebacc: [Cell<u32>; 3],
    /// Per cent of pupils with strong and with standard passes in English and mathematics, and with five good ones.
    pub(super) basics: [Cell<u32>; 3],
    /// 1 (well above average) to 5 (well below).
    pub(super) banding: Cell<u32>,
}

/// The rows of one year, in no order.
pub(super) fn year(seed: u64, examined_in: i32, schools: &[School]) -> Vec<Row> {
    let mut dice = Dice::for_results(seed, examined_in);
    let (first, last) = (census(examined_in), day(examined_in, 8, 31));
    schools
        .iter()
        .enumerate()
        .filter(|(_, school)| {
            school.record_type.is_some()
                && school.opened.is_none_or(|opened| opened <= last)
                && school.closed.is_none_or(|closed| closed >= first)
        })
        .map(|(index, school)| {
            // A school that opened after the census is listed, and its predecessor has the pupils.
            let examines = school.opened.is_none_or(|opened| opened <= first)
                && school.first_results <= examined_in;
            let (provisional, last_sheet) = match examines {
                true => sheets(&mut dice, school),
                false => (Sheet::withheld(Withheld::Blank), Sheet::withheld(Withheld::Blank)),
            };
            // What closes with the school year is not yet marked as closed.
            let closed = school.closed.is_some_and(|closed| closed < last);
            Row { school: index, closed, provisional, last: last_sheet }
        })
        .collect()
}

fn sheets(dice: &mut Dice, school: &School) -> (Sheet, Sheet) {
    match school.kind {
        // In January they have pupils and Attainment 8, and another code for the same want of Progress 8.
        SchoolKind::IND | SchoolKind::INDSPEC | SchoolKind::NMSS => {
            let mut last = Sheet::drawn(dice, school);
            last.withhold_progress(Withheld::NotPublished);
            return (Sheet::withheld(Withheld::NotApplicable), last);
        }
        SchoolKind::FESI => {
            return (Sheet::withheld(Withheld::NotApplicable), Sheet::drawn(dice, school));
        }
        _ => {}
    }
    let mut provisional = Sheet::drawn(dice, school);
    let revised = provisional.revised(dice);
    if school.record_type == Some(RecordType::Special) {
        special(dice, school.entries, &mut provisional);
    }
    let mut last = if school.record_type == Some(RecordType::Special) {
        let mut last = revised;
        last.take_codes(&provisional);
        last
    } else {
        revised
    };
    let few = |cell: &Cell<u32>| cell.published().is_some_and(|pupils| pupils <= 5);
    if few(&provisional.measured) || few(&last.measured) {
        provisional.withhold_all(Withheld::Suppressed);
        last.withhold_all(Withheld::Suppressed);
    } else if school.record_type == Some(RecordType::Mainstream) {
        match dice.below(10_000) {
            0..=4 => {
                provisional.withhold_all(Withheld::NoEntries);
                last.withhold_all(Withheld::NoEntries);
            }
            // Pupils who were not matched to their key stage 2 results in October may be by January.
            5..=14 => provisional.withhold_progress(Withheld::LowCoverage),
            15..=30 => {
                provisional.withhold_progress(Withheld::LowCoverage);
                last.withhold_progress(Withheld::LowCoverage);
            }
            _ => {}
        }
    }
    (provisional, last)
}

/// Special schools often have too few pupils to publish, or enter none.
fn special(dice: &mut Dice, entries: Entries, sheet: &mut Sheet) {
    match entries {
        Entries::None => sheet.withhold_all(Withheld::NoEntries),
        Entries::Few => match dice.below(100) {
            0..=82 => sheet.withhold_all(Withheld::Suppressed),
            // One row can mix its codes: the code belongs to the cell.
            83..=94 => {
                sheet.withhold_all(Withheld::NoEntries);
                sheet.withhold_progress(Withheld::Suppressed);
            }
            _ => sheet.withhold_progress(Withheld::Suppressed),
        },
        Entries::Usual => {}
    }
}

/// Half the width of the published 95% confidence interval, in points: 1.96 standard deviations of a pupil's score
/// (1.26 nationally) over the square root of the pupils measured.
fn half_width(measured: u32) -> f64 {
    1.96 * 1.26 / f64::from(measured.max(1)).sqrt()
}

fn score(points: f64) -> Cell<Progress8> {
    Cell::Published(Progress8::from_hundredths((points * 100.0).round() as i32))
}

fn percent(value: f64) -> Cell<u32> {
    Cell::Published(value.clamp(0.0, 100.0).round() as u32)
}

impl Sheet {
    pub(super) fn withheld(code: Withheld) -> Self {
        let (number, score) = (Cell::Withheld(code), Cell::Withheld(code));
        Self {
            pupils: number,
            boys: number,
            measured: number,
            adjusted: number,
            coverage: number,
            progress8: score,
            lower: score,
            upper: score,
            unadjusted: score,
            attainment8: number,
            ebacc: [number; 3],
            basics: [number; 3],
            banding: number,
        }
    }

    fn drawn(dice: &mut Dice, school: &School) -> Self {
        let site = &school.site;
        let pupils = (f64::from(site.cohort) * (1.0 + 0.07 * dice.normal())).max(1.0) as u32;
        let share = match school.record_type {
            Some(RecordType::Special) => 0.9,
            _ => 0.955 + 0.02 * dice.normal(),
        };
        let measured = (f64::from(pupils) * share.clamp(0.6, 1.0)).round() as u32;
        let chance = half_width(measured) / 1.96 * dice.normal();
        let points = school.ability + 0.165 * dice.normal() + chance;
        let attainment = 47.2 + 15.2 * points + 3.0 * dice.normal();
        let boys = match site.gender {
            Gender::Boys => pupils,
            Gender::Girls => 0,
            Gender::Mixed => (pupils * 10 / 19 + dice.below(9)).min(pupils),
        };
        let standard = 64.0 + 25.0 * points + 6.0 * dice.normal();
        let entered = 38.0 + 18.0 * points + 12.0 * dice.normal();
        let mut sheet = Self {
            pupils: Cell::Published(pupils),
            boys: Cell::Published(boys),
            measured: Cell::Published(measured),
            adjusted: Cell::Published(dice.weighed(&[(50, 0), (30, 1), (20, 2)])),
            coverage: percent(100.0 * f64::from(measured) / f64::from(pupils)),
            progress8: Cell::Published(Progress8::ZERO),
            lower: Cell::Published(Progress8::ZERO),
            upper: Cell::Published(Progress8::ZERO),
            unadjusted: Cell::Published(Progress8::ZERO),
            attainment8: Cell::Published((attainment.clamp(0.5, 85.0) * 10.0).round() as u32),
            ebacc: [percent(entered), percent(entered * 0.55), percent(entered * 0.63)],
            basics: [percent(standard - 20.0), percent(standard), percent(standard - 4.0)],
            banding: Cell::Published(3),
        };
        sheet.measure(measured, (points * 100.0).round() as i32, dice.between(0, 2));
        sheet
    }

    /// Sets the score, its limits and its band.
    pub(super) fn measure(&mut self, measured: u32, hundredths: i32, adjusted_by: i32) {
        let points = f64::from(hundredths) / 100.0;
        let half = half_width(measured);
        self.measured = Cell::Published(measured);
        self.progress8 = Cell::Published(Progress8::from_hundredths(hundredths));
        self.lower = score(points - half);
        self.upper = score(points + half);
        self.unadjusted = Cell::Published(Progress8::from_hundredths(hundredths - adjusted_by));
        self.banding = Cell::Published(match hundredths {
            50.. if points > half => 1,
            _ if points > half => 2,
            ..-50 if points < -half => 5,
            _ if points < -half => 4,
            _ => 3,
        });
    }

    /// The same school in the final release: most scores move by a hundredth or two, a few by a good deal.
    fn revised(&self, dice: &mut Dice) -> Self {
        let mut last = self.clone();
        let (Some(pupils), Some(measured), Some(score)) =
            (self.pupils.published(), self.measured.published(), self.progress8.published())
        else {
            return last;
        };
        let by = dice.weighed(&[
            (129, 0),
            (318, 1),
            (337, 2),
            (111, 3),
            (27, 4),
            (20, 5),
            (37, 7),
            (19, 11),
            (3, 20),
            (1, 45),
        ]);
        let by = if by == 45 { dice.between(30, 98) } else { by };
        let down = dice.chance(if by <= 3 { 690 } else { 150 });
        let fewer = if dice.chance(250) { dice.below(3) + 1 } else { 0 }.min(pupils / 4);
        last.pupils = Cell::Published(pupils - fewer);
        last.boys = match self.boys.published() {
            Some(boys) => Cell::Published(boys.min(pupils - fewer)),
            None => self.boys,
        };
        let measured = measured.saturating_sub(fewer).max(1);
        last.coverage = percent(100.0 * f64::from(measured) / f64::from(pupils - fewer));
        let hundredths = score.hundredths() + if down { -by } else { by };
        last.measure(measured, hundredths, dice.between(0, 2));
        last
    }

    /// Withholds everything but the number of pupils.
    fn withhold_all(&mut self, code: Withheld) {
        let all = Self::withheld(code);
        *self = Self { pupils: self.pupils, boys: self.boys, ..all };
    }

    /// Withholds Progress 8 only.
    fn withhold_progress(&mut self, code: Withheld) {
        let all = Self::withheld(code);
        self.measured = all.measured;
        self.adjusted = all.adjusted;
        self.coverage = all.coverage;
        self.progress8 = all.progress8;
        self.lower = all.lower;
        self.upper = all.upper;
        self.unadjusted = all.unadjusted;
        self.banding = all.banding;
    }

    /// Withholds what the other withholds.
    fn take_codes(&mut self, other: &Self) {
        let Cell::Withheld(code) = other.progress8 else { return };
        if let Cell::Withheld(all) = other.attainment8 {
            self.withhold_all(all);
        }
        self.withhold_progress(code);
    }
}
