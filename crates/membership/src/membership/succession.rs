//! A membership that goes on under the successor's URN (D12).

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::membership::{
    Departure, Event, Left, Mark, Marking, Member, Membership, Renewal, Standing,
};

/// A membership as it stands when it passes from one URN to another.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Carried {
    /// The last term agreed, both days inclusive.
    pub year: LeadingEdgeYear,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// The day on which that term was renewed; `None`: it is the membership's first.
    pub renewed_on: Option<NaiveDate>,
    pub member_since: NaiveDate,
    pub continuous_since: NaiveDate,
    /// Not eligible to renew, and since which grade.  Where a successor has two predecessors no grade passes on, and
    /// whoever asks it to take over leaves this out.
    pub mark: Option<Mark>,
    /// How far the next renewal has come.
    pub renewal: Renewal,
}

impl Membership {
    /// Also where the membership ended because the school closed, and only then it became known what came after it.
    pub(super) fn carry_over(&self, to: Urn, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        let member = match &self.standing {
            Standing::Member(member) => member,
            Standing::Left(Left { closed: Some(member), .. }) => member,
            Standing::Left(Left { why: Departure::CarriedOver(before), .. }) => {
                return if *before == to {
                    Ok(vec![])
                } else {
                    Err(Refusal::CarriedOverTo { to: *before })
                };
            }
            Standing::Outside | Standing::Left(_) => self.member()?,
        };
        member.was_one_on(on)?;
        Ok(vec![Event::MembershipCarriedOver { to, carried: self.carried(member), on }])
    }

    /// Of two members that become one school one stays; the other has ended as merged into it.
    pub(super) fn take_over(
        &self,
        from: Urn,
        carried: Carried,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        if self.history.taken_over.contains(&from) {
            return Ok(vec![]);
        }
        match &self.standing {
            Standing::Outside => {}
            Standing::Left(left) => left.may_return()?,
            Standing::Member(member) => {
                return Err(Refusal::AMemberAlready { until: member.term.until });
            }
        }
        if on > carried.until {
            return Err(Refusal::TermOver { until: carried.until });
        }
        // One membership at a time: what this school had itself must have been over by then.
        self.history.is_over_by(on)?;
        let member_since = self.history.member_since(carried.member_since);
        // A membership needs no application, so one that the successor has made goes no further.
        let withdrawn = self.open_application().ok().map(|application| {
            let reason = Some(format!("the membership of {from} goes on here"));
            Event::ApplicationWithdrawn {
                year: application.year,
                reason,
                on: on.max(application.on),
            }
        });
        let taken_over = Event::MembershipTakenOver { from, carried, member_since, on };
        Ok(withdrawn.into_iter().chain([taken_over]).collect())
    }

    fn carried(&self, member: &Member) -> Carried {
        Carried {
            year: member.term.year,
            from: member.term.from,
            until: member.term.until,
            renewed_on: member.term.renewed_on,
            member_since: self.history.member_since(member.from),
            continuous_since: self.history.continuous_since(member.from),
            mark: match &member.marking {
                Marking::Marked(mark) => Some(mark.clone()),
                Marking::Unmarked | Marking::Lifted(_) => None,
            },
            renewal: member.renewal.clone(),
        }
    }
}
