//! What happened on a school's way through the network.

use ::membership::Outcome;
use ::membership::membership::{
    Acceptance, Advice, EndReason, Event as Membership, Grading, How, Invitation, JoiningTerms,
    Offer, Started, Step, Verdict,
};
use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear, pounds};

pub(super) fn told(event: &Membership) -> String {
    match event {
        Membership::SchoolInvited(it) => invited(it),
        Membership::InvitationDeclined { year, reason, on } => {
            format!("It declined its invitation for {year} on {}{}", Day(*on), said(reason))
        }
        Membership::InvitationExtended { year, until, reason, .. } => {
            format!("Its invitation for {year} may be answered until {}: {reason}", Day(*until))
        }
        Membership::InvitationExpired { year, until, .. } => {
            format!("Its invitation for {year} was not answered by {}", Day(*until))
        }
        Membership::SchoolApplied { year, how, advice, on, .. } => {
            let how = match how {
                How::ByInvitation => "by its invitation".to_owned(),
                How::OnItsProfile(profile) => {
                    format!("on its profile as at {}", Day(profile.as_at))
                }
            };
            let advice = match advice {
                Advice::Eligible => "eligible",
                Advice::EvidenceNeeded => "national data do not decide, evidence is needed",
                Advice::Refer => "it does not meet the criteria",
            };
            format!("It applied on {} for {year}, {how}: {advice}", Day(*on))
        }
        Membership::ApplicationWithdrawn { year, reason, on } => {
            format!("It withdrew its application for {year} on {}{}", Day(*on), said(reason))
        }
        Membership::EvidenceRequested { what, due, .. } => {
            format!("Evidence was asked for by {}: {what}", Day(*due))
        }
        Membership::EvidenceReceived { documents, on, .. } => {
            let names: Vec<&str> = documents.iter().map(|it| it.name.as_str()).collect();
            format!("Evidence came in on {}: {}", Day(*on), names.join(", "))
        }
        Membership::ApplicationReferred { question, why, meeting_on, .. } => format!(
            "Referred to the steering group's meeting of {}: {question} ({why})",
            Day(*meeting_on)
        ),
        Membership::ReferralDeferred { from, to, why, .. } => {
            format!("The steering group put it off from {} to {}: {why}", Day(*from), Day(*to))
        }
        Membership::InterestDeclared { school, on, .. } => {
            format!("The headteacher of {school} declared an interest on {}", Day(*on))
        }
        Membership::ReferralDecided { decision, .. } => format!(
            "The steering group decided on {} ({}): {}: {}",
            Day(decision.on),
            decision.minute,
            match decision.verdict {
                Verdict::Accepted => "it may join",
                Verdict::Declined => "it may not join",
            },
            decision.reasons
        ),
        Membership::ApplicationAccepted { year, acceptance } => accepted(*year, acceptance),
        Membership::ApplicationDeclined { year, reasons, on } => {
            format!("Its application for {year} was declined on {}: {reasons}", Day(*on))
        }
        Membership::MembershipStarted(it) => started(it),
        Membership::MarkedNotEligibleToRenew { grading, counts_for, renewed_on } => {
            let stands = renewed_on.map_or_else(String::new, |on| {
                format!("; the renewal agreed on {} stands", Day(on))
            });
            format!("Not eligible to renew for {counts_for}: {}{stands}", graded(grading))
        }
        Membership::EligibilityRestored(grading) => {
            format!("Eligible to renew again: {}", graded(grading))
        }
        Membership::ConnectionsOffered { areas, on } => {
            let areas: Vec<&str> = areas.iter().map(String::as_str).collect();
            format!("Connections were offered on {} in {}", Day(*on), areas.join(", "))
        }
        Membership::RenewalOffered { year, offer } => offered(*year, offer),
        Membership::RenewalAccepted { year, on, .. } => {
            format!("It accepted renewal for {year} on {}", Day(*on))
        }
        Membership::MembershipRenewed { year, until, on, .. } => {
            format!("Renewed on {} for {year}, to {}", Day(*on), Day(*until))
        }
        Membership::RenewalRefused { year, why, mark, .. } => {
            let mark = mark.as_ref().map_or_else(String::new, |it| format!(" ({})", graded(it)));
            format!("Renewal for {year} was refused: {why}{mark}")
        }
        Membership::RenewalDeclined { year, reason, on } => {
            format!("It declined renewal for {year} on {}{}", Day(*on), said(reason))
        }
        Membership::RenewalDeclineTakenBack { year, reason, .. } => {
            format!("It stays for {year} after all: {reason}")
        }
        Membership::MembershipLapsed { last_day, reason, .. } => {
            format!("Its membership lapsed after {}: {reason}", Day(*last_day))
        }
        Membership::MembershipEnded { reason, on } => ended(*reason, *on),
        Membership::MembershipCarriedOver { to, on, .. } => {
            format!("Its membership goes on at {to} from {}", Day(*on))
        }
        Membership::MembershipTakenOver { from, carried, member_since, on } => format!(
            "It took over the membership of {from} on {}, to {}; {}",
            Day(*on),
            Day(carried.until),
            since(*member_since, carried.continuous_since)
        ),
        Membership::EarlierMembershipStarted { from, .. } => {
            format!("It became a member on {}, before this system began", Day(*from))
        }
        Membership::EarlierMembershipEnded { last_day, reason, .. } => {
            format!("It was a member until {}: {reason}", Day(*last_day))
        }
        Membership::EarlierMembershipRuns {
            year, until, member_since, continuous_since, ..
        } => format!(
            "A member for {year}, to {}; {}",
            Day(*until),
            since(*member_since, *continuous_since)
        ),
        Membership::CoverEnding { ends_on, .. } => {
            format!("Its SSAT membership ends on {}, inside its year", Day(*ends_on))
        }
        Membership::Reminded { step, due, on } => {
            format!("Reminded on {} of {}", Day(*on), awaited(*step, *due))
        }
        Membership::ReminderSkipped { step, due, why, .. } => {
            format!("Not reminded of {}: {why}", awaited(*step, *due))
        }
    }
}

fn invited(invitation: &Invitation) -> String {
    let grade = invitation.grade.map_or_else(String::new, |grade| format!(", Ofsted {grade}"));
    let score = match (invitation.progress8, invitation.release) {
        (Some(score), Some(release)) => format!(", Progress 8 {score} in {release}"),
        (Some(_) | None, _) => String::new(),
    };
    let until = invitation
        .until
        .map_or_else(String::new, |until| format!("; to be answered by {}", Day(until)));
    format!(
        "Invited on {} to join for {}{grade}{score}{until}",
        Day(invitation.on),
        invitation.year
    )
}

fn accepted(year: LeadingEdgeYear, acceptance: &Acceptance) -> String {
    format!(
        "Accepted on {} for {year}, from {}{}",
        Day(acceptance.on),
        Day(acceptance.first_day),
        late(&acceptance.terms, &acceptance.missed)
    )
}

fn started(started: &Started) -> String {
    format!(
        "A member for {}, from {} to {}{}; {}",
        started.year,
        Day(started.from),
        Day(started.until),
        late(&started.terms, &started.missed),
        since(started.member_since, started.continuous_since)
    )
}

/// What is so of a late joiner only.
fn late(terms: &JoiningTerms, missed: &[String]) -> String {
    let terms = match terms {
        JoiningTerms::FullPackage => String::new(),
        JoiningTerms::AgreedTerms { fee_pence, reason, approver } => {
            format!(", for {} as agreed with {approver} ({reason})", pounds(*fee_pence))
        }
        JoiningTerms::FromNextApril => ", not before the next April".to_owned(),
    };
    if missed.is_empty() { terms } else { format!("{terms}; it had missed {}", missed.join(", ")) }
}

fn offered(year: LeadingEdgeYear, offer: &Offer) -> String {
    let judged = offer
        .judgement
        .as_ref()
        .map_or_else(String::new, |it| format!(", judged so ({}): {}", it.minute, it.reason));
    let answer =
        offer.answer_by.map_or_else(String::new, |day| format!("; to be answered by {}", Day(day)));
    format!(
        "Renewal for {year} was offered on {}: the review says {}{judged}{answer}",
        Day(offer.on),
        match offer.outcome {
            Outcome::Renew => "renew",
            Outcome::RenewNotedDip => "renew, with a dip noted",
            Outcome::Judgement => "judgement",
            Outcome::NotEligible => "not eligible",
            Outcome::Referral => "referral",
        }
    )
}

fn ended(reason: EndReason, on: NaiveDate) -> String {
    match reason {
        EndReason::Closed => format!("Its membership ended on {}: the school closed", Day(on)),
        EndReason::MergedInto(urn) => {
            format!("Its membership ended on {}: the school went into {urn}", Day(on))
        }
    }
}

fn graded(grading: &Grading) -> String {
    format!(
        "Ofsted {}, inspected {}, published {}",
        grading.grade,
        Day(grading.inspected_on),
        Day(grading.published_on)
    )
}

fn since(member: NaiveDate, continuous: NaiveDate) -> String {
    if member == continuous {
        format!("member since {}", Day(member))
    } else {
        format!("member since {}, continuously since {}", Day(member), Day(continuous))
    }
}

fn awaited(step: Step, due: NaiveDate) -> String {
    let what = match step {
        Step::InvitationAnswer => "the answer to its invitation",
        Step::Evidence => "the evidence",
        Step::RenewalAnswer => "the answer to its renewal",
    };
    format!("{what}, due {}", Day(due))
}

fn said(reason: &Option<String>) -> String {
    reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"))
}
