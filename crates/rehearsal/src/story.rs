use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use app::{Failure, Office, Progress};
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::fee::Price;
use national_data::sample::{Issue, Kind, Nation};

use crate::calendar::{
    Season, day, first_day, is_meeting, is_post_day, last_day, later, post_within,
};
use crate::members::{Members, is_mainstream};
use crate::people::is_change_of_heads;
use crate::temper::Temper;
use crate::{Hand, Wish};

/// Two years of an office on one nation.
pub struct Story {
    pub(crate) nation: Nation,
    pub(crate) temper: Temper,
    pub(crate) members: Members,
    issues: Vec<Issue>,
    /// The days on which a list of SSAT's members comes.
    pub(crate) lists: Vec<NaiveDate>,
    /// Schools that apply without having been asked, by the day.
    pub(crate) applicants: BTreeMap<NaiveDate, Vec<(Urn, LeadingEdgeYear)>>,
    /// Where the papers lie that schools send, until they are read.
    pub(crate) papers: PathBuf,
}

/// One day of a story.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Day {
    pub on: NaiveDate,
    /// In the order in which they are done.
    pub wishes: Vec<Wish>,
}

/// What was done on a day, or on several.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// How often, by what it was: `load`, `accept_renewal`.
    pub done: BTreeMap<&'static str, u64>,
    /// What the office said no to: the day, the school, what it was, and the sentence.
    pub refused: Vec<(NaiveDate, Urn, &'static str, String)>,
}

/// Year, month and day.
type Date = (i32, u32, u32);

/// When schools apply that were not asked, and for which year: late in spring, in autumn, in January, and before the year.
const SEASONS: [(Date, Date, i32); 8] = [
    ((2018, 4, 23), (2018, 6, 28), 2018),
    ((2018, 10, 1), (2018, 11, 29), 2018),
    ((2019, 1, 7), (2019, 2, 7), 2018),
    ((2019, 2, 11), (2019, 3, 20), 2019),
    ((2019, 4, 23), (2019, 6, 28), 2019),
    ((2019, 10, 1), (2019, 11, 29), 2019),
    ((2020, 1, 7), (2020, 2, 7), 2019),
    ((2020, 2, 10), (2020, 3, 20), 2020),
];

impl Story {
    /// The story of a nation of [`Nation::over_two_years`] with so many members to begin with.  What schools send as evidence
    /// is written into the folder `papers`.
    #[must_use]
    pub fn of(seed: u64, schools: usize, members: usize, papers: PathBuf) -> Self {
        let nation = Nation::over_two_years(seed, schools);
        let temper = Temper { seed };
        let members = Members::of(nation.truth(), temper, members);
        let issues = nation.issues();
        let lists =
            issues.iter().filter(|it| it.kind == Kind::Cover).map(|issue| issue.on).collect();
        let applicants = applicants(&nation, temper, &members.running);
        Self { nation, temper, members, issues, lists, applicants, papers }
    }

    #[must_use]
    pub fn nation(&self) -> &Nation {
        &self.nation
    }

    /// The schools that are members when the story begins.
    #[must_use]
    pub fn members(&self) -> &BTreeSet<Urn> {
        &self.members.running
    }

    /// The day on which every story begins.
    #[must_use]
    pub fn first_day() -> NaiveDate {
        first_day()
    }

    #[must_use]
    pub fn last_day() -> NaiveDate {
        last_day()
    }

    /// Every day, those without a wish too.
    pub fn days(&self) -> impl Iterator<Item = Day> {
        first_day()
            .iter_days()
            .take_while(|on| *on <= last_day())
            .map(|on| Day { on, wishes: self.wishes(on) })
    }

    /// The day at which an office is: the last that began, or the first of the story.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn day_of(&self, office: &Office) -> Result<NaiveDate, Failure> {
        let begun = office.desk().read_store().day_begun(u64::MAX >> 1)?;
        Ok(begun.map_or_else(first_day, |row| row.day))
    }

    /// Begins a day and does what it wishes.  Played again, it does what is left.
    ///
    /// # Errors
    /// An operation failed; whatever is only refused is part of the story.
    pub async fn play(
        &self,
        office: &mut Office,
        hand: &Hand,
        day: &Day,
        progress: Progress<'_>,
    ) -> Result<Played, Failure> {
        hand.set(day.on);
        office.begin_days(Some(day.on), progress).await?;
        let mut played = Played::default();
        for wish in &day.wishes {
            self.grant(office, day.on, wish, &mut played, progress).await?;
            *played.done.entry(wish.into()).or_default() += 1;
        }
        Ok(played)
    }

    fn wishes(&self, on: NaiveDate) -> Vec<Wish> {
        let mut wishes = vec![];
        if on == first_day() {
            wishes.push(Wish::AdoptCriteria);
        }
        let of_day = |issue: &&Issue| issue.on == on;
        wishes.extend(self.issues.iter().filter(of_day).cloned().map(Wish::Load));
        if self.issues.iter().any(|issue| issue.on == on && issue.kind == Kind::Links) {
            wishes.push(Wish::SortOutDivided);
        }
        if on == day(2018, 2, 6) {
            wishes.push(Wish::TakeDownMembers);
            wishes.push(Wish::AdoptIssuer);
        }
        if let Some(price) = price(on) {
            wishes.push(Wish::SetFee(price));
            wishes.push(Wish::LookAtParked);
        }
        for season in Season::all() {
            let year = season.year;
            if on == season.reviewed_on() || on == season.reviewed_again_on() {
                wishes.push(Wish::Review(year));
            }
            if on == season.judged_on() {
                wishes.push(Wish::Judge(year));
            }
            if on == season.offered_on() || on == season.offered_again_on() {
                wishes.push(Wish::OfferRenewals(year));
            }
            if on == season.invited_on() {
                wishes.push(Wish::Invite(year));
            }
        }
        if is_post_day(on) && on > day(2018, 2, 6) {
            wishes.push(Wish::OpenThePost);
            wishes.push(Wish::SeeToInvoices);
        }
        if is_meeting(on) {
            wishes.push(Wish::Meet);
        }
        // Whoever is written to is known by then.
        let is_new = |wish: &Wish| {
            matches!(wish, Wish::TakeDownMembers | Wish::Invite(_) | Wish::OpenThePost)
        };
        if wishes.iter().any(is_new) || is_change_of_heads(on) {
            wishes.push(Wish::KeepContacts);
        }
        wishes
    }
}

impl Played {
    /// Adds what was done on another day.
    pub fn and(&mut self, other: Self) {
        for (what, often) in other.done {
            *self.done.entry(what).or_default() += often;
        }
        self.refused.extend(other.refused);
    }
}

/// The first year's fee is set late: renewals are accepted before it is known what the year costs.
fn price(on: NaiveDate) -> Option<Price> {
    let (first_day_year, pounds) = match on {
        on if on == day(2018, 2, 26) => (2018, 1_600),
        on if on == day(2018, 12, 12) => (2019, 1_650),
        on if on == day(2019, 12, 12) => (2020, 1_650),
        _ => return None,
    };
    Some(Price {
        year: LeadingEdgeYear::containing(day(first_day_year, 4, 1)),
        fee_pence: pounds * 100,
        minute: format!("steering group, {on}, item 2"),
        on,
    })
}

fn applicants(
    nation: &Nation,
    temper: Temper,
    members: &BTreeSet<Urn>,
) -> BTreeMap<NaiveDate, Vec<(Urn, LeadingEdgeYear)>> {
    let truth = nation.truth();
    let mut applicants: BTreeMap<NaiveDate, Vec<(Urn, LeadingEdgeYear)>> = BTreeMap::new();
    for (urn, details) in &truth.register {
        if members.contains(urn) || !details.kind.is_some_and(is_mainstream) {
            continue;
        }
        let chance = if truth.cover.contains_key(urn) { 13 } else { 2 };
        for (place, (from, until, year)) in (0..).zip(SEASONS) {
            if temper.draw(*urn, "applies unasked", place, 1_000) >= chance {
                continue;
            }
            let date = |(year, month, of_month)| day(year, month, of_month);
            let at = temper.draw(*urn, "applies unasked on", place, 1_000);
            let on = post_within(date(from), date(until), at);
            // The office has heard of it, and will not hear of its end so soon.
            let is_there = details.opened_on.is_none_or(|opened| later(opened, 250) <= on)
                && details.closed_on.is_none_or(|closed| closed >= later(on, 250));
            if is_there {
                let year = LeadingEdgeYear::containing(day(year, 4, 1));
                applicants.entry(on).or_default().push((*urn, year));
            }
        }
    }
    applicants
}
