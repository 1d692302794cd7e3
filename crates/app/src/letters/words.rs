//! What each kind of letter says: the templates, and what of an event goes into them.

use askama::Template;
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, pounds};
use letters::Kind;
use membership::Outcome;
use membership::facts::Cover;
use membership::membership::{
    Acceptance, Advice, Event as Membership, Grading, How, JoiningTerms, Offer, WhyRefused,
};

use super::paper::{Fact, Paper, one_line};

/// What a letter needs to know beside the event that calls for it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) school: String,
    pub(super) year: LeadingEdgeYear,
    /// `1 April 2019 to 31 March 2020`.
    pub(super) days: String,
    /// What the year costs, without VAT (R10).
    pub(super) fee: Option<String>,
    /// What the news rests on, with its sources (R16).
    pub(super) facts: Vec<Fact>,
    /// Areas in which connections were offered (R15).
    pub(super) areas: Vec<String>,
}

macro_rules! template {
    ($name:ident, $path:literal { $($field:ident: $type:ty,)* }) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> {
            it: &'a Known,
            $($field: $type,)*
        }
    };
}

template!(Invitation, "letters/invitation.txt" { answer_by: Option<String>, });
template!(InvitationReminder, "letters/invitation_reminder.txt" { by: String, });
template!(ApplicationReply, "letters/application_reply.txt" {
    advice: Advice,
    by_invitation: bool,
    on: String,
});
template!(EvidenceRequest, "letters/evidence_request.txt" { what: String, by: String, });
template!(EvidenceReminder, "letters/evidence_reminder.txt" { by: String, });
template!(Deferral, "letters/deferral.txt" { from: String, to: String, why: String, });
template!(MayJoin, "letters/may_join.txt" { on: String, minute: String, reasons: String, });
template!(Accepted, "letters/acceptance.txt" {
    first_day: String,
    until: String,
    fee_year: LeadingEdgeYear,
    fee: String,
    agreed: Option<String>,
    cover: String,
    missed: Vec<String>,
});
template!(Decline, "letters/decline.txt" {
    on: String,
    minute: Option<String>,
    reasons: String,
});
template!(RenewalOffer, "letters/renewal_offer.txt" {
    dip: bool,
    judged: Option<Judged>,
    answer_by: Option<String>,
    first_day: String,
    last_day: String,
});
template!(RenewalReminder, "letters/renewal_reminder.txt" { by: String, last_day: String, });
template!(NotEligible, "letters/not_eligible.txt" {
    grade: String,
    inspected: String,
    published: String,
    source: String,
    last_day: String,
    stands: Option<String>,
    areas: &'a [String],
});
template!(EligibleAgain, "letters/eligible_again.txt" {
    grade: String,
    inspected: String,
    published: String,
    source: String,
});
template!(RenewalRefused, "letters/renewal_refused.txt" {
    why: String,
    minute: String,
    no_cover: bool,
    first_day: String,
    last_day: String,
});

struct Judged {
    reason: String,
    minute: String,
}

/// What a letter of a kind says of an event.  `None`: no letter of the kind speaks of such an event.
pub(super) fn written(
    kind: Kind,
    event: &Membership,
    it: &Known,
) -> Result<Option<Paper>, askama::Error> {
    let text = match (kind, event) {
        (Kind::Invitation, Membership::SchoolInvited(invitation)) => {
            Invitation { it, answer_by: invitation.until.map(long) }.render()?
        }
        (Kind::Invitation, Membership::InvitationExtended { until, .. }) => {
            Invitation { it, answer_by: Some(long(*until)) }.render()?
        }
        (Kind::InvitationReminder, Membership::Reminded { due, .. }) => {
            InvitationReminder { it, by: long(*due) }.render()?
        }
        (Kind::ApplicationReply, Membership::SchoolApplied { how, advice, on, .. }) => {
            let by_invitation = matches!(how, How::ByInvitation);
            ApplicationReply { it, advice: *advice, by_invitation, on: long(*on) }.render()?
        }
        (Kind::EvidenceRequest, Membership::EvidenceRequested { what, due, .. }) => {
            EvidenceRequest { it, what: one_line(what), by: long(*due) }.render()?
        }
        (Kind::EvidenceReminder, Membership::Reminded { due, .. }) => {
            EvidenceReminder { it, by: long(*due) }.render()?
        }
        (Kind::Deferral, Membership::ReferralDeferred { from, to, why, .. }) => {
            Deferral { it, from: long(*from), to: long(*to), why: one_line(why) }.render()?
        }
        (Kind::MayJoin, Membership::ReferralDecided { decision, .. }) => MayJoin {
            it,
            on: long(decision.on),
            minute: one_line(&decision.minute),
            reasons: one_line(&decision.reasons),
        }
        .render()?,
        (Kind::Acceptance, Membership::ApplicationAccepted { acceptance, .. }) => {
            accepted(acceptance, it).render()?
        }
        (Kind::Decline, Membership::ReferralDecided { decision, .. }) => Decline {
            it,
            on: long(decision.on),
            minute: Some(one_line(&decision.minute)),
            reasons: one_line(&decision.reasons),
        }
        .render()?,
        (Kind::Decline, Membership::ApplicationDeclined { reasons, on, .. }) => {
            Decline { it, on: long(*on), minute: None, reasons: one_line(reasons) }.render()?
        }
        (Kind::RenewalOffer, Membership::RenewalOffered { offer, .. }) => {
            offered(offer, it).render()?
        }
        (Kind::RenewalReminder, Membership::Reminded { due, .. }) => {
            RenewalReminder { it, by: long(*due), last_day: last_day_before(it.year) }.render()?
        }
        (Kind::NotEligible, Membership::MarkedNotEligibleToRenew { grading, renewed_on, .. }) => {
            not_eligible(grading, *renewed_on, it).render()?
        }
        (Kind::NotEligible, Membership::RenewalRefused { mark: Some(grading), .. }) => {
            not_eligible(grading, None, it).render()?
        }
        (Kind::EligibleAgain, Membership::EligibilityRestored(grading)) => EligibleAgain {
            it,
            grade: grading.grade.to_string(),
            inspected: long(grading.inspected_on),
            published: long(grading.published_on),
            source: source(grading),
        }
        .render()?,
        (Kind::RenewalRefused, Membership::RenewalRefused { why, .. }) => {
            refused(why, it).render()?
        }
        _ => return Ok(None),
    };
    Ok(Some(Paper::read(&text)))
}

fn accepted<'a>(acceptance: &Acceptance, it: &'a Known) -> Accepted<'a> {
    let Acceptance { first_day, terms, missed, cover, .. } = acceptance;
    let fee_year = LeadingEdgeYear::containing(*first_day);
    let (fee, agreed) = match terms {
        JoiningTerms::AgreedTerms { fee_pence, reason, .. } => {
            (Some(pounds(*fee_pence)), Some(one_line(reason)))
        }
        JoiningTerms::FullPackage | JoiningTerms::FromNextApril => (it.fee.clone(), None),
    };
    let fee = fee.map_or_else(|| "as set for the year".to_owned(), |fee| format!("{fee} plus VAT"));
    Accepted {
        it,
        first_day: long(*first_day),
        until: long(fee_year.last_day()),
        fee_year,
        fee,
        agreed,
        cover: covered(cover),
        missed: missed.iter().map(|item| one_line(item)).collect(),
    }
}

fn covered(cover: &Cover) -> String {
    match cover {
        Cover::Covered { from, until, .. } => {
            let until = until.map_or_else(String::new, |day| format!(" to {}", long(day)));
            format!("a member from {}{until}", long(*from))
        }
        Cover::Unknown | Cover::None => "to be a member on the first day".to_owned(),
    }
}

fn offered<'a>(offer: &Offer, it: &'a Known) -> RenewalOffer<'a> {
    RenewalOffer {
        it,
        dip: offer.outcome == Outcome::RenewNotedDip,
        judged: offer.judgement.as_ref().map(|judged| Judged {
            reason: one_line(&judged.reason),
            minute: one_line(&judged.minute),
        }),
        answer_by: offer.answer_by.map(long),
        first_day: long(it.year.first_day()),
        last_day: last_day_before(it.year),
    }
}

fn not_eligible<'a>(
    grading: &Grading,
    renewed_on: Option<NaiveDate>,
    it: &'a Known,
) -> NotEligible<'a> {
    NotEligible {
        it,
        grade: grading.grade.to_string(),
        inspected: long(grading.inspected_on),
        published: long(grading.published_on),
        source: source(grading),
        last_day: last_day_before(it.year),
        stands: renewed_on.map(|on| format!("on {}; that stands", long(on))),
        areas: &it.areas,
    }
}

fn refused<'a>(why: &WhyRefused, it: &'a Known) -> RenewalRefused<'a> {
    let (words, minute) = match why {
        WhyRefused::Marked => ("Ofsted graded it 3 or 4".to_owned(), String::new()),
        WhyRefused::NotEligible => (
            "The annual review found that it no longer meets the criteria".to_owned(),
            String::new(),
        ),
        WhyRefused::Judgement { reason, minute } => (one_line(reason), one_line(minute)),
        WhyRefused::NoCover => (
            "It is not a member of the SSAT Secondary Network on the first day of the year"
                .to_owned(),
            String::new(),
        ),
    };
    RenewalRefused {
        it,
        why: words,
        minute,
        no_cover: matches!(why, WhyRefused::NoCover),
        first_day: long(it.year.first_day()),
        last_day: last_day_before(it.year),
    }
}

/// The last day of the year before, on which a membership that is not renewed ends (R11).
fn last_day_before(year: LeadingEdgeYear) -> String {
    year.first_day().pred_opt().map_or_else(String::new, long)
}

fn source(grading: &Grading) -> String {
    grading.source.as_ref().map_or_else(String::new, |source| format!(", {source}"))
}

/// `20 March 2019`.
pub(super) fn long(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}
