use kernel::{Cell, Progress8, Withheld};

use super::ks4::Layout;
use super::results::{Row, Sheet};
use super::school::School;

/// The sums behind a total row: every figure of a school counts as often as the school has pupils.
#[derive(Default)]
pub(super) struct Totals {
    pupils: u32,
    boys: u32,
    measured: u32,
    adjusted: u32,
    attained: u32,
    /// Hundredths of Progress 8 times pupils measured.
    progress: i64,
    /// Tenths of Attainment 8 times pupils.
    attainment: u64,
    /// Per cent times pupils.
    ebacc: [u64; 3],
    basics: [u64; 3],
}

impl Totals {
    /// A local authority: the schools the state pays for.  Blank if it has none.
    pub(super) fn of_authority<'a>(
        schools: &[School],
        rows: impl Iterator<Item = &'a Row>,
        layout: &Layout,
    ) -> Sheet {
        let mut totals = Self::default();
        rows.filter(|row| is_state_funded(&schools[row.school]))
            .for_each(|row| totals.add(layout.sheet(row)));
        totals.sheet(true)
    }

    /// All schools of the nation: no Progress 8, as independent schools have none.
    pub(super) fn of_all(schools: &[School], rows: &[Row], layout: &Layout) -> Sheet {
        let mut sheet = Self::of_maintained(schools, rows, layout);
        sheet.progress8 = Cell::Withheld(Withheld::Blank);
        sheet.unadjusted = Cell::Withheld(Withheld::Blank);
        sheet
    }

    /// The state-funded schools of the nation, without limits.
    pub(super) fn of_maintained(schools: &[School], rows: &[Row], layout: &Layout) -> Sheet {
        let mut totals = Self::default();
        rows.iter()
            .filter(|row| is_state_funded(&schools[row.school]))
            .for_each(|row| totals.add(layout.sheet(row)));
        totals.sheet(false)
    }

    fn add(&mut self, sheet: &Sheet) {
        let Some(pupils) = sheet.pupils.published() else { return };
        self.pupils += pupils;
        self.boys += sheet.boys.published().unwrap_or(0);
        if let (Some(measured), Some(score)) =
            (sheet.measured.published(), sheet.progress8.published())
        {
            self.measured += measured;
            self.adjusted += sheet.adjusted.published().unwrap_or(0);
            self.progress += i64::from(score.hundredths()) * i64::from(measured);
        }
        let Some(attainment) = sheet.attainment8.published() else { return };
        self.attained += pupils;
        self.attainment += u64::from(attainment) * u64::from(pupils);
        for (sums, cells) in [(&mut self.ebacc, &sheet.ebacc), (&mut self.basics, &sheet.basics)] {
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum += u64::from(cell.published().unwrap_or(0)) * u64::from(pupils);
            }
        }
    }

    /// Per cent in hundredths, as totals have them.
    fn sheet(&self, with_limits: bool) -> Sheet {
        let mut sheet = Sheet::withheld(Withheld::Blank);
        if self.attained == 0 {
            return sheet;
        }
        let mean = |sum: u64, of: u32| Cell::Published((sum / u64::from(of.max(1))) as u32);
        sheet.pupils = Cell::Published(self.pupils);
        sheet.boys = Cell::Published(self.boys);
        sheet.attainment8 = mean(self.attainment, self.attained);
        sheet.ebacc = self.ebacc.map(|sum| mean(sum * 100, self.attained));
        sheet.basics = self.basics.map(|sum| mean(sum * 100, self.attained));
        if self.measured > 0 {
            let hundredths = (self.progress as f64 / f64::from(self.measured)).round() as i32;
            sheet.measure(self.measured, hundredths, 0);
            sheet.adjusted = Cell::Published(self.adjusted);
            sheet.coverage = mean(u64::from(self.measured) * 10_000, self.pupils);
            sheet.banding = Cell::Withheld(Withheld::Blank);
            sheet.unadjusted = Cell::Published(Progress8::from_hundredths(hundredths));
        }
        if !with_limits {
            sheet.lower = Cell::Withheld(Withheld::Blank);
            sheet.upper = Cell::Withheld(Withheld::Blank);
        }
        sheet
    }
}

fn is_state_funded(school: &School) -> bool {
    use kernel::SchoolKind::{FESI, IND, INDSPEC, NMSS};
    !matches!(school.kind, IND | INDSPEC | NMSS | FESI)
}
