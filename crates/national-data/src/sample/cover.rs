use chrono::{Datelike, Days, NaiveDate};

use super::dates;
use super::dice::{Dice, Stream};
use super::school::{Descent, School, census, day};
use super::table::Table;

/// A school's SSAT cover as the office keeps it.
pub(super) struct Cover {
    /// Its place among the schools.
    pub(super) school: usize,
    pub(super) from: NaiveDate,
    /// The last day; `None`: until further notice.
    pub(super) until: Option<NaiveDate>,
    /// Its trust's place among the trusts, where the trust is the member.
    pub(super) via_trust: Option<usize>,
}

/// The cover of about a third of the secondary schools, by URN and day.
pub(super) fn all(seed: u64, schools: &[School]) -> Vec<Cover> {
    let mut dice = Dice::new(seed, Stream::Cover);
    let mut covers = Vec::new();
    for (index, school) in schools.iter().enumerate() {
        let secondary = school.is_state_funded_mainstream();
        if !secondary || !school.is_open_on(census(2018)) || !dice.chance(340) {
            continue;
        }
        let year = dice.between(2004, 2018);
        let mut from = day(year, dice.pick(&[4, 9, 9, 9]), 1);
        if let Some(opened) = school.opened {
            from = from.max(opened);
        }
        let via_trust = school.trust.filter(|_| dice.chance(400));
        let mut cover = |from, until: Option<NaiveDate>| {
            let until = until.into_iter().chain(school.closed).min();
            if until.is_none_or(|until| from <= until) {
                covers.push(Cover { school: index, from, until, via_trust });
            }
        };
        match dice.below(100) {
            // Let it lapse, and came back.
            0..=3 if from.year() < 2014 => {
                cover(from, Some(day(2015, 8, 31)));
                cover(day(2016, 9, 1), None);
            }
            // Its cover ends before, or within, the year the demonstration is about.
            4..=9 if from.year() < 2017 => cover(from, Some(day(2018, 8, 31))),
            10..=15 => cover(from, Some(day(2019, 8, 31))),
            _ => cover(from, None),
        }
    }
    // The cover goes on under the new URN.
    let moved: Vec<Cover> = schools
        .iter()
        .enumerate()
        .filter_map(|(index, school)| {
            let of = |school: usize| {
                let found = covers.binary_search_by_key(&school, |cover: &Cover| cover.school);
                found.ok().map(|found| &covers[found])
            };
            let goes_on = |descent: &&Descent| {
                let last = descent.on.pred_opt().unwrap_or(descent.on);
                of(descent.from)
                    .is_some_and(|before| before.until.is_none_or(|until| until >= last))
            };
            let descent = school.descent.iter().find(goes_on)?;
            let is_new = school.descent.len() == 1 || of(index).is_none();
            (school.is_state_funded_mainstream() && is_new).then_some(Cover {
                school: index,
                from: descent.on,
                until: None,
                via_trust: school.trust,
            })
        })
        .collect();
    covers.extend(moved);
    covers.sort_by_key(|cover| (schools[cover.school].urn, cover.from));
    covers
}

/// `urn,from,until,via_trust`: the office's own layout.
pub(super) fn table(schools: &[School], covers: &[Cover], trusts: &[String]) -> String {
    let mut table = Table::new("\n");
    table.row(["urn", "from", "until", "via_trust"]);
    for cover in covers {
        table.number(schools[cover.school].urn);
        table.field(&dates::iso(Some(cover.from)));
        table.field(&dates::iso(cover.until));
        table.field(cover.via_trust.map_or("", |trust| trusts[trust].as_str()));
        table.end_row();
    }
    table.into_text()
}

/// The same on a day: what has begun or is about to, and of what ends only what is near.  That a school closes is known
/// when it has.
pub(super) fn list(
    schools: &[School],
    covers: &[Cover],
    trusts: &[String],
    as_at: NaiveDate,
) -> String {
    let by = |days| as_at.checked_add_days(Days::new(days)).unwrap_or(as_at);
    let (begins_by, ends_by) = (by(60), by(190));
    let known: Vec<Cover> = covers
        .iter()
        .filter(|cover| cover.from <= begins_by)
        .map(|cover| {
            let closes = schools[cover.school].closed;
            let is_told = |until: &NaiveDate| match closes {
                Some(closes) if closes == *until => closes <= as_at,
                Some(_) | None => *until <= ends_by,
            };
            Cover { until: cover.until.filter(is_told), ..*cover }
        })
        .collect();
    table(schools, &known, trusts)
}
