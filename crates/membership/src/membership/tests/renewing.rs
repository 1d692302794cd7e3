use super::*;
use crate::facts::NoCover;
use crate::membership::{Judged, LapseReason, WhyRefused};
use crate::review;

fn offer_renewal(offer: Offer) -> Command {
    Command::OfferRenewal { year: coming(), offer }
}

fn accept(on: &str) -> Command {
    Command::AcceptRenewal { year: coming(), by: Role::Headteacher, on: day(on) }
}

fn decline() -> Command {
    Command::DeclineRenewal {
        year: coming(),
        reason: Some("the budget".into()),
        on: day("2020-02-15"),
    }
}

fn declined() -> Event {
    Event::RenewalDeclined {
        year: coming(),
        reason: Some("the budget".into()),
        on: day("2020-02-15"),
    }
}

fn refuse(why: WhyRefused) -> Command {
    Command::RefuseRenewal { year: coming(), why, on: day("2020-03-10") }
}

fn refused(why: WhyRefused) -> Event {
    Event::RenewalRefused { year: coming(), why, mark: None, on: day("2020-03-10") }
}

fn judged(verdict: review::Verdict) -> Judged {
    Judged {
        verdict,
        reason: "A strong sixth form".into(),
        minute: "Minutes of 12 March 2019, item 4".into(),
    }
}

#[test]
fn a_member_is_offered_renewal_once_and_a_changed_offer_is_another() {
    given::<Membership>(member()).when(offer_renewal(offer())).then([offered()]);
    let history = then(member(), [offered()]);
    given::<Membership>(history.clone()).when(offer_renewal(offer())).then([]);
    let longer = Offer { answer_by: Some(day("2020-03-20")), ..offer() };
    given::<Membership>(history)
        .when(offer_renewal(longer.clone()))
        .then([Event::RenewalOffered { year: coming(), offer: longer }]);
}

/// R13
#[test]
fn one_dip_is_noted_and_the_member_is_kept() {
    let noted = Offer { outcome: Outcome::RenewNotedDip, ..offer() };
    given::<Membership>(member())
        .when(offer_renewal(noted.clone()))
        .then([Event::RenewalOffered { year: coming(), offer: noted }]);
}

/// D5
#[test]
fn what_the_data_leave_open_is_offered_on_a_judgement_alone() {
    for outcome in [Outcome::Judgement, Outcome::Referral] {
        given::<Membership>(member())
            .when(offer_renewal(Offer { outcome, ..offer() }))
            .refused(Refusal::NotJudged { outcome });
        let favourable =
            Offer { outcome, judgement: Some(judged(review::Verdict::Eligible)), ..offer() };
        given::<Membership>(member())
            .when(offer_renewal(favourable.clone()))
            .then([Event::RenewalOffered { year: coming(), offer: favourable }]);
        let unfavourable =
            Offer { outcome, judgement: Some(judged(review::Verdict::NotEligible)), ..offer() };
        given::<Membership>(member()).when(offer_renewal(unfavourable)).refused(
            Refusal::JudgedNotEligible { minute: "Minutes of 12 March 2019, item 4".into() },
        );
        let unwritten = Judged { minute: " ".into(), ..judged(review::Verdict::Eligible) };
        given::<Membership>(member())
            .when(offer_renewal(Offer { outcome, judgement: Some(unwritten), ..offer() }))
            .refused(Refusal::MinuteMissing);
    }
}

/// R12: no judgement makes a grade of 3, or criteria no longer met, good.
#[test]
fn what_the_review_finds_not_eligible_is_not_offered_renewal() {
    let judgement = Some(judged(review::Verdict::Eligible));
    given::<Membership>(member())
        .when(offer_renewal(Offer { outcome: Outcome::NotEligible, judgement, ..offer() }))
        .refused(Refusal::ReviewedNotEligible { year: coming() });
}

#[test]
fn renewal_is_offered_for_the_coming_year_alone() {
    let later = coming().next();
    given::<Membership>(member())
        .when(Command::OfferRenewal { year: later, offer: offer() })
        .refused(Refusal::NotTheComingYear { year: later, coming: coming() });
    given::<Membership>(member())
        .when(Command::OfferRenewal { year: year(), offer: offer() })
        .then([]);
    // Agreed for 2020-21 already, and that has not begun.
    given::<Membership>(then(member(), [offered(), renewed()]))
        .when(Command::OfferRenewal { year: later, offer: offer() })
        .refused(Refusal::NotTheComingYear { year: later, coming: coming() });
    given::<Membership>(member())
        .when(offer_renewal(Offer { on: day("2020-04-01"), answer_by: None, ..offer() }))
        .refused(Refusal::TermOver { until: day("2020-03-31") });
    given::<Membership>([])
        .when(offer_renewal(offer()))
        .refused(Refusal::NotAMember { until: None });
}

#[test]
fn an_accepted_renewal_is_agreed_and_renewing_twice_changes_nothing() {
    let history = then(member(), [offered(), said_yes()]);
    given::<Membership>(history.clone()).when(renew()).then([renewed()]);
    let history = then(history, [renewed()]);
    for again in [renew(), renew_on("2020-03-31"), accept("2020-03-01"), offer_renewal(offer())] {
        given::<Membership>(history.clone()).when(again).then([]);
    }
    given::<Membership>(member()).when(renew()).refused(Refusal::NotOffered { year: coming() });
}

/// Nothing is agreed for a school that never said yes, whoever asks.
#[test]
fn an_offered_renewal_that_nobody_accepted_is_not_agreed() {
    given::<Membership>(then(member(), [offered()]))
        .when(renew())
        .refused(Refusal::NotAnswered { year: coming() });
}

/// R11: who lapsed is told that the year is over, and what is left to do.
#[test]
fn a_yes_that_is_entered_after_the_membership_lapsed_is_told_what_can_be_done() {
    let lapsed = Event::MembershipLapsed {
        last_day: day("2020-03-31"),
        reason: LapseReason::NotRenewed,
        on: day("2020-04-01"),
    };
    let history = then(member(), [offered(), lapsed]);
    let refusal = Refusal::LapsedBefore { year: coming(), why: LapseReason::NotRenewed };
    for late in [accept("2020-03-30"), decline(), renew()] {
        given::<Membership>(history.clone()).when(late).refused(refusal.clone());
    }
    assert_eq!(
        refusal.to_string(),
        "2019-20 is over and its membership lapsed with it on 31 Mar 2020 (not renewed), so its renewal for 2020-21 is \
         closed; it may apply for 2020-21, and if it is accepted from 1 Apr 2020 its membership counts as continuous"
    );
    // So it is: the run is not broken.
    let applied = Event::SchoolApplied {
        year: coming(),
        by: Role::Headteacher,
        how: on_its_profile(&school().graded(1)),
        advice: Advice::Eligible,
        on: day("2020-04-02"),
    };
    let from = day("2020-04-01");
    let accepted = Event::ApplicationAccepted {
        year: coming(),
        acceptance: Acceptance { first_day: from, on: day("2020-04-03"), ..acceptance() },
    };
    given::<Membership>(then(history, [applied, accepted]))
        .when(Command::Start { year: coming(), fee_pence: FEE, on: day("2020-04-03") })
        .then([Event::MembershipStarted(Started {
            year: coming(),
            from,
            until: day("2021-03-31"),
            terms: JoiningTerms::FullPackage,
            missed: vec![],
            fee_pence: FEE,
            member_since: day("2019-04-01"),
            continuous_since: day("2019-04-01"),
            on: Some(day("2020-04-03")),
        })]);
}

/// R11
#[test]
fn the_last_day_to_renew_is_31_march() {
    let history = then(member(), [offered(), said_yes()]);
    given::<Membership>(history.clone())
        .when(renew_on("2020-04-01"))
        .refused(Refusal::TermOver { until: day("2020-03-31") });
    given::<Membership>(history).when(renew_on("2020-03-31")).then([Event::MembershipRenewed {
        year: coming(),
        from: day("2020-04-01"),
        until: day("2021-03-31"),
        fee_pence: FEE,
        cover: covered(),
        on: day("2020-03-31"),
    }]);
}

/// R7, D10: the school's yes is kept while cover is awaited.
#[test]
fn an_accepted_renewal_waits_for_ssat_cover() {
    given::<Membership>(then(member(), [offered()])).when(accept("2020-02-15")).then([said_yes()]);
    let history = then(member(), [offered(), said_yes()]);
    given::<Membership>(history.clone()).when(accept("2020-02-16")).then([]);
    given::<Membership>(history.clone()).when(offer_renewal(offer())).then([]);
    let without = Command::Renew {
        year: coming(),
        cover: Cover::None,
        fee_pence: FEE,
        on: day("2020-02-20"),
    };
    given::<Membership>(history.clone()).when(without).refused(Refusal::NotRenewedWithoutCover {
        first_day: day("2020-04-01"),
        why: NoCover::NotAMember,
    });
    given::<Membership>(history).when(renew()).then([renewed()]);
    given::<Membership>(member())
        .when(accept("2020-02-15"))
        .refused(Refusal::NotOffered { year: coming() });
}

#[test]
fn the_network_says_no_with_its_reason() {
    let judgement = |reason: &str, minute: &str| WhyRefused::Judgement {
        reason: reason.into(),
        minute: minute.into(),
    };
    for why in [
        WhyRefused::NotEligible,
        WhyRefused::NoCover,
        judgement("two weak years", "Minutes of 12 March 2019, item 5"),
    ] {
        given::<Membership>(member()).when(refuse(why.clone())).then([refused(why.clone())]);
        let history = then(member(), [refused(why.clone())]);
        given::<Membership>(history).when(refuse(why)).then([]);
    }
    given::<Membership>(member())
        .when(refuse(judgement("", "Minutes")))
        .refused(Refusal::ReasonMissing);
    given::<Membership>(member())
        .when(refuse(judgement("two weak years", "")))
        .refused(Refusal::MinuteMissing);
    given::<Membership>(member())
        .when(refuse(WhyRefused::Marked))
        .refused(Refusal::NotMarked { year: coming() });
    given::<Membership>(then(member(), [offered(), renewed()]))
        .when(refuse(WhyRefused::NoCover))
        .refused(Refusal::AlreadyRenewed { until: day("2021-03-31") });
}

#[test]
fn a_refused_renewal_is_offered_again_when_its_reason_is_gone() {
    let history = then(member(), [refused(WhyRefused::NoCover)]);
    given::<Membership>(history.clone())
        .when(renew())
        .refused(Refusal::NotOffered { year: coming() });
    given::<Membership>(history).when(offer_renewal(offer())).then([offered()]);
}

#[test]
fn a_school_leaves_by_its_own_wish() {
    for history in [member(), then(member(), [offered()]), then(member(), [offered(), said_yes()])]
    {
        given::<Membership>(history.clone()).when(decline()).then([declined()]);
        let history = then(history, [declined()]);
        given::<Membership>(history.clone()).when(decline()).then([]);
        for wish in
            [offer_renewal(offer()), accept("2020-02-16"), renew(), refuse(WhyRefused::NoCover)]
        {
            given::<Membership>(history.clone())
                .when(wish)
                .refused(Refusal::RenewalDeclined { on: day("2020-02-15") });
        }
    }
    given::<Membership>(then(member(), [offered(), renewed()]))
        .when(decline())
        .refused(Refusal::AlreadyRenewed { until: day("2021-03-31") });
}

/// R16: what the steering group judged is not undone by what the school says in between.
#[test]
fn a_school_that_takes_its_no_back_finds_the_refusal_again() {
    let judgement = WhyRefused::Judgement {
        reason: "two weak years".into(),
        minute: "Minutes of 12 March 2019, item 4".into(),
    };
    let refused =
        |why| Event::RenewalRefused { year: coming(), why, mark: None, on: day("2020-02-10") };
    let taken_back = Event::RenewalDeclineTakenBack {
        year: coming(),
        reason: "the governors overruled it".into(),
        on: day("2020-02-20"),
    };
    let history =
        then(member(), [offered(), refused(judgement.clone()), declined(), taken_back.clone()]);
    given::<Membership>(history.clone())
        .when(accept("2020-02-21"))
        .refused(Refusal::NotOffered { year: coming() });
    given::<Membership>(history.clone()).when(refuse(judgement.clone())).then([]);
    let lapsed = |reason| Event::MembershipLapsed {
        last_day: day("2020-03-31"),
        reason,
        on: day("2020-04-01"),
    };
    let lapse = || Command::Lapse { year: coming().previous(), cover: None, on: day("2020-04-01") };
    given::<Membership>(history.clone())
        .when(lapse())
        .then([lapsed(LapseReason::Refused(judgement.clone()))]);
    let again = then(history, [declined(), taken_back]);
    given::<Membership>(again).when(lapse()).then([lapsed(LapseReason::Refused(judgement))]);
}

#[test]
fn a_school_that_stays_after_all_finds_its_offer_again() {
    let take_back = |reason: &str| Command::TakeBackDecline {
        year: coming(),
        reason: reason.into(),
        on: day("2020-03-01"),
    };
    let taken_back = Event::RenewalDeclineTakenBack {
        year: coming(),
        reason: "the governors overruled it".into(),
        on: day("2020-03-01"),
    };
    let history = then(member(), [offered(), declined()]);
    given::<Membership>(history.clone()).when(take_back(" ")).refused(Refusal::WhyMissing);
    given::<Membership>(history.clone())
        .when(take_back("the governors overruled it"))
        .then([taken_back.clone()]);
    let history = then(history, [taken_back.clone()]);
    given::<Membership>(history.clone()).when(take_back("the governors overruled it")).then([]);
    given::<Membership>(history.clone())
        .when(renew())
        .refused(Refusal::NotAnswered { year: coming() });
    given::<Membership>(then(history, [said_yes()])).when(renew()).then([renewed()]);
    let without_offer = then(member(), [declined(), taken_back]);
    given::<Membership>(without_offer.clone())
        .when(renew())
        .refused(Refusal::NotOffered { year: coming() });
    given::<Membership>(without_offer).when(offer_renewal(offer())).then([offered()]);
}
