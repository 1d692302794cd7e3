//! `ledge day`: the days that have come begin, and bring what they bring.

use std::sync::Arc;

use app::{Begun, DayBegun, MembersWaiting};
use kernel::LeadingEdgeYear;

use super::{in_office, parked};
use crate::cli::{Day, Global};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print};
use crate::progress::Bar;

mod meant;

pub(super) use meant::is_meant;

/// Schools that are named of each thing that a day brings, before the rest is only counted.
const NAMED: usize = 10;

pub(crate) async fn run(global: &Global, asked: Day) -> anyhow::Result<Outcome> {
    let bar = Arc::new(Bar::new(global));
    let begun = in_office(global, &bar, async |office, progress| {
        is_meant(office, &asked)?;
        Ok(office.begin_days(asked.until, progress).await?)
    })
    .await?;
    drop(bar);
    print(global, &begun, tell)?;
    Ok(Outcome::Done)
}

fn tell(begun: &Begun) -> anyhow::Result<()> {
    for day in begun.days.iter().filter(|day| !day.brought.is_empty()) {
        lines(what_it_brought(day))?;
    }
    let last = begun.last.map_or_else(String::new, |day| kernel::Day(day).to_string());
    match begun.days.len() {
        0 => lines(format!("{last} is the last day that has begun; there was none to begin."))?,
        1 => lines(format!("{last} has begun."))?,
        days => lines(format!("{} have begun, to {last}.", counted(days as u64, "day")))?,
    }
    if let Some(waiting) = &begun.waiting {
        lines(who_waits(waiting))?;
    }
    if begun.parked.is_empty() {
        return Ok(());
    }
    parked::tell(&begun.parked)
}

/// `2 members lapse after 31 Mar 2019 as things stand: 1 without an offer, 1 has not answered its offer; ...`
pub(super) fn who_waits(waiting: &MembersWaiting) -> String {
    let year = waiting.year;
    let of_accepted = [
        (&waiting.without_cover, "without SSAT cover on the first day"),
        (&waiting.without_fee, "for want of the year's fee"),
        (&waiting.otherwise, "as what is parked says"),
    ];
    let why: Vec<String> = of_accepted
        .into_iter()
        .filter(|(schools, _)| !schools.is_empty())
        .map(|(schools, why)| format!("{} {why}", grouped(schools.len() as u64)))
        .collect();
    let accepted = format!("accepted and not agreed ({})", why.join(", "));
    let parts: Vec<String> = [
        (waiting.without_offer.len(), "without an offer"),
        (waiting.unanswered.len(), "with an offer that is not answered"),
        (waiting.accepted(), accepted.as_str()),
    ]
    .into_iter()
    .filter(|(schools, _)| *schools > 0)
    .map(|(schools, how)| format!("{} {how}", grouped(schools as u64)))
    .collect();
    let lapse = if waiting.count() == 1 { "lapses" } else { "lapse" };
    let list = if waiting.is_reviewed {
        format!(
            "`ledge renewal list --year {year} --state due --state waiting --state offered --state accepted`"
        )
    } else {
        format!(
            "its review is not on record: `ledge review --year {year}`, and `ledge member list`"
        )
    };
    format!(
        "{} {lapse} after {} as things stand: {}; {list}",
        counted(waiting.count() as u64, "member"),
        kernel::Day(year.previous().last_day()),
        parts.join(", "),
    )
}

/// `1 Apr 2019: 2 memberships lapsed (100129, 100130); 1 school reminded (104531)`
fn what_it_brought(day: &DayBegun) -> String {
    let brought = day.brought.iter().map(|(event, number)| {
        let schools: Vec<String> = day
            .schools
            .get(event)
            .into_iter()
            .flatten()
            .take(NAMED)
            .map(ToString::to_string)
            .collect();
        let more = number.saturating_sub(schools.len() as u64);
        let more = if more == 0 { String::new() } else { format!(" and {} more", grouped(more)) };
        format!("{} ({}{more})", in_words(event, *number), schools.join(", "))
    });
    let mut told = format!("{}: {}", kernel::Day(day.on), brought.collect::<Vec<_>>().join("; "));
    if day.brought.contains_key("MembershipLapsed") {
        let year = LeadingEdgeYear::containing(day.on);
        told.push_str(&format!("; all and why: `ledge retention --list lost --year {year}`"));
    }
    told
}

fn in_words(event: &str, number: u64) -> String {
    let (one, more) = match event {
        "MembershipStarted" => ("membership began", "memberships began"),
        "MembershipRenewed" => ("renewal agreed", "renewals agreed"),
        "MembershipLapsed" => ("membership lapsed", "memberships lapsed"),
        "MembershipEnded" => ("membership ended", "memberships ended"),
        "MembershipCarriedOver" => ("membership carried over", "memberships carried over"),
        "MembershipTakenOver" => ("membership taken over", "memberships taken over"),
        "MarkedNotEligibleToRenew" => {
            ("member marked as not eligible to renew", "members marked as not eligible to renew")
        }
        "EligibilityRestored" => ("member eligible again", "members eligible again"),
        "ConnectionsOffered" => ("member offered connections", "members offered connections"),
        "InvitationExpired" => ("invitation expired", "invitations expired"),
        "Reminded" => ("reminder", "reminders"),
        "ReminderSkipped" => ("reminder left out", "reminders left out"),
        "CoverEnding" => ("warning that SSAT cover ends", "warnings that SSAT cover ends"),
        "InvoiceRaised" => ("invoice raised", "invoices raised"),
        "InvoiceOverdue" => ("invoice overdue", "invoices overdue"),
        "InvoiceReminded" => ("reminder of an invoice", "reminders of invoices"),
        "ReactionParked" => ("school parked", "schools parked"),
        other => return format!("{} times {}", grouped(number), plain(other)),
    };
    format!("{} {}", grouped(number), if number == 1 { one } else { more })
}

/// A name of an event in plain words, should it have none here: `PaymentReceived` is `payment received`.
fn plain(event: &str) -> String {
    let mut words = String::new();
    for letter in event.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// R11, R12
    #[test]
    fn who_waits_before_31_march_is_told_with_what_is_missing_and_where_to_look() {
        let urns =
            |numbers: &[u32]| numbers.iter().map(|it| it.to_string().parse().unwrap()).collect();
        let waiting = MembersWaiting {
            without_offer: urns(&[100_001, 100_002]),
            unanswered: urns(&[100_003]),
            without_cover: urns(&[100_004]),
            without_fee: urns(&[100_005, 100_006]),
            ..nobody(true)
        };
        assert_eq!(
            who_waits(&waiting),
            "6 members lapse after 31 Mar 2019 as things stand: 2 without an offer, 1 with an offer that is not answered, \
             3 accepted and not agreed (1 without SSAT cover on the first day, 2 for want of the year's fee); \
             `ledge renewal list --year 2019-20 --state due --state waiting --state offered --state accepted`"
        );
        let one = MembersWaiting { without_offer: urns(&[100_001]), ..nobody(false) };
        let told = who_waits(&one);
        assert!(
            told.starts_with("1 member lapses after 31 Mar 2019 as things stand: 1 without"),
            "{told}"
        );
        assert!(told.contains("`ledge review --year 2019-20`"), "{told}");
    }

    fn nobody(is_reviewed: bool) -> MembersWaiting {
        MembersWaiting {
            year: "2019-20".parse().unwrap(),
            is_reviewed,
            without_offer: vec![],
            unanswered: vec![],
            without_cover: vec![],
            without_fee: vec![],
            otherwise: vec![],
        }
    }

    #[test]
    fn whatever_a_day_brings_is_told_in_words() {
        assert_eq!(in_words("ReactionParked", 4), "4 schools parked");
        assert_eq!(in_words("InvoiceRaised", 1), "1 invoice raised");
        assert_eq!(in_words("PaymentReceived", 2), "2 times payment received");
    }

    #[test]
    fn a_day_says_in_plain_words_what_it_brought_and_to_whom() {
        let urn = |number: u32| number.to_string().parse().unwrap();
        let day = DayBegun {
            on: "2019-04-01".parse().unwrap(),
            brought: BTreeMap::from([("MembershipLapsed".into(), 12), ("Reminded".into(), 1)]),
            schools: BTreeMap::from([
                ("MembershipLapsed".into(), (100_001..=100_012).map(urn).collect()),
                ("Reminded".into(), BTreeSet::from([urn(100_003)])),
            ]),
        };
        let told = what_it_brought(&day);
        let first = "1 Apr 2019: 12 memberships lapsed (100001, 100002, ";
        assert!(told.starts_with(first), "{told}");
        assert!(told.contains("100010 and 2 more); 1 reminder (100003); all and why: "), "{told}");
        assert!(told.ends_with("`ledge retention --list lost --year 2019-20`"), "{told}");
    }
}
