//! Histories made by chance: whatever the memberships agreed to, the report and the recount say the same of it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use kernel::LeadingEdgeYear;
use membership::membership::{Command, EndReason};

use super::assert_retention_is_as_recounted;
use super::network::{
    Network, day, grading, joining, judged, no_cover, renewing, reviewed, school,
};

/// Histories that are compared.
const SEEDS: u64 = 8;
const SCHOOLS: u64 = 24;
const FIRST: u32 = 100_100;
/// Where some of them go on.
const SUCCESSORS: u32 = 140_100;

/// A sequence that is the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, many: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % many
    }

    fn day_between(&mut self, from: NaiveDate, until: NaiveDate) -> NaiveDate {
        let days = until.signed_duration_since(from).num_days().max(0).unsigned_abs();
        from + Days::new(self.below(days + 1))
    }

    /// Days at a year's edges come often: that is where mistakes are.
    fn day_in(&mut self, year: LeadingEdgeYear) -> NaiveDate {
        match self.below(6) {
            0 => year.first_day(),
            1 => year.last_day(),
            _ => self.day_between(year.first_day(), year.last_day()),
        }
    }

    fn school(&mut self) -> u32 {
        FIRST + self.below(SCHOOLS) as u32
    }
}

#[test]
fn whatever_happened_the_report_is_as_recounted() {
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 1..=SEEDS {
        let folder = by_chance(seed).close();
        for year in assert_retention_is_as_recounted(folder.path()).values() {
            let figures = year.as_object().unwrap();
            let reasons = year["lost_by_reason"].as_object().unwrap();
            for (name, figure) in figures.iter().chain(reasons) {
                *seen.entry(name.clone()).or_default() += figure.as_u64().unwrap_or(1);
            }
        }
    }
    // Here every yes is agreed at once: none lapses with its year.
    seen.remove("not_renewed");
    let never: Vec<_> = seen.iter().filter(|(_, sum)| **sum == 0).collect();
    assert!(never.is_empty(), "nothing of this happened, so nothing was compared: {never:?}");
}

fn by_chance(seed: u64) -> Network {
    let network = Network::on_an_empty_folder();
    let mut chance = Chance(seed);
    let first: LeadingEdgeYear = "2017-18".parse().unwrap();
    for number in 0..SCHOOLS as u32 {
        if chance.below(2) == 0 {
            let from = chance.day_between(day("2010-04-01"), day("2018-03-31"));
            refused_or_not(
                &network,
                FIRST + number,
                [Command::RecordRunning { from, year: first }],
            );
        }
    }
    let years = std::iter::successors(Some(first), |year| Some(year.next())).take(6);
    for year in years {
        for _ in 0..SCHOOLS * 3 {
            happens(&network, &mut chance, year);
        }
        let many = SCHOOLS as u32;
        for number in (FIRST..FIRST + many).chain(SUCCESSORS..SUCCESSORS + many) {
            if chance.below(12) > 0 {
                let on = year.next().first_day();
                refused_or_not(&network, number, [Command::Lapse { year, cover: None, on }]);
            }
        }
    }
    network
}

/// Something happens to somebody in a year; what the membership does not agree to does not.
fn happens(network: &Network, chance: &mut Chance, year: LeadingEdgeYear) {
    let (urn, on, coming) = (chance.school(), chance.day_in(year), year.next());
    let successor = SUCCESSORS + chance.below(SCHOOLS) as u32;
    // Half of what happens later happens to a successor.
    let urn = if chance.below(3) == 0 { successor } else { urn };
    match chance.below(14) {
        0 | 1 => {
            let first_day = if chance.below(2) == 0 { year.first_day() } else { on };
            let agreed = (first_day != year.first_day()).then_some(50_000);
            refused_or_not(network, urn, joining(first_day, agreed));
        }
        2..=6 => refused_or_not(network, urn, renewing(coming, on)),
        7 => {
            let reason = (chance.below(2) == 0).then(|| "no time".to_owned());
            refused_or_not(network, urn, [Command::DeclineRenewal { year: coming, reason, on }]);
        }
        8 => {
            let why = match chance.below(3) {
                0 => no_cover(),
                1 => reviewed(),
                _ => judged(),
            };
            refused_or_not(network, urn, [Command::RefuseRenewal { year: coming, why, on }]);
        }
        9 => refused_or_not(network, urn, [Command::MarkNotEligible(grading(on))]),
        10 => {
            let reason = match chance.below(2) {
                0 => EndReason::Closed,
                _ => EndReason::MergedInto(school(successor)),
            };
            refused_or_not(network, urn, [Command::End { reason, on }]);
        }
        // What a membership does not agree to does not happen; and no school comes after itself.
        11 | 12 if urn != successor => drop(network.try_to_go_on_at(urn, successor, on)),
        _ => {
            let from = chance.day_between(day("2004-04-01"), day("2016-03-31"));
            let last_day = chance.day_between(from, from + Days::new(1_200));
            let reason = "left".to_owned();
            refused_or_not(network, urn, [Command::RecordPast { from, last_day, reason }]);
        }
    }
}

fn refused_or_not<const N: usize>(network: &Network, urn: u32, commands: [Command; N]) {
    for command in commands {
        if let Err(failure) = network.try_ask(urn, command) {
            assert!(failure.is_refusal(), "{failure}");
        }
    }
}
