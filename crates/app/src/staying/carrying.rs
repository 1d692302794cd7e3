//! The office's choice of a successor (D12): a school was split, or the register leaves it open who goes on.

use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear, Urn};
use membership::membership::{Command, Event};
use projections::memberships::Standing;
use serde::Serialize;

use super::rehearse::Rehearsal;
use crate::{Failure, Office};

/// A membership that goes on elsewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct CarriedOver {
    pub from: Urn,
    pub to: Urn,
    /// Whether the successor is a member by it now; if not, what is in the way is among what is parked.
    pub taken_over: bool,
}

impl Office {
    /// Lets a membership go on at one of the schools that came after its own, from a day on.
    ///
    /// # Errors
    /// The successor must be on record as one, and the day in the term that runs unless the register has it; and refused is whatever either membership refuses, before anything is
    /// recorded.
    pub async fn carry_over(
        &mut self,
        urn: Urn,
        to: Urn,
        on: NaiveDate,
    ) -> Result<CarriedOver, Failure> {
        let command = Command::CarryOver { to, on };
        self.may_carry_over(urn, to, command.clone(), on).await?;
        self.of_membership(urn, command).await?;
        let successor = self.desk().read.membership(to)?;
        let taken_over = successor
            .is_some_and(|row| row.standing == Standing::Member && row.predecessor == Some(urn));
        Ok(CarriedOver { from: urn, to, taken_over })
    }

    /// A membership that was given away and that nobody may take would be lost, so both are asked first.
    async fn may_carry_over(
        &self,
        urn: Urn,
        to: Urn,
        command: Command,
        on: NaiveDate,
    ) -> Result<(), Failure> {
        let desk = self.desk();
        let links = desk.read.successors_of(&[urn])?;
        let after: Vec<Urn> = links.iter().map(|link| link.urn).collect();
        if !after.contains(&to) {
            return Err(Failure::Refused(not_a_successor(urn, to, &after)));
        }
        // A slip of the pen would give years away that were spent here, and nothing takes them back.
        let linked: Vec<NaiveDate> = links
            .iter()
            .filter(|link| link.urn == to)
            .filter_map(|link| link.established_on)
            .collect();
        let this_year = LeadingEdgeYear::containing(desk.today()).first_day();
        let term_from = desk.read.membership(urn)?.and_then(|row| row.term_from);
        // A term that is agreed for the coming year does not run yet.
        let runs_since = term_from.map_or(this_year, |day| day.min(this_year));
        if on < runs_since && !linked.contains(&on) {
            return Err(Failure::Refused(before_the_term(urn, to, on, runs_since, &linked)));
        }
        let mut rehearsal = Rehearsal::default();
        let events = rehearsal.ask(desk, urn, command).await?.map_err(Failure::refused)?;
        for event in events {
            if let Event::MembershipCarriedOver { carried, .. } = event {
                let take_over = Command::TakeOver { from: urn, carried, on };
                let taken = rehearsal.ask(desk, to, take_over).await?;
                taken.map_err(|why| Failure::refused(why).of_school(to))?;
            }
        }
        Ok(())
    }
}

fn before_the_term(
    urn: Urn,
    to: Urn,
    on: NaiveDate,
    runs_since: NaiveDate,
    linked: &[NaiveDate],
) -> String {
    let mut linked: Vec<NaiveDate> = linked.to_vec();
    linked.sort_unstable();
    linked.dedup();
    let linked: Vec<String> = linked.into_iter().map(|day| Day(day).to_string()).collect();
    let register = if linked.is_empty() {
        "the register gives no day for it".to_owned()
    } else {
        format!("the register gives {}", linked.join(", "))
    };
    format!(
        "{urn} cannot be carried over to {to} from {}: the term that runs began on {}, and {register}; name a day of \
         the term, or the register's",
        Day(on),
        Day(runs_since)
    )
}

fn not_a_successor(urn: Urn, to: Urn, after: &[Urn]) -> String {
    let mut after: Vec<String> = after.iter().map(ToString::to_string).collect();
    after.sort();
    after.dedup();
    let on_record = if after.is_empty() {
        "nothing is; import the links".to_owned()
    } else {
        format!("on record are {}", after.join(", "))
    };
    format!("{to} is not on record as coming after {urn}: {on_record}")
}
