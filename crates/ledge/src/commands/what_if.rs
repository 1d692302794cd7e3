//! `ledge what-if`: a whole year under other criteria, beside the year on record (R42).

use std::path::Path;

use app::{
    Answers, Because, Changed, Folder, InvitationMoves, Member, Tally, WhatIf, WhatIfQuestion, Why,
};
use kernel::Day;
use membership::Answer;

use super::desk;
use super::export::{CommaSeparated, ReadBy};
use super::review::file_name;
use super::target::{Readers, Target};
use crate::cli::{Global, WhatIf as Asked};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print, table};

/// The columns of the file of changes.
const COLUMNS: [&str; 22] = [
    "urn",
    "name",
    "member",
    "member_since",
    "no_longer_renewed",
    "recorded_eligible",
    "what_if_eligible",
    "recorded_invited",
    "what_if_invited",
    "recorded_outcome",
    "what_if_outcome",
    "invitation",
    "because",
    "recorded_grade",
    "what_if_grade",
    "recorded_progress8",
    "what_if_progress8",
    "rule",
    "needed",
    "actual",
    "result",
    "source",
];

/// Where people read what a clause needs.
#[derive(Clone, Copy)]
enum Needed {
    /// Above the list: all schools of it need the same.
    SaidOnce,
    OfEach,
}

pub(crate) fn run(global: &Global, asked: &Asked) -> anyhow::Result<Outcome> {
    let target = match &asked.out {
        Some(out) => {
            let folder = Folder::at(&global.folder());
            Some((out, Target::at(out, asked.force, &folder, Readers::Anybody)?))
        }
        None => None,
    };
    let criteria = match asked.criteria.as_deref() {
        Some(path) => Some((app::read_criteria(path)?, file_name(path))),
        None => None,
    };
    let what_if = desk(global)?.what_if(&WhatIfQuestion {
        year: asked.year,
        criteria,
        percentile: asked.percentile,
        results: asked.results,
        as_at: asked.as_at,
    })?;
    let written = match target {
        Some((out, target)) => {
            write(target, &what_if)?;
            Some(out.as_path())
        }
        None => None,
    };
    let show = if asked.all { usize::MAX } else { asked.show };
    print(global, &what_if, |what_if| tell(what_if, show, written))?;
    Ok(Outcome::Done)
}

fn tell(what_if: &WhatIf, show: usize, written: Option<&Path>) -> anyhow::Result<()> {
    let on_record = if what_if.recorded.on_record { "recorded" } else { "in force" };
    lines(format!("{on_record}: {}\nasked:    {}", what_if.recorded.run, what_if.what_if.run))?;
    if let Some(percentile) = &what_if.percentile {
        lines(format!(
            "percentile {} instead of {} in: {}",
            percentile.to,
            percentile.from,
            percentile.ways.join("; ")
        ))?;
    }
    lines("")?;
    counts("of the population", on_record, &what_if.population)?;
    if what_if.members.recorded.schools > 0 {
        lines("")?;
        let members = counted(what_if.members.recorded.schools.into(), "member");
        let of = format!("of the {members} of {} reviewed", Day(what_if.members_on));
        counts(&of, on_record, &what_if.members)?;
    }
    invitations(what_if)?;
    let anyway = what_if.changed.iter().filter(|it| it.because == Because::FactsKnownSince).count();
    if anyway > 0 {
        lines(format!(
            "{} would be answered so by the question on record too: a fact became known since, or was corrected.",
            counted(anyway as u64, "school")
        ))?;
    }
    let of = |keep: fn(&Changed) -> bool| what_if.changed.iter().filter(move |it| keep(it));
    let gone = "Members that would no longer be renewed";
    list(gone, of(|it| it.no_longer_renewed), show)?;
    let others = "Other members answered differently";
    list(others, of(|it| it.member.is_some() && !it.no_longer_renewed), show)?;
    list("Schools that are no members", of(|it| it.member.is_none()), show)?;
    if what_if.figures_moved > 0 {
        let moved = counted(what_if.figures_moved as u64, "school");
        lines(format!("\n{moved} answered alike, with another grade or Progress 8."))?;
    }
    if let Some(file) = written {
        lines(format!(
            "\n{} has all {}.",
            file.display(),
            counted(what_if.changed.len() as u64, "school")
        ))?;
    }
    Ok(())
}

fn counts(of: &str, recorded: &str, tally: &Tally) -> anyhow::Result<()> {
    let rows = tally.lines().map(|(what, recorded, what_if)| {
        let change = i64::from(what_if) - i64::from(recorded);
        let change = match change {
            0 => String::new(),
            more if more > 0 => format!("+{}", grouped(more.unsigned_abs())),
            fewer => format!("-{}", grouped(fewer.unsigned_abs())),
        };
        vec![what.to_owned(), grouped(recorded.into()), grouped(what_if.into()), change]
    });
    lines(table(&[of, recorded, "what if", "difference"], &[1, 2, 3], rows))
}

fn invitations(what_if: &WhatIf) -> anyhow::Result<()> {
    let invited = &what_if.invitations;
    let sent = match invited.sent {
        0 => "No invitation for the year is on record".to_owned(),
        sent => format!("{} for the year on record", counted(sent as u64, "invitation")),
    };
    lines(format!(
        "{sent}; {} more would have gone out, and {} would not have.",
        grouped(invited.would_have_gone_out as u64),
        grouped(invited.would_not_have_gone_out as u64)
    ))
}

fn list<'a>(
    kind: &str,
    changed: impl Iterator<Item = &'a Changed>,
    show: usize,
) -> anyhow::Result<()> {
    let changed: Vec<&Changed> = changed.collect();
    if changed.is_empty() {
        return Ok(());
    }
    let number = grouped(changed.len() as u64);
    lines(match show {
        0 => format!("\n{kind}: {number} (`--show` lists them)."),
        _ if show < changed.len() => {
            format!("\n{kind}: {number}, the first {}:", grouped(show as u64))
        }
        _ => format!("\n{kind}: {number}:"),
    })?;
    if show == 0 {
        return Ok(());
    }
    // What all of them need is said once.
    let needed = changed.first().and_then(|first| first.why.first()).filter(|first| {
        let alike = |why: &Why| {
            (&why.clause.rule, &why.clause.needed, why.no_longer_asked)
                == (&first.clause.rule, &first.clause.needed, first.no_longer_asked)
        };
        changed
            .iter()
            .take(show)
            .all(|school| !school.why.is_empty() && school.why.iter().all(alike))
    });
    if let Some(Why { clause, no_longer_asked, .. }) = needed {
        let asked = if *no_longer_asked { "no longer asked: " } else { "" };
        lines(format!("{}: {asked}{}", clause.rule, clause.needed))?;
    }
    let said = if needed.is_some() { Needed::SaidOnce } else { Needed::OfEach };
    let are_members = changed.iter().any(|school| school.member.is_some());
    let rows = changed.iter().take(show).map(|school| {
        let mut row = vec![school.urn.to_string(), school.name.clone()];
        if are_members {
            row.push(school.member.as_ref().map(standing).unwrap_or_default());
        }
        row.extend([moved(school), reasons(school, said)]);
        row
    });
    let mut head = vec!["URN", "school", "recorded -> what if", "because"];
    if are_members {
        head.insert(2, "member");
    }
    lines(table(&head, &[], rows))
}

/// `since 1 Apr 2010, to 2019-20, marked for grade 3`.
fn standing(member: &Member) -> String {
    let mut words: Vec<String> = vec![];
    words.extend(member.since.map(|since| format!("since {}", Day(since))));
    words.extend(member.year.map(|year| format!("to {year}")));
    words.extend(member.mark_grade.map(|grade| format!("marked for grade {}", grade.number())));
    words.join(", ")
}

/// Only the answers that are others.
fn moved(school: &Changed) -> String {
    let (Some(recorded), Some(what_if)) = (&school.recorded, &school.what_if) else {
        return match school.what_if {
            None => "no longer reviewed".to_owned(),
            Some(_) => "not reviewed -> reviewed".to_owned(),
        };
    };
    let mut words = vec![];
    for (what, before, after) in [
        ("eligible", recorded.eligible, what_if.eligible),
        ("invited", recorded.invited, what_if.invited),
    ] {
        match (before, after) {
            (true, false) => words.push(format!("{what} -> not {what}")),
            (false, true) => words.push(format!("not {what} -> {what}")),
            (true, true) | (false, false) => {}
        }
    }
    if recorded.outcome != what_if.outcome {
        words.push(format!("{} -> {}", recorded.outcome.in_words(), what_if.outcome.in_words()));
    }
    words.join("; ")
}

/// The clauses that decide; of those whose need was said already, only what is so.
fn reasons(school: &Changed, needed: Needed) -> String {
    let mut told: Vec<String> = vec![];
    if school.because == Because::FactsKnownSince {
        told.push("facts known since".to_owned());
    }
    for Why { no_longer_asked, clause, .. } in &school.why {
        let result = in_words(clause.result);
        let reason = match needed {
            Needed::SaidOnce => format!("{}: {result}", clause.actual),
            Needed::OfEach => {
                let asked = if *no_longer_asked { "no longer asked: " } else { "" };
                format!("{}: {asked}{}: {result} ({})", clause.rule, clause.needed, clause.actual)
            }
        };
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told.join("; ")
}

fn in_words(result: Answer) -> &'static str {
    match result {
        Answer::Passed => "yes",
        Answer::Failed => "no",
        Answer::NoData => "no data",
    }
}

/// Every change, one line each, in the order they are told.
fn write(target: Target, what_if: &WhatIf) -> anyhow::Result<()> {
    let columns = COLUMNS.map(str::to_owned);
    let mut file = CommaSeparated::begin(target, &columns, ReadBy::Program)?;
    for school in &what_if.changed {
        file.texts(cells(school))?;
    }
    file.end()?.keep()?;
    Ok(())
}

fn cells(school: &Changed) -> [String; COLUMNS.len()] {
    let both = |what: fn(&Answers) -> String| {
        [&school.recorded, &school.what_if].map(|side| side.as_ref().map(what).unwrap_or_default())
    };
    let [eligible, would_be_eligible] = both(|it| it.eligible.to_string());
    let [invited, would_be_invited] = both(|it| it.invited.to_string());
    let [outcome, would_be] = both(|it| it.outcome.to_string());
    let [grade, other_grade] =
        both(|it| it.grade.map(|grade| grade.number().to_string()).unwrap_or_default());
    let [progress8, other_progress8] =
        both(|it| it.progress8.map(|score| score.to_string()).unwrap_or_default());
    let since = school.member.and_then(|member| member.since);
    let clause = school.why.last().map(|why| &why.clause);
    let of_clause = |what: fn(&app::ClauseDocument) -> String| clause.map(what).unwrap_or_default();
    [
        school.urn.to_string(),
        school.name.clone(),
        school.member.is_some().to_string(),
        since.map(|day| day.to_string()).unwrap_or_default(),
        school.no_longer_renewed.to_string(),
        eligible,
        would_be_eligible,
        invited,
        would_be_invited,
        outcome,
        would_be,
        match school.invitation {
            None => String::new(),
            Some(InvitationMoves::WouldHaveGoneOut) => "would_have_gone_out".to_owned(),
            Some(InvitationMoves::WouldNotHaveGoneOut) => "would_not_have_gone_out".to_owned(),
        },
        match school.because {
            Because::WhatWasAsked => "what_was_asked".to_owned(),
            Because::FactsKnownSince => "facts_known_since".to_owned(),
        },
        grade,
        other_grade,
        progress8,
        other_progress8,
        of_clause(|it| it.rule.clone()),
        of_clause(|it| it.needed.clone()),
        of_clause(|it| it.actual.clone()),
        of_clause(|it| it.result.to_string()),
        of_clause(|it| it.source.clone().unwrap_or_default()),
    ]
}
