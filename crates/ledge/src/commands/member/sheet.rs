//! The roll as people read it.

use app::{Covered, OnRoll, Roll};
use kernel::Day;
use projections::memberships::{Renewal, Standing};

use crate::output::{counted, grouped, lines, table};

pub(super) fn tell(roll: &Roll, limit: usize) -> anyhow::Result<()> {
    let counts = roll.counts;
    if counts.schools == 0 {
        return lines("No school on the roll fits.");
    }
    let shown = roll.schools.len().min(limit);
    if shown > 0 {
        let rows = roll.schools.iter().take(shown).map(row);
        let cover = format!("cover {}", Day(roll.first_day));
        let head = ["URN", "school", "since", "stands", "renewal", cover.as_str(), "to see to"];
        lines(table(&head, &[], rows))?;
    }
    lines(format!("{} of {}.", grouped(shown as u64), counted(counts.schools as u64, "school")))?;
    let parts = [
        ("marked", counts.marked),
        ("closed", counts.closed),
        ("without cover on the coming first day", counts.without_cover),
        ("offered renewal", counts.offered),
        ("accepted", counts.accepted),
        ("agreed", counts.agreed),
        ("refused", counts.refused),
        ("declined", counts.declined),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{} {what}", grouped(count as u64)))
        .collect();
    if parts.is_empty() { Ok(()) } else { lines(format!("Of them {}.", parts.join(", "))) }
}

fn row(school: &OnRoll) -> Vec<String> {
    let since = school.continuous_since.map_or_else(String::new, |day| Day(day).to_string());
    let stands = match (school.standing, school.until, school.last_day) {
        (Standing::Member, Some(until), _) => format!("member until {}", Day(until)),
        (Standing::Left, _, Some(day)) => format!("left, last day {}", Day(day)),
        (Standing::Member, None, _) => "member".to_owned(),
        (Standing::Left, _, None) => "left".to_owned(),
        (Standing::Outside, ..) => "outside".to_owned(),
    };
    vec![
        school.urn.to_string(),
        school.name.clone(),
        since,
        stands,
        renewal(school),
        match school.cover {
            Covered::Covered => "yes".to_owned(),
            Covered::NotCovered => "no".to_owned(),
            Covered::Unknown => "not known".to_owned(),
        },
        to_see_to(school),
    ]
}

fn renewal(school: &OnRoll) -> String {
    let (Some(year), Some(stage)) = (school.renewal_year, school.renewal) else {
        return String::new();
    };
    let by = school.answer_by.map_or_else(String::new, |day| format!(", by {}", Day(day)));
    format!("{year} {}{by}", stage_in_words(stage))
}

pub(super) fn stage_in_words(stage: Renewal) -> &'static str {
    match stage {
        Renewal::Offered => "offered",
        Renewal::Accepted => "accepted",
        Renewal::Agreed => "agreed",
        Renewal::Refused => "refused",
        Renewal::Declined => "declined",
    }
}

fn to_see_to(school: &OnRoll) -> String {
    let mark = school
        .mark_counts_for
        .zip(school.mark_grade)
        .map(|(year, grade)| format!("grade {} bars {year}", grade.number()));
    let closed = school.closed.as_ref().map(|closed| {
        let on = closed.closed_on.map_or_else(String::new, |day| format!(" {}", Day(day)));
        let after: Vec<String> = closed.successors.iter().map(ToString::to_string).collect();
        let after = if after.is_empty() { "nothing".to_owned() } else { after.join(", ") };
        format!("closed{on}, {after} came after it")
    });
    mark.into_iter().chain(closed).collect::<Vec<_>>().join("; ")
}
