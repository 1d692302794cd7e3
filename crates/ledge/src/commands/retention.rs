//! `ledge retention`: members kept, new, returned and lost, year by year.

use app::{Failure, Listed, ListedSchool, Rate, Retention as Report, State, Year};
use kernel::Day;
use projections::terms::Ending;

use super::desk;
use crate::cli::Global;
use crate::cli::retention::{List, Retention};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print, table};

/// Characters of the longest bar.
const BAR: u64 = 14;

pub(crate) fn run(global: &Global, asked: &Retention) -> anyhow::Result<Outcome> {
    if let (Some(from), Some(until)) = (asked.from, asked.until)
        && until < from
    {
        let why =
            format!("no year is from {from} on and until {until}: name the earlier one first");
        return Err(Failure::Refused(why).into());
    }
    let desk = desk(global)?;
    if let (Some(list), Some(year)) = (asked.list, asked.year) {
        let listed = desk.retention_list(year, list.into(), asked.as_known_on)?;
        print(global, &listed, tell_list)?;
    } else {
        let mut report = desk.retention(asked.as_known_on)?;
        report.years.retain(|year| {
            asked.from.is_none_or(|from| from <= year.year)
                && asked.until.is_none_or(|until| year.year <= until)
        });
        print(global, &report, tell)?;
    }
    Ok(Outcome::Done)
}

impl From<List> for app::List {
    fn from(list: List) -> Self {
        match list {
            List::Members => Self::Members,
            List::Kept => Self::Kept,
            List::New => Self::New,
            List::Returned => Self::Returned,
            List::JoinedLate => Self::JoinedLate,
            List::Lost => Self::Lost,
            List::Undecided => Self::Undecided,
        }
    }
}

fn tell(report: &Report) -> anyhow::Result<()> {
    if report.years.is_empty() {
        return lines("No school was a member in these years.");
    }
    let most = report.years.iter().map(|year| year.members).max().unwrap_or(0);
    lines(table(
        &["year", "members", "kept", "new", "back", "lost", "open", "rate", "fees", ""],
        &[1, 2, 3, 4, 5, 6, 7, 8],
        report.years.iter().map(|year| row(year, most)),
    ))?;
    lines(
        "kept: members on 31 March before and on 1 April; rate: of those on that 31 March, once none is open; back: after a gap;\n\
         lost: members of the year before that are not kept; open: not known yet; fees: agreed, without VAT",
    )?;
    report.years.iter().flat_map(remarks).try_for_each(lines)
}

fn row(year: &Year, most: u64) -> Vec<String> {
    vec![
        year.year.to_string(),
        grouped(year.members),
        grouped(year.kept),
        grouped(year.new),
        grouped(year.returned),
        grouped(year.lost),
        grouped(year.undecided),
        year.rate.map_or_else(|| "-".to_owned(), percent),
        fees(year),
        bar(year, most),
    ]
}

/// What is not on record is not nothing.
fn fees(year: &Year) -> String {
    if year.fee_pence == 0 && year.without_fee > 0 {
        "-".to_owned()
    } else {
        pounds(year.fee_pence)
    }
}

/// Those kept, and beside them those that came.
fn bar(year: &Year, most: u64) -> String {
    let long = |schools: u64| (schools * BAR).div_ceil(most.max(1)) as usize;
    let kept = if year.kept == 0 { 0 } else { long(year.kept) };
    "█".repeat(kept) + &"░".repeat(long(year.members).saturating_sub(kept))
}

fn percent(rate: Rate) -> String {
    format!("{:.1}%", rate.per_cent())
}

/// `£1,600`, and with its pence where it has any.
fn pounds(pence: u64) -> String {
    let (pounds, rest) = (grouped(pence / 100), pence % 100);
    if rest == 0 { format!("£{pounds}") } else { format!("£{pounds}.{rest:02}") }
}

/// What a year's line cannot say.
fn remarks(year: &Year) -> Vec<String> {
    let mut remarks = vec![];
    let lost = year.lost_by_reason.iter().filter(|(_, schools)| **schools > 0);
    let lost: Vec<String> =
        lost.map(|(why, schools)| format!("{} {}", grouped(*schools), words(*why))).collect();
    if !lost.is_empty() {
        remarks.push(format!("lost before {}: {}", year.year, lost.join(", ")));
    }
    if year.joined_late > 0 {
        let late = counted(year.joined_late, "school");
        remarks.push(format!("joined in the course of {}: {late}", year.year));
    }
    if year.fee_pence > 0 && year.without_fee > 0 {
        let without = counted(year.without_fee, "school");
        remarks.push(format!("of {without} in {} no fee is on record", year.year));
    }
    match year.state {
        State::Over => {}
        State::Running => remarks.push(format!(
            "{} is not over: {} have agreed to its end, as things stand",
            year.year,
            counted(year.at_end, "school"),
        )),
        State::ToCome => remarks
            .push(format!("{} has not begun: its figures are what is agreed so far", year.year)),
    }
    remarks
}

fn tell_list(listed: &Listed) -> anyhow::Result<()> {
    let rows = listed.schools.iter().map(|school| {
        vec![
            school.urn.to_string(),
            school.name.clone().unwrap_or_else(|| "(no name on record)".to_owned()),
            Day(school.first_day).to_string(),
            Day(school.last_day).to_string(),
            Day(school.member_since).to_string(),
            said(school),
        ]
    });
    if !listed.schools.is_empty() {
        lines(table(&["URN", "school", "from", "until", "member since", ""], &[], rows))?;
    }
    let schools = counted(listed.schools.len() as u64, "school");
    let (year, before) = (listed.year, listed.year.previous());
    lines(match listed.list {
        app::List::Members => format!("{schools} with a membership in {year}."),
        app::List::Kept => format!("{schools} of {before} kept in {year}."),
        app::List::New => format!("{schools} new in {year}."),
        app::List::Returned => format!("{schools} back in {year} after a gap."),
        app::List::JoinedLate => format!("{schools} that joined in the course of {year}."),
        app::List::Lost => format!("{schools} of {before} lost before {year}."),
        app::List::Undecided => {
            format!("{schools} of {before} of which nothing is known yet for {year}.")
        }
    })
}

fn said(school: &ListedSchool) -> String {
    let formerly = school.formerly.map(|urn| format!("formerly {urn}"));
    // The reason says the ending too.
    let ended = school
        .ending
        .filter(|ending| *ending != Ending::Renewed)
        .map(|ending| school.reason.clone().unwrap_or_else(|| words(ending).to_owned()));
    formerly.into_iter().chain(ended).collect::<Vec<_>>().join("; ")
}

fn words(ending: Ending) -> &'static str {
    match ending {
        Ending::Renewed => "renewed",
        Ending::NotRenewed => "not renewed",
        Ending::NeverOffered => "never offered",
        Ending::Unanswered => "offer unanswered",
        Ending::RefusedMark => "refused (Ofsted grade of 3 or 4)",
        Ending::RefusedReview => "refused (criteria no longer met)",
        Ending::RefusedJudgement => "refused (judgement of the steering group)",
        Ending::RefusedCover => "refused (no SSAT membership)",
        Ending::Declined => "own wish",
        Ending::Closed => "closed",
        Ending::Merged => "merged",
        Ending::CarriedOver => "carried over",
        Ending::Earlier => "left before this system",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_have_their_pence_only_where_there_are_any() {
        for (pence, shown) in [(0, "£0"), (160_000, "£1,600"), (160_005, "£1,600.05")] {
            assert_eq!(pounds(pence), shown);
        }
    }

    #[test]
    fn a_bar_is_never_longer_than_the_longest_and_shows_even_one_school() {
        let year = |members, kept| Year {
            year: "2019-20".parse().unwrap(),
            state: State::Over,
            members,
            at_start: members,
            at_end: members,
            joined_late: 0,
            kept,
            new: members - kept,
            returned: 0,
            members_before: kept,
            at_end_before: kept,
            lost: 0,
            lost_by_reason: std::collections::BTreeMap::new(),
            undecided: 0,
            rate: None,
            fee_pence: 0,
            without_fee: 0,
        };
        assert_eq!(bar(&year(1, 0), 500), "░");
        assert_eq!(bar(&year(500, 1), 500).chars().count() as u64, BAR);
        assert_eq!(bar(&year(500, 500), 500), "█".repeat(14));
        assert_eq!(bar(&year(0, 0), 0), "");
    }
}
