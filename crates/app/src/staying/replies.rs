//! What schools answer to their offers, and what the office says by hand.

use chrono::NaiveDate;
use event_store::Done;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::Membership;
use membership::membership::{Command, Event, Role, WhyRefused};
use projections::Event as Recorded;
use serde::Serialize;

use super::rehearse::Rehearsal;
use crate::office::AT_ONCE;
use crate::{Failure, Office, Progress, no_progress};

/// What became of a school's yes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Reply {
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    pub became: Became,
    /// Whether it was taken down now; if not, the school had said so before and nothing was written.
    pub written: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// SSAT covers the first day: the membership goes on.
    #[strum(serialize = "the renewal is agreed")]
    Agreed,
    /// It is not known that SSAT covers the first day (R7, D10).
    #[strum(serialize = "accepted; it waits for SSAT cover on the first day")]
    AwaitsCover,
    /// No fee is set for the year, nor for any before it (R10).
    #[strum(serialize = "accepted; it waits for the year's fee to be set")]
    AwaitsFee,
    /// Whatever else keeps it waiting is among what is parked.
    #[strum(serialize = "accepted; it is not agreed yet")]
    Accepted,
}

/// What became of a school's no that it took back.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TakenBack {
    /// Whether it was taken down now; if not, there was no no to take back and nothing was written.
    pub written: bool,
    /// What the network had said before; `None`: nothing yet.
    pub stands: Option<StandsAgain>,
    /// The day of a yes that the school had given before its no.  It does not stand: the school says yes again.
    pub earlier_yes: Option<NaiveDate>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StandsAgain {
    Offer { on: NaiveDate, answer_by: Option<NaiveDate> },
    Refusal { why: WhyRefused },
}

impl Office {
    /// A school says yes to its offer.  What agrees the renewal follows by itself, where SSAT covers the first day.
    ///
    /// # Errors
    /// What its membership refuses: no offer, a mark, a no that was not taken back.
    pub async fn accept_renewal(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        by: Role,
        on: NaiveDate,
    ) -> Result<Reply, Failure> {
        let made = self.of_membership(urn, Command::AcceptRenewal { year, by, on }).await?;
        let replies = self.became(&[(urn, made > 0)], year)?;
        replies.into_iter().next().ok_or(Failure::NoSuchSchool { urn })
    }

    /// Many schools say yes.  Either all are taken down, or, where one cannot be, none.
    ///
    /// # Errors
    /// All that is refused, school by school.
    pub async fn accept_renewals(
        &mut self,
        urns: &[Urn],
        year: LeadingEdgeYear,
        by: Role,
        on: NaiveDate,
        progress: Progress<'_>,
    ) -> Result<Vec<Reply>, Failure> {
        let (mut rehearsal, mut refused) = (Rehearsal::default(), vec![]);
        for urn in urns {
            let command = Command::AcceptRenewal { year, by, on };
            if let Err(why) = rehearsal.ask(self.desk(), *urn, command).await? {
                refused.push(format!("{urn}: {why}"));
            }
        }
        if !refused.is_empty() {
            let refused = refused.join("; ");
            return Err(Failure::Refused(format!("{refused}; nothing was taken down")));
        }
        let total = urns.len() as u64;
        let mut answers = stream::iter(urns)
            .map(|urn| self.ask_one(*urn, Command::AcceptRenewal { year, by, on }))
            .buffered(AT_ONCE);
        let mut taken = Vec::with_capacity(urns.len());
        // In the order in which they were named.
        while let Some(done) = answers.try_next().await? {
            taken.push(!done.events.is_empty());
            progress("taking down replies", taken.len() as u64, total);
        }
        drop(answers);
        self.settle(progress).await?;
        let replies: Vec<(Urn, bool)> = urns.iter().copied().zip(taken).collect();
        self.became(&replies, year)
    }

    /// The school leaves at the end of its year, by its own decision.  Answers how many events that made; 0: it had said
    /// so before, and nothing was written.
    ///
    /// # Errors
    /// What its membership refuses: it is no member, or the year is agreed already.
    pub async fn decline_renewal(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        self.of_membership(urn, Command::DeclineRenewal { year, reason, on }).await
    }

    /// The school stays after all.
    ///
    /// # Errors
    /// What its membership refuses: its year is over.
    pub async fn take_back_decline(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        reason: String,
        on: NaiveDate,
    ) -> Result<TakenBack, Failure> {
        let made = self.of_membership(urn, Command::TakeBackDecline { year, reason, on }).await?;
        let timeline = self.desk().read.timeline(urn, &self.desk().journal)?;
        let of_school = timeline.iter().filter_map(|recorded| match &recorded.event {
            Recorded::Membership(of, event) if *of == urn => Some(event),
            _ => None,
        });
        Ok(TakenBack { written: made > 0, ..TakenBack::of(of_school, year) })
    }

    /// The network says no, one school at a time.  Against what is on record only the steering group does, with its reason
    /// and minute (R16).  Answers as [`Office::decline_renewal`].
    ///
    /// # Errors
    /// What its membership refuses: no mark is on record, the year is agreed, a reason or minute is missing; and a reason
    /// that the record contradicts: SSAT covers the first day, or the review does not find that it may not stay.
    pub async fn refuse_renewal(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        why: WhyRefused,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        let command = Command::RefuseRenewal { year, why: why.clone(), on };
        if let Err(refused) = Rehearsal::default().ask(self.desk(), urn, command.clone()).await? {
            return Err(Failure::refused(refused).of_school(urn));
        }
        self.desk().is_not_contradicted(urn, year, &why)?;
        self.of_membership(urn, command).await
    }

    /// Asks a school's membership, lets follow what follows, and answers how many events that made; 0: it was so already.
    pub(super) async fn of_membership(
        &mut self,
        urn: Urn,
        command: Command,
    ) -> Result<usize, Failure> {
        let done = self.ask_one(urn, command).await?;
        self.settle(&no_progress).await?;
        Ok(done.events.len())
    }

    async fn ask_one(&self, urn: Urn, command: Command) -> Result<Done, Failure> {
        let asked = self.asked(CommandId::mint());
        self.ask::<Membership>(&urn.to_string(), command, asked).await
    }

    fn became(
        &self,
        replies: &[(Urn, bool)],
        year: LeadingEdgeYear,
    ) -> Result<Vec<Reply>, Failure> {
        let read = &self.desk().read;
        let cover = read.cover_told()?;
        let has_fee = self.desk().fee_of(year)?.is_some();
        let of = |(urn, written): &(Urn, bool)| {
            let row = read.membership(*urn)?;
            let agreed = row.and_then(|row| row.year).is_some_and(|last| last >= year);
            let became = if agreed {
                Became::Agreed
            } else if cover.on(*urn, year.first_day()).covers(year.first_day()).is_err() {
                Became::AwaitsCover
            } else if has_fee {
                Became::Accepted
            } else {
                Became::AwaitsFee
            };
            Ok(Reply { urn: *urn, year, became, written: *written })
        };
        replies.iter().map(of).collect()
    }
}

impl TakenBack {
    /// As a school's history has it, of the renewal for a year.
    fn of<'a>(history: impl Iterator<Item = &'a Event>, year: LeadingEdgeYear) -> Self {
        let (mut stands, mut yes, mut earlier_yes) = (None, None, None);
        for event in history {
            match event {
                Event::RenewalOffered { year: of, offer } if *of == year => {
                    let (on, answer_by) = (offer.on, offer.answer_by);
                    stands = Some(StandsAgain::Offer { on, answer_by });
                }
                Event::RenewalRefused { year: of, why, .. } if *of == year => {
                    stands = Some(StandsAgain::Refusal { why: why.clone() });
                    yes = None;
                }
                Event::RenewalAccepted { year: of, on, .. } if *of == year => yes = Some(*on),
                Event::RenewalDeclined { year: of, .. } if *of == year => earlier_yes = yes.take(),
                _ => {}
            }
        }
        Self { written: false, stands, earlier_yes }
    }
}
