use serde::Serialize;

use crate::review::{Document, SchoolDocument};
use membership::Outcome;

/// How many schools have which answer, on record and what if.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Tally {
    pub recorded: Answered,
    pub what_if: Answered,
}

/// How many schools have which answer.  The outcomes add up to the schools.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Answered {
    pub schools: u32,
    pub eligible: u32,
    pub invited: u32,
    pub renew: u32,
    pub renew_noted_dip: u32,
    pub judgement: u32,
    pub not_eligible: u32,
    pub referral: u32,
}

impl Tally {
    /// Of the schools of each run that are to be counted.
    pub(super) fn of(
        recorded: &Document,
        what_if: &Document,
        counted: impl Fn(&SchoolDocument) -> bool,
    ) -> Self {
        let of = |run: &Document| {
            run.schools
                .iter()
                .filter(|school| counted(school))
                .fold(Answered::default(), Answered::and)
        };
        Self { recorded: of(recorded), what_if: of(what_if) }
    }

    /// What is counted, on record and what if, in the order people read it.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, u32, u32); 7] {
        let Self { recorded, what_if } = self;
        [
            ("eligible to join (R2)", recorded.eligible, what_if.eligible),
            ("invited (R3)", recorded.invited, what_if.invited),
            (Outcome::Renew.in_words(), recorded.renew, what_if.renew),
            (Outcome::RenewNotedDip.in_words(), recorded.renew_noted_dip, what_if.renew_noted_dip),
            (Outcome::Judgement.in_words(), recorded.judgement, what_if.judgement),
            (Outcome::NotEligible.in_words(), recorded.not_eligible, what_if.not_eligible),
            (Outcome::Referral.in_words(), recorded.referral, what_if.referral),
        ]
    }
}

impl Answered {
    fn and(mut self, school: &SchoolDocument) -> Self {
        self.schools += 1;
        self.eligible += u32::from(school.eligible);
        self.invited += u32::from(school.invited);
        *match school.outcome {
            Outcome::Renew => &mut self.renew,
            Outcome::RenewNotedDip => &mut self.renew_noted_dip,
            Outcome::Judgement => &mut self.judgement,
            Outcome::NotEligible => &mut self.not_eligible,
            Outcome::Referral => &mut self.referral,
        } += 1;
        self
    }
}
