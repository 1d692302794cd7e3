//! Where one member stands: what each of those who have a say has said, in the order in which it counts.

use chrono::NaiveDate;
use kernel::{Day, Grade, LeadingEdgeYear};
use membership::finding::Answer;
use membership::membership::{Judged, WhyRefused};
use membership::review::Verdict;
use membership::{Clause, Outcome};
use projections::findings;
use projections::memberships::{self, Departure, Renewal};
use projections::schools::Row as School;
use schools::Register;

use super::{Covered, OldData, Renewing, Seen, Stands, Wish};
use crate::Failure;

pub(super) fn renewing(row: &memberships::Row, seen: &Seen<'_>) -> Result<Renewing, Failure> {
    let name = seen.school.and_then(|school| school.name.clone());
    let (stands, mut why, wish) = stands(row, seen)?;
    if stands == Stands::Accepted {
        let awaited = awaited(seen);
        why = Some(why.map_or_else(|| awaited.to_owned(), |why| format!("{awaited}; {why}")));
    }
    let spoken_of = row.renewal_year == Some(seen.year);
    let answer_by = row.renewal_answer_by.filter(|_| spoken_of && stands == Stands::Offered);
    Ok(Renewing {
        urn: row.urn,
        name: name
            .or_else(|| seen.finding.map(|finding| finding.name.clone()))
            .or_else(|| row.name.clone())
            .unwrap_or_default(),
        stands,
        outcome: seen.finding.map(|finding| finding.outcome),
        why,
        answer_by,
        days_left: answer_by.map(|day| (day - seen.on).num_days()),
        cover: seen.cover,
        wish,
        at: (row.position, seen.finding.map_or(0, |finding| finding.position)),
    })
}

type Found = (Stands, Option<String>, Option<Wish>);

/// First what the school and the network have said already, then the mark, then the register, then the review.
fn stands(row: &memberships::Row, seen: &Seen<'_>) -> Result<Found, Failure> {
    let said = row.renewal.filter(|_| row.renewal_year == Some(seen.year));
    if row.standing == memberships::Standing::Left {
        return Ok(match said.filter(|_| !left_in_its_course(row)) {
            Some(Renewal::Refused) => (Stands::Refused, refused(row), None),
            Some(Renewal::Declined) => (Stands::Declined, row.last_reason.clone(), None),
            // As retention counts it.
            Some(Renewal::Offered | Renewal::Accepted | Renewal::Agreed) | None => {
                match row.departure {
                    Some(Departure::Closed) => (Stands::Gone, Some("closed".to_owned()), None),
                    Some(Departure::Merged) => (Stands::Gone, Some("merged".to_owned()), None),
                    departure => match departure.and_then(refused_for) {
                        Some(why) => (Stands::Refused, Some(why.to_owned()), None),
                        None => (Stands::Lapsed, row.last_reason.clone(), None),
                    },
                }
            }
        });
    }
    match said {
        Some(Renewal::Agreed) => return Ok((Stands::Agreed, None, None)),
        Some(Renewal::Declined) => return Ok((Stands::Declined, row.last_reason.clone(), None)),
        Some(Renewal::Offered | Renewal::Accepted | Renewal::Refused) | None => {}
    }
    let term_until = row.term_until.unwrap_or(NaiveDate::MAX);
    if seen.on > term_until || row.year.map(LeadingEdgeYear::next) != Some(seen.year) {
        let why = format!("its membership is agreed until {}", Day(term_until));
        let stands = match said {
            Some(Renewal::Offered) => Stands::Offered,
            Some(Renewal::Accepted) => Stands::Accepted,
            Some(Renewal::Refused) => return Ok((Stands::Refused, refused(row), None)),
            Some(Renewal::Agreed | Renewal::Declined) | None => Stands::TermOver,
        };
        return Ok((stands, Some(why), None));
    }
    let found = found(row, seen)?;
    Ok(match said {
        None | Some(Renewal::Agreed | Renewal::Declined) => found,
        Some(Renewal::Refused) => after_refusal(row, seen, found),
        Some(said @ (Renewal::Offered | Renewal::Accepted)) => after_offer(said, found),
    })
}

/// What the mark, the register, the review and the steering group come to, whatever was said to the school so far.
fn found(row: &memberships::Row, seen: &Seen<'_>) -> Result<Found, Failure> {
    if let Some(counts_for) = row.mark_counts_for.filter(|counts_for| *counts_for <= seen.year) {
        let why = mark(row, counts_for);
        return Ok((Stands::ToRefuseMarked, Some(why), Some(Wish::Refuse(WhyRefused::Marked))));
    }
    if let Some(school) = seen.school.filter(|school| school.status == Some(Register::Closed)) {
        return Ok((Stands::Closed, Some(closed(school)), None));
    }
    let Some(finding) = seen.finding else {
        let why = format!("the review as at {} did not look at it", Day(seen.reviewed_as_at));
        return Ok((Stands::NotReviewed, Some(why), None));
    };
    if let Some(why) = graded_since(finding, seen) {
        return Ok((Stands::GradedSince, Some(why), None));
    }
    if seen.old_data == OldData::HeldBack
        && let Some(why) = &finding.decided_on_old_data
    {
        return Ok((Stands::OnOldData, Some(why.clone()), None));
    }
    by_review(finding)
}

fn by_review(finding: &findings::Row) -> Result<Found, Failure> {
    let outcome = finding.outcome;
    let offer = |judgement| Some(Wish::Offer { outcome, judgement });
    Ok(match outcome {
        Outcome::Renew => (Stands::ToOffer, None, offer(None)),
        Outcome::RenewNotedDip => (Stands::ToOfferNotedDip, Some(dip(finding)?), offer(None)),
        Outcome::NotEligible => (
            Stands::ToRefuseNotEligible,
            finding.grade.map(|grade| format!("Ofsted graded it {grade}")),
            Some(Wish::Refuse(WhyRefused::NotEligible)),
        ),
        Outcome::Judgement | Outcome::Referral => match judged(finding) {
            None => (Stands::AwaitsJudgement, Some(outcome.in_words().to_owned()), None),
            Some(judged) => {
                let why = format!("{} ({})", judged.reason, judged.minute);
                match judged.verdict {
                    Verdict::Eligible => (Stands::ToOfferJudged, Some(why), offer(Some(judged))),
                    Verdict::NotEligible => {
                        let Judged { reason, minute, .. } = judged;
                        let refuse = Wish::Refuse(WhyRefused::Judgement { reason, minute });
                        (Stands::ToRefuseJudged, Some(why), Some(refuse))
                    }
                }
            }
        },
    })
}

/// A refusal for a mark that a regrade has lifted is the only one that is taken up again by itself (D9).  What a person
/// refused in spite of the review stays refused, unless that, or the steering group, said otherwise only afterwards.
fn after_refusal(row: &memberships::Row, seen: &Seen<'_>, found: Found) -> Found {
    let (now, _, wish) = &found;
    let by_mark = row.renewal_refused == Some(Departure::RefusedMark);
    match wish {
        _ if by_mark && *now != Stands::ToRefuseMarked => found,
        Some(Wish::Offer { .. }) if is_said_since(row, seen) => said_otherwise("refused", found),
        // Kept, so that a school that is named can be offered it after all.
        Some(Wish::Offer { .. }) => (Stands::Refused, refused(row), found.2),
        Some(Wish::Refuse(_)) | None => (Stands::Refused, refused(row), None),
    }
}

/// Whether the review found what it finds, or the steering group judged, after the renewal was refused.
fn is_said_since(row: &memberships::Row, seen: &Seen<'_>) -> bool {
    let said = seen.finding.map(|finding| Some(finding.position).max(finding.verdict_at));
    said.flatten() > row.renewal_refused_at
}

/// A grade of 3 or 4 bars what is not agreed yet (D9).  A review that was run again does not: what the school was told
/// stands until somebody looks at it (D17).
fn after_offer(said: Renewal, found: Found) -> Found {
    let so_far = if said == Renewal::Accepted { Stands::Accepted } else { Stands::Offered };
    let (stands, why, wish) = found;
    match (&wish, stands) {
        (Some(Wish::Refuse(WhyRefused::Marked)), _) | (None, Stands::Closed) => (stands, why, wish),
        // Kept, so that a school that is named can be offered it again, with another day to answer by.
        (Some(Wish::Offer { .. }), _) => (so_far, why, wish.filter(|_| said == Renewal::Offered)),
        (Some(Wish::Refuse(_)), _) | (None, Stands::AwaitsJudgement) => {
            said_otherwise("offered", (stands, why, wish))
        }
        (None, _) => {
            let why = why.map_or_else(String::new, |why| format!(" ({why})"));
            (so_far, Some(format!("{}{why}", stands.in_words())), None)
        }
    }
}

fn said_otherwise(was: &str, (stands, why, wish): Found) -> Found {
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    let why = format!("was {was}; now {}{why}", stands.in_words());
    (Stands::SaidOtherwise, Some(why), wish)
}

/// Whatever was said of its renewal before: it closed, or went into another school.
fn left_in_its_course(row: &memberships::Row) -> bool {
    matches!(row.departure, Some(Departure::Closed | Departure::Merged))
}

fn refused(row: &memberships::Row) -> Option<String> {
    row.renewal_refused.and_then(refused_for).map(str::to_owned)
}

fn refused_for(departure: Departure) -> Option<&'static str> {
    Some(match departure {
        Departure::RefusedMark => "Ofsted grade of 3 or 4",
        Departure::RefusedReview => "criteria no longer met",
        Departure::RefusedCover => "no SSAT membership",
        Departure::RefusedJudgement => "judgement of the steering group",
        Departure::NotRenewed
        | Departure::NeverOffered
        | Departure::Unanswered
        | Departure::Declined
        | Departure::Closed
        | Departure::Merged
        | Departure::CarriedOver
        | Departure::Earlier => return None,
    })
}

/// What keeps a renewal that the school wants from being agreed (R7, R10).
fn awaited(seen: &Seen<'_>) -> &'static str {
    match (seen.cover, seen.has_fee) {
        (Covered::NotCovered, _) => "it waits for SSAT cover on the first day: none is on record",
        (Covered::Unknown, _) => "it waits for a list of SSAT cover",
        (Covered::Covered, false) => "it waits for the year's fee to be set",
        (Covered::Covered, true) => "what keeps it waiting is among what is parked",
    }
}

fn mark(row: &memberships::Row, counts_for: LeadingEdgeYear) -> String {
    let grade = row.mark_grade.map_or_else(String::new, |grade| format!("{grade}, "));
    let published = row.mark_published_on.map_or_else(String::new, |day| Day(day).to_string());
    format!("Ofsted: {grade}published {published}; bars {counts_for}")
}

fn closed(school: &School) -> String {
    let on = school.closed_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
    let after = match (school.successor, school.successors) {
        (Some(urn), _) => format!("; {urn} came after it"),
        (None, 0) => "; nothing on record came after it".to_owned(),
        (None, several) => format!("; {several} schools came after it"),
    };
    format!("closed{on}{after}")
}

/// A grade that was public only after the day that the review looked at, where it is on the other side of what may renew
/// (R14).  (Grades of a predecessor are seen by running the review again.)
fn graded_since(finding: &findings::Row, seen: &Seen<'_>) -> Option<String> {
    let school = seen.school?;
    let (now, from) = (school.grade?, school.grade_public_from?);
    let may_renew = |grade: Grade| grade < Grade::RequiresImprovement;
    let differs = finding.grade.is_none_or(|then| may_renew(then) != may_renew(now));
    let since = from > seen.reviewed_as_at && from <= seen.on;
    (since && differs).then(|| {
        format!(
            "graded {now}, published {}, after the day that the review looked at ({}): run the review again",
            Day(from),
            Day(seen.reviewed_as_at)
        )
    })
}

fn judged(finding: &findings::Row) -> Option<Judged> {
    Some(Judged {
        verdict: finding.verdict?,
        reason: finding.verdict_reason.clone()?,
        minute: finding.verdict_minute.clone()?,
    })
}

/// The year that fell short, as the finding's clauses say it.
fn dip(finding: &findings::Row) -> Result<String, Failure> {
    let clauses = finding
        .clauses()
        .map_err(|source| Failure::Undecodable { position: finding.position, source })?;
    let fell_short = |clause: &&Clause| clause.rule == "R13" && clause.result == Answer::Failed;
    let years: Vec<String> =
        clauses.iter().filter(fell_short).map(|clause| clause.actual.clone()).collect();
    Ok(years.join("; "))
}
