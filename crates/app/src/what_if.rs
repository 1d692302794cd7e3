//! A whole year under other criteria, beside the year on record (R42).  Writes nothing.

use chrono::NaiveDate;
use kernel::{AcademicYear, LeadingEdgeYear, Urn};
use membership::Outcome;
use membership::criteria::{Adoption, Condition};
use projections::memberships;
use schools::Register;
use serde::Serialize;

use crate::review::{Differs, Document};
use crate::{Desk, Difference, Failure, Recording, ReviewQuestion};

mod changed;
mod members;
mod recorded;
mod tally;

pub use changed::{Because, Changed, InvitationMoves, Member, Why};
pub use tally::{Answered, Tally};

use members::Members;

/// What is asked.
#[derive(Clone, Debug)]
pub struct WhatIfQuestion {
    pub year: LeadingEdgeYear,
    /// Other criteria, with the name of their file; otherwise those of the review on record, or in force.
    pub criteria: Option<(Adoption, String)>,
    /// Another percentile in every way that names one.
    pub percentile: Option<u8>,
    /// Other results; otherwise those of the review on record, or the examinations before the year begins.
    pub results: Option<AcademicYear>,
    /// Another day; otherwise that of the review on record, or today.
    pub as_at: Option<NaiveDate>,
}

/// A year as it is on record and as it would have been.
#[derive(Clone, Debug, Serialize)]
pub struct WhatIf {
    pub year: LeadingEdgeYear,
    pub recorded: Run,
    pub what_if: Run,
    /// Where another percentile was asked for.
    pub percentile: Option<AnotherPercentile>,
    /// How many schools of the population have which answer.
    pub population: Tally,
    /// The day on which those counted as members are members: the last before the year begins, or today where that is still
    /// to come.
    pub members_on: NaiveDate,
    /// How many of these members do.
    pub members: Tally,
    pub invitations: InvitationChanges,
    /// Schools answered differently; members first, and of those first who would no longer be renewed.
    pub changed: Vec<Changed>,
    /// Schools answered alike, of which only the grade or Progress 8 moved.
    pub figures_moved: usize,
}

/// One of the two runs, in short.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// `2019-20 as at 2019-02-28 on 2017/18 final (percentile 75), criteria of 2018-19 (minute 4)`.
    pub run: String,
    /// Whether it is the review on record, as it was found; else it was run for the question.
    pub on_record: bool,
    /// In Progress 8 points.
    pub threshold: Option<f64>,
}

/// A percentile that takes the place of another.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct AnotherPercentile {
    pub from: u8,
    pub to: u8,
    /// The ways that name it.
    pub ways: Vec<String>,
}

/// What would have become of invitations.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct InvitationChanges {
    /// Invitations for the year on record.
    pub sent: usize,
    /// Schools that would have been sent one, and were not.
    pub would_have_gone_out: usize,
    /// Invitations that were sent, or would be by the review on record, and would not have been.
    pub would_not_have_gone_out: usize,
}

impl Desk {
    /// Runs the year under what is asked, and holds it against the year on record; where none is, against what the
    /// criteria in force would find as at the same day on the same results.
    ///
    /// # Errors
    /// Refused where nothing would be different, where the criteria name no percentile to be changed or could not be
    /// applied, and as a review is.
    pub fn what_if(&self, question: &WhatIfQuestion) -> Result<WhatIf, Failure> {
        let on_record = self.recorded_review(question.year)?;
        if on_record.is_none() && question.criteria.is_none() && question.percentile.is_none() {
            return Err(Failure::Refused(format!(
                "the review of {} is not on record, so another day or other results have nothing to differ from: name \
                 criteria or a percentile, or run the review first",
                question.year
            )));
        }
        let recorded = match on_record {
            Some(review) => review,
            None => self.review(&ReviewQuestion {
                year: question.year,
                results: question.results,
                as_at: question.as_at.unwrap_or(self.today()),
                as_known_on: None,
                criteria: None,
            })?,
        };
        let is_on_record = recorded.facts.is_empty();
        let basis = &recorded.basis;
        let mut criteria = question
            .criteria
            .as_ref()
            .map_or_else(|| basis.criteria.clone(), |(adoption, _)| adoption.clone());
        let percentile =
            question.percentile.map(|to| another_percentile(&mut criteria, to)).transpose()?;
        criteria.terms.fit().map_err(|why| Failure::Refused(why.to_string()))?;
        let asked = ReviewQuestion {
            year: question.year,
            results: question.results.or(basis.release.map(|release| release.year)),
            as_at: question.as_at.unwrap_or(basis.as_at),
            as_known_on: None,
            criteria: Some(criteria),
        };
        let mut this = Document::of(&self.review(&asked)?, Recording::Preview);
        this.criteria.what_if = label(question, &this);
        let that = Document::of(&recorded, Recording::Preview);
        // The same question as the one on record, on what is known today: what differs there is no matter of criteria.
        let again = is_on_record
            .then(|| {
                self.review(&ReviewQuestion {
                    year: basis.year,
                    results: basis.release.map(|release| release.year),
                    as_at: basis.as_at,
                    as_known_on: None,
                    criteria: Some(basis.criteria.clone()),
                })
            })
            .transpose()?
            .map(|reviewed| Document::of(&reviewed, Recording::Preview));
        self.held_against(&this, &that, again.as_ref(), percentile)
    }

    fn held_against(
        &self,
        this: &Document,
        that: &Document,
        again: Option<&Document>,
        percentile: Option<AnotherPercentile>,
    ) -> Result<WhatIf, Failure> {
        let sheet = self.read.memberships()?;
        let mut sent: Vec<Urn> =
            self.read.invitations(that.year)?.into_iter().map(|row| row.urn).collect();
        sent.sort_unstable();
        let members = Members::before(that.year, self)?;
        let difference = Difference::between(this, that);
        let mut changed = vec![];
        let answered = difference.schools.iter().filter(|it| it.differs == Differs::Answers);
        for change in answered {
            let row = row_of(&sheet, change.urn);
            let member = members.of(change.urn, row);
            let moves = self.invitation_moves(change, row, member, &sent)?;
            changed.push(Changed::of(change, this, that, again, member, moves));
        }
        changed.sort_by_key(Changed::rank);
        let moved = |to| changed.iter().filter(|it| it.invitation == Some(to)).count();
        Ok(WhatIf {
            year: that.year,
            recorded: Run {
                run: difference.that.run.clone(),
                on_record: again.is_some(),
                threshold: difference.that.threshold,
            },
            what_if: Run {
                run: difference.this.run.clone(),
                on_record: false,
                threshold: difference.this.threshold,
            },
            percentile,
            population: Tally::of(that, this, |school| school.in_population),
            members_on: members.on,
            members: Tally::of(that, this, |school| members.are(school.urn)),
            invitations: InvitationChanges {
                sent: sent.len(),
                would_have_gone_out: moved(InvitationMoves::WouldHaveGoneOut),
                would_not_have_gone_out: moved(InvitationMoves::WouldNotHaveGoneOut),
            },
            changed,
            figures_moved: difference.figures_moved,
        })
    }

    /// What would have become of a school's invitation: a member is offered renewal instead, and a closed school nothing.
    fn invitation_moves(
        &self,
        change: &crate::Change,
        row: Option<&memberships::Row>,
        member: Option<Member>,
        sent: &[Urn],
    ) -> Result<Option<InvitationMoves>, Failure> {
        let invited = |answers: Option<&crate::Answers>| answers.is_some_and(|it| it.invited);
        let was_sent = sent.binary_search(&change.urn).is_ok();
        let moves = match (invited(change.this.as_ref()), invited(change.that.as_ref())) {
            (true, false) if !was_sent => InvitationMoves::WouldHaveGoneOut,
            (false, _) if was_sent => return Ok(Some(InvitationMoves::WouldNotHaveGoneOut)),
            (false, true) => InvitationMoves::WouldNotHaveGoneOut,
            (true, _) | (false, false) => return Ok(None),
        };
        let may_be = member.is_none() && row.is_none_or(memberships::Row::may_be_invited);
        let school = if may_be { self.read.school(change.urn)? } else { None };
        let open = school.is_none_or(|school| school.status != Some(Register::Closed));
        Ok((may_be && open).then_some(moves))
    }
}

/// Another percentile in the place of the one that the criteria name: a review has one threshold (D3).
fn another_percentile(criteria: &mut Adoption, to: u8) -> Result<AnotherPercentile, Failure> {
    let mut changed = AnotherPercentile { from: to, to, ways: vec![] };
    let terms = &mut criteria.terms;
    for way in terms.invited.any.iter_mut().chain(&mut terms.eligible.any) {
        for condition in &mut way.all {
            if let Condition::Percentile(percentile) = condition {
                changed.from = std::mem::replace(percentile, to);
                changed.ways.push(way.name.clone());
            }
        }
    }
    if changed.ways.is_empty() {
        return Err(Failure::Refused(
            "no way of the criteria names a percentile, so none can be changed".to_owned(),
        ));
    }
    Ok(changed)
}

/// How the run is called: by what was asked instead of what was adopted.
fn label(question: &WhatIfQuestion, this: &Document) -> Option<String> {
    let criteria = match &question.criteria {
        Some((_, file)) => file.clone(),
        None => format!("criteria of {} ({})", this.criteria.year, this.criteria.minute),
    };
    match question.percentile {
        Some(percentile) => Some(format!("{criteria} with percentile {percentile}")),
        None => question.criteria.is_some().then_some(criteria),
    }
}

fn row_of(sheet: &[memberships::Row], urn: Urn) -> Option<&memberships::Row> {
    let at = sheet.binary_search_by_key(&urn, |row| row.urn).ok()?;
    sheet.get(at)
}

/// Whether a member with this outcome is renewed without anybody being asked.
fn is_renewed(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Renew | Outcome::RenewNotedDip)
}
