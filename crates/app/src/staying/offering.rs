//! The annual review confirmed: offers and refusals that are clear, many at once; and the close of the review.

use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::membership::{Command, Offer};
use membership::{Membership, Refusal, review};

use super::renewals::{OldData, Renewals, Renewing, Stands, Wish};
use crate::office::AT_ONCE;
use crate::{Desk, Failure, Office, Progress};

/// Schools that a refusal names before it only counts the rest.
const NAMED: usize = 10;

/// What is to be confirmed of a year's review.
#[derive(Clone, Debug)]
pub struct Offering {
    pub year: LeadingEdgeYear,
    /// The day by which the schools are asked to answer.
    pub answer_by: Option<NaiveDate>,
    pub on: NaiveDate,
    /// Only these, and for them also what the bulk leaves to a person: an offer made again with another day to answer by,
    /// and what was said to the school before the review or the steering group said otherwise.  Empty: all that is clear.
    pub schools: Vec<Urn>,
    pub old_data: OldData,
}

impl Desk {
    /// What confirming a year's review would do.
    ///
    /// # Errors
    /// The review must be on record, the year the coming one, and every school named a member whose renewal is open.
    pub fn offering(&self, offering: &Offering) -> Result<Renewals, Failure> {
        let Offering { year, answer_by, on, .. } = *offering;
        let coming = LeadingEdgeYear::containing(on).next();
        if year != coming {
            return Err(Failure::refused(Refusal::NotTheComingYear { year, coming }));
        }
        if let Some(until) = answer_by.filter(|until| *until < on) {
            return Err(Failure::refused(Refusal::AnswerDueBeforeAsked { until }));
        }
        let mut renewals = self.renewals(year, on, offering.old_data)?;
        renewals.answer_by = answer_by;
        if !offering.schools.is_empty() {
            for urn in &offering.schools {
                if !renewals.schools.iter().any(|school| school.urn == *urn) {
                    return Err(Failure::Refused(format!(
                        "{urn} is not a school whose membership may be renewed for {year}"
                    )));
                }
            }
            renewals.schools.retain(|school| offering.schools.contains(&school.urn));
            renewals.count();
        }
        let other_day =
            |school: &&Renewing| school.stands == Stands::Offered && school.answer_by != answer_by;
        let of = |again: bool| {
            let schools = renewals.schools.iter().filter(other_day);
            let schools = schools.filter(|school| offering.command(school).is_some() == again);
            schools.map(|school| school.urn).collect()
        };
        let (made_again, kept): (Vec<Urn>, Vec<Urn>) = (of(true), of(false));
        renewals.made_again = made_again;
        renewals.kept = if answer_by.is_some() { kept } else { vec![] };
        Ok(renewals)
    }
}

impl Office {
    /// Offers renewal to every member for whom the review on record is clear, and refuses those for whom it is clear that
    /// they may not (R12 to R14).  Asked again it does only what is new.
    ///
    /// # Errors
    /// The review must be on record, and the year the coming one.
    pub async fn offer_renewals(
        &mut self,
        year: LeadingEdgeYear,
        answer_by: Option<NaiveDate>,
        on: NaiveDate,
        progress: Progress<'_>,
    ) -> Result<Renewals, Failure> {
        let (schools, old_data) = (vec![], OldData::HeldBack);
        let offering = Offering { year, answer_by, on, schools, old_data };
        self.confirm_review(&offering, progress).await
    }

    /// The same for schools that are named, or in spite of old data (D17).
    ///
    /// # Errors
    /// As [`Desk::offering`].
    pub async fn confirm_review(
        &mut self,
        offering: &Offering,
        progress: Progress<'_>,
    ) -> Result<Renewals, Failure> {
        let mut renewals = self.desk().offering(offering)?;
        let due: Vec<(&Renewing, Command)> = renewals
            .schools
            .iter()
            .filter_map(|school| Some((school, offering.command(school)?)))
            .collect();
        let total = due.len() as u64;
        let mut answers = stream::iter(due)
            .map(|(school, command)| self.confirm(offering.year, school, command))
            .buffered(AT_ONCE);
        let mut done = 0;
        while answers.try_next().await?.is_some() {
            done += 1;
            progress("offering renewal", done, total);
        }
        drop(answers);
        renewals.made = true;
        self.settle(progress).await?;
        Ok(renewals)
    }

    /// The id follows from where the school stood: after a crash it is the same wish, and after something happened to the
    /// membership another.
    async fn confirm(
        &self,
        year: LeadingEdgeYear,
        school: &Renewing,
        command: Command,
    ) -> Result<(), Failure> {
        let urn = school.urn.to_string();
        let (membership, finding) = school.at;
        let place = format!("{membership}/{finding}");
        let asked = serde_json::to_string(&command).map_err(Failure::Unwritable)?;
        let wish = CommandId::derived(&["confirm-review", &year.to_string(), &urn, &place, &asked]);
        let done = self.ask::<Membership>(&urn, command, self.asked(wish)).await;
        done.map_err(|failure| failure.of_school(school.urn)).map(|_| ())
    }

    /// Closes a year's review: nothing in it changes any more.
    ///
    /// # Errors
    /// Refused while a member waits for anything, with what it is.
    pub async fn close_review(
        &mut self,
        year: LeadingEdgeYear,
        on: NaiveDate,
        progress: Progress<'_>,
    ) -> Result<Renewals, Failure> {
        let mut renewals = self.desk().renewals(year, on, OldData::HeldBack)?;
        let open: Vec<&Renewing> =
            renewals.that(|stands| stands.is_clear() || stands.waits()).collect();
        if !open.is_empty() {
            return Err(Failure::Refused(what_waits(year, &open)));
        }
        let command = review::Command::Close { on };
        let asked = self.asked(CommandId::mint());
        self.ask::<membership::Review>(&year.to_string(), command, asked).await?;
        self.settle(progress).await?;
        renewals.review_closed_on = Some(on);
        renewals.made = true;
        Ok(renewals)
    }
}

impl Offering {
    /// What is asked of a school's membership, if anything is.
    fn command(&self, school: &Renewing) -> Option<Command> {
        let again = school.stands == Stands::Offered && school.answer_by != self.answer_by;
        let after_all = matches!(school.stands, Stands::SaidOtherwise | Stands::Refused);
        let named = !self.schools.is_empty();
        let due = school.stands.is_clear() || named && (again || after_all);
        let Self { year, answer_by, on, .. } = *self;
        match school.wish.clone().filter(|_| due)? {
            Wish::Offer { outcome, judgement } => Some(Command::OfferRenewal {
                year,
                offer: Offer { outcome, judgement, answer_by, on },
            }),
            Wish::Refuse(why) => Some(Command::RefuseRenewal { year, why, on }),
        }
    }
}

/// `the review of 2019-20 is not closed: 3 members wait: 137083 (waiting for the steering group), ...`.
fn what_waits(year: LeadingEdgeYear, open: &[&Renewing]) -> String {
    let named: Vec<String> = open
        .iter()
        .take(NAMED)
        .map(|school| format!("{} {} ({})", school.urn, school.name, school.stands.in_words()))
        .collect();
    let more = match open.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let wait = if open.len() == 1 { "member waits" } else { "members wait" };
    format!("the review of {year} is not closed: {} {wait}: {}{more}", open.len(), named.join("; "))
}
