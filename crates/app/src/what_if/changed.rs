//! A school that would be answered differently, and the clauses that decide it.

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Urn};
use membership::{Answer, Outcome};
use projections::memberships::Renewal;
use serde::Serialize;

use super::is_renewed;
use crate::review::{ClauseDocument, Document, SchoolDocument};
use crate::{Answers, Change};

/// A school that is answered differently.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    pub urn: Urn,
    pub name: String,
    /// `None`: it is no member on the day of which the members are.
    pub member: Option<Member>,
    /// `None`: that run did not look at the school.
    pub recorded: Option<Answers>,
    pub what_if: Option<Answers>,
    /// A member that is renewed, or only noted, on record, and would not be.
    pub no_longer_renewed: bool,
    pub invitation: Option<InvitationMoves>,
    pub because: Because,
    /// The clause that decides each answer that is another one.
    pub why: Vec<Why>,
}

/// How a member stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Member {
    pub since: Option<NaiveDate>,
    /// The last year agreed, as on that day where it is past.
    pub year: Option<LeadingEdgeYear>,
    pub renewal: Option<Renewal>,
    /// Not eligible to renew since this grade (R14).
    pub mark_grade: Option<Grade>,
}

/// What would have become of an invitation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationMoves {
    WouldHaveGoneOut,
    WouldNotHaveGoneOut,
}

/// Why a school is answered differently.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// What was asked is another thing than what is on record.
    WhatWasAsked,
    /// The question on record, asked again today, is answered so too: a fact was corrected or became known since.
    FactsKnownSince,
}

/// The clause that decides an answer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Why {
    /// `eligible`, `invited` or `outcome`.
    pub answer: &'static str,
    /// Whether it is a clause of the run on record that is no longer asked; else one of what was asked.
    pub no_longer_asked: bool,
    pub clause: ClauseDocument,
}

impl Changed {
    pub(super) fn of(
        change: &Change,
        this: &Document,
        that: &Document,
        again: Option<&Document>,
        member: Option<Member>,
        invitation: Option<InvitationMoves>,
    ) -> Self {
        let (here, there) = (school(this, change.urn), school(that, change.urn));
        let answers = |school: Option<&SchoolDocument>| {
            school.map(|it| (it.eligible, it.invited, it.outcome))
        };
        let because = match again {
            Some(again) if answers(school(again, change.urn)) == answers(here) => {
                Because::FactsKnownSince
            }
            Some(_) | None => Because::WhatWasAsked,
        };
        let renewed = |answers: Option<&Answers>| answers.is_some_and(|it| is_renewed(it.outcome));
        Self {
            urn: change.urn,
            name: change.name.clone(),
            no_longer_renewed: member.is_some()
                && renewed(change.that.as_ref())
                && !renewed(change.this.as_ref()),
            member,
            recorded: change.that.clone(),
            what_if: change.this.clone(),
            invitation,
            because,
            why: here.zip(there).map_or(vec![], |(here, there)| why(here, there)),
        }
    }

    /// Members first, and of those first who would no longer be renewed, the worst before the others.
    pub(super) fn rank(&self) -> (bool, bool, u8, Urn) {
        let outcome = self.what_if.as_ref().map(|answers| answers.outcome);
        let worst = match outcome.filter(|_| self.member.is_some()) {
            Some(Outcome::NotEligible) => 0,
            Some(Outcome::Judgement) => 1,
            Some(Outcome::Referral) => 2,
            Some(Outcome::RenewNotedDip) => 3,
            Some(Outcome::Renew) => 4,
            None => 5,
        };
        (self.member.is_none(), !self.no_longer_renewed, worst, self.urn)
    }
}

/// The schools of a document are in order of their URN.
fn school(document: &Document, urn: Urn) -> Option<&SchoolDocument> {
    let at = document.schools.binary_search_by_key(&urn, |school| school.urn).ok()?;
    document.schools.get(at)
}

fn why(here: &SchoolDocument, there: &SchoolDocument) -> Vec<Why> {
    let mut why = vec![];
    let mut decide = |answer, rules: &[&str], passes: bool| {
        let found = deciding(&here.clauses, &there.clauses, rules, passes)
            .map(|clause| (clause, false))
            .or_else(|| {
                // What decided it on record, and is not asked any more.
                deciding(&there.clauses, &here.clauses, rules, !passes).map(|clause| (clause, true))
            });
        why.extend(found.map(|(clause, no_longer_asked)| Why {
            answer,
            no_longer_asked,
            clause: clause.clone(),
        }));
    };
    if here.eligible != there.eligible {
        decide("eligible", &["R2"], here.eligible);
    }
    if here.invited != there.invited {
        decide("invited", &["R3"], here.invited);
    }
    if here.outcome != there.outcome {
        // A grade speaks before the years, and both before what joining asks for.
        decide("outcome", &["R14", "R13", "R2"], is_renewed(here.outcome));
    }
    why
}

/// Of the clauses of these rules that the other run does not have, or answers otherwise, the first that speaks for the
/// answer; else the first.
fn deciding<'a>(
    clauses: &'a [ClauseDocument],
    others: &[ClauseDocument],
    rules: &[&str],
    passes: bool,
) -> Option<&'a ClauseDocument> {
    let is_other = |clause: &&ClauseDocument| {
        others.iter().all(|other| {
            (&other.rule, &other.needed, other.result)
                != (&clause.rule, &clause.needed, clause.result)
        })
    };
    let of_rules = || {
        rules
            .iter()
            .flat_map(|rule| clauses.iter().filter(move |clause| clause.rule == *rule))
            .filter(is_other)
    };
    of_rules()
        .find(|clause| (clause.result == Answer::Passed) == passes)
        .or_else(|| of_rules().next())
}
