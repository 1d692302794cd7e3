//! What the steering group is given to decide on one school, on one page (R6, R16, R37).
//!
//! What was held against the criteria is shown as it was found and recorded; the inspections, results and cover beside it are
//! those public by the meeting, so that the group sees what came since.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Outcome as Inspected, Urn};
use membership::Outcome;
use projections::Evidence;
use projections::findings::Row as Finding;
use projections::memberships::{Row as Sheet, Standing};
use schools::{Phase, Register};
use serde::Serialize;

use crate::{Case, ClauseDocument, Desk, Failure, Happened, Judgement, RestsOn, School};

mod results;

use results::Nation;
pub use results::{Spread, YearOfResults};

/// Everything on one school.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    pub made_on: NaiveDate,
    /// Facts public on or before this day are shown.
    pub as_at: NaiveDate,
    pub matter: Matter,
    pub school: Card,
    pub criteria: Outlook,
    /// The newest grade that was public only after the criteria were held against the school; `null`: none.
    pub graded_since: Option<InspectionLine>,
    /// Newest first.
    pub inspections: Vec<InspectionLine>,
    /// The last published years, newest first.
    pub results: Vec<YearOfResults>,
    pub cover: Vec<CoverTerm>,
    /// Why SSAT does not cover the first day, as far as is known (R7); `null`: it does.
    pub without_cover: Option<String>,
    /// The first day of the year that is spoken of.
    pub cover_asked_on: NaiveDate,
}

/// What is to be decided.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// May it join (R6)?
    Application(Box<Case>),
    /// May it stay, which the year's review does not decide (D5)?
    Judgement(Box<Judged>),
}

/// A member whose renewal the review leaves to the steering group.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    pub year: LeadingEdgeYear,
    pub outcome: Outcome,
    pub member_since: Option<NaiveDate>,
    pub continuous_since: Option<NaiveDate>,
    /// The last day agreed.
    pub until: Option<NaiveDate>,
    pub judgement: Option<Judgement>,
    /// Which fact it rested on was corrected or revised since (D17).
    pub decided_on_old_data: Option<String>,
    /// Everything between the school and the network, oldest first.
    pub happened: Vec<Happened>,
}

/// Which school it is.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    pub urn: Urn,
    pub name: String,
    pub laestab: Option<String>,
    pub town: Option<String>,
    pub local_authority: Option<String>,
    pub kind: Option<&'static str>,
    pub phase: Option<Phase>,
    pub status: Option<Register>,
    pub opened_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub predecessors: Vec<School>,
    pub successor: Option<School>,
}

/// The criteria, clause by clause, as they were held against the school.
#[derive(Clone, Debug, Serialize)]
pub struct Outlook {
    /// The year they were adopted for.
    pub year: LeadingEdgeYear,
    pub as_at: NaiveDate,
    pub clauses: Vec<ClauseDocument>,
}

/// One inspection as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct InspectionLine {
    pub inspected_on: NaiveDate,
    pub published_on: Option<NaiveDate>,
    pub outcome: String,
    /// Whether it can be the grade in force (D6, D7).
    pub graded: bool,
    /// The predecessor that was inspected; `null`: the school itself.
    pub of_predecessor: Option<Urn>,
    pub source: String,
}

/// One term of SSAT Secondary Network membership, both days inclusive.
#[derive(Clone, Debug, Serialize)]
pub struct CoverTerm {
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
    pub via_trust: Option<String>,
}

impl Desk {
    /// The pack on a school's application.
    ///
    /// # Errors
    /// It has none; no criteria were in force.
    pub fn pack(&self, urn: Urn) -> Result<Pack, Failure> {
        let case = self.case(urn)?;
        let meeting_on = case.referral.as_ref().map(|referral| referral.meeting_on);
        let as_at = meeting_on.map_or_else(|| self.today(), |day| day.min(self.today()));
        let evidence = self.read.evidence(as_at, None)?;
        let nation = self.nation(&evidence, case.year, as_at)?;
        self.pack_on_application(case, &nation)
    }

    /// The packs of a meeting: every application before it, by name, and then the members whose renewal the review of the
    /// coming year leaves to the steering group, where that is on record.
    ///
    /// # Errors
    /// No criteria were in force.
    pub fn packs(&self, meeting_on: NaiveDate) -> Result<Vec<Pack>, Failure> {
        let as_at = meeting_on.min(self.today());
        let evidence = self.read.evidence(as_at, None)?;
        let mut nations = BTreeMap::new();
        let mut cases = vec![];
        for row in self.read.memberships()? {
            if row.meeting_on == Some(meeting_on) {
                cases.push(self.case(row.urn)?);
            }
        }
        cases.sort_by(|one, other| (&one.name, one.urn).cmp(&(&other.name, other.urn)));
        let mut packs = vec![];
        for case in cases {
            let nation = match nations.remove(&case.year) {
                Some(nation) => nation,
                None => self.nation(&evidence, case.year, as_at)?,
            };
            let year = case.year;
            packs.push(self.pack_on_application(case, &nation)?);
            nations.insert(year, nation);
        }
        let coming = LeadingEdgeYear::containing(meeting_on).next();
        let left = self.left_to_judgement(coming, meeting_on)?;
        if !left.is_empty() {
            let nation = match nations.remove(&coming) {
                Some(nation) => nation,
                None => self.nation(&evidence, coming, as_at)?,
            };
            for (row, finding) in left {
                packs.push(self.pack_on_member(&row, finding, &nation)?);
            }
        }
        Ok(packs)
    }

    /// Members on whom the review does not decide, and on whom the group has not, or at this meeting.
    fn left_to_judgement(
        &self,
        year: LeadingEdgeYear,
        meeting_on: NaiveDate,
    ) -> Result<Vec<(Sheet, Finding)>, Failure> {
        let Some((_, findings)) = self.read.review(year)? else { return Ok(vec![]) };
        let members: BTreeMap<Urn, Sheet> = self
            .read
            .memberships()?
            .into_iter()
            .filter(|row| row.standing == Standing::Member)
            .map(|row| (row.urn, row))
            .collect();
        let undecided = |finding: &Finding| {
            matches!(finding.outcome, Outcome::Judgement | Outcome::Referral)
                && finding.verdict_on.is_none_or(|day| day == meeting_on)
        };
        let left = findings.into_iter().filter(undecided);
        let mut left: Vec<_> = left
            .filter_map(|finding| Some((members.get(&finding.urn)?.clone(), finding)))
            .collect();
        left.sort_by(|(_, one), (_, other)| (&one.name, one.urn).cmp(&(&other.name, other.urn)));
        Ok(left)
    }

    fn pack_on_application(&self, case: Case, nation: &Nation<'_>) -> Result<Pack, Failure> {
        let criteria = match &case.rests_on {
            RestsOn::Profile(profile) => Outlook {
                year: profile.criteria,
                as_at: profile.as_at,
                clauses: profile.school.clauses.clone(),
            },
            // What the invitation rests on is the finding of the review that found it.
            RestsOn::Invitation(invited) => {
                let found = self.explain_from_record(case.urn, Some(case.year))?;
                let clauses = found.map_or(vec![], |found| found.school.clauses);
                Outlook { year: nation.criteria(), as_at: invited.reviewed_as_at, clauses }
            }
        };
        let (urn, year) = (case.urn, case.year);
        let first_day = case.acceptance.as_ref().map(|acceptance| acceptance.first_day);
        let matter = Matter::Application(Box::new(case));
        self.pack_on(urn, matter, criteria, first_day.unwrap_or(year.first_day()), nation)
    }

    fn pack_on_member(
        &self,
        row: &Sheet,
        finding: Finding,
        nation: &Nation<'_>,
    ) -> Result<Pack, Failure> {
        let undecodable = |source| Failure::Undecodable { position: finding.position, source };
        let clauses = finding.clauses().map_err(undecodable)?;
        let looked_at = self.read.review(finding.year)?.map(|(review, _)| review.as_at);
        let criteria = Outlook {
            year: nation.criteria(),
            as_at: looked_at.unwrap_or(nation.as_at()),
            clauses: clauses.iter().map(ClauseDocument::of).collect(),
        };
        let events = self.events_of(row.urn)?;
        let judged = Judged {
            year: finding.year,
            outcome: finding.outcome,
            member_since: row.member_since,
            continuous_since: row.continuous_since,
            until: row.term_until,
            judgement: Judgement::of(&finding),
            decided_on_old_data: finding.decided_on_old_data,
            happened: events.iter().map(|(recorded, _)| Happened::of(recorded)).collect(),
        };
        let matter = Matter::Judgement(Box::new(judged));
        self.pack_on(row.urn, matter, criteria, finding.year.first_day(), nation)
    }

    fn pack_on(
        &self,
        urn: Urn,
        matter: Matter,
        criteria: Outlook,
        cover_asked_on: NaiveDate,
        nation: &Nation<'_>,
    ) -> Result<Pack, Failure> {
        let school = self.card(urn)?;
        let cover = self.cover_on(urn, cover_asked_on)?;
        let inspections = self.inspections(&school, nation.as_at())?;
        let since = |line: &&InspectionLine| {
            line.graded && line.published_on.unwrap_or(line.inspected_on) > criteria.as_at
        };
        Ok(Pack {
            made_on: self.today(),
            as_at: nation.as_at(),
            matter,
            graded_since: inspections.iter().find(since).cloned(),
            inspections,
            results: nation.results(urn, &self.read.result_versions(urn)?),
            cover: self.cover_terms(urn)?,
            without_cover: cover.covers(cover_asked_on).err().map(|why| why.to_string()),
            cover_asked_on,
            criteria,
            school,
        })
    }

    fn nation<'e>(
        &self,
        evidence: &'e Evidence,
        year: LeadingEdgeYear,
        as_at: NaiveDate,
    ) -> Result<Nation<'e>, Failure> {
        Ok(Nation::of(evidence, self.ground(evidence, year, as_at)?))
    }

    fn card(&self, urn: Urn) -> Result<Card, Failure> {
        let name = self.school_name(urn)?;
        let mut before: Vec<Urn> = self
            .read
            .predecessors_of(&[urn])?
            .into_iter()
            .map(|row| row.predecessor)
            .filter(|before| *before != urn)
            .collect();
        before.sort_unstable();
        before.dedup();
        let predecessors =
            before.into_iter().map(|urn| self.named(urn)).collect::<Result<_, _>>()?;
        let school = self.read.school(urn)?;
        let school = school.as_ref();
        let successor = school.and_then(|row| row.successor).map(|urn| self.named(urn));
        Ok(Card {
            urn,
            name,
            laestab: school.and_then(|row| row.laestab.as_ref()).map(ToString::to_string),
            town: school.and_then(|row| row.town.clone()),
            local_authority: school.and_then(|row| row.local_authority.clone()),
            kind: school.and_then(|row| row.kind).map(|kind| kind.in_words()),
            phase: school.and_then(|row| row.phase),
            status: school.and_then(|row| row.status),
            opened_on: school.and_then(|row| row.opened_on),
            closed_on: school.and_then(|row| row.closed_on),
            predecessors,
            successor: successor.transpose()?,
        })
    }

    /// Of each day of inspection the statement that counts; where the school was never graded itself, its only predecessor's
    /// as well (D6).
    fn inspections(&self, school: &Card, as_at: NaiveDate) -> Result<Vec<InspectionLine>, Failure> {
        let mut lines = self.inspections_at(school.urn, None, as_at)?;
        if let ([predecessor], false) =
            (school.predecessors.as_slice(), lines.iter().any(|line| line.graded))
        {
            lines.extend(self.inspections_at(predecessor.urn, Some(predecessor.urn), as_at)?);
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.inspected_on));
        Ok(lines)
    }

    fn inspections_at(
        &self,
        urn: Urn,
        of_predecessor: Option<Urn>,
        as_at: NaiveDate,
    ) -> Result<Vec<InspectionLine>, Failure> {
        let mut counts = BTreeMap::new();
        let rows = self.read.inspections_of(&[urn])?;
        let is_public = |day: &NaiveDate| *day <= as_at;
        for row in
            rows.iter().filter(|row| is_public(&row.published_on.unwrap_or(row.inspected_on)))
        {
            counts.insert(row.inspected_on, row);
        }
        let line = |row: &projections::inspections::Row| {
            let outcome = row.outcome()?;
            Some(InspectionLine {
                inspected_on: row.inspected_on,
                published_on: row.published_on,
                graded: !matches!(outcome, Inspected::Ungraded(_)),
                outcome: outcome.to_string(),
                of_predecessor,
                source: row.source().to_string(),
            })
        };
        Ok(counts.into_values().filter_map(line).collect())
    }

    /// The last statement for each first day, in order.
    fn cover_terms(&self, urn: Urn) -> Result<Vec<CoverTerm>, Failure> {
        let term = |row: &projections::cover::Row| CoverTerm {
            from: row.covered_from,
            until: row.covered_until,
            via_trust: row.via_trust.clone(),
        };
        Ok(projections::cover::terms(&self.read.cover_of(&[urn])?).map(term).collect())
    }
}
