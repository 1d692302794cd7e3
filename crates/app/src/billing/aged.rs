//! Aged debt: what is open as at a day, by how long it is past its due day (R10).

use std::collections::BTreeMap;
use std::ops::AddAssign;

use billing::InvoiceNumber;
use chrono::NaiveDate;
use kernel::Urn;
use projections::invoices::Row;
use serde::Serialize;

use crate::{Desk, Failure};

/// What is owed, in whole pence with VAT.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Age {
    pub not_due_pence: i64,
    pub days_1_to_30_pence: i64,
    pub days_31_to_60_pence: i64,
    pub days_61_to_90_pence: i64,
    pub over_90_days_pence: i64,
    /// What the network is to pay back.
    pub in_credit_pence: i64,
    /// Owed, less what is to be paid back.
    pub total_pence: i64,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct AgedSchool {
    pub urn: Urn,
    pub name: String,
    #[serde(flatten)]
    pub age: Age,
    /// Those that are open, or in credit.
    pub invoices: Vec<InvoiceNumber>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Aged {
    /// What had happened by the end of this day counts, whenever it was entered.
    pub on: NaiveDate,
    /// By URN; who owes nothing is not among them.
    pub schools: Vec<AgedSchool>,
    pub total: Age,
}

impl Age {
    fn of(open_pence: i64, due_on: NaiveDate, on: NaiveDate) -> Self {
        let mut age = Self { total_pence: open_pence, ..Self::default() };
        if open_pence < 0 {
            age.in_credit_pence = -open_pence;
            return age;
        }
        let place = match (on - due_on).num_days() {
            ..=0 => &mut age.not_due_pence,
            1..=30 => &mut age.days_1_to_30_pence,
            31..=60 => &mut age.days_31_to_60_pence,
            61..=90 => &mut age.days_61_to_90_pence,
            _ => &mut age.over_90_days_pence,
        };
        *place = open_pence;
        age
    }
}

impl AddAssign for Age {
    fn add_assign(&mut self, other: Self) {
        self.not_due_pence += other.not_due_pence;
        self.days_1_to_30_pence += other.days_1_to_30_pence;
        self.days_31_to_60_pence += other.days_31_to_60_pence;
        self.days_61_to_90_pence += other.days_61_to_90_pence;
        self.over_90_days_pence += other.over_90_days_pence;
        self.in_credit_pence += other.in_credit_pence;
        self.total_pence += other.total_pence;
    }
}

impl Desk {
    /// # Errors
    /// The read models cannot be read.
    pub fn aged(&self, on: NaiveDate) -> Result<Aged, Failure> {
        let mut open: BTreeMap<InvoiceNumber, i64> = BTreeMap::new();
        for entry in self.read.entries_until(on)? {
            *open.entry(entry.invoice).or_default() += entry.amount_pence;
        }
        let invoices: BTreeMap<InvoiceNumber, Row> =
            self.read.invoices()?.into_iter().map(|row| (row.number, row)).collect();
        let mut schools: BTreeMap<Urn, AgedSchool> = BTreeMap::new();
        let mut total = Age::default();
        for (number, open_pence) in open.into_iter().filter(|(_, open)| *open != 0) {
            let Some(row) = invoices.get(&number) else { continue };
            let age = Age::of(open_pence, row.due_on, on);
            let school = schools.entry(row.urn).or_insert_with(|| AgedSchool {
                urn: row.urn,
                name: row.billed_name.clone(),
                age: Age::default(),
                invoices: vec![],
            });
            school.age += age;
            school.invoices.push(number);
            total += age;
        }
        Ok(Aged { on, schools: schools.into_values().collect(), total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debt_is_as_old_as_it_is_past_its_due_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due_on = day("2018-03-31");
        let place = |on: &str| {
            let age = Age::of(100, due_on, day(on));
            let places = [
                age.not_due_pence,
                age.days_1_to_30_pence,
                age.days_31_to_60_pence,
                age.days_61_to_90_pence,
                age.over_90_days_pence,
            ];
            assert_eq!((age.total_pence, age.in_credit_pence), (100, 0));
            places.iter().position(|pence| *pence == 100).unwrap()
        };
        for (on, expected) in [
            ("2018-03-31", 0),
            ("2018-04-01", 1),
            ("2018-04-30", 1),
            ("2018-05-01", 2),
            ("2018-05-30", 2),
            ("2018-05-31", 3),
            ("2018-06-29", 3),
            ("2018-06-30", 4),
        ] {
            assert_eq!(place(on), expected, "{on}");
        }
        let owed_back = Age::of(-5, due_on, day("2018-06-30"));
        assert_eq!((owed_back.in_credit_pence, owed_back.total_pence), (5, -5));
    }
}
