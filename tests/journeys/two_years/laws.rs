//! What must be so of two years, whatever happened in them.

use std::collections::{BTreeMap, BTreeSet};

use app::{Desk, no_progress};
use chrono::{Datelike, NaiveDate};
use kernel::{LeadingEdgeYear, Urn};
use membership::fee::Event as Fee;
use membership::membership::{Event as Membership, JoiningTerms};
use projections::Event;
use rehearsal::Story;
use routine::calendar::Event as Calendar;

use strum::VariantNames;

use super::lived;
use crate::recount::billing::assert_billing_is_as_recounted;
use crate::recount::retention::assert_retention_is_as_recounted;

#[test]
fn every_day_began_once_and_none_was_left_out() {
    let lived = lived();
    let began: Vec<NaiveDate> = lived
        .events
        .iter()
        .filter_map(|recorded| match recorded.event {
            Event::Calendar(Calendar::DayBegan { on }) => Some(on),
            _ => None,
        })
        .collect();
    let days: Vec<NaiveDate> = lived.story.days().map(|day| day.on).collect();
    assert_eq!(began, days);
}

/// R15: nobody leaves in the middle of a year but with the school itself.
#[test]
fn a_membership_lapses_on_31_march_and_ends_earlier_only_with_its_school() {
    let lived = lived();
    let truth = lived.story.nation().truth();
    let mut members: BTreeMap<Urn, NaiveDate> = BTreeMap::new();
    for (_, urn, event) in lived.memberships() {
        match event {
            Membership::EarlierMembershipRuns { until, .. }
            | Membership::MembershipRenewed { until, .. } => {
                members.insert(urn, *until);
            }
            Membership::MembershipStarted(started) => {
                assert_eq!(members.insert(urn, started.until), None, "{urn} is one already");
            }
            Membership::MembershipTakenOver { carried, .. } => {
                assert_eq!(members.insert(urn, carried.until), None, "{urn} is one already");
            }
            Membership::MembershipLapsed { last_day, on, .. } => {
                let until = members.remove(&urn).unwrap();
                assert_eq!((*last_day, on.pred_opt()), (until, Some(until)), "{urn}");
                assert_eq!((last_day.month(), last_day.day()), (3, 31), "{urn}");
            }
            Membership::MembershipEnded { on, .. } => {
                let closed = truth.register[&urn].closed_on.unwrap();
                assert_eq!(*on, closed, "{urn}");
                assert!(members.remove(&urn).unwrap() >= *on);
            }
            Membership::MembershipCarriedOver { to, on, .. } => {
                let links = &truth.predecessors[to];
                let link = links.iter().find(|link| link.predecessor == urn).unwrap();
                assert!(link.on.is_none_or(|day| day == *on), "{urn}: {link:?} on {on}");
                assert!(members.remove(&urn).unwrap() >= *on);
            }
            _ => {}
        }
    }
    // Of everybody that is left the last day has not come.
    let last = Story::last_day();
    assert!(members.values().all(|until| *until > last));
    assert!(members.len() > lived.story.members().len() / 2, "{} members", members.len());
}

/// R37: who decides on an application is a member on that day, and has no interest in it.
#[test]
fn the_steering_group_decides_by_members_alone() {
    let lived = lived();
    let mut terms: BTreeMap<Urn, Vec<(NaiveDate, NaiveDate)>> = BTreeMap::new();
    for (_, urn, event) in lived.memberships() {
        let spells = terms.entry(urn).or_default();
        match event {
            Membership::EarlierMembershipRuns { from, until, .. }
            | Membership::MembershipRenewed { from, until, .. } => spells.push((*from, *until)),
            Membership::MembershipStarted(started) => spells.push((started.from, started.until)),
            Membership::MembershipTakenOver { carried, on, .. } => {
                spells.push((*on, carried.until));
            }
            Membership::MembershipEnded { on, .. } => {
                spells.iter_mut().for_each(|(_, until)| *until = (*until).min(*on));
            }
            Membership::MembershipCarriedOver { on, .. } => {
                let last = on.pred_opt().unwrap();
                spells.iter_mut().for_each(|(_, until)| *until = (*until).min(last));
            }
            _ => {}
        }
    }
    let mut interests: BTreeMap<Urn, BTreeSet<Urn>> = BTreeMap::new();
    let mut decided = 0;
    for (_, urn, event) in lived.memberships() {
        match event {
            Membership::InterestDeclared { school, .. } => {
                interests.entry(urn).or_default().insert(*school);
            }
            Membership::ReferralDecided { decision, .. } => {
                decided += 1;
                assert!(decision.decided_by.len() > 3);
                for school in &decision.decided_by {
                    let on = decision.on;
                    let is_member = terms.get(school).is_some_and(|all| {
                        all.iter().any(|(from, until)| (*from..=*until).contains(&on))
                    });
                    assert!(is_member, "{school} decided on {urn} on {on}");
                    assert!(!interests.get(&urn).is_some_and(|all| all.contains(school)));
                }
                assert!(!decision.minute.is_empty() && !decision.reasons.is_empty());
            }
            _ => {}
        }
    }
    assert!(decided > 10, "{decided}");
}

/// R7, R14, D9: nobody is renewed or joins without cover on the first day, and nobody marked for the year is renewed.
#[test]
fn nobody_stays_without_cover_or_with_a_mark() {
    let lived = lived();
    let mut marks: BTreeMap<Urn, LeadingEdgeYear> = BTreeMap::new();
    let (mut renewed, mut joined) = (0, 0);
    for (_, urn, event) in lived.memberships() {
        match event {
            Membership::MarkedNotEligibleToRenew { counts_for, .. } => {
                marks.insert(urn, *counts_for);
            }
            Membership::EligibilityRestored(_) | Membership::MembershipLapsed { .. } => {
                marks.remove(&urn);
            }
            Membership::MembershipRenewed { year, from, cover, .. } => {
                renewed += 1;
                assert_eq!(cover.covers(*from), Ok(()), "{urn} for {year}");
                assert!(marks.get(&urn).is_none_or(|counts_for| counts_for > year), "{urn} {year}");
            }
            Membership::ApplicationAccepted { acceptance, .. } => {
                joined += 1;
                assert_eq!(acceptance.cover.covers(acceptance.first_day), Ok(()), "{urn}");
            }
            _ => {}
        }
    }
    assert!(renewed > 1_000 && joined > 50, "{renewed} renewed, {joined} joined");
}

/// R10: a year costs what was set for it, but for what was agreed with a late joiner (R9).
#[test]
fn every_term_was_agreed_at_the_fee_of_its_year() {
    let lived = lived();
    let mut fees: BTreeMap<LeadingEdgeYear, u64> = BTreeMap::new();
    for recorded in &lived.events {
        let (year, pence) = match &recorded.event {
            Event::Fee(year, Fee::FeeSet(price)) => {
                fees.insert(*year, price.fee_pence);
                continue;
            }
            Event::Membership(_, Membership::MembershipRenewed { year, fee_pence, .. }) => {
                (year, fee_pence)
            }
            Event::Membership(_, Membership::MembershipStarted(started))
                if !matches!(started.terms, JoiningTerms::AgreedTerms { .. }) =>
            {
                (&started.year, &started.fee_pence)
            }
            _ => continue,
        };
        let (_, known) = fees.range(..=*year).next_back().unwrap();
        assert_eq!(pence, known, "{year} at {}", recorded.position);
    }
}

/// Reminders are sent once a step and due day.
#[test]
fn nobody_is_reminded_twice_of_the_same() {
    let mut seen = BTreeSet::new();
    for (_, urn, event) in lived().memberships() {
        if let Membership::Reminded { step, due, on }
        | Membership::ReminderSkipped { step, due, on, .. } = event
        {
            assert!(on <= due, "{urn} was reminded of {step} on {on}, after {due}");
            assert!(seen.insert((urn, step.to_string(), *due)), "{urn} {step} {due}");
        }
    }
    assert!(!seen.is_empty());
}

/// The same application twice is one.
#[test]
fn no_application_was_taken_down_twice() {
    let mut open: BTreeSet<Urn> = BTreeSet::new();
    for (_, urn, event) in lived().memberships() {
        match event {
            Membership::SchoolApplied { .. } => assert!(open.insert(urn), "{urn} applied twice"),
            Membership::ApplicationWithdrawn { .. }
            | Membership::ApplicationDeclined { .. }
            | Membership::MembershipStarted(_) => assert!(open.remove(&urn), "{urn}"),
            _ => {}
        }
    }
}

/// Wishes come true by policies where it is theirs, under their own name, and everything was recorded on the story's days.
#[test]
fn what_follows_was_asked_for_by_the_policies() {
    let lived = lived();
    let (first, last) = (Story::first_day(), Story::last_day());
    for (recorded, urn, event) in lived.memberships() {
        assert!((first..=last).contains(&recorded.day), "{urn} on {}", recorded.day);
        let follows = matches!(
            event,
            Membership::MembershipStarted(_)
                | Membership::MembershipLapsed { .. }
                | Membership::MembershipRenewed { .. }
                | Membership::MembershipEnded { .. }
                | Membership::MembershipTakenOver { .. }
                | Membership::MarkedNotEligibleToRenew { .. }
                | Membership::EligibilityRestored(_)
                | Membership::InvitationExpired { .. }
                | Membership::CoverEnding { .. }
                | Membership::Reminded { .. }
        );
        if follows {
            assert!(recorded.actor.starts_with("policy "), "{urn}: {}", recorded.actor);
        }
    }
}

/// What could not be done for want of a fee was done when there was one, and nothing is left.
#[test]
fn in_the_end_nothing_is_parked() {
    let desk = Desk::open(lived().folder(), app::clock::wall(), &no_progress).unwrap();
    assert_eq!(desk.parked().unwrap(), []);
    assert!(!desk.read_store().parked().unwrap().is_empty(), "something was");
}

/// The office says no for known reasons, and never for one that the story did not mean.
#[test]
fn what_was_refused_was_refused_for_a_reason_of_the_story() {
    let mut others: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (on, urn, what, why) in &lived().played.refused {
        let meant = why.contains("prepared, not accepted");
        if !meant {
            eprintln!("{on} {urn} {what}: {why}");
            *others.entry((*what, why.clone())).or_default() += 1;
        }
    }
    assert!(others.is_empty(), "{others:#?}");
}

/// R12: who was kept, who is new, who came back and who was lost, against a recount that shares nothing with the program.
#[test]
fn every_figure_of_the_retention_report_is_what_a_recount_from_raw_events_says() {
    let years = assert_retention_is_as_recounted(lived().folder());
    let of = |year: &str, figure: &str| years[year][figure].as_u64().unwrap_or_default();
    for year in ["2018-19", "2019-20", "2020-21"] {
        for figure in ["kept", "new", "returned", "lost"] {
            assert!(of(year, figure) > 0, "{year}: {figure}\n{:#}", years[year]);
        }
        assert!(of(year, "kept") > 300, "{year}: {:#}", years[year]);
    }
}

/// R10, D13: what is owed as at every month's end, by age, and every quarter's VAT, against a recount from raw events; and
/// whatever can happen to an invoice happened to some.
#[test]
fn aged_debt_and_vat_are_what_a_recount_from_raw_events_says() {
    let lived = lived();
    let days: Vec<NaiveDate> =
        lived.story.days().map(|day| day.on).filter(|on| on.day() == 1 || on.day() == 15).collect();
    let invoices = assert_billing_is_as_recounted(lived.folder(), &days);
    assert!(invoices > 1_000, "{invoices}");
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for recorded in &lived.events {
        if let Event::Ledger(_, event) = &recorded.event {
            *seen.entry(<&str>::from(event)).or_default() += 1;
        }
    }
    // Those happen to a school before it has an invoice, and nobody in these years is so early.
    let early = ["PurchaseOrderGiven", "PurchaseOrderWithdrawn"];
    for event in billing::ledger::Event::VARIANTS.iter().filter(|it| !early.contains(*it)) {
        assert!(seen.get(event).is_some_and(|often| *often > 10), "{event}: {seen:?}");
    }
}

/// R10, D11: every year that was agreed here, at a fee, is billed once, to whom agreed it, after the day on which it was agreed and
/// by the day after it was recorded.
#[test]
fn every_year_that_was_agreed_is_billed_once() {
    let mut agreed: BTreeMap<(Urn, LeadingEdgeYear), (u64, NaiveDate, NaiveDate)> = BTreeMap::new();
    let mut billed = BTreeMap::new();
    for recorded in &lived().events {
        match &recorded.event {
            Event::Membership(urn, Membership::MembershipStarted(started))
                if started.fee_pence > 0 =>
            {
                let on = started.on.unwrap();
                agreed.insert((*urn, started.year), (started.fee_pence, on, recorded.day));
            }
            Event::Membership(urn, Membership::MembershipRenewed { year, fee_pence, on, .. }) => {
                agreed.insert((*urn, *year), (*fee_pence, *on, recorded.day));
            }
            Event::Ledger(year, billing::ledger::Event::InvoiceRaised(invoice)) => {
                let is_first = billed.insert((invoice.urn, *year), invoice.net_pence).is_none();
                assert!(is_first, "{} for {year}", invoice.urn);
                let (fee, on, recorded_on) = agreed[&(invoice.urn, *year)];
                assert_eq!(invoice.net_pence, fee, "{}", invoice.number);
                let in_time =
                    on < invoice.raised_on && invoice.raised_on <= recorded_on.succ_opt().unwrap();
                assert!(
                    in_time,
                    "{} on {}: {on}, {recorded_on}",
                    invoice.number, invoice.raised_on
                );
            }
            _ => {}
        }
    }
    // The last day's are billed on the day after.
    agreed.retain(|_, (_, _, recorded_on)| *recorded_on < Story::last_day());
    let missing: Vec<_> = agreed.keys().filter(|it| !billed.contains_key(*it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn rebuilt_read_models_are_those_kept_up_for_two_years() {
    let desk = Desk::open(lived().folder(), app::clock::wall(), &no_progress).unwrap();
    let rebuilt = desk.read_store().rebuild_beside(desk.journal(), &|_| {}).unwrap();
    let differences = desk.read_store().differences(&rebuilt).unwrap();
    assert!(differences.is_empty(), "{:#?}", differences.iter().take(5).collect::<Vec<_>>());
    assert_eq!(desk.read_store().verify(desk.journal(), &|_| {}).unwrap(), None);
}
