//! Whom the office writes to in the schools of a sample nation: people made up of common names, none of them anybody.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use app::{Failure, Office, Progress};
use chrono::{Datelike, NaiveDate};
use kernel::Urn;
use national_data::File;

use crate::Story;
use crate::temper::Temper;

const FIRST: [&str; 40] = [
    "Adam", "Aisha", "Alan", "Amina", "Andrew", "Anna", "Ben", "Carol", "Chloe", "Claire",
    "Daniel", "David", "Emma", "Fatima", "George", "Grace", "Hannah", "Harriet", "Imran", "Jack",
    "James", "Jane", "Joanne", "John", "Karen", "Laura", "Lucy", "Mark", "Mary", "Michael",
    "Nadia", "Neil", "Oliver", "Paul", "Priya", "Rachel", "Robert", "Sarah", "Thomas", "Zoë",
];

const LAST: [&str; 48] = [
    "Adams",
    "Ahmed",
    "Allen",
    "Bailey",
    "Baker",
    "Bell",
    "Bennett",
    "Brown",
    "Campbell",
    "Carter",
    "Clark",
    "Collins",
    "Cook",
    "Cooper",
    "Davies",
    "Edwards",
    "Evans",
    "Fisher",
    "Foster",
    "Green",
    "Hall",
    "Harris",
    "Hill",
    "Hughes",
    "Hussain",
    "Jackson",
    "Jones",
    "Kelly",
    "Khan",
    "King",
    "Lewis",
    "Martin",
    "Moore",
    "Morgan",
    "Murphy",
    "O’Brien",
    "Parker",
    "Patel",
    "Phillips",
    "Roberts",
    "Shah",
    "Singh",
    "Smith",
    "Taylor",
    "Walker",
    "Ward",
    "Wilson",
    "Wright",
];

/// Heads leave at the end of a term: the days on which others begin.
pub(crate) fn is_change_of_heads(on: NaiveDate) -> bool {
    (on.month(), on.day()) == (9, 1) || (on.month(), on.day()) == (1, 1)
}

impl Story {
    /// Whoever the network has to do with gets the contacts it does not have yet; and on some days heads change.
    pub(crate) async fn keep_contacts(
        &self,
        office: &mut Office,
        on: NaiveDate,
        progress: Progress<'_>,
    ) -> Result<(), Failure> {
        let list = self.list_of_contacts(office, on)?;
        if list.lines().count() > 1 {
            let file = File::from_bytes("contacts.csv".to_owned(), list.into_bytes());
            office.import_contacts(&file, progress).await?;
        }
        Ok(())
    }

    /// The same whenever it is asked on a day.
    fn list_of_contacts(&self, office: &Office, on: NaiveDate) -> Result<String, Failure> {
        let read = office.desk().read_store();
        let contacts = read.contacts()?;
        let there: BTreeSet<(Urn, String)> =
            contacts.iter().map(|row| (row.urn, row.role.to_string())).collect();
        let mut list = "urn,role,name,email,phone,from\n".to_owned();
        for row in read.memberships()? {
            for role in ["head", "main", "finance"] {
                let is_missing = !there.contains(&(row.urn, role.to_owned()));
                if is_missing && has(self.temper, row.urn, role) && read.school(row.urn)?.is_some()
                {
                    write(&mut list, self.temper, row.urn, role, None, on);
                }
            }
        }
        if is_change_of_heads(on) {
            let heads: BTreeSet<Urn> = contacts
                .iter()
                .filter(|row| row.role.to_string() == "head" && row.held_from < on)
                .map(|row| row.urn)
                .collect();
            let season = on.year() * 12 + on.month0() as i32;
            for urn in
                heads.into_iter().filter(|it| self.temper.percent(*it, "head goes", season, 9))
            {
                write(&mut list, self.temper, urn, "head", Some(season), on);
            }
        }
        Ok(list)
    }
}

/// Every school has a head; not every one says who sees to the rest.
fn has(temper: Temper, urn: Urn, role: &str) -> bool {
    match role {
        "main" => temper.percent(urn, "has a main contact", 0, 60),
        "finance" => temper.percent(urn, "has a finance contact", 0, 80),
        _ => true,
    }
}

/// A line of the list: who has a role first, or from a season on.
fn write(
    list: &mut String,
    temper: Temper,
    urn: Urn,
    role: &str,
    season: Option<i32>,
    on: NaiveDate,
) {
    let of = season.unwrap_or_default();
    let pick = |names: &[&'static str], matter: &str| {
        let at = temper.draw(urn, &format!("{role} {matter}"), of, names.len() as u32);
        names.get(at as usize).copied().unwrap_or_default()
    };
    let (first, last) = (pick(&FIRST, "first name"), pick(&LAST, "last name"));
    let letters = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
    };
    let mailbox = match role {
        "main" => "office".to_owned(),
        "finance" => "finance".to_owned(),
        _ => format!("{}.{}", letters(first), letters(last)),
    };
    let address = format!("{mailbox}@school-{urn}.example");
    let phone = match temper.percent(urn, &format!("{role} phone"), of, 70) {
        // Numbers that are set aside for stories.
        true => format!("01632 960{:03}", temper.draw(urn, &format!("{role} number"), of, 1_000)),
        false => String::new(),
    };
    // Writing to a text cannot fail.
    _ = writeln!(list, "{urn},{role},{first} {last},{address},{phone},{on}");
}
